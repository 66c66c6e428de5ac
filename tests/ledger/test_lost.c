/* Connections that die at the worst moment: what the outcome says, and that running again settles
 * it. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "ledger/ledger.h"
#include "tests/ledger/fixture.h"
#include "tests/ledger/relay.h"

static int64_t id; /* token 101: GBP 100.00 */
static struct batch *batch;

static void begin(void)
{
    fixture_begin();
    id = fixture_card(101, GBP, 10000);
    batch = batch_create();
}

static void end(void)
{
    batch_destroy(batch);
    fixture_end();
}

TestSuite(lost, .init = begin, .fini = end, .timeout = 60);

/* Fetches and decides one authorisation of 25.00; committing is the test's. */
static void prepare_as(struct ledger *ledger, uint64_t txn_id)
{
    struct batch_key key = fixture_key(txn_id, 101, 1);
    fixture_fetch(ledger, batch, &key);
    struct batch_account *account = batch_find_account(batch, id);
    cr_assert_not_null(account);
    struct batch_message message = fixture_message(txn_id, 1, id, 101, 2500);
    cr_assert(batch_begin_journal(batch, &message));
    cr_assert(batch_add_entry(batch, account, txn_id, &key, 1, message.facts, message.facts_bytes));
    cr_assert(batch_change_hold(batch, account, txn_id, txn_id, 101, 2500, 0, 10, 0));
    cr_assert(batch_add_event(batch, account, "authorisation.approved"));
}

static void prepare(struct ledger *ledger)
{
    prepare_as(ledger, 7001);
}

/* Runs the batch again as a lane does: a stored answer, or the first time. True when it was stored.
 */
static bool run_again(void)
{
    struct ledger *ledger = fixture_ledger();
    struct batch_key key = fixture_key(7001, 101, 1);
    bool locked = false, stored = false;
    for (int turn = 0; turn < 100 && !locked;
         turn++) { /* the old backend may still hold the account */
        fixture_fetch(ledger, batch, &key);
        locked = batch_find_account(batch, id) != NULL;
        stored = batch_find_stored(batch, 7001, 1) != NULL;
        cr_assert(ledger_rollback(ledger, fixture_deadline()));
        if (!locked) {
            usleep(20000);
        }
    }
    cr_assert(locked);
    if (!stored) {
        prepare(ledger);
        fixture_commit(ledger, batch);
    }
    ledger_close(ledger);
    return stored;
}

static void expect_held_once(void)
{
    cr_expect_eq(fixture_number("SELECT held FROM account WHERE kind = 1"), 2500);
    cr_expect_eq(fixture_number("SELECT count(*) FROM message WHERE txn_id = 7001"), 1);
    cr_expect_eq(fixture_number("SELECT count(*) FROM transfer WHERE code = 10"), 1);
    cr_expect_eq(
        fixture_number(
            "SELECT count(*) FROM chain c WHERE n <> (SELECT count(*) FROM transfer t WHERE "
            "(t.lane, t.batch) = (c.lane, c.batch))"),
        0);
}

Test(lost, a_backend_killed_between_the_round_trips_leaves_nothing)
{
    struct ledger *ledger = fixture_ledger();
    struct error error;
    prepare(ledger);
    fixture_do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = "
               "'test-ledger'");
    cr_expect_eq(ledger_commit(ledger, batch, fixture_deadline(), &error), LEDGER_UNKNOWN);
    cr_expect_not(ledger_usable(ledger));
    ledger_close(ledger);
    cr_expect_not(run_again());
    expect_held_once();
}

Test(lost, a_backend_killed_in_commit_is_unknown_and_left_nothing)
{
    fixture_do(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$;"
        "ALTER FUNCTION die() SECURITY DEFINER;"
        "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON message DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION die()");
    struct ledger *ledger = fixture_ledger();
    struct error error;
    prepare(ledger);
    cr_expect_eq(ledger_commit(ledger, batch, fixture_deadline(), &error), LEDGER_UNKNOWN);
    ledger_close(ledger);
    fixture_do("DROP TRIGGER die ON message");
    cr_expect_not(run_again());
    expect_held_once();
}

