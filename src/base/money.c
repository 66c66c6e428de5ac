#include "base/money.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide; /* products of two amounts */

enum { CURRENCY_CODES = 1000, WIRE_DIGITS = 4, WIRE_WHOLE_DIGITS = 13 };

struct currency {
    char alpha[4]; /* "" where the number means no currency */
    int8_t exponent;
};

/* ISO 4217, what can be on a card bill: no metals, bonds, funds of account or test codes. Index is
 * the numeric code. */
/* clang-format off */
static const struct currency currencies[CURRENCY_CODES] = {
    [8] = {"ALL", 2}, [12] = {"DZD", 2}, [32] = {"ARS", 2}, [36] = {"AUD", 2}, [44] = {"BSD", 2},
    [48] = {"BHD", 3}, [50] = {"BDT", 2}, [51] = {"AMD", 2}, [52] = {"BBD", 2}, [60] = {"BMD", 2},
    [64] = {"BTN", 2}, [68] = {"BOB", 2}, [72] = {"BWP", 2}, [84] = {"BZD", 2}, [90] = {"SBD", 2},
    [96] = {"BND", 2}, [104] = {"MMK", 2}, [108] = {"BIF", 0}, [116] = {"KHR", 2},
    [124] = {"CAD", 2}, [132] = {"CVE", 2}, [136] = {"KYD", 2}, [144] = {"LKR", 2},
    [152] = {"CLP", 0}, [156] = {"CNY", 2}, [170] = {"COP", 2}, [174] = {"KMF", 0},
    [188] = {"CRC", 2}, [192] = {"CUP", 2}, [203] = {"CZK", 2}, [208] = {"DKK", 2},
    [214] = {"DOP", 2}, [222] = {"SVC", 2}, [230] = {"ETB", 2}, [232] = {"ERN", 2},
    [238] = {"FKP", 2}, [242] = {"FJD", 2}, [262] = {"DJF", 0}, [270] = {"GMD", 2},
    [292] = {"GIP", 2}, [320] = {"GTQ", 2}, [324] = {"GNF", 0}, [328] = {"GYD", 2},
    [332] = {"HTG", 2}, [340] = {"HNL", 2}, [344] = {"HKD", 2}, [348] = {"HUF", 2},
    [352] = {"ISK", 0}, [356] = {"INR", 2}, [360] = {"IDR", 2}, [364] = {"IRR", 2},
    [368] = {"IQD", 3}, [376] = {"ILS", 2}, [388] = {"JMD", 2}, [392] = {"JPY", 0},
    [398] = {"KZT", 2}, [400] = {"JOD", 3}, [404] = {"KES", 2}, [408] = {"KPW", 2},
    [410] = {"KRW", 0}, [414] = {"KWD", 3}, [417] = {"KGS", 2}, [418] = {"LAK", 2},
    [422] = {"LBP", 2}, [426] = {"LSL", 2}, [430] = {"LRD", 2}, [434] = {"LYD", 3},
    [446] = {"MOP", 2}, [454] = {"MWK", 2}, [458] = {"MYR", 2}, [462] = {"MVR", 2},
    [480] = {"MUR", 2}, [484] = {"MXN", 2}, [496] = {"MNT", 2}, [498] = {"MDL", 2},
    [504] = {"MAD", 2}, [512] = {"OMR", 3}, [516] = {"NAD", 2}, [524] = {"NPR", 2},
    [532] = {"XCG", 2}, [533] = {"AWG", 2}, [548] = {"VUV", 0}, [554] = {"NZD", 2},
    [558] = {"NIO", 2}, [566] = {"NGN", 2}, [578] = {"NOK", 2}, [586] = {"PKR", 2},
    [590] = {"PAB", 2}, [598] = {"PGK", 2}, [600] = {"PYG", 0}, [604] = {"PEN", 2},
    [608] = {"PHP", 2}, [634] = {"QAR", 2}, [643] = {"RUB", 2}, [646] = {"RWF", 0},
    [654] = {"SHP", 2}, [682] = {"SAR", 2}, [690] = {"SCR", 2}, [702] = {"SGD", 2},
    [704] = {"VND", 0}, [706] = {"SOS", 2}, [710] = {"ZAR", 2}, [728] = {"SSP", 2},
    [748] = {"SZL", 2}, [752] = {"SEK", 2}, [756] = {"CHF", 2}, [760] = {"SYP", 2},
    [764] = {"THB", 2}, [776] = {"TOP", 2}, [780] = {"TTD", 2}, [784] = {"AED", 2},
    [788] = {"TND", 3}, [800] = {"UGX", 0}, [807] = {"MKD", 2}, [818] = {"EGP", 2},
    [826] = {"GBP", 2}, [834] = {"TZS", 2}, [840] = {"USD", 2}, [858] = {"UYU", 2},
    [860] = {"UZS", 2}, [882] = {"WST", 2}, [886] = {"YER", 2}, [901] = {"TWD", 2},
    [924] = {"ZWG", 2}, [925] = {"SLE", 2}, [926] = {"VED", 2}, [927] = {"UYW", 4},
    [928] = {"VES", 2}, [929] = {"MRU", 2}, [930] = {"STN", 2}, [933] = {"BYN", 2},
    [934] = {"TMT", 2}, [936] = {"GHS", 2}, [938] = {"SDG", 2}, [940] = {"UYI", 0},
    [941] = {"RSD", 2}, [943] = {"MZN", 2}, [944] = {"AZN", 2}, [946] = {"RON", 2},
    [949] = {"TRY", 2}, [950] = {"XAF", 0}, [951] = {"XCD", 2}, [952] = {"XOF", 0},
    [953] = {"XPF", 0}, [967] = {"ZMW", 2}, [968] = {"SRD", 2}, [969] = {"MGA", 2},
    [971] = {"AFN", 2}, [972] = {"TJS", 2}, [973] = {"AOA", 2}, [975] = {"BGN", 2},
    [976] = {"CDF", 2}, [977] = {"BAM", 2}, [978] = {"EUR", 2}, [980] = {"UAH", 2},
    [981] = {"GEL", 2}, [985] = {"PLN", 2}, [986] = {"BRL", 2}, [990] = {"CLF", 4},
};
/* clang-format on */

