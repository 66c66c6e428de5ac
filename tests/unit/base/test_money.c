#include "base/money.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

enum { GBP = 826, EUR = 978, JPY = 392, KWD = 414, CLF = 990 };

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

Test(money, a_currency_knows_its_digits_and_both_codes)
{
    static const struct {
        const char *alpha, *numeric;
        uint16_t currency;
        int exponent;
    } rows[] = {
        {"GBP", "826", GBP, 2},
        {"EUR", "978", EUR, 2},
        {"JPY", "392", JPY, 0},
        {"KWD", "414", KWD, 3},
        {"CLF", "990", CLF, 4},
        {"ALL", "008", 8,   2},
        {"KRW", "410", 410, 0},
        {"ISK", "352", 352, 0},
        {"UGX", "800", 800, 0},
        {"BHD", "048", 48,  3},
        {"TND", "788", 788, 3},
        {"HUF", "348", 348, 2},
        {"IDR", "360", 360, 2},
        {"XCG", "532", 532, 2},
        {"USD", "840", 840, 2},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        cr_expect_eq(money_exponent(rows[i].currency), rows[i].exponent, "%s", rows[i].alpha);
        cr_expect_str_eq(money_alpha(rows[i].currency), rows[i].alpha);
        cr_expect_eq(money_currency(rows[i].alpha), rows[i].currency, "%s", rows[i].alpha);
        cr_expect_eq(money_currency(rows[i].numeric), rows[i].currency, "%s", rows[i].alpha);
    }
}

Test(money, an_unknown_currency_is_a_value_and_no_crash)
{
    static const char *const codes[] = {"",    "0",   "000", "826 ", "8264", "gbp", "XXX",
                                        "XAU", "999", "-26", "8.6",  "GB",   "1e2", "003"};
    for (size_t i = 0; i < COUNT(codes); i++) {
        cr_expect_eq(money_currency(codes[i]), 0, "%s", codes[i]);
    }
    static const uint16_t numbers[] = {0, 1, 999, 1000, 65535};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        cr_expect_eq(money_exponent(numbers[i]), -1);
        cr_expect_null(money_alpha(numbers[i]));
    }
}

Test(money, wire_amounts_parse_to_ten_thousandths)
{
    static const struct {
        const char *text;
        int64_t e4;
    } rows[] = {
        {"0",                   0            },
        {"-0",                  0            },
        {"0.0000",              0            },
        {"62.40",               624000       },
        {"-62.40",              -624000      },
        {"-91.2700",            -912700      },
        {"1.8254",              18254        },
        {"3150",                31500000     },
        {"7.",                  70000        },
        {"007.5",               75000        },
        {"9999999999999.9999",  MONEY_E4_MAX },
        {"-9999999999999.9999", -MONEY_E4_MAX},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t e4 = 42;
        cr_expect(money_parse_e4(rows[i].text, strlen(rows[i].text), &e4), "%s", rows[i].text);
        cr_expect_eq(e4, rows[i].e4, "%s", rows[i].text);
    }
}

Test(money, anything_else_is_refused_and_leaves_the_output_alone)
{
    static const char *const texts[] = {"",
                                        "-",
                                        ".",
                                        ".5",
                                        "-.5",
                                        "+1",
                                        "1.23456",
                                        "12345678901234",
                                        " 1",
                                        "1 ",
                                        "1,00",
                                        "1e3",
                                        "1-",
                                        "--1",
                                        "0x10",
                                        "null",
                                        "NaN",
                                        "INF",
                                        "1.2.3",
                                        "1..2",
                                        "1.-2",
                                        "1\n",
                                        "١",
                                        "1.0 ",
                                        "12345678901234.1"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        int64_t e4 = 42;
        cr_expect_not(money_parse_e4(texts[i], strlen(texts[i]), &e4), "%s", texts[i]);
        cr_expect_eq(e4, 42);
    }
    int64_t e4 = 42;
    cr_expect(money_parse_e4("12345", 2, &e4), "only the bytes given are read");
    cr_expect_eq(e4, 120000);
    cr_expect_not(money_parse_e4("1\0", 2, &e4));
}

/* The holds and postings of the rules' table of amounts: the sum of the components in 10^-4,
 * rounded once. */
