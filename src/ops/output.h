/* Output: what a command found, as one JSON object or as text for a person.
 *
 * Both come from the same rows, so that they cannot differ: a row is made into a JSON object (the
 * column's name is the key), and the table picks keys from it. Lists stream in JSON; as a table
 * they are cut at OUTPUT_ROWS_DEFAULT unless --limit says otherwise, and the cut is said on
 * standard error.
 *
 * Threads: one owner.   Owns: nothing.   May include: base, ledger/report.h, jansson, ops/.
 */
#ifndef OPS_OUTPUT_H
#define OPS_OUTPUT_H

#include <jansson.h>

#include "base/error.h"
#include "ledger/report.h"
#include "ops/verb.h"

enum { OUTPUT_ROWS_DEFAULT = 100, OUTPUT_ROWS_MAX = 1000000 };

enum output_kind {
    OUTPUT_TEXT,
    OUTPUT_NUMBER,
    OUTPUT_MONEY,  /* minor units; the currency is the row's "currency" */
    OUTPUT_AMOUNT, /* the same at the left, among other values */
    OUTPUT_TIME,
};

struct output_column {
    const char *title, *key; /* a NULL key ends the list */
    enum output_kind kind;
};

/* Changes a row before it is shown: numbers to names, bytes to facts. May be NULL. */
typedef void output_finish(json_t *row);

/* The report's current row. "currency" columns hold ISO 4217 numeric codes and become "GBP". */
json_t *output_row(struct report *report);
/* All rows of the running report under the plural name. *ret_count may be NULL. */
MUST_USE bool output_list(const struct invocation *invocation, const char *plural,
                          const struct output_column *columns, output_finish *finish,
                          struct report *report, size_t *ret_count, struct error *error);
/* One thing: the object itself in JSON; title and value on a line each for people. */
void output_object(const struct invocation *invocation, const struct output_column *columns,
                   json_t *object);
/* A list within a larger answer, for people: a heading and a table. */
void output_section(const struct invocation *invocation, const char *heading,
                    const struct output_column *columns, json_t *rows);
/* An object as JSON, whatever --json says. */
void output_json(const struct invocation *invocation, json_t *object);

/* "2026-11-25 04:14:12 +01:00", or in UTC; from RFC 3339 UTC. Returns buffer. */
enum { OUTPUT_TIME_BYTES = 40 };
const char *output_time(const struct invocation *invocation, const char *text,
                        char buffer[OUTPUT_TIME_BYTES]);
/* Rows to ask for: one more than are shown, so that a cut is noticed; in JSON as many as --limit.
 */
int64_t output_rows_wanted(const struct invocation *invocation);
bool output_in_colour(const struct invocation *invocation);

#endif
