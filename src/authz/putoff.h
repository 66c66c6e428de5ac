/* Put off: messages whose account another session holds.
 *
 * They must not stall the others of a batch, and the later messages of such an account stay behind
 * them. Each round probes with the first message of each such account; when one gets through, the
 * rest of its account goes back to the queue.
 *
 * Threads: owned by one lane.   Owns: nothing but the order.   May include: base, authz/.
 */
#ifndef AUTHZ_PUTOFF_H
#define AUTHZ_PUTOFF_H

#include "authz/queue.h"

/* How long a round waits for other work before it tries put-off messages again. */
enum { PUTOFF_WAIT_US = 2000 };

struct putoff {
    struct request *first, *last; /* linked by state->next; every state->account is known */
    size_t count;
};

/* Behind all others. */
void putoff_add(struct putoff *putoff, struct request *request);
/* A message that was put off or probed in vain: with its account behind it, behind other accounts.
 */
void putoff_return(struct putoff *putoff, struct request *request);
/* Takes the first message of each account out, for at most `max` accounts. */
size_t putoff_probe(struct putoff *putoff, struct request **requests, size_t max);
bool putoff_has(const struct putoff *putoff, int64_t account);
/* The account is free: what waits for it goes to the front of the queue, in order. */
void putoff_release(struct putoff *putoff, int64_t account, struct queue *queue);

#endif
