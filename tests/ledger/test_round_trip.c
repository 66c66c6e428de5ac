/* What a batch writes is what the next one reads. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger/batch_state.h"
#include "ledger/ledger.h"
#include "tests/ledger/fixture.h"

static struct ledger *ledger;
static struct batch *batch;
static int64_t id; /* token 101: GBP 100.00 */

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

TestSuite(round_trip, .init = begin, .fini = end, .timeout = 60);

/* Fetches for one message of token 101; the account, locked. */
static struct batch_account *fetch(const struct batch_key *key)
{
    fixture_fetch(ledger, batch, key);
    struct batch_account *account = batch_find_account(batch, id);
    cr_assert_not_null(account);
    return account;
}

static void begin_journal(uint64_t txn_id, int role, int64_t amount)
{
    struct batch_message message = fixture_message(txn_id, role, id, 101, amount);
    cr_assert(batch_begin_journal(batch, &message));
}

/* Changes the hold of `txn_id` in a batch of its own, by a message of another id. */
static void change_hold(uint64_t message, uint64_t txn_id, int64_t delta, int64_t fee, int code)
{
    struct batch_key key = fixture_key(message, 101, (int64_t)txn_id + 1);
    struct batch_account *account = fetch(&key);
    begin_journal(message, 2, delta);
    cr_assert(batch_add_entry(batch, account, txn_id, &key, 2, (const uint8_t *)"f", 1));
    cr_assert(batch_change_hold(batch, account, txn_id, txn_id, 101, delta, fee, code, 0));
    cr_assert(batch_add_event(batch, account, "hold.reduced"));
    fixture_commit(ledger, batch);
}

Test(round_trip, an_authorisation_holds_money_and_raises_its_event)
{
    fixture_authorise(ledger, batch, 7001, 101, 2500);

    struct batch_key key = fixture_key(7001, 101, 7002);
    struct batch_account *account = fetch(&key);
    cr_expect_eq(account->posted, 10000);
    cr_expect_eq(account->held, 2500);
    cr_expect_eq(account->version, 2);
    cr_expect_eq(account->event_version, 2);
    cr_expect_eq(batch_available(account), 7500);

    const struct batch_stored *stored = batch_find_stored(batch, 7001, 1);
    cr_assert_not_null(stored);
    cr_expect_str_eq(stored->response, "00");
    cr_expect_eq(stored->facts_bytes, 4);
    const struct batch_entry *entries[8];
    size_t count;
    cr_assert(batch_find_entries(batch, id, &key, entries, 8, &count));
    cr_assert_eq(count, 1);
    cr_expect_eq(entries[0]->payment, 7001);
    cr_expect_eq(entries[0]->n, 1);
    cr_expect_arr_eq(entries[0]->facts, "\1\2\3\4", 4);
    cr_assert(ledger_rollback(ledger, fixture_deadline()));

    cr_expect_eq(fixture_number("SELECT amount FROM hold WHERE state = 1"), 2500);
    cr_expect_eq(fixture_number("SELECT count(*) FROM transfer WHERE code = 10 AND layer = 1"), 1);
    cr_expect_str_eq(fixture_value("SELECT payload ->> 'type' FROM outbox WHERE event_version = 2"),
                     "io.holdfast.authorisation.approved");
    cr_expect_str_eq(
        fixture_value("SELECT payload #>> '{data,available}' FROM outbox WHERE event_version = 2"),
        "7500");
    cr_expect_eq(fixture_number("SELECT count(*) FROM message m JOIN transfer t USING (journal_id) "
                                "WHERE m.txn_id = 7001"),
                 1);
    cr_expect_eq(fixture_number("SELECT count(*) FROM transfer t JOIN outbox o "
                                "USING (account_id, journal_id)"),
                 2);
}

