/* The payment: a set of statements, and the holds that follow from it.
 *
 * Order of arrival is never order of events, so no rule may depend on it: each authorisation's hold
 * is computed from everything ever said about it, and what is booked is the difference between the
 * hold before and after a message (docs/payments.md).
 *
 *     hold = 0 if final, ended or not approved, else total × max(0, approved − reversed) / approved
 *
 * computed from the unrounded total and rounded up once.
 *
 * Threads: pure.   Owns: nothing.   May include: base, authz/statement.h.
 */
#ifndef AUTHZ_PAYMENT_H
#define AUTHZ_PAYMENT_H

#include "authz/statement.h"

enum {
    PAYMENT_STATEMENTS_MAX = 256,     /* statements of one payment; more is refused with an alarm */
    PAYMENT_AUTHORISATIONS_MAX = 128, /* authorisations among them */
};

/* A statement and its place in the payment: `n` counts arrivals 1, 2, 3 … */
struct payment_entry {
    uint64_t payment; /* TXn_ID of the payment's first message */
    uint32_t n;
    struct statement statement;
};

/* One authorisation as the set has it. */
struct authorisation {
    uint64_t txn_id;         /* of its first request or outcome: the key of its hold */
    bool stands;             /* approved, by the last word about it */
    bool forced;             /* that word is the processor's or the network's, not ours */
    int64_t total_e4;        /* billing total that stands approved: amount, fees and pads */
    int64_t fees_e4;         /* the part of it that is fees */
    int64_t approved_txn_e4; /* the same in the merchant's currency (10^-4) */
    int64_t reversed_txn_e4;
    int64_t hold_minor; /* what follows: >= 0 */
    int64_t fee_minor;  /* the part of hold_minor that is fees */
    uint64_t
        word_txn_id; /* of the statement whose word stands; it may be a sibling's or an advice's */
    bool by_advice;  /* that statement is a network advice (J) */
    bool has_siblings;     /* several requests are this one authorisation */
    int64_t partial_minor; /* approved in part: the billing amount without fees; else 0 */
};

/* Which authorisation a TXn_ID belongs to. */
struct payment_member {
    uint64_t txn_id;
    size_t authorisation; /* index */
};

struct payment_holds {
    size_t count; /* in the order in which they were first heard of */
    struct authorisation authorisations[PAYMENT_AUTHORISATIONS_MAX];
    int64_t total_minor; /* sum of hold_minor; INT64_MAX when it does not fit */
    size_t member_count;
    struct payment_member members[PAYMENT_STATEMENTS_MAX];
    bool overflow; /* more authorisations than fit: the holds are not to be used */
};

/* Computes the holds of one payment from its entries (any order, at most PAYMENT_STATEMENTS_MAX;
 * `currency` is the account's and known). What is said in another currency holds nothing. */
void payment_compute(const struct payment_entry *entries, size_t count, uint16_t currency,
                     struct payment_holds *holds);

/* |Bill_Amt| + Fee_Fixed + Fee_Rate + FX_Pad + MCC_Pad, in 10^-4 of the card's currency. The
 * breakdown fields are never added (EHI guide, Calculating the Total). */
int64_t payment_total_e4(const struct statement *statement);

/* What a message would take if it is approved whole: payment_total_e4 of a debit with an amount,
 * the fees of a balance enquiry, 0 for card checks and credits. */
int64_t payment_asked_e4(const struct statement *statement);

/* The authorisation of that id (or of which that id is a sibling), or NULL. */
const struct authorisation *payment_find(const struct payment_holds *holds, uint64_t txn_id);

/* The largest part of a request that fits into `available_minor`: minor units of the billing amount
 * without fees, rounded down; and the hold that it takes, rounded up. 0 when nothing fits. */
int64_t payment_partial(const struct statement *request, int64_t available_minor, uint16_t currency,
                        int64_t *hold_minor);

#endif
