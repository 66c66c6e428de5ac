#include "ops/output.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/money.h"
#include "ops/instant.h"
#include "ops/table.h"

enum { VALUE_BYTES = 256 };

bool output_in_colour(const struct invocation *invocation)
{
    const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return !invocation->no_color && (no == NULL || no[0] == '\0') &&
           (terminal == NULL || strcmp(terminal, "dumb") != 0) && isatty(fileno(invocation->out));
}

int64_t output_rows_wanted(const struct invocation *invocation)
{
    if (invocation->limit > 0) {
        return invocation->limit;
    }
    return invocation->json ? OUTPUT_ROWS_MAX : OUTPUT_ROWS_DEFAULT + 1;
}

const char *output_time(const struct invocation *invocation, const char *text,
                        char buffer[OUTPUT_TIME_BYTES])
{
    char whole[CLOCK_TEXT_BYTES];
    struct error ignored = {0};
    int64_t instant_us = 0;

    if (!instant_parse(text, 0, true, &instant_us, &ignored)) {
        snprintf(buffer, OUTPUT_TIME_BYTES, "%s", text);
        return buffer;
    }
    if (invocation->utc) {
        clock_format_utc(instant_us, whole);
    } else {
        clock_format_local(instant_us, whole);
    }
    /* Milliseconds are enough for eyes: the date, the time, and the zone after the microseconds. */
    snprintf(buffer, OUTPUT_TIME_BYTES, "%.10s %.12s%s", whole, whole + 11, whole + 26);
    return buffer;
}

static bool is_currency(const char *name)
{
    const size_t bytes = strlen(name);
    return bytes >= 8 && strcmp(name + bytes - 8, "currency") == 0;
}

static json_t *value_of(struct report *report, int column)
{
    if (report_is_null(report, column)) {
        return json_null();
    }
    switch (report_column_kind(report, column)) {
    case REPORT_NUMBER: {
        const int64_t number = report_number(report, column);
        if (is_currency(report_column_name(report, column)) && number > 0 && number <= 999) {
            const char *alpha = money_alpha((uint16_t)number);
            return alpha != NULL ? json_string(alpha) : json_sprintf("%03d", (int)number);
        }
        return json_integer(number);
    }
    case REPORT_FLAG:
        return json_boolean(report_flag(report, column));
    case REPORT_TEXT:
    case REPORT_TIME:
    case REPORT_BYTES:
        break;
    }
    return json_string(report_text(report, column));
}

json_t *output_row(struct report *report)
{
    json_t *row = json_object();

    for (int i = 0; i < report_column_count(report); i++) {
        json_object_set_new(row, report_column_name(report, i), value_of(report, i));
    }
    return row;
}

/* The row's currency as a number, 0 when it has none. */
static uint16_t currency_of(const json_t *row)
{
    const char *alpha = json_string_value(json_object_get(row, "currency"));
    return alpha != NULL ? money_currency(alpha) : 0;
}

