/* Every row of the matrix, by the least that makes a message one. */
#include "authz/classify.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "book.h"

/* Tables of messages are laid out by hand; clang-format 14 crashes on some. */
/* clang-format off */
static const struct row {
    const char *name;
    struct message message;
    enum message_row expected;
    enum message_role role;
    enum direction direction;
} rows[] = {
    {"a purchase", ASK(1, 10000), ROW_A1_AUTHORISATION, ROLE_REQUEST, DIRECTION_DEBIT},
    {"a purchase without a flag who decided", ASK(1, 10000, .authorised_by = 0),
     ROW_A1_AUTHORISATION, ROLE_REQUEST, DIRECTION_DEBIT},
    {"quasi-cash", ASK(1, 10000, .proc = 11), ROW_A1_AUTHORISATION, ROLE_REQUEST, DIRECTION_DEBIT},
    {"a code nobody knows, by sign", ASK(1, 10000, .proc = 55), ROW_A1_AUTHORISATION, ROLE_REQUEST,
     DIRECTION_DEBIT},
    {"a pre-authorisation", ASK(1, 10000, .auth_type = 'P'), ROW_A3_PRE_AUTHORISATION, ROLE_REQUEST,
     DIRECTION_DEBIT},
    {"fuel", ASK(1, 10000, .mcc = 5542), ROW_A4_FUEL, ROLE_REQUEST, DIRECTION_DEBIT},
    {"a repeat", ASK(1, 10000, .mtid = 101), ROW_A5_REPEAT, ROLE_REQUEST, DIRECTION_DEBIT},
    {"an account check", ASK(1, 0, .proc = 39), ROW_A6_ACCOUNT_CHECK, ROLE_REQUEST, DIRECTION_NONE},
    {"an account check for a credit", ASK(1, 0, .proc = 89), ROW_A6_ACCOUNT_CHECK, ROLE_REQUEST,
     DIRECTION_NONE},
    {"a verification of nothing", ASK(1, 0, .auth_type = 'V'), ROW_A6_ACCOUNT_CHECK, ROLE_REQUEST,
     DIRECTION_DEBIT},
    {"a verification of an amount is a purchase", ASK(1, 10000, .auth_type = 'V'),
     ROW_A1_AUTHORISATION, ROLE_REQUEST, DIRECTION_DEBIT},
    {"a zero amount, whatever the code", ASK(1, 0, .proc = 9), ROW_A6_ACCOUNT_CHECK, ROLE_REQUEST,
     DIRECTION_DEBIT},
    {"a balance enquiry", ASK(1, 0, .proc = 30), ROW_A7_BALANCE_ENQUIRY, ROLE_REQUEST,
     DIRECTION_NONE},
    {"cash", ASK(1, 10000, .proc = 1), ROW_A8_CASH, ROLE_REQUEST, DIRECTION_DEBIT},
    {"a cash advance", ASK(1, 10000, .proc = 17), ROW_A8_CASH, ROLE_REQUEST, DIRECTION_DEBIT},
    {"cashback", ASK(1, 10000, .proc = 9), ROW_A9_CASHBACK, ROLE_REQUEST, DIRECTION_DEBIT},
    {"a refund", ASK(1, -10000, .proc = 20), ROW_A11_REFUND, ROLE_REQUEST, DIRECTION_CREDIT},
    {"an original credit", ASK(1, -10000, .proc = 26), ROW_A12_CREDIT, ROLE_REQUEST,
     DIRECTION_CREDIT},
    {"a payment transaction", ASK(1, -10000, .proc = 28), ROW_A12_CREDIT, ROLE_REQUEST,
     DIRECTION_CREDIT},
    {"account funding", ASK(1, 10000, .proc = 10), ROW_A13_FUNDING, ROLE_REQUEST, DIRECTION_DEBIT},
    {"account funding by reason", ASK(1, 10000, .reason_id = 5403), ROW_A13_FUNDING, ROLE_REQUEST,
     DIRECTION_DEBIT},
    {"a PIN change", ASK(1, 0, .proc = 92), ROW_A14_PIN, ROLE_REQUEST, DIRECTION_NONE},
    {"a token request", ASK(1, 0, .proc = 33), ROW_A15_TOKEN_REQUEST, ROLE_REQUEST, DIRECTION_NONE},
    {"an activation code as a request", ASK(1, 0, .proc = 34), ROW_A15_TOKEN_REQUEST, ROLE_REQUEST,
     DIRECTION_NONE},
    {"declined by the processor", TOLD(1, 'I', 10000), ROW_A16_DECLINED, ROLE_OUTCOME,
     DIRECTION_DEBIT},
    {"a financial declined by the processor", TOLD(1, 'I', 10000, .mtid = 200, .type = 'M'),
     ROW_A16_DECLINED, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"approved by the processor", TOLD(1, 'A', 10000), ROW_A17_APPROVED, ROLE_OUTCOME,
     DIRECTION_DEBIT},
    {"cleared", TOLD(1, 'C', 10000), ROW_A17_APPROVED, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"reversed", TOLD(1, 'V', 10000), ROW_A17_APPROVED, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"no state, an approving code", TOLD(1, 0, 10000, .response = "85"), ROW_A17_APPROVED,
     ROLE_OUTCOME, DIRECTION_DEBIT},
    {"no state, a declining code", TOLD(1, 0, 10000, .response = "51"), ROW_A16_DECLINED,
     ROLE_OUTCOME, DIRECTION_DEBIT},
    {"no state, no code", TOLD(1, 0, 10000), ROW_UNKNOWN, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a financial request", ASK(1, 10000, .mtid = 200, .type = 'M'), ROW_M1_FINANCIAL, ROLE_REQUEST,
     DIRECTION_DEBIT},
    {"a financial approved elsewhere", TOLD(1, 'A', 10000, .mtid = 200, .type = 'M'),
     ROW_M1_FINANCIAL, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a financial advice", BOOK_MESSAGE(1, .mtid = 220, .type = 'Q', .bill_e4 = -1),
     ROW_M2_FINANCIAL_ADVICE, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a financial reversal", BOOK_MESSAGE(1, .mtid = 420, .type = 'V', .bill_e4 = 1),
     ROW_M3_FINANCIAL_REVERSAL, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a network advice", ADVICE(1, 10000), ROW_J1_ADVICE_APPROVED, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a network advice accepted with an odd code", ADVICE(1, 10000, .response = "82"),
     ROW_J1_ADVICE_APPROVED, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a network advice with neither", ADVICE(1, 10000, .response = "", .stat = 0),
     ROW_J1_ADVICE_APPROVED, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a network advice of an unknown code", ADVICE(1, 10000, .proc = 55), ROW_J1_ADVICE_APPROVED,
     ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a declined network advice", ADVICE(1, 10000, .stat = 'I'), ROW_J2_ADVICE_DECLINED,
     ROLE_OUTCOME, DIRECTION_DEBIT},
    {"declined by its code alone", ADVICE(1, 10000, .stat = 0, .response = "05"),
     ROW_J2_ADVICE_DECLINED, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a credit advice", ADVICE(1, 10000, .proc = 20), ROW_J3_CREDIT_ADVICE, ROLE_OUTCOME,
     DIRECTION_CREDIT},
    {"an activation code", ADVICE(1, 0, .proc = 34), ROW_J4_TOKEN_EVENT, ROLE_OUTCOME,
     DIRECTION_NONE},
    {"a tokenisation notice", ADVICE(1, 0, .proc = 35, .mtid = 620), ROW_J4_TOKEN_EVENT,
     ROLE_OUTCOME, DIRECTION_NONE},
    {"0620 with money", ADVICE(1, 10000, .mtid = 620), ROW_UNKNOWN, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a reversal", REVERSE(1, 10000), ROW_D1_REVERSAL, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a reversal that claims to be undecided", REVERSE(1, 10000, .authorised_by = 'N'),
     ROW_D1_REVERSAL, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a reversal advice", REVERSE(1, 10000, .mtid = 420), ROW_D1_REVERSAL, ROLE_OUTCOME,
     DIRECTION_DEBIT},
    {"a fuel reversal", REVERSE(1, 10000, .mtid = 120, .mcc = 5542), ROW_D3_FUEL_REVERSAL,
     ROLE_OUTCOME, DIRECTION_DEBIT},
    {"an automatic reversal", REVERSE(1, 10000, .mtid = 0), ROW_D4_AUTOMATIC_REVERSAL, ROLE_OUTCOME,
     DIRECTION_DEBIT},
    {"the reversal of a refund", REVERSE(1, -10000, .proc = 20), ROW_D5_CREDIT_REVERSAL,
     ROLE_OUTCOME, DIRECTION_CREDIT},
    {"a Mastercard dummy", BOOK_MESSAGE(1, .mtid = 1240, .type = 'A', .bill_e4 = -1), ROW_F0_DUMMY,
     ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a Visa dummy", BOOK_MESSAGE(1, .mtid = 5, .type = 'A', .bill_e4 = -1), ROW_F0_DUMMY,
     ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a presentment", BOOK_MESSAGE(1, .mtid = 1240, .type = 'P', .bill_e4 = -1), ROW_P_PRESENTMENT,
     ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a presentment with a wrong MTID", BOOK_MESSAGE(1, .mtid = 1420, .type = 'P', .bill_e4 = -1),
     ROW_P_PRESENTMENT, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a fee in a presentment's clothes", BOOK_MESSAGE(1, .type = 'P', .proc = 8), ROW_L5_FEE,
     ROLE_OUTCOME, DIRECTION_NONE},
    {"a fee", BOOK_MESSAGE(1, .type = 'F', .proc = 8), ROW_L5_FEE, ROLE_OUTCOME, DIRECTION_NONE},
    {"a presentment reversed", BOOK_MESSAGE(1, .mtid = 25, .type = 'E', .bill_e4 = 1),
     ROW_E_FINANCIAL_REVERSAL, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a chargeback", BOOK_MESSAGE(1, .mtid = 1240, .type = 'C', .bill_e4 = 1), ROW_C_CHARGEBACK,
     ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a chargeback without credit", BOOK_MESSAGE(1, .mtid = 1240, .type = 'H'),
     ROW_H_CHARGEBACK_NON_CREDIT, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a chargeback reversed", BOOK_MESSAGE(1, .mtid = 1240, .type = 'K'),
     ROW_K_CHARGEBACK_REVERSAL, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a second presentment", BOOK_MESSAGE(1, .mtid = 1240, .type = 'N', .bill_e4 = -1),
     ROW_N_SECOND_PRESENTMENT, ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a load", BOOK_MESSAGE(1, .type = 'L', .proc = 22, .bill_e4 = 1), ROW_L1_LOAD, ROLE_OUTCOME,
     DIRECTION_CREDIT},
    {"an unload", BOOK_MESSAGE(1, .type = 'U', .proc = 23, .bill_e4 = -1), ROW_L2_UNLOAD,
     ROLE_OUTCOME, DIRECTION_DEBIT},
    {"an adjustment", BOOK_MESSAGE(1, .type = 'B', .proc = 19, .bill_e4 = -1), ROW_L3_ADJUSTMENT,
     ROLE_OUTCOME, DIRECTION_DEBIT},
    {"a bank payment", BOOK_MESSAGE(1, .type = 'G', .bill_e4 = -1), ROW_L4_PAYMENT, ROLE_OUTCOME,
     DIRECTION_DEBIT},
    {"a card's end", BOOK_MESSAGE(1, .type = 'Y', .proc = 22), ROW_L6_EXPIRY, ROLE_OUTCOME,
     DIRECTION_CREDIT},
    {"a type nobody knows", BOOK_MESSAGE(1, .mtid = 100, .type = 'X'), ROW_UNKNOWN, ROLE_OUTCOME,
     DIRECTION_DEBIT},
    {"A with an MTID nobody knows", ASK(1, 10000, .mtid = 110), ROW_UNKNOWN, ROLE_OUTCOME,
     DIRECTION_DEBIT},
    {"J with an MTID nobody knows", ADVICE(1, 10000, .mtid = 121), ROW_UNKNOWN, ROLE_OUTCOME,
     DIRECTION_DEBIT},
    {"D with an MTID nobody knows", REVERSE(1, 10000, .mtid = 401), ROW_UNKNOWN, ROLE_OUTCOME,
     DIRECTION_DEBIT},
    {"a cut-off", {.operation = MESSAGE_CUT_OFF}, ROW_CUT_OFF, ROLE_OUTCOME, DIRECTION_NONE},
};

