#include "base/log.h"

#include <assert.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/money.h"
#include "base/utf8.h"

enum {
    NAME_BYTES = 48,
    LIMITED_EVENTS = 64, /* names whose repeats are counted at a time */
    TAIL_BYTES = 64,     /* kept free for what is said about a line that was cut, and its end */
    US_PER_SECOND = 1000000,
};

static_assert(LOG_LINE_BYTES <= 4096, "a line is one atomic write to a pipe (PIPE_BUF)");

/* The admitted globals: written by log_configure before threads start. */
static enum log_level lowest_level = LOG_LEVEL_INFO;
static enum log_format line_format = LOG_FORMAT_LOGFMT;
static const char *program_name = "";
static int output = STDERR_FILENO;
static enum { OUTPUT_CHECKED, OUTPUT_NONBLOCKING, OUTPUT_SOCKET } output_kind = OUTPUT_CHECKED;

static _Atomic uint64_t dropped;

/* How often an event came in the second that began at started_us. Guarded by repeats_mutex. */
struct repeats {
    char event[NAME_BYTES];
    int64_t started_us;
    uint64_t passed, left_out;
};

static pthread_mutex_t repeats_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct repeats repeats[LIMITED_EVENTS];

/* One line in the making, in either format. */
struct line {
    char text[LOG_LINE_BYTES];
    struct json json; /* the JSON writer, or only buffer and used for logfmt */
    enum log_format format;
    bool cut; /* a field did not fit */
};

static const char *level_name(enum log_level level)
{
    switch (level) {
    case LOG_LEVEL_DEBUG:
        return "debug";
    case LOG_LEVEL_INFO:
        return "info";
    case LOG_LEVEL_WARNING:
        return "warning";
    case LOG_LEVEL_ERROR:
        return "error";
    }
    return "unknown";
}

/* ---- logfmt ---- */

static void put(struct json *to, const char *bytes, size_t count)
{
    if (to->overflow || count > to->bytes - to->used - 1) {
        to->overflow = true;
        return;
    }
    memcpy(to->buffer + to->used, bytes, count);
    to->used += count;
    to->buffer[to->used] = '\0';
}

static bool is_bare(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~' || *at == '"' || *at == '=' || *at == '\\') {
            return false;
        }
    }
    return text[0] != '\0';
}

/* A quoted logfmt value is a JSON string. */
static void put_value(struct json *to, const char *text)
{
    if (is_bare(text)) {
        put(to, text, strlen(text));
        return;
    }
    to->comma = false;
    json_text(to, NULL, text);
}

static void put_pair(struct json *to, const char *name, const char *value)
{
    if (to->used > 0) {
        put(to, " ", 1);
    }
    put(to, name, strlen(name));
    put(to, "=", 1);
    put_value(to, value);
}

/* ---- either format ---- */

/* Adds a field or, where it does not fit, leaves the line as it was and marks it. */
static void add_text(struct line *line, const char *name, const char *value)
{
    struct json before = line->json;

    if (line->format == LOG_FORMAT_JSON) {
        json_text(&line->json, name, value);
    } else {
        put_pair(&line->json, name, value);
    }
    if (line->json.overflow) {
        line->json = before;
        line->text[before.used] = '\0';
        line->cut = true;
    }
}

static void add_number(struct line *line, const char *name, int64_t number)
{
    struct json before = line->json;
    char digits[24];

    if (line->format == LOG_FORMAT_JSON) {
        json_number(&line->json, name, number);
    } else {
        snprintf(digits, sizeof digits, "%" PRId64, number);
        put_pair(&line->json, name, digits);
    }
    if (line->json.overflow) {
        line->json = before;
        line->text[before.used] = '\0';
        line->cut = true;
    }
}

static void add_field(struct line *line, const struct log_field *field)
{
    char text[NAME_BYTES + 8];

    static_assert(sizeof text >= MONEY_TEXT_BYTES, "room for an amount");
    switch (field->kind) {
    case LOG_FIELD_TEXT:
        add_text(line, field->name, field->text != NULL ? field->text : "");
        return;
    case LOG_FIELD_NUMBER:
        add_number(line, field->name, field->number);
        return;
    case LOG_FIELD_US:
        snprintf(text, sizeof text, "%s_us", field->name);
        add_number(line, text, field->number);
        return;
    case LOG_FIELD_MONEY:
        add_text(line, field->name, money_format(field->number, field->currency, text));
        return;
    case LOG_FIELD_TOKEN:
        snprintf(text, sizeof text, "%09" PRId64, field->number);
        add_text(line, field->name, text);
        return;
    }
}

