/* holdfast inbox: list. */
#include "authz/decide.h"
#include "ops/access.h"
#include "ops/output.h"
#include "ops/verbs.h"

static const struct output_column inbox_columns[] = {
    {"ID",     "id",     OUTPUT_TEXT},
    {"AT",     "at",     OUTPUT_TIME},
    {"WHY",    "why",    OUTPUT_TEXT},
    {"KIND",   "kind",   OUTPUT_TEXT},
    {"TXN",    "txn_id", OUTPUT_TEXT},
    {"TOKEN",  "token",  OUTPUT_TEXT},
    {"STATE",  "state",  OUTPUT_TEXT},
    {"DETAIL", "detail", OUTPUT_TEXT},
    {NULL,     NULL,     OUTPUT_TEXT},
};

static void finish_message(json_t *row)
{
    const json_int_t why = json_integer_value(json_object_get(row, "why"));
    const char *name =
        why > INBOX_NOT && why <= INBOX_ERROR ? inbox_why_name((enum inbox_why)why) : NULL;
    json_object_set_new(row, "why", json_string(name != NULL ? name : "unknown"));
}

enum exit_status verbs_inbox_list(const struct invocation *invocation)
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
    const char *parameters[] = {verb_option_of(invocation, "all") != NULL ? "true" : "false",
                                filter.limit_text};
    if (!report_run(report, "report_inbox", parameters, 2, &error) ||
        !output_list(invocation, "messages", inbox_columns, finish_message, report, NULL, &error)) {
        return access_fail(invocation, &error);
    }
    return EXIT_STATUS_OK;
}
