/* Amounts and holds of one payment, computed straight from entries. */
#include "authz/payment.h"

#include <criterion/criterion.h>
#include <string.h>

#include "authz/classify.h"
#include "base/money.h"
#include "book.h"

static struct payment_holds holds; /* large */

static struct statement state(const struct message *message, bool approved)
{
    struct classification classification = classify(message);
    struct statement statement;

    statement_of_message(message, classification.role, classification.row, SCHEME_UNKNOWN,
                         &statement);
    statement.approved = approved && classification.role == ROLE_REQUEST;
    return statement;
}

struct list {
    size_t count;
    struct payment_entry entries[16];
};

static void add(struct list *list, const struct message *message, bool approved)
{
    list->entries[list->count] = (struct payment_entry){
        .payment = 1, .n = (uint32_t)list->count + 1, .statement = state(message, approved)};
    list->count++;
}

#define ADD(list, ...)          add(list, &(const struct message)__VA_ARGS__, true)
#define ADD_DECLINED(list, ...) add(list, &(const struct message)__VA_ARGS__, false)

static int64_t compute(const struct list *list, uint16_t currency)
{
    payment_compute(list->entries, list->count, currency, &holds);
    return holds.total_minor;
}

static int64_t hold_of(uint64_t txn_id)
{
    const struct authorisation *found = payment_find(&holds, txn_id);

    return found != NULL ? found->hold_minor : -1;
}

