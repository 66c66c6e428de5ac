#include "base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

void json_init(struct json *json, char *buffer, size_t bytes)
{
    assert(bytes > 0);
    *json = (struct json){.buffer = buffer, .bytes = bytes};
    buffer[0] = '\0';
}

/* All or nothing: after an overflow nothing more is written, so what stands is a clean prefix. */
static void put(struct json *json, const char *bytes, size_t count)
{
    assert(json->used < json->bytes);
    if (json->overflow || count > json->bytes - json->used - 1) {
        json->overflow = true;
        return;
    }
    memcpy(json->buffer + json->used, bytes, count);
    json->used += count;
    json->buffer[json->used] = '\0';
}

static void put_escaped(struct json *json, unsigned char c)
{
    char escape[8];

    switch (c) {
    case '"':
        put(json, "\\\"", 2);
        return;
    case '\\':
        put(json, "\\\\", 2);
        return;
    case '\n':
        put(json, "\\n", 2);
        return;
    case '\r':
        put(json, "\\r", 2);
        return;
    case '\t':
        put(json, "\\t", 2);
        return;
    default:
        snprintf(escape, sizeof escape, "\\u%04x", (unsigned)c);
        put(json, escape, 6);
        return;
    }
}

static bool needs_escape(unsigned char c)
{
    return c < 0x20 || c == 0x7F || c == '"' || c == '\\';
}

static void put_quoted(struct json *json, const char *text, size_t bytes)
{
    put(json, "\"", 1);
    for (size_t at = 0; at < bytes && !json->overflow;) {
        size_t run = at; /* plain characters go in one copy */
        size_t length = 0;
        while (run < bytes && !needs_escape((unsigned char)text[run]) &&
               (length = utf8_length(text + run, bytes - run)) > 0) {
            run += length;
        }
        put(json, text + at, run - at);
        at = run;
        if (at == bytes) {
            break;
        }
        if (needs_escape((unsigned char)text[at])) {
            put_escaped(json, (unsigned char)text[at]);
        } else {
            put(json, UTF8_REPLACEMENT, sizeof UTF8_REPLACEMENT - 1);
        }
        at++;
    }
    put(json, "\"", 1);
}

/* What stands before each value: the comma, and inside an object the name. */
static void begin_value(struct json *json, const char *name)
{
    if (json->comma) {
        put(json, ",", 1);
    }
    if (name != NULL) {
        put_quoted(json, name, strlen(name));
        put(json, ":", 1);
    }
    json->comma = true;
}

static void open_bracket(struct json *json, const char *name, const char *bracket)
{
    begin_value(json, name);
    put(json, bracket, 1);
    json->comma = false;
}

static void close_bracket(struct json *json, const char *bracket)
{
    put(json, bracket, 1);
    json->comma = true;
}

void json_object_begin(struct json *json, const char *name)
{
    open_bracket(json, name, "{");
}

void json_object_end(struct json *json)
{
    close_bracket(json, "}");
}

void json_array_begin(struct json *json, const char *name)
{
    open_bracket(json, name, "[");
}

void json_array_end(struct json *json)
{
    close_bracket(json, "]");
}

void json_text(struct json *json, const char *name, const char *text)
{
    json_text_n(json, name, text, strlen(text));
}

void json_text_n(struct json *json, const char *name, const char *text, size_t bytes)
{
    begin_value(json, name);
    put_quoted(json, text, bytes);
}

void json_number(struct json *json, const char *name, int64_t number)
{
    char digits[24];
    int written = snprintf(digits, sizeof digits, "%" PRId64, number);

    begin_value(json, name);
    put(json, digits, (size_t)written);
}

void json_number_text(struct json *json, const char *name, int64_t number)
{
    char digits[24];
    int written = snprintf(digits, sizeof digits, "\"%" PRId64 "\"", number);

    begin_value(json, name);
    put(json, digits, (size_t)written);
}

void json_bool(struct json *json, const char *name, bool value)
{
    begin_value(json, name);
    put(json, value ? "true" : "false", value ? 4 : 5);
}
