#include "base/metric.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static char *printed(struct metrics *metrics, int openmetrics)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    metrics_print(metrics, out, openmetrics);
    fclose(out);
    return text;
}

Test(metric, a_counter_prints_in_both_formats)
{
    struct metrics *metrics = metrics_create();
    struct metric *replies =
        metric_make(metrics, METRIC_COUNTER, "holdfast_replies", "kind,code", "Replies sent.");

    metric_add(replies, 2, "authorisation", "00", NULL);
    metric_add(replies, 1, "authorisation", "51", NULL);
    metric_add(replies, 3, "authorisation", "00", NULL);
    cr_assert_eq(metric_value(replies, "authorisation", "00", NULL), 5);
    cr_assert_eq(metric_value(replies, "advice", "00", NULL), 0);

    char *text = printed(metrics, 0);
    cr_assert_str_eq(text, "# TYPE holdfast_replies_total counter\n"
                           "# HELP holdfast_replies_total Replies sent.\n"
                           "holdfast_replies_total{kind=\"authorisation\",code=\"00\"} 5\n"
                           "holdfast_replies_total{kind=\"authorisation\",code=\"51\"} 1\n");
    free(text);
    text = printed(metrics, 1);
    cr_assert_str_eq(text, "# TYPE holdfast_replies counter\n"
                           "# HELP holdfast_replies Replies sent.\n"
                           "holdfast_replies_total{kind=\"authorisation\",code=\"00\"} 5\n"
                           "holdfast_replies_total{kind=\"authorisation\",code=\"51\"} 1\n"
                           "# EOF\n");
    free(text);
    metrics_destroy(metrics);
    metrics_destroy(NULL);
}

Test(metric, a_histogram_takes_microseconds_and_prints_seconds)
{
    struct metrics *metrics = metrics_create();
    struct metric *took = metric_make(metrics, METRIC_HISTOGRAM, "holdfast_reply_duration_seconds",
                                      "kind", "From last byte to reply.");

    metric_observe_us(took, 700, "advice", NULL, NULL);
    metric_observe_us(took, 1500, "advice", NULL, NULL);
    metric_observe_us(took, 2000000, "advice", NULL, NULL);
    cr_assert_eq(metric_value(took, "advice", NULL, NULL), 3);

    char *text = printed(metrics, 1);
    static const char *const lines[] = {
        "# TYPE holdfast_reply_duration_seconds histogram\n"
        "# UNIT holdfast_reply_duration_seconds seconds\n",
        "holdfast_reply_duration_seconds_bucket{kind=\"advice\",le=\"0.0005\"} 0\n",
        "holdfast_reply_duration_seconds_bucket{kind=\"advice\",le=\"0.001\"} 1\n",
        "holdfast_reply_duration_seconds_bucket{kind=\"advice\",le=\"0.002\"} 2\n",
        "holdfast_reply_duration_seconds_bucket{kind=\"advice\",le=\"0.5\"} 2\n",
        "holdfast_reply_duration_seconds_bucket{kind=\"advice\",le=\"+Inf\"} 3\n"
        "holdfast_reply_duration_seconds_count{kind=\"advice\"} 3\n"
        "holdfast_reply_duration_seconds_sum{kind=\"advice\"} 2.002200\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        cr_expect_not_null(strstr(text, lines[i]), "%s", lines[i]);
    }
    free(text);
    metrics_destroy(metrics);
}