Test(money, holds_round_away_from_zero_and_postings_half_away)
{
    static const struct {
        const char *name;
        uint16_t currency;
        int64_t e4;
        enum money_rounding rounding;
        int64_t minor;
        bool exact;
    } rows[] = {
        {"plain",                        GBP, 624000,                        MONEY_AWAY_FROM_ZERO, 6240,               true },
        {"fees",                         GBP, 400000 + 3000 + 4000,          MONEY_AWAY_FROM_ZERO, 4070,               true },
        {"foreign exchange, pads",       EUR, 912700 + 5000 + 13691 + 18254, MONEY_AWAY_FROM_ZERO, 9497,
         false                                                                                                              },
        {"foreign exchange, fee posted", EUR, 5000 + 13770,                  MONEY_HALF_AWAY,      188,                false},
        {"no decimals",                  JPY, 31500000 + 945000,             MONEY_AWAY_FROM_ZERO, 3245,               false},
        {"no decimals, posted",          JPY, 32120000,                      MONEY_HALF_AWAY,      3212,               true },
        {"three decimals",               KWD, 12500 + 500 + 125,             MONEY_AWAY_FROM_ZERO, 1313,               false},
        {"three decimals, posted",       KWD, 12500 + 500 + 125,             MONEY_HALF_AWAY,      1313,               false},
        {"restaurant pad",               GBP, 300000 + 60000,                MONEY_AWAY_FROM_ZERO, 3600,               true },
        {"partial, fees pro rata",       GBP, 200000 + 2000,                 MONEY_HALF_AWAY,      2020,               true },
        {"partial approval, held",       GBP, 391000 + 5000 + 3910,          MONEY_AWAY_FROM_ZERO, 4000,               false},
        {"partial approval, posted",     GBP, 391000 + 5000 + 3910,          MONEY_HALF_AWAY,      3999,               false},
        {"a hold's least remainder",     GBP, 1,                             MONEY_AWAY_FROM_ZERO, 1,                  false},
        {"a debit's least remainder",    GBP, -1,                            MONEY_AWAY_FROM_ZERO, -1,                 false},
        {"just under half",              GBP, 149,                           MONEY_HALF_AWAY,      1,                  false},
        {"half",                         GBP, 150,                           MONEY_HALF_AWAY,      2,                  false},
        {"half, negative",               GBP, -150,                          MONEY_HALF_AWAY,      -2,                 false},
        {"cut",                          GBP, 199,                           MONEY_TOWARD_ZERO,    1,                  false},
        {"cut, negative",                GBP, -199,                          MONEY_TOWARD_ZERO,    -1,                 false},
        {"four decimals",                CLF, -12345,                        MONEY_AWAY_FROM_ZERO, -12345,             true },
        {"zero",                         JPY, 0,                             MONEY_AWAY_FROM_ZERO, 0,                  true },
        {"largest",                      JPY, MONEY_E4_MAX,                  MONEY_AWAY_FROM_ZERO, 10000000000000,     false},
        {"int64's end",                  GBP, INT64_MAX,                     MONEY_AWAY_FROM_ZERO, 92233720368547759,  false},
        {"int64's other end",            GBP, INT64_MIN,                     MONEY_AWAY_FROM_ZERO, -92233720368547759, false},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        bool exact = !rows[i].exact;
        int64_t minor = money_minor_from_e4(rows[i].e4, rows[i].currency, rows[i].rounding, &exact);
        cr_expect_eq(minor, rows[i].minor, "%s: %ld", rows[i].name, (long)minor);
        cr_expect_eq(exact, rows[i].exact, "%s", rows[i].name);
        cr_expect_eq(money_minor_from_e4(rows[i].e4, rows[i].currency, rows[i].rounding, NULL),
                     rows[i].minor);
    }
}

Test(money, converting_an_unknown_currency_is_our_own_mistake, .signal = SIGABRT)
{
    (void)money_minor_from_e4(1, 999, MONEY_HALF_AWAY, NULL);
}

Test(money, minor_units_go_back_to_the_wire_when_they_fit)
{
    int64_t e4 = 42;

    cr_expect(money_e4_from_minor(-6240, GBP, &e4) && e4 == -624000);
    cr_expect(money_e4_from_minor(1313, KWD, &e4) && e4 == 13130);
    cr_expect(money_e4_from_minor(3245, JPY, &e4) && e4 == 32450000);
    cr_expect(money_e4_from_minor(MONEY_MINOR_MAX, GBP, &e4) && e4 == 99999999999999900);
    e4 = 42;
    cr_expect_not(money_e4_from_minor(MONEY_MINOR_MAX, JPY, &e4));
    cr_expect_not(money_e4_from_minor(INT64_MAX, GBP, &e4));
    cr_expect_not(money_e4_from_minor(INT64_MIN, JPY, &e4));
    cr_expect_eq(e4, 42);
}

