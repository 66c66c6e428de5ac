/* Applying: a decision's effects, put into the batch of the transaction that will store it.
 *
 * Threads: owned by one lane.   Owns: nothing.   May include: base, authz/, ledger/batch.h.
 */
#ifndef AUTHZ_APPLY_H
#define AUTHZ_APPLY_H

#include "authz/gather.h"
#include "authz/pool.h"

/* A request while its lane works on it. What batch rows borrow lives here until the commit. */
struct work {
    struct request *request;
    bool settled;  /* decided in this round, and its effects are in the batch */
    bool too_late; /* a decline went out before it was decided: it is stored as that */
    bool refused;  /* declined `error`: its facts cannot be gathered, or the database refuses it */
    struct decision decision;
    uint8_t facts[STATEMENT_BYTES];
    size_t facts_bytes;
};

/* False when a limit of the batch was reached: nothing of this message is then in it. */
bool apply_decision(struct batch *batch, struct gather *gather, struct work *work);
/* A message without a readable id: for the operator's eyes only. */
bool apply_unreadable(struct batch *batch, const struct request *request);
/* A message that the database refuses: for the operator's eyes only. */
bool apply_refused(struct batch *batch, const struct request *request);
bool apply_cut_off(struct batch *batch, const struct request *request);

#endif
