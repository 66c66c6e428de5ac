/* Allocation: which authorisations of a payment a reversal takes from.
 *
 * The one it names, up to the whole of it, whichever of the two came first. Without a name, or with
 * what is left over: the others of the payment, newest first, among those known when it came and
 * those that never were ours to decide; if there is none, those that we decided later, once an
 * outcome about them is here too. So a live request is never lessened by a reversal that does not
 * name it.
 *
 * Threads: pure.   Owns: nothing.   May include: base, authz/kinship.h.
 */
#ifndef AUTHZ_ALLOCATE_H
#define AUTHZ_ALLOCATE_H

#include "authz/kinship.h"

/* What an authorisation has, as reversals see it. Amounts in 10^-4. */
struct approval {
    bool stands;
    int64_t basis_e4;      /* what shares are of: the merchant's amount, else the billing amount */
    int64_t bill_e4;       /* the billing amount that goes with it */
    uint16_t txn_currency; /* of basis_e4; 0: it is the billing amount */
    int64_t reversed_e4;   /* of the basis: what allocation adds to */
};

/* approvals[i] belongs to kinship->kins[i]. */
void allocate_reversals(const struct payment_entry *entries, size_t count,
                        const struct kinship *kinship, struct approval *approvals);

#endif
