/* A lane: one thread, one PostgreSQL connection, and every account that hashes to it.
 *
 * Two messages for one account never race, and a batch is whatever came in while the last one was
 * being committed. Light load: batches of one, nobody waits. Heavy load: group commit.
 *
 * Threads: queue, session's flags and the atomics from any; the rest belongs to lane_run's thread.
 * Owns: what crew.c gives it.   May include: base, authz/, ledger/ public headers.
 */
#ifndef AUTHZ_LANE_H
#define AUTHZ_LANE_H

#include <pthread.h>

#include "authz/answer.h"
#include "authz/cache.h"
#include "authz/contact.h"
#include "authz/putoff.h"

struct lane {
    int number;
    size_t batch_max;
    pthread_t thread;
    struct queue *queue;
    struct cache *cache;         /* borrowed */
    const struct watch *watch;   /* borrowed */
    atomic_llong full_round_us;  /* what a full batch took lately; 0: there was none */
    atomic_llong finish_mono_us; /* until when to finish what waits; 0: it shall run */

    struct contact contact;
    struct answer_desk desk;
    struct batch *batch;
    struct gather *gather;
    struct decide_scratch *scratch;
    struct work *works; /* batch_max of them */
    struct putoff putoff;
    size_t round_max; /* batch_max, less after rounds that failed */
};

/* The thread: `argument` is a struct lane. Ends when finish_mono_us is set and nothing waits, or
 * then.
 */
void *lane_run(void *argument);
/* Whether a new request would wait here past its deadline, by what full batches took lately.
 * Answering one at once is better than making all late; nothing that is sent again and again
 * (MESSAGE_ATTEMPT_PERSISTENT), and no other message than a request, is turned away like this. */
bool lane_would_be_late(const struct lane *lane, const struct request *request,
                        int64_t now_mono_us);

#endif
