/* Instants as people write them. */
#include "ops/instant.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NOW INT64_C(1764040452000123) /* 2025-11-25T03:14:12.000123Z */

static const struct {
    const char *text;
    int64_t instant_us;
} good[] = {
    {"2025-11-25T03:14:12.000123Z",      NOW                             },
    {"2025-11-25T04:14:12.000123+01:00", NOW                             },
    {"2025-11-24T22:14:12.000123-05:00", NOW                             },
    {"2025-11-25 03:14:12.000123Z",      NOW                             },
    {"2025-11-25T03:14:12.000123999Z",   NOW                             },
    {"2025-11-25T03:14:12.5Z",           NOW - 123 + 500000              },
    {"2025-11-25T03:14:12Z",             NOW - 123                       },
    {"2025-11-25T03:14Z",                NOW - 123 - 12000000            },
    {"2025-11-25T03:14:12",              NOW - 123                       },
    {"2025-11-25",                       NOW - 123 - INT64_C(11652000000)},
    {"1970-01-01",                       0                               },
    {"2024-02-29",                       INT64_C(1709164800000000)       },
    {"90s",                              NOW - 90000000                  },
    {"15m",                              NOW - INT64_C(900000000)        },
    {"2h",                               NOW - INT64_C(7200000000)       },
    {"7d",                               NOW - INT64_C(604800000000)     },
};

Test(instant, reads_every_form)
{
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct error error = {0};
        int64_t instant_us = -1;
        cr_expect(instant_parse(good[i].text, NOW, true, &instant_us, &error), "%s", good[i].text);
        cr_expect_eq(instant_us, good[i].instant_us, "%s: %lld", good[i].text,
                     (long long)instant_us);
    }
}

static const char *const bad[] = {
    "",
    "yesterday",
    "2025",
    "2025-13-01",
    "2025-02-29",
    "2025-00-10",
    "2025-11-25T",
    "2025-11-25T25:00",
    "2025-11-25T03:60",
    "2025-11-25T03:14:12.",
    "2025-11-25T03:14:12X",
    "2025-11-25T03:14:12+25:00",
    "2025-11-25T03:14:12Zx",
    "25-11-2025",
    "15",
    "m",
    "15w",
    "-15m",
    "123456m",
    "1900-01-01",
};

Test(instant, refuses_everything_else)
{
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct error error = {0};
        int64_t instant_us = -1;
        cr_expect_not(instant_parse(bad[i], NOW, true, &instant_us, &error), "%s", bad[i]);
        cr_expect_eq(instant_us, -1, "%s: touched", bad[i]);
    }
}

Test(instant, takes_local_time_where_no_zone_is_said)
{
    struct error error = {0};
    int64_t local_us = 0, utc_us = 0;

    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    cr_assert(instant_parse("2025-07-01T12:00", NOW, false, &local_us, &error));
    cr_assert(instant_parse("2025-07-01T10:00Z", NOW, false, &utc_us, &error));
    cr_expect_eq(local_us, utc_us);
}

Test(instant, reads_months)
{
    int32_t month = 0;

    cr_expect(instant_parse_month("2029-12", &month) && month == 202912);
    cr_expect_not(instant_parse_month("2029-13", &month));
    cr_expect_not(instant_parse_month("2029-1", &month));
    cr_expect_not(instant_parse_month("2029-12-01", &month));
    cr_expect_not(instant_parse_month("12/29", &month));
    cr_expect_not(instant_parse_month("1999-12", &month));
}
