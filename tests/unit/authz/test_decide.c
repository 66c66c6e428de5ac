/* Every reason, each one step from an approval, and what every kind of message does to the books.
 */
#include "authz/decide.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/money.h"
#include "book.h"

/* Tables of messages are laid out by hand; clang-format 14 crashes on some. */
/* clang-format off */
static const struct row {
    const char *name;
    struct message message;
    enum card_status card; /* 0: active */
    enum account_status account; /* 0: active */
    int32_t expiry_yyyymm;
    int mode; /* 0: mode 1; -1: refuse */
    enum reason expected;
    const char *code;
    int64_t held;
} rows[] = {
    {"exactly what is available", ASK(1, 500000), 0, 0, 0, 0, REASON_APPROVED, "00", 5000},
    {"one penny more", ASK(1, 500100), 0, 0, 0, 0, REASON_INSUFFICIENT_FUNDS, "51", 0},
    {"a hundredth of a penny more", ASK(1, 500001), 0, 0, 0, 0, REASON_INSUFFICIENT_FUNDS, "51", 0},
    {"fees count", ASK(1, 499900, .fee_fixed_e4 = 200), 0, 0, 0, 0, REASON_INSUFFICIENT_FUNDS, "51", 0},
    {"in part", ASK(1, 600000, .pos_capability = "1"), 0, 0, 0, 0, REASON_APPROVED_PARTIALLY, "10", 5000},
    {"in part, not possible there", ASK(1, 600000, .pos_capability = "0"), 0, 0, 0, 0, REASON_INSUFFICIENT_FUNDS, "51", 0},
    {"cash", ASK(1, 500000, .proc = 1), 0, 0, 0, 0, REASON_APPROVED, "00", 5000},
    {"cash, too much", ASK(1, 500100, .proc = 1), 0, 0, 0, 0, REASON_INSUFFICIENT_FUNDS, "51", 0},
    {"cashback", ASK(1, 500000, .proc = 9), 0, 0, 0, 0, REASON_APPROVED, "00", 5000},
    {"a 0101 whose 0100 never came", ASK(1, 500000, .mtid = 101), 0, 0, 0, 0, REASON_APPROVED, "00", 5000},
    {"an account check", ASK(1, 0, .proc = 39), 0, 0, 0, 0, REASON_APPROVED, "00", 0},
    {"a zero amount in any currency", ASK(1, 0, .bill_currency = 0), 0, 0, 0, 0, REASON_APPROVED, "00", 0},
    {"a check of a frozen card", ASK(1, 0, .proc = 39), CARD_FROZEN, 0, 0, 0, REASON_CARD_FROZEN, "62", 0},
    {"a balance enquiry", ASK(1, 0, .proc = 30), 0, 0, 0, 0, REASON_APPROVED, "00", 0},
    {"a balance enquiry with a fee", ASK(1, 0, .proc = 30, .fee_fixed_e4 = 2500), 0, 0, 0, 0, REASON_APPROVED, "00", 25},
    {"an enquiry whose fee is too much", ASK(1, 0, .proc = 30, .fee_fixed_e4 = 600000, .pos_capability = "1"), 0, 0, 0, 0, REASON_INSUFFICIENT_FUNDS, "51", 0},
    {"closed card", ASK(1, 10000), CARD_CLOSED, 0, 0, 0, REASON_CARD_CLOSED, "46", 0},
    {"closed account", ASK(1, 10000), 0, ACCOUNT_CLOSED, 0, 0, REASON_ACCOUNT_CLOSED, "46", 0},
    {"account about to close", ASK(1, 10000), 0, ACCOUNT_CLOSING, 0, 0, REASON_ACCOUNT_CLOSED, "46", 0},
    {"lost", ASK(1, 10000), CARD_LOST, 0, 0, 0, REASON_CARD_LOST, "41", 0},
    {"stolen", ASK(1, 10000), CARD_STOLEN, 0, 0, 0, REASON_CARD_STOLEN, "43", 0},
    {"not active", ASK(1, 10000), CARD_NOT_ACTIVE, 0, 0, 0, REASON_CARD_NOT_ACTIVE, "78", 0},
    {"expired by status", ASK(1, 10000), CARD_EXPIRED, 0, 0, 0, REASON_CARD_EXPIRED, "54", 0},
    {"expired by its date", ASK(1, 10000), 0, 0, 202510, 0, REASON_CARD_EXPIRED, "54", 0},
    {"good to the month's end", ASK(1, 10000), 0, 0, 202511, 0, REASON_APPROVED, "00", 100},
    {"blocked by us", ASK(1, 10000), CARD_BLOCKED, 0, 0, 0, REASON_CARD_BLOCKED, "62", 0},
    {"account blocked", ASK(1, 10000), 0, ACCOUNT_BLOCKED, 0, 0, REASON_ACCOUNT_BLOCKED, "62", 0},
    {"an account status nobody knows", ASK(1, 10000), 0, (enum account_status)77, 0, 0, REASON_ACCOUNT_BLOCKED, "62", 0},
    {"frozen", ASK(1, 10000), CARD_FROZEN, 0, 0, 0, REASON_CARD_FROZEN, "62", 0},
    {"a card status nobody knows", ASK(1, 10000), (enum card_status)77, 0, 0, 0, REASON_CARD_FROZEN, "62", 0},
    {"closed beats frozen", ASK(1, 10000), CARD_FROZEN, ACCOUNT_CLOSED, 0, 0, REASON_ACCOUNT_CLOSED, "46", 0},
    {"frozen beats short funds", ASK(1, 900000), CARD_FROZEN, 0, 0, 0, REASON_CARD_FROZEN, "62", 0},
    {"frozen beats what is not offered", ASK(1, 10000, .auth_type = 'P'), CARD_FROZEN, 0, 0, 0, REASON_CARD_FROZEN, "62", 0},
    {"a pre-authorisation", ASK(1, 10000, .auth_type = 'P'), 0, 0, 0, 0, REASON_NOT_SUPPORTED, "58", 0},
    {"fuel", ASK(1, 10000, .mcc = 5542), 0, 0, 0, 0, REASON_NOT_SUPPORTED, "58", 0},
    {"a refund", ASK(1, -10000, .proc = 20), 0, 0, 0, 0, REASON_NOT_SUPPORTED, "58", 0},
    {"an original credit", ASK(1, -10000, .proc = 26), 0, 0, 0, 0, REASON_NOT_SUPPORTED, "58", 0},
    {"account funding", ASK(1, 10000, .proc = 10), 0, 0, 0, 0, REASON_NOT_SUPPORTED, "58", 0},
    {"a PIN change", ASK(1, 0, .proc = 92), 0, 0, 0, 0, REASON_NOT_SUPPORTED, "58", 0},
    {"a token request", ASK(1, 0, .proc = 33), 0, 0, 0, 0, REASON_NOT_SUPPORTED, "58", 0},
    {"an activation code passes", ASK(1, 0, .proc = 34), CARD_FROZEN, 0, 0, 0, REASON_NOTED, "00", 0},
    {"a financial request", ASK(1, 10000, .mtid = 200, .type = 'M'), 0, 0, 0, 0, REASON_NOT_SUPPORTED, "58", 0},
    {"a product that refuses", ASK(1, 10000), 0, 0, 0, -1, REASON_NOT_SUPPORTED, "58", 0},
    {"a product that refuses checks too", ASK(1, 0, .proc = 39), 0, 0, 0, -1, REASON_NOT_SUPPORTED, "58", 0},
    {"mode 4 decides alike", ASK(1, 500000), 0, 0, 0, 4, REASON_APPROVED, "00", 5000},
    {"another currency", ASK(1, 10000, .bill_currency = EUR), 0, 0, 0, 0, REASON_CURRENCY, "62", 0},
    {"no currency", ASK(1, 10000, .bill_currency = 0), 0, 0, 0, 0, REASON_CURRENCY, "62", 0},
    {"a wrong element", ASK(1, 10000, .malformed_field = "Bill_Amt"), 0, 0, 0, 0, REASON_MALFORMED, "05", 0},
    {"a wrong element to Visa", ASK(1, 10000, .trace = "VIS1-1", .malformed_field = "Bill_Amt"), 0, 0, 0, 0, REASON_MALFORMED, "12", 0},
    {"more than the books hold", ASK(1, MONEY_E4_MAX, .bill_currency = JPY, .fee_fixed_e4 = MONEY_E4_MAX), 0, 0, 0, 0, REASON_CURRENCY, "62", 0},
    {"more than any wire amount", ASK(1, MONEY_E4_MAX + 1), 0, 0, 0, 0, REASON_MALFORMED, "05", 0},
    {"sums beyond what the books hold", ASK(1, MONEY_E4_MAX, .fee_fixed_e4 = MONEY_E4_MAX), 0, 0, 0, 0, REASON_MALFORMED, "05", 0},
    {"a fee below zero", ASK(1, 10000, .fee_rate_e4 = -1), 0, 0, 0, 0, REASON_MALFORMED, "05", 0},
    {"a refund that Visa must not take over", ASK(1, -10000, .proc = 20, .trace = "VIS1-1"), CARD_FROZEN, 0, 0, 0, REASON_CARD_FROZEN, "59", 0},
};

