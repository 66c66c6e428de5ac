/* Columns: how each kind of row becomes the arrays of its set-based statement.
 *
 * A statement sql/commit_*.sql takes one array a column; here is, for each, the column's type and
 * the value of one row. The order is that of the statement's parameters.
 *
 * Threads: pure.   Owns: nothing.   May include: ledger/array.h, batch_state.h.
 */
#ifndef LEDGER_COLUMN_H
#define LEDGER_COLUMN_H

#include <stddef.h>

#include "ledger/array.h"
#include "ledger/batch_state.h"

enum { COLUMN_MAX = 36 };

struct column_list {
    const char *statement;
    const enum array_type *types;
    size_t count; /* of columns, at most COLUMN_MAX */
    /* Appends one row's value to the column's open array. */
    void (*add)(struct array_writer *wire, const void *row, size_t column);
};

extern const struct column_list column_messages;  /* struct batch_journal */
extern const struct column_list column_entries;   /* struct batch_entry */
extern const struct column_list column_new_holds; /* struct batch_hold_slot */
extern const struct column_list column_holds;     /* struct batch_hold_slot */
extern const struct column_list column_transfers; /* struct batch_transfer */
extern const struct column_list column_accounts;  /* struct batch_account */
extern const struct column_list column_inbox;     /* struct batch_inbox_row */
extern const struct column_list column_refused;   /* struct batch_message */
extern const struct column_list column_told;      /* struct batch_told_row */

#endif
