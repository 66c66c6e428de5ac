#include "base/histogram.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

enum { SUB_BUCKETS = 1 << HISTOGRAM_SUB_BITS, TICKS_PER_HALF_DISTANCE = 5, PPM = 1000000 };
#define VALUE_MAX ((INT64_C(1) << HISTOGRAM_MAX_BITS) - 1)

static_assert(HISTOGRAM_SUB_BITS >= 7, "an error below one in a hundred needs 128 sub-buckets");

/* Values below 128 have a bucket each; above, 128 buckets for each power of two. */
static uint32_t bucket_of(int64_t value)
{
    assert(value >= 0 && value <= VALUE_MAX);
    if (value < SUB_BUCKETS) {
        return (uint32_t)value;
    }
    int magnitude = 63 - __builtin_clzll((unsigned long long)value);
    int shift = magnitude - HISTOGRAM_SUB_BITS;
    return (uint32_t)shift * SUB_BUCKETS + (uint32_t)(value >> shift);
}

/* The largest value that counts in the bucket. */
static int64_t upper_end(uint32_t bucket)
{
    assert(bucket < HISTOGRAM_BUCKETS);
    if (bucket < SUB_BUCKETS) {
        return bucket;
    }
    uint32_t shift = bucket / SUB_BUCKETS - 1;
    int64_t first = (int64_t)(bucket % SUB_BUCKETS + SUB_BUCKETS) << shift;
    return first + (INT64_C(1) << shift) - 1;
}

static uint64_t read_counter(const uint64_t *counter)
{
    return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

static void raise_counter(uint64_t *counter, uint64_t by)
{
    __atomic_store_n(counter, read_counter(counter) + by, __ATOMIC_RELAXED); /* one writer */
}

static void raise_max(struct histogram *histogram, uint64_t value)
{
    if (value > read_counter(&histogram->max)) {
        __atomic_store_n(&histogram->max, value, __ATOMIC_RELAXED);
    }
}

void histogram_add(struct histogram *histogram, int64_t value_us)
{
    int64_t value = value_us < 0 ? 0 : value_us > VALUE_MAX ? VALUE_MAX : value_us;

    raise_max(histogram, (uint64_t)value);
    raise_counter(&histogram->buckets[bucket_of(value)], 1);
    raise_counter(&histogram->sum, (uint64_t)value);
    raise_counter(&histogram->count, 1);
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    raise_max(into, read_counter(&from->max));
    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        raise_counter(&into->buckets[i], read_counter(&from->buckets[i]));
    }
    raise_counter(&into->sum, read_counter(&from->sum));
    raise_counter(&into->count, read_counter(&from->count));
}

/* The bucket in which the rank-th value (1 is the smallest) lies, and how many values lie at or
 * below it. */
static int64_t value_of_rank(const struct histogram *histogram, uint64_t rank, uint64_t *upto)
{
    uint64_t seen = 0, max = read_counter(&histogram->max);

    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += read_counter(&histogram->buckets[i]);
        if (seen >= rank) {
            int64_t end = upper_end(i);
            *upto = seen;
            return end > (int64_t)max ? (int64_t)max : end;
        }
    }
    *upto = seen;
    return (int64_t)max;
}

int64_t histogram_at(const struct histogram *histogram, uint32_t ppm)
{
    uint64_t count = read_counter(&histogram->count), upto;

    assert(ppm <= PPM);
    if (count == 0) {
        return 0;
    }
    __extension__ unsigned __int128 scaled = (unsigned __int128)count * ppm + PPM - 1;
    uint64_t rank = (uint64_t)(scaled / PPM);
    return value_of_rank(histogram, rank < 1 ? 1 : rank, &upto);
}

uint64_t histogram_count_upto(const struct histogram *histogram, int64_t value_us)
{
    uint64_t seen = 0;

    if (value_us < 0) {
        return 0;
    }
    uint32_t last = value_us >= VALUE_MAX ? HISTOGRAM_BUCKETS - 1 : bucket_of(value_us);
    for (uint32_t i = 0; i <= last; i++) {
        seen += read_counter(&histogram->buckets[i]);
    }
    return seen;
}

static double deviation_us(const struct histogram *histogram, double mean, uint64_t count)
{
    double squares = 0;

    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        double off = (double)upper_end(i) - mean;
        squares += (double)histogram->buckets[i] * off * off;
    }
    return count > 0 ? sqrt(squares / (double)count) : 0;
}

/* Percentiles go up in steps that halve with the distance to 100 %, as HdrHistogram prints them. */
void histogram_print_hgrm(const struct histogram *histogram, FILE *out)
{
    uint64_t count = histogram->count, upto = 0;
    double mean = count > 0 ? (double)histogram->sum / (double)count : 0;
    double at = 0;

    fprintf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount",
            "1/(1-Percentile)");
    while (count > 0 && upto < count) {
        uint64_t rank = (uint64_t)ceil(at * (double)count);
        int64_t value = value_of_rank(histogram, rank < 1 ? 1 : rank, &upto);
        if (upto >= count) {
            break;
        }
        fprintf(out, "%12.3f %2.12f %10" PRIu64 " %14.2f\n", (double)value / 1000, at, upto,
                1 / (1 - at));
        double reached = (double)upto / (double)count;
        do {
            double halvings = floor(log2(1 / (1 - at))) + 1;
            at += 1 / (TICKS_PER_HALF_DISTANCE * exp2(halvings));
        } while (at < reached);
    }
    if (count > 0) {
        fprintf(out, "%12.3f %2.12f %10" PRIu64 " %14s\n", (double)histogram->max / 1000, 1.0,
                count, "inf");
    }
    fprintf(out, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", mean / 1000,
            deviation_us(histogram, mean, count) / 1000);
    fprintf(out, "#[Max     = %12.3f, Total count    = %12" PRIu64 "]\n",
            (double)histogram->max / 1000, count);
    fprintf(out, "#[Buckets = %12d, SubBuckets     = %12d]\n",
            HISTOGRAM_MAX_BITS - HISTOGRAM_SUB_BITS + 1, SUB_BUCKETS);
}
