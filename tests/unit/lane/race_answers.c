/* A thread test with a plain main, so that it also runs under TSan: many senders, a lane and the
 * deadline's thread race for every answer. Each request must be answered exactly once, and every
 * slot must come back. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "authz/cache.h"
#include "authz/deadline.h"
#include "authz/queue.h"
#include "base/clock.h"

enum { SENDERS = 4, EACH = 5000, SLOTS = 256, BATCH = 16 };

static struct pool *pool;
static struct deadline *deadline;
static struct queue *queue;
static struct cache *cache;
static atomic_int answered, by_lane, by_deadline, stop;

static void check(bool fine, const char *what)
{
    if (!fine) {
        fprintf(stderr, "race_answers: %s\n", what);
        exit(1);
    }
}

static void reply(void *context, const struct reply *given, enum reason reason)
{
    (void)context;
    (void)given;
    atomic_fetch_add(&answered, 1);
    atomic_fetch_add(reason == REASON_LATE ? &by_deadline : &by_lane, 1);
}

static int claim_for(void *context, const struct request *request)
{
    (void)context;
    (void)request;
    return CLAIM_DECLINED + (int)REASON_LATE;
}

static void on_due(void *context, struct request *request)
{
    struct reply given = {.response = "05"};

    (void)context;
    request->on_reply(request->context, &given, REASON_LATE);
    pool_put(pool, request, 1);
}

static void *send_many(void *argument)
{
    unsigned seed = (unsigned)(size_t)argument;

    for (int sent = 0; sent < EACH;) {
        struct request *request = pool_take(pool, POOL_COMMON);
        if (request == NULL) {
            sched_yield();
            continue;
        }
        struct request_state *state = request->state;
        request->on_reply = reply;
        request->message.token = rand_r(&seed) % 1000 + 1;
        state->classification.priority = (enum priority)(rand_r(&seed) % PRIORITY_COUNT);
        state->account = cache_find(cache, request->message.token);
        state->deadline_mono_us = clock_mono_us() + rand_r(&seed) % 300;
        atomic_store(&state->holders, 2);
        deadline_add(deadline, request);
        queue_put(queue, request);
        sent++;
    }
    return NULL;
}

static void *work(void *argument)
{
    struct request *requests[BATCH];

    (void)argument;
    while (!atomic_load(&stop) || queue_length(queue) > 0) {
        size_t count = queue_take(queue, requests, BATCH, 1000);
        for (size_t i = 0; i < count; i++) {
            struct request *request = requests[i];
            struct reply given = {.response = "00"};
            cache_add(cache, request->message.token, request->message.token + 5);
            if (pool_claim(request, CLAIM_LANE)) {
                deadline_remove(deadline, request);
                request->on_reply(request->context, &given, REASON_APPROVED);
                pool_put(pool, request, 1);
            }
            pool_put(pool, request, 1);
        }
    }
    return NULL;
}

int main(void)
{
    struct deadline_options options = {.claim_for = claim_for, .on_due = on_due};
    pthread_t senders[SENDERS], lane;
    struct error error;

    check(pool_create(SLOTS, &pool, &error), "pool");
    check(deadline_create(&options, &deadline, &error), "deadline");
    queue = queue_create();
    cache = cache_create(512);
    check(pthread_create(&lane, NULL, work, NULL) == 0, "thread");
    for (size_t i = 0; i < SENDERS; i++) {
        check(pthread_create(&senders[i], NULL, send_many, (void *)(i + 1)) == 0, "thread");
    }
    for (size_t i = 0; i < SENDERS; i++) {
        pthread_join(senders[i], NULL);
    }
    atomic_store(&stop, 1);
    queue_wake(queue);
    pthread_join(lane, NULL);
    deadline_destroy(deadline);
    check(atomic_load(&answered) == SENDERS * EACH, "each request is answered exactly once");
    check(pool_in_flight(pool) == 0, "every slot came back");
    printf("answered by the lane %d, by the deadline %d\n", atomic_load(&by_lane),
           atomic_load(&by_deadline));
    queue_destroy(queue);
    cache_destroy(cache);
    pool_destroy(pool);
    return 0;
}
