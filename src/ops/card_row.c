#include "ops/card_row.h"

#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "ops/access.h"
#include "ops/arguments.h"
#include "ops/instant.h"
#include "ops/names.h"

const struct output_column card_row_columns[] = {
    {"TOKEN",     "token",     OUTPUT_TEXT  },
    {"STATUS",    "status",    OUTPUT_TEXT  },
    {"ACCOUNT",   "account",   OUTPUT_TEXT  },
    {"POSTED",    "posted",    OUTPUT_MONEY },
    {"HELD",      "held",      OUTPUT_MONEY },
    {"AVAILABLE", "available", OUTPUT_MONEY },
    {"EXPIRY",    "expiry",    OUTPUT_TEXT  },
    {"PRODUCT",   "product",   OUTPUT_NUMBER},
    {NULL,        NULL,        OUTPUT_TEXT  },
};

const struct output_column card_row_lines[] = {
    {"token",          "token",          OUTPUT_TEXT  },
    {"status",         "status",         OUTPUT_TEXT  },
    {"account",        "account",        OUTPUT_TEXT  },
    {"account status", "account_status", OUTPUT_TEXT  },
    {"posted",         "posted",         OUTPUT_MONEY },
    {"held",           "held",           OUTPUT_MONEY },
    {"overdraft",      "overdraft",      OUTPUT_MONEY },
    {"available",      "available",      OUTPUT_MONEY },
    {"expiry",         "expiry",         OUTPUT_TEXT  },
    {"product",        "product",        OUTPUT_NUMBER},
    {"added",          "added_at",       OUTPUT_TIME  },
    {NULL,             NULL,             OUTPUT_TEXT  },
};

void card_row_finish(json_t *row)
{
    const json_int_t status = json_integer_value(json_object_get(row, "status"));
    const json_int_t account_status = json_integer_value(json_object_get(row, "account_status"));
    json_object_set_new(row, "status", json_string(names_card_status(status)));
    json_object_set_new(row, "account_status", json_string(names_account_status(account_status)));
}

bool card_row_read(struct report *report, int32_t token, json_t **ret_card, struct error *error)
{
    char text[24];
    bool row = false;

    snprintf(text, sizeof text, "%d", (int)token);
    const char *parameters[] = {NULL, NULL, text, "1"};
    if (!report_run(report, "report_card_list", parameters, 4, error) ||
        !report_next(report, &row, error)) {
        return false;
    }
    if (!row) {
        return error_set(error, ERROR_NOT_FOUND, "card", "there is no card %09d", (int)token);
    }
    *ret_card = output_row(report);
    card_row_finish(*ret_card);
    return true;
}

static bool given(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* An account that is there already has its currency in its number. */
static bool parse_currency(const char *text, int64_t account, uint16_t *currency,
                           struct error *error)
{
    if (!given(text) && account != 0) {
        *currency = (uint16_t)(account & 1023);
        return true;
    }
    if (!given(text)) {
        return error_set(error, ERROR_INVALID, "currency", "is missing: a code like GBP");
    }
    *currency = money_currency(text);
    if (*currency == 0 || money_exponent(*currency) < 0) {
        return error_set(error, ERROR_INVALID, "currency",
                         "expected an ISO 4217 code like GBP, found %.20s", text);
    }
    return true;
}

static bool parse_rest(const struct card_row_texts *texts, struct operator_card *card,
                       enum card_row_field *wrong, struct error *error)
{
    *wrong = CARD_ROW_EXPIRY;
    if (given(texts->expiry) && !instant_parse_month(texts->expiry, &card->expiry_yyyymm)) {
        return error_set(error, ERROR_INVALID, "expiry",
                         "expected a month like 2029-12, found %.20s", texts->expiry);
    }
    *wrong = CARD_ROW_PRODUCT;
    if (given(texts->product) && !arguments_number(texts->product, 1, INT64_MAX, &card->product)) {
        return error_set(error, ERROR_INVALID, "product", "expected a ProductID, found %.20s",
                         texts->product);
    }
    *wrong = CARD_ROW_STATUS;
    if (given(texts->status) && !names_parse_card_status(texts->status, &card->status)) {
        return error_set(
            error, ERROR_INVALID, "status",
            "expected active, not_active, frozen, blocked, lost, stolen, expired or closed, "
            "found %.20s",
            texts->status);
    }
    return true;
}

bool card_row_parse(const struct card_row_texts *texts, struct operator_card *card,
                    enum card_row_field *ret_wrong, struct error *error)
{
    *card = (struct operator_card){0};
    *ret_wrong = CARD_ROW_TOKEN;
    if (!access_parse_token(given(texts->token) ? texts->token : "", &card->token, error)) {
        return false;
    }
    *ret_wrong = CARD_ROW_ACCOUNT;
    if (given(texts->account) && !access_parse_account(texts->account, &card->account, error)) {
        return false;
    }
    *ret_wrong = CARD_ROW_CURRENCY;
    if (!parse_currency(texts->currency, card->account, &card->currency, error)) {
        return false;
    }
    if (money_exponent(card->currency) < 0) {
        return error_set(error, ERROR_INVALID, "account", "%lld has no currency in its number",
                         (long long)card->account);
    }
    *ret_wrong = CARD_ROW_LOAD;
    if (given(texts->load) && !money_parse(texts->load, card->currency, &card->load_minor, error)) {
        return false;
    }
    *ret_wrong = CARD_ROW_OVERDRAFT;
    if (given(texts->overdraft) &&
        !money_parse(texts->overdraft, card->currency, &card->overdraft_minor, error)) {
        return false;
    }
    if (!parse_rest(texts, card, ret_wrong, error)) {
        return false;
    }
    *ret_wrong = CARD_ROW_OVERDRAFT;
    if (card->overdraft_minor > 0 && card->account != 0) {
        return error_set(error, ERROR_INVALID, "overdraft",
                         "belongs to a new account; %lld exists already", (long long)card->account);
    }
    return true;
}