static const struct currency *find_currency(uint16_t currency)
{
    if (currency >= CURRENCY_CODES || currencies[currency].alpha[0] == '\0') {
        return NULL;
    }
    return &currencies[currency];
}

int money_exponent(uint16_t currency)
{
    const struct currency *found = find_currency(currency);
    return found != NULL ? found->exponent : -1;
}

const char *money_alpha(uint16_t currency)
{
    const struct currency *found = find_currency(currency);
    return found != NULL ? found->alpha : NULL;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

uint16_t money_currency(const char *code)
{
    if (strlen(code) != 3) {
        return 0;
    }
    if (is_digit(code[0]) && is_digit(code[1]) && is_digit(code[2])) {
        int number = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
        return find_currency((uint16_t)number) != NULL ? (uint16_t)number : 0;
    }
    for (int i = 0; i < CURRENCY_CODES; i++) {
        if (strcmp(currencies[i].alpha, code) == 0) {
            return (uint16_t)i;
        }
    }
    return 0;
}

static int64_t power_of_ten(int exponent)
{
    static const int64_t powers[] = {1, 10, 100, 1000, 10000};
    assert(exponent >= 0 && exponent < (int)(sizeof powers / sizeof powers[0]));
    return powers[exponent];
}

/* Reads digits from *at, at most `max`; returns how many there were (max + 1: too many). */
static size_t read_digits(const char **at, const char *end, size_t max, int64_t *value)
{
    size_t count = 0;

    for (; *at < end && is_digit(**at) && count <= max; (*at)++, count++) {
        if (count < max) {
            *value = *value * 10 + (**at - '0');
        }
    }
    return count;
}

bool money_parse_e4(const char *text, size_t bytes, int64_t *e4)
{
    const char *at = text, *end = text + bytes;
    int64_t value = 0;
    bool negative = at < end && *at == '-';

    at += negative ? 1 : 0;
    size_t whole = read_digits(&at, end, WIRE_WHOLE_DIGITS, &value);
    if (whole < 1 || whole > WIRE_WHOLE_DIGITS) {
        return false;
    }
    size_t places = 0;
    if (at < end && *at == '.') {
        at++;
        places = read_digits(&at, end, WIRE_DIGITS, &value);
    }
    if (places > WIRE_DIGITS || at != end) {
        return false;
    }
    value *= power_of_ten(WIRE_DIGITS - (int)places);
    assert(value >= 0 && value <= MONEY_E4_MAX);
    *e4 = negative ? -value : value;
    return true;
}

/* numerator / denominator (> 0) with the remainder sent where `rounding` says. */
static wide divide(wide numerator, int64_t denominator, enum money_rounding rounding)
{
    assert(denominator > 0);
    wide quotient = numerator / denominator; /* C cuts toward zero */
    wide remainder = numerator % denominator;
    wide size = remainder < 0 ? -remainder : remainder;
    int away = numerator < 0 ? -1 : 1;

    switch (rounding) {
    case MONEY_AWAY_FROM_ZERO:
        return size > 0 ? quotient + away : quotient;
    case MONEY_HALF_AWAY:
        return 2 * size >= denominator ? quotient + away : quotient;
    case MONEY_TOWARD_ZERO:
        return quotient;
    }
    assert(false && "a rounding that is in the enum");
    return quotient;
}

int64_t money_minor_from_e4(int64_t e4, uint16_t currency, enum money_rounding rounding,
                            bool *exact)
{
    int exponent = money_exponent(currency);
    assert(exponent >= 0 && exponent <= WIRE_DIGITS);
    int64_t unit = power_of_ten(WIRE_DIGITS - exponent);

    if (exact != NULL) {
        *exact = e4 % unit == 0;
    }
    return (int64_t)divide(e4, unit, rounding); /* never larger than e4 itself */
}

bool money_e4_from_minor(int64_t minor, uint16_t currency, int64_t *e4)
{
    int exponent = money_exponent(currency);
    int64_t scaled;

    assert(exponent >= 0 && exponent <= WIRE_DIGITS);
    if (__builtin_mul_overflow(minor, power_of_ten(WIRE_DIGITS - exponent), &scaled) ||
        scaled > MONEY_E4_MAX || scaled < -MONEY_E4_MAX) {
        return false;
    }
    *e4 = scaled;
    return true;
}

int64_t money_share(int64_t a, int64_t b, int64_t c, enum money_rounding rounding)
{
    assert(c > 0);
    wide share = divide((wide)a * b, c, rounding);
    assert(share >= INT64_MIN && share <= INT64_MAX);
    return (int64_t)share;
}

bool money_add(int64_t a, int64_t b, int64_t *sum)
{
    int64_t added;

    if (__builtin_add_overflow(a, b, &added)) {
        return false;
    }
    *sum = added;
    return true;
}

bool money_parse(const char *text, uint16_t currency, int64_t *minor, struct error *error)
{
    int exponent = money_exponent(currency);
    int64_t value = 0;
    const char *at = text, *end = text + strlen(text);

    if (exponent < 0) {
        return error_set(error, ERROR_INVALID, "currency", "expected an ISO 4217 code, found %u",
                         (unsigned)currency);
    }
    size_t whole = read_digits(&at, end, WIRE_WHOLE_DIGITS + 2, &value), places = 0;
    bool point = at < end && *at == '.';
    if (point) {
        at++;
        places = read_digits(&at, end, (size_t)exponent, &value);
    }
    if (whole < 1 || (point && (places < 1 || places > (size_t)exponent)) ||
        (at != end && whole <= WIRE_WHOLE_DIGITS + 2)) {
        return error_set(
            error, ERROR_INVALID, "amount",
            "expected an amount of %s: digits%s, no sign, found \"%.40s\"", money_alpha(currency),
            exponent > 0 ? " with a point and at most the currency's places" : " only", text);
    }
    if (whole > WIRE_WHOLE_DIGITS + 2 ||
        __builtin_mul_overflow(value, power_of_ten(exponent - (int)places), &value) ||
        value > MONEY_MINOR_MAX) {
        return error_set(error, ERROR_INVALID, "amount",
                         "expected at most %" PRId64 " minor units, found \"%.40s\"",
                         MONEY_MINOR_MAX, text);
    }
    *minor = value;
    return true;
}

static void format_number(int64_t minor, int exponent, char *buffer, size_t bytes)
{
    uint64_t size = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
    uint64_t unit = (uint64_t)power_of_ten(exponent);
    const char *sign = minor < 0 ? "-" : "";
    int written;

    if (exponent == 0) {
        written = snprintf(buffer, bytes, "%s%" PRIu64, sign, size);
    } else {
        written = snprintf(buffer, bytes, "%s%" PRIu64 ".%0*" PRIu64, sign, size / unit, exponent,
                           size % unit);
    }
    assert(written > 0 && (size_t)written < bytes);
}

const char *money_format_plain(int64_t minor, uint16_t currency, char buffer[MONEY_TEXT_BYTES])
{
    int exponent = money_exponent(currency);
    format_number(minor, exponent < 0 ? 0 : exponent, buffer, MONEY_TEXT_BYTES);
    return buffer;
}

const char *money_format(int64_t minor, uint16_t currency, char buffer[MONEY_TEXT_BYTES])
{
    const char *alpha = money_alpha(currency);
    int prefix;

    if (alpha != NULL) {
        prefix = snprintf(buffer, MONEY_TEXT_BYTES, "%s ", alpha);
    } else {
        prefix = snprintf(buffer, MONEY_TEXT_BYTES, "%03u ", (unsigned)currency);
    }
    assert(prefix > 0 && prefix < 8);
    int exponent = money_exponent(currency);
    format_number(minor, exponent < 0 ? 0 : exponent, buffer + prefix,
                  MONEY_TEXT_BYTES - (size_t)prefix);
    return buffer;
}