/* clang-format off */
Test(payment, holds_the_total_rounded_up_once)
{
    static const struct {
        const char *name;
        uint16_t currency;
        int64_t bill, fixed, rate, fx, mcc, hold;
    } rows[] = {
        {"plain", GBP, 624000, 0, 0, 0, 0, 6240},
        {"fees", GBP, 400000, 3000, 4000, 0, 0, 4070},
        {"exchange and pads", EUR, 912700, 5000, 13691, 18254, 0, 9497},
        {"no decimals", JPY, 31500000, 0, 0, 945000, 0, 3245},
        {"three decimals", KWD, 12500, 500, 125, 0, 0, 1313},
        {"restaurant pad", GBP, 300000, 0, 0, 0, 60000, 3600},
        {"the guide's own sum", GBP, 1094500, 14100, 9200, 20400, 50800, 11890},
        {"a hundredth of a penny", GBP, 1, 0, 0, 0, 0, 1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct list list = {0};
        ADD(&list, ASK(1, rows[i].bill, .bill_currency = rows[i].currency,
                       .txn_currency = rows[i].currency, .fee_fixed_e4 = rows[i].fixed,
                       .fee_rate_e4 = rows[i].rate, .fx_pad_e4 = rows[i].fx,
                       .mcc_pad_e4 = rows[i].mcc));
        cr_expect_eq(compute(&list, rows[i].currency), rows[i].hold, "%s: %ld", rows[i].name,
                     (long)holds.total_minor);
    }
}

Test(payment, approves_the_largest_part_that_fits)
{
    static const struct {
        const char *name;
        struct message message;
        int64_t available, part, hold;
    } rows[] = {
        {"the worked example", ASK(1, 600000, .fee_fixed_e4 = 5000, .fee_rate_e4 = 6000), 4000, 3910, 4000},
        {"no fees: all there is", ASK(1, 450000), 3000, 3000, 3000},
        {"nothing there", ASK(1, 450000), 0, 0, 0},
        {"below zero", ASK(1, 450000), -5, 0, 0},
        {"the fixed fee takes it all", ASK(1, 450000, .fee_fixed_e4 = 300000), 3000, 0, 0},
        {"pads shrink with it", ASK(1, 1000000, .mcc_pad_e4 = 1000000), 5000, 2500, 5000},
        {"never more than was asked", ASK(1, 1000000), 99999, 10000, 10000},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct statement statement = state(&rows[i].message, false);
        int64_t hold;
        int64_t part = payment_partial(&statement, rows[i].available, GBP, &hold);
        cr_expect_eq(part, rows[i].part, "%s: part %ld", rows[i].name, (long)part);
        cr_expect_eq(hold, rows[i].hold, "%s: hold %ld", rows[i].name, (long)hold);
    }
}
/* clang-format on */

Test(payment, releases_shares_of_the_unrounded_total)
{
    struct list list = {0};
    ADD(&list, ASK(1, 10000, .fee_fixed_e4 = 5000));
    ADD(&list, REVERSE(2, 9700));
    ADD(&list, REVERSE(3, 100));
    cr_expect_eq(compute(&list, GBP), 3, "1.50 on 1.00 less 0.97 and 0.01 leaves 0.03");
}

Test(payment, keeps_the_fees_part_of_a_hold_apart)
{
    struct list list = {0};
    ADD(&list, ASK(1, 400000, .fee_fixed_e4 = 3000, .fee_rate_e4 = 4000, .fx_pad_e4 = 10000));
    compute(&list, GBP);
    cr_expect_eq(holds.authorisations[0].hold_minor, 4170);
    cr_expect_eq(holds.authorisations[0].fee_minor, 70);
}

Test(payment, gives_the_last_word_to_the_processor_and_the_network)
{
    struct list list = {0};
    ADD(&list, ASK(1, 100000));
    cr_expect_eq(compute(&list, GBP), 1000);
    ADD(&list, TOLD(1, 'A', 90000));
    cr_expect_eq(compute(&list, GBP), 900, "re-rated by the closing advice");
    cr_expect(holds.authorisations[0].forced);
    ADD(&list, ADVICE(2, 110000, .matching_txn_id = 1));
    cr_expect_eq(compute(&list, GBP), 1100, "replaced by the advice that names it");
    cr_expect_eq(holds.count, 1);
    ADD(&list, ADVICE(3, 110000, .matching_txn_id = 1, .stat = 'I'));
    cr_expect_eq(compute(&list, GBP), 0, "among several the highest id");
}

Test(payment, takes_an_advice_that_names_nobody_as_an_authorisation)
{
    struct list list = {0};
    ADD(&list, ASK(1, 100000, .retrieval_ref = "R1"));
    ADD(&list, ADVICE(2, 50000, .retrieval_ref = "R2"));
    cr_expect_eq(compute(&list, GBP), 1500);
    ADD(&list, ADVICE(3, 70000, .retrieval_ref = "R1"));
    cr_expect_eq(compute(&list, GBP), 1200, "the same retrieval reference is a name");
    cr_expect_eq(hold_of(1), 700);
    cr_expect_eq(hold_of(3), 700, "found by the advice's id too");
}

Test(payment, knows_cleared_and_reversed_states)
{
    struct list cleared = {0}, reversed = {0};
    ADD(&cleared, TOLD(1, 'C', 100000));
    ADD(&reversed, TOLD(1, 'V', 100000));
    cr_expect_eq(compute(&cleared, GBP), 1000);
    cr_expect_eq(compute(&reversed, GBP), 0);
    cr_expect(holds.authorisations[0].stands);
}

Test(payment, is_one_authorisation_under_several_ids)
{
    struct list list = {0};
    ADD(&list, ASK(1, 100000, .trace = "t", .retrieval_ref = "R", .sent_at_de07 = "1125031415"));
    ADD(&list, ASK(2, 100000, .mtid = 101, .trace = "t", .retrieval_ref = "R",
                   .sent_at_de07 = "1125031415"));
    ADD(&list, ASK(3, 100000, .trace = "t", .retrieval_ref = "R", .sent_at_de07 = "1125031415"));
    ADD(&list, ASK(4, 100000, .trace = "t", .retrieval_ref = "S", .sent_at_de07 = "1125031416"));
    cr_expect_eq(compute(&list, GBP), 2000);
    cr_expect_eq(holds.count, 2);
    cr_expect_eq(payment_find(&holds, 3)->txn_id, 1, "the first one keys the hold");
    ADD(&list, TOLD(1, 'I', 100000, .trace = "t", .response = "05"));
    cr_expect_eq(compute(&list, GBP), 2000, "approved while any sibling stands approved");
}

Test(payment, allocates_a_named_reversal_to_its_own)
{
    struct list list = {0};
    ADD(&list, ASK(1, 100000));
    ADD(&list, ASK(2, 200000));
    ADD(&list, REVERSE(3, 100000, .matching_txn_id = 1));
    compute(&list, GBP);
    cr_expect_eq(hold_of(1), 0);
    cr_expect_eq(hold_of(2), 2000);
    ADD(&list, REVERSE(4, 50000, .matching_txn_id = 1));
    compute(&list, GBP);
    cr_expect_eq(hold_of(2), 1500, "what is left over goes to the others");
}

Test(payment, allocates_a_nameless_reversal_newest_first)
{
    struct list list = {0};
    ADD(&list, ASK(2, 200000));
    ADD(&list, ASK(1, 100000));
    ADD(&list, REVERSE(3, 250000));
    compute(&list, GBP);
    cr_expect_eq(hold_of(2), 0, "the newest by id, not by arrival");
    cr_expect_eq(hold_of(1), 500);
}

Test(payment, does_not_let_a_reversal_pass_over_what_it_names)
{
    struct list list = {0};
    ADD(&list, ASK(1, 100000));
    ADD_DECLINED(&list, ASK(2, 200000));
    ADD(&list, REVERSE(3, 100000, .matching_txn_id = 2));
    compute(&list, GBP);
    cr_expect_eq(hold_of(1), 1000, "declined: the reversal stays with it");
    ADD(&list, TOLD(2, 'A', 200000));
    compute(&list, GBP);
    cr_expect_eq(hold_of(2), 1000, "approved after all, and half reversed");
    ADD(&list, REVERSE(5, 100000, .matching_txn_id = 6));
    compute(&list, GBP);
    cr_expect_eq(hold_of(1), 1000, "one that is not here yet keeps its reversal");
    cr_expect_eq(hold_of(2), 1000);
}

Test(payment, lets_a_name_that_leads_to_a_dummy_be_none)
{
    struct list list = {0};
    ADD(&list, ASK(1, 100000));
    ADD(&list, BOOK_MESSAGE(9, .mtid = 1240, .type = 'A', .bill_e4 = -100000));
    ADD(&list, REVERSE(3, 100000, .matching_txn_id = 9));
    cr_expect_eq(compute(&list, GBP), 0);
}

Test(payment, spares_a_request_that_came_after_a_nameless_reversal)
{
    struct list list = {0};
    ADD(&list, ASK(1, 100000));
    ADD(&list, REVERSE(2, 150000));
    ADD(&list, ASK(3, 200000));
    compute(&list, GBP);
    cr_expect_eq(hold_of(1), 0);
    cr_expect_eq(hold_of(3), 2000);
    ADD(&list, TOLD(5, 'A', 200000));
    compute(&list, GBP);
    cr_expect_eq(hold_of(5), 500, "never ours to decide: open to it whenever it comes");
    cr_expect_eq(hold_of(1), 1000, "and newer than the first");
}

Test(payment, gives_an_orphan_to_a_later_request_only_with_its_outcome)
{
    struct list list = {0};
    ADD_DECLINED(&list, ASK(1, 100000));
    ADD(&list, REVERSE(2, 50000));
    ADD(&list, ASK(3, 200000));
    compute(&list, GBP);
    cr_expect_eq(hold_of(3), 2000);
    ADD(&list, TOLD(3, 'A', 200000));
    compute(&list, GBP);
    cr_expect_eq(hold_of(3), 1500);
}

Test(payment, compares_billing_amounts_where_currencies_differ)
{
    struct list list = {0};
    ADD(&list, ASK(1, 100000, .txn_e4 = 120000, .txn_currency = EUR));
    ADD(&list, REVERSE(2, 25000, .txn_e4 = 28000, .txn_currency = USD));
    cr_expect_eq(compute(&list, GBP), 750);
    ADD(&list, REVERSE(3, 75000, .txn_e4 = 0));
    cr_expect_eq(compute(&list, GBP), 0);
}

Test(payment, holds_nothing_for_another_currency)
{
    struct list list = {0};
    ADD(&list, TOLD(1, 'A', 100000, .bill_currency = EUR));
    cr_expect_eq(compute(&list, GBP), 0);
    cr_expect(!holds.authorisations[0].stands);
}

Test(payment, scales_a_partial_approval_and_forgives_a_unit)
{
    struct list list = {0};
    struct message ask = ASK(1, 450000, .txn_e4 = 500000, .txn_currency = EUR);
    add(&list, &ask, true);
    list.entries[0].statement.approved_minor = 1000; /* 10.00 of 45.00: 11.1111 EUR */
    cr_expect_eq(compute(&list, GBP), 1000);
    cr_expect_eq(holds.authorisations[0].partial_minor, 1000);
    ADD(&list, REVERSE(2, 100000, .txn_e4 = 111100, .txn_currency = EUR));
    cr_expect_eq(compute(&list, GBP), 0, "11.11 of 11.1111 is all of it");
}

Test(payment, reads_an_advised_part_from_its_billing_amount)
{
    struct list known = {0}, unknown = {0};
    ADD(&known, ASK(1, 450000));
    ADD(&known, TOLD(1, 'A', 300000, .txn_e4 = 450000, .response = "10"));
    ADD(&known, REVERSE(2, 300000));
    cr_expect_eq(compute(&known, GBP), 0);
    ADD(&unknown, TOLD(1, 'A', 300000, .txn_e4 = 450000, .response = "10"));
    cr_expect_eq(compute(&unknown, GBP), 3000);
    ADD(&unknown, REVERSE(2, 300000));
    cr_expect_eq(compute(&unknown, GBP), 0);
}

Test(payment, holds_the_fees_of_an_enquiry_and_nothing_for_a_check)
{
    struct list list = {0};
    ADD(&list, ASK(1, 0, .proc = 30, .fee_fixed_e4 = 2500, .trace = "t"));
    cr_expect_eq(compute(&list, GBP), 25);
    ADD(&list, REVERSE(2, 0, .trace = "t"));
    cr_expect_eq(compute(&list, GBP), 0);
    struct list check = {0};
    ADD(&check, ASK(1, 0, .proc = 39, .fee_fixed_e4 = 2500));
    cr_expect_eq(compute(&check, GBP), 0);
}

Test(payment, takes_our_own_word_back)
{
    struct list list = {0};
    ADD(&list, ASK(1, 100000));
    ADD(&list, ASK(1, 100000));
    list.entries[1].statement.role = ROLE_VOID;
    list.entries[1].statement.row = ROW_VOID;
    cr_expect_eq(compute(&list, GBP), 0);
    ADD(&list, TOLD(1, 'A', 100000));
    cr_expect_eq(compute(&list, GBP), 1000, "but not the processor's");
}

Test(payment, never_sums_past_what_an_integer_holds)
{
    struct list list = {0};
    for (uint64_t id = 1; id <= 16; id++) {
        struct message message = TOLD(id, 'A', MONEY_E4_MAX, .fee_fixed_e4 = MONEY_E4_MAX,
                                      .fx_pad_e4 = MONEY_E4_MAX, .bill_currency = 990);
        add(&list, &message, true);
    }
    cr_expect_gt(compute(&list, 990), 0);
}
