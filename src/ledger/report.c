#include "ledger/report.h"

#include <assert.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/session.h"

enum {
    TIME_BYTES = 40,
    BYTEA = 17,
    BOOLEAN = 16,
    INT8 = 20,
    INT2 = 21,
    INT4 = 23,
    TIMESTAMPTZ = 1184
};

struct report {
    PGconn *connection;
    PGresult *row; /* NULL between rows */
    bool running;
    const char *name;
    char time[TIME_BYTES]; /* of the last report_text of a time */
};

static void clear_row(struct report *report)
{
    PQclear(report->row);
    report->row = NULL;
}

/* libpq's messages end in a line break and may have several lines: the first says it. */
static bool fail(struct report *report, const PGresult *result, struct error *error)
{
    const char *state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *primary =
        result != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const char *message = primary != NULL ? primary : PQerrorMessage(report->connection);
    char field[sizeof error->field];

    const bool away = PQstatus(report->connection) != CONNECTION_OK || state == NULL ||
                      strncmp(state, "57P", 3) == 0 || strncmp(state, "08", 2) == 0;
    if (state != NULL) {
        snprintf(field, sizeof field, "SQLSTATE %s", state);
    } else {
        snprintf(field, sizeof field, "database");
    }
    const bool schema = state != NULL && strncmp(state, "42P01", 5) == 0;
    return error_set(error, away ? ERROR_UNAVAILABLE : ERROR_INTERNAL, field, "%s: %.*s%s",
                     report->name != NULL ? report->name : "connecting",
                     (int)strcspn(message, "\n"), message,
                     schema ? "; run holdfast db migrate" : "");
}

static bool execute(struct report *report, const char *statement, struct error *error)
{
    PGresult *result = PQexec(report->connection, statement);
    const bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!ok) {
        (void)fail(report, result, error);
    }
    PQclear(result);
    return ok;
}

bool report_open(const char *conninfo, struct report **ret_report, struct error *error)
{
    struct report *report = calloc(1, sizeof *report);

    if (report == NULL) {
        return error_set(error, ERROR_LIMIT, "memory", "none left");
    }
    report->connection = PQconnectdb(conninfo);
    if (PQstatus(report->connection) != CONNECTION_OK) {
        (void)fail(report, NULL, error);
        report_close(report);
        return false;
    }
    /* Times are converted here, so their form must not depend on the server's settings. */
    if (!execute(report, "set session characteristics as transaction read only", error) ||
        !execute(report, "set timezone = 'UTC'", error) ||
        !execute(report, "set datestyle = 'ISO, YMD'", error) ||
        !execute(report, "set client_encoding = 'UTF8'", error) ||
        !execute(report, "set bytea_output = 'hex'", error)) {
        report_close(report);
        return false;
    }
    *ret_report = report;
    return true;
}

void report_close(struct report *report)
{
    if (report == NULL) {
        return;
    }
    clear_row(report);
    PQfinish(report->connection);
    free(report);
}

bool report_freeze(struct report *report, struct error *error)
{
    return execute(report, "begin isolation level repeatable read, read only", error);
}

static void drop_running(struct report *report)
{
    clear_row(report);
    if (!report->running) {
        return;
    }
    char ignored[256];
    PGcancel *cancel = PQgetCancel(report->connection);
    if (cancel != NULL) {
        (void)PQcancel(cancel, ignored, sizeof ignored); /* only saves the server work */
        PQfreeCancel(cancel);
    }
    for (PGresult *result = PQgetResult(report->connection); result != NULL;
         result = PQgetResult(report->connection)) {
        PQclear(result);
    }
    report->running = false;
}

bool report_run(struct report *report, const char *name, const char *const *parameters,
                size_t count, struct error *error)
{
    const char *statement = session_sql(name);

    assert(statement != NULL);
    assert(count <= REPORT_PARAMETERS_MAX);
    drop_running(report);
    report->name = name;
    if (PQsendQueryParams(report->connection, statement, (int)count, NULL, parameters, NULL, NULL,
                          0) != 1) {
        return fail(report, NULL, error);
    }
    report->running = true;
    (void)PQsetSingleRowMode(report->connection); /* without it we would only need more memory */
    return true;
}

