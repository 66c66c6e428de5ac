/* Connections that die at the worst moment: what the outcome says, and that running again settles
 * it. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "ledger/ledger.h"
#include "tests/ledger/fixture.h"

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
static void prepare(struct ledger *ledger)
{
    struct batch_key key = fixture_key(7001, 101, 1);
    fixture_fetch(ledger, batch, &key);
    struct batch_account *account = batch_find_account(batch, id);
    cr_assert_not_null(account);
    struct batch_message message = fixture_message(7001, 1, id, 101, 2500);
    cr_assert(batch_begin_journal(batch, &message));
    cr_assert(batch_add_entry(batch, account, 7001, &key, 1, message.facts, message.facts_bytes));
    cr_assert(batch_change_hold(batch, account, 7001, 7001, 101, 2500, 0, 10, 0));
    cr_assert(batch_add_event(batch, account, "authorisation.approved"));
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

/* A relay between the ledger and PostgreSQL that can swallow every answer from one moment on. */
struct relay {
    char folder[64], path[96];
    int listener;
    pthread_t thread;
    atomic_bool swallow, stop;
};

static int connect_server(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/.s.PGSQL.5432", cluster_host());
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Moves what is there; false at the end of the stream. */
static bool move(int from, int to, bool swallow)
{
    char bytes[65536];
    ssize_t got = read(from, bytes, sizeof(bytes));
    if (got <= 0) {
        return false;
    }
    for (ssize_t sent = 0; !swallow && sent < got;) {
        ssize_t wrote = write(to, bytes + sent, (size_t)(got - sent));
        if (wrote <= 0) {
            return false;
        }
        sent += wrote;
    }
    return true;
}

static void *relay_run(void *argument)
{
    struct relay *relay = argument;
    int client = accept(relay->listener, NULL, NULL), server = connect_server();
    bool open = client >= 0 && server >= 0;
    while (open && !atomic_load(&relay->stop)) {
        struct pollfd fds[2] = {
            {.fd = client, .events = POLLIN},
            {.fd = server, .events = POLLIN}
        };
        if (poll(fds, 2, 20) < 0) {
            break;
        }
        open = (fds[0].revents == 0 || move(client, server, false)) &&
               (fds[1].revents == 0 || move(server, client, atomic_load(&relay->swallow)));
    }
    close(client);
    close(server);
    return NULL;
}

static void relay_begin(struct relay *relay)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(relay->folder, sizeof(relay->folder), "/tmp/hfrelay-XXXXXX");
    cr_assert_not_null(mkdtemp(relay->folder));
    snprintf(relay->path, sizeof(relay->path), "%s/.s.PGSQL.5432", relay->folder);
    memcpy(address.sun_path, relay->path, strlen(relay->path) + 1);
    atomic_init(&relay->swallow, false);
    atomic_init(&relay->stop, false);
    relay->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(bind(relay->listener, (struct sockaddr *)&address, sizeof(address)), 0);
    cr_assert_eq(listen(relay->listener, 4), 0);
    cr_assert_eq(pthread_create(&relay->thread, NULL, relay_run, relay), 0);
}

static void relay_end(struct relay *relay)
{
    atomic_store(&relay->stop, true);
    pthread_join(relay->thread, NULL);
    close(relay->listener);
    unlink(relay->path);
    rmdir(relay->folder);
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
    relay_begin(&relay);
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
    relay_begin(&relay);
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
