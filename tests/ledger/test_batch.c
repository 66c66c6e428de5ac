/* The batch in memory: what effects do to the accounts, and that they can be taken back. No
 * database. */
#include <criterion/criterion.h>
#include <string.h>

#include "ledger/batch.h"
#include "ledger/batch_state.h"
#include "tests/ledger/fixture.h"

enum { ID = 1000 << 10 | GBP };

static struct batch *batch;
static struct batch_account *account;

/* One account with 100.00, as if it had been fetched. */
static void begin(void)
{
    batch = batch_create();
    batch_reset(batch);
    batch->at_us = 1700000000000000;
    batch->ids = (struct batch_ids){.next = 1, .end = 1 + BATCH_ID_BLOCK};
    batch->accounts[0] = (struct batch_account){
        .id = ID, .currency = GBP, .status = 1, .posted = 10000, .last_at_us = 1};
    batch->account_count = 1;
    account = batch_find_account(batch, ID);
    cr_assert_not_null(account);
}

static void end(void)
{
    batch_destroy(batch);
}

TestSuite(batch, .init = begin, .fini = end, .timeout = 20);

static void begin_journal(uint64_t txn_id)
{
    struct batch_message message = fixture_message(txn_id, 1, ID, 101, 100);
    cr_assert(batch_begin_journal(batch, &message));
}

static bool hold(uint64_t txn_id, int64_t delta, int64_t fee, int code)
{
    return batch_change_hold(batch, account, txn_id, txn_id, 101, delta, fee, code, 0);
}

Test(batch, a_hold_lowers_what_is_available_at_once)
{
    begin_journal(1);
    cr_assert(hold(1, 2500, 0, 10));
    cr_expect_eq(batch_available(account), 7500);
    cr_expect_eq(account->version, 1);
    cr_expect(account->touched);
}

Test(batch, a_held_fee_is_a_row_of_its_own)
{
    begin_journal(1);
    cr_assert(hold(1, 2600, 100, 10));
    cr_assert_eq(batch->transfer_count, 2);
    cr_expect_eq(batch->transfers[0].code, 10);
    cr_expect_eq(batch->transfers[0].amount, 2500);
    cr_expect_eq(batch->transfers[1].code, 15);
    cr_expect_eq(batch->transfers[1].amount, 100);
    cr_expect_eq(batch->transfers[1].held_after, 2600);
    cr_expect_eq(batch->holds[0].hold.amount, 2600);
}

Test(batch, a_fee_alone_is_one_row)
{
    begin_journal(1);
    cr_assert(hold(1, 100, 100, 10));
    cr_assert_eq(batch->transfer_count, 1);
    cr_expect_eq(batch->transfers[0].code, 15);
}

Test(batch, a_forced_hold_keeps_its_fee_inside)
{
    begin_journal(1);
    cr_assert(hold(1, 2600, 100, 11));
    cr_assert_eq(batch->transfer_count, 1);
    cr_expect_eq(batch->transfers[0].amount, 2600);
}

struct end_row {
    const char *name;
    int code, state;
    int64_t cleared, released;
};

Test(batch, how_a_hold_ends_follows_from_the_code)
{
    static const struct end_row rows[] = {
        {"released", 12, HOLD_RELEASED, 0,   500},
        {"expired",  13, HOLD_EXPIRED,  0,   500},
        {"voided",   14, HOLD_VOIDED,   0,   500},
        {"cleared",  21, HOLD_CLEARED,  500, 0  },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin_journal(10 + i);
        cr_assert(hold(10 + i, 500, 0, 10));
        cr_assert(hold(10 + i, -500, 0, rows[i].code));
        const struct batch_hold *h = &batch_find_hold(batch, ID, 10 + i)->hold;
        cr_expect_eq(h->state, rows[i].state, "%s", rows[i].name);
        cr_expect_eq(h->cleared, rows[i].cleared, "%s", rows[i].name);
        cr_expect_eq(h->released, rows[i].released, "%s", rows[i].name);
    }
    cr_expect_eq(account->held, 0);
}

Test(batch, growth_after_the_end_opens_the_next_generation)
{
    begin_journal(1);
    cr_assert(hold(1, 500, 0, 10));
    cr_assert(hold(1, -500, 0, 12));
    cr_assert(hold(1, 300, 0, 11));
    const struct batch_hold *h = &batch_find_hold(batch, ID, 1)->hold;
    cr_expect_eq(h->generation, 2);
    cr_expect_eq(h->amount, 300);
    cr_expect_eq(batch->hold_count, 2);
    cr_expect_eq(account->held, 300);
}

Test(batch, growth_of_an_open_hold_raises_its_amount)
{
    begin_journal(1);
    cr_assert(hold(1, 500, 0, 10));
    cr_assert(hold(1, -200, 0, 12));
    cr_assert(hold(1, 50, 0, 10));
    cr_assert_eq(batch->hold_count, 1);
    cr_expect_eq(batch->holds[0].hold.amount, 550);
    cr_expect_eq(batch->holds[0].hold.released, 200);
    cr_expect_eq(account->held, 350);
}

