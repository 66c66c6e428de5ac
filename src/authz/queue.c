#include "authz/queue.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

enum { LEVEL_RECORD = PRIORITY_COUNT, LEVEL_COUNT, US_PER_SECOND = 1000000, NS_PER_US = 1000 };

struct level {
    struct request *first, *last;
    size_t count;
};

struct queue {
    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t filled;
    struct level levels[LEVEL_COUNT];
    bool waiting; /* the lane sleeps for a message */
    bool woken;   /* somebody called queue_wake */
};

struct queue *queue_create(void)
{
    struct queue *queue = calloc(1, sizeof *queue);
    pthread_condattr_t attributes;

    if (queue == NULL) {
        abort();
    }
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&queue->filled, &attributes);
    pthread_condattr_destroy(&attributes);
    return queue;
}

void queue_destroy(struct queue *queue)
{
    if (queue == NULL) {
        return;
    }
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->mutex);
    free(queue);
}

/* A correction is urgent as a request is: it holds somebody's money. */
static bool is_only_recorded(const struct request *request)
{
    return pool_is_answered(request) && !request->state->untold;
}

static size_t level_of(const struct request *request)
{
    return is_only_recorded(request) ? (size_t)LEVEL_RECORD
                                     : (size_t)request->state->classification.priority;
}

static void append_locked(struct level *level, struct request *request)
{
    request->state->next = NULL;
    *(level->last != NULL ? &level->last->state->next : &level->first) = request;
    level->last = request;
    level->count++;
}

static void prepend_locked(struct level *level, struct request *request)
{
    request->state->next = level->first;
    level->first = request;
    if (level->last == NULL) {
        level->last = request;
    }
    level->count++;
}

static struct request *pop_locked(struct level *level)
{
    struct request *request = level->first;

    level->first = request->state->next;
    if (level->first == NULL) {
        level->last = NULL;
    }
    request->state->next = NULL;
    level->count--;
    return request;
}

void queue_put(struct queue *queue, struct request *request)
{
    pthread_mutex_lock(&queue->mutex);
    append_locked(&queue->levels[level_of(request)], request);
    bool waiting = queue->waiting;
    queue->waiting = false; /* one signal is enough */
    pthread_mutex_unlock(&queue->mutex);
    if (waiting) {
        pthread_cond_signal(&queue->filled);
    }
}

void queue_put_back(struct queue *queue, struct request *request)
{
    pthread_mutex_lock(&queue->mutex);
    prepend_locked(&queue->levels[level_of(request)], request);
    pthread_mutex_unlock(&queue->mutex);
}

static size_t length_locked(const struct queue *queue)
{
    size_t length = 0;

    for (size_t i = 0; i < LEVEL_COUNT; i++) {
        length += queue->levels[i].count;
    }
    return length;
}

/* Returns false when the time is over. */
static bool wait_locked(struct queue *queue, int64_t until_mono_us)
{
    struct timespec until = {
        .tv_sec = until_mono_us / US_PER_SECOND,
        .tv_nsec = until_mono_us % US_PER_SECOND * NS_PER_US,
    };

    return pthread_cond_timedwait(&queue->filled, &queue->mutex, &until) == 0;
}

static size_t take_locked(struct queue *queue, struct request **requests, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < LEVEL_COUNT; i++) {
        struct level *level = &queue->levels[i];
        while (count < max && level->first != NULL) {
            struct request *request = pop_locked(level);
            if (i != LEVEL_RECORD && is_only_recorded(request)) {
                append_locked(&queue->levels[LEVEL_RECORD], request);
            } else {
                requests[count++] = request;
            }
        }
    }
    return count;
}

size_t queue_take(struct queue *queue, struct request **requests, size_t max, int64_t wait_us)
{
    size_t count = 0;

    if (max == 0) {
        return 0;
    }
    pthread_mutex_lock(&queue->mutex);
    if (length_locked(queue) == 0 && !queue->woken && wait_us > 0) {
        int64_t until_mono_us = clock_mono_us() + wait_us;
        do {
            queue->waiting = true;
        } while (wait_locked(queue, until_mono_us) && length_locked(queue) == 0 && !queue->woken);
        queue->waiting = false;
    }
    queue->woken = false;
    count = take_locked(queue, requests, max);
    pthread_mutex_unlock(&queue->mutex);
    assert(count <= max);
    return count;
}

void queue_wake(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->woken = true;
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->mutex);
}

void queue_pause(struct queue *queue, int64_t wait_us)
{
    int64_t until_mono_us = clock_mono_us() + wait_us;

    pthread_mutex_lock(&queue->mutex);
    while (!queue->woken && wait_locked(queue, until_mono_us)) {
    }
    queue->woken = false;
    pthread_mutex_unlock(&queue->mutex);
}

size_t queue_length(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    size_t length = length_locked(queue);
    pthread_mutex_unlock(&queue->mutex);
    return length;
}

size_t queue_urgent(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    size_t urgent = queue->levels[PRIORITY_REQUEST].count;
    pthread_mutex_unlock(&queue->mutex);
    return urgent;
}
