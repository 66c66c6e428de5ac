/* Results: typed reads of PostgreSQL's binary result format.
 *
 * The statements are ours and a test compares their types with what is read here, so a column of
 * another width is a programmer's mistake; a NULL reads as zero or empty, and result_is_null tells.
 *
 * Threads: any, one result at a time.   Owns: nothing.   May include: libpq.
 */
#ifndef LEDGER_RESULT_H
#define LEDGER_RESULT_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/batch.h"

bool result_is_null(const PGresult *result, int row, int column);
/* bool, int2, int4 or int8, by the column's width. */
int64_t result_number(const PGresult *result, int row, int column);
/* timestamptz, microseconds since 1970. */
int64_t result_time_us(const PGresult *result, int row, int column);
/* Copies at most bytes - 1 and ends with NUL; longer texts are cut. */
void result_text(const PGresult *result, int row, int column, char *text, size_t bytes);
/* The bytes in place, owned by the result. NULL-safe: *count is 0 then. */
const uint8_t *result_bytes(const PGresult *result, int row, int column, size_t *count);

/* An account as it was read, unchanged so far: the first eight columns are id, status, overdraft,
 * posted, held, version, event_version, last_at. */
struct batch_account result_account(const PGresult *result, int row);

#endif