Test(decide, names_the_reason_and_holds_all_or_nothing)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct book *book = book_create(GBP, 5000, row->mode == 0 ? 1 : row->mode < 0 ? 0 : row->mode);
        book->card.status = row->card != 0 ? row->card : CARD_ACTIVE;
        book->account.status = row->account != 0 ? row->account : ACCOUNT_ACTIVE;
        book->card.expiry_yyyymm = row->expiry_yyyymm;
        const struct decision *got = book_send(book, &row->message);
        cr_expect_eq(got->reason, row->expected, "%s: %s by %s", row->name,
                     reason_name(got->reason), got->rule);
        cr_expect_str_eq(got->reply.response, row->code, "%s: %s", row->name, got->reply.response);
        cr_expect_eq(book->account.held_minor, row->held, "%s: held %ld", row->name,
                     (long)book->account.held_minor);
        cr_expect(got->reply.acknowledged, "%s", row->name);
        cr_expect_eq(got->reply.currency, GBP, "%s", row->name);
        cr_expect_str_eq(got->statement.answer, row->code, "%s", row->name);
        cr_expect_eq(got->statement.posted_minor, 5000, "%s", row->name);
        cr_expect_eq(got->event_count, row->expected == REASON_NOTED ? 0 : 1, "%s", row->name);
        book_destroy(book);
    }
}