Test(batch, a_posting_goes_both_ways)
{
    begin_journal(1);
    cr_assert(batch_post(batch, account, INTERNAL_FEES, 150, 22));
    cr_assert(batch_post(batch, account, INTERNAL_SETTLEMENT, -50, 23));
    cr_expect_eq(account->posted, 9900);
    cr_expect_eq(batch->transfers[0].debit, ID);
    cr_expect_eq(batch->transfers[0].credit, INTERNAL_FEES << 10 | GBP);
    cr_expect_eq(batch->transfers[1].debit, INTERNAL_SETTLEMENT << 10 | GBP);
    cr_expect_eq(batch->transfers[1].credit, ID);
}

Test(batch, time_never_runs_back_within_an_account)
{
    account->last_at_us = batch->at_us + 5000000;
    begin_journal(1);
    cr_assert(hold(1, 500, 0, 10));
    cr_expect_eq(batch->transfers[0].at_us, batch->at_us + 5000000);
    cr_expect_eq(account->last_at_us, batch->at_us + 5000000);
}

Test(batch, a_cancelled_journal_leaves_no_trace)
{
    struct batch_key key = fixture_key(2, 101, 77);
    begin_journal(1);
    cr_assert(hold(1, 500, 0, 10));
    struct batch_account before = *account;
    struct batch_ids ids = batch->ids;

    begin_journal(2);
    cr_assert(batch_add_entry(batch, account, 1, &key, 1, (const uint8_t *)"x", 1));
    cr_assert(hold(1, 100, 0, 10));
    cr_assert(hold(2, 100, 0, 10));
    cr_assert(batch_post(batch, account, INTERNAL_FEES, 10, 22));
    cr_assert(batch_add_event(batch, account, "authorisation.approved"));
    cr_assert(batch_add_told(batch, 1, 1, "05", true));
    cr_assert(batch_add_inbox(batch, BATCH_WHY_PARKED));
    batch_cancel_journal(batch);

    cr_expect_eq(account->posted, before.posted);
    cr_expect_eq(account->held, before.held);
    cr_expect_eq(account->version, before.version);
    cr_expect_eq(account->event_version, before.event_version);
    cr_expect_eq(batch->ids.next, ids.next);
    cr_expect_eq(batch->journal_count, 1);
    cr_expect_eq(batch->transfer_count, 1);
    cr_expect_eq(batch->hold_count, 1);
    cr_expect_eq(batch->holds[0].hold.amount, 500);
    cr_expect_eq(batch->event_count + batch->told_count + batch->inbox_count + batch->parked_count,
                 0);
    cr_expect_null(batch_find_stored(batch, 2, 1));
    cr_expect_str_eq(batch_find_stored(batch, 1, 1)->response, "00");
    const struct batch_entry *entries[4];
    size_t count;
    cr_expect(batch_find_entries(batch, ID, &key, entries, 4, &count));
    cr_expect_eq(count, 0);
}

Test(batch, a_later_message_finds_what_an_earlier_one_added)
{
    struct batch_key first = fixture_key(1, 101, 77), second = fixture_key(2, 101, 77);
    begin_journal(1);
    cr_assert(batch_add_entry(batch, account, 1, &first, 1, (const uint8_t *)"a", 1));
    const struct batch_entry *entries[4];
    size_t count;
    cr_assert(batch_find_entries(batch, ID, &second, entries, 4, &count));
    cr_assert_eq(count, 1);
    begin_journal(2);
    cr_assert(batch_add_entry(batch, account, 1, &second, 1, (const uint8_t *)"b", 1));
    cr_assert(batch_find_entries(batch, ID, &first, entries, 4, &count));
    cr_assert_eq(count, 2);
    cr_expect_eq(entries[0]->n, 1);
    cr_expect_eq(entries[1]->n, 2);
    cr_expect_eq(entries[1]->facts[0], 'b');
}

struct reference_row {
    const char *name;
    struct batch_key entry, message;
    bool found;
};

