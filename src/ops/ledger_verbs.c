/* holdfast ledger: balances, verify. */
#include <string.h>

#include "base/clock.h"
#include "ledger/verify.h"
#include "ops/access.h"
#include "ops/names.h"
#include "ops/output.h"
#include "ops/recompute.h"
#include "ops/roots.h"
#include "ops/table.h"
#include "ops/verbs.h"

/* --- balances --- */

static const struct output_column balance_columns[] = {
    {"ACCOUNT", "account", OUTPUT_TEXT },
    {"NAME",    "name",    OUTPUT_TEXT },
    {"LAYER",   "layer",   OUTPUT_TEXT },
    {"DEBITS",  "debits",  OUTPUT_MONEY},
    {"CREDITS", "credits", OUTPUT_MONEY},
    {"BALANCE", "balance", OUTPUT_MONEY},
    {NULL,      NULL,      OUTPUT_TEXT },
};

static const struct output_column trial_columns[] = {
    {"CURRENCY",         "currency", OUTPUT_TEXT },
    {"LAYER",            "layer",    OUTPUT_TEXT },
    {"DEBITS - CREDITS", "sum",      OUTPUT_MONEY},
    {NULL,               NULL,       OUTPUT_TEXT },
};

static bool read_layers(struct report *report, const char *name, const char *const *parameters,
                        size_t count, json_t *rows, struct error *error)
{
    bool row = false;

    if (!report_run(report, name, parameters, count, error)) {
        return false;
    }
    while (report_next(report, &row, error)) {
        if (!row) {
            return true;
        }
        json_t *object = output_row(report);
        const json_int_t layer = json_integer_value(json_object_get(object, "layer"));
        json_object_set_new(object, "layer", json_string(names_layer(layer)));
        json_array_append_new(rows, object);
    }
    return false;
}

/* Every sum of the trial balance has to be nothing. */
static bool balances_out(const json_t *trial)
{
    const json_t *row;
    size_t i;

    json_array_foreach(trial, i, row)
    {
        if (json_integer_value(json_object_get(row, "sum")) != 0) {
            return false;
        }
    }
    return true;
}

enum exit_status verbs_ledger_balances(const struct invocation *invocation)
{
    SCOPED(access_close_report) struct report *report = NULL;
    const bool each = invocation->json || verb_option_of(invocation, "all") != NULL;
    const char *parameters[] = {each ? "false" : "true"};
    struct error error = {0};
    enum exit_status status;

    if (!access_open_report(invocation, &report, &status)) {
        return status;
    }
    json_t *balances = json_array(), *trial = json_array();
    json_t *object = json_pack("{s:o, s:o}", "balances", balances, "trial", trial);
    if (!report_freeze(report, &error) ||
        !read_layers(report, "report_balances", parameters, 1, balances, &error) ||
        !read_layers(report, "report_trial", NULL, 0, trial, &error)) {
        json_decref(object);
        return access_fail(invocation, &error);
    }
    if (invocation->json) {
        output_json(invocation, object);
    } else {
        output_section(invocation, "Balances", balance_columns, balances);
        output_section(invocation, "Trial balance", trial_columns, trial);
    }
    status = balances_out(trial) ? EXIT_STATUS_OK : EXIT_STATUS_DIFFERENT;
    json_decref(object);
    return status;
}

/* --- verify --- */

struct verification {
    json_t *checks; /* NULL: for a person */
    struct table *table;
    int64_t rows, violations, started_us;
    size_t count, failed;
};

static void add_check(struct verification *verification, const struct verify_check *check)
{
    char number[24];

    verification->rows += check->rows;
    verification->violations += check->violations;
    verification->count++;
    verification->failed += check->violations > 0;
    json_array_append_new(verification->checks,
                          json_pack("{s:s, s:I, s:I, s:s?}", "name", check->name, "rows",
                                    (json_int_t)check->rows, "violations",
                                    (json_int_t)check->violations, "first",
                                    check->violations > 0 ? check->first : NULL));
    table_add_cell(verification->table, check->name);
    snprintf(number, sizeof number, "%lld", (long long)check->rows);
    table_add_cell(verification->table, number);
    snprintf(number, sizeof number, "%lld", (long long)check->violations);
    table_add_cell(verification->table, number);
    table_add_cell(verification->table, check->violations > 0 ? check->first : "-");
}

