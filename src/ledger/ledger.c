#include "ledger/ledger.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "base/clock.h"
#include "ledger/ledger_state.h"
#include "ledger/migrate.h"
#include "ledger/result.h"

/* Everything a batch can say. */
static const char *const hot_statements[] = {
    "begin",           "fetch_accounts", "fetch_cards",      "fetch_stored",
    "fetch_entries",   "fetch_parked",   "fetch_ids",        "commit_messages",
    "commit_entries",  "commit_holds",   "commit_new_holds", "commit_transfers",
    "commit_accounts", "commit_events",  "commit_inbox",     "commit_joined",
    "commit_refused",  "commit_told",    "commit_cutoff",    "commit_chain",
    "commit",          "rollback",
};

static bool check_schema(const PGresult *result, struct error *error)
{
    int newest = (int)result_number(result, 0, 0);
    int compatible_from = (int)result_number(result, 0, 1);
    char setting[64];

    result_text(result, 0, 2, setting, sizeof(setting));
    if (setting[0] != '\0') {
        return error_set(error, ERROR_INVALID, "database",
                         "expected a durable cluster, found %s; set it on", setting);
    }
    if (result_number(result, 0, 3) != 0) {
        return error_set(error, ERROR_UNAVAILABLE, "database",
                         "expected the primary, found a standby");
    }
    if (compatible_from > MIGRATE_PROGRAM_VERSION) {
        return error_set(error, ERROR_CONFLICT, "database",
                         "its schema needs programs of version %d and newer, this is %d; upgrade "
                         "holdfast",
                         compatible_from, MIGRATE_PROGRAM_VERSION);
    }
    if (newest < migrate_needed()) {
        return error_set(error, ERROR_CONFLICT, "database",
                         "its schema is at migration %d, %d is needed; run holdfast db migrate",
                         newest, migrate_needed());
    }
    return true;
}

static bool run_checks(struct ledger *ledger, int64_t deadline_mono_us, struct error *error)
{
    struct session_results results;
    session_send_once(ledger->session, "check_schema", NULL, 0);
    bool sound = session_run(ledger->session, deadline_mono_us, &results, error);
    if (!sound && strcmp(session_sqlstate(ledger->session), "42P01") == 0) {
        error_set(error, ERROR_CONFLICT, "database",
                  "expected holdfast's schema, found none; run holdfast db migrate");
    }
    if (sound) {
        sound = check_schema(results.results[0], error);
    }
    session_clear(&results);
    return sound;
}

static bool prepare_all(struct ledger *ledger, int64_t deadline_mono_us, struct error *error)
{
    struct session_results results;
    session_send_once(ledger->session, "session_plans", NULL, 0);
    for (size_t i = 0; i < sizeof(hot_statements) / sizeof(hot_statements[0]); i++) {
        session_prepare(ledger->session, hot_statements[i]);
    }
    bool prepared = session_run(ledger->session, deadline_mono_us, &results, error);
    session_clear(&results);
    return prepared;
}

bool ledger_check_conninfo(const char *conninfo, const char *where, struct error *error)
{
    char *reason = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &reason);

    PQfreemem(reason); /* it may quote a password */
    if (options == NULL) {
        return error_set(error, ERROR_INVALID, where,
                         "expected a connection string of libpq, as in \"host=/run/postgresql "
                         "dbname=holdfast user=holdfast_writer\"");
    }
    PQconninfoFree(options);
    return true;
}

bool ledger_open(const struct ledger_options *options, struct ledger **ret_ledger,
                 struct error *error)
{
    const struct session_options session_options = {
        .conninfo = options->conninfo,
        .program = options->program,
        .connect_timeout_us = options->connect_timeout_us,
    };
    int64_t deadline_mono_us = clock_mono_us() + options->connect_timeout_us;
    struct ledger *ledger = calloc(1, sizeof(*ledger));

    if (ledger == NULL) {
        return error_set(error, ERROR_LIMIT, "database", "out of memory");
    }
    array_init(&ledger->wire, LEDGER_WIRE_BYTES);
    snprintf(ledger->source, sizeof(ledger->source), "%s", options->source);
    if (!session_open(&session_options, &ledger->session, error) ||
        !run_checks(ledger, deadline_mono_us, error) ||
        !prepare_all(ledger, deadline_mono_us, error) ||
        !lease_take(ledger, deadline_mono_us, error)) {
        ledger_close(ledger);
        return false;
    }
    *ret_ledger = ledger;
    return true;
}

void ledger_close(struct ledger *ledger)
{
    if (ledger == NULL) {
        return;
    }
    session_close(ledger->session);
    array_finish(&ledger->wire);
    free(ledger);
}

bool ledger_usable(const struct ledger *ledger)
{
    return session_usable(ledger->session);
}

bool ledger_anchor(struct ledger *ledger, int64_t deadline_mono_us, uint8_t root[32],
                   struct error *error)
{
    struct session_results results;
    int64_t at_us;
    assert(!ledger->begun);
    if (!lease_anchor(ledger, deadline_mono_us, root, &at_us, error)) {
        return false;
    }
    bool written = session_run(ledger->session, deadline_mono_us, &results, error);
    session_clear(&results);
    return written;
}

bool ledger_make_partitions(struct ledger *ledger, int64_t deadline_mono_us, struct error *error)
{
    struct session_results results;
    assert(!ledger->begun);
    session_send_once(ledger->session, "make_partitions", NULL, 0);
    bool made = session_run(ledger->session, deadline_mono_us, &results, error);
    session_clear(&results);
    return made;
}