Test(decide, says_the_balances_after_the_message)
{
    struct book *book = book_create(GBP, 5000, 1);
    book->account.overdraft_minor = 1000;
    const struct decision *got = SEND(book, ASK(1, 200000));
    cr_expect(got->reply.has_balances);
    cr_expect_eq(got->reply.posted_minor, 5000);
    cr_expect_eq(got->reply.available_minor, 3000);
    book_destroy(book);
}

Test(decide, lets_the_overdraft_be_spent_and_shows_it_where_wanted)
{
    struct book *book = book_create(GBP, 0, 1);
    book->account.overdraft_minor = 1000;
    cr_expect_eq(SEND(book, ASK(1, 100000))->reason, REASON_APPROVED);
    cr_expect_eq(book->last.changes[0].code, CODE_AUTHORISATION);
    cr_expect_eq(SEND(book, ASK(2, 100))->reason, REASON_INSUFFICIENT_FUNDS);
    book_destroy(book);
}

Test(decide, answers_an_unknown_card_and_shows_the_rest_to_an_operator)
{
    static const struct {
        struct message message;
        const char *code;
        enum inbox_why inbox;
        enum disposition disposition;
    } messages[] = {
        {ASK(1, 10000), "14", INBOX_NOT, DISPOSE_STORE},
        {TOLD(1, 'A', 10000), "00", INBOX_UNKNOWN_CARD, DISPOSE_STORE},
        {TOLD(1, 'I', 10000, .response = "51"), "51", INBOX_UNKNOWN_CARD, DISPOSE_STORE},
        {REVERSE(1, 10000), "00", INBOX_UNKNOWN_CARD, DISPOSE_STORE},
        {BOOK_MESSAGE(1, .mtid = 1240, .type = 'P'), "00", INBOX_UNKNOWN_CARD, DISPOSE_STORE},
        {BOOK_MESSAGE(1, .type = 'X'), "05", INBOX_UNKNOWN_KIND, DISPOSE_STORE},
        {REVERSE(1, 10000, .malformed_field = "Token", .token_malformed = true), "96",
         INBOX_MALFORMED, DISPOSE_REJECT},
    };
    struct book *book = book_create(GBP, 5000, 1);
    const struct earlier none = {.known = false};

    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        struct classification classification = classify(&messages[i].message);
        struct statement statement;
        struct decision got;
        statement_of_message(&messages[i].message, classification.role, classification.row,
                             SCHEME_UNKNOWN, &statement);
        decide(&(struct facts){.message = &messages[i].message,
                               .statement = &statement,
                               .classification = &classification,
                               .product = &book->product,
                               .request = &none,
                               .outcome = &none,
                               .decided_at_us = book->at_us},
               book->scratch, &got);
        cr_expect_str_eq(got.reply.response, messages[i].code, "%zu: %s", i, got.reply.response);
        cr_expect_eq(got.reply.acknowledged, messages[i].disposition == DISPOSE_STORE);
        cr_expect_eq(got.inbox, messages[i].inbox, "%zu", i);
        cr_expect_eq(got.disposition, messages[i].disposition);
        cr_expect(!got.links);
        cr_expect(!got.reply.has_balances);
    }
    book_destroy(book);
}

