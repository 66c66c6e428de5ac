#include "ops/hold_row.h"

#include "ops/names.h"

const struct output_column hold_row_columns[] = {
    {"HOLD",     "id",         OUTPUT_TEXT },
    {"TOKEN",    "token",      OUTPUT_TEXT },
    {"ACCOUNT",  "account",    OUTPUT_TEXT },
    {"STATE",    "state",      OUTPUT_TEXT },
    {"HELD",     "amount",     OUTPUT_MONEY},
    {"APPROVED", "approved",   OUTPUT_MONEY},
    {"OPENED",   "opened_at",  OUTPUT_TIME },
    {"EXPIRES",  "expires_at", OUTPUT_TIME },
    {NULL,       NULL,         OUTPUT_TEXT },
};

void hold_row_finish(json_t *row)
{
    const json_int_t state = json_integer_value(json_object_get(row, "state"));
    json_object_set_new(row, "state", json_string(names_hold_state(state)));
}

bool hold_row_read(struct report *report, const char *token, const char *account,
                   const char *payment, json_t **ret_holds, struct error *error)
{
    const char *parameters[] = {token, account, payment != NULL ? "true" : "false", payment,
                                "10000"};
    bool row = false;

    if (!report_run(report, "report_hold_list", parameters, 5, error)) {
        return false;
    }
    json_t *holds = json_array();
    while (report_next(report, &row, error)) {
        if (!row) {
            *ret_holds = holds;
            return true;
        }
        json_t *hold = output_row(report);
        hold_row_finish(hold);
        json_array_append_new(holds, hold);
    }
    json_decref(holds);
    return false;
}
