/* Reversals that have waited for an original in vain. */
#include <assert.h>
#include <string.h>

#include "ledger/ledger_state.h"
#include "ledger/result.h"

enum { GIVE_UP_MAX = 64 }; /* a round; their events share one transaction */

/* A text of the result in place: libpq ends each with NUL. */
static const char *text_of(const PGresult *result, int row, int column)
{
    return PQgetvalue(result, row, column);
}

static struct batch_message message_of(const PGresult *result, int row)
{
    struct batch_message message = {
        .account = result_number(result, row, 0),
        .txn_id = (uint64_t)result_number(result, row, 8),
        .role = (int)result_number(result, row, 9),
        .token = (int32_t)result_number(result, row, 10),
        .amount_minor = result_number(result, row, 11),
        .kind = text_of(result, row, 12),
        .reason = text_of(result, row, 14),
        .scheme = text_of(result, row, 15),
        .merchant_name = text_of(result, row, 16),
        .merchant_country = text_of(result, row, 17),
        .mcc = (uint16_t)result_number(result, row, 18),
        .actor = text_of(result, row, 19),
        .request_id = text_of(result, row, 20),
        .traceparent = text_of(result, row, 21),
    };

    result_text(result, row, 13, message.response, sizeof(message.response));
    return message;
}

/* Rows of one account stand together. */
static struct batch_account *account_of(const PGresult *result, int row, struct batch *batch)
{
    int64_t id = result_number(result, row, 0);
    if (batch->account_count > 0 && batch->accounts[batch->account_count - 1].id == id) {
        return &batch->accounts[batch->account_count - 1];
    }
    struct batch_account *account = &batch->accounts[batch->account_count++];
    *account = result_account(result, row);
    return account;
}

/* An event for each; the messages live until the commit, their texts with the result. */
static void add_events(const PGresult *result, struct batch_message messages[GIVE_UP_MAX],
                       struct batch *batch)
{
    int rows = PQntuples(result);
    assert(rows <= GIVE_UP_MAX); /* the statement's LIMIT */
    for (int row = 0; row < rows; row++) {
        batch->at_us = result_time_us(result, row, 22);
        messages[row] = message_of(result, row);
        batch->subject = &messages[row];
        bool added = batch_add_event(batch, account_of(result, row, batch), "reversal.unmatched");
        assert(added); /* an empty batch has room for them */
        (void)added;
    }
}

bool ledger_give_up(struct ledger *ledger, struct batch *batch, int64_t waited_us,
                    int64_t deadline_mono_us, size_t *count, bool *more, struct error *error)
{
    struct batch_message messages[GIVE_UP_MAX];
    struct session_results results;
    assert(!ledger->begun);

    *count = 0;
    *more = false;
    batch_reset(batch);
    batch->ids = ledger->ids;
    array_reset(&ledger->wire);
    const struct array_value parameters[] = {
        array_number(&ledger->wire, ARRAY_INT8, waited_us),
        array_number(&ledger->wire, ARRAY_INT4, GIVE_UP_MAX),
    };
    session_send(ledger->session, "begin", NULL, 0);
    session_send_once(ledger->session, "give_up", parameters, 2);
    if (!session_run(ledger->session, deadline_mono_us, &results, error)) {
        session_clear(&results);
        if (session_usable(ledger->session) && session_in_transaction(ledger->session)) {
            ledger->begun = true;
            ledger_rollback(ledger, deadline_mono_us);
        }
        return false;
    }
    ledger->begun = true;
    add_events(results.results[1], messages, batch);
    size_t given_up = batch->event_count;
    enum ledger_outcome outcome = ledger_commit(ledger, batch, deadline_mono_us, error);
    session_clear(&results);
    if (outcome != LEDGER_DURABLE) {
        return false;
    }
    *count = given_up;
    *more = given_up == GIVE_UP_MAX;
    return true;
}
