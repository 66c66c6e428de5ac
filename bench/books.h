/* The generator's own books: what should be answered, by rules of its own.
 *
 * A much simpler thing than holdfast's ledger, on purpose: no database, no batches, no matching.
 * The generator knows which authorisation each of its messages is about, so it only has to keep
 * what stands approved and what was given back. Expected answers come from here and never from
 * holdfast.
 *
 *     available = load − sum of holds
 *     hold      = total × (approved − reversed) / approved, rounded up to the minor unit
 *
 * Threads: one.   Owns: the payments of each card.   May include: base/money.h.
 */
#ifndef BENCH_BOOKS_H
#define BENCH_BOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BOOKS_AUTHORISATIONS_MAX = 8, BOOKS_PARTIAL_MIN_MINOR = 100 };

struct books_authorisation {
    uint64_t txn_id;
    bool stands;         /* approved by the last word about it */
    int64_t total_e4;    /* billing amount and fees that stand approved */
    int64_t amount_e4;   /* the same in the merchant's currency, without fees */
    int64_t reversed_e4; /* of the merchant's currency */
};

/* One life cycle of a purchase: authorisations that share a trace. */
struct books_payment {
    size_t count;
    struct books_authorisation authorisations[BOOKS_AUTHORISATIONS_MAX];
};

struct books_card {
    int32_t token;
    uint16_t currency;
    int64_t load_minor;
    struct books_payment **payments;
    size_t payment_count, payment_room;
};

/* What a request is about, in 10^-4 of the units. */
struct books_request {
    uint64_t txn_id;
    int64_t bill_e4;   /* > 0 */
    int64_t fees_e4;   /* fees and pads on top */
    int64_t amount_e4; /* merchant's currency, > 0 */
    int64_t early_e4;  /* of amount_e4, given back by a reversal that came before the request */
    bool may_be_partial;
};

struct books_answer {
    char response[3];
    int64_t approved_minor; /* > 0 only with "10" */
};

int64_t books_available(const struct books_card *card);
/* A new life cycle of the card; owned by it. */
struct books_payment *books_begin(struct books_card *card);
void books_finish(struct books_card *card);

/* Decides: 05 when it was all given back before, approved when what it would hold is available, in
 * part where that is allowed, else 51. */
struct books_answer books_decide(struct books_card *card, struct books_payment *payment,
                                 const struct books_request *request);
/* Somebody else approved it: it stands, whatever is available. Replaces what stood under that id.
 */
void books_force(struct books_payment *payment, const struct books_request *request);
/* It does not stand after all. */
void books_deny(struct books_payment *payment, uint64_t txn_id);
/* Gives back of the named authorisation (0: of none in particular), the rest of the others, newest
 * first. */
void books_reverse(struct books_payment *payment, uint64_t txn_id, int64_t amount_e4);
int64_t books_held(const struct books_card *card, const struct books_payment *payment);

#endif
