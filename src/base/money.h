/* Money: an exact amount in one currency.
 *
 * Inside, an amount is a whole number of minor units (pence, yen, fils), so no sum ever rounds. How
 * many digits follow the point belongs to the currency (ISO 4217: JPY 0, GBP 2, KWD 3) and is
 * looked up, never stored beside an amount where the two could disagree. On the wire EHI writes
 * decimals with up to four places whatever the currency; those are kept in units of 10^-4 of the
 * major unit
 * ("e4") and converted once (EHI rules: holds round away from zero, postings must be exact).
 *
 * Threads: plain values, any thread.   Owns: nothing.   May include: libc only.
 */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
    MONEY_TEXT_BYTES = 32, /* room for any formatted amount with its currency, NUL included */
};
#define MONEY_MINOR_MAX INT64_C(999999999999999)   /* 10^15 - 1: the database refuses more */
#define MONEY_E4_MAX    INT64_C(99999999999999999) /* 10^17 - 1: the largest wire amount taken */

/* Digits after the point (0, 2, 3 or 4), or -1: a code we have never heard of is the sender's
 * mistake and not ours, so it is a value and no assertion. Code is ISO 4217 numeric (826 is GBP).
 */
int money_exponent(uint16_t currency);
/* "GBP", or NULL for an unknown code. Static storage. */
const char *money_alpha(uint16_t currency);
/* ISO 4217 numeric of an alphabetic ("GBP") or numeric ("826") code; 0 when unknown. */
uint16_t money_currency(const char *code);

/* Parses a wire amount: optional '-', 1 to 13 digits, optionally '.' and 0 to 4 digits; no '+', no
 * blanks, no exponent. False when it is anything else; *e4 is then untouched. */
MUST_USE bool money_parse_e4(const char *text, size_t bytes, int64_t *e4);

enum money_rounding {
    MONEY_AWAY_FROM_ZERO, /* holds: any remainder makes the amount larger */
    MONEY_HALF_AWAY,      /* postings and fees: half a unit and more goes away from zero */
    MONEY_TOWARD_ZERO,    /* what may be approved in part: never a fraction too much */
};
/* Minor units of a wire amount; the remainder goes by `rounding`, *exact (may be NULL) says whether
 * there was none. `currency` must be known (money_exponent >= 0): asserted. */
int64_t money_minor_from_e4(int64_t e4, uint16_t currency, enum money_rounding rounding,
                            bool *exact);
/* The wire amount of minor units. False when it does not fit. */
MUST_USE bool money_e4_from_minor(int64_t minor, uint16_t currency, int64_t *e4);

/* a * b / c with a 128-bit intermediate, remainder by `rounding`. c > 0, asserted; so is that the
 * result fits. Used for shares of an amount. */
int64_t money_share(int64_t a, int64_t b, int64_t c, enum money_rounding rounding);

/* False when the sum does not fit in int64; *sum is then untouched. */
MUST_USE bool money_add(int64_t a, int64_t b, int64_t *sum);

/* Parses what a person writes ("100.00" for GBP, "5000" for JPY) into minor units, with at most the
 * currency's digits. Refuses what is negative, too precise or too large. */
MUST_USE bool money_parse(const char *text, uint16_t currency, int64_t *minor, struct error *error);
/* "GBP 12.34", "JPY 1200", "GBP -0.05". An unknown currency prints its number and minor units.
 * Returns buffer. */
const char *money_format(int64_t minor, uint16_t currency, char buffer[MONEY_TEXT_BYTES]);
/* "12.34", "1200", "-0.05": the number alone, with the currency's digits. Returns buffer. */
const char *money_format_plain(int64_t minor, uint16_t currency, char buffer[MONEY_TEXT_BYTES]);

#endif