Test(money, a_share_is_exact_until_its_one_rounding)
{
    static const struct {
        const char *name;
        int64_t a, b, c;
        enum money_rounding rounding;
        int64_t share;
    } rows[] = {
        {"a quarter of the fee",   8000,      200000,    800000,    MONEY_HALF_AWAY,      2000     },
        {"a third, up",            100,       1,         3,         MONEY_AWAY_FROM_ZERO, 34       },
        {"a third, down",          100,       1,         3,         MONEY_TOWARD_ZERO,    33       },
        {"two thirds, nearest",    100,       2,         3,         MONEY_HALF_AWAY,      67       },
        {"negative third",         -100,      1,         3,         MONEY_AWAY_FROM_ZERO, -34      },
        {"beyond 64 bits between", INT64_MAX, INT64_MAX, INT64_MAX, MONEY_TOWARD_ZERO,    INT64_MAX},
        {"least of all",           INT64_MIN, INT64_MAX, INT64_MAX, MONEY_HALF_AWAY,      INT64_MIN},
        {"of nothing",             0,         5,         7,         MONEY_AWAY_FROM_ZERO, 0        },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cr_expect_eq(money_share(rows[i].a, rows[i].b, rows[i].c, rows[i].rounding), rows[i].share,
                     "%s", rows[i].name);
    }
}

Test(money, a_share_that_does_not_fit_is_our_own_mistake, .signal = SIGABRT)
{
    (void)money_share(INT64_MAX, 2, 1, MONEY_TOWARD_ZERO);
}

Test(money, a_sum_that_does_not_fit_is_refused)
{
    int64_t sum = 42;

    cr_assert_not(money_add(INT64_MAX, 1, &sum));
    cr_assert_not(money_add(INT64_MIN, -1, &sum));
    cr_assert_eq(sum, 42);
    cr_assert(money_add(INT64_MAX, INT64_MIN, &sum));
    cr_assert_eq(sum, -1);
}

Test(money, people_write_amounts_with_at_most_the_currencys_digits)
{
    static const struct {
        const char *text;
        uint16_t currency;
        int64_t minor; /* -1: refused */
    } rows[] = {
        {"100.00",                  GBP, 10000          },
        {"100",                     GBP, 10000          },
        {"100.5",                   GBP, 10050          },
        {"0",                       GBP, 0              },
        {"0.01",                    GBP, 1              },
        {"5000",                    JPY, 5000           },
        {"1.313",                   KWD, 1313           },
        {"9999999999999.99",        GBP, MONEY_MINOR_MAX},
        {"999999999999999",         JPY, MONEY_MINOR_MAX},
        {"999999999999.999",        KWD, MONEY_MINOR_MAX},
        {"10000000000000.00",       GBP, -1             },
        {"1000000000000000",        JPY, -1             },
        {"99999999999999999999999", GBP, -1             },
        {"999999999999999.99",      GBP, -1             },
        {"5000.0",                  JPY, -1             },
        {"5000.",                   JPY, -1             },
        {"1.005",                   GBP, -1             },
        {"1.",                      GBP, -1             },
        {".5",                      GBP, -1             },
        {"-1",                      GBP, -1             },
        {"+1",                      GBP, -1             },
        {"1,000",                   GBP, -1             },
        {"",                        GBP, -1             },
        {"GBP 1",                   GBP, -1             },
        {"1.0000",                  CLF, 10000          },
        {"1",                       999, -1             },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error = {.code = ERROR_NONE};
        int64_t minor = 42;
        bool good = money_parse(rows[i].text, rows[i].currency, &minor, &error);
        cr_expect_eq(good, rows[i].minor >= 0, "%s", rows[i].text);
        cr_expect_eq(minor, good ? rows[i].minor : 42, "%s", rows[i].text);
        cr_expect_eq(error.code, good ? ERROR_NONE : ERROR_INVALID, "%s", rows[i].text);
    }
}

Test(money, amounts_print_with_the_currencys_digits)
{
    static const struct {
        int64_t minor;
        uint16_t currency;
        const char *text, *plain;
    } rows[] = {
        {1234,      GBP, "GBP 12.34",                 "12.34"                },
        {-5,        GBP, "GBP -0.05",                 "-0.05"                },
        {0,         EUR, "EUR 0.00",                  "0.00"                 },
        {1200,      JPY, "JPY 1200",                  "1200"                 },
        {-1313,     KWD, "KWD -1.313",                "-1.313"               },
        {1,         CLF, "CLF 0.0001",                "0.0001"               },
        {1234,      999, "999 1234",                  "1234"                 },
        {7,         3,   "003 7",                     "7"                    },
        {INT64_MIN, GBP, "GBP -92233720368547758.08", "-92233720368547758.08"},
        {INT64_MAX, JPY, "JPY 9223372036854775807",   "9223372036854775807"  },
    };
    char buffer[MONEY_TEXT_BYTES];

    for (size_t i = 0; i < COUNT(rows); i++) {
        cr_expect_str_eq(money_format(rows[i].minor, rows[i].currency, buffer), rows[i].text);
        cr_expect_str_eq(money_format_plain(rows[i].minor, rows[i].currency, buffer),
                         rows[i].plain);
    }
}