Test(round_trip, a_hold_lives_through_release_and_generations)
{
    fixture_authorise(ledger, batch, 7001, 101, 2500);
    change_hold(7002, 7001, -1000, 0, 12);
    cr_expect_str_eq(fixture_value("SELECT released || ' ' || state FROM hold"), "1000 1");
    change_hold(7003, 7001, -1500, 0, 12);
    cr_expect_str_eq(
        fixture_value(
            "SELECT released || ' ' || state || ' ' || (closed_at IS NOT NULL) FROM hold"),
        "2500 3 true");
    change_hold(7004, 7001, 700, 0, 11);
    cr_expect_str_eq(
        fixture_value("SELECT string_agg(generation || ':' || amount || ':' || state, ' ' ORDER BY "
                      "generation) FROM hold"),
        "1:2500:3 2:700:1");
    change_hold(7005, 7001, 50, 0, 11);
    change_hold(7006, 7001, -750, 0, 21);
    cr_expect_str_eq(
        fixture_value("SELECT string_agg(generation || ':' || amount || ':' || cleared || ':' || "
                      "state, ' ' ORDER BY generation) FROM hold"),
        "1:2500:0:3 2:750:750:2");
    cr_expect_eq(fixture_number("SELECT held FROM account WHERE kind = 1"), 0);
    cr_expect_eq(fixture_number("SELECT count(*) FROM entry WHERE payment = 7001"), 6);
    cr_expect_eq(fixture_number("SELECT max(n) FROM entry WHERE payment = 7001"), 6);
}

Test(round_trip, a_hold_ends_and_grows_again_within_one_batch)
{
    fixture_authorise(ledger, batch, 7001, 101, 2500);
    struct batch_key key = fixture_key(7002, 101, 7002);
    struct batch_account *account = fetch(&key);
    begin_journal(7002, 2, 0);
    cr_assert(batch_change_hold(batch, account, 7001, 7001, 101, -2500, 0, 12, 0));
    cr_assert(batch_change_hold(batch, account, 7001, 7001, 101, 300, 0, 11, 0));
    cr_assert(batch_change_hold(batch, account, 7001, 7001, 101, -300, 0, 12, 0));
    cr_assert(batch_change_hold(batch, account, 7001, 7001, 101, 400, 0, 11, 0));
    fixture_commit(ledger, batch);
    cr_expect_str_eq(
        fixture_value("SELECT string_agg(generation || ':' || amount || ':' || state, ' ' ORDER BY "
                      "generation) FROM hold"),
        "1:2500:3 2:300:3 3:400:1");
}

Test(round_trip, fees_are_held_apart_and_posted_apart)
{
    struct batch_key key = fixture_key(7001, 101, 1);
    struct batch_account *account = fetch(&key);
    begin_journal(7001, 1, 2500);
    cr_assert(batch_change_hold(batch, account, 7001, 7001, 101, 2600, 100, 10, 0));
    cr_assert(batch_post(batch, account, INTERNAL_FEES, 25, 22));
    cr_assert(batch_add_event(batch, account, "authorisation.approved"));
    fixture_commit(ledger, batch);
    cr_expect_str_eq(fixture_value("SELECT string_agg(code || ':' || amount, ' ' ORDER BY "
                                   "account_version) FROM transfer WHERE code <> 40"),
                     "10:2500 15:100 22:25");
    cr_expect_eq(fixture_number("SELECT posted FROM account WHERE kind = 1"), 9975);
}

Test(round_trip, the_end_of_a_hold_is_the_one_asked_for)
{
    struct batch_key key = fixture_key(7001, 101, 1);
    struct batch_account *account = fetch(&key);
    begin_journal(7001, 1, 2500);
    cr_assert(batch_change_hold(batch, account, 7001, 7001, 101, 100, 0, 10, 1900000000000000));
    cr_assert(batch_change_hold(batch, account, 7001, 7002, 101, 100, 0, 10, 0));
    fixture_commit(ledger, batch);
    cr_expect_eq(
        fixture_number("SELECT extract(epoch FROM expires_at) FROM hold WHERE txn_id = 7001"),
        1900000000);
    cr_expect_eq(fixture_number("SELECT extract(day FROM expires_at - opened_at) FROM hold WHERE "
                                "txn_id = 7002"),
                 BATCH_HOLD_DAYS);
}

