#include "base/utf8.h"

#include <criterion/criterion.h>
#include <string.h>

Test(utf8, a_character_has_its_length_and_anything_else_has_none)
{
    static const struct {
        const char *name, *text;
        size_t bytes, length;
    } rows[] = {
        {"nothing",                        "",                     0, 0},
        {"NUL",                            "\0",                   1, 1},
        {"ASCII",                          "a",                    1, 1},
        {"pound",                          "\xC2\xA3",             2, 2},
        {"euro",                           "\xE2\x82\xAC",         3, 3},
        {"emoji",                          "\xF0\x9F\x92\xB3",     4, 4},
        {"last code point",                "\xF4\x8F\xBF\xBF",     4, 4},
        {"one past the last",              "\xF4\x90\x80\x80",     4, 0},
        {"stray continuation",             "\x80",                 1, 0},
        {"cut short",                      "\xE2\x82",             2, 0},
        {"second byte is no continuation", "\xC2z",                2, 0},
        {"overlong slash",                 "\xC0\xAF",             2, 0},
        {"overlong in three",              "\xE0\x80\xAF",         3, 0},
        {"overlong in four",               "\xF0\x80\x80\xAF",     4, 0},
        {"surrogate",                      "\xED\xA0\x80",         3, 0},
        {"before the surrogates",          "\xED\x9F\xBF",         3, 3},
        {"five bytes",                     "\xF8\x88\x80\x80\x80", 5, 0},
        {"Latin-1",                        "\xE9t\xE9",            3, 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect_eq(utf8_length(rows[i].text, rows[i].bytes), rows[i].length, "%s", rows[i].name);
    }
}

Test(utf8, a_text_is_valid_when_all_its_characters_are)
{
    static const char good[] = "caf\xC3\xA9 \xE2\x82\xAC", bad[] = "caf\xE9 ";
    cr_assert(utf8_is_valid(good, sizeof good - 1));
    cr_assert_not(utf8_is_valid(good, sizeof good - 2));
    cr_assert_not(utf8_is_valid(bad, sizeof bad - 1));
    cr_assert(utf8_is_valid("", 0));
}
