#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "results.h"

static struct results results; /* large */

Test(bench_results, kinds_codes_and_differences_are_counted)
{
    results_add(&results, "cash", RESULTS_APPROVED, "00", 1000);
    results_add(&results, "cash", RESULTS_DECLINED, "51", 2000);
    results_add(&results, "advice", RESULTS_TAKEN, "00", 3000);
    results_add(&results, "advice", RESULTS_FAILED, "", 0);
    for (int i = 0; i < 12; i++) {
        results_add_difference(&results, "cash", "expected this, got that");
    }
    cr_expect_eq(results.total.count, 4);
    cr_expect_eq(results.total.different, 12);
    cr_expect_eq(results.difference_count, RESULTS_DIFFERENCES_MAX);
    cr_expect_eq(results.kind_count, 2);
    cr_expect_eq(results.kinds[0].declined, 1);
    cr_expect_eq(results.total.latency.count, 3, "what failed has no latency");
    cr_expect_eq(results.code_count, 1);
    cr_expect_str_eq(results.codes[0].code, "51");
}

Test(bench_results, the_json_has_what_the_tables_have)
{
    results_add(&results, "cash", RESULTS_APPROVED, "00", 1000);
    results.began_mono_us = 0;
    results.ended_mono_us = 500000;
    json_t *object = results_json(&results);
    cr_expect_eq(json_integer_value(json_object_get(object, "messages")), 1);
    cr_expect_float_eq(json_real_value(json_object_get(object, "rate")), 2.0, 0.001);
    const json_t *latency = json_object_get(object, "latency_us");
    json_int_t p50 = json_integer_value(json_object_get(latency, "p50"));
    cr_expect(p50 >= 1000 && p50 <= 1010);
    cr_expect(json_object_get(json_object_get(object, "kinds"), "cash"));
    json_decref(object);
}
