/* Deadlines: no request waits longer than its budget, whatever the lanes and the database do.
 *
 * One list ordered by deadline and one thread that sleeps until the earliest. What is still open
 * then is claimed and answered by `on_due`; a lane that answers first takes the request off the
 * list.
 *
 * Threads: any, guarded by .mutex; on_due runs on the deadline's own thread, without the mutex.
 * Owns: its thread; the requests are borrowed.   May include: base, authz/.
 */
#ifndef AUTHZ_DEADLINE_H
#define AUTHZ_DEADLINE_H

#include "authz/pool.h"

/* A little before the budget ends, so that the answer is in the kernel when it does. */
enum { DEADLINE_MARGIN_US = 3000 };

struct deadline;

struct deadline_options {
    /* The claim with which an overdue request is taken: CLAIM_DECLINED + reason. */
    int (*claim_for)(void *context, const struct request *request);
    /* Answers a request that was claimed so, and lets go of the answering side's hold. */
    void (*on_due)(void *context, struct request *request);
    void *context;
};

MUST_USE bool deadline_create(const struct deadline_options *options,
                              struct deadline **ret_deadline, struct error *error);
/* Answers everything that is still open at once, then stops. NULL is fine. */
void deadline_destroy(struct deadline *deadline);
/* Watches over the request until state->deadline_mono_us. */
void deadline_add(struct deadline *deadline, struct request *request);
/* Takes a request that its lane has answered off the list; afterwards this thread never touches it.
 */
void deadline_remove(struct deadline *deadline, struct request *request);

#endif