static bool run_checks(struct report *report, const struct roots *roots,
                       struct verification *verification, struct error *error)
{
    struct verify_check check;

    for (size_t i = 0; i < verify_count(); i++) {
        if (!verify_run(report, i, &check, error)) {
            return false;
        }
        add_check(verification, &check);
    }
    if (!recompute_run(report, &check, error)) {
        return false;
    }
    add_check(verification, &check);
    if (roots->count > 0) {
        if (!verify_roots(report, roots->items, roots->count, &check, error)) {
            return false;
        }
        add_check(verification, &check);
    }
    return true;
}

/* What should hold and does not, for whoever is woken by it. */
static void print_violated(const struct invocation *invocation, const json_t *check)
{
    const char *name = json_string_value(json_object_get(check, "name"));
    char sentence[VERIFY_SENTENCE_BYTES];

    verify_sentence(name, sentence);
    fprintf(invocation->out, "%s: %s\n", name,
            sentence[0] != '\0' ? sentence
            : strcmp(name, RECOMPUTE_NAME) == 0
                ? RECOMPUTE_SENTENCE
                : "every root that was kept elsewhere is in these books");
}

static void print_verification(const struct invocation *invocation,
                               const struct verification *verification)
{
    const long long tenths = (clock_mono_us() - verification->started_us) / 100000;

    if (invocation->json) {
        json_t *object = json_pack("{s:O, s:b}", "checks", verification->checks, "ok",
                                   verification->failed == 0);
        output_json(invocation, object);
        json_decref(object);
        return;
    }
    table_print(verification->table, invocation->out, output_in_colour(invocation));
    fprintf(invocation->out, "\n%zu checks, %lld rows, %lld.%lld s: %s\n", verification->count,
            (long long)verification->rows, tenths / 10, tenths % 10,
            verification->failed == 0 ? "sound" : "VIOLATED");
    const json_t *check;
    size_t i;
    json_array_foreach(verification->checks, i, check)
    {
        if (json_integer_value(json_object_get(check, "violations")) > 0) {
            print_violated(invocation, check);
        }
    }
}

static enum exit_status verify(const struct invocation *invocation, const struct roots *roots)
{
    SCOPED(access_close_report) struct report *report = NULL;
    struct verification verification = {.started_us = clock_mono_us()};
    struct error error = {0};
    enum exit_status status;

    if (!access_open_report(invocation, &report, &status)) {
        return status;
    }
    verification.checks = json_array();
    verification.table = table_create();
    table_add_column(verification.table, "CHECK", TABLE_LEFT);
    table_add_column(verification.table, "ROWS", TABLE_RIGHT);
    table_add_column(verification.table, "VIOLATIONS", TABLE_RIGHT);
    table_add_column(verification.table, "FIRST", TABLE_LEFT);
    if (run_checks(report, roots, &verification, &error)) {
        print_verification(invocation, &verification);
        status = verification.failed == 0 ? EXIT_STATUS_OK : EXIT_STATUS_DIFFERENT;
    } else {
        status = access_fail(invocation, &error);
    }
    json_decref(verification.checks);
    table_destroy(verification.table);
    return status;
}

enum exit_status verbs_ledger_verify(const struct invocation *invocation)
{
    struct roots roots = {0};
    struct error error = {0};
    enum exit_status status;

    for (size_t i = 0; i < invocation->option_count; i++) {
        if (!roots_add(&roots, invocation->options[i].value, &error)) {
            roots_finish(&roots);
            return access_fail_usage(invocation, &error);
        }
    }
    status = verify(invocation, &roots);
    roots_finish(&roots);
    return status;
}
