/* The byte gate before the XML parser: UTF-8 only, and no character that XML forbids.
 *
 * Acquirers put odd bytes into merchants' names, and a parser that stops at one would cost a
 * customer a payment. So what is no character, or one that XML 1.0 forbids (also as a reference,
 * "&#0;"), becomes U+FFFD and is counted; inside an element that decides, the value check then
 * refuses it. What is fine passes without being copied.
 *
 * Threads: one owner.   Owns: nothing.   May include: base.
 */
#ifndef SOAP_SCRUB_H
#define SOAP_SCRUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Gets clean bytes, any number of times for each call of scrub_feed. */
typedef void scrub_sink(void *context, const char *bytes, size_t count);

enum { SCRUB_REFERENCE_MAX = 16 };

struct scrub {
    scrub_sink *sink;
    void *context;
    uint32_t replaced; /* bytes or references that became U+FFFD */
    enum { SCRUB_TEXT, SCRUB_AMPERSAND, SCRUB_NUMBER, SCRUB_DECIMAL, SCRUB_HEX } state;
    uint32_t value;                        /* of the reference so far, saturating */
    char pending[SCRUB_REFERENCE_MAX + 1]; /* a reference or a character that is not complete */
    uint8_t pending_bytes;
    uint8_t need; /* bytes of the character that is not complete; 0: none is */
};

void scrub_begin(struct scrub *scrub, scrub_sink *sink, void *context);
void scrub_feed(struct scrub *scrub, const char *bytes, size_t count);
/* Hands out what was held back. */
void scrub_end(struct scrub *scrub);

#endif
