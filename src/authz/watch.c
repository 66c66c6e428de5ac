#include "authz/watch.h"

#include <stdio.h>

void watch_init(struct watch *watch, struct metrics *metrics)
{
    *watch = (struct watch){
        .requests = metric_make(metrics, METRIC_COUNTER, "holdfast_requests", "kind",
                                "messages taken from the processor"),
        .replies = metric_make(metrics, METRIC_COUNTER, "holdfast_replies", "kind,code,reason",
                               "answers given"),
        .reply_duration = metric_make(metrics, METRIC_HISTOGRAM, "holdfast_reply_duration_seconds",
                                      "kind", "from the arrival of a message to its answer"),
        .phase_duration = metric_make(metrics, METRIC_HISTOGRAM, "holdfast_phase_duration_seconds",
                                      "phase", "time spent in each phase of a batch"),
        .deadline_missed = metric_make(metrics, METRIC_COUNTER, "holdfast_deadline_missed", "phase",
                                       "messages whose deadline came first, by where they were"),
        .late_answers = metric_make(metrics, METRIC_COUNTER, "holdfast_late_answers", "",
                                    "answers that left after the budget"),
        .unrecorded = metric_make(metrics, METRIC_COUNTER, "holdfast_unrecorded", "",
                                  "declines that went out and could not be stored"),
        .spilled = metric_make(metrics, METRIC_COUNTER, "holdfast_spilled", "",
                               "declines put in the spill, to be stored afterwards"),
        .batch_size = metric_make(metrics, METRIC_HISTOGRAM_COUNT, "holdfast_commit_batch_size", "",
                                  "messages that shared a transaction"),
        .queue_length = metric_make(metrics, METRIC_GAUGE, "holdfast_queue_length", "lane",
                                    "messages that wait for a lane"),
        .inflight = metric_make(metrics, METRIC_GAUGE, "holdfast_inflight_requests", "",
                                "messages between arrival and the end of their storing"),
        .repeats = metric_make(metrics, METRIC_COUNTER, "holdfast_repeats", "",
                               "messages seen before, answered from the store"),
        .conflicts = metric_make(metrics, METRIC_COUNTER, "holdfast_conflicts", "",
                                 "messages with a known id and other content"),
        .repairs = metric_make(metrics, METRIC_COUNTER, "holdfast_payment_repairs", "case",
                               "closing advices that changed what stood"),
        .events = metric_make(metrics, METRIC_COUNTER, "holdfast_events", "type",
                              "events put in the outbox"),
        .put_off = metric_make(metrics, METRIC_COUNTER, "holdfast_put_off", "",
                               "times a message waited because its account was locked elsewhere"),
        .sign_mismatches = metric_make(metrics, METRIC_COUNTER, "holdfast_sign_mismatches", "",
                                       "amounts whose sign contradicts their kind"),
        .untold = metric_make(metrics, METRIC_COUNTER, "holdfast_untold", "",
                              "stored answers that were not the ones sent, and were corrected"),
        .lane_up = metric_make(metrics, METRIC_GAUGE, "holdfast_lane_up", "lane",
                               "1 while the lane has its database"),
    };
}

const char *watch_phase_name(enum phase phase)
{
    switch (phase) {
    case PHASE_QUEUE:
        return "queue";
    case PHASE_FETCH:
        return "fetch";
    case PHASE_DECIDE:
        return "decide";
    case PHASE_COMMIT:
        return "commit";
    case PHASE_COUNT:
        break;
    }
    return "unknown";
}

static const char *kind_of(const struct request *request)
{
    return message_row_kind(request->state->asked.row);
}

void watch_request(const struct watch *watch, const struct request *request)
{
    metric_add(watch->requests, 1, kind_of(request), NULL, NULL);
    metric_add(watch->inflight, 1, NULL, NULL, NULL);
    if (request->state->asked.sign_mismatch) {
        metric_add(watch->sign_mismatches, 1, NULL, NULL, NULL);
    }
}

void watch_reply(const struct watch *watch, const struct request *request,
                 const struct reply *reply, enum reason reason, int64_t now_mono_us)
{
    const struct request_state *state = request->state;

    metric_add(watch->replies, 1, kind_of(request), reply->response, reason_name(reason));
    metric_observe_us(watch->reply_duration, now_mono_us - request->arrived_mono_us,
                      kind_of(request), NULL, NULL);
    if (reason == REASON_LATE || reason == REASON_UNAVAILABLE) {
        metric_add(watch->deadline_missed, 1,
                   watch_phase_name((enum phase)atomic_load(&state->phase)), NULL, NULL);
    }
}

void watch_phase(const struct watch *watch, enum phase phase, int64_t from_mono_us,
                 int64_t to_mono_us)
{
    metric_observe_us(watch->phase_duration, to_mono_us - from_mono_us, watch_phase_name(phase),
                      NULL, NULL);
}

void watch_batch(const struct watch *watch, int64_t began_mono_us, int64_t fetched_mono_us,
                 int64_t decided_mono_us, int64_t ended_mono_us)
{
    watch_phase(watch, PHASE_FETCH, began_mono_us, fetched_mono_us);
    watch_phase(watch, PHASE_DECIDE, fetched_mono_us, decided_mono_us);
    watch_phase(watch, PHASE_COMMIT, decided_mono_us, ended_mono_us);
}

void watch_round(const struct watch *watch, int lane, size_t messages, size_t queue_length)
{
    char number[12];

    snprintf(number, sizeof number, "%d", lane);
    metric_observe_count(watch->batch_size, (int64_t)messages, NULL, NULL, NULL);
    metric_set(watch->queue_length, (int64_t)queue_length, number, NULL, NULL);
}
