/* holdfast account: list, show, statement, load. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/money.h"
#include "ops/access.h"
#include "ops/arguments.h"
#include "ops/card_row.h"
#include "ops/hold_row.h"
#include "ops/instant.h"
#include "ops/names.h"
#include "ops/output.h"
#include "ops/verbs.h"

enum { NUMBER_BYTES = 24, STATEMENT_ROWS_MAX = 10000 };

static const struct output_column account_columns[] = {
    {"ACCOUNT",   "account",   OUTPUT_TEXT  },
    {"STATUS",    "status",    OUTPUT_TEXT  },
    {"CARDS",     "cards",     OUTPUT_NUMBER},
    {"POSTED",    "posted",    OUTPUT_MONEY },
    {"HELD",      "held",      OUTPUT_MONEY },
    {"OVERDRAFT", "overdraft", OUTPUT_MONEY },
    {"AVAILABLE", "available", OUTPUT_MONEY },
    {NULL,        NULL,        OUTPUT_TEXT  },
};

static const struct output_column account_lines[] = {
    {"account",     "account",       OUTPUT_TEXT  },
    {"currency",    "currency",      OUTPUT_TEXT  },
    {"status",      "status",        OUTPUT_TEXT  },
    {"posted",      "posted",        OUTPUT_MONEY },
    {"held",        "held",          OUTPUT_MONEY },
    {"overdraft",   "overdraft",     OUTPUT_MONEY },
    {"available",   "available",     OUTPUT_MONEY },
    {"version",     "version",       OUTPUT_NUMBER},
    {"events",      "event_version", OUTPUT_NUMBER},
    {"opened",      "opened_at",     OUTPUT_TIME  },
    {"last change", "last_at",       OUTPUT_TIME  },
    {NULL,          NULL,            OUTPUT_TEXT  },
};

static const struct output_column transfer_columns[] = {
    {"AT",      "at",           OUTPUT_TIME  },
    {"WHAT",    "code",         OUTPUT_TEXT  },
    {"AMOUNT",  "amount",       OUTPUT_MONEY },
    {"BALANCE", "balance",      OUTPUT_MONEY },
    {"WITH",    "counterparty", OUTPUT_TEXT  },
    {"JOURNAL", "journal",      OUTPUT_TEXT  },
    {"VERSION", "version",      OUTPUT_NUMBER},
    {NULL,      NULL,           OUTPUT_TEXT  },
};

static void finish_account(json_t *row)
{
    const json_int_t status = json_integer_value(json_object_get(row, "status"));
    json_object_set_new(row, "status", json_string(names_account_status(status)));
}

enum exit_status verbs_account_list(const struct invocation *invocation)
{
    SCOPED(access_close_report) struct report *report = NULL;
    struct access_filter filter;
    struct error error = {0};
    enum exit_status status;

    if (!access_parse_filter(invocation, &filter, &error)) {
        return access_fail_usage(invocation, &error);
    }
    if (!access_open_report(invocation, &report, &status)) {
        return status;
    }
    const char *parameters[] = {NULL, filter.limit_text};
    if (!report_run(report, "report_account_list", parameters, 2, &error) ||
        !output_list(invocation, "accounts", account_columns, finish_account, report, NULL,
                     &error)) {
        return access_fail(invocation, &error);
    }
    return EXIT_STATUS_OK;
}

static bool read_account(struct report *report, const char *account, json_t **ret_account,
                         struct error *error)
{
    const char *parameters[] = {account, "1"};
    bool row = false;

    if (!report_run(report, "report_account_list", parameters, 2, error) ||
        !report_next(report, &row, error)) {
        return false;
    }
    if (!row) {
        return error_set(error, ERROR_NOT_FOUND, "account", "there is no customer account %.20s",
                         account);
    }
    *ret_account = output_row(report);
    finish_account(*ret_account);
    return true;
}

static bool read_cards(struct report *report, const char *account, json_t **ret_cards,
                       struct error *error)
{
    const char *parameters[] = {account, NULL, NULL, "10000"};
    bool row = false;

    if (!report_run(report, "report_card_list", parameters, 4, error)) {
        return false;
    }
    json_t *cards = json_array();
    while (report_next(report, &row, error)) {
        if (!row) {
            *ret_cards = cards;
            return true;
        }
        json_t *card = output_row(report);
        card_row_finish(card);
        json_array_append_new(cards, card);
    }
    json_decref(cards);
    return false;
}

/* Cards and holds of the account, put into it. */
static bool read_belongings(struct report *report, const char *text, json_t *account,
                            struct error *error)
{
    json_t *cards = NULL, *holds = NULL;

