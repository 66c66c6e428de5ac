#include "authz/crew.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"

enum { HEARD_US = 5000000 /* a lane that heard nothing for so long is not ready */ };

struct crew {
    int count;   /* lanes that exist */
    int started; /* of those, lanes whose thread runs */
    struct lane *lanes[CREW_LANES_MAX];
};

static void leave_rest(struct lane *lane)
{
    struct request *request;

    while (putoff_probe(&lane->putoff, &request, 1) > 0) {
        answer_leave(&lane->desk, request);
    }
    while (queue_take(lane->queue, &request, 1, 0) > 0) {
        answer_leave(&lane->desk, request);
    }
}

static void destroy_lane(struct lane *lane)
{
    leave_rest(lane);
    contact_finish(&lane->contact);
    batch_destroy(lane->batch);
    queue_destroy(lane->queue);
    free(lane->works);
    free(lane->scratch);
    free(lane->gather);
    free(lane);
}

static struct lane *make_lane(const struct crew_options *options, int number)
{
    struct lane *lane = calloc(1, sizeof *lane);

    if (lane == NULL) {
        return NULL;
    }
    lane->number = number;
    lane->batch_max = options->batch_max;
    lane->round_max = options->batch_max;
    lane->cache = options->cache;
    lane->watch = options->desk.watch;
    lane->desk = options->desk;
    lane->queue = queue_create();
    lane->batch = batch_create();
    lane->gather = calloc(1, sizeof *lane->gather);
    lane->scratch = calloc(1, decide_scratch_bytes());
    lane->works = calloc(options->batch_max, sizeof *lane->works);
    lane->contact.number = number;
    lane->contact.options = options->ledger;
    lane->contact.timeout_us = options->database_timeout_us;
    lane->contact.queue = lane->queue;
    lane->contact.watch = lane->watch;
    contact_init(&lane->contact);
    if (lane->gather == NULL || lane->scratch == NULL || lane->works == NULL) {
        destroy_lane(lane);
        return NULL;
    }
    return lane;
}

static bool add_lane(struct crew *crew, const struct crew_options *options, struct error *error)
{
    struct lane *lane = make_lane(options, crew->count);

    if (lane == NULL) {
        return error_set(error, ERROR_LIMIT, "lanes.count", "no memory for lane %d", crew->count);
    }
    crew->lanes[crew->count++] = lane;
    if (contact_connect(&lane->contact, error)) {
        return true;
    }
    if (error->code != ERROR_UNAVAILABLE && error->code != ERROR_LATE) {
        return false;
    }
    log_error_of("database_away", error);
    return true;
}

static bool start_lane(struct crew *crew, struct error *error)
{
    struct lane *lane = crew->lanes[crew->started];
    char name[16];

    if (pthread_create(&lane->thread, NULL, lane_run, lane) != 0) {
        return error_set(error, ERROR_LIMIT, "lanes.count", "cannot start a thread");
    }
    snprintf(name, sizeof name, "lane %d", lane->number);
    (void)pthread_setname_np(lane->thread, name);
    crew->started++;
    return true;
}

bool crew_create(const struct crew_options *options, struct crew **ret_crew, struct error *error)
{
    assert(options->lane_count >= 1 && options->lane_count <= CREW_LANES_MAX);
    assert(options->batch_max >= 1 && options->batch_max <= BATCH_MESSAGES_MAX);
    struct crew *crew = calloc(1, sizeof *crew);
    bool made = true;

    if (crew == NULL) {
        return error_set_errno(error, ERROR_LIMIT, "lanes.count", "no memory");
    }
    while (made && crew->count < options->lane_count) {
        made = add_lane(crew, options, error);
    }
    while (made && crew->started < options->lane_count) {
        made = start_lane(crew, error);
    }
    if (!made) {
        crew_finish(crew, 0);
        crew_destroy(crew);
        return false;
    }
    *ret_crew = crew;
    return true;
}

struct lane *crew_lane(struct crew *crew, uint64_t key)
{
    return crew->lanes[cache_mix(key) % (uint64_t)crew->count];
}

bool crew_is_ready(struct crew *crew, struct error *error)
{
    int64_t now_mono_us = clock_mono_us();

    for (int i = 0; i < crew->count; i++) {
        const struct contact *contact = &crew->lanes[i]->contact;
        if (!atomic_load(&contact->up)) {
            return error_set(error, ERROR_UNAVAILABLE, "database", "lane %d has no connection", i);
        }
        if (!contact_serves(contact)) {
            return error_set(error, ERROR_UNAVAILABLE, "database",
                             "lane %d: nothing can be stored, %d rounds failed", i,
                             atomic_load(&contact->failures));
        }
        if (now_mono_us - atomic_load(&contact->heard_mono_us) > HEARD_US) {
            return error_set(error, ERROR_UNAVAILABLE, "database", "lane %d hears nothing", i);
        }
    }
    return true;
}

void crew_finish(struct crew *crew, int64_t patience_us)
{
    if (crew == NULL) {
        return;
    }
    for (int i = 0; i < crew->started; i++) {
        atomic_store(&crew->lanes[i]->finish_mono_us, clock_mono_us() + patience_us);
        queue_wake(crew->lanes[i]->queue);
    }
    for (int i = 0; i < crew->started; i++) {
        pthread_join(crew->lanes[i]->thread, NULL);
    }
    crew->started = 0;
}

void crew_destroy(struct crew *crew)
{
    if (crew == NULL) {
        return;
    }
    assert(crew->started == 0);
    for (int i = 0; i < crew->count; i++) {
        destroy_lane(crew->lanes[i]);
    }
    free(crew);
}
