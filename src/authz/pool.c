#include "authz/pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct pool {
    pthread_mutex_t mutex; /* guards free, fresh and in_flight */
    struct request *free;  /* given back, latest first */
    int fresh;             /* slots from here on were never taken */
    int in_flight;
    int count; /* common slots; POOL_PERSISTENT more are there */
    struct request *requests;
    struct request_state *states;
};

static void *reserve(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

bool pool_create(int count, struct pool **ret_pool, struct error *error)
{
    assert(count >= 1);
    size_t slots = (size_t)count + POOL_PERSISTENT;
    struct pool *pool = calloc(1, sizeof *pool);

    if (pool == NULL) {
        return error_set_errno(error, ERROR_LIMIT, "lanes.queue_max", "no memory for the pool");
    }
    pool->requests = reserve(slots * sizeof *pool->requests);
    pool->states = reserve(slots * sizeof *pool->states);
    pool->count = count;
    pthread_mutex_init(&pool->mutex, NULL);
    if (pool->requests == NULL || pool->states == NULL) {
        (void)error_set_errno(error, ERROR_LIMIT, "lanes.queue_max",
                              "cannot reserve memory for %d requests", count);
        pool_destroy(pool);
        return false;
    }
    *ret_pool = pool;
    return true;
}

void pool_destroy(struct pool *pool)
{
    if (pool == NULL) {
        return;
    }
    size_t slots = (size_t)pool->count + POOL_PERSISTENT;
    if (pool->requests != NULL) {
        munmap(pool->requests, slots * sizeof *pool->requests);
    }
    if (pool->states != NULL) {
        munmap(pool->states, slots * sizeof *pool->states);
    }
    pthread_mutex_destroy(&pool->mutex);
    free(pool);
}

static void empty(struct request *request, struct request_state *state)
{
    memset(&request->message, 0, sizeof request->message);
    request->message.fields = request->fields;
    request->message.product = -1;
    request->unreadable = false;
    request->arrived_mono_us = 0;
    request->parsed_mono_us = 0;
    request->on_reply = NULL;
    request->context = NULL;
    memset(state, 0, sizeof *state);
    atomic_store(&state->holders, 1);
    request->state = state;
}

enum pool_reach pool_reach_of(const struct message *message)
{
    if (message->attempt >= MESSAGE_ATTEMPT_PERSISTENT) {
        return POOL_PERSISTENT;
    }
    return classify(message).role == ROLE_REQUEST ? POOL_COMMON : POOL_OUTCOME;
}

static struct request *take_slot_locked(struct pool *pool)
{
    struct request *request = pool->free;

    if (request == NULL) {
        request = &pool->requests[pool->fresh++];
    } else {
        pool->free = request->state->next;
    }
    pool->in_flight++;
    return request;
}

struct request *pool_take(struct pool *pool, enum pool_reach reach)
{
    struct request *request = NULL;

    pthread_mutex_lock(&pool->mutex);
    if (pool->in_flight < pool->count + (int)reach) {
        request = take_slot_locked(pool);
    }
    pthread_mutex_unlock(&pool->mutex);
    if (request != NULL) {
        empty(request, &pool->states[request - pool->requests]);
    }
    return request;
}

void pool_put(struct pool *pool, struct request *request, int holders)
{
    struct request_state *state = request->state;
    int held = atomic_fetch_sub(&state->holders, holders);

    assert(held >= holders);
    if (held > holders) {
        return;
    }
    assert(!state->listed);
    pthread_mutex_lock(&pool->mutex);
    assert(pool->in_flight > 0);
    state->next = pool->free;
    pool->free = request;
    pool->in_flight--;
    pthread_mutex_unlock(&pool->mutex);
}

int pool_in_flight(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    int in_flight = pool->in_flight;
    pthread_mutex_unlock(&pool->mutex);
    return in_flight;
}

bool pool_claim(struct request *request, int claim)
{
    int expected = CLAIM_OPEN;

    assert(claim != CLAIM_OPEN);
    return atomic_compare_exchange_strong(&request->state->claim, &expected, claim);
}

bool pool_is_answered(const struct request *request)
{
    return atomic_load(&request->state->claim) != CLAIM_OPEN;
}

bool pool_was_declined(const struct request *request, enum reason *reason)
{
    int claim = atomic_load(&request->state->claim);

    if (claim < CLAIM_DECLINED) {
        return false;
    }
    *reason = (enum reason)(claim - CLAIM_DECLINED);
    return true;
}
