#include "renumber.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dice.h"

enum { DAY_S = 86400 };

static const struct {
    const char *name;
    enum renumber_kind kind;
} elements[] = {
    {"TXn_ID",                          RENUMBER_ID       },
    {"Matching_Txn_ID",                 RENUMBER_ID       },
    {"traceid_lifecycle",               RENUMBER_TRACE    },
    {"Traceid_Message",                 RENUMBER_TRACE    },
    {"Traceid_Original",                RENUMBER_TRACE    },
    {"Trans_link",                      RENUMBER_REFERENCE},
    {"Ret_Ref_No_DE37",                 RENUMBER_REFERENCE},
    {"Network_Transaction_ID",          RENUMBER_REFERENCE},
    {"Acquirer_Reference_Data_031",     RENUMBER_REFERENCE},
    {"Network_Chargeback_Reference_Id", RENUMBER_REFERENCE},
    {"Txn_GPS_Date",                    RENUMBER_DATE     },
    {"auth_expdate_utc",                RENUMBER_DATE     },
    {"POS_Date_DE13",                   RENUMBER_DATE     },
    {"TXN_Time_DE07",                   RENUMBER_DATE_DE07},
    {"Token",                           RENUMBER_TOKEN    },
};

static const char *find(const char *body, size_t bytes, const char *name)
{
    char tag[64];
    int tag_bytes = snprintf(tag, sizeof tag, "<%s>", name);
    const char *at = memmem(body, bytes, tag, (size_t)tag_bytes);
    return at ? at + tag_bytes : NULL;
}

void renumber_index(const char *body, size_t bytes, struct renumber_index *index)
{
    index->count = 0;
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        const char *value = find(body, bytes, elements[i].name);
        const char *end = value ? memchr(value, '<', bytes - (size_t)(value - body)) : NULL;
        if (!end || end == value) {
            continue;
        }
        size_t at = index->count++;
        uint32_t start = (uint32_t)(value - body);
        while (at > 0 && index->fields[at - 1].start > start) {
            index->fields[at] = index->fields[at - 1];
            at--;
        }
        index->fields[at].kind = elements[i].kind;
        index->fields[at].start = start;
        index->fields[at].bytes = (uint32_t)(end - value);
    }
}

uint64_t renumber_id_of(const char *body, const struct renumber_index *index)
{
    for (size_t i = 0; i < index->count; i++) {
        const char *value = body + index->fields[i].start;
        if (index->fields[i].kind == RENUMBER_ID &&
            strncmp(value - sizeof "<TXn_ID>" + 1, "<TXn_ID>", sizeof "<TXn_ID>" - 1) == 0) {
            return strtoull(value, NULL, 10);
        }
    }
    return 0;
}

void renumber_text(uint64_t key, enum renumber_kind kind, char *text, size_t bytes)
{
    size_t from = 0;
    if (kind == RENUMBER_TRACE) { /* what stands before the second "-" is network and date */
        const char *first = memchr(text, '-', bytes);
        const char *second =
            first ? memchr(first + 1, '-', bytes - (size_t)(first + 1 - text)) : NULL;
        from = second ? (size_t)(second + 1 - text) : 0;
    }
    uint64_t mix = key;
    for (size_t i = from; i < bytes; i++) {
        mix = dice_mix(mix ^ (unsigned char)text[i]);
    }
    for (size_t i = from; i < bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        mix = dice_mix(mix);
        if (isdigit(c)) {
            text[i] = (char)('0' + mix % 10);
        } else if (isupper(c)) {
            text[i] = (char)('A' + mix % 26);
        } else if (islower(c)) {
            text[i] = (char)('a' + mix % 26);
        }
    }
}

static int digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (!isdigit((unsigned char)text[i])) {
            return -1;
        }
        value = value * 10 + text[i] - '0';
    }
    return value;
}

static void shift_day(int days, int *year, int *month, int *day)
{
    struct tm t = {
        .tm_year = *year - 1900, .tm_mon = *month - 1, .tm_mday = *day + days, .tm_hour = 12};
    timegm(&t);
    *year = t.tm_year + 1900;
    *month = t.tm_mon + 1;
    *day = t.tm_mday;
}

