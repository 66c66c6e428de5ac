/* CSV: one record after the other from a file, as RFC 4180 has it, with the line and column of each
 * field, so that what is refused can be found.
 *
 * Read: CRLF or LF, quoted fields with "" inside, a UTF-8 byte order mark at the start, empty lines
 * (skipped). Refused: a quote that is not closed, text after a closing quote, bytes that are not
 * UTF-8, NUL bytes, a line or a field count over its maximum.
 *
 * Threads: one owner.   Owns: its line.   May include: base.
 */
#ifndef OPS_CSV_H
#define OPS_CSV_H

#include <stdio.h>

#include "base/error.h"

enum { CSV_FIELDS_MAX = 32, CSV_RECORD_BYTES = 4096 };

struct csv {
    FILE *file;       /* borrowed */
    const char *name; /* for errors; borrowed */
    size_t line;      /* of the record read last, from 1 */
    size_t next_line;
    size_t field_count;
    const char *fields[CSV_FIELDS_MAX]; /* point into .record, valid until the next one is read */
    size_t columns[CSV_FIELDS_MAX];     /* where each starts in its line, in bytes from 1 */
    char record[CSV_RECORD_BYTES];
};

void csv_init(struct csv *csv, FILE *file, const char *name);
/* Reads the next record; *ret_read is false at the end of the file. Errors name "FILE:LINE:COLUMN".
 */
MUST_USE bool csv_next(struct csv *csv, bool *ret_read, struct error *error);
/* An error at field `at` of the record read last: "FILE:LINE:COLUMN" and the message. Returns
 * false. */
bool csv_error(const struct csv *csv, size_t at, struct error *error, const char *format, ...)
    PRINTF_LIKE(4, 5);

#endif