Test(decide, stores_and_shows_the_kinds_it_has_no_rules_for)
{
    static const struct {
        const char *name;
        struct message message;
        const char *code;
        enum inbox_why inbox;
    } kinds[] = {
        {"presentment", BOOK_MESSAGE(1, .mtid = 1240, .type = 'P', .bill_e4 = -10000), "00", INBOX_NOT_HANDLED},
        {"its reversal", BOOK_MESSAGE(1, .mtid = 1240, .type = 'E', .bill_e4 = 10000), "00", INBOX_NOT_HANDLED},
        {"chargeback", BOOK_MESSAGE(1, .mtid = 1240, .type = 'C', .bill_e4 = 10000), "00", INBOX_NOT_HANDLED},
        {"load", BOOK_MESSAGE(1, .type = 'L', .proc = 22, .bill_e4 = 10000), "00", INBOX_NOT_HANDLED},
        {"fee", BOOK_MESSAGE(1, .type = 'P', .fee_fixed_e4 = 10000), "00", INBOX_NOT_HANDLED},
        {"card expiry", BOOK_MESSAGE(1, .type = 'Y'), "00", INBOX_NOT_HANDLED},
        {"fuel reversal", REVERSE(1, 10000, .mtid = 120, .mcc = 5542), "00", INBOX_NOT_HANDLED},
        {"credit reversal", REVERSE(1, -10000, .proc = 20), "00", INBOX_NOT_HANDLED},
        {"credit advice", ADVICE(1, 10000, .proc = 20), "00", INBOX_NOT_HANDLED},
        {"a refund approved elsewhere", TOLD(1, 'A', -10000, .proc = 20), "00", INBOX_NOT_HANDLED},
        {"a refund declined elsewhere", TOLD(1, 'I', -10000, .proc = 20, .response = "59"), "59", INBOX_NOT},
        {"an approval in another currency", TOLD(1, 'A', 10000, .bill_currency = EUR), "00", INBOX_NOT_HANDLED},
        {"token event", ADVICE(1, 0, .proc = 36), "00", INBOX_NOT},
        {"dummy", BOOK_MESSAGE(1, .mtid = 1240, .type = 'A', .bill_e4 = -10000), "00", INBOX_NOT},
        {"unknown", BOOK_MESSAGE(1, .mtid = 999, .type = 'Z'), "05", INBOX_UNKNOWN_KIND},
        {"a reversal without its original", REVERSE(1, 10000, .trace = "t"), "00", INBOX_PARKED},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct book *book = book_create(GBP, 5000, 1);
        const struct decision *got = book_send(book, &kinds[i].message);
        cr_expect_str_eq(got->reply.response, kinds[i].code, "%s: %s", kinds[i].name, got->reply.response);
        cr_expect(got->reply.acknowledged, "%s", kinds[i].name);
        cr_expect_eq(got->inbox, kinds[i].inbox, "%s: inbox %s", kinds[i].name, inbox_why_name(got->inbox));
        cr_expect_eq(book->account.held_minor, 0, "%s", kinds[i].name);
        cr_expect_eq(book->account.posted_minor, 5000, "%s", kinds[i].name);
        book_destroy(book);
    }
}

