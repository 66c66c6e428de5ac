#include "ops/instant.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define US_PER_S INT64_C(1000000)

/* Exactly `digits` digits at *text; moves past them. */
static bool take_number(const char **text, int digits, int least, int most, int *number)
{
    int value = 0;

    for (int i = 0; i < digits; i++) {
        const char c = (*text)[i];
        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + (c - '0');
    }
    if (value < least || value > most) {
        return false;
    }
    *text += digits;
    *number = value;
    return true;
}

static bool take_mark(const char **text, char mark)
{
    if (**text != mark) {
        return false;
    }
    (*text)++;
    return true;
}

/* ".000123" at *text, or nothing. */
static bool take_fraction(const char **text, int64_t *us)
{
    int64_t unit = US_PER_S;

    *us = 0;
    if (!take_mark(text, '.')) {
        return true;
    }
    if (**text < '0' || **text > '9') {
        return false;
    }
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        unit /= 10; /* digits past the microsecond count nothing */
        *us += unit * (**text - '0');
    }
    return true;
}

/* "Z", "+01:00" or nothing (then *has_zone is false). */
static bool take_zone(const char **text, bool *has_zone, int *offset_s)
{
    int hours = 0, minutes = 0;

    *has_zone = **text != '\0';
    *offset_s = 0;
    if (!*has_zone || take_mark(text, 'Z')) {
        return **text == '\0';
    }
    const int sign = **text == '-' ? -1 : 1;
    if (!take_mark(text, '+') && !take_mark(text, '-')) {
        return false;
    }
    if (!take_number(text, 2, 0, 14, &hours) || !take_mark(text, ':') ||
        !take_number(text, 2, 0, 59, &minutes)) {
        return false;
    }
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return **text == '\0';
}

static bool days_fit(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && leap);
}

static bool parse_absolute(const char *text, bool utc, int64_t *instant_us)
{
    int year, month, day, hour = 0, minute = 0, second = 0, offset_s = 0;
    int64_t fraction_us = 0;
    bool has_zone = false;

    if (!take_number(&text, 4, 1970, 2262, &year) || !take_mark(&text, '-') ||
        !take_number(&text, 2, 1, 12, &month) || !take_mark(&text, '-') ||
        !take_number(&text, 2, 1, 31, &day) || !days_fit(year, month, day)) {
        return false;
    }
    if (*text != '\0') {
        if ((!take_mark(&text, 'T') && !take_mark(&text, ' ')) ||
            !take_number(&text, 2, 0, 23, &hour) || !take_mark(&text, ':') ||
            !take_number(&text, 2, 0, 59, &minute)) {
            return false;
        }
        if (take_mark(&text, ':') &&
            (!take_number(&text, 2, 0, 59, &second) || !take_fraction(&text, &fraction_us))) {
            return false;
        }
        if (!take_zone(&text, &has_zone, &offset_s)) {
            return false;
        }
    }
    struct tm parts = {.tm_year = year - 1900,
                       .tm_mon = month - 1,
                       .tm_mday = day,
                       .tm_hour = hour,
                       .tm_min = minute,
                       .tm_sec = second,
                       .tm_isdst = -1};
    const time_t seconds = utc || has_zone ? timegm(&parts) - offset_s : mktime(&parts);
    *instant_us = (int64_t)seconds * US_PER_S + fraction_us;
    return true;
}

static bool parse_ago(const char *text, int64_t now_us, int64_t *instant_us)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {
        {'s', 1    },
        {'m', 60   },
        {'h', 3600 },
        {'d', 86400}
    };
    const size_t bytes = strlen(text);
    int number = 0;

    if (bytes < 2 || bytes > 6 || !take_number(&text, (int)bytes - 1, 0, 99999, &number)) {
        return false;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (*text == units[i].unit) {
            *instant_us = now_us - number * units[i].seconds * US_PER_S;
            return true;
        }
    }
    return false;
}

bool instant_parse(const char *text, int64_t now_us, bool utc, int64_t *instant_us,
                   struct error *error)
{
    if (parse_ago(text, now_us, instant_us) || parse_absolute(text, utc, instant_us)) {
        return true;
    }
    return error_set(
        error, ERROR_INVALID, "time",
        "expected 2026-11-25, 2026-11-25T03:14:12Z or how long ago (90s, 15m, 2h, 7d), "
        "found %s",
        text);
}

bool instant_parse_month(const char *text, int32_t *yyyymm)
{
    int year = 0, month = 0;

    if (!take_number(&text, 4, 2000, 2099, &year) || !take_mark(&text, '-') ||
        !take_number(&text, 2, 1, 12, &month) || *text != '\0') {
        return false;
    }
    *yyyymm = year * 100 + month;
    return true;
}