    if (!read_cards(report, text, &cards, error)) {
        return false;
    }
    json_object_set_new(account, "cards", cards);
    if (!hold_row_read(report, NULL, text, NULL, &holds, error)) {
        return false;
    }
    json_object_set_new(account, "holds", holds);
    return true;
}

static enum exit_status show_account(const struct invocation *invocation, const char *text)
{
    SCOPED(access_close_report) struct report *report = NULL;
    struct error error = {0};
    enum exit_status status;
    json_t *account = NULL;

    if (!access_open_report(invocation, &report, &status)) {
        return status;
    }
    if (!read_account(report, text, &account, &error)) {
        return access_fail(invocation, &error);
    }
    if (!read_belongings(report, text, account, &error)) {
        json_decref(account);
        return access_fail(invocation, &error);
    }
    output_object(invocation, account_lines, account);
    if (!invocation->json) {
        output_section(invocation, "Cards", card_row_columns, json_object_get(account, "cards"));
        output_section(invocation, "Open holds", hold_row_columns,
                       json_object_get(account, "holds"));
    }
    json_decref(account);
    return EXIT_STATUS_OK;
}

enum exit_status verbs_account_show(const struct invocation *invocation)
{
    struct error error = {0};
    int64_t account = 0;

    if (!access_parse_account(invocation->arguments[0], &account, &error)) {
        return access_fail_usage(invocation, &error);
    }
    return show_account(invocation, invocation->arguments[0]);
}

/* --- statement --- */

struct statement_page {
    const char *account, *from, *to, *after; /* parameters of the report; NULL: open */
    char from_text[CLOCK_TEXT_BYTES], to_text[CLOCK_TEXT_BYTES], limit_text[NUMBER_BYTES];
    int64_t rows; /* on this page at most */
};

static bool parse_page(const struct invocation *invocation, struct statement_page *page,
                       struct error *error)
{
    const char *from = verb_option_of(invocation, "from"), *to = verb_option_of(invocation, "to");
    const char *after = verb_option_of(invocation, "after");
    int64_t number = 0;

    *page = (struct statement_page){
        .account = invocation->arguments[0],
        .after = after != NULL ? after : "0",
        .rows = invocation->limit > 0 ? invocation->limit : STATEMENT_ROWS_MAX,
    };
    if (page->rows > STATEMENT_ROWS_MAX) {
        page->rows = STATEMENT_ROWS_MAX;
    }
    snprintf(page->limit_text, sizeof page->limit_text, "%lld", (long long)page->rows + 1);
    if (!access_parse_account(page->account, &number, error)) {
        return false;
    }
    if (!arguments_number(page->after, 0, INT64_MAX, &number)) {
        return error_set(error, ERROR_INVALID, "--after", "expected a version, found %.20s",
                         page->after);
    }
    if (from != NULL) {
        if (!instant_parse(from, clock_wall_us(), invocation->utc, &number, error)) {
            return false;
        }
        page->from = clock_format_utc(number, page->from_text);
    }
    if (to != NULL) {
        if (!instant_parse(to, clock_wall_us(), invocation->utc, &number, error)) {
            return false;
        }
        page->to = clock_format_utc(number, page->to_text);
    }
    return true;
}

/* Currency and the balance at the end of the period, for a page without rows. */
static bool read_balance(struct report *report, const struct statement_page *page,
                         json_t *statement, struct error *error)
{
    const char *parameters[] = {page->account, page->to};
    bool row = false;

    if (!report_run(report, "report_statement_balance", parameters, 2, error) ||
        !report_next(report, &row, error)) {
        return false;
    }
    if (!row) {
        return error_set(error, ERROR_NOT_FOUND, "account", "there is no customer account %s",
                         page->account);
    }
    json_t *balance = output_row(report);
    json_object_set(statement, "currency", json_object_get(balance, "currency"));
    json_object_set(statement, "opening", json_object_get(balance, "balance"));
    json_object_set(statement, "closing", json_object_get(balance, "balance"));
    json_decref(balance);
    return true;
}