/* yyyy-mm-dd at the start; anything else stays. */
static void shift_date(int days, char *text, size_t bytes)
{
    char shifted[32];
    int year, month, day;
    if (bytes < 10 || text[4] != '-' || text[7] != '-' || (year = digits(text, 4)) < 1970 ||
        (month = digits(text + 5, 2)) < 1 || (day = digits(text + 8, 2)) < 1) {
        return;
    }
    shift_day(days, &year, &month, &day);
    snprintf(shifted, sizeof shifted, "%04d-%02d-%02d", year % 10000, month, day);
    memcpy(text, shifted, 10);
}

/* mmdd at the start; the year is this one, near enough for a month's length. */
static void shift_de07(int days, char *text, size_t bytes)
{
    char shifted[32];
    int year = 2026, month, day;
    if (bytes < 4 || (month = digits(text, 2)) < 1 || (day = digits(text + 2, 2)) < 1) {
        return;
    }
    shift_day(days, &year, &month, &day);
    snprintf(shifted, sizeof shifted, "%02d%02d", month % 100, day % 100);
    memcpy(text, shifted, 4);
}

/* The date inside a trace: NET-yyyymmdd-…. */
static void shift_trace_date(int days, char *text, size_t bytes)
{
    char shifted[32];
    const char *dash = memchr(text, '-', bytes);
    size_t at = dash ? (size_t)(dash + 1 - text) : bytes;
    int year, month, day;
    if (at + 8 > bytes || (year = digits(text + at, 4)) < 1970 ||
        (month = digits(text + at + 4, 2)) < 1 || (day = digits(text + at + 6, 2)) < 1) {
        return;
    }
    shift_day(days, &year, &month, &day);
    snprintf(shifted, sizeof shifted, "%04d%02d%02d", year % 10000, month, day);
    memcpy(text + at, shifted, 8);
}

static size_t write_id(const struct renumber *renumber, const char *value, char *out)
{
    uint64_t old = strtoull(value, NULL, 10);
    uint64_t id = old == 0 ? 0 : renumber->new_id_base + (old - renumber->old_id_base);
    return (size_t)snprintf(out, 24, "%llu", (unsigned long long)id);
}

static size_t write_token(const struct renumber *renumber, const char *value, size_t bytes,
                          char *out)
{
    long token = strtol(value, NULL, 10);
    if (bytes != 9 || token < renumber->first_token || token > renumber->last_token) {
        memcpy(out, value, bytes);
        return bytes;
    }
    return (size_t)snprintf(out, 24, "%09ld", token + renumber->token_shift);
}

static size_t write_field(const struct renumber *renumber, enum renumber_kind kind,
                          const char *value, size_t bytes, char *out)
{
    if (kind == RENUMBER_ID) {
        return write_id(renumber, value, out);
    }
    if (kind == RENUMBER_TOKEN) {
        return write_token(renumber, value, bytes, out);
    }
    memcpy(out, value, bytes);
    if (kind == RENUMBER_DATE) {
        shift_date(renumber->day_shift, out, bytes);
    } else if (kind == RENUMBER_DATE_DE07) {
        shift_de07(renumber->day_shift, out, bytes);
    } else {
        renumber_text(renumber->key, kind, out, bytes);
        if (kind == RENUMBER_TRACE) {
            shift_trace_date(renumber->day_shift, out, bytes);
        }
    }
    return bytes;
}

size_t renumber_write(const struct renumber *renumber, const char *body, size_t bytes,
                      const struct renumber_index *index, char *out)
{
    size_t from = 0, used = 0;
    for (size_t i = 0; i < index->count; i++) {
        size_t start = index->fields[i].start;
        memcpy(out + used, body + from, start - from);
        used += start - from;
        used += write_field(renumber, index->fields[i].kind, body + start, index->fields[i].bytes,
                            out + used);
        from = start + index->fields[i].bytes;
    }
    memcpy(out + used, body + from, bytes - from);
    return used + bytes - from;
}
