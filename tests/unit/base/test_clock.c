#include "base/clock.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

Test(clock, the_monotonic_clock_never_goes_back)
{
    int64_t before = clock_mono_us();
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_mono_us();
        cr_assert_geq(now, before);
        before = now;
    }
}

Test(clock, utc_is_rfc_3339_with_microseconds)
{
    static const struct {
        int64_t wall_us;
        const char *text;
    } rows[] = {
        {0,                  "1970-01-01T00:00:00.000000Z"},
        {1764040452000123,   "2025-11-25T03:14:12.000123Z"},
        {951782400000000,    "2000-02-29T00:00:00.000000Z"},
        {-1,                 "1969-12-31T23:59:59.999999Z"},
        {253402300799999999, "9999-12-31T23:59:59.999999Z"},
    };
    char buffer[CLOCK_TEXT_BYTES];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_assert_eq(clock_format_utc(rows[i].wall_us, buffer), (const char *)buffer);
        cr_expect_str_eq(buffer, rows[i].text);
    }
}

Test(clock, a_time_beyond_year_9999_still_fits)
{
    char buffer[CLOCK_TEXT_BYTES];
    cr_assert(strncmp(clock_format_utc(INT64_MAX, buffer), "9999-", 5) == 0);
    cr_assert(strncmp(clock_format_local(INT64_MIN, buffer), "0000-", 5) == 0);
}

Test(clock, local_time_shows_its_offset)
{
    char buffer[CLOCK_TEXT_BYTES];

    setenv("TZ", "XXX-05:30", 1);
    tzset();
    cr_expect_str_eq(clock_format_local(1764040452000123, buffer),
                     "2025-11-25T08:44:12.000123+05:30");
    setenv("TZ", "YYY03:30", 1);
    tzset();
    cr_expect_str_eq(clock_format_local(1764040452000123, buffer),
                     "2025-11-24T23:44:12.000123-03:30");
}
