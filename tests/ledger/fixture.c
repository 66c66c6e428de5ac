#include "tests/ledger/fixture.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "ledger/migrate.h"

static char database[64];

static PGconn *connect_as(const char *role, const char *name)
{
    char conninfo[CLUSTER_TEXT_BYTES];
    PGconn *connection = PQconnectdb(cluster_conninfo(role, name, conninfo));
    cr_assert_eq(PQstatus(connection), CONNECTION_OK, "%s", PQerrorMessage(connection));
    return connection;
}

static void do_in(const char *name, const char *sql)
{
    PGconn *connection = connect_as("holdfast_admin", name);
    PQclear(PQexec(connection, "SET client_min_messages = warning"));
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    cr_assert(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, "%s\n%s", sql,
              PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
}

void fixture_begin(void)
{
    char sql[128], conninfo[CLUSTER_TEXT_BYTES];
    struct error error;
    int applied;
    snprintf(database, sizeof(database), "test_%d", (int)getpid());
    snprintf(sql, sizeof(sql), "CREATE DATABASE %s", database);
    do_in("postgres", sql);
    cr_assert(migrate_run(cluster_conninfo("holdfast_admin", database, conninfo), &applied, &error),
              "%s: %s", error.field, error.message);
}

void fixture_end(void)
{
    char sql[128];
    snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", database);
    do_in("postgres", sql);
}

const char *fixture_conninfo(const char *role)
{
    static char texts[8][CLUSTER_TEXT_BYTES];
    static unsigned next;
    return cluster_conninfo(role, database, texts[next++ % 8]);
}

const char *fixture_run(const char *role, const char *sql)
{
    static char sqlstate[6];
    PGconn *connection = connect_as(role, database);
    PGresult *result = PQexec(connection, sql);
    const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    snprintf(sqlstate, sizeof(sqlstate), "%s", code == NULL ? "00000" : code);
    PQclear(result);
    PQfinish(connection);
    return sqlstate;
}

void fixture_do(const char *sql)
{
    do_in(database, sql);
}

const char *fixture_value(const char *sql)
{
    static char value[4096];
    PGconn *connection = connect_as("holdfast_admin", database);
    PGresult *result = PQexec(connection, sql);
    cr_assert_eq(PQresultStatus(result), PGRES_TUPLES_OK, "%s\n%s", sql,
                 PQerrorMessage(connection));
    snprintf(value, sizeof(value), "%s", PQntuples(result) == 0 ? "" : PQgetvalue(result, 0, 0));
    PQclear(result);
    PQfinish(connection);
    return value;
}

int64_t fixture_number(const char *sql)
{
    return strtoll(fixture_value(sql), NULL, 10);
}

int64_t fixture_card(int32_t token, uint16_t currency, int64_t posted)
{
    char sql[512];
    int64_t id = fixture_number("SELECT nextval('account_number')") << 10 | currency;
    snprintf(sql, sizeof(sql),
             "SELECT add_internal_accounts(%u);"
             "INSERT INTO account (id, kind, normal) VALUES (%" PRId64 ", 1, 'C');"
             "INSERT INTO card (token, account_id) VALUES (%" PRId32 ", %" PRId64 ")",
             currency, id, token, id);
    fixture_do(sql);
    if (posted > 0) {
        struct ledger *ledger = fixture_ledger();
        struct batch *batch = batch_create();
        struct batch_key key = fixture_key(900000000000 + (uint64_t)token, token, 0);
        fixture_fetch(ledger, batch, &key);
        struct batch_account *account = batch_find_account(batch, id);
        struct batch_message message = fixture_message(key.txn_id, 2, id, token, posted);
        cr_assert(batch_begin_journal(batch, &message));
        cr_assert(batch_post(batch, account, INTERNAL_BANK, -posted, 40));
        cr_assert(batch_add_event(batch, account, "account.loaded"));
        fixture_commit(ledger, batch);
        batch_destroy(batch);
        ledger_close(ledger);
    }
    return id;
}

struct ledger *fixture_ledger(void)
{
    const struct ledger_options options = {
        .conninfo = fixture_conninfo("holdfast_writer"),
        .source = "test",
        .program = "test-ledger",
        .connect_timeout_us = FIXTURE_WAIT_US,
    };
    struct ledger *ledger = NULL;
    struct error error;
    cr_assert(ledger_open(&options, &ledger, &error), "%s: %s", error.field, error.message);
    return ledger;
}

int64_t fixture_deadline(void)
{
    return clock_mono_us() + FIXTURE_WAIT_US;
}

struct batch_message fixture_message(uint64_t txn_id, int role, int64_t account, int32_t token,
                                     int64_t amount)
{
    static const uint8_t facts[] = {1, 2, 3, 4}, fields[] = {5, 6, 7};
    return (struct batch_message){
        .txn_id = txn_id,
        .role = role,
        .row = 1,
        .account = account,
        .token = token,
        .payment = account == 0 ? 0 : txn_id,
        .kind = "authorisation",
        .reason = "approved",
        .rule = "funds",
        .scheme = "visa",
        .is_decision = true,
        .approved = true,
        .response = "00",
        .acknowledged = true,
        .currency = (uint16_t)(account & 1023),
        .amount_minor = amount,
        .match_score = -1,
        .match_rule = "",
        .request_id = "r-1",
        .traceparent = "",
        .facts = facts,
        .facts_bytes = sizeof(facts),
        .fields = fields,
        .fields_bytes = sizeof(fields),
        .merchant_name = "Café \"Zoë\"",
        .merchant_country = "GBR",
        .mcc = 5812,
        .actor = "host",
    };
}

struct batch_key fixture_key(uint64_t txn_id, int32_t token, int64_t trace_key)
{
    return (struct batch_key){.txn_id = txn_id, .token = token, .trace_key = trace_key};
}

void fixture_fetch(struct ledger *ledger, struct batch *batch, const struct batch_key *key)
{
    struct error error;
    batch_reset(batch);
    cr_assert(batch_add_key(batch, key));
    cr_assert(ledger_fetch(ledger, batch, fixture_deadline(), &error), "%s: %s", error.field,
              error.message);
}

void fixture_commit(struct ledger *ledger, struct batch *batch)
{
    struct error error = {.message = ""};
    enum ledger_outcome outcome = ledger_commit(ledger, batch, fixture_deadline(), &error);
    cr_assert_eq(outcome, LEDGER_DURABLE, "outcome %d, %s: %s", (int)outcome, error.field,
                 error.message);
}

void fixture_authorise(struct ledger *ledger, struct batch *batch, uint64_t txn_id, int32_t token,
                       int64_t amount)
{
    struct batch_key key = fixture_key(txn_id, token, (int64_t)txn_id + 1);
    fixture_fetch(ledger, batch, &key);
    const struct batch_card *card = batch_find_card(batch, token);
    cr_assert_not_null(card);
    struct batch_account *account = batch_find_account(batch, card->account);
    cr_assert_not_null(account);
    struct batch_message message = fixture_message(txn_id, 1, account->id, token, amount);
    cr_assert(batch_begin_journal(batch, &message));
    cr_assert(batch_add_entry(batch, account, txn_id, &key, 1, message.facts, message.facts_bytes));
    cr_assert(batch_change_hold(batch, account, txn_id, txn_id, token, amount, 0, 10, 0));
    cr_assert(batch_add_event(batch, account, "authorisation.approved"));
    fixture_commit(ledger, batch);
}