Test(round_trip, a_parked_message_waits_and_joins_its_payment)
{
    struct batch_key key = {.txn_id = 8001, .token = 101, .trace_key = 55, .matching_txn_id = 8000};
    fetch(&key);
    begin_journal(8001, 2, 500);
    cr_assert(batch_add_inbox(batch, BATCH_WHY_PARKED));
    fixture_commit(ledger, batch);
    cr_expect_str_eq(fixture_value("SELECT why || ' ' || state || ' ' || trace_key FROM inbox"),
                     "2 1 55");

    struct batch_key first = fixture_key(8000, 101, 55);
    struct batch_account *account = fetch(&first);
    struct batch_parked *parked[4];
    size_t count;
    cr_assert(batch_find_parked(batch, id, &first, parked, 4, &count));
    cr_assert_eq(count, 1);
    cr_expect_eq(parked[0]->txn_id, 8001);
    cr_expect_arr_eq(parked[0]->facts, "\1\2\3\4", 4);
    begin_journal(8000, 1, 500);
    cr_assert(batch_add_entry(batch, account, 8000, &first, 1, (const uint8_t *)"f", 1));
    cr_assert(batch_join_parked(batch, account, 8000, parked[0]));
    cr_expect(batch_find_parked(batch, id, &first, parked, 4, &count));
    cr_expect_eq(count, 0);
    fixture_commit(ledger, batch);
    cr_expect_str_eq(fixture_value("SELECT state || ' ' || (closed_at IS NOT NULL) FROM inbox"),
                     "2 true");
    cr_expect_str_eq(
        fixture_value("SELECT string_agg(n || ':' || txn_id || ':' || coalesce(trace_key, 0), ' ' "
                      "ORDER BY n) FROM entry"),
        "1:8000:55 2:8001:55");
    fetch(&first);
    cr_expect(batch_find_parked(batch, id, &first, parked, 4, &count));
    cr_expect_eq(count, 0);
    cr_assert(ledger_rollback(ledger, fixture_deadline()));
}

Test(round_trip, a_message_may_park_and_join_within_one_batch)
{
    struct batch_key key = fixture_key(8001, 101, 55), first = fixture_key(8000, 101, 55);
    batch_reset(batch);
    cr_assert(batch_add_key(batch, &key));
    cr_assert(batch_add_key(batch, &first));
    struct error error;
    cr_assert(ledger_fetch(ledger, batch, fixture_deadline(), &error));
    struct batch_account *account = batch_find_account(batch, id);
    begin_journal(8001, 2, 500);
    cr_assert(batch_add_inbox(batch, BATCH_WHY_PARKED));
    begin_journal(8000, 1, 500);
    struct batch_parked *parked[4];
    size_t count;
    cr_assert(batch_find_parked(batch, id, &first, parked, 4, &count));
    cr_assert_eq(count, 1);
    cr_assert(batch_join_parked(batch, account, 8000, parked[0]));
    fixture_commit(ledger, batch);
    cr_expect_str_eq(fixture_value("SELECT state || ' ' || (closed_at IS NOT NULL) FROM inbox"),
                     "2 true");
    cr_expect_eq(fixture_number("SELECT trace_key FROM entry WHERE txn_id = 8001"), 55);
}

/* 30 payments of one link, ids 9000 … 9029. */
static void link_many(void)
{
    for (uint64_t payment = 9000; payment < 9030; payment++) {
        struct batch_key key = {.txn_id = payment, .token = 101, .link_key = 66};
        struct batch_account *account = fetch(&key);
        begin_journal(payment, 1, 100);
        cr_assert(batch_add_entry(batch, account, payment, &key, 1, (const uint8_t *)"f", 1));
        fixture_commit(ledger, batch);
    }
}

Test(round_trip, a_payment_that_is_named_is_found_behind_newer_ones_of_its_link)
{
    const struct batch_entry *entries[64];
    struct batch_key key = {.txn_id = 9100, .token = 101, .link_key = 66, .matching_txn_id = 9001};
    size_t count;
    link_many();
    fetch(&key);
    cr_assert(batch_find_entries(batch, id, &key, entries, 64, &count));
    cr_assert_gt(count, 1);
    cr_expect_leq(count, 16);
    cr_expect_eq(entries[0]->txn_id, 9001);
    cr_expect_eq(entries[count - 1]->txn_id, 9029);
    cr_assert(ledger_rollback(ledger, fixture_deadline()));
}

