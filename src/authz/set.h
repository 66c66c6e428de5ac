/* The set while a message is decided: the statements of one payment, and what they hold before and
 * after the message.
 *
 * Threads: pure; lives in decide()'s scratch.   Owns: nothing.   May include: base, authz/decide.h.
 */
#ifndef AUTHZ_SET_H
#define AUTHZ_SET_H

#include "authz/decide.h"

struct set {
    uint64_t payment;
    size_t count;
    uint32_t last_n;
    bool full; /* a statement found no room: the holds are not to be used */
    struct payment_entry entries[PAYMENT_STATEMENTS_MAX];
    struct payment_holds before, after;
};

struct decide_scratch {
    struct set set;
    struct payment_holds declined; /* of a request: what holds if it is refused */
};

/* Takes the payment's entries from the facts (none: a new payment) and computes `before`. */
void set_begin(struct set *set, const struct facts *facts, uint64_t payment);
/* Adds a statement as the payment's newest. Returns its place, or NULL when the set is full. */
struct statement *set_add(struct set *set, const struct statement *statement);
/* Lets the card's parked reversals in that `newcomer`, which was just added, gives a payment to.
 * Their indices go into the decision. More than fit overflow the set: one that is left behind would
 * never be heard again. */
void set_join_parked(struct set *set, const struct facts *facts, const struct statement *newcomer,
                     struct decision *decision);
/* Computes `after`. */
void set_compute(struct set *set, const struct facts *facts);
/* The set cannot be computed, or is too large: nothing may be moved on its ground. */
bool set_overflows(const struct set *set);
/* The statement with that id and role, or NULL. */
const struct statement *set_find(const struct set *set, uint64_t txn_id, enum message_role role);

#endif
