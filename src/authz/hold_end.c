#include "authz/hold_end.h"

#include <stdbool.h>
#include <stddef.h>

#define DAY_US    INT64_C(86400000000)
#define SECOND_US INT64_C(1000000)

enum { YEAR_MIN = 2000, FRACTION_DIGITS_MAX = 7 };

/* Reads `digits` digits as a number of min … max, and moves on. */
static bool take_number(const char **at, int digits, int min, int max, int *number)
{
    *number = 0;
    for (int i = 0; i < digits; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9') {
            return false;
        }
        *number = *number * 10 + (c - '0');
    }
    *at += digits;
    return *number >= min && *number <= max;
}

static bool take_char(const char **at, char c)
{
    if (**at != c) {
        return false;
    }
    (*at)++;
    return true;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days since 1970 of a day that exists; years from 2000 on. */
static bool days_since_1970(int year, int month, int day, int64_t *days)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap_day = month == 2 && is_leap(year) ? 1 : 0;

    if (day > lengths[month - 1] + leap_day) {
        return false;
    }
    int64_t before = year - 1;
    *days = 365 * before + before / 4 - before / 100 + before / 400 - 719162;
    for (int m = 1; m < month; m++) {
        *days += lengths[m - 1] + (m == 2 && is_leap(year) ? 1 : 0);
    }
    *days += day - 1;
    return true;
}

/* A fraction is below what an end in days can feel: checked and dropped. */
static bool ends_well(const char *at)
{
    int digits = 0, digit;

    if (*at == '\0') {
        return true;
    }
    if (!take_char(&at, '.')) {
        return false;
    }
    while (digits < FRACTION_DIGITS_MAX && take_number(&at, 1, 0, 9, &digit)) {
        digits++;
    }
    return digits > 0 && *at == '\0';
}

static bool parse(const char *at, int64_t *instant_us)
{
    int year, month, day, hour, minute, second;
    int64_t days;

    if (!take_number(&at, 4, YEAR_MIN, 9999, &year) || !take_char(&at, '-') ||
        !take_number(&at, 2, 1, 12, &month) || !take_char(&at, '-') ||
        !take_number(&at, 2, 1, 31, &day) || !take_char(&at, ' ') ||
        !take_number(&at, 2, 0, 23, &hour) || !take_char(&at, ':') ||
        !take_number(&at, 2, 0, 59, &minute) || !take_char(&at, ':') ||
        !take_number(&at, 2, 0, 59, &second) || !ends_well(at) ||
        !days_since_1970(year, month, day, &days)) {
        return false;
    }
    *instant_us = days * DAY_US + ((hour * 60 + minute) * 60 + second) * SECOND_US;
    return true;
}

int64_t hold_end_us(const char *text, int64_t now_us)
{
    const int64_t first_us = now_us + HOLD_END_MIN_DAYS * DAY_US,
                  last_us = now_us + HOLD_END_MAX_DAYS * DAY_US;
    int64_t end_us;

    if (!parse(text, &end_us)) {
        return 0;
    }
    end_us += HOLD_END_POST_DAYS * DAY_US;
    return end_us < first_us ? first_us : end_us > last_us ? last_us : end_us;
}
