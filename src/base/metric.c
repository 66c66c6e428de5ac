#include "base/metric.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/histogram.h"

enum { LABEL_BYTES = 48, LABELS_TEXT_BYTES = 96, FAMILIES_MAX = 128, US_PER_SECOND = 1000000 };

/* What a histogram shows, in microseconds; the answer is due in 100 ms, so there it is finest. */
static const int64_t bounds_us[] = {250,   500,   1000,  2000,   5000,   10000,  20000,
                                    30000, 50000, 75000, 100000, 150000, 200000, 500000};
/* What a histogram of counts shows: up to the largest batch. */
static const int64_t bounds_count[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

struct series {
    char labels[METRIC_LABELS_MAX][LABEL_BYTES];
    _Atomic int64_t value;
    pthread_mutex_t mutex;       /* guards *histogram */
    struct histogram *histogram; /* histograms only */
};

/* Threads: series[0 .. count) never change place, so readers take no lock; a new one is added under
 * `mutex` and seen by the release of `count`. */
struct metric {
    enum metric_kind kind;
    const char *name, *help;
    char label_names[METRIC_LABELS_MAX][LABEL_BYTES];
    int label_count;
    pthread_mutex_t mutex;
    _Atomic int count;
    struct series *series[METRIC_SERIES_MAX + 1]; /* the last one is "other" */
};

struct metrics {
    int count;
    struct metric *families[FAMILIES_MAX];
};

static bool is_histogram(const struct metric *metric)
{
    return metric->kind == METRIC_HISTOGRAM || metric->kind == METRIC_HISTOGRAM_COUNT;
}

static void *take_memory(size_t bytes)
{
    void *memory = calloc(1, bytes);
    if (memory == NULL) {
        fputs("out of memory for a metric\n", stderr);
        abort();
    }
    return memory;
}

struct metrics *metrics_create(void)
{
    return take_memory(sizeof(struct metrics));
}

static void destroy_family(struct metric *metric)
{
    int count = atomic_load(&metric->count);

    for (int i = 0; i < count; i++) {
        pthread_mutex_destroy(&metric->series[i]->mutex);
        free(metric->series[i]->histogram);
        free(metric->series[i]);
    }
    pthread_mutex_destroy(&metric->mutex);
    free(metric);
}

void metrics_destroy(struct metrics *metrics)
{
    if (metrics == NULL) {
        return;
    }
    for (int i = 0; i < metrics->count; i++) {
        destroy_family(metrics->families[i]);
    }
    free(metrics);
}

static void split_labels(struct metric *metric, const char *labels)
{
    const char *at = labels;

    while (*at != '\0') {
        size_t length = strcspn(at, ",");
        assert(metric->label_count < METRIC_LABELS_MAX);
        assert(length > 0 && length < LABEL_BYTES);
        memcpy(metric->label_names[metric->label_count++], at, length);
        at += length + (at[length] == ',' ? 1 : 0);
    }
}

struct metric *metric_make(struct metrics *metrics, enum metric_kind kind, const char *name,
                           const char *labels, const char *help)
{
    struct metric *metric = take_memory(sizeof *metric);

    assert(metrics->count < FAMILIES_MAX);
    metric->kind = kind;
    metric->name = name;
    metric->help = help;
    split_labels(metric, labels);
    pthread_mutex_init(&metric->mutex, NULL);
    metrics->families[metrics->count++] = metric;
    return metric;
}

static bool has_labels(const struct series *series, const char *const labels[METRIC_LABELS_MAX])
{
    for (int i = 0; i < METRIC_LABELS_MAX; i++) {
        const char *wanted = labels[i] != NULL ? labels[i] : "";
        if (strncmp(series->labels[i], wanted, LABEL_BYTES - 1) != 0) {
            return false;
        }
    }
    return true;
}

static struct series *find_series(struct metric *metric,
                                  const char *const labels[METRIC_LABELS_MAX])
{
    int count = atomic_load_explicit(&metric->count, memory_order_acquire);

    for (int i = 0; i < count; i++) {
        if (has_labels(metric->series[i], labels)) {
            return metric->series[i];
        }
    }
    return NULL;
}

static struct series *make_series_locked(struct metric *metric,
                                         const char *const labels[METRIC_LABELS_MAX])
{
    struct series *series = take_memory(sizeof *series);
    int count = atomic_load(&metric->count);

    assert(count <= METRIC_SERIES_MAX);
    for (int i = 0; i < METRIC_LABELS_MAX; i++) {
        snprintf(series->labels[i], LABEL_BYTES, "%s", labels[i] != NULL ? labels[i] : "");
    }
    pthread_mutex_init(&series->mutex, NULL);
    if (is_histogram(metric)) {
        series->histogram = take_memory(sizeof *series->histogram);
    }
    metric->series[count] = series;
    atomic_store_explicit(&metric->count, count + 1, memory_order_release);
    return series;
}

static struct series *get_series(struct metric *metric, const char *const labels[METRIC_LABELS_MAX])
{
    static const char *const other[METRIC_LABELS_MAX] = {"other", "other", "other"};
    struct series *series = find_series(metric, labels);

    if (series != NULL) {
        return series;
    }
    pthread_mutex_lock(&metric->mutex);
    series = find_series(metric, labels); /* another thread may have been first */
    if (series == NULL && atomic_load(&metric->count) < METRIC_SERIES_MAX) {
        series = make_series_locked(metric, labels);
    }
    if (series == NULL) {
        series = find_series(metric, other);
    }
    if (series == NULL) {
        series = make_series_locked(metric, other);
    }
    pthread_mutex_unlock(&metric->mutex);
    return series;
}

void metric_add(struct metric *metric, int64_t n, const char *label0, const char *label1,
                const char *label2)
{
    const char *const labels[METRIC_LABELS_MAX] = {label0, label1, label2};

    assert(!is_histogram(metric));
    assert(metric->kind == METRIC_GAUGE || n >= 0);
    atomic_fetch_add_explicit(&get_series(metric, labels)->value, n, memory_order_relaxed);
}

void metric_set(struct metric *metric, int64_t value, const char *label0, const char *label1,
                const char *label2)
{
    const char *const labels[METRIC_LABELS_MAX] = {label0, label1, label2};

    assert(metric->kind == METRIC_GAUGE);
    atomic_store_explicit(&get_series(metric, labels)->value, value, memory_order_relaxed);
}

static void observe(struct metric *metric, int64_t value,
                    const char *const labels[METRIC_LABELS_MAX])
{
    struct series *series = get_series(metric, labels);

    pthread_mutex_lock(&series->mutex);
    histogram_add(series->histogram, value);
    pthread_mutex_unlock(&series->mutex);
}

void metric_observe_us(struct metric *metric, int64_t us, const char *label0, const char *label1,
                       const char *label2)
{
    const char *const labels[METRIC_LABELS_MAX] = {label0, label1, label2};

    assert(metric->kind == METRIC_HISTOGRAM);
    observe(metric, us, labels);
}

void metric_observe_count(struct metric *metric, int64_t n, const char *label0, const char *label1,
                          const char *label2)
{
    const char *const labels[METRIC_LABELS_MAX] = {label0, label1, label2};

    assert(metric->kind == METRIC_HISTOGRAM_COUNT);
    observe(metric, n, labels);
}

int64_t metric_value(struct metric *metric, const char *label0, const char *label1,
                     const char *label2)
{
    const char *const labels[METRIC_LABELS_MAX] = {label0, label1, label2};
    struct series *series = find_series(metric, labels);

    if (series == NULL) {
        return 0;
    }
    if (is_histogram(metric)) {
        pthread_mutex_lock(&series->mutex);
        int64_t count = (int64_t)series->histogram->count;
        pthread_mutex_unlock(&series->mutex);
        return count;
    }
    return atomic_load_explicit(&series->value, memory_order_relaxed);
}

/* ---- text ---- */

static void print_escaped(FILE *out, const char *value)
{
    for (; *value != '\0'; value++) {
        if (*value == '\n') {
            fputs("\\n", out);
        } else {
            if (*value == '"' || *value == '\\') {
                fputc('\\', out);
            }
            fputc(*value, out);
        }
    }
}

/* {kind="advice",code="00"}; `le` is the bound of a histogram's bucket, or NULL. */
static void print_labels(const struct metric *metric, const struct series *series, const char *le,
                         FILE *out)
{
    if (metric->label_count == 0 && le == NULL) {
        return;
    }
    fputc('{', out);
    for (int i = 0; i < metric->label_count; i++) {
        fprintf(out, "%s%s=\"", i > 0 ? "," : "", metric->label_names[i]);
        print_escaped(out, series->labels[i]);
        fputc('"', out);
    }
    if (le != NULL) {
        fprintf(out, "%sle=\"%s\"", metric->label_count > 0 ? "," : "", le);
    }
    fputc('}', out);
}

static void print_sample(const struct metric *metric, const struct series *series,
                         const char *suffix, const char *le, uint64_t value, FILE *out)
{
    fprintf(out, "%s%s", metric->name, suffix);
    print_labels(metric, series, le, out);
    fprintf(out, " %" PRIu64 "\n", value);
}

static void print_durations(const struct metric *metric, const struct series *series, FILE *out)
{
    const struct histogram *histogram = series->histogram;
    char le[32];

    for (size_t i = 0; i < sizeof bounds_us / sizeof bounds_us[0]; i++) {
        snprintf(le, sizeof le, "%g", (double)bounds_us[i] / US_PER_SECOND);
        print_sample(metric, series, "_bucket", le, histogram_count_upto(histogram, bounds_us[i]),
                     out);
    }
    print_sample(metric, series, "_bucket", "+Inf", histogram->count, out);
    print_sample(metric, series, "_count", NULL, histogram->count, out);
    fprintf(out, "%s_sum", metric->name);
    print_labels(metric, series, NULL, out);
    fprintf(out, " %" PRIu64 ".%06" PRIu64 "\n", histogram->sum / US_PER_SECOND,
            histogram->sum % US_PER_SECOND);
}

/* Exact up to 255; above, a bound counts what is less than 1 in 100 larger as well. */
static void print_counts(const struct metric *metric, const struct series *series, FILE *out)
{
    const struct histogram *histogram = series->histogram;
    char le[32];

    for (size_t i = 0; i < sizeof bounds_count / sizeof bounds_count[0]; i++) {
        snprintf(le, sizeof le, "%" PRId64, bounds_count[i]);
        print_sample(metric, series, "_bucket", le,
                     histogram_count_upto(histogram, bounds_count[i]), out);
    }
    print_sample(metric, series, "_bucket", "+Inf", histogram->count, out);
    print_sample(metric, series, "_count", NULL, histogram->count, out);
    print_sample(metric, series, "_sum", NULL, histogram->sum, out);
}

static void print_histogram(const struct metric *metric, struct series *series, FILE *out)
{
    pthread_mutex_lock(&series->mutex);
    if (metric->kind == METRIC_HISTOGRAM) {
        print_durations(metric, series, out);
    } else {
        print_counts(metric, series, out);
    }
    pthread_mutex_unlock(&series->mutex);
}

static const char *kind_name(enum metric_kind kind)
{
    switch (kind) {
    case METRIC_COUNTER:
        return "counter";
    case METRIC_GAUGE:
        return "gauge";
    case METRIC_HISTOGRAM:
    case METRIC_HISTOGRAM_COUNT:
        return "histogram";
    }
    return "unknown";
}

/* OpenMetrics' UNIT: the last word of the name when it is one of its base units. */
static const char *unit_of(const char *name)
{
    const char *last = strrchr(name, '_');

    if (last != NULL && (strcmp(last, "_seconds") == 0 || strcmp(last, "_bytes") == 0 ||
                         strcmp(last, "_ratio") == 0)) {
        return last + 1;
    }
    return NULL;
}

static void print_header(const struct metric *metric, bool openmetrics, FILE *out)
{
    const char *suffix = metric->kind == METRIC_COUNTER && !openmetrics ? "_total" : "";
    const char *unit = unit_of(metric->name);

    fprintf(out, "# TYPE %s%s %s\n", metric->name, suffix, kind_name(metric->kind));
    if (openmetrics && unit != NULL) {
        fprintf(out, "# UNIT %s %s\n", metric->name, unit);
    }
    fprintf(out, "# HELP %s%s %s\n", metric->name, suffix, metric->help);
}

static void print_family(struct metric *metric, bool openmetrics, FILE *out)
{
    int count = atomic_load_explicit(&metric->count, memory_order_acquire);

    print_header(metric, openmetrics, out);
    for (int i = 0; i < count; i++) {
        struct series *series = metric->series[i];
        int64_t value = atomic_load_explicit(&series->value, memory_order_relaxed);
        if (is_histogram(metric)) {
            print_histogram(metric, series, out);
            continue;
        }
        fprintf(out, "%s%s", metric->name, metric->kind == METRIC_COUNTER ? "_total" : "");
        print_labels(metric, series, NULL, out);
        fprintf(out, " %" PRId64 "\n", value);
    }
}

void metrics_print(struct metrics *metrics, FILE *out, int openmetrics)
{
    for (int i = 0; i < metrics->count; i++) {
        print_family(metrics->families[i], openmetrics != 0, out);
    }
    if (openmetrics != 0) {
        fputs("# EOF\n", out);
    }
}