Test(metric, a_histogram_of_counts_prints_whole_numbers)
{
    struct metrics *metrics = metrics_create();
    struct metric *size = metric_make(metrics, METRIC_HISTOGRAM_COUNT, "holdfast_commit_batch_size",
                                      "", "Messages that shared a transaction.");

    metric_observe_count(size, 1, NULL, NULL, NULL);
    metric_observe_count(size, 3, NULL, NULL, NULL);
    metric_observe_count(size, 512, NULL, NULL, NULL);
    metric_observe_count(size, 600, NULL, NULL, NULL);
    cr_assert_eq(metric_value(size, NULL, NULL, NULL), 4);

    char *text = printed(metrics, 0);
    cr_assert_str_eq(text, "# TYPE holdfast_commit_batch_size histogram\n"
                           "# HELP holdfast_commit_batch_size Messages that shared a transaction.\n"
                           "holdfast_commit_batch_size_bucket{le=\"1\"} 1\n"
                           "holdfast_commit_batch_size_bucket{le=\"2\"} 1\n"
                           "holdfast_commit_batch_size_bucket{le=\"4\"} 2\n"
                           "holdfast_commit_batch_size_bucket{le=\"8\"} 2\n"
                           "holdfast_commit_batch_size_bucket{le=\"16\"} 2\n"
                           "holdfast_commit_batch_size_bucket{le=\"32\"} 2\n"
                           "holdfast_commit_batch_size_bucket{le=\"64\"} 2\n"
                           "holdfast_commit_batch_size_bucket{le=\"128\"} 2\n"
                           "holdfast_commit_batch_size_bucket{le=\"256\"} 2\n"
                           "holdfast_commit_batch_size_bucket{le=\"512\"} 3\n"
                           "holdfast_commit_batch_size_bucket{le=\"+Inf\"} 4\n"
                           "holdfast_commit_batch_size_count 4\n"
                           "holdfast_commit_batch_size_sum 1116\n");
    free(text);
    metrics_destroy(metrics);
}

Test(metric, a_gauge_goes_up_and_down_and_needs_no_labels)
{
    struct metrics *metrics = metrics_create();
    struct metric *open = metric_make(metrics, METRIC_GAUGE, "holdfast_connections", "", "Open.");

    metric_set(open, 10, NULL, NULL, NULL);
    metric_add(open, -3, NULL, NULL, NULL);
    char *text = printed(metrics, 0);
    cr_assert_not_null(strstr(text, "\nholdfast_connections 7\n"));
    free(text);
    metrics_destroy(metrics);
}

Test(metric, label_values_are_escaped)
{
    struct metrics *metrics = metrics_create();
    struct metric *odd = metric_make(metrics, METRIC_COUNTER, "holdfast_odd", "rule", "Odd.");

    metric_add(odd, 1, "a\"b\\c\nd", NULL, NULL);
    char *text = printed(metrics, 0);
    cr_assert_not_null(strstr(text, "{rule=\"a\\\"b\\\\c\\nd\"} 1\n"));
    free(text);
    metrics_destroy(metrics);
}

Test(metric, past_the_maximum_everything_counts_as_other)
{
    struct metrics *metrics = metrics_create();
    struct metric *many = metric_make(metrics, METRIC_COUNTER, "holdfast_many", "n", "Many.");
    char label[16];

    for (int i = 0; i < METRIC_SERIES_MAX + 20; i++) {
        snprintf(label, sizeof label, "%d", i);
        metric_add(many, 1, label, NULL, NULL);
    }
    cr_assert_eq(metric_value(many, "511", NULL, NULL), 1);
    cr_assert_eq(metric_value(many, "512", NULL, NULL), 0);
    cr_assert_eq(metric_value(many, "other", "other", "other"), 20);
    metrics_destroy(metrics);
}

static int occurrences(const char *text, const char *part)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++) {
        count++;
    }
    return count;
}

enum { THREADS = 4, ROUNDS = 5000 };

static void *raise_it(void *metric)
{
    static const char *const kinds[] = {"a", "b", "c", "d", "e"};
    for (int i = 0; i < ROUNDS; i++) {
        metric_add(metric, 1, kinds[i % 5], NULL, NULL);
    }
    return NULL;
}

Test(metric, threads_lose_no_count_and_make_no_series_twice)
{
    struct metrics *metrics = metrics_create();
    struct metric *shared = metric_make(metrics, METRIC_COUNTER, "holdfast_shared", "kind", "S.");
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++) {
        cr_assert_eq(pthread_create(&threads[i], NULL, raise_it, shared), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    cr_assert_eq(metric_value(shared, "c", NULL, NULL), THREADS * ROUNDS / 5);
    char *text = printed(metrics, 0);
    cr_assert_eq(occurrences(text, "{kind=\"a\"}"), 1);
    free(text);
    metrics_destroy(metrics);
}
