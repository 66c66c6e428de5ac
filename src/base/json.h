/* JSON writer into a buffer of the caller's, without allocation: the events of the hot path.
 * (Commands of people use jansson.) Overflow sets .overflow and writes nothing past the end; the
 * caller checks once at the end.
 *
 * Threads: one owner.   Owns: nothing.   May include: libc only.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
    char *buffer;
    size_t bytes, used; /* used excludes the NUL that is always kept */
    bool overflow;
    bool comma; /* a value stands before: the next one needs a comma */
};

void json_init(struct json *json, char *buffer, size_t bytes);
/* name is NULL inside an array and for the root. */
void json_object_begin(struct json *json, const char *name);
void json_object_end(struct json *json);
void json_array_begin(struct json *json, const char *name);
void json_array_end(struct json *json);
/* Escapes; bytes that are not UTF-8 become U+FFFD. */
void json_text(struct json *json, const char *name, const char *text);
void json_text_n(struct json *json, const char *name, const char *text, size_t bytes);
void json_number(struct json *json, const char *name, int64_t number);
/* The number as a JSON string: money in events. */
void json_number_text(struct json *json, const char *name, int64_t number);
void json_bool(struct json *json, const char *name, bool value);

#endif
