/* Results: what was answered, how fast, and the tables, files and JSON that say so.
 *
 * Threads: one.   Owns: nothing (plain values).   May include: base, jansson.
 */
#ifndef BENCH_RESULTS_H
#define BENCH_RESULTS_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "base/histogram.h"

enum { RESULTS_KINDS_MAX = 40, RESULTS_CODES_MAX = 32, RESULTS_DIFFERENCES_MAX = 10 };

struct results_kind {
    char name[48];
    uint64_t count, approved, partial, declined, taken, failed, different;
    struct histogram latency;
};

struct results_difference {
    char text[256];
};

struct results {
    struct results_kind total;
    struct results_kind kinds[RESULTS_KINDS_MAX];
    size_t kind_count;
    struct {
        char code[3];
        uint64_t count;
    } codes[RESULTS_CODES_MAX];
    size_t code_count;
    struct results_difference differences[RESULTS_DIFFERENCES_MAX];
    size_t difference_count; /* kept; total.different counts all */
    int64_t began_mono_us, ended_mono_us;
};

enum results_outcome {
    RESULTS_APPROVED,
    RESULTS_PARTIAL,
    RESULTS_DECLINED,
    RESULTS_TAKEN,
    RESULTS_FAILED
};

/* `code` is the Responsestatus ("" when there is none). */
void results_add(struct results *results, const char *kind, enum results_outcome outcome,
                 const char *code, int64_t latency_us);
/* Notes that an answer was not the expected one. */
void results_add_difference(struct results *results, const char *kind, const char *text);

void results_print_outcomes(const struct results *results, FILE *out);
void results_print_latency(const struct results *results, FILE *out);
void results_print_differences(const struct results *results, FILE *out);
json_t *results_json(const struct results *results);
double results_seconds(const struct results *results);
MUST_USE bool results_write_json(const struct results *results, const char *path,
                                 struct error *error);
MUST_USE bool results_write_hgrm(const struct results *results, const char *path,
                                 struct error *error);

#endif
