#include "base/utf8.h"

/* The range of the second byte is what excludes overlong forms, surrogates and above U+10FFFF
 * (Unicode, table 3-7: well-formed UTF-8 byte sequences). */
static size_t expected_length(unsigned char lead, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        *low = lead == 0xE0 ? 0xA0 : 0x80;
        *high = lead == 0xED ? 0x9F : 0xBF;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        *low = lead == 0xF0 ? 0x90 : 0x80;
        *high = lead == 0xF4 ? 0x8F : 0xBF;
        return 4;
    }
    return 0;
}

size_t utf8_length(const char *text, size_t bytes)
{
    const unsigned char *at = (const unsigned char *)text;
    unsigned char low, high;

    if (bytes == 0) {
        return 0;
    }
    size_t length = expected_length(at[0], &low, &high);
    if (length == 0 || length > bytes) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if (at[i] < low || at[i] > high) {
            return 0;
        }
        low = 0x80;
        high = 0xBF;
    }
    return length;
}

bool utf8_is_valid(const char *text, size_t bytes)
{
    for (size_t at = 0; at < bytes;) {
        size_t length = utf8_length(text + at, bytes - at);
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return true;
}
