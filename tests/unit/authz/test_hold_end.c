/* The end of a hold: what the processor's text means, and what it may not mean. */
#include <criterion/criterion.h>

#include "authz/hold_end.h"

#define DAY_US INT64_C(86400000000)

/* 2026-02-03 12:00:00 UTC */
static const int64_t now_us = INT64_C(1770120000000000);

Test(hold_end, is_three_days_after_the_date)
{
    cr_expect_eq(hold_end_us("2026-02-10 12:00:00.000", now_us), now_us + 10 * DAY_US);
    cr_expect_eq(hold_end_us("2026-02-10 12:00:00", now_us), now_us + 10 * DAY_US);
    cr_expect_eq(hold_end_us("2026-02-10 14:19:08.190", now_us),
                 now_us + 10 * DAY_US + INT64_C(8348000000));
    cr_expect_eq(hold_end_us("2026-03-01 12:00:00.1234567", now_us), now_us + 29 * DAY_US);
}

Test(hold_end, knows_leap_days_and_the_turn_of_the_year)
{
    /* 2028-02-25 and 2027-12-30, 00:00 UTC */
    cr_expect_eq(hold_end_us("2028-02-29 00:00:00.000", INT64_C(1835049600000000)),
                 INT64_C(1835049600000000) + 7 * DAY_US);
    cr_expect_eq(hold_end_us("2028-01-01 00:00:00.000", INT64_C(1830124800000000)),
                 INT64_C(1830124800000000) + 5 * DAY_US);
}

Test(hold_end, is_one_to_forty_five_days_away)
{
    cr_expect_eq(hold_end_us("2026-01-01 00:00:00.000", now_us), now_us + DAY_US);
    cr_expect_eq(hold_end_us("2026-02-01 12:00:00.000", now_us), now_us + DAY_US);
    cr_expect_eq(hold_end_us("2026-03-17 12:00:00.000", now_us), now_us + 45 * DAY_US);
    cr_expect_eq(hold_end_us("2026-03-17 12:00:01.000", now_us), now_us + 45 * DAY_US);
    cr_expect_eq(hold_end_us("9999-12-31 23:59:59.999", now_us), now_us + 45 * DAY_US);
}

Test(hold_end, is_none_where_no_instant_is_said)
{
    static const char *const texts[] = {
        "",
        " ",
        "2026-02-10",
        "2026-02-10T12:00:00.000",
        "2026-02-10 12:00",
        "2026-02-10 12:00:00.",
        "2026-02-10 12:00:00.12345678",
        "2026-02-10 12:00:00.000 ",
        "2026-02-10 12:00:00Z",
        "2026-02-10 24:00:00.000",
        "2026-02-10 12:60:00.000",
        "2026-02-10 12:00:60.000",
        "2026-13-10 12:00:00.000",
        "2026-00-10 12:00:00.000",
        "2026-02-00 12:00:00.000",
        "2026-02-29 12:00:00.000",
        "2100-02-29 12:00:00.000",
        "2026-04-31 12:00:00.000",
        "0001-01-01 00:00:00.000",
        "1900-01-01 00:00:00.000",
        "10.02.2026 12:00:00",
        "-026-02-10 12:00:00",
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        cr_expect_eq(hold_end_us(texts[i], now_us), 0, "\"%s\"", texts[i]);
    }
}
