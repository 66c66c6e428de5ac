#include "ledger/operator.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/ledger.h"
#include "ledger/operator_books.h"

enum { CONNECT_TIMEOUT_US = 5000000 };

bool operator_open(const char *conninfo, const char *source, const char *who,
                   struct operator_session **ret_session, struct error *error)
{
    const struct ledger_options options = {
        .conninfo = conninfo,
        .source = source,
        .program = "holdfast",
        .connect_timeout_us = CONNECT_TIMEOUT_US,
    };
    struct operator_session *session = calloc(1, sizeof *session);

    if (session == NULL) {
        return error_set(error, ERROR_LIMIT, "memory", "none left");
    }
    if (!ledger_open(&options, &session->ledger, error)) {
        operator_close(session);
        return false;
    }
    session->session = session->ledger->session;
    snprintf(session->source, sizeof session->source, "%s", source);
    snprintf(session->who, sizeof session->who, "%s", who[0] != '\0' ? who : "unknown");
    *ret_session = session;
    return true;
}

void operator_close(struct operator_session *session)
{
    if (session == NULL) {
        return;
    }
    books_finish(session);
    ledger_close(session->ledger);
    free(session);
}