Test(decide, sends_back_a_malformed_message_that_is_no_request)
{
    struct book *book = book_create(GBP, 5000, 1);
    const struct decision *got = SEND(book, TOLD(1, 'A', 10000, .malformed_field = "Bill_Ccy"));
    cr_expect_str_eq(got->reply.response, "96");
    cr_expect(!got->reply.acknowledged);
    cr_expect_eq(got->disposition, DISPOSE_REJECT);
    cr_expect_eq(got->inbox, INBOX_MALFORMED);
    cr_expect_str_eq(got->rule, "Bill_Ccy");
    book_destroy(book);
}

Test(decide, keeps_a_malformed_repeat_beside_the_good_one)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, ASK(1, 10000));
    cr_expect_eq(SEND(book, ASK(1, 10000, .malformed_field = "MCC_Code"))->disposition,
                 DISPOSE_CONFLICT);
    cr_expect_str_eq(book->last.reply.response, "05");
    SEND(book, ASK(2, 10000, .malformed_field = "MCC_Code"));
    cr_expect_eq(SEND(book, ASK(2, 10000, .malformed_field = "MCC_Code"))->disposition,
                 DISPOSE_REPEAT);
    cr_expect_eq(book->account.held_minor, 100);
    book_destroy(book);
}

Test(decide, refuses_to_move_on_a_conflict)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, ASK(1, 10000, .trace = "BNET-1"));
    const struct decision *got = SEND(book, ASK(1, 20000, .trace = "BNET-1"));
    cr_expect_eq(got->disposition, DISPOSE_CONFLICT);
    cr_expect_str_eq(got->reply.response, "05");
    cr_expect_str_eq(got->repair, "R18");
    cr_expect_eq(got->events[0], EVENT_MESSAGE_CONFLICT);
    SEND(book, REVERSE(2, 5000, .trace = "BNET-1"));
    got = SEND(book, REVERSE(2, 10000, .trace = "BNET-1"));
    cr_expect_eq(got->disposition, DISPOSE_CONFLICT);
    cr_expect_str_eq(got->reply.response, "00");
    cr_expect(got->reply.acknowledged);
    cr_expect_eq(book->account.held_minor, 50);
    book_destroy(book);
}

Test(decide, records_what_came_too_late_and_moves_nothing)
{
    struct book *book = book_create(GBP, 5000, 1);
    book->too_late = true;
    const struct decision *got = SEND(book, ASK(1, 10000, .trace = "t"));
    cr_expect_eq(got->reason, REASON_LATE);
    cr_expect_str_eq(got->reply.response, "05");
    cr_expect_eq(got->disposition, DISPOSE_STORE);
    cr_expect_eq(book->account.held_minor, 0);
    book->too_late = false;
    cr_expect_str_eq(SEND(book, TOLD(1, 'A', 10000, .trace = "t"))->repair, "R3");
    cr_expect_eq(book->account.held_minor, 100);
    book_destroy(book);
}

Test(decide, charges_the_processors_decline_fee_once_and_only_when_named)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, TOLD(1, 'I', 10000, .fee_fixed_e4 = 2500, .note = "Decline Fee applied"));
    cr_expect_eq(book->last.fee_minor, 25);
    cr_expect_eq(book->events[EVENT_FEE_CHARGED], 1);
    SEND(book, TOLD(1, 'I', 10000, .fee_fixed_e4 = 2500, .note = "Decline Fee applied"));
    SEND(book, TOLD(2, 'I', 10000, .fee_fixed_e4 = 2500, .note = "insufficient funds"));
    SEND(book, ASK(3, 900000));
    SEND(book, TOLD(3, 'I', 900000, .fee_fixed_e4 = 2500, .note = "Decline Fee applied"));
    cr_expect_eq(book->account.posted_minor, 4975);
    cr_expect_eq(book->account.held_minor, 0);
    book_destroy(book);
}