Test(round_trip, a_malformed_message_stands_in_the_inbox_once)
{
    static const uint8_t fields[] = {9, 9};
    struct batch_message message = {.kind = "unknown",
                                    .rule = "Bill_Amt: expected a decimal",
                                    .reason = "malformed",
                                    .request_id = "r",
                                    .fields = fields,
                                    .fields_bytes = 2};
    for (int i = 0; i < 2; i++) {
        struct batch_key key = {.txn_id = 0};
        fixture_fetch(ledger, batch, &key);
        cr_assert(batch_add_inbox_only(batch, 7, &message)); /* no TXn_ID was readable */
        message.txn_id = 8100;
        message.role = 2;
        cr_assert(batch_add_inbox_only(batch, 6, &message));
        message.txn_id = 0;
        fixture_commit(ledger, batch);
    }
    cr_expect_eq(fixture_number("SELECT count(*) FROM inbox"), 2);
    cr_expect_str_eq(fixture_value("SELECT detail FROM inbox WHERE why = 6"),
                     "Bill_Amt: expected a decimal");
    cr_expect_eq(fixture_number("SELECT count(*) FROM message WHERE txn_id = 8100"), 0);
}

Test(round_trip, an_unknown_card_is_stored_without_an_account)
{
    struct batch_key key = fixture_key(8200, 999, 0);
    fixture_fetch(ledger, batch, &key);
    cr_expect_null(batch_find_card(batch, 999));
    cr_expect_gt(batch_at_us(batch), 1600000000000000);
    struct batch_message message = fixture_message(8200, 1, 0, 999, 100);
    memcpy(message.response, "14", 3);
    cr_assert(batch_begin_journal(batch, &message));
    cr_assert(batch_add_inbox(batch, 1));
    fixture_commit(ledger, batch);
    cr_expect_eq(
        fixture_number("SELECT count(*) FROM message WHERE account_id IS NULL AND token = 999"), 1);
    cr_expect_eq(fixture_number("SELECT count(*) FROM inbox WHERE why = 1 AND fields IS NULL"), 1);
    cr_expect_eq(fixture_number("SELECT count(*) FROM chain WHERE batch > 1"), 0, "nothing moved");
}

Test(round_trip, the_same_message_twice_is_refused_as_a_conflict)
{
    fixture_authorise(ledger, batch, 7001, 101, 2500);
    struct batch_key key = fixture_key(7001, 101, 1);
    struct batch_account *account = fetch(&key);
    begin_journal(7001, 1, 2500);
    cr_assert(batch_add_event(batch, account, "authorisation.approved"));
    struct error error;
    cr_expect_eq(ledger_commit(ledger, batch, fixture_deadline(), &error), LEDGER_REFUSED);
    cr_expect_eq(error.code, ERROR_CONFLICT);
    cr_expect_str_eq(error.field, "SQLSTATE 23505");
    cr_expect_not_null(strstr(error.message, "message_moves_money_once"), "%s", error.message);
    cr_expect(ledger_usable(ledger));
    fixture_authorise(ledger, batch, 7003, 101, 100); /* the session goes on */
    cr_expect_eq(fixture_number("SELECT held FROM account WHERE kind = 1"), 2600);
}

Test(round_trip, what_the_database_refuses_leaves_nothing)
{
    struct batch_key key = fixture_key(7001, 101, 1);
    struct batch_account *account = fetch(&key);
    begin_journal(7001, 1, 20000);
    cr_assert(batch_change_hold(batch, account, 7001, 7001, 101, 20000, 0, 10,
                                0)); /* decide() was wrong */
    struct error error;
    cr_expect_eq(ledger_commit(ledger, batch, fixture_deadline(), &error), LEDGER_REFUSED);
    cr_expect_eq(error.code, ERROR_INVALID);
    cr_expect_not_null(strstr(error.message, "transfer_authorisation_never_below_zero"));
    cr_expect_eq(fixture_number("SELECT count(*) FROM message WHERE txn_id = 7001"), 0);
    cr_expect_eq(fixture_number("SELECT held FROM account WHERE kind = 1"), 0);
}

Test(round_trip, an_id_beyond_bigint_is_refused)
{
    struct batch_key key = fixture_key(UINT64_MAX, 101, 1);
    fetch(&key);
    begin_journal(UINT64_MAX, 1, 5);
    struct error error;
    cr_expect_eq(ledger_commit(ledger, batch, fixture_deadline(), &error), LEDGER_REFUSED);
    cr_expect(ledger_usable(ledger));
}

