/* Names of stored numbers, as JSON, tables and command lines have them.
 *
 * Threads: constants.   Owns: nothing.   May include: base, authz/ pure headers, ledger/ headers.
 */
#ifndef OPS_NAMES_H
#define OPS_NAMES_H

#include <stdbool.h>
#include <stdint.h>

/* "active", "frozen", …; "unknown" for numbers that this program does not know. Static. */
const char *names_card_status(int64_t status);
/* False when there is no such status. */
bool names_parse_card_status(const char *name, int *status);
const char *names_account_status(int64_t status);
const char *names_hold_state(int64_t state);
const char *names_layer(int64_t layer); /* "posted", "pending" */
const char *names_transfer_code(int64_t code);

#endif
