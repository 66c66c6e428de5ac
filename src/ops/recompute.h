/* Recomputing: what every payment holds, from what was said about it, against what the books hold.
 *
 * The books are moved by differences; a difference that was lost would show nowhere else. Here
 * each payment is computed from its statements alone, by the code that decides, and the result
 * must be exactly its open holds.
 *
 * Threads: one.   Owns: nothing.   May include: base, ledger/verify.h, authz/ pure headers.
 */
#ifndef OPS_RECOMPUTE_H
#define OPS_RECOMPUTE_H

#include "ledger/verify.h"

/* The check's name, and what must hold, in words. */
#define RECOMPUTE_NAME     "holds_follow_from_set"
#define RECOMPUTE_SENTENCE "a payment's open holds are what its messages say"

/* Runs the check. `first` names a payment and an authorisation: "account/payment/TXn_ID". False
 * only when it could not be run. */
MUST_USE bool recompute_run(struct report *report, struct verify_check *check, struct error *error);

#endif
