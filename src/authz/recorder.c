#include "authz/recorder.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"

enum { PAUSE_US = 100000, US_PER_SECOND = 1000000, NS_PER_US = 1000 };

struct recorder {
    struct recorder_options options;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards stop */
    pthread_cond_t stopped;
    bool stop;
};

/* Only as many as leave room for what is live. Returns how many went to their lanes. */
static size_t record_some(const struct recorder_options *options)
{
    struct error error;
    struct spill_note note;
    size_t count = 0;

    while (crew_is_ready(options->crew, &error) &&
           pool_in_flight(options->pool) < options->pool_slots / 2) {
        struct request *request = pool_take(options->pool, POOL_COMMON);
        if (request == NULL) {
            break;
        }
        if (!spill_take(options->spill, &request->message, request->fields, &note)) {
            pool_put(options->pool, request, 1);
            break;
        }
        request->state->spilled = true;
        options->record(options->context, request, &note);
        count++;
    }
    return count;
}

/* False once the end has come. */
static bool pause_recording(struct recorder *recorder)
{
    int64_t until_mono_us = clock_mono_us() + PAUSE_US;
    struct timespec until = {
        .tv_sec = until_mono_us / US_PER_SECOND,
        .tv_nsec = until_mono_us % US_PER_SECOND * NS_PER_US,
    };

    pthread_mutex_lock(&recorder->mutex);
    if (!recorder->stop) {
        (void)pthread_cond_timedwait(&recorder->stopped, &recorder->mutex, &until);
    }
    bool stop = recorder->stop;
    pthread_mutex_unlock(&recorder->mutex);
    return !stop;
}

static void *run(void *argument)
{
    struct recorder *recorder = argument;

    while (pause_recording(recorder)) {
        size_t count =
            spill_is_waiting(recorder->options.spill) ? record_some(&recorder->options) : 0;
        if (count > 0) {
            log_info("spill_recorded", log_number("messages", (int64_t)count));
        }
    }
    return NULL;
}

bool recorder_create(const struct recorder_options *options, struct recorder **ret_recorder,
                     struct error *error)
{
    struct recorder *recorder = calloc(1, sizeof *recorder);
    pthread_condattr_t attributes;

    if (recorder == NULL) {
        return error_set_errno(error, ERROR_LIMIT, "recorder", "no memory");
    }
    recorder->options = *options;
    pthread_mutex_init(&recorder->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&recorder->stopped, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&recorder->thread, NULL, run, recorder) != 0) {
        pthread_cond_destroy(&recorder->stopped);
        pthread_mutex_destroy(&recorder->mutex);
        free(recorder);
        return error_set(error, ERROR_LIMIT, "recorder", "cannot start a thread");
    }
    (void)pthread_setname_np(recorder->thread, "recorder");
    *ret_recorder = recorder;
    return true;
}

void recorder_destroy(struct recorder *recorder)
{
    if (recorder == NULL) {
        return;
    }
    pthread_mutex_lock(&recorder->mutex);
    recorder->stop = true;
    pthread_cond_signal(&recorder->stopped);
    pthread_mutex_unlock(&recorder->mutex);
    pthread_join(recorder->thread, NULL);
    pthread_cond_destroy(&recorder->stopped);
    pthread_mutex_destroy(&recorder->mutex);
    free(recorder);
}
