#include "base/clock.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { US_PER_SECOND = 1000000, NS_PER_US = 1000 };

static int64_t clock_us(clockid_t id)
{
    struct timespec now;
    int failed = clock_gettime(id, &now);
    assert(failed == 0); /* both clocks exist on every Linux */
    (void)failed;
    return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / NS_PER_US;
}

int64_t clock_mono_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

int64_t clock_wall_us(void)
{
    return clock_us(CLOCK_REALTIME);
}

/* Splits so that the rest is never negative, also before 1970. */
static time_t split_seconds(int64_t wall_us, int *rest_us)
{
    int64_t seconds = wall_us / US_PER_SECOND, rest = wall_us % US_PER_SECOND;
    if (rest < 0) {
        rest += US_PER_SECOND;
        seconds -= 1;
    }
    *rest_us = (int)rest;
    return (time_t)seconds;
}

/* Years outside 0 to 9999 are not RFC 3339 and would not fit: such a time shows as the year's end.
 */
static int four_digits(int year)
{
    return year < 0 ? 0 : year > 9999 ? 9999 : year;
}

static size_t format_fields(const struct tm *tm, int rest_us, char buffer[CLOCK_TEXT_BYTES])
{
    int written =
        snprintf(buffer, CLOCK_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d.%06d",
                 four_digits(tm->tm_year + 1900), (tm->tm_mon + 1) % 100, tm->tm_mday % 100,
                 tm->tm_hour % 100, tm->tm_min % 100, tm->tm_sec % 100, rest_us % US_PER_SECOND);
    assert(written > 0 && written < CLOCK_TEXT_BYTES - 8);
    return (size_t)written;
}

const char *clock_format_utc(int64_t wall_us, char buffer[CLOCK_TEXT_BYTES])
{
    int rest_us;
    time_t seconds = split_seconds(wall_us, &rest_us);
    struct tm tm = {.tm_year = 0};

    gmtime_r(&seconds, &tm);
    size_t end = format_fields(&tm, rest_us, buffer);
    buffer[end] = 'Z';
    buffer[end + 1] = '\0';
    return buffer;
}

const char *clock_format_local(int64_t wall_us, char buffer[CLOCK_TEXT_BYTES])
{
    int rest_us;
    time_t seconds = split_seconds(wall_us, &rest_us);
    struct tm tm = {.tm_year = 0};

    localtime_r(&seconds, &tm);
    size_t end = format_fields(&tm, rest_us, buffer);
    long offset_minutes = tm.tm_gmtoff / 60;
    int magnitude = abs((int)offset_minutes);
    snprintf(buffer + end, CLOCK_TEXT_BYTES - end, "%c%02d:%02d", offset_minutes < 0 ? '-' : '+',
             magnitude / 60 % 100, magnitude % 60);
    return buffer;
}
