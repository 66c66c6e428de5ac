/* Tables as people see them. */
#include "ops/table.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static char *print(const struct table *table, bool bold)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    table_print(table, out, bold);
    fclose(out);
    return text;
}

Test(table, aligns_columns_and_leaves_no_blanks_at_the_end)
{
    struct table *table = table_create();
    table_add_column(table, "NAME", TABLE_LEFT);
    table_add_column(table, "AMOUNT", TABLE_RIGHT);
    table_add_column(table, "NOTE", TABLE_LEFT);
    const char *cells[] = {"café", "GBP 1.00", "x", "tea", "GBP 100.00", ""};
    for (size_t i = 0; i < 6; i++) {
        table_add_cell(table, cells[i]);
    }
    char *text = print(table, false);
    cr_expect_str_eq(text, "NAME      AMOUNT  NOTE\n"
                           "café    GBP 1.00  x\n"
                           "tea   GBP 100.00  \n");
    cr_expect_eq(table_row_count(table), 2);
    free(text);
    table_destroy(table);
}

Test(table, makes_titles_bold_only_when_asked)
{
    struct table *table = table_create();
    table_add_column(table, "A", TABLE_LEFT);
    char *text = print(table, true);
    cr_expect_str_eq(text, "\033[1mA\n\033[0m");
    free(text);
    text = print(table, false);
    cr_expect_str_eq(text, "A\n");
    free(text);
    table_destroy(table);
}

Test(table, lets_no_control_character_and_no_broken_text_through)
{
    static const struct {
        const char *name, *cell, *shown;
    } rows[] = {
        {"an escape sequence",   "\033[2Jshop", "?[2Jshop"},
        {"a line break",         "a\nb",        "a?b"     },
        {"C1 controls as UTF-8",
         "a\xC2\x9B"
         "b",                                   "a?b"     },
        {"a stray byte",
         "a\xFF"
         "b",                                   "a?b"     },
        {"a cut character",      "a\xE2\x82",   "a??"     },
        {"delete",               "a\x7F",       "a?"      },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct table *table = table_create();
        char expected[64];
        table_add_column(table, "T", TABLE_LEFT);
        table_add_cell(table, rows[i].cell);
        char *text = print(table, false);
        snprintf(expected, sizeof expected, "T\n%s\n", rows[i].shown);
        cr_expect_str_eq(text, expected, "%s", rows[i].name);
        free(text);
        table_destroy(table);
    }
}

Test(table, cuts_a_cell_at_its_maximum_and_never_within_a_character)
{
    struct table *table = table_create();
    char cell[TABLE_CELL_BYTES + 4];

    memset(cell, 'x', sizeof cell);
    memcpy(cell + TABLE_CELL_BYTES - 1, "é", 3);
    table_add_column(table, "T", TABLE_LEFT);
    table_add_cell(table, cell);
    char *text = print(table, false);
    cr_expect_eq(strlen(text), strlen("T\n") + TABLE_CELL_BYTES - 1 + strlen("\n"));
    free(text);
    table_destroy(table);
}

Test(table, destroys_nothing_without_complaint)
{
    table_destroy(NULL);
}
