#include "ops/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

struct column {
    char *title;
    enum table_align align;
    size_t width;
};

struct table {
    struct column columns[TABLE_COLUMNS_MAX];
    size_t column_count;
    char **cells;
    size_t cell_count, cell_max;
};

static void *checked(void *memory)
{
    if (memory == NULL) {
        abort(); /* a command of a person's: there is nothing to save */
    }
    return memory;
}

struct table *table_create(void)
{
    return checked(calloc(1, sizeof(struct table)));
}

void table_destroy(struct table *table)
{
    if (table == NULL) {
        return;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        free(table->columns[i].title);
    }
    for (size_t i = 0; i < table->cell_count; i++) {
        free(table->cells[i]);
    }
    free(table->cells);
    free(table);
}

size_t table_width(const char *text)
{
    size_t width = 0;

    for (const char *c = text; *c != '\0'; c++) {
        width += ((unsigned char)*c & 0xC0) != 0x80; /* not a continuation byte */
    }
    return width;
}

/* A copy that is safe on a terminal: what is no character, or controls one, becomes '?'. */
static char *printable(const char *text)
{
    const size_t bytes = strlen(text);
    char *copy = checked(malloc(TABLE_CELL_BYTES + 1));
    size_t used = 0;

    for (size_t i = 0; i < bytes;) {
        const size_t length = utf8_length(text + i, bytes - i);
        const unsigned char first = (unsigned char)text[i];
        const bool control = first < 0x20 || first == 0x7F ||
                             (length == 2 && first == 0xC2 && (unsigned char)text[i + 1] < 0xA0);
        const size_t kept = length == 0 || control ? 1 : length;
        if (used + kept > TABLE_CELL_BYTES) {
            break;
        }
        if (length == 0 || control) {
            copy[used] = '?';
        } else {
            memcpy(copy + used, text + i, length);
        }
        used += kept;
        i += length == 0 ? 1 : length;
    }
    copy[used] = '\0';
    return copy;
}

void table_add_column(struct table *table, const char *title, enum table_align align)
{
    assert(table->column_count < TABLE_COLUMNS_MAX);
    assert(table->cell_count == 0);
    struct column *column = &table->columns[table->column_count++];
    column->title = printable(title);
    column->align = align;
    column->width = table_width(column->title);
}

void table_add_cell(struct table *table, const char *text)
{
    assert(table->column_count > 0);
    if (table->cell_count == table->cell_max) {
        table->cell_max = table->cell_max == 0 ? 256 : 2 * table->cell_max;
        table->cells = checked(reallocarray(table->cells, table->cell_max, sizeof *table->cells));
    }
    struct column *column = &table->columns[table->cell_count % table->column_count];
    char *cell = printable(text);
    const size_t width = table_width(cell);
    if (width > column->width) {
        column->width = width;
    }
    table->cells[table->cell_count++] = cell;
}

size_t table_row_count(const struct table *table)
{
    return table->column_count == 0 ? 0 : table->cell_count / table->column_count;
}

/* The last column is not padded: no blanks at the end of a line. */
static void print_cell(const struct table *table, size_t at, const char *text, FILE *out)
{
    const struct column *column = &table->columns[at];
    const int blanks = (int)(column->width - table_width(text));

    if (column->align == TABLE_RIGHT) {
        fprintf(out, "%*s%s", blanks, "", text);
    } else if (at + 1 < table->column_count) {
        fprintf(out, "%s%*s", text, blanks, "");
    } else {
        fputs(text, out);
    }
    fputs(at + 1 < table->column_count ? "  " : "\n", out);
}

void table_print_rows(const struct table *table, FILE *out)
{
    assert(table->column_count > 0 && table->cell_count % table->column_count == 0);
    for (size_t i = 0; i < table->cell_count; i++) {
        print_cell(table, i % table->column_count, table->cells[i], out);
    }
}

void table_print(const struct table *table, FILE *out, bool bold)
{
    fputs(bold ? "\033[1m" : "", out);
    for (size_t i = 0; i < table->column_count; i++) {
        print_cell(table, i, table->columns[i].title, out);
    }
    fputs(bold ? "\033[0m" : "", out);
    table_print_rows(table, out);
}