Test(round_trip, told_and_refused_are_kept_beside_the_message)
{
    fixture_authorise(ledger, batch, 7001, 101, 2500);
    struct batch_key key = fixture_key(7001, 101, 1);
    struct batch_account *account = fetch(&key);
    struct batch_message other = fixture_message(7001, 1, id, 101, 9999);
    cr_assert(batch_add_refused(batch, &other));
    cr_assert(batch_add_refused(batch, &other));
    cr_assert(batch_add_event(batch, account, "message.conflict"));
    cr_assert(batch_add_told(batch, 7001, 1, "05", true));
    fixture_commit(ledger, batch);
    cr_expect_eq(fixture_number("SELECT count(*) FROM message_refused"), 1);
    cr_expect_eq(fixture_number("SELECT count(*) FROM outbox WHERE journal_id IS NULL"), 1);

    fetch(&key);
    cr_expect_str_eq(batch_find_stored(batch, 7001, 1)->response, "05");
    cr_assert(batch_add_told(batch, 7001, 1, "00", true)); /* the first one told stays */
    fixture_commit(ledger, batch);
    cr_expect_str_eq(fixture_value("SELECT response FROM told"), "05");
}

Test(round_trip, a_cut_off_is_stored_once)
{
    struct batch_cutoff cutoff = {
        .cutoff_id = 3,
        .product = 4,
        .first_txn_id = 1,
        .last_txn_id = 9,
        .counts = {1, 2, 3, 4, 5, 6, 7, 8}
    };
    for (int i = 0; i < 2; i++) {
        struct batch_key key = {.txn_id = 0};
        fixture_fetch(ledger, batch, &key);
        cutoff.request_id = i == 0 ? "first" : "second";
        cr_assert(batch_add_cutoff(batch, &cutoff));
        fixture_commit(ledger, batch);
    }
    cr_expect_str_eq(fixture_value("SELECT counts::text || request_id FROM cutoff"),
                     "{1,2,3,4,5,6,7,8}first");
}

Test(round_trip, an_account_that_another_session_holds_is_left_for_later)
{
    fixture_card(102, GBP, 500);
    PGconn *other = PQconnectdb(fixture_conninfo("holdfast_operator"));
    char sql[128];
    snprintf(sql, sizeof(sql),
             "BEGIN; SELECT FROM account WHERE id = %" PRId64 " FOR NO KEY UPDATE", id);
    PQclear(PQexec(other, sql));
    struct batch_key key = fixture_key(7001, 101, 1), second = fixture_key(7002, 102, 2);
    batch_reset(batch);
    cr_assert(batch_add_key(batch, &key));
    cr_assert(batch_add_key(batch, &second));
    struct error error;
    cr_assert(ledger_fetch(ledger, batch, fixture_deadline(), &error));
    cr_expect_null(batch_find_account(batch, id));
    cr_expect_not_null(batch_find_card(batch, 101));
    cr_expect_not_null(batch_find_account(batch, batch_find_card(batch, 102)->account));
    cr_assert(ledger_rollback(ledger, fixture_deadline()));
    PQfinish(other);
}

Test(round_trip, a_foreign_key_check_elsewhere_does_not_wait_for_us)
{
    struct batch_key key = fixture_key(7001, 101, 1);
    fetch(&key);
    char sql[200];
    snprintf(sql, sizeof(sql),
             "SET lock_timeout = '1s'; INSERT INTO card (token, account_id) VALUES (555, %" PRId64
             ")",
             id);
    cr_expect_str_eq(fixture_run("holdfast_operator", sql), "00000");
    cr_assert(ledger_rollback(ledger, fixture_deadline()));
}

struct currency_row {
    const char *name;
    uint16_t currency;
    int32_t token;
};

Test(round_trip, minor_units_of_any_exponent_are_whole_numbers)
{
    static const struct currency_row rows[] = {
        {"no digits",    JPY, 201},
        {"three digits", KWD, 202}
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t account = fixture_card(rows[i].token, rows[i].currency, 123456);
        cr_expect_eq(account & 1023, rows[i].currency, "%s", rows[i].name);
        fixture_authorise(ledger, batch, 7100 + i, rows[i].token, 1);
        char sql[128];
        snprintf(sql, sizeof(sql),
                 "SELECT count(*) FROM transfer WHERE currency = %u AND amount = 1",
                 rows[i].currency);
        cr_expect_eq(fixture_number(sql), 1, "%s", rows[i].name);
    }
}

