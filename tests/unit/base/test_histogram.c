#include "base/histogram.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct histogram one, two;

Test(histogram, an_empty_one_says_zero)
{
    cr_assert_eq(histogram_at(&one, 500000), 0);
    cr_assert_eq(histogram_count_upto(&one, INT64_MAX), 0);
}

Test(histogram, small_values_are_exact)
{
    for (int64_t value = 1; value <= 100; value++) {
        histogram_add(&one, value);
    }
    cr_expect_eq(histogram_at(&one, 0), 1);
    cr_expect_eq(histogram_at(&one, 500000), 50);
    cr_expect_eq(histogram_at(&one, 500001), 51);
    cr_expect_eq(histogram_at(&one, 990000), 99);
    cr_expect_eq(histogram_at(&one, 1000000), 100);
    cr_expect_eq(histogram_count_upto(&one, 30), 30);
    cr_expect_eq(histogram_count_upto(&one, -1), 0);
    cr_expect_eq(one.sum, 5050);
    cr_expect_eq(one.max, 100);
}

Test(histogram, every_percentile_is_within_one_percent)
{
    enum { COUNT = 20000 };

    for (int64_t i = 1; i <= COUNT; i++) { /* the i-th smallest is i * i / 40 */
        histogram_add(&one, i * i / 40);
    }
    for (uint32_t ppm = 10000; ppm <= 1000000; ppm += 10000) {
        int64_t i = (int64_t)ppm * COUNT / 1000000, exact = i * i / 40;
        int64_t said = histogram_at(&one, ppm);
        cr_expect_geq(said, exact);
        cr_expect_leq(said - exact, exact / 100 + 1, "%u ppm: said %ld, is %ld", ppm, (long)said,
                      (long)exact);
    }
}

Test(histogram, what_is_out_of_range_counts_at_the_edge)
{
    histogram_add(&one, -5);
    histogram_add(&one, INT64_MAX);
    cr_assert_eq(one.count, 2);
    cr_assert_eq(histogram_at(&one, 1), 0);
    cr_assert_eq(histogram_at(&one, 1000000), (INT64_C(1) << HISTOGRAM_MAX_BITS) - 1);
    cr_assert_eq(histogram_count_upto(&one, INT64_MAX), 2);
}

Test(histogram, merging_equals_adding_to_one)
{
    static struct histogram both;

    for (int64_t i = 0; i < 5000; i++) {
        histogram_add(i % 3 == 0 ? &one : &two, i * 7);
        histogram_add(&both, i * 7);
    }
    histogram_merge(&one, &two);
    cr_assert_eq(memcmp(&one, &both, sizeof both), 0);
}

Test(histogram, the_printed_text_has_the_percentiles_and_the_footer)
{
    char *text = NULL;
    size_t bytes;

    for (int64_t value = 1000; value <= 10000; value += 1000) {
        histogram_add(&one, value);
    }
    FILE *out = open_memstream(&text, &bytes);
    histogram_print_hgrm(&one, out);
    fclose(out);
    cr_expect_not_null(strstr(text, "Value     Percentile TotalCount 1/(1-Percentile)\n\n"));
    cr_expect_not_null(strstr(text, "       5.023 0.500000000000          5           2.00\n"));
    cr_expect_not_null(strstr(text, "      10.000 1.000000000000         10            inf\n"));
    cr_expect_not_null(strstr(text, "#[Mean    =        5.500, StdDeviation   ="));
    cr_expect_not_null(strstr(text, "#[Max     =       10.000, Total count    =           10]\n"));
    free(text);
}

Test(histogram, printing_ends_for_one_value_and_for_many)
{
    FILE *out = fopen("/dev/null", "w");
    histogram_print_hgrm(&one, out);
    histogram_add(&one, 7);
    histogram_print_hgrm(&one, out);
    for (int64_t i = 0; i < 200000; i++) {
        histogram_add(&one, i);
    }
    histogram_print_hgrm(&one, out);
    fclose(out);
}
