/* holdfast card import: cards from a CSV file, 1,000 rows a transaction. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ops/access.h"
#include "ops/card_row.h"
#include "ops/csv.h"
#include "ops/verbs.h"

enum { CHUNK = 1000 };

static const struct {
    const char *name;
    size_t offset; /* of the text in struct card_row_texts */
} columns[CARD_ROW_FIELD_COUNT] = {
    [CARD_ROW_TOKEN] = {"token",     offsetof(struct card_row_texts, token)    },
    [CARD_ROW_CURRENCY] = {"currency",  offsetof(struct card_row_texts, currency) },
    [CARD_ROW_LOAD] = {"load",      offsetof(struct card_row_texts, load)     },
    [CARD_ROW_EXPIRY] = {"expiry",    offsetof(struct card_row_texts, expiry)   },
    [CARD_ROW_ACCOUNT] = {"account",   offsetof(struct card_row_texts, account)  },
    [CARD_ROW_PRODUCT] = {"product",   offsetof(struct card_row_texts, product)  },
    [CARD_ROW_STATUS] = {"status",    offsetof(struct card_row_texts, status)   },
    [CARD_ROW_OVERDRAFT] = {"overdraft", offsetof(struct card_row_texts, overdraft)},
};

struct import {
    const struct invocation *invocation;
    struct operator_session *session;
    struct csv csv;
    enum card_row_field fields[CSV_FIELDS_MAX]; /* what each column of the file is */
    size_t places[CARD_ROW_FIELD_COUNT];        /* and where each is; SIZE_MAX: not in the file */
    size_t column_count;
    struct operator_card cards[CHUNK];
    size_t lines[CHUNK]; /* where each of them stands */
    size_t pending, done;
    bool progress;
};

static bool find_column(const char *name, enum card_row_field *field)
{
    for (size_t i = 0; i < CARD_ROW_FIELD_COUNT; i++) {
        if (strcmp(columns[i].name, name) == 0) {
            *field = (enum card_row_field)i;
            return true;
        }
    }
    return false;
}

static bool read_header(struct import *import, struct error *error)
{
    struct csv *csv = &import->csv;
    bool read = false;

    if (!csv_next(csv, &read, error)) {
        return false;
    }
    for (size_t i = 0; i < CARD_ROW_FIELD_COUNT; i++) {
        import->places[i] = SIZE_MAX;
    }
    for (size_t i = 0; read && i < csv->field_count; i++) {
        enum card_row_field field;
        if (!find_column(csv->fields[i], &field)) {
            return csv_error(
                csv, i, error,
                "no such column: %.30s; expected some of token, currency, load, expiry, "
                "account, product, status, overdraft",
                csv->fields[i]);
        }
        if (import->places[field] != SIZE_MAX) {
            return csv_error(csv, i, error, "the column %s is there twice", csv->fields[i]);
        }
        import->fields[i] = field;
        import->places[field] = i;
    }
    import->column_count = read ? csv->field_count : 0;
    if (import->places[CARD_ROW_TOKEN] == SIZE_MAX ||
        (import->places[CARD_ROW_CURRENCY] == SIZE_MAX &&
         import->places[CARD_ROW_ACCOUNT] == SIZE_MAX)) {
        return csv_error(csv, 0, error,
                         "the first line must name the columns, token and currency at least");
    }
    return true;
}

static bool read_card(struct import *import, struct operator_card *card, struct error *error)
{
    const struct csv *csv = &import->csv;
    struct card_row_texts texts = {0};
    enum card_row_field wrong;
    struct error reason = {0};

    if (csv->field_count != import->column_count) {
        return csv_error(csv, csv->field_count, error, "expected %zu fields, found %zu",
                         import->column_count, csv->field_count);
    }
    for (size_t i = 0; i < csv->field_count; i++) {
        memcpy((char *)&texts + columns[import->fields[i]].offset, &csv->fields[i],
               sizeof csv->fields[i]);
    }
    if (card_row_parse(&texts, card, &wrong, &reason)) {
        return true;
    }
    const size_t place = import->places[wrong] != SIZE_MAX ? import->places[wrong] : 0;
    return csv_error(csv, place, error, "%s: %s", columns[wrong].name, reason.message);
}

/* The error's place is a row of the file that may lie a thousand lines back. */
static bool place_error(const struct import *import, size_t failed, struct error *error)
{
    char message[sizeof error->message];

    snprintf(message, sizeof message, "%s", error->message);
    if (error->code == ERROR_UNAVAILABLE || error->code == ERROR_LATE) {
        return false;
    }
    /* A row is refused, whatever it names: exit status 3 is for what the command names. */
    const enum error_code code = error->code == ERROR_NOT_FOUND ? ERROR_INVALID : error->code;
    enum card_row_field column = CARD_ROW_TOKEN;
    char where[sizeof error->field];
    (void)find_column(error->field, &column);
    snprintf(where, sizeof where, "%.30s:%zu %s", import->csv.name, import->lines[failed],
             columns[column].name);
    return error_set(error, code, where, "%s", message);
}

static bool flush_cards(struct import *import, struct error *error)
{
    size_t failed = 0;

    if (import->pending == 0) {
        return true;
    }
    if (!operator_add_cards(import->session, import->cards, import->pending, &failed, error)) {
        return place_error(import, failed, error);
    }
    import->done += import->pending;
    import->pending = 0;
    if (import->progress) {
        fprintf(import->invocation->err, "\r%zu cards", import->done);
    }
    return true;
}

static bool read_cards(struct import *import, struct error *error)
{
    bool read = false;

    if (!read_header(import, error)) {
        return false;
    }
    while (csv_next(&import->csv, &read, error)) {
        if (!read) {
            return flush_cards(import, error);
        }
        if (!read_card(import, &import->cards[import->pending], error)) {
            return false;
        }
        import->lines[import->pending++] = import->csv.line;
        if (import->pending == CHUNK && !flush_cards(import, error)) {
            return false;
        }
    }
    return false;
}

static void report_done(const struct import *import)
{
    if (import->progress && import->done > 0) {
        fputc('\n', import->invocation->err);
    }
    if (import->invocation->json) {
        fprintf(import->invocation->out, "{\"imported\": %zu}\n", import->done);
    } else {
        fprintf(import->invocation->out, "%zu cards imported\n", import->done);
    }
}

static enum exit_status import_file(struct import *import, FILE *file, const char *name)
{
    struct error error = {0};
    enum exit_status status = EXIT_STATUS_OK;

    csv_init(&import->csv, file, name);
    import->progress = isatty(fileno(import->invocation->err)) != 0;
    if (!access_open_operator(import->invocation, &import->session, &status)) {
        return status;
    }
    const bool done = read_cards(import, &error);
    operator_close(import->session);
    report_done(import);
    return done ? EXIT_STATUS_OK : access_fail(import->invocation, &error);
}

enum exit_status verbs_card_import(const struct invocation *invocation)
{
    const char *path = invocation->arguments[0], *slash = strrchr(path, '/');
    struct error error = {0};
    enum exit_status status;

    struct import *import = calloc(1, sizeof *import);
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (file == NULL || import == NULL) {
        free(import);
        (void)error_set_errno(&error, ERROR_INVALID, path, "cannot be read");
        return access_fail_usage(invocation, &error);
    }
    import->invocation = invocation;
    status = import_file(import, file,
                         file == stdin                       ? "stdin"
                         : slash != NULL && slash[1] != '\0' ? slash + 1
                                                             : path);
    if (file != stdin) {
        fclose(file);
    }
    free(import);
    return status;
}