Test(classify, knows_every_row_of_the_matrix)
{
    bool seen[ROW_VOID + 1] = {false};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct classification got = classify(&rows[i].message);
        cr_expect_eq(got.row, rows[i].expected, "%s: row %s", rows[i].name,
                     message_row_name(got.row));
        cr_expect_eq(got.role, rows[i].role, "%s: role", rows[i].name);
        cr_expect_eq(got.direction, rows[i].direction, "%s: direction", rows[i].name);
        seen[rows[i].expected] = true;
    }
    for (int row = 0; row < ROW_VOID; row++) {
        bool exists = row == ROW_UNKNOWN ||
                      strcmp(message_row_name((enum message_row)row), "U0") != 0;
        cr_expect(seen[row] || !exists, "no row of the test is %d", row);
    }
}

Test(classify, counts_a_sign_that_contradicts_the_kind)
{
    static const struct {
        const char *name;
        struct message message;
        bool mismatch;
    } signs[] = {
        {"a purchase takes", ASK(1, 10000), false},
        {"a purchase that gives", ASK(1, -10000), true},
        {"a refund gives", ASK(1, -10000, .proc = 20), false},
        {"a refund that takes", ASK(1, 10000, .proc = 20), true},
        {"a reversal gives back", REVERSE(1, 10000), false},
        {"a reversal that takes", REVERSE(1, -10000), true},
        {"an advice has no sign", ADVICE(1, 10000), false},
        {"nothing has no sign", ASK(1, 0), false},
    };

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        cr_expect_eq(classify(&signs[i].message).sign_mismatch, signs[i].mismatch, "%s",
                     signs[i].name);
    }
}

