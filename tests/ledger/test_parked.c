/* Parked messages are found by what they wait for, however many wait on the account. */
#include <criterion/criterion.h>

#include "ledger/batch_state.h"
#include "ledger/ledger.h"
#include "tests/ledger/fixture.h"

static struct ledger *ledger;
static struct batch *batch;
static int64_t id; /* token 101 */

static void begin(void)
{
    fixture_begin();
    id = fixture_card(101, GBP, 10000);
    ledger = fixture_ledger();
    batch = batch_create();
}

static void end(void)
{
    batch_destroy(batch);
    ledger_close(ledger);
    fixture_end();
}

TestSuite(parked, .init = begin, .fini = end, .timeout = 60);

/* Parks `count` messages of one batch: ids first, first + 1 …, all with the key's references but
 * with traces that rise by `step`. */
static void park(struct batch_key key, size_t count, int64_t step, int why)
{
    struct error error;
    batch_reset(batch);
    for (size_t i = 0; i < count; i++) {
        struct batch_key each = key;
        each.txn_id += i;
        each.trace_key += (int64_t)i * step;
        cr_assert(batch_add_key(batch, &each));
    }
    cr_assert(ledger_fetch(ledger, batch, fixture_deadline(), &error), "%s", error.message);
    for (size_t i = 0; i < count; i++) {
        struct batch_message message = fixture_message(key.txn_id + i, 2, id, 101, 100);
        cr_assert(batch_begin_journal(batch, &message));
        cr_assert(batch_add_inbox(batch, why));
    }
    fixture_commit(ledger, batch);
}

/* What a message with that key finds; 0 … max, or −1: too many. */
static int find(const struct batch_key *key, struct batch_parked **parked, size_t max)
{
    size_t count;
    fixture_fetch(ledger, batch, key);
    bool all = batch_find_parked(batch, id, key, parked, max, &count);
    cr_assert(ledger_rollback(ledger, fixture_deadline()));
    return all ? (int)count : -1;
}

Test(parked, one_behind_hundreds_of_orphans_is_found)
{
    struct batch_parked *parked[BATCH_PARKED_EACH];
    park((struct batch_key){.txn_id = 1000, .token = 101, .trace_key = 100}, 300, 1,
         BATCH_WHY_PARKED);
    park((struct batch_key){.txn_id = 2000, .token = 101, .trace_key = 55}, 1, 0, BATCH_WHY_PARKED);
    struct batch_key newcomer = fixture_key(3000, 101, 55);
    cr_assert_eq(find(&newcomer, parked, BATCH_PARKED_EACH), 1);
    cr_expect_eq(parked[0]->txn_id, 2000);
    struct batch_key stranger = fixture_key(3001, 101, 99);
    cr_expect_eq(find(&stranger, parked, BATCH_PARKED_EACH), 0);
}

