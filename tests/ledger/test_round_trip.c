/* What a batch writes is what the next one reads. */
#include <criterion/criterion.h>
#include <string.h>

#include "ledger/ledger.h"
#include "tests/ledger/fixture.h"

TestSuite(round_trip, .init = fixture_begin, .fini = fixture_end, .timeout = 60);

Test(round_trip, an_authorisation_holds_money_and_raises_its_event)
{
    int64_t id = fixture_card(101, GBP, 10000);
    struct ledger *ledger = fixture_ledger();
    struct batch *batch = batch_create();
    fixture_authorise(ledger, batch, 7001, 101, 2500);

    struct batch_key key = fixture_key(7001, 101, 7002);
    fixture_fetch(ledger, batch, &key);
    struct batch_account *account = batch_find_account(batch, id);
    cr_assert_not_null(account);
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
    batch_destroy(batch);
    ledger_close(ledger);
}
