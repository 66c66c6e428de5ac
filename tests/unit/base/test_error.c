#include "base/error.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

Test(error, setting_one_fills_every_part_and_says_false)
{
    struct error error = {.code = ERROR_NONE};

    cr_assert_not(error_set(&error, ERROR_INVALID, "Bill_Amt", "expected %d, found %s", 3, "x"));
    cr_assert_eq(error.code, ERROR_INVALID);
    cr_assert_str_eq(error.field, "Bill_Amt");
    cr_assert_str_eq(error.message, "expected 3, found x");
}

Test(error, text_that_does_not_fit_is_cut_between_characters)
{
    struct error error;
    char text[400];

    memset(text, 'a', sizeof text);
    memcpy(text + sizeof error.message - 3, "\xE2\x82\xAC", 3); /* the cut is inside the euro */
    text[sizeof text - 1] = '\0';
    (void)error_set(&error, ERROR_LIMIT, text, "%s", text);
    cr_assert_eq(strlen(error.field), sizeof error.field - 1);
    cr_assert_eq(strlen(error.message), sizeof error.message - 3);
    cr_assert_eq(error.message[sizeof error.message - 4], 'a');
}

Test(error, a_message_may_quote_the_error_it_replaces)
{
    struct error error;

    (void)error_set(&error, ERROR_UNAVAILABLE, "SQLSTATE 57P01", "the server went away");
    (void)error_set(&error, ERROR_LATE, error.field, "gave up: %s", error.message);
    cr_assert_eq(error.code, ERROR_LATE);
    cr_assert_str_eq(error.field, "SQLSTATE 57P01");
    cr_assert_str_eq(error.message, "gave up: the server went away");
}

Test(error, the_text_of_errno_is_appended)
{
    struct error error;

    errno = ENOENT;
    cr_assert_not(error_set_errno(&error, ERROR_NOT_FOUND, NULL, "cannot open %s", "x"));
    cr_assert_str_eq(error.field, "");
    cr_assert_str_eq(error.message, "cannot open x: No such file or directory");
}

Test(error, every_code_has_a_name_of_its_own)
{
    for (enum error_code a = ERROR_NONE; a <= ERROR_INTERNAL; a++) {
        cr_expect_str_neq(error_code_name(a), "unknown");
        for (enum error_code b = ERROR_NONE; b < a; b++) {
            cr_expect_str_neq(error_code_name(a), error_code_name(b));
        }
    }
    cr_assert_str_eq(error_code_name((enum error_code)99), "unknown");
}
