/* UTF-8: where a character ends and whether it is one. Everything that leaves as JSON, a log line
 * or SQL text has passed here.
 *
 * Threads: any.   Owns: nothing.   May include: libc only.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* U+FFFD, what stands for bytes that are no character. */
#define UTF8_REPLACEMENT "\xEF\xBF\xBD"

/* Bytes (1 to 4) of the character at the start of text, or 0 when there is none: a stray or missing
 * continuation byte, an overlong form, a surrogate, above U+10FFFF, or bytes == 0. NUL is a
 * character. */
size_t utf8_length(const char *text, size_t bytes);
/* Whether all of it is characters. */
bool utf8_is_valid(const char *text, size_t bytes);

#endif
