/* Cards from texts: a command line's or a file's. */
#include "ops/card_row.h"

#include <criterion/criterion.h>
#include <string.h>

#include "authz/decide.h"

#define GOOD .token = "154510682", .currency = "GBP"

Test(card_row, reads_a_whole_card)
{
    const struct card_row_texts texts = {GOOD,           .load = "100.00",   .expiry = "2029-12",
                                         .product = "7", .status = "frozen", .overdraft = "5"};
    struct operator_card card;
    struct error error = {0};
    enum card_row_field wrong;

    cr_assert(card_row_parse(&texts, &card, &wrong, &error), "%s", error.message);
    cr_expect_eq(card.token, 154510682);
    cr_expect_eq(card.currency, 826);
    cr_expect_eq(card.load_minor, 10000);
    cr_expect_eq(card.expiry_yyyymm, 202912);
    cr_expect_eq(card.product, 7);
    cr_expect_eq(card.status, CARD_FROZEN);
    cr_expect_eq(card.overdraft_minor, 500);
}

Test(card_row, takes_the_currency_of_an_account_that_is_there)
{
    const struct card_row_texts texts = {
        .token = "154510682", .account = "1024826", .load = "1.50"};
    struct operator_card card;
    struct error error = {0};
    enum card_row_field wrong;

    cr_assert(card_row_parse(&texts, &card, &wrong, &error), "%s", error.message);
    cr_expect_eq(card.currency, 826);
    cr_expect_eq(card.load_minor, 150);
}

static const struct {
    const char *name;
    struct card_row_texts texts;
    enum card_row_field wrong;
} bad[] = {
    {"no token",                                {.currency = "GBP"},                        CARD_ROW_TOKEN   },
    {"eight digits",                            {.token = "15451068", .currency = "GBP"},   CARD_ROW_TOKEN   },
    {"ten digits",                              {.token = "1545106820", .currency = "GBP"}, CARD_ROW_TOKEN   },
    {"a token of nothing",                      {.token = "000000000", .currency = "GBP"},  CARD_ROW_TOKEN   },
    {"a letter",                                {.token = "15451068x", .currency = "GBP"},  CARD_ROW_TOKEN   },
    {"no currency",                             {.token = "154510682"},                     CARD_ROW_CURRENCY},
    {"an unknown currency",                     {.token = "154510682", .currency = "XYZ"},  CARD_ROW_CURRENCY},
    {"a fraction of a penny",                   {GOOD, .load = "1.005"},                    CARD_ROW_LOAD    },
    {"less than nothing",                       {GOOD, .load = "-1"},                       CARD_ROW_LOAD    },
    {"a thousand's comma",                      {GOOD, .load = "1,000"},                    CARD_ROW_LOAD    },
    {"a fraction of a yen",
     {.token = "154510682", .currency = "JPY", .load = "1.5"},
     CARD_ROW_LOAD                                                                                           },
    {"too much",                                {GOOD, .load = "99999999999999999999"},     CARD_ROW_LOAD    },
    {"month 13",                                {GOOD, .expiry = "2029-13"},                CARD_ROW_EXPIRY  },
    {"a card's own way",                        {GOOD, .expiry = "12/29"},                  CARD_ROW_EXPIRY  },
    {"an account that is none",                 {GOOD, .account = "x"},                     CARD_ROW_ACCOUNT },
    {"a product that is none",                  {GOOD, .product = "gold"},                  CARD_ROW_PRODUCT },
    {"an unknown status",                       {GOOD, .status = "asleep"},                 CARD_ROW_STATUS  },
    {"an overdraft for an account that exists",
     {GOOD, .account = "1024826", .overdraft = "5"},
     CARD_ROW_OVERDRAFT                                                                                      },
};

Test(card_row, says_which_text_is_wrong)
{
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct operator_card card;
        struct error error = {0};
        enum card_row_field wrong = CARD_ROW_FIELD_COUNT;
        cr_assert_not(card_row_parse(&bad[i].texts, &card, &wrong, &error), "%s", bad[i].name);
        cr_expect_eq(wrong, bad[i].wrong, "%s: %d", bad[i].name, wrong);
        cr_expect_neq(error.message[0], '\0', "%s", bad[i].name);
    }
}

Test(card_row, does_not_print_back_what_may_be_a_card_number)
{
    const struct card_row_texts texts = {.token = "4111111111111111", .currency = "GBP"};
    struct operator_card card;
    struct error error = {0};
    enum card_row_field wrong;

    cr_assert_not(card_row_parse(&texts, &card, &wrong, &error));
    cr_expect_null(strstr(error.message, "4111"));
}
