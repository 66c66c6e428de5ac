#include "results.h"

#include <string.h>

static const struct {
    const char *name;
    uint32_t ppm;
} percentiles[] = {
    {"p50",   500000 },
    {"p90",   900000 },
    {"p99",   990000 },
    {"p99.9", 999000 },
    {"max",   1000000},
};
enum { PERCENTILES = sizeof percentiles / sizeof percentiles[0] };

static struct results_kind *kind_of(struct results *results, const char *name)
{
    for (size_t i = 0; i < results->kind_count; i++) {
        if (strcmp(results->kinds[i].name, name) == 0) {
            return &results->kinds[i];
        }
    }
    if (results->kind_count == RESULTS_KINDS_MAX) {
        return &results->kinds[RESULTS_KINDS_MAX - 1]; /* a recording with odd names */
    }
    struct results_kind *kind = &results->kinds[results->kind_count++];
    snprintf(kind->name, sizeof kind->name, "%s", name);
    return kind;
}

static void count_outcome(struct results_kind *kind, enum results_outcome outcome,
                          int64_t latency_us)
{
    kind->count++;
    kind->approved += outcome == RESULTS_APPROVED;
    kind->partial += outcome == RESULTS_PARTIAL;
    kind->declined += outcome == RESULTS_DECLINED;
    kind->taken += outcome == RESULTS_TAKEN;
    kind->failed += outcome == RESULTS_FAILED;
    if (outcome != RESULTS_FAILED) {
        histogram_add(&kind->latency, latency_us);
    }
}

static void count_code(struct results *results, const char *code)
{
    size_t i = 0;
    while (i < results->code_count && strcmp(results->codes[i].code, code) != 0) {
        i++;
    }
    if (i == results->code_count) {
        if (i == RESULTS_CODES_MAX) {
            return;
        }
        results->code_count++;
        snprintf(results->codes[i].code, sizeof results->codes[i].code, "%s", code);
    }
    results->codes[i].count++;
}

void results_add(struct results *results, const char *kind, enum results_outcome outcome,
                 const char *code, int64_t latency_us)
{
    count_outcome(&results->total, outcome, latency_us);
    count_outcome(kind_of(results, kind[0] ? kind : "message"), outcome, latency_us);
    if (outcome == RESULTS_DECLINED && code[0] != '\0') {
        count_code(results, code);
    }
}

void results_add_difference(struct results *results, const char *kind, const char *text)
{
    results->total.different++;
    kind_of(results, kind[0] ? kind : "message")->different++;
    if (results->difference_count < RESULTS_DIFFERENCES_MAX) {
        snprintf(results->differences[results->difference_count++].text,
                 sizeof results->differences[0].text, "%s", text);
    }
}

static void print_outcome(const struct results_kind *kind, const char *name, FILE *out)
{
    fprintf(out, "  %-20s %8llu %9llu %8llu %9llu %7llu %7llu %10llu\n", name,
            (unsigned long long)kind->count, (unsigned long long)kind->approved,
            (unsigned long long)kind->partial, (unsigned long long)kind->declined,
            (unsigned long long)kind->taken, (unsigned long long)kind->failed,
            (unsigned long long)kind->different);
}

void results_print_outcomes(const struct results *results, FILE *out)
{
    fprintf(out, "  %-20s %8s %9s %8s %9s %7s %7s %10s\n", "kind", "messages", "approved",
            "in part", "declined", "taken", "failed", "unexpected");
    for (size_t i = 0; i < results->kind_count; i++) {
        print_outcome(&results->kinds[i], results->kinds[i].name, out);
    }
    print_outcome(&results->total, "all", out);
    if (results->code_count > 0) {
        fprintf(out, "  declined with");
        for (size_t i = 0; i < results->code_count; i++) {
            fprintf(out, "%s %s (%llu)", i > 0 ? "," : "", results->codes[i].code,
                    (unsigned long long)results->codes[i].count);
        }
        fputc('\n', out);
    }
}

static void print_latency(const struct results_kind *kind, const char *name, FILE *out)
{
    fprintf(out, "  %-20s %8llu", name, (unsigned long long)kind->latency.count);
    for (size_t i = 0; i < PERCENTILES; i++) {
        int64_t us = histogram_at(&kind->latency, percentiles[i].ppm);
        fprintf(out, " %8.2f", (double)us / 1000);
    }
    fputc('\n', out);
}

