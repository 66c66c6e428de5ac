/* Names of stored numbers. */
#include "ops/names.h"

#include <criterion/criterion.h>

#include "authz/decide.h"
#include "ledger/operator_books.h"

/* ledger/ may not include authz/, so it has the numbers once more. */
_Static_assert((int)BOOKS_CARD_ACTIVE == (int)CARD_ACTIVE, "stored");
_Static_assert((int)BOOKS_CARD_NOT_ACTIVE == (int)CARD_NOT_ACTIVE, "stored");
_Static_assert((int)BOOKS_CARD_FROZEN == (int)CARD_FROZEN, "stored");
_Static_assert((int)BOOKS_CARD_BLOCKED == (int)CARD_BLOCKED, "stored");
_Static_assert((int)BOOKS_CARD_LOST == (int)CARD_LOST, "stored");
_Static_assert((int)BOOKS_CARD_STOLEN == (int)CARD_STOLEN, "stored");
_Static_assert((int)BOOKS_CARD_EXPIRED == (int)CARD_EXPIRED, "stored");
_Static_assert((int)BOOKS_CARD_CLOSED == (int)CARD_CLOSED, "stored");
_Static_assert((int)BOOKS_ACCOUNT_CLOSING == (int)ACCOUNT_CLOSING, "stored");
_Static_assert((int)BOOKS_ACCOUNT_CLOSED == (int)ACCOUNT_CLOSED, "stored");

Test(names, a_card_status_is_read_back_from_its_name)
{
    static const int statuses[] = {CARD_ACTIVE, CARD_NOT_ACTIVE, CARD_FROZEN,  CARD_BLOCKED,
                                   CARD_LOST,   CARD_STOLEN,     CARD_EXPIRED, CARD_CLOSED};

    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        int status = 0;
        cr_expect(names_parse_card_status(names_card_status(statuses[i]), &status));
        cr_expect_eq(status, statuses[i]);
    }
}

Test(names, what_is_not_known_says_so)
{
    int status = 77;

    cr_expect_str_eq(names_card_status(8), "unknown");
    cr_expect_str_eq(names_account_status(0), "unknown");
    cr_expect_str_eq(names_hold_state(6), "unknown");
    cr_expect_str_eq(names_layer(2), "unknown");
    cr_expect_str_eq(names_transfer_code(99), "unknown");
    cr_expect_not(names_parse_card_status("Frozen", &status));
    cr_expect_not(names_parse_card_status("unknown", &status));
    cr_expect_eq(status, 77);
}

Test(names, say_what_the_books_say)
{
    cr_expect_str_eq(names_layer(0), "posted");
    cr_expect_str_eq(names_layer(1), "pending");
    cr_expect_str_eq(names_transfer_code(CODE_LOAD), "load");
    cr_expect_str_eq(names_transfer_code(CODE_AUTHORISATION), "authorisation");
    cr_expect_str_eq(names_hold_state(HOLD_OPEN), "open");
    cr_expect_str_eq(names_account_status(ACCOUNT_CLOSING), "closing");
}
