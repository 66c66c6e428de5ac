/* Kinship: which statements of a payment speak about the same authorisation.
 *
 * A request, its closing advice, its 0101s and its suspected repeats are one authorisation under
 * several ids. A network advice (J) that names an authorisation speaks about that one; any other J
 * is an authorisation of its own. All of it follows from the set, whatever came first.
 *
 * Threads: pure.   Owns: nothing.   May include: base, authz/match.h.
 */
#ifndef AUTHZ_KINSHIP_H
#define AUTHZ_KINSHIP_H

#include "authz/match.h"

enum { KINSHIP_NONE = UINT16_MAX };

struct kin {
    uint64_t key;       /* TXn_ID of the first that was said about it, by arrival */
    uint64_t lowest_id; /* the smallest of its TXn_IDs: "newest first" orders by it */
    uint32_t first_n;   /* when it was first heard of */
    bool decided_here;  /* we had a request of it */
    bool has_outcome;
    bool has_siblings;
};

struct kinship {
    uint16_t of[PAYMENT_STATEMENTS_MAX]; /* index of the kin of each entry, or KINSHIP_NONE */
    size_t count;
    struct kin kins[PAYMENT_AUTHORISATIONS_MAX];
    bool overflow;
};

void kinship_find(const struct payment_entry *entries, size_t count, struct kinship *kinship);

/* Whether the statement is a network advice that speaks for an authorisation. */
bool kinship_is_advice(const struct statement *statement);

#endif
