/* The outbox's days: made ahead, filled across midnight, with a net under them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <time.h>

#include "ledger/batch_state.h"
#include "tests/ledger/fixture.h"

#define DAY_US INT64_C(86400000000)

TestSuite(partitions, .init = fixture_begin, .fini = fixture_end, .timeout = 60);

/* One event at that time, as if the batch had been fetched then. */
static void raise_event(struct ledger *ledger, struct batch *batch, uint64_t txn_id, int64_t at_us)
{
    struct batch_key key = fixture_key(txn_id, 101, 0);
    fixture_fetch(ledger, batch, &key);
    batch->at_us = at_us;
    struct batch_account *account = batch_find_account(batch, batch_find_card(batch, 101)->account);
    struct batch_message message = fixture_message(txn_id, 1, account->id, 101, 1);
    cr_assert(batch_begin_journal(batch, &message));
    cr_assert(batch_change_hold(batch, account, txn_id, txn_id, 101, 1, 0, 10, 0));
    cr_assert(batch_add_event(batch, account, "authorisation.approved"));
    fixture_commit(ledger, batch);
}

static void partition_name(int64_t at_us, char *out, size_t bytes)
{
    time_t seconds = (time_t)(at_us / 1000000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    strftime(out, bytes, "outbox_%Y%m%d", &tm);
}

Test(partitions, events_on_both_sides_of_midnight_lie_in_their_days)
{
    fixture_card(101, GBP, 10000);
    struct ledger *ledger = fixture_ledger();
    struct batch *batch = batch_create();
    int64_t now_us =
        fixture_number("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::int8");
    int64_t midnight_us = (now_us / DAY_US + 2) * DAY_US;
    char sql[256], before[32], after[32];
    raise_event(ledger, batch, 7001, midnight_us - 1);
    raise_event(ledger, batch, 7002, midnight_us);
    partition_name(midnight_us - 1, before, sizeof(before));
    partition_name(midnight_us, after, sizeof(after));
    snprintf(sql, sizeof(sql),
             "SELECT tableoid::regclass = '%s'::regclass FROM outbox WHERE event_version = 2",
             before);
    cr_expect_str_eq(fixture_value(sql), "t");
    snprintf(sql, sizeof(sql),
             "SELECT tableoid::regclass = '%s'::regclass FROM outbox WHERE event_version = 3",
             after);
    cr_expect_str_eq(fixture_value(sql), "t");
    cr_expect_eq(
        fixture_number("SELECT count(DISTINCT business_date) FROM transfer WHERE code = 10"), 2);
    batch_destroy(batch);
    ledger_close(ledger);
}

Test(partitions, a_day_that_nobody_made_falls_into_the_net)
{
    fixture_card(101, GBP, 10000);
    struct ledger *ledger = fixture_ledger();
    struct batch *batch = batch_create();
    int64_t now_us =
        fixture_number("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::int8");
    raise_event(ledger, batch, 7001, now_us + 30 * DAY_US);
    cr_expect_eq(fixture_number("SELECT count(*) FROM outbox_default"), 1);
    /* Its day cannot be attached any more, and does not stop the others. */
    cr_expect_eq(fixture_number("SELECT make_outbox_partitions(31)"), 23);
    cr_expect_eq(fixture_number("SELECT count(*) FROM outbox_default"), 1);
    cr_expect_eq(fixture_number("SELECT count(*) FROM outbox"), 2);
    batch_destroy(batch);
    ledger_close(ledger);
}

Test(partitions, making_them_is_repeatable_and_open_to_every_long_lived_program)
{
    static const char *const roles[] = {"holdfast_writer", "holdfast_operator", "holdfast_relay",
                                        "holdfast_worker"};
    struct ledger *ledger = fixture_ledger();
    struct error error;
    cr_expect_eq(fixture_number("SELECT make_outbox_partitions(7)"), 0,
                 "the migration made a week");
    fixture_do(
        "DO $$ BEGIN EXECUTE 'DROP TABLE outbox_' || to_char((now() AT TIME ZONE 'UTC')::date + 7, "
        "'YYYYMMDD'); END $$");
    cr_expect(ledger_make_partitions(ledger, fixture_deadline(), &error), "%s", error.message);
    cr_expect_eq(fixture_number("SELECT make_outbox_partitions(7)"), 0);
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        cr_expect_str_eq(fixture_run(roles[i], "SELECT make_outbox_partitions(7)"), "00000", "%s",
                         roles[i]);
    }
    cr_expect_str_eq(fixture_run("holdfast_reader", "SELECT make_outbox_partitions(7)"), "42501");
    cr_expect_str_eq(fixture_run("holdfast_writer", "SELECT make_outbox_partitions(61)"), "22023");
    ledger_close(ledger);
}

Test(partitions, a_writer_in_the_middle_of_a_batch_does_not_stop_tomorrow)
{
    fixture_card(101, GBP, 10000);
    fixture_do(
        "DO $$ BEGIN EXECUTE 'DROP TABLE outbox_' || to_char((now() AT TIME ZONE 'UTC')::date + 7, "
        "'YYYYMMDD'); END $$");
    PGconn *writer = PQconnectdb(fixture_conninfo("holdfast_writer"));
    PQclear(PQexec(writer, "BEGIN"));
    PQclear(PQexec(writer, "INSERT INTO outbox (account_id, event_version, at, type, payload) "
                           "VALUES (1, 1, now(), 'io.holdfast.x', '{}')"));
    cr_expect_eq(fixture_number("SELECT make_outbox_partitions(7)"), 1);
    PQfinish(writer);
}