Test(round_trip, a_batch_of_many_is_one_update_an_account)
{
    enum { COUNT = 200 };
    batch_reset(batch);
    for (uint64_t i = 0; i < COUNT; i++) {
        struct batch_key key = fixture_key(9000 + i, 101, (int64_t)i + 1);
        cr_assert(batch_add_key(batch, &key));
    }
    struct error error;
    cr_assert(ledger_fetch(ledger, batch, fixture_deadline(), &error));
    struct batch_account *account = batch_find_account(batch, id);
    for (uint64_t i = 0; i < COUNT; i++) {
        begin_journal(9000 + i, 1, 1);
        cr_assert(
            batch_add_entry(batch, account, 9000 + i, &batch->keys[i], 1, (const uint8_t *)"f", 1));
        cr_assert(batch_change_hold(batch, account, 9000 + i, 9000 + i, 101, 1, 0, 10, 0));
        cr_assert(batch_add_event(batch, account, "authorisation.approved"));
    }
    fixture_commit(ledger, batch);
    cr_expect_eq(fixture_number("SELECT held FROM account WHERE kind = 1"), COUNT);
    cr_expect_eq(fixture_number(
                     "SELECT count(*) FROM (SELECT seq - lag(seq) OVER (ORDER BY event_version) d "
                     "FROM outbox) x WHERE d < 1"),
                 0, "seq rises with event_version");
    cr_expect_eq(fixture_number("SELECT n FROM chain ORDER BY at DESC LIMIT 1"), COUNT);
}

Test(round_trip, ids_never_come_twice)
{
    for (uint64_t i = 0; i < 5; i++) {
        fixture_authorise(ledger, batch, 9000 + i, 101, 1);
    }
    struct ledger *second = fixture_ledger();
    fixture_authorise(second, batch, 9100, 101, 1);
    ledger_close(second);
    batch->ids = (struct batch_ids){.next = 0};
    cr_expect_eq(fixture_number(
                     "SELECT count(*) - count(DISTINCT id) FROM (SELECT id FROM transfer UNION ALL "
                     "SELECT journal_id FROM message) x"),
                 0);
}

Test(round_trip, nothing_to_write_is_durable)
{
    struct batch_key key = fixture_key(7001, 101, 1);
    fetch(&key);
    fixture_commit(ledger, batch);
    fetch(&key); /* the transaction has ended */
    cr_assert(ledger_rollback(ledger, fixture_deadline()));
}

Test(round_trip, a_payment_is_found_by_each_reference_in_the_database)
{
    struct batch_key stored = {.txn_id = 7001,
                               .token = 101,
                               .matching_txn_id = 6001,
                               .trace_key = 11,
                               .trace_message_key = 12,
                               .link_key = 13,
                               .acquirer_ref_key = 14};
    struct batch_account *account = fetch(&stored);
    begin_journal(7001, 1, 5);
    cr_assert(batch_add_entry(batch, account, 7001, &stored, 1, (const uint8_t *)"f", 1));
    fixture_commit(ledger, batch);

    const struct batch_key rows[] = {
        {.txn_id = 7001,           .token = 101           },
        {           .txn_id = 1,            .token = 101, .matching_txn_id = 7001},
        {           .txn_id = 6001,            .token = 101                       },
        { .txn_id = 1, .token = 101,                        .matching_txn_id = 6001},
        { .txn_id = 1,         .token = 101,                                .trace_key = 11},
        { .txn_id = 1,         .token = 101,                                .trace_key = 12},
        { .txn_id = 1, .token = 101,                        .trace_message_key = 11},
        { .txn_id = 1, .token = 101,                        .trace_message_key = 12},
        { .txn_id = 1,          .token = 101,                                 .link_key = 13},
        { .txn_id = 1,  .token = 101,                         .acquirer_ref_key = 14},
        { .txn_id = 1,          .token = 101,                                 .link_key = 11}, /* found by none */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct batch_entry *entries[4];
        size_t count, expected = i + 1 == sizeof(rows) / sizeof(rows[0]) ? 0 : 1;
        fetch(&rows[i]);
        cr_expect_eq(batch->entry_count, expected, "row %zu", i);
        cr_assert(batch_find_entries(batch, id, &rows[i], entries, 4, &count));
        cr_expect_eq(count, expected, "row %zu", i);
        cr_assert(ledger_rollback(ledger, fixture_deadline()));
    }
}
