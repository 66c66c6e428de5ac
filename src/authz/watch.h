/* What authz/ counts: one struct of metric families, made once.
 *
 * Threads: made before threads start, raised from any.   Owns: nothing (the registry does).
 * May include: base, authz/.
 */
#ifndef AUTHZ_WATCH_H
#define AUTHZ_WATCH_H

#include "authz/pool.h"
#include "base/metric.h"

struct watch {
    struct metric *requests;        /* kind */
    struct metric *replies;         /* kind, code, reason */
    struct metric *reply_duration;  /* kind */
    struct metric *phase_duration;  /* phase */
    struct metric *deadline_missed; /* phase */
    struct metric *late_answers;
    struct metric *unrecorded;
    struct metric *spilled;
    struct metric *batch_size;
    struct metric *queue_length; /* lane */
    struct metric *inflight;
    struct metric *repeats;
    struct metric *conflicts;
    struct metric *repairs; /* case */
    struct metric *events;  /* type */
    struct metric *put_off;
    struct metric *sign_mismatches;
    struct metric *untold;
    struct metric *lane_up; /* lane */
};

void watch_init(struct watch *watch, struct metrics *metrics);
const char *watch_phase_name(enum phase phase);
/* A message came in. */
void watch_request(const struct watch *watch, const struct request *request);
/* An answer is about to leave. */
void watch_reply(const struct watch *watch, const struct request *request,
                 const struct reply *reply, enum reason reason, int64_t now_mono_us);
/* A batch came to its end: its three phases. */
void watch_batch(const struct watch *watch, int64_t began_mono_us, int64_t fetched_mono_us,
                 int64_t decided_mono_us, int64_t ended_mono_us);
void watch_round(const struct watch *watch, int lane, size_t messages, size_t queue_length);
void watch_phase(const struct watch *watch, enum phase phase, int64_t from_mono_us,
                 int64_t to_mono_us);

#endif