void results_print_latency(const struct results *results, FILE *out)
{
    fprintf(out, "  %-20s %8s", "milliseconds", "answers");
    for (size_t i = 0; i < PERCENTILES; i++) {
        fprintf(out, " %8s", percentiles[i].name);
    }
    fputc('\n', out);
    for (size_t i = 0; results->kind_count > 1 && i < results->kind_count; i++) {
        print_latency(&results->kinds[i], results->kinds[i].name, out);
    }
    print_latency(&results->total, "all", out);
}

void results_print_differences(const struct results *results, FILE *out)
{
    for (size_t i = 0; i < results->difference_count; i++) {
        fprintf(out, "  %s\n", results->differences[i].text);
    }
    if (results->total.different > results->difference_count) {
        fprintf(out, "  … and %llu more\n",
                (unsigned long long)(results->total.different - results->difference_count));
    }
}

double results_seconds(const struct results *results)
{
    return (double)(results->ended_mono_us - results->began_mono_us) / 1e6;
}

static json_t *json_of_kind(const struct results_kind *kind)
{
    json_t *latency = json_object();
    for (size_t i = 0; i < PERCENTILES; i++) {
        json_object_set_new(latency, percentiles[i].name,
                            json_integer(histogram_at(&kind->latency, percentiles[i].ppm)));
    }
    json_t *object = json_object();
    json_object_set_new(object, "messages", json_integer((json_int_t)kind->count));
    json_object_set_new(object, "approved", json_integer((json_int_t)kind->approved));
    json_object_set_new(object, "partial", json_integer((json_int_t)kind->partial));
    json_object_set_new(object, "declined", json_integer((json_int_t)kind->declined));
    json_object_set_new(object, "taken", json_integer((json_int_t)kind->taken));
    json_object_set_new(object, "failed", json_integer((json_int_t)kind->failed));
    json_object_set_new(object, "different", json_integer((json_int_t)kind->different));
    json_object_set_new(object, "latency_us", latency);
    return object;
}

json_t *results_json(const struct results *results)
{
    json_t *object = json_of_kind(&results->total);
    json_t *kinds = json_object(), *differences = json_array(), *codes = json_object();
    double seconds = results_seconds(results);
    for (size_t i = 0; i < results->kind_count; i++) {
        json_object_set_new(kinds, results->kinds[i].name, json_of_kind(&results->kinds[i]));
    }
    for (size_t i = 0; i < results->difference_count; i++) {
        json_array_append_new(differences, json_string(results->differences[i].text));
    }
    for (size_t i = 0; i < results->code_count; i++) {
        json_object_set_new(codes, results->codes[i].code,
                            json_integer((json_int_t)results->codes[i].count));
    }
    json_object_set_new(object, "seconds", json_real(seconds));
    json_object_set_new(object, "rate",
                        json_real(seconds > 0 ? (double)results->total.count / seconds : 0));
    json_object_set_new(object, "codes", codes);
    json_object_set_new(object, "kinds", kinds);
    json_object_set_new(object, "differences", differences);
    return object;
}

bool results_write_json(const struct results *results, const char *path, struct error *error)
{
    json_t *object = results_json(results);
    int status = strcmp(path, "-") == 0 ? json_dumpf(object, stdout, JSON_INDENT(2))
                                        : json_dump_file(object, path, JSON_INDENT(2));
    json_decref(object);
    if (strcmp(path, "-") == 0) {
        putchar('\n');
    }
    return status == 0 ||
           error_set(error, ERROR_UNAVAILABLE, "--json", "cannot write %.180s", path);
}

bool results_write_hgrm(const struct results *results, const char *path, struct error *error)
{
    FILE *file = fopen(path, "we");
    if (!file) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "--hgrm", "cannot write %.180s", path);
    }
    histogram_print_hgrm(&results->total.latency, file);
    return fclose(file) == 0 ||
           error_set_errno(error, ERROR_UNAVAILABLE, "--hgrm", "cannot write %.180s", path);
}
