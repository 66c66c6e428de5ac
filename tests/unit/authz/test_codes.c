#include "authz/codes.h"

#include <criterion/criterion.h>
#include <string.h>

static const enum reason declines[] = {
    REASON_MALFORMED,
    REASON_LATE,
    REASON_UNAVAILABLE,
    REASON_UNKNOWN_CARD,
    REASON_ALREADY_REVERSED,
    REASON_CONFLICT,
    REASON_CARD_CLOSED,
    REASON_ACCOUNT_CLOSED,
    REASON_CARD_LOST,
    REASON_CARD_STOLEN,
    REASON_CARD_NOT_ACTIVE,
    REASON_CARD_EXPIRED,
    REASON_CARD_BLOCKED,
    REASON_ACCOUNT_BLOCKED,
    REASON_CARD_FROZEN,
    REASON_NOT_SUPPORTED,
    REASON_CURRENCY,
    REASON_INSUFFICIENT_FUNDS,
    REASON_ERROR,
    REASON_PROCESSOR,
    REASON_UNTOLD,
};

static const enum message_scheme schemes[] = {SCHEME_UNKNOWN, SCHEME_MASTERCARD, SCHEME_VISA};

Test(codes, never_send_what_the_scheme_does_not_allow)
{
    for (size_t r = 0; r < sizeof declines / sizeof declines[0]; r++) {
        for (size_t s = 0; s < sizeof schemes / sizeof schemes[0]; s++) {
            for (int credit = 0; credit <= 1; credit++) {
                const char *code = codes_decline(declines[r], schemes[s], credit);
                cr_expect(codes_allowed(code, schemes[s], credit), "%s, scheme %d, credit %d: %s",
                          reason_name(declines[r]), (int)schemes[s], credit, code);
                cr_expect(!codes_means_approved(code), "%s approves", reason_name(declines[r]));
            }
        }
    }
}

Test(codes, never_leave_the_decision_to_somebody_else)
{
    static const char *const inviting[] = {"01", "91", "92", "96"};

    for (size_t r = 0; r < sizeof declines / sizeof declines[0]; r++) {
        for (size_t s = 0; s < sizeof schemes / sizeof schemes[0]; s++) {
            for (size_t i = 0; i < sizeof inviting / sizeof inviting[0]; i++) {
                cr_expect_str_neq(codes_decline(declines[r], schemes[s], false), inviting[i]);
                cr_expect_str_neq(codes_decline(declines[r], schemes[s], true), inviting[i]);
            }
        }
    }
}

Test(codes, say_what_the_table_says)
{
    static const struct {
        enum reason reason;
        const char *mastercard, *visa, *visa_credit;
    } rows[] = {
        {REASON_MALFORMED,          "05", "12", "12"},
        {REASON_LATE,               "05", "05", "59"},
        {REASON_UNKNOWN_CARD,       "14", "14", "14"},
        {REASON_CARD_CLOSED,        "46", "46", "46"},
        {REASON_CARD_LOST,          "41", "41", "59"},
        {REASON_CARD_STOLEN,        "43", "43", "59"},
        {REASON_CARD_NOT_ACTIVE,    "78", "78", "59"},
        {REASON_CARD_EXPIRED,       "54", "54", "59"},
        {REASON_CARD_FROZEN,        "62", "62", "59"},
        {REASON_NOT_SUPPORTED,      "58", "58", "58"},
        {REASON_CURRENCY,           "62", "62", "59"},
        {REASON_INSUFFICIENT_FUNDS, "51", "51", "59"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect_str_eq(codes_decline(rows[i].reason, SCHEME_MASTERCARD, false),
                         rows[i].mastercard);
        cr_expect_str_eq(codes_decline(rows[i].reason, SCHEME_MASTERCARD, true),
                         rows[i].mastercard);
        cr_expect_str_eq(codes_decline(rows[i].reason, SCHEME_VISA, false), rows[i].visa);
        cr_expect_str_eq(codes_decline(rows[i].reason, SCHEME_VISA, true), rows[i].visa_credit);
    }
    cr_expect_str_eq(codes_decline(REASON_MALFORMED, SCHEME_UNKNOWN, false), "05");
    cr_expect_str_eq(codes_decline((enum reason)200, SCHEME_VISA, true), "59");
}

Test(codes, echo_a_decline_that_a_host_may_send)
{
    static const struct {
        const char *response, *answer;
    } rows[] = {
        {"51", "51"},
        {"05", "05"},
        {"N7", "N7"},
        {"",   "05"},
        {"00", "05"},
        {"10", "05"},
        {"85", "05"},
        {"82", "05"},
        {"1A", "05"},
        {"94", "05"}
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char answer[3], response[3] = "";
        memcpy(response, rows[i].response, strlen(rows[i].response));
        codes_echo(response, answer);
        cr_expect_str_eq(answer, rows[i].answer, "%s was echoed as %s", response, answer);
    }
}

Test(codes, know_approvals_that_are_not_00)
{
    static const char approvals[][3] = {"", "00", "08", "10", "85", "87"};
    static const char refusals[][3] = {"05", "51", "82", "01", "96"};

    for (size_t i = 0; i < sizeof approvals / sizeof approvals[0]; i++) {
        cr_expect(codes_means_approved(approvals[i]), "%s", approvals[i]);
    }
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        cr_expect(!codes_means_approved(refusals[i]), "%s", refusals[i]);
    }
}

Test(codes, name_every_reason_once)
{
    for (size_t a = 0; a < sizeof declines / sizeof declines[0]; a++) {
        for (size_t b = 0; b < a; b++) {
            cr_expect_str_neq(reason_name(declines[a]), reason_name(declines[b]));
        }
        cr_expect_str_neq(reason_name(declines[a]), "unknown");
    }
    cr_expect_str_eq(reason_name((enum reason)200), "unknown");
}
