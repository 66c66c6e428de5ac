/* Reports: what people ask the books, row by row, as the reader role.
 *
 * A report is one of the statements src/ledger/sql/report_*.sql or verify_*.sql, run by its file's
 * name; rows stream from the server, so a report of any length costs the memory of one row. Nothing
 * here can change anything: the session is read only.
 *
 * Threads: a session is owned by one thread, one report at a time.   Owns: its connection.
 * May include: base, ledger/, libpq.
 */
#ifndef LEDGER_REPORT_H
#define LEDGER_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { REPORT_PARAMETERS_MAX = 8 };

enum report_kind { REPORT_TEXT, REPORT_NUMBER, REPORT_TIME, REPORT_FLAG, REPORT_BYTES };

struct report;

/* Connects; ERROR_UNAVAILABLE when the database is away. */
MUST_USE bool report_open(const char *conninfo, struct report **ret_report, struct error *error);
void report_close(struct report *report); /* NULL is fine */
/* From here to the close every report sees one and the same state (REPEATABLE READ). */
MUST_USE bool report_freeze(struct report *report, struct error *error);

/* Starts the report of that name ("report_card_list", without ".sql"; asserted to exist).
 * Parameters are texts in the order of the file's header, NULL for SQL NULL. A report that still
 * runs is dropped. */
MUST_USE bool report_run(struct report *report, const char *name, const char *const *parameters,
                         size_t count, struct error *error);
/* The next row, which lives until the next call; *ret_row is false after the last one. */
MUST_USE bool report_next(struct report *report, bool *ret_row, struct error *error);

/* The row's columns. Positions are asserted to exist; so are names. */
int report_column_count(const struct report *report);
const char *report_column_name(const struct report *report, int column);
enum report_kind report_column_kind(const struct report *report, int column);
int report_column(const struct report *report, const char *name);
bool report_is_null(const struct report *report, int column);
/* As the server writes it; a time as RFC 3339 UTC with microseconds, a flag as "true" or "false";
 * "" for NULL. Lives as long as the row. */
const char *report_text(struct report *report, int column);
int64_t report_number(const struct report *report, int column); /* 0 for NULL */
bool report_flag(const struct report *report, int column);
/* Bytes of a bytea, at most `max`; 0 for NULL. False when it is longer or not a bytea. */
bool report_bytes(const struct report *report, int column, uint8_t *bytes, size_t max,
                  size_t *ret_count);

#endif
