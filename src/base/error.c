#include "base/error.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Cuts before the bytes of a UTF-8 character that did not fit whole. */
static void trim_broken_tail(char *text, size_t bytes)
{
    size_t end = strnlen(text, bytes), start = end;

    while (start > 0 && end - start < 4 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) {
        start--;
    }
    if (start == 0 || (unsigned char)text[start - 1] < 0xC0) {
        return;
    }
    unsigned char lead = (unsigned char)text[start - 1];
    size_t wanted = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (end - start < wanted) {
        text[start - 1] = '\0';
    }
}

static void fill(struct error *error, enum error_code code, const char *field, const char *format,
                 va_list arguments) __attribute__((format(printf, 4, 0)));

static void fill(struct error *error, enum error_code code, const char *field, const char *format,
                 va_list arguments)
{
    assert(error != NULL);
    assert(code != ERROR_NONE);

    struct error made = {.code = code};
    if (snprintf(made.field, sizeof made.field, "%s", field != NULL ? field : "") >=
        (int)sizeof made.field) {
        trim_broken_tail(made.field, sizeof made.field);
    }
    if (vsnprintf(made.message, sizeof made.message, format, arguments) >=
        (int)sizeof made.message) {
        trim_broken_tail(made.message, sizeof made.message);
    }
    *error = made; /* last, so that a message may quote the error it replaces */
}

bool error_set(struct error *error, enum error_code code, const char *field, const char *format,
               ...)
{
    va_list arguments;

    va_start(arguments, format);
    fill(error, code, field, format, arguments);
    va_end(arguments);
    return false;
}

bool error_set_errno(struct error *error, enum error_code code, const char *field,
                     const char *format, ...)
{
    int number = errno;
    char reason[96];
    va_list arguments;

    va_start(arguments, format);
    fill(error, code, field, format, arguments);
    va_end(arguments);
    size_t used = strnlen(error->message, sizeof error->message);
    snprintf(error->message + used, sizeof error->message - used, ": %s",
             strerror_r(number, reason, sizeof reason));
    return false;
}

const char *error_code_name(enum error_code code)
{
    switch (code) {
    case ERROR_NONE:
        return "none";
    case ERROR_INVALID:
        return "invalid";
    case ERROR_NOT_FOUND:
        return "not_found";
    case ERROR_CONFLICT:
        return "conflict";
    case ERROR_LATE:
        return "late";
    case ERROR_UNAVAILABLE:
        return "unavailable";
    case ERROR_LIMIT:
        return "limit";
    case ERROR_INTERNAL:
        return "internal";
    }
    return "unknown";
}
