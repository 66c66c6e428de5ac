/* The queue before a lane: what waits, most urgent first.
 *
 * The processor sends days of buffered advices through the same door as live requests, so requests
 * go first, then reversals, advices, financials, the rest; within one priority first come, first
 * served. A request that was declined while it waited only has to be recorded: it goes behind all
 * of them.
 *
 * Threads: any, guarded by .mutex.   Owns: nothing but the order (the requests are handed through).
 * May include: base, authz/.
 */
#ifndef AUTHZ_QUEUE_H
#define AUTHZ_QUEUE_H

#include "authz/pool.h"

struct queue;

struct queue *queue_create(void);        /* aborts when memory is out: start-up only */
void queue_destroy(struct queue *queue); /* NULL is fine */

/* At the end of its priority. */
void queue_put(struct queue *queue, struct request *request);
/* At the front of its priority: it was taken before and could not be settled. Put several back last
 * first, and they keep their order. */
void queue_put_back(struct queue *queue, struct request *request);
/* Takes up to `max`, waiting up to `wait_us` for the first. 0: none came, or queue_wake. */
size_t queue_take(struct queue *queue, struct request **requests, size_t max, int64_t wait_us);
/* Ends a wait in queue_take; the queue stays usable. */
void queue_wake(struct queue *queue);
/* Sleeps up to `wait_us` or until queue_wake, whatever comes in. */
void queue_pause(struct queue *queue, int64_t wait_us);
/* How many wait: all, and those that are requests for a decision. */
size_t queue_length(struct queue *queue);
size_t queue_urgent(struct queue *queue);

#endif
