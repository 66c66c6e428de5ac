/* Answers: how a request leaves, by its decision or without one.
 *
 * Threads: each desk is owned by one lane; answer_overdue runs on the deadline's thread.
 * Owns: nothing.   May include: base, authz/.
 */
#ifndef AUTHZ_ANSWER_H
#define AUTHZ_ANSWER_H

#include "authz/apply.h"
#include "authz/deadline.h"
#include "authz/doubt.h"
#include "authz/untold.h"
#include "authz/watch.h"

/* What a lane needs to let its requests go. */
struct answer_desk {
    struct pool *pool;
    struct deadline *deadline;
    struct spill *spill;
    struct doubts *doubts;
    const struct watch *watch;
    int64_t budget_us;
};

/* Messages that are settled without looking at a card: unreadable ones, cut-offs, refused ones. */
bool answer_needs_no_facts(const struct work *work);
/* Puts what must be kept of it into the batch and fills its answer. False: the batch is full. */
bool answer_without_facts(struct batch *batch, struct work *work);

/* Sends the answer of settled work, unless the deadline was first. */
void answer_give(const struct answer_desk *desk, const struct work *work);
/* After answer_give: counts, logs and gives the slot back. False: what is stored is not what was
 * told; the request is its own correction now, and the lane's to run again. */
MUST_USE bool answer_close(const struct answer_desk *desk, const struct work *work);
/* When the process ends before it is stored: the next one stores it. */
void answer_leave(const struct answer_desk *desk, struct request *request);
/* A decline went out with nothing that stores it: kept in the spill, else counted and logged. */
void answer_keep(const struct answer_desk *desk, const struct message *message,
                 const struct spill_note *note);
/* A request that was declined goes into a COMMIT, or is declined while in one: should the process
 * be killed now, the next one must look whether it was approved. */
void answer_doubt(const struct answer_desk *desk, const struct request *request, enum reason told);
/* Declines a request that the caller has claimed, and lets go of the answering side's hold. */
void answer_overdue(const struct answer_desk *desk, struct request *request);

#endif