bool report_next(struct report *report, bool *ret_row, struct error *error)
{
    assert(report->running);
    clear_row(report);
    PGresult *result = PQgetResult(report->connection);
    if (result == NULL) {
        return fail(report, NULL, error);
    }
    switch (PQresultStatus(result)) {
    case PGRES_SINGLE_TUPLE:
        report->row = result;
        *ret_row = true;
        return true;
    case PGRES_TUPLES_OK: /* the end, without a row */
        PQclear(result);
        while ((result = PQgetResult(report->connection)) != NULL) {
            PQclear(result);
        }
        report->running = false;
        *ret_row = false;
        return true;
    case PGRES_EMPTY_QUERY:
    case PGRES_COMMAND_OK:
    case PGRES_COPY_OUT:
    case PGRES_COPY_IN:
    case PGRES_BAD_RESPONSE:
    case PGRES_NONFATAL_ERROR:
    case PGRES_FATAL_ERROR:
    case PGRES_COPY_BOTH:
    case PGRES_PIPELINE_SYNC:
    case PGRES_PIPELINE_ABORTED:
        break;
    }
    (void)fail(report, result, error);
    PQclear(result);
    while ((result = PQgetResult(report->connection)) != NULL) {
        PQclear(result);
    }
    report->running = false;
    return false;
}

int report_column_count(const struct report *report)
{
    assert(report->row != NULL);
    return PQnfields(report->row);
}

const char *report_column_name(const struct report *report, int column)
{
    assert(column >= 0 && column < report_column_count(report));
    return PQfname(report->row, column);
}

enum report_kind report_column_kind(const struct report *report, int column)
{
    assert(column >= 0 && column < report_column_count(report));
    switch ((int)PQftype(report->row, column)) {
    case INT2:
    case INT4:
    case INT8:
        return REPORT_NUMBER;
    case TIMESTAMPTZ:
        return REPORT_TIME;
    case BOOLEAN:
        return REPORT_FLAG;
    case BYTEA:
        return REPORT_BYTES;
    default: /* not an enum of ours: every other type has a text */
        return REPORT_TEXT;
    }
}

int report_column(const struct report *report, const char *name)
{
    assert(report->row != NULL);
    const int column = PQfnumber(report->row, name);
    assert(column >= 0);
    return column;
}

bool report_is_null(const struct report *report, int column)
{
    assert(column >= 0 && column < report_column_count(report));
    return PQgetisnull(report->row, 0, column) != 0;
}

/* "2026-11-25 03:14:12.0001+00" → "2026-11-25T03:14:12.000100Z". */
static const char *format_time(struct report *report, const char *text)
{
    char fraction[] = "000000";
    const char *point = strchr(text, '.');

    for (int i = 0; point != NULL && i < 6 && point[i + 1] >= '0' && point[i + 1] <= '9'; i++) {
        fraction[i] = point[i + 1];
    }
    snprintf(report->time, sizeof report->time, "%.10sT%.8s.%sZ", text,
             strlen(text) > 11 ? text + 11 : "", fraction);
    return report->time;
}

const char *report_text(struct report *report, int column)
{
    if (report_is_null(report, column)) {
        return "";
    }
    const char *text = PQgetvalue(report->row, 0, column);
    switch (report_column_kind(report, column)) {
    case REPORT_TIME:
        return format_time(report, text);
    case REPORT_FLAG:
        return text[0] == 't' ? "true" : "false";
    case REPORT_TEXT:
    case REPORT_NUMBER:
    case REPORT_BYTES:
        break;
    }
    return text;
}

int64_t report_number(const struct report *report, int column)
{
    assert(report_column_kind(report, column) == REPORT_NUMBER);
    return strtoll(PQgetvalue(report->row, 0, column), NULL, 10);
}

bool report_flag(const struct report *report, int column)
{
    assert(report_column_kind(report, column) == REPORT_FLAG);
    return PQgetvalue(report->row, 0, column)[0] == 't';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool report_bytes(const struct report *report, int column, uint8_t *bytes, size_t max,
                  size_t *ret_count)
{
    if (report_is_null(report, column)) {
        *ret_count = 0;
        return true;
    }
    const char *text = PQgetvalue(report->row, 0, column);
    const size_t digits = strlen(text) >= 2 ? strlen(text) - 2 : 1;
    if (report_column_kind(report, column) != REPORT_BYTES || strncmp(text, "\\x", 2) != 0 ||
        digits % 2 != 0 || digits / 2 > max) {
        return false;
    }
    for (size_t i = 0; i < digits / 2; i++) {
        const int high = hex_digit(text[2 + 2 * i]), low = hex_digit(text[3 + 2 * i]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    *ret_count = digits / 2;
    return true;
}