Test(batch, payments_are_found_by_each_reference)
{
    static const struct reference_row rows[] = {
        {"own id",                        {.txn_id = 5},                       {.txn_id = 5},                       true },
        {"matching names the entry",      {.txn_id = 5},                       {.txn_id = 6, .matching_txn_id = 5}, true },
        {"the entry's matching names it", {.txn_id = 5, .matching_txn_id = 6}, {.txn_id = 6},                       true },
        {"both match the same one",
         {.txn_id = 5, .matching_txn_id = 4},
         {.txn_id = 6, .matching_txn_id = 4},
         true                                                                                                            },
        {"trace",                         {.txn_id = 5, .trace_key = 9},       {.txn_id = 6, .trace_key = 9},       true },
        {"the message's trace",
         {.txn_id = 5, .trace_message_key = 9},
         {.txn_id = 6, .trace_key = 9},
         true                                                                                                            },
        {"trace of the message",
         {.txn_id = 5, .trace_key = 9},
         {.txn_id = 6, .trace_message_key = 9},
         true                                                                                                            },
        {"link",                          {.txn_id = 5, .link_key = 9},        {.txn_id = 6, .link_key = 9},        true },
        {"acquirer reference",
         {.txn_id = 5, .acquirer_ref_key = 9},
         {.txn_id = 6, .acquirer_ref_key = 9},
         true                                                                                                            },
        {"nothing in common",             {.txn_id = 5, .trace_key = 8},       {.txn_id = 6, .trace_key = 9},       false},
        {"absent is not equal to absent", {.txn_id = 5},                       {.txn_id = 6},                       false},
        {"a trace is no link",            {.txn_id = 5, .trace_key = 9},       {.txn_id = 6, .link_key = 9},        false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct batch_entry *entries[4];
        size_t count;
        batch->entry_count = 0;
        cr_assert(batch_add_entry(batch, account, 5, &rows[i].entry, 1, (const uint8_t *)"a", 1));
        cr_assert(batch_find_entries(batch, ID, &rows[i].message, entries, 4, &count));
        cr_expect_eq(count, rows[i].found ? 1 : 0, "%s", rows[i].name);
    }
}

Test(batch, too_many_entries_are_said_to_be)
{
    struct batch_key key = fixture_key(1, 101, 77);
    for (uint64_t i = 1; i <= 3; i++) {
        key.txn_id = i;
        cr_assert(batch_add_entry(batch, account, 1, &key, 1, (const uint8_t *)"a", 1));
    }
    const struct batch_entry *entries[2];
    size_t count;
    cr_expect_not(batch_find_entries(batch, ID, &key, entries, 2, &count));
    cr_expect_eq(count, 2);
}

Test(batch, a_full_batch_refuses_another_message)
{
    struct batch_key key = fixture_key(1, 101, 0);
    for (int i = 0; i < BATCH_MESSAGES_MAX; i++) {
        cr_assert(batch_add_key(batch, &key));
    }
    cr_expect_not(batch_add_key(batch, &key));
    batch_reset(batch);
    cr_expect(batch_add_key(batch, &key));
}

Test(batch, limits_return_false_and_change_nothing)
{
    begin_journal(1);
    batch->transfer_count = BATCH_TRANSFERS_MAX;
    cr_expect_not(hold(1, 500, 0, 10));
    cr_expect_not(batch_post(batch, account, INTERNAL_FEES, 10, 22));
    cr_expect_eq(account->held, 0);
    cr_expect_eq(account->posted, 10000);
    batch->transfer_count = 0;
    batch->ids = (struct batch_ids){.next = 0};
    cr_expect_not(hold(1, 500, 0, 10));
    struct batch_message message = fixture_message(2, 1, ID, 101, 100);
    cr_expect_not(batch_begin_journal(batch, &message));
    batch->event_count = BATCH_EVENTS_MAX;
    cr_expect_not(batch_add_event(batch, account, "x"));
    batch->inbox_count = BATCH_INBOX_MAX;
    cr_expect_not(batch_add_inbox(batch, 1));
    batch->told_count = BATCH_TOLD_MAX;
    cr_expect_not(batch_add_told(batch, 1, 1, "05", true));
    batch->entry_count = BATCH_ENTRIES_MAX;
    struct batch_key key = fixture_key(1, 101, 0);
    cr_expect_not(batch_add_entry(batch, account, 1, &key, 1, (const uint8_t *)"a", 1));
}

Test(batch, ids_go_on_in_the_spare_block)
{
    batch->ids = (struct batch_ids){.next = 7, .end = 8, .spare_next = 100, .spare_end = 102};
    cr_expect_eq(batch_take_id(batch), 7);
    cr_expect_eq(batch_take_id(batch), 100);
    cr_expect_eq(batch_take_id(batch), 101);
    cr_expect_eq(batch_take_id(batch), 0);
}

Test(batch, the_told_answer_is_found_afterwards)
{
    begin_journal(1);
    cr_assert(batch_add_told(batch, 1, 1, "05", false));
    const struct batch_stored *stored = batch_find_stored(batch, 1, 1);
    cr_expect_str_eq(stored->response, "05");
    cr_expect_not(stored->acknowledged);
}

Test(batch, releasing_more_than_is_held_is_a_contradiction_and_moves_nothing)
{
    begin_journal(1);
    cr_assert(hold(1, 500, 0, 10));
    cr_expect_not(batch_take_contradiction(batch));
    const int64_t held = account->held;
    cr_expect_not(hold(1, -501, 0, 12));
    cr_expect(batch_take_contradiction(batch));
    cr_expect_not(batch_take_contradiction(batch), "asked once, forgotten");
    cr_expect_not(hold(2, -1, 0, 12), "there is no such hold");
    cr_expect(batch_take_contradiction(batch));
    cr_expect_eq(account->held, held);
    cr_expect(hold(1, -500, 0, 12));
    cr_expect_not(hold(1, -1, 0, 12), "it is closed");
    cr_expect(batch_take_contradiction(batch));
}
