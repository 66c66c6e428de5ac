/* Metrics: counters, gauges and histograms that any room raises and the admin endpoint prints.
 *
 * A family is made once, before threads start, and lives as long as its registry; a room keeps the
 * pointers it got. Label values come from small closed sets, never from a message.
 *
 * Threads: raise from any thread (atomics, histograms guarded by their own lock); make families
 * before threads start.   Owns: the families.   May include: base only.
 */
#ifndef BASE_METRIC_H
#define BASE_METRIC_H

#include <stdint.h>
#include <stdio.h>

struct metrics; /* the registry */
struct metric;  /* one family */

enum metric_kind {
    METRIC_COUNTER,
    METRIC_GAUGE,
    METRIC_HISTOGRAM,       /* of durations: takes microseconds, prints seconds */
    METRIC_HISTOGRAM_COUNT, /* of numbers of things: buckets 1, 2, 4, … 512 */
};
enum { METRIC_LABELS_MAX = 3, METRIC_SERIES_MAX = 512 };

struct metrics *metrics_create(void);
void metrics_destroy(struct metrics *metrics);

/* name without suffix and with unit last ("holdfast_reply_duration_seconds"); labels is a
 * comma-separated list of label names or "" ("kind,code,reason"). Names, help and labels are
 * borrowed: string literals. */
struct metric *metric_make(struct metrics *metrics, enum metric_kind kind, const char *name,
                           const char *labels, const char *help);
/* Label values in the order of the names; NULL for those not there. A new series is made at first
 * use; past METRIC_SERIES_MAX everything counts in one series labelled "other". */
void metric_add(struct metric *metric, int64_t n, const char *label0, const char *label1,
                const char *label2);
void metric_set(struct metric *metric, int64_t value, const char *label0, const char *label1,
                const char *label2);
void metric_observe_us(struct metric *metric, int64_t us, const char *label0, const char *label1,
                       const char *label2);
/* Of a METRIC_HISTOGRAM_COUNT: one thing that had `n` parts. */
void metric_observe_count(struct metric *metric, int64_t n, const char *label0, const char *label1,
                          const char *label2);
/* A value for tests and for status lines; 0 when there is no such series. A histogram's count. */
int64_t metric_value(struct metric *metric, const char *label0, const char *label1,
                     const char *label2);
/* Prometheus text 0.0.4, or OpenMetrics 1.0 (ends with "# EOF"). */
void metrics_print(struct metrics *metrics, FILE *out, int openmetrics);

#endif
