/* holdfast hold: list. */
#include "ops/access.h"
#include "ops/hold_row.h"
#include "ops/output.h"
#include "ops/verbs.h"

enum exit_status verbs_hold_list(const struct invocation *invocation)
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
    const char *parameters[] = {filter.card, filter.account,
                                verb_option_of(invocation, "all") != NULL ? "true" : "false", NULL,
                                filter.limit_text};
    if (!report_run(report, "report_hold_list", parameters, 5, &error) ||
        !output_list(invocation, "holds", hold_row_columns, hold_row_finish, report, NULL,
                     &error)) {
        return access_fail(invocation, &error);
    }
    return EXIT_STATUS_OK;
}
