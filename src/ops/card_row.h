/* A card as a row: how it is shown, and how it is read from a command line or a CSV file.
 *
 * Threads: one owner.   Owns: nothing.   May include: base, ledger/ headers, jansson, ops/.
 */
#ifndef OPS_CARD_ROW_H
#define OPS_CARD_ROW_H

#include "base/error.h"
#include "ledger/operator.h"
#include "ops/output.h"

extern const struct output_column card_row_columns[]; /* of a list */
extern const struct output_column card_row_lines[];   /* of one card */
void card_row_finish(json_t *row);
/* One card as a JSON object, the caller's. ERROR_NOT_FOUND. */
MUST_USE bool card_row_read(struct report *report, int32_t token, json_t **ret_card,
                            struct error *error);

enum card_row_field {
    CARD_ROW_TOKEN,
    CARD_ROW_CURRENCY,
    CARD_ROW_LOAD,
    CARD_ROW_EXPIRY,
    CARD_ROW_ACCOUNT,
    CARD_ROW_PRODUCT,
    CARD_ROW_STATUS,
    CARD_ROW_OVERDRAFT,
    CARD_ROW_FIELD_COUNT,
};
/* NULL and "" are absent. Amounts as people write them: "100.00". */
struct card_row_texts {
    const char *token, *currency, *load, *expiry, *account, *product, *status, *overdraft;
};
/* *ret_wrong (set on failure) says which text is at fault. */
MUST_USE bool card_row_parse(const struct card_row_texts *texts, struct operator_card *card,
                             enum card_row_field *ret_wrong, struct error *error);

#endif
