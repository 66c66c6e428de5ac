/* Answers: how a request leaves, by its decision or without one.
 *
 * Threads: each desk is owned by one lane; answer_overdue runs on the deadline's thread.
 * Owns: nothing.   May include: base, authz/.
 */
#ifndef AUTHZ_ANSWER_H
#define AUTHZ_ANSWER_H

#include "authz/apply.h"
#include "authz/deadline.h"
#include "authz/spill.h"
#include "authz/untold.h"
#include "authz/watch.h"

/* What a lane needs to let its requests go. */
struct answer_desk {
    struct pool *pool;
    struct deadline *deadline;
    struct spill *spill;
    const struct watch *watch;
    int64_t budget_us;
};

/* Messages that are settled without looking at a card: unreadable ones, cut-offs, refused ones. */
bool answer_needs_no_facts(const struct work *work);
/* Puts what must be kept of it into the batch and fills its answer. False: the batch is full. */
bool answer_without_facts(struct batch *batch, struct work *work);

/* Sends the answer of settled work, unless the deadline was first. */
void answer_give(const struct answer_desk *desk, const struct work *work);
/* After answer_give: counts, logs, notes an answer that was not told, and gives the slot back. */
void answer_close(const struct answer_desk *desk, const struct work *work, struct untold *untold);
/* A request that was answered and can never be stored. */
void answer_give_up(const struct answer_desk *desk, struct request *request);
/* The same when the process ends: the next one stores it. */
void answer_leave(const struct answer_desk *desk, struct request *request);
/* A decline went out with nothing that stores it: kept in the spill, else counted and logged. */
void answer_keep(const struct answer_desk *desk, const struct message *message, enum reason told);
/* Declines a request that the caller has claimed, and lets go of the answering side's hold. */
void answer_overdue(const struct answer_desk *desk, struct request *request);

#endif
