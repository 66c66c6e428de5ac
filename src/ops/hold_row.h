/* A hold as a row.
 *
 * Threads: one owner.   Owns: nothing.   May include: base, ledger/report.h, jansson, ops/.
 */
#ifndef OPS_HOLD_ROW_H
#define OPS_HOLD_ROW_H

#include "base/error.h"
#include "ops/output.h"

extern const struct output_column hold_row_columns[];
void hold_row_finish(json_t *row);
/* Open holds of a card, an account, or all holds of a payment (texts; NULL: any), as a JSON array,
 * the caller's. */
MUST_USE bool hold_row_read(struct report *report, const char *token, const char *account,
                            const char *payment, json_t **ret_holds, struct error *error);

#endif
