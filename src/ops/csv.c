#include "ops/csv.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/utf8.h"

/* Where the reader stands in a record. */
struct cursor {
    struct csv *csv;
    size_t used;   /* bytes of csv->record */
    size_t column; /* of the character read last, from 1 */
    bool ended;    /* end of file */
};

static bool error_at(const struct csv *csv, size_t column, struct error *error, const char *message)
{
    char field[sizeof error->field];
    snprintf(field, sizeof field, "%.30s:%zu:%zu", csv->name, csv->next_line, column);
    return error_set(error, ERROR_INVALID, field, "%s", message);
}

bool csv_error(const struct csv *csv, size_t at, struct error *error, const char *format, ...)
{
    char field[sizeof error->field], message[sizeof error->message];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    snprintf(field, sizeof field, "%.30s:%zu:%zu", csv->name, csv->line,
             at < csv->field_count ? csv->columns[at] : 1);
    return error_set(error, ERROR_INVALID, field, "%s", message);
}

void csv_init(struct csv *csv, FILE *file, const char *name)
{
    *csv = (struct csv){.file = file, .name = name, .next_line = 1};
}

static int read_character(struct cursor *cursor)
{
    const int c = getc(cursor->csv->file);
    cursor->column++;
    if (c == EOF) {
        cursor->ended = true;
    }
    return c;
}

static bool keep(struct cursor *cursor, int c, struct error *error)
{
    if (c == '\0') {
        return error_at(cursor->csv, cursor->column, error, "a NUL byte: this is not a text file");
    }
    if (cursor->used + 1 >= CSV_RECORD_BYTES) {
        return error_at(cursor->csv, cursor->column, error, "the record is over 4096 bytes long");
    }
    cursor->csv->record[cursor->used++] = (char)c;
    return true;
}

/* Reads what stands between quotes (the first one is read already). */
static bool read_quoted(struct cursor *cursor, int *after, struct error *error)
{
    const size_t start = cursor->column, start_line = cursor->csv->next_line;

    for (;;) {
        int c = read_character(cursor);
        if (c == EOF) {
            cursor->csv->next_line = start_line;
            return error_at(cursor->csv, start, error, "the quote that starts here is not closed");
        }
        if (c == '"') {
            c = read_character(cursor);
            if (c != '"') {
                *after = c;
                break;
            }
        }
        if (!keep(cursor, c, error)) {
            return false;
        }
        if (c == '\n') {
            cursor->csv->next_line++;
            cursor->column = 0;
        }
    }
    if (*after == ',' || *after == '\n' || *after == '\r' || *after == EOF) {
        return true;
    }
    return error_at(cursor->csv, cursor->column, error, "expected a comma after the closing quote");
}

/* Reads one field; *after is the character that ended it. */
static bool read_field(struct cursor *cursor, int first, int *after, struct error *error)
{
    struct csv *csv = cursor->csv;
    const size_t start = cursor->used, column = cursor->column;
    int c = first;

    if (csv->field_count == CSV_FIELDS_MAX) {
        return error_at(csv, column, error, "more than 32 fields");
    }
    if (c == '"') {
        if (!read_quoted(cursor, &c, error)) {
            return false;
        }
    } else {
        while (c != ',' && c != '\n' && c != '\r' && c != EOF) {
            if (c == '"') {
                return error_at(csv, cursor->column, error,
                                "a quote within a field that has none around");
            }
            if (!keep(cursor, c, error)) {
                return false;
            }
            c = read_character(cursor);
        }
    }
    if (!utf8_is_valid(csv->record + start, cursor->used - start)) {
        return error_at(csv, column, error, "the field is not UTF-8");
    }
    csv->columns[csv->field_count] = column;
    csv->fields[csv->field_count++] = csv->record + start;
    assert(cursor->used < CSV_RECORD_BYTES);
    csv->record[cursor->used++] = '\0';
    if (cursor->used == CSV_RECORD_BYTES) {
        return error_at(csv, column, error, "the record is over 4096 bytes long");
    }
    *after = c;
    return true;
}

/* The first character of a record: empty lines and a byte order mark are passed over. */
static int skip_to_record(struct cursor *cursor)
{
    for (;;) {
        const int c = read_character(cursor);
        if (c == 0xEF && cursor->csv->next_line == 1 && cursor->column == 1) {
            (void)read_character(
                cursor); /* the other two bytes of U+FEFF; what else starts with EF */
            (void)read_character(cursor); /* is no header of ours and is refused as such */
            cursor->column = 0;
        } else if (c == '\n') {
            cursor->csv->next_line++;
            cursor->column = 0;
        } else if (c != '\r') {
            return c;
        }
    }
}

bool csv_next(struct csv *csv, bool *ret_read, struct error *error)
{
    struct cursor cursor = {.csv = csv};
    int c = skip_to_record(&cursor);

    csv->field_count = 0;
    csv->line = csv->next_line;
    if (c == EOF) {
        if (ferror(csv->file)) {
            return error_set_errno(error, ERROR_INVALID, csv->name, "cannot be read");
        }
        *ret_read = false;
        return true;
    }
    for (;;) {
        if (!read_field(&cursor, c, &c, error)) {
            return false;
        }
        if (c != ',') {
            break;
        }
        c = read_character(&cursor);
    }
    if (c == '\r') {
        c = read_character(&cursor);
        if (c != '\n' && c != EOF) {
            return error_at(csv, cursor.column, error, "a carriage return within a line");
        }
    }
    csv->next_line++;
    *ret_read = true;
    return true;
}
