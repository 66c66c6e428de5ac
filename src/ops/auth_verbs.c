/* holdfast auth: list, show. */
#include <string.h>

#include "authz/message.h"
#include "authz/statement.h"
#include "ops/access.h"
#include "ops/arguments.h"
#include "ops/facts.h"
#include "ops/hold_row.h"
#include "ops/output.h"
#include "ops/verbs.h"

enum { ID_BYTES = 24, ROLE_BYTES = 4, FACTS_BYTES_MAX = 4096 };

static const struct output_column auth_columns[] = {
    {"AT",       "at",       OUTPUT_TIME },
    {"ID",       "id",       OUTPUT_TEXT },
    {"TOKEN",    "token",    OUTPUT_TEXT },
    {"KIND",     "kind",     OUTPUT_TEXT },
    {"AMOUNT",   "amount",   OUTPUT_MONEY},
    {"DECISION", "decision", OUTPUT_TEXT },
    {"CODE",     "response", OUTPUT_TEXT },
    {"REASON",   "reason",   OUTPUT_TEXT },
    {"MERCHANT", "merchant", OUTPUT_TEXT },
    {NULL,       NULL,       OUTPUT_TEXT },
};

static const struct output_column auth_lines[] = {
    {"id",               "id",              OUTPUT_TEXT  },
    {"at",               "at",              OUTPUT_TIME  },
    {"token",            "token",           OUTPUT_TEXT  },
    {"account",          "account",         OUTPUT_TEXT  },
    {"payment",          "payment",         OUTPUT_TEXT  },
    {"kind",             "kind",            OUTPUT_TEXT  },
    {"amount",           "amount",          OUTPUT_MONEY },
    {"approved in part", "approved_amount", OUTPUT_MONEY },
    {"merchant",         "merchant",        OUTPUT_TEXT  },
    {"country",          "country",         OUTPUT_TEXT  },
    {"mcc",              "mcc",             OUTPUT_NUMBER},
    {"decision",         "decision",        OUTPUT_TEXT  },
    {"reason",           "reason",          OUTPUT_TEXT  },
    {"rule",             "rule",            OUTPUT_TEXT  },
    {"decided by",       "actor",           OUTPUT_TEXT  },
    {"scheme",           "scheme",          OUTPUT_TEXT  },
    {"product",          "product",         OUTPUT_NUMBER},
    {"match",            "match_rule",      OUTPUT_TEXT  },
    {"match score",      "match_score",     OUTPUT_NUMBER},
    {"repair",           "repair",          OUTPUT_TEXT  },
    {"request",          "request_id",      OUTPUT_TEXT  },
    {NULL,               NULL,              OUTPUT_TEXT  },
};

static const struct output_column answer_lines[] = {
    {"code sent",      "response",     OUTPUT_TEXT },
    {"acknowledged",   "acknowledged", OUTPUT_TEXT },
    {"code decided",   "decided",      OUTPUT_TEXT },
    {"balance sent",   "posted",       OUTPUT_MONEY},
    {"available sent", "available",    OUTPUT_MONEY},
    {NULL,             NULL,           OUTPUT_TEXT },
};

static const struct output_column entry_columns[] = {
    {"N",      "n",        OUTPUT_NUMBER},
    {"AT",     "at",       OUTPUT_TIME  },
    {"TXN",    "txn_id",   OUTPUT_TEXT  },
    {"ROLE",   "role",     OUTPUT_TEXT  },
    {"KIND",   "kind",     OUTPUT_TEXT  },
    {"AMOUNT", "amount",   OUTPUT_MONEY },
    {"CODE",   "response", OUTPUT_TEXT  },
    {"REASON", "reason",   OUTPUT_TEXT  },
    {"REPAIR", "repair",   OUTPUT_TEXT  },
    {NULL,     NULL,       OUTPUT_TEXT  },
};

enum exit_status verbs_auth_list(const struct invocation *invocation)
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
    const char *parameters[] = {filter.card, filter.account, filter.since, filter.limit_text};
    if (!report_run(report, "report_auth_list", parameters, 4, &error) ||
        !output_list(invocation, "authorisations", auth_columns, NULL, report, NULL, &error)) {
        return access_fail(invocation, &error);
    }
    return EXIT_STATUS_OK;
}

/* "600000000123" or "600000000123-outcome". */
static bool parse_id(const char *text, char txn_id[ID_BYTES], char role[ROLE_BYTES],
                     struct error *error)
{
    static const struct {
        const char *suffix, *role;
    } roles[] = {
        {"",         "" },
        {"-request", "1"},
        {"-outcome", "2"},
        {"-void",    "3"}
    };
    const size_t digits = strspn(text, "0123456789");
    int64_t number = 0;

    for (size_t i = 0; digits > 0 && digits < ID_BYTES && i < sizeof roles / sizeof roles[0]; i++) {
        if (strcmp(text + digits, roles[i].suffix) == 0) {
            snprintf(txn_id, ID_BYTES, "%.*s", (int)digits, text);
            snprintf(role, ROLE_BYTES, "%s", roles[i].role);
            if (arguments_number(txn_id, 1, INT64_MAX, &number)) {
                return true;
            }
        }
    }
    return error_set(error, ERROR_INVALID, "ID",
                     "expected a TXn_ID, or one with -request, -outcome or -void, "
                     "found %.40s",
                     text);
}

static void move(json_t *from, const char *key, json_t *to, const char *new_key)
{
    json_object_set(to, new_key, json_object_get(from, key));
    json_object_del(from, key);
}