Test(decide, tells_growth_by_an_incremental)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, ASK(1, 100000, .trace = "h"));
    cr_expect_eq(book->last.events[0], EVENT_AUTHORISATION_APPROVED);
    const struct decision *got = SEND(book, ASK(2, 50000, .trace = "h"));
    cr_expect_eq(got->events[0], EVENT_HOLD_INCREASED);
    cr_expect_eq(got->payment, 1);
    cr_expect_eq(got->change_count, 1);
    cr_expect_eq(got->changes[0].authorisation, 2);
    cr_expect_eq(got->changes[0].code, CODE_AUTHORISATION);
    book_destroy(book);
}

Test(decide, finds_only_the_difference_of_a_final_authorisation)
{
    struct book *book = book_create(GBP, 14000, 1);
    SEND(book, ASK(1, 1000000, .trace = "k"));
    cr_expect_eq(SEND(book, ASK(2, 1400000, .trace = "k", .auth_type = 'F'))->reason,
                 REASON_APPROVED);
    cr_expect_eq(book->last.changes[0].delta_minor, -10000, "what is given back comes first");
    cr_expect_eq(book->account.held_minor, 14000);
    book_destroy(book);
}

Test(decide, is_silent_about_the_processors_ordinary_decisions_in_mirror_modes)
{
    struct book *book = book_create(GBP, 5000, 3);
    SEND(book, TOLD(1, 'A', 10000));
    cr_expect_null(book->last.repair);
    cr_expect_eq(book->last.event_count, 1);
    cr_expect_str_eq(book->last.actor, "processor");
    cr_expect_eq(book->account.held_minor, 100);
    book_destroy(book);
}

Test(decide, refuses_a_payment_with_too_many_messages)
{
    struct book *book = book_create(GBP, 5000000, 1);
    for (uint64_t id = 1; id <= 256 && book->last.reason != REASON_ERROR; id++) {
        SEND(book, ASK(id, 10000, .trace = "t"));
    }
    cr_expect_eq(book->last.reason, REASON_ERROR);
    cr_expect_eq(book->account.held_minor, 100 * PAYMENT_AUTHORISATIONS_MAX);
    SEND(book, TOLD(1000, 'A', 10000, .trace = "t"));
    cr_expect_str_eq(book->last.reply.response, "96");
    cr_expect_eq(book->last.disposition, DISPOSE_REJECT);
    cr_expect_eq(book->last.inbox, INBOX_ERROR);
    book_destroy(book);
}

Test(decide, answers_without_a_decision)
{
    static const struct {
        struct message message;
        int mode;
        bool stand_in;
        enum reason reason;
        const char *code;
        bool acknowledged;
    } cases[] = {
        {ASK(1, 1), 1, true, REASON_LATE, "05", true},
        {ASK(1, 1), 4, false, REASON_LATE, "05", true},
        {ASK(1, 1), 4, true, REASON_LATE, "91", true},
        {ASK(1, 1), 4, true, REASON_UNAVAILABLE, "91", true},
        {ASK(1, 1), 4, true, REASON_ERROR, "05", true},
        {ASK(1, -1, .proc = 20), 1, false, REASON_UNAVAILABLE, "59", true},
        {TOLD(1, 'A', 1), 4, true, REASON_UNAVAILABLE, "96", false},
        {REVERSE(1, 1), 1, false, REASON_LATE, "96", false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct classification classification = classify(&cases[i].message);
        struct product_settings product = {.mode = cases[i].mode, .stand_in = cases[i].stand_in};
        struct reply got =
            decide_without(&classification, &product, SCHEME_VISA, cases[i].reason);
        cr_expect_str_eq(got.response, cases[i].code, "%zu: %s", i, got.response);
        cr_expect_eq(got.acknowledged, cases[i].acknowledged, "%zu", i);
        cr_expect(!got.has_balances);
    }
}

Test(decide, names_every_event_and_inbox_reason)
{
    for (int a = 1; a < EVENT_TYPE_COUNT; a++) {
        cr_assert_not_null(event_type_name((enum event_type)a));
        for (int b = 0; b < a; b++) {
            cr_expect_str_neq(event_type_name((enum event_type)a),
                              event_type_name((enum event_type)b));
        }
    }
    for (int a = 1; a <= INBOX_ERROR; a++) {
        for (int b = 0; b < a; b++) {
            cr_expect_str_neq(inbox_why_name((enum inbox_why)a), inbox_why_name((enum inbox_why)b));
        }
    }
}