static bool read_transfers(struct report *report, const struct statement_page *page,
                           json_t *statement, struct error *error)
{
    const char *parameters[] = {page->account, page->from, page->to, page->after, page->limit_text};
    json_t *transfers = json_object_get(statement, "transfers");
    bool row = false;

    if (!report_run(report, "report_statement", parameters, 5, error)) {
        return false;
    }
    while (report_next(report, &row, error)) {
        if (!row) {
            return true;
        }
        const json_t *last = json_array_get(transfers, json_array_size(transfers) - 1);
        if ((int64_t)json_array_size(transfers) == page->rows) {
            json_object_set(statement, "next", json_object_get(last, "version"));
            continue; /* only to see that there is one more */
        }
        json_t *transfer = output_row(report);
        const json_int_t code = json_integer_value(json_object_get(transfer, "code"));
        const json_int_t balance = json_integer_value(json_object_get(transfer, "balance"));
        json_object_set_new(transfer, "code", json_string(names_transfer_code(code)));
        if (json_array_size(transfers) == 0) {
            const json_int_t amount = json_integer_value(json_object_get(transfer, "amount"));
            json_object_set_new(statement, "opening", json_integer(balance - amount));
        }
        json_object_set_new(statement, "closing", json_integer(balance));
        json_array_append_new(transfers, transfer);
    }
    return false;
}

static void print_statement(const struct invocation *invocation, json_t *statement)
{
    static const struct output_column ends[] = {
        {"account", "account", OUTPUT_TEXT },
        {"opening", "opening", OUTPUT_MONEY},
        {"closing", "closing", OUTPUT_MONEY},
        {NULL,      NULL,      OUTPUT_TEXT },
    };
    const json_t *next = json_object_get(statement, "next");

    output_object(invocation, ends, statement);
    output_section(invocation, "Posted", transfer_columns, json_object_get(statement, "transfers"));
    if (json_is_integer(next)) {
        fprintf(invocation->err, "holdfast: there is more; --after %lld goes on\n",
                (long long)json_integer_value(next));
    }
}

enum exit_status verbs_account_statement(const struct invocation *invocation)
{
    SCOPED(access_close_report) struct report *report = NULL;
    struct statement_page page;
    struct error error = {0};
    enum exit_status status;

    if (!parse_page(invocation, &page, &error)) {
        return access_fail_usage(invocation, &error);
    }
    if (!access_open_report(invocation, &report, &status)) {
        return status;
    }
    json_t *statement = json_pack("{s:s, s:n, s:n, s:n, s:[], s:n}", "account", page.account,
                                  "currency", "opening", "closing", "transfers", "next");
    if (!read_balance(report, &page, statement, &error) ||
        !read_transfers(report, &page, statement, &error)) {
        json_decref(statement);
        return access_fail(invocation, &error);
    }
    if (invocation->json) {
        output_json(invocation, statement);
    } else {
        print_statement(invocation, statement);
    }
    json_decref(statement);
    return EXIT_STATUS_OK;
}

/* --- load --- */

static void print_load(const struct invocation *invocation, int64_t account, int64_t amount,
                       bool repeated, int64_t journal)
{
    const uint16_t currency = (uint16_t)(account & 1023);
    char text[MONEY_TEXT_BYTES];

    if (invocation->json) {
        json_t *object =
            json_pack("{s:s, s:I, s:s, s:o, s:b}", "account", invocation->arguments[0], "amount",
                      (json_int_t)amount, "currency", money_alpha(currency), "journal",
                      json_sprintf("%lld", (long long)journal), "repeated", repeated);
        output_json(invocation, object);
        json_decref(object);
        return;
    }
    fprintf(invocation->out,
            repeated ? "%s was loaded already, journal %lld: nothing moved\n"
                     : "%s loaded, journal %lld\n",
            money_format(amount, currency, text), (long long)journal);
}

enum exit_status verbs_account_load(const struct invocation *invocation)
{
    struct operator_session *session = NULL;
    int64_t account = 0, amount = 0, journal = 0;
    struct error error = {0};
    enum exit_status status;
    bool repeated = false;

    if (!access_parse_account(invocation->arguments[0], &account, &error)) {
        return access_fail_usage(invocation, &error);
    }
    const uint16_t currency = (uint16_t)(account & 1023);
    if (money_alpha(currency) == NULL) {
        (void)error_set(&error, ERROR_NOT_FOUND, "account", "there is no customer account %lld",
                        (long long)account);
        return access_fail(invocation, &error);
    }
    if (!money_parse(invocation->arguments[1], currency, &amount, &error)) {
        return access_fail_usage(invocation, &error);
    }
    if (amount == 0) {
        (void)error_set(&error, ERROR_INVALID, "AMOUNT", "expected more than nothing");
        return access_fail_usage(invocation, &error);
    }
    if (!access_open_operator(invocation, &session, &status)) {
        return status;
    }
    const char *key = verb_option_of(invocation, "id");
    const bool loaded = operator_load(session, account, amount, key, &repeated, &journal, &error);
    operator_close(session);
    if (!loaded) {
        return access_fail(invocation, &error);
    }
    print_load(invocation, account, amount, repeated, journal);
    return EXIT_STATUS_OK;
}
