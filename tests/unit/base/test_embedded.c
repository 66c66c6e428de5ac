#include "base/embedded.h"

#include <criterion/criterion.h>

extern const struct embedded embedded_texts[];
extern const size_t embedded_texts_count;

Test(embedded, files_keep_their_order_names_and_every_byte)
{
    cr_assert_eq(embedded_texts_count, 2);
    cr_assert_str_eq(embedded_texts[0].name, "first.sql");
    cr_assert_str_eq(embedded_texts[0].text,
                     "-- A comment with \"quotes\", a \\ backslash, a tab\tand ?\?= no trigraph.\n"
                     "SELECT 1;\n");
    cr_assert_str_eq(embedded_texts[1].name, "second.txt");
    cr_assert_str_eq(embedded_texts[1].text, "caf\xC3\xA9 \xC2\xA3, no newline at the end");
}
