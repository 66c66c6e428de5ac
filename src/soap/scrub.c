#include "soap/scrub.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* ASCII that XML allows, except '&': it passes without a look. */
static inline bool passes(unsigned char byte)
{
    return (byte >= 0x20 && byte < 0x80 && byte != '&') || byte == '\n' || byte == '\t' ||
           byte == '\r';
}

/* How many bytes at the start pass: eight at a time while none of them is above 0x7F, below 0x20 or
 * '&' (line breaks among them make it look byte by byte). */
static size_t run_of(const char *bytes, size_t count)
{
    const uint64_t ones = 0x0101010101010101;
    size_t run = 0;
    for (;;) {
        while (count - run >= 8) {
            uint64_t word;
            memcpy(&word, bytes + run, 8);
            uint64_t ampersand = word ^ (ones * '&');
            uint64_t odd =
                word | ((word - ones * 0x20) & ~word) | ((ampersand - ones) & ~ampersand);
            if ((odd & (ones * 0x80)) != 0) {
                break;
            }
            run += 8;
        }
        size_t end = count - run < 8 ? count : run + 8;
        while (run < end && passes((unsigned char)bytes[run])) {
            run++;
        }
        if (run < end || run == count) {
            return run;
        }
    }
}

void scrub_begin(struct scrub *scrub, scrub_sink *sink, void *context)
{
    *scrub = (struct scrub){.sink = sink, .context = context};
}

static bool xml_allows(uint32_t code)
{
    return code == 0x9 || code == 0xA || code == 0xD || (code >= 0x20 && code <= 0xD7FF) ||
           (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

static void replace(struct scrub *scrub)
{
    scrub->replaced++;
    scrub->sink(scrub->context, UTF8_REPLACEMENT, sizeof UTF8_REPLACEMENT - 1);
}

static void flush_pending(struct scrub *scrub)
{
    if (scrub->pending_bytes > 0) {
        scrub->sink(scrub->context, scrub->pending, scrub->pending_bytes);
    }
    scrub->pending_bytes = 0;
}

/* References end here: the original spelling where it fits and is allowed. */
static void reference_end(struct scrub *scrub)
{
    if (!xml_allows(scrub->value)) {
        scrub->pending_bytes = 0;
        replace(scrub);
    } else if (scrub->pending_bytes < SCRUB_REFERENCE_MAX) {
        scrub->pending[scrub->pending_bytes++] = ';';
        flush_pending(scrub);
    } else { /* many leading zeros */
        char text[SCRUB_REFERENCE_MAX];
        int count = snprintf(text, sizeof text, "&#%u;", scrub->value);
        scrub->pending_bytes = 0;
        scrub->sink(scrub->context, text, (size_t)count);
    }
    scrub->state = SCRUB_TEXT;
}

static int digit_of(char c, bool hex)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (hex && c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (hex && c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

static void hold(struct scrub *scrub, char c)
{
    if (scrub->pending_bytes < SCRUB_REFERENCE_MAX) {
        scrub->pending[scrub->pending_bytes++] = c;
    }
}

/* One byte while in a reference. False: the byte does not belong to it and must be looked at again.
 */
static bool reference_byte(struct scrub *scrub, char c)
{
    bool hex = scrub->state == SCRUB_HEX;
    int digit = digit_of(c, hex);
    if (scrub->state == SCRUB_AMPERSAND && c == '#') {
        scrub->state = SCRUB_NUMBER;
    } else if (scrub->state == SCRUB_NUMBER && c == 'x') {
        scrub->state = SCRUB_HEX;
    } else if (scrub->state != SCRUB_AMPERSAND && digit >= 0) {
        if (scrub->state == SCRUB_NUMBER) {
            scrub->state = SCRUB_DECIMAL;
        }
        scrub->value =
            scrub->value > 0x110000 ? 0x110001 : scrub->value * (hex ? 16 : 10) + (uint32_t)digit;
    } else if (c == ';' && (scrub->state == SCRUB_DECIMAL || (hex && scrub->pending_bytes > 3))) {
        reference_end(scrub);
        return true;
    } else { /* a named entity, or an error that the parser shall see */
        flush_pending(scrub);
        scrub->state = SCRUB_TEXT;
        return false;
    }
    hold(scrub, c);
    return true;
}

static uint8_t length_by_lead(unsigned char lead)
{
    return lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
}

static bool is_noncharacter(const char *text, size_t bytes)
{
    return bytes == 3 && memcmp(text, "\xEF\xBF", 2) == 0 && (unsigned char)text[2] >= 0xBE;
}

/* One byte of a character of several. False: it is none, and the byte must be looked at again. */
static bool character_byte(struct scrub *scrub, char c)
{
    if (((unsigned char)c & 0xC0) != 0x80) { /* the character before it was cut short */
        scrub->pending_bytes = scrub->need = 0;
        replace(scrub);
        return false;
    }
    scrub->pending[scrub->pending_bytes++] = c;
    if (scrub->pending_bytes < scrub->need) {
        return true;
    }
    bool valid = utf8_length(scrub->pending, scrub->need) == scrub->need &&
                 !is_noncharacter(scrub->pending, scrub->need);
    scrub->need = 0;
    if (valid) {
        flush_pending(scrub);
    } else {
        scrub->pending_bytes = 0;
        replace(scrub);
    }
    return true;
}

static void odd_byte(struct scrub *scrub, char c)
{
    unsigned char byte = (unsigned char)c;
    if (byte == '&') {
        scrub->state = SCRUB_AMPERSAND;
        scrub->value = 0;
        hold(scrub, c);
    } else if (byte >= 0xC2 && byte <= 0xF4) {
        scrub->need = length_by_lead(byte);
        hold(scrub, c);
    } else {
        replace(scrub);
    }
}

void scrub_feed(struct scrub *scrub, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count;) {
        if (scrub->need > 0) {
            i += character_byte(scrub, bytes[i]);
            continue;
        }
        if (scrub->state != SCRUB_TEXT) {
            i += reference_byte(scrub, bytes[i]);
            continue;
        }
        size_t run = run_of(bytes + i, count - i);
        if (run > 0) {
            scrub->sink(scrub->context, bytes + i, run);
        }
        i += run;
        if (i < count) {
            odd_byte(scrub, bytes[i++]);
        }
    }
}

void scrub_end(struct scrub *scrub)
{
    if (scrub->need > 0) {
        scrub->need = scrub->pending_bytes = 0;
        replace(scrub);
    }
    flush_pending(scrub);
    scrub->state = SCRUB_TEXT;
}
