/* Log: one line an event, a name that never changes and typed fields; no format strings, so that no
 * card number slips in. logfmt to stderr (or JSON lines): journald and people read both.
 *
 *     log_info("authorised", log_text("request", id), log_money("amount", 2345, 826),
 * log_us("took", 812));
 *
 * A line is one write(2), never blocks on a full pipe (the line is dropped and counted), and
 * repeats of one event name at warning or error are limited to LOG_BURST a second; what was left
 * out is said in the next line that passes.
 *
 * Threads: any.   Owns: level and format, written before threads start.   May include: base only.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };
enum log_format { LOG_FORMAT_LOGFMT, LOG_FORMAT_JSON };
enum { LOG_BURST = 10, LOG_LINE_BYTES = 2048 };

struct log_field {
    const char *name; /* NULL ends the list */
    enum { LOG_FIELD_TEXT, LOG_FIELD_NUMBER, LOG_FIELD_US, LOG_FIELD_MONEY, LOG_FIELD_TOKEN } kind;
    const char *text;
    int64_t number;
    uint16_t currency;
};

static inline struct log_field log_text(const char *name, const char *text)
{
    return (struct log_field){.name = name, .kind = LOG_FIELD_TEXT, .text = text};
}
static inline struct log_field log_number(const char *name, int64_t number)
{
    return (struct log_field){.name = name, .kind = LOG_FIELD_NUMBER, .number = number};
}
/* A duration in microseconds; the field's name gets the suffix "_us". */
static inline struct log_field log_us(const char *name, int64_t us)
{
    return (struct log_field){.name = name, .kind = LOG_FIELD_US, .number = us};
}
static inline struct log_field log_money(const char *name, int64_t minor, uint16_t currency)
{
    return (struct log_field){
        .name = name, .kind = LOG_FIELD_MONEY, .number = minor, .currency = currency};
}
/* The processor's public reference of a card (not a card number), nine digits. */
static inline struct log_field log_token(const char *name, int32_t token)
{
    return (struct log_field){.name = name, .kind = LOG_FIELD_TOKEN, .number = token};
}

/* Process-wide; call before other threads exist, and after stderr was redirected. `program` is
 * borrowed. A pipe or terminal behind stderr is opened anew for us, without blocking: the flag
 * would otherwise change for every process that shares it. */
void log_configure(enum log_level level, enum log_format format, const char *program);
enum log_level log_level_of(void);
/* Lines dropped because stderr would have blocked. */
uint64_t log_dropped(void);
void log_write(enum log_level level, const char *event, const struct log_field *fields);
/* The error's code, field and message as one line. */
void log_error_of(const char *event, const struct error *error);

#define LOG_FIELDS(...)         ((const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){.name = NULL}})
#define log_debug(event, ...)   log_write(LOG_LEVEL_DEBUG, event, LOG_FIELDS(__VA_ARGS__))
#define log_info(event, ...)    log_write(LOG_LEVEL_INFO, event, LOG_FIELDS(__VA_ARGS__))
#define log_warning(event, ...) log_write(LOG_LEVEL_WARNING, event, LOG_FIELDS(__VA_ARGS__))
#define log_error(event, ...)   log_write(LOG_LEVEL_ERROR, event, LOG_FIELDS(__VA_ARGS__))

#endif