/* Bytes of the row become facts and elements; what was answered goes into an object of its own. */
static json_t *finish_message(struct report *report)
{
    uint8_t facts[FACTS_BYTES_MAX];
    static uint8_t fields[MESSAGE_FIELDS_MAX]; /* one command, one thread */
    size_t facts_bytes = 0, fields_bytes = 0;
    json_t *row = output_row(report), *answer = json_object();

    json_object_set(answer, "response", json_object_get(row, "response"));
    move(row, "acknowledged", answer, "acknowledged");
    json_object_set(answer, "currency", json_object_get(row, "currency"));
    move(row, "posted_told", answer, "posted");
    move(row, "available_told", answer, "available");
    move(row, "response_decided", answer, "decided");
    move(row, "response_told", answer, "told");
    move(row, "told_at", answer, "told_at");
    json_object_set_new(row, "answer", answer);
    if (!report_bytes(report, report_column(report, "facts"), facts, sizeof facts, &facts_bytes) ||
        !report_bytes(report, report_column(report, "fields"), fields, sizeof fields,
                      &fields_bytes)) {
        facts_bytes = fields_bytes = 0; /* larger than any version writes: shown as unknown */
    }
    json_object_del(row, "fields");
    json_object_set_new(row, "facts", facts_of_statement(facts, facts_bytes));
    json_object_set_new(row, "elements", facts_of_elements(fields, fields_bytes));
    return row;
}

static bool read_message(struct report *report, const char *txn_id, const char *role,
                         json_t **ret_message, struct error *error)
{
    const char *parameters[] = {txn_id, role[0] != '\0' ? role : NULL};
    bool row = false;

    if (!report_run(report, "report_auth_show", parameters, 2, error) ||
        !report_next(report, &row, error)) {
        return false;
    }
    if (!row) {
        return error_set(error, ERROR_NOT_FOUND, "auth", "there is no message %s", txn_id);
    }
    *ret_message = finish_message(report);
    return true;
}

/* The messages and holds of the same payment. */
static bool read_payment(struct report *report, json_t *message, struct error *error)
{
    const char *account = json_string_value(json_object_get(message, "account"));
    const char *payment = json_string_value(json_object_get(message, "payment"));
    const char *parameters[] = {account, payment};
    json_t *entries = json_array(), *holds = NULL;
    bool row = false;

    json_object_set_new(message, "entries", entries);
    if (account == NULL || payment == NULL) {
        json_object_set_new(message, "holds", json_array());
        return true;
    }
    if (!report_run(report, "report_auth_entries", parameters, 2, error)) {
        return false;
    }
    do {
        if (!report_next(report, &row, error)) {
            return false;
        }
        if (row) {
            json_array_append_new(entries, output_row(report));
        }
    } while (row);
    if (!hold_row_read(report, NULL, account, payment, &holds, error)) {
        return false;
    }
    json_object_set_new(message, "holds", holds);
    return true;
}

/* Names and values; of numbers, those that are minor units of `currency` (NULL: none is). */
static void print_pairs(const struct invocation *invocation, const char *heading, json_t *object,
                        json_t *currency)
{
    static const struct output_column columns[] = {
        {"NAME",  "name",  OUTPUT_TEXT  },
        {"VALUE", "value", OUTPUT_AMOUNT},
        {NULL,    NULL,    OUTPUT_TEXT  }
    };
    static const char *const amounts[] = {"posted", "held", "overdraft", "available",
                                          "approved_minor"};
    json_t *rows = json_array(), *value;
    const char *name;

    json_object_foreach(object, name, value)
    {
        json_t *row = json_pack("{s:s, s:O}", "name", name, "value", value);
        for (size_t i = 0; currency != NULL && i < sizeof amounts / sizeof amounts[0]; i++) {
            if (strcmp(name, amounts[i]) == 0) {
                json_object_set(row, "currency", currency);
            }
        }
        json_array_append_new(rows, row);
    }
    output_section(invocation, heading, columns, rows);
    json_decref(rows);
}

static void print_message(const struct invocation *invocation, json_t *message)
{
    if (invocation->json) {
        output_json(invocation, message);
        return;
    }
    output_object(invocation, auth_lines, message);
    fputs("\nAnswer\n", invocation->out);
    output_object(invocation, answer_lines, json_object_get(message, "answer"));
    print_pairs(invocation, "Facts as decided (amounts of the wire in 1/10,000)",
                json_object_get(message, "facts"), json_object_get(message, "currency"));
    output_section(invocation, "The payment's messages", entry_columns,
                   json_object_get(message, "entries"));
    output_section(invocation, "The payment's holds", hold_row_columns,
                   json_object_get(message, "holds"));
    print_pairs(invocation, "Elements as received, masked", json_object_get(message, "elements"),
                NULL);
}

enum exit_status verbs_auth_show(const struct invocation *invocation)
{
    SCOPED(access_close_report) struct report *report = NULL;
    char txn_id[ID_BYTES] = "", role[ROLE_BYTES] = "";
    struct error error = {0};
    enum exit_status status;
    json_t *message = NULL;

    if (!parse_id(invocation->arguments[0], txn_id, role, &error)) {
        return access_fail_usage(invocation, &error);
    }
    if (!access_open_report(invocation, &report, &status)) {
        return status;
    }
    if (!read_message(report, txn_id, role, &message, &error)) {
        return access_fail(invocation, &error);
    }
    if (!read_payment(report, message, &error)) {
        json_decref(message);
        return access_fail(invocation, &error);
    }
    print_message(invocation, message);
    json_decref(message);
    return EXIT_STATUS_OK;
}