static void begin_line(struct line *line, enum log_level level, const char *event)
{
    char instant[CLOCK_TEXT_BYTES];

    line->format = line_format;
    line->cut = false;
    json_init(&line->json, line->text, sizeof line->text - TAIL_BYTES);
    if (line->format == LOG_FORMAT_JSON) {
        json_object_begin(&line->json, NULL);
    }
    add_text(line, "time", clock_format_utc(clock_wall_us(), instant));
    add_text(line, "level", level_name(level));
    add_text(line, "event", event);
    if (program_name[0] != '\0') {
        add_text(line, "program", program_name);
    }
}

static void end_line(struct line *line, uint64_t left_out)
{
    line->json.bytes = sizeof line->text - 2; /* the tail is ours now; a newline still follows */
    if (left_out > 0) {
        add_number(line, "left_out", (int64_t)left_out);
    }
    if (line->cut) {
        add_text(line, "cut", "yes");
    }
    if (line->format == LOG_FORMAT_JSON) {
        json_object_end(&line->json);
    }
    assert(!line->json.overflow);
    line->text[line->json.used++] = '\n';
}

/* ---- repeats ---- */

static uint32_t slot_of(const char *event)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (const char *at = event; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * 16777619U;
    }
    return hash % LIMITED_EVENTS;
}

/* Whether this line of a warning or error may pass; *left_out says how many did not since the last
 * that did. Two names in one slot push each other out, which only weakens the limit. */
static bool may_pass(const char *event, uint64_t *left_out)
{
    int64_t now_us = clock_mono_us();
    bool pass;

    pthread_mutex_lock(&repeats_mutex);
    struct repeats *slot = &repeats[slot_of(event)];
    if (strncmp(slot->event, event, sizeof slot->event - 1) != 0) {
        *slot = (struct repeats){.started_us = now_us};
        snprintf(slot->event, sizeof slot->event, "%s", event);
    }
    if (now_us - slot->started_us >= US_PER_SECOND) {
        slot->started_us = now_us;
        slot->passed = 0;
    }
    pass = slot->passed < LOG_BURST;
    if (pass) {
        slot->passed++;
        *left_out = slot->left_out;
        slot->left_out = 0;
    } else {
        slot->left_out++;
    }
    pthread_mutex_unlock(&repeats_mutex);
    return pass;
}

/* ---- output ---- */

static void choose_output(void)
{
    struct stat status;

    if (output != STDERR_FILENO) {
        close(output);
    }
    output = STDERR_FILENO;
    output_kind = OUTPUT_CHECKED;
    if (fstat(STDERR_FILENO, &status) != 0) {
        return;
    }
    if (S_ISSOCK(status.st_mode)) {
        output_kind = OUTPUT_SOCKET;
    } else if (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode)) {
        int own = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_APPEND | O_CLOEXEC | O_NOCTTY);
        if (own >= 0) {
            output = own;
            output_kind = OUTPUT_NONBLOCKING;
        }
    }
}

static bool write_line(const char *text, size_t bytes)
{
    struct pollfd wanted = {.fd = output, .events = POLLOUT};

    switch (output_kind) {
    case OUTPUT_SOCKET:
        return send(output, text, bytes, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)bytes;
    case OUTPUT_NONBLOCKING:
        return write(output, text, bytes) == (ssize_t)bytes;
    case OUTPUT_CHECKED:
        return poll(&wanted, 1, 0) == 1 && (wanted.revents & POLLOUT) != 0 &&
               write(output, text, bytes) == (ssize_t)bytes;
    }
    return false;
}

void log_configure(enum log_level level, enum log_format format, const char *program)
{
    lowest_level = level;
    line_format = format;
    program_name = program != NULL ? program : "";
    choose_output();
}

enum log_level log_level_of(void)
{
    return lowest_level;
}

uint64_t log_dropped(void)
{
    return atomic_load_explicit(&dropped, memory_order_relaxed);
}

void log_write(enum log_level level, const char *event, const struct log_field *fields)
{
    struct line line;
    uint64_t left_out = 0;

    if (level < lowest_level || (level >= LOG_LEVEL_WARNING && !may_pass(event, &left_out))) {
        return;
    }
    begin_line(&line, level, event);
    for (const struct log_field *field = fields; field->name != NULL; field++) {
        add_field(&line, field);
    }
    end_line(&line, left_out);
    if (!write_line(line.text, line.json.used)) {
        atomic_fetch_add_explicit(&dropped, 1, memory_order_relaxed);
    }
}

void log_error_of(const char *event, const struct error *error)
{
    log_error(event, log_text("code", error_code_name(error->code)),
              log_text("field", error->field), log_text("message", error->message));
}