Test(parked, every_reference_finds)
{
    static const struct {
        const char *name;
        struct batch_key parked, newcomer;
        int found;
    } rows[] = {
        {"named",            {.matching_txn_id = 9},   {.txn_id = 9},            1},
        {"trace",            {.trace_key = 5},         {.trace_key = 5},         1},
        {"its message's",    {.trace_message_key = 5}, {.trace_key = 5},         1},
        {"the other's",      {.trace_key = 5},         {.trace_message_key = 5}, 1},
        {"link",             {.link_key = 5},          {.link_key = 5},          1},
        {"acquirer",         {.acquirer_ref_key = 5},  {.acquirer_ref_key = 5},  1},
        {"link is no trace", {.link_key = 5},          {.trace_key = 5},         0},
        {"names another",    {.matching_txn_id = 8},   {.matching_txn_id = 8},   0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct batch_parked *parked[8];
        struct batch_key key = rows[i].parked, newcomer = rows[i].newcomer;
        fixture_do("DELETE FROM inbox");
        key.token = newcomer.token = 101;
        key.txn_id = 1000 + i;
        newcomer.txn_id = newcomer.txn_id != 0 ? newcomer.txn_id : 2000 + i;
        park(key, 1, 0, BATCH_WHY_PARKED);
        cr_expect_eq(find(&newcomer, parked, 8), rows[i].found, "%s", rows[i].name);
    }
}

Test(parked, an_unreliable_one_is_found_by_the_one_it_names_only)
{
    struct batch_parked *parked[8];
    park((struct batch_key){.txn_id = 1000, .token = 101, .trace_key = 55, .matching_txn_id = 3000},
         1, 0, BATCH_WHY_UNRELIABLE);
    struct batch_key other = fixture_key(2000, 101, 55), named = fixture_key(3000, 101, 56);
    cr_expect_eq(find(&other, parked, 8), 0);
    cr_assert_eq(find(&named, parked, 8), 1);
    cr_expect_eq(parked[0]->why, BATCH_WHY_UNRELIABLE);
}

Test(parked, one_that_parks_and_is_looked_for_in_the_same_batch_is_found_by_the_same_rule)
{
    struct batch_key unreliable = {
        .txn_id = 1000, .token = 101, .link_key = 7, .matching_txn_id = 3000};
    struct batch_key linked = {.txn_id = 2000, .token = 101, .link_key = 7};
    struct batch_key named = {.txn_id = 3000, .token = 101};
    struct batch_parked *parked[8];
    size_t count;
    fixture_fetch(ledger, batch, &unreliable);
    struct batch_message message = fixture_message(1000, 2, id, 101, 100);
    cr_assert(batch_begin_journal(batch, &message));
    cr_assert(batch_add_inbox(batch, BATCH_WHY_UNRELIABLE));
    cr_expect(batch_find_parked(batch, id, &linked, parked, 8, &count));
    cr_expect_eq(count, 0);
    cr_expect(batch_find_parked(batch, id, &named, parked, 8, &count));
    cr_expect_eq(count, 1);
    fixture_commit(ledger, batch);
}

Test(parked, as_many_as_one_may_find_are_found_and_one_more_is_said)
{
    struct batch_parked *parked[BATCH_PARKED_EACH];
    struct batch_key key = {.txn_id = 1000, .token = 101, .trace_key = 55};
    struct batch_key newcomer = fixture_key(3000, 101, 55);
    park(key, BATCH_PARKED_EACH, 0, BATCH_WHY_PARKED);
    cr_expect_eq(find(&newcomer, parked, BATCH_PARKED_EACH), BATCH_PARKED_EACH);
    cr_expect_eq(parked[0]->txn_id, 1000);
    key.txn_id = 2000;
    park(key, 1, 0, BATCH_WHY_PARKED);
    cr_expect_eq(find(&newcomer, parked, BATCH_PARKED_EACH), -1);
}

Test(parked, a_crowd_of_accounts_leaves_whole_accounts_for_later)
{
    enum { CARDS = 40, EACH = 110 }; /* more than BATCH_PARKED_MAX together */
    static int64_t accounts[CARDS];
    struct error error;
    for (size_t card = 0; card < CARDS; card++) {
        accounts[card] = fixture_card(200 + (int32_t)card, GBP, 100);
        for (size_t i = 0; i < EACH; i++) {
            uint64_t txn_id = 10000 + card * 1000 + i;
            struct batch_key key = {.txn_id = txn_id, .token = 200 + (int32_t)card, .trace_key = 9};
            if (i == 0) {
                fixture_fetch(ledger, batch, &key);
            }
            struct batch_message message = fixture_message(txn_id, 2, accounts[card], key.token, 1);
            cr_assert(batch_begin_journal(batch, &message));
            cr_assert(batch_add_inbox(batch, BATCH_WHY_PARKED));
        }
        fixture_commit(ledger, batch);
    }
    fixture_do("UPDATE inbox SET trace_key = 9");
    batch_reset(batch);
    for (size_t card = 0; card < CARDS; card++) {
        struct batch_key key = fixture_key(90000 + card, 200 + (int32_t)card, 9);
        cr_assert(batch_add_key(batch, &key));
    }
    cr_assert(ledger_fetch(ledger, batch, fixture_deadline(), &error));
    size_t here = 0;
    for (size_t card = 0; card < CARDS; card++) {
        struct batch_key key = fixture_key(90000 + card, 200 + (int32_t)card, 9);
        struct batch_parked *parked[BATCH_PARKED_EACH];
        size_t count;
        if (batch_find_account(batch, accounts[card]) != NULL) {
            here++;
            cr_expect(
                batch_find_parked(batch, accounts[card], &key, parked, BATCH_PARKED_EACH, &count));
            cr_expect_eq(count, EACH, "card %zu has %zu", card, count);
        }
    }
    cr_expect_gt(here, 0);
    cr_expect_lt(here, CARDS);
    cr_assert(ledger_rollback(ledger, fixture_deadline()));
}

static const int64_t week_us = INT64_C(7) * 86400 * 1000000;

static size_t give_up(struct ledger *by)
{
    struct error error;
    size_t count;
    bool more;
    cr_assert(ledger_give_up(by, batch, week_us, fixture_deadline(), &count, &more, &error), "%s",
              error.message);
    cr_expect_eq(more, count == 64);
    return count;
}

Test(parked, one_that_waited_too_long_is_given_up_and_told_once)
{
    struct batch_parked *parked[8];
    struct batch_key newcomer = fixture_key(3000, 101, 55);
    park((struct batch_key){.txn_id = 1000, .token = 101, .trace_key = 55}, 2, 0, BATCH_WHY_PARKED);
    cr_expect_eq(give_up(ledger), 0);
    fixture_do("UPDATE inbox SET at = at - interval '8 days' WHERE txn_id = 1000");
    cr_expect_eq(give_up(ledger), 1);
    cr_expect_eq(give_up(ledger), 0);
    cr_expect_str_eq(fixture_value("SELECT state || ' ' || (closed_at IS NOT NULL) FROM inbox "
                                   "WHERE txn_id = 1000"),
                     "4 true");
    cr_expect_str_eq(
        fixture_value(
            "SELECT type || ' ' || (payload -> 'data' ->> 'txn_id') || ' ' || "
            "(payload -> 'data' ->> 'decision') FROM outbox WHERE type LIKE '%unmatched'"),
        "io.holdfast.reversal.unmatched 1000 noted");
    cr_expect_eq(fixture_number("SELECT event_version - (SELECT count(*) FROM outbox o WHERE "
                                "o.account_id = a.id) FROM account a WHERE kind = 1"),
                 0);
    cr_assert_eq(find(&newcomer, parked, 8), 1);
    cr_expect_eq(parked[0]->txn_id, 1001);
}

Test(parked, a_crowd_is_given_up_in_rounds)
{
    park((struct batch_key){.txn_id = 1000, .token = 101, .trace_key = 55}, 100, 1,
         BATCH_WHY_UNRELIABLE);
    fixture_do("UPDATE inbox SET at = at - interval '8 days'");
    cr_expect_eq(give_up(ledger), 64);
    cr_expect_eq(give_up(ledger), 36);
    cr_expect_eq(fixture_number("SELECT count(*) FROM outbox WHERE type LIKE '%unmatched'"), 100);
    cr_expect_eq(fixture_number("SELECT count(DISTINCT event_version) FROM outbox"), 101);
}

Test(parked, what_another_session_decides_about_is_left_to_it)
{
    struct batch_key newcomer = fixture_key(3000, 101, 55);
    struct ledger *other = fixture_ledger();
    struct batch *lane = batch_create();
    park((struct batch_key){.txn_id = 1000, .token = 101, .trace_key = 55}, 1, 0, BATCH_WHY_PARKED);
    fixture_do("UPDATE inbox SET at = at - interval '8 days'");
    fixture_fetch(other, lane, &newcomer);
    cr_expect_eq(give_up(ledger), 0);
    cr_assert(ledger_rollback(other, fixture_deadline()));
    cr_expect_eq(give_up(ledger), 1);
    batch_destroy(lane);
    ledger_close(other);
}
