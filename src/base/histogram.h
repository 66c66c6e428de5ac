/* Histogram: latencies in microseconds with a relative error under 1 %, by counting in buckets
 * whose width grows with the value (the layout of HdrHistogram, two significant digits and a half).
 *
 * Threads: one writer a histogram; histogram_merge and the readers may look on while it writes
 * (counters are relaxed atomics), and may then be one event behind.
 * Owns: nothing (a plain value of about 20 kB).   May include: libc only.
 */
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stdint.h>
#include <stdio.h>

enum {
    HISTOGRAM_SUB_BITS = 7,  /* 128 buckets for each power of two: error below 1/128 */
    HISTOGRAM_MAX_BITS = 27, /* values up to 2^27 us = 134 s; larger ones count as that */
    HISTOGRAM_BUCKETS = (HISTOGRAM_MAX_BITS - HISTOGRAM_SUB_BITS + 1) << HISTOGRAM_SUB_BITS,
};

struct histogram {
    uint64_t count, sum, max;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *histogram, int64_t value_us);
void histogram_merge(struct histogram *into, const struct histogram *from);
/* The value at or below which `ppm` millionths of all values lie (500000 is the median, 999000 is
 * p99.9), as the upper end of its bucket; 0 when empty. */
int64_t histogram_at(const struct histogram *histogram, uint32_t ppm);
/* How many values are <= value_us (to within a bucket): Prometheus' cumulative buckets. */
uint64_t histogram_count_upto(const struct histogram *histogram, int64_t value_us);
/* HdrHistogram's .hgrm percentile text, values in milliseconds. */
void histogram_print_hgrm(const struct histogram *histogram, FILE *out);

#endif
