/* Two writers on the same accounts, in any order: no deadlock, no lost money. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "ledger/ledger.h"
#include "tests/ledger/fixture.h"

enum { CARDS = 12, BATCHES = 80, WRITERS = 2, PER_BATCH = 6 };

TestSuite(parallel, .init = fixture_begin, .fini = fixture_end, .timeout = 120);

struct writer {
    const char *conninfo;
    unsigned seed;
    uint64_t first_txn_id;
    int booked, skipped, failed;
    char why[256];
};

static unsigned draw(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16;
}

static bool book(struct batch *batch, int32_t token, uint64_t txn_id)
{
    const struct batch_card *card = batch_find_card(batch, token);
    struct batch_account *account = card == NULL ? NULL : batch_find_account(batch, card->account);
    if (account == NULL) {
        return false;
    }
    struct batch_message message = fixture_message(txn_id, 1, account->id, token, 1);
    return batch_begin_journal(batch, &message) &&
           batch_change_hold(batch, account, txn_id, txn_id, token, 1, 0, 10, 0) &&
           batch_add_event(batch, account, "authorisation.approved");
}

static void *write_batches(void *argument)
{
    struct writer *writer = argument;
    const struct ledger_options options = {.conninfo = writer->conninfo,
                                           .source = "t",
                                           .program = "t",
                                           .connect_timeout_us = FIXTURE_WAIT_US};
    struct ledger *ledger = NULL;
    struct batch *batch = batch_create();
    struct error error = {.message = ""};
    if (!ledger_open(&options, &ledger, &error)) {
        writer->failed = BATCHES;
    }
    for (int i = 0; i < BATCHES && ledger != NULL && ledger_usable(ledger); i++) {
        int32_t tokens[PER_BATCH];
        int booked = 0;
        batch_reset(batch);
        for (int n = 0; n < PER_BATCH; n++) { /* unsorted, with repetitions */
            tokens[n] = 1 + (int32_t)(draw(&writer->seed) % CARDS);
            struct batch_key key =
                fixture_key(writer->first_txn_id + (uint64_t)(i * PER_BATCH + n), tokens[n], 0);
            batch_add_key(batch, &key);
        }
        if (!ledger_fetch(ledger, batch, clock_mono_us() + FIXTURE_WAIT_US, &error)) {
            writer->failed++;
            continue;
        }
        for (int n = 0; n < PER_BATCH; n++) {
            booked += book(batch, tokens[n], writer->first_txn_id + (uint64_t)(i * PER_BATCH + n))
                          ? 1
                          : 0;
        }
        if (ledger_commit(ledger, batch, clock_mono_us() + FIXTURE_WAIT_US, &error) ==
            LEDGER_DURABLE) {
            writer->booked += booked;
            writer->skipped += PER_BATCH - booked;
        } else {
            writer->failed++;
        }
    }
    memcpy(writer->why, error.message, sizeof(writer->why));
    batch_destroy(batch);
    ledger_close(ledger);
    return NULL;
}

Test(parallel, two_writers_on_the_same_accounts_never_deadlock)
{
    struct writer writers[WRITERS];
    pthread_t threads[WRITERS];
    int booked = 0;
    for (int32_t token = 1; token <= CARDS; token++) {
        fixture_card(token, GBP, 100000);
    }
    for (unsigned i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){.conninfo = fixture_conninfo("holdfast_writer"),
                                     .seed = 4711 + i,
                                     .first_txn_id = 1000000u * (i + 1)};
        cr_assert_eq(pthread_create(&threads[i], NULL, write_batches, &writers[i]), 0);
    }
    for (size_t i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_eq(writers[i].failed, 0, "writer %zu: %s", i, writers[i].why);
        booked += writers[i].booked;
    }
    cr_expect_gt(booked, BATCHES);
    cr_expect_eq(fixture_number("SELECT sum(held) FROM account WHERE kind = 1"), booked);
    cr_expect_eq(
        fixture_number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"),
        0);
    cr_expect_eq(
        fixture_number("SELECT count(*) FROM (SELECT account_id FROM transfer GROUP BY 1 HAVING "
                       "max(account_version) <> count(*)) x"),
        0, "versions are dense");
    cr_expect_eq(
        fixture_number("SELECT count(*) FROM (SELECT account_id FROM outbox GROUP BY 1 HAVING "
                       "max(event_version) <> count(*)) x"),
        0, "events are dense");
    cr_expect_eq(
        fixture_number(
            "SELECT count(*) FROM (SELECT seq < lag(seq) OVER (PARTITION BY account_id ORDER BY "
            "event_version) w FROM outbox) x WHERE w"),
        0, "seq follows the events of an account");
}