static void format_value(const struct invocation *invocation, const json_t *row,
                         const struct output_column *column, char text[VALUE_BYTES])
{
    const json_t *value = json_object_get(row, column->key);
    char buffer[MONEY_TEXT_BYTES + OUTPUT_TIME_BYTES];

    const bool is_money = column->kind == OUTPUT_MONEY || column->kind == OUTPUT_AMOUNT;
    if (value == NULL || json_is_null(value)) {
        snprintf(text, VALUE_BYTES, "-");
    } else if (json_is_integer(value) && is_money && currency_of(row) != 0) {
        snprintf(text, VALUE_BYTES, "%s",
                 money_format(json_integer_value(value), currency_of(row), buffer));
    } else if (json_is_integer(value)) {
        snprintf(text, VALUE_BYTES, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    } else if (json_is_boolean(value)) {
        snprintf(text, VALUE_BYTES, "%s", json_is_true(value) ? "yes" : "no");
    } else if (json_is_string(value) && column->kind == OUTPUT_TIME) {
        snprintf(text, VALUE_BYTES, "%s",
                 output_time(invocation, json_string_value(value), buffer));
    } else {
        snprintf(text, VALUE_BYTES, "%s", json_is_string(value) ? json_string_value(value) : "…");
    }
}

static struct table *make_table(const struct output_column *columns)
{
    struct table *table = table_create();

    for (; columns->key != NULL; columns++) {
        const bool right = columns->kind == OUTPUT_MONEY || columns->kind == OUTPUT_NUMBER;
        table_add_column(table, columns->title, right ? TABLE_RIGHT : TABLE_LEFT);
    }
    return table;
}

static void add_row(const struct invocation *invocation, struct table *table,
                    const struct output_column *columns, const json_t *row)
{
    for (; columns->key != NULL; columns++) {
        char text[VALUE_BYTES];
        format_value(invocation, row, columns, text);
        table_add_cell(table, text);
    }
}

static bool list_as_json(const struct invocation *invocation, const char *plural,
                         output_finish *finish, struct report *report, size_t *count,
                         struct error *error)
{
    bool row = false;

    fprintf(invocation->out, "{\"%s\": [", plural);
    for (*count = 0; report_next(report, &row, error); (*count)++) {
        if (!row) {
            fputs(*count > 0 ? "\n]}\n" : "]}\n", invocation->out);
            return true;
        }
        json_t *object = output_row(report);
        if (finish != NULL) {
            finish(object);
        }
        fputs(*count > 0 ? ",\n  " : "\n  ", invocation->out);
        json_dumpf(object, invocation->out, 0);
        json_decref(object);
    }
    return false;
}

static bool list_as_table(const struct invocation *invocation, const struct output_column *columns,
                          output_finish *finish, struct report *report, size_t *count,
                          struct error *error)
{
    const int64_t most = invocation->limit > 0 ? invocation->limit : OUTPUT_ROWS_DEFAULT;
    struct table *table = make_table(columns);
    bool row = false, more = false, ok = true;

    *count = 0;
    while ((ok = report_next(report, &row, error)) && row) {
        if ((int64_t)*count == most) {
            more = true;
            continue; /* the last row asked for: it only says that there are more */
        }
        json_t *object = output_row(report);
        if (finish != NULL) {
            finish(object);
        }
        add_row(invocation, table, columns, object);
        json_decref(object);
        (*count)++;
    }
    if (ok) {
        table_print(table, invocation->out, output_in_colour(invocation));
        fflush(invocation->out);
    }
    if (ok && more) {
        fprintf(invocation->err, "holdfast: there are more than %lld; --limit N shows N\n",
                (long long)most);
    }
    table_destroy(table);
    return ok;
}

bool output_list(const struct invocation *invocation, const char *plural,
                 const struct output_column *columns, output_finish *finish, struct report *report,
                 size_t *ret_count, struct error *error)
{
    size_t count = 0;
    const bool ok = invocation->json
                        ? list_as_json(invocation, plural, finish, report, &count, error)
                        : list_as_table(invocation, columns, finish, report, &count, error);
    if (ok && ret_count != NULL) {
        *ret_count = count;
    }
    return ok;
}

void output_json(const struct invocation *invocation, json_t *object)
{
    json_dumpf(object, invocation->out, JSON_INDENT(2));
    fputc('\n', invocation->out);
}

void output_object(const struct invocation *invocation, const struct output_column *columns,
                   json_t *object)
{
    size_t width = 0;

    if (invocation->json) {
        output_json(invocation, object);
        return;
    }
    for (const struct output_column *c = columns; c->key != NULL; c++) {
        width = strlen(c->title) > width ? strlen(c->title) : width;
    }
    struct table *table = table_create();
    table_add_column(table, "", TABLE_LEFT);
    for (; columns->key != NULL; columns++) {
        char text[VALUE_BYTES], line[VALUE_BYTES + 64];
        format_value(invocation, object, columns, text);
        snprintf(line, sizeof line, "%-*s  %s", (int)width, columns->title, text);
        table_add_cell(table, line);
    }
    table_print_rows(table, invocation->out);
    table_destroy(table);
}

void output_section(const struct invocation *invocation, const char *heading,
                    const struct output_column *columns, json_t *rows)
{
    struct table *table = make_table(columns);
    const json_t *row;
    size_t i;

    json_array_foreach(rows, i, row)
    {
        add_row(invocation, table, columns, row);
    }
    fprintf(invocation->out, "\n%s\n", heading);
    if (table_row_count(table) == 0) {
        fputs("none\n", invocation->out);
    } else {
        table_print(table, invocation->out, output_in_colour(invocation));
    }
    table_destroy(table);
}
