#include "authz/deadline.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum { IDLE_US = 1000000, NICENESS = -10, US_PER_SECOND = 1000000, NS_PER_US = 1000 };

struct deadline {
    struct deadline_options options;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards all below and the states' list links */
    pthread_cond_t sooner; /* the first deadline moved forward, or the end has come */
    struct request *first, *last;
    int64_t wake_mono_us; /* when the thread will look by itself */
    bool stop;
};

static void unlink_locked(struct deadline *deadline, struct request *request)
{
    struct request_state *state = request->state;

    assert(state->listed);
    *(state->earlier != NULL ? &state->earlier->state->later : &deadline->first) = state->later;
    *(state->later != NULL ? &state->later->state->earlier : &deadline->last) = state->earlier;
    state->earlier = NULL;
    state->later = NULL;
    state->listed = false;
}

/* Takes what is due off the list and claims it; returns the claimed ones, linked by .later. */
static struct request *claim_due_locked(struct deadline *deadline, int64_t now_mono_us)
{
    struct request *due = NULL;
    struct request **end = &due;

    while (deadline->first != NULL &&
           (deadline->stop || deadline->first->state->deadline_mono_us <= now_mono_us)) {
        struct request *request = deadline->first;
        unlink_locked(deadline, request);
        if (pool_claim(request, deadline->options.claim_for(deadline->options.context, request))) {
            *end = request;
            end = &request->state->later;
        }
    }
    return due;
}

static void sleep_locked(struct deadline *deadline, int64_t now_mono_us)
{
    deadline->wake_mono_us =
        deadline->first != NULL ? deadline->first->state->deadline_mono_us : now_mono_us + IDLE_US;
    struct timespec until = {
        .tv_sec = deadline->wake_mono_us / US_PER_SECOND,
        .tv_nsec = deadline->wake_mono_us % US_PER_SECOND * NS_PER_US,
    };
    (void)pthread_cond_timedwait(&deadline->sooner, &deadline->mutex, &until);
}

static void answer_all(struct deadline *deadline, struct request *due)
{
    while (due != NULL) {
        struct request *request = due;
        due = request->state->later;
        request->state->later = NULL;
        deadline->options.on_due(deadline->options.context, request);
    }
}

static void *watch(void *argument)
{
    struct deadline *deadline = argument;
    bool stop = false;

    /* When the machine is busiest this thread must not wait for its turn. Where we may not, we do
     * not. */
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS);
    pthread_mutex_lock(&deadline->mutex);
    while (!stop) {
        int64_t now_mono_us = clock_mono_us();
        stop = deadline->stop;
        struct request *due = claim_due_locked(deadline, now_mono_us);
        if (due != NULL) {
            pthread_mutex_unlock(&deadline->mutex);
            answer_all(deadline, due);
            pthread_mutex_lock(&deadline->mutex);
        } else if (!stop) {
            sleep_locked(deadline, now_mono_us);
        }
    }
    pthread_mutex_unlock(&deadline->mutex);
    return NULL;
}

bool deadline_create(const struct deadline_options *options, struct deadline **ret_deadline,
                     struct error *error)
{
    struct deadline *deadline = calloc(1, sizeof *deadline);
    pthread_condattr_t attributes;

    if (deadline == NULL) {
        return error_set_errno(error, ERROR_LIMIT, "deadline", "no memory");
    }
    deadline->options = *options;
    pthread_mutex_init(&deadline->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&deadline->sooner, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&deadline->thread, NULL, watch, deadline) != 0) {
        pthread_cond_destroy(&deadline->sooner);
        pthread_mutex_destroy(&deadline->mutex);
        free(deadline);
        return error_set(error, ERROR_LIMIT, "deadline", "cannot start the deadline's thread");
    }
    (void)pthread_setname_np(deadline->thread, "deadline");
    *ret_deadline = deadline;
    return true;
}

void deadline_destroy(struct deadline *deadline)
{
    if (deadline == NULL) {
        return;
    }
    pthread_mutex_lock(&deadline->mutex);
    deadline->stop = true;
    pthread_cond_signal(&deadline->sooner);
    pthread_mutex_unlock(&deadline->mutex);
    pthread_join(deadline->thread, NULL);
    assert(deadline->first == NULL);
    pthread_cond_destroy(&deadline->sooner);
    pthread_mutex_destroy(&deadline->mutex);
    free(deadline);
}

void deadline_add(struct deadline *deadline, struct request *request)
{
    struct request_state *state = request->state;

    pthread_mutex_lock(&deadline->mutex);
    assert(!state->listed);
    struct request *before = deadline->last; /* nearly always in order: look from the end */
    while (before != NULL && before->state->deadline_mono_us > state->deadline_mono_us) {
        before = before->state->earlier;
    }
    state->earlier = before;
    state->later = before != NULL ? before->state->later : deadline->first;
    *(state->later != NULL ? &state->later->state->earlier : &deadline->last) = request;
    *(before != NULL ? &before->state->later : &deadline->first) = request;
    state->listed = true;
    if (state->deadline_mono_us < deadline->wake_mono_us) {
        pthread_cond_signal(&deadline->sooner);
    }
    pthread_mutex_unlock(&deadline->mutex);
}

void deadline_remove(struct deadline *deadline, struct request *request)
{
    pthread_mutex_lock(&deadline->mutex);
    if (request->state->listed) {
        unlink_locked(deadline, request);
    }
    pthread_mutex_unlock(&deadline->mutex);
}