Test(lost, an_error_in_commit_is_surely_rolled_back)
{
    fixture_do(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END $$;"
        "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON message DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION refuse()");
    struct ledger *ledger = fixture_ledger();
    struct error error;
    prepare(ledger);
    cr_expect_eq(ledger_commit(ledger, batch, fixture_deadline(), &error), LEDGER_ROLLED_BACK);
    cr_expect_eq(error.code, ERROR_UNAVAILABLE);
    cr_expect_str_eq(error.field, "SQLSTATE 53100");
    cr_expect(ledger_usable(ledger));
    fixture_do("DROP TRIGGER refuse ON message");
    prepare(ledger);
    fixture_commit(ledger, batch); /* the same session goes on, its chain too */
    ledger_close(ledger);
    expect_held_once();
}

static struct ledger *ledger_through(const struct relay *relay)
{
    char conninfo[CLUSTER_TEXT_BYTES];
    snprintf(conninfo, sizeof(conninfo), "%s host=%s", fixture_conninfo("holdfast_writer"),
             relay->folder);
    const struct ledger_options options = {.conninfo = conninfo,
                                           .source = "test",
                                           .program = "test-ledger",
                                           .connect_timeout_us = FIXTURE_WAIT_US};
    struct ledger *ledger = NULL;
    struct error error;
    cr_assert(ledger_open(&options, &ledger, &error), "%s: %s", error.field, error.message);
    return ledger;
}

Test(lost, a_commit_whose_answer_never_comes_is_unknown_and_stands)
{
    struct relay relay;
    struct error error;
    cr_assert(relay_begin(&relay));
    struct ledger *ledger = ledger_through(&relay);
    prepare(ledger);
    atomic_store(&relay.swallow, true);
    int64_t began = clock_mono_us();
    cr_expect_eq(ledger_commit(ledger, batch, began + 300000, &error), LEDGER_UNKNOWN);
    cr_expect_eq(error.code, ERROR_LATE);
    cr_expect_not(ledger_usable(ledger));
    ledger_close(ledger);
    relay_end(&relay);
    cr_expect(run_again(), "the message is stored: its answer comes from there");
    expect_held_once();
}

Test(lost, a_fetch_that_gets_no_answer_ends_at_its_deadline)
{
    struct relay relay;
    struct error error;
    cr_assert(relay_begin(&relay));
    struct ledger *ledger = ledger_through(&relay);
    atomic_store(&relay.swallow, true);
    struct batch_key key = fixture_key(7001, 101, 1);
    batch_reset(batch);
    cr_assert(batch_add_key(batch, &key));
    cr_expect_not(ledger_fetch(ledger, batch, clock_mono_us() + 200000, &error));
    cr_expect_eq(error.code, ERROR_LATE);
    cr_expect_not(ledger_usable(ledger));
    ledger_close(ledger);
    relay_end(&relay);
    cr_expect_not(run_again());
    expect_held_once();
}

Test(lost, an_approval_takes_two_round_trips_and_few_statements)
{
    struct relay relay;
    cr_assert(relay_begin(&relay));
    struct ledger *ledger = ledger_through(&relay);
    fixture_authorise(ledger, batch, 7001, 101, 100); /* these take blocks of ids as well */
    fixture_authorise(ledger, batch, 7003, 101, 100);
    unsigned syncs = atomic_load(&relay.syncs), executes = atomic_load(&relay.executes);
    prepare_as(ledger, 7002);
    unsigned fetched = atomic_load(&relay.executes);
    fixture_commit(ledger, batch);
    cr_expect_eq(atomic_load(&relay.syncs) - syncs, 2);
    cr_expect_leq(fetched - executes, 6);
    cr_expect_leq(atomic_load(&relay.executes) - fetched, 8);
    ledger_close(ledger);
    relay_end(&relay);
}