Test(classify, lets_requests_and_reversals_go_first)
{
    cr_expect_eq(classify(&(struct message)ASK(1, 1)).priority, PRIORITY_REQUEST);
    cr_expect_eq(classify(&(struct message)REVERSE(1, 1)).priority, PRIORITY_REVERSAL);
    cr_expect_eq(classify(&(struct message)TOLD(1, 'A', 1)).priority, PRIORITY_ADVICE);
    cr_expect_eq(classify(&(struct message)ADVICE(1, 1)).priority, PRIORITY_ADVICE);
    cr_expect_eq(classify(&(struct message)BOOK_MESSAGE(1, .mtid = 1240, .type = 'P')).priority,
                 PRIORITY_FINANCIAL);
    cr_expect_eq(classify(&(struct message)BOOK_MESSAGE(1, .mtid = 1240, .type = 'A')).priority,
                 PRIORITY_FINANCIAL);
    cr_expect_eq(classify(&(struct message)BOOK_MESSAGE(1, .type = 'L')).priority, PRIORITY_REST);
}

Test(classify, knows_the_scheme_by_setting_or_trace)
{
    static const struct {
        const char *trace;
        enum message_scheme configured, expected;
    } schemes[] = {
        {"BNET-20251125-MC 003852", SCHEME_UNKNOWN, SCHEME_MASTERCARD},
        {"MNESTAR-20251125-1", SCHEME_UNKNOWN, SCHEME_MASTERCARD},
        {"VIS1-20251125-1", SCHEME_UNKNOWN, SCHEME_VISA},
        {"VDEP 01234567", SCHEME_UNKNOWN, SCHEME_VISA},
        {"DGN-20251125-1", SCHEME_UNKNOWN, SCHEME_UNKNOWN},
        {"", SCHEME_UNKNOWN, SCHEME_UNKNOWN},
        {"BNET-1", SCHEME_VISA, SCHEME_VISA},
    };

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        struct message message = ASK(1, 1);
        snprintf(message.trace, sizeof message.trace, "%s", schemes[i].trace);
        cr_expect_eq(classify_scheme(&message, schemes[i].configured), schemes[i].expected, "%s",
                     schemes[i].trace);
    }
}
