#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "ledger/ledger_state.h"

enum { ROLLBACK_US = 1000000 }; /* a healthy server rolls back in well under a millisecond */

bool ledger_rollback(struct ledger *ledger, int64_t deadline_mono_us)
{
    struct session_results results;
    struct error ignored;
    if (!ledger->begun) {
        return session_usable(ledger->session);
    }
    ledger->begun = false;
    session_send(ledger->session, "rollback", NULL, 0);
    bool ended = session_run(ledger->session, deadline_mono_us, &results, &ignored);
    session_clear(&results);
    return ended && session_usable(ledger->session);
}

/* The batch is late already when this is needed, so the roll-back has a time of its own: the
 * session is worth it. */
static void end_failed(struct ledger *ledger)
{
    if (session_usable(ledger->session)) {
        ledger_rollback(ledger, clock_mono_us() + ROLLBACK_US);
    }
    ledger->begun = false;
}

/* What is queued cannot be taken back, so it is sent into a transaction that fails: the statements
 * that do not fit were sent without their bytes, and the server refuses them. */
static enum ledger_outcome refuse_too_large(struct ledger *ledger, int64_t deadline_mono_us)
{
    struct session_results results;
    struct error ignored;
    session_send(ledger->session, "rollback", NULL, 0);
    bool rolled_back = session_run(ledger->session, deadline_mono_us, &results, &ignored);
    session_clear(&results);
    if (!rolled_back) {
        end_failed(ledger);
    }
    ledger->begun = false;
    return LEDGER_REFUSED;
}

static bool is_data_error(const char *sqlstate)
{
    return strncmp(sqlstate, "22", 2) == 0 || strncmp(sqlstate, "23", 2) == 0;
}

/* The server's own word that this transaction is over and left nothing: an error of a statement.
 * One that ends the session (57P01 …) may come after the commit as well as before. */
static bool surely_rolled_back(const char *sqlstate)
{
    return sqlstate[0] != '\0' && strncmp(sqlstate, "57P", 3) != 0 &&
           strncmp(sqlstate, "08", 2) != 0 && strncmp(sqlstate, "XX", 2) != 0;
}

static enum ledger_outcome outcome_of_failure(struct ledger *ledger,
                                              const struct session_results *results)
{
    const char *sqlstate = session_sqlstate(ledger->session);
    if (results->received == results->sent && results->sent > 0 &&
        strcmp(PQcmdStatus(results->results[results->sent - 1]), "COMMIT") == 0) {
        return LEDGER_DURABLE; /* the answer came, and only then was the connection lost */
    }
    if (is_data_error(sqlstate)) {
        return LEDGER_REFUSED;
    }
    if (surely_rolled_back(sqlstate) || session_usable(ledger->session)) {
        return LEDGER_ROLLED_BACK;
    }
    return LEDGER_UNKNOWN;
}

static void advance(struct ledger *ledger, const uint8_t next_head[HASH_BYTES], bool sealed)
{
    if (sealed) {
        memcpy(ledger->head, next_head, HASH_BYTES);
        ledger->batch_number++;
    }
}

enum ledger_outcome ledger_commit(struct ledger *ledger, struct batch *batch,
                                  int64_t deadline_mono_us, struct error *error)
{
    struct session_results results;
    uint8_t next_head[HASH_BYTES];
    bool sealed = false;

    assert(ledger->begun);
    ledger->ids = batch->ids;
    if (!batch_has_effects(batch)) {
        ledger_rollback(ledger, deadline_mono_us);
        return LEDGER_DURABLE;
    }
    if (!commit_queue(ledger, batch, next_head, &sealed, error)) {
        return refuse_too_large(ledger, deadline_mono_us);
    }
    session_send(ledger->session, "commit", NULL, 0);
    bool committed = session_run(ledger->session, deadline_mono_us, &results, error);
    enum ledger_outcome outcome = committed ? LEDGER_DURABLE : outcome_of_failure(ledger, &results);
    session_clear(&results);
    if (outcome == LEDGER_DURABLE) {
        ledger->begun = false;
        advance(ledger, next_head, sealed);
    } else {
        end_failed(ledger);
    }
    return outcome;
}
