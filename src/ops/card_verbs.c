/* holdfast card: add, list, show, freeze, unfreeze, block. */
#include <string.h>

#include "authz/decide.h"
#include "base/money.h"
#include "ops/access.h"
#include "ops/arguments.h"
#include "ops/card_row.h"
#include "ops/hold_row.h"
#include "ops/instant.h"
#include "ops/names.h"
#include "ops/output.h"
#include "ops/verbs.h"

/* Fills the card from the command's options. */
static bool card_of_options(const struct invocation *invocation, struct operator_card *card,
                            struct error *error)
{
    const struct card_row_texts texts = {
        .token = invocation->arguments[0],
        .currency = verb_option_of(invocation, "currency"),
        .load = verb_option_of(invocation, "load"),
        .expiry = verb_option_of(invocation, "expiry"),
        .account = verb_option_of(invocation, "account"),
        .product = verb_option_of(invocation, "product"),
        .status = verb_option_of(invocation, "status"),
        .overdraft = verb_option_of(invocation, "overdraft"),
    };
    enum card_row_field wrong;
    return card_row_parse(&texts, card, &wrong, error);
}

/* Prints the card as it is now. */
static enum exit_status show_card(const struct invocation *invocation, int32_t token,
                                  bool with_holds)
{
    SCOPED(access_close_report) struct report *report = NULL;
    enum exit_status status;
    struct error error = {0};
    json_t *card = NULL;

    if (!access_open_report(invocation, &report, &status)) {
        return status;
    }
    if (!card_row_read(report, token, &card, &error)) {
        return access_fail(invocation, &error);
    }
    if (with_holds) {
        char text[24];
        snprintf(text, sizeof text, "%d", (int)token);
        json_t *holds = NULL;
        if (!hold_row_read(report, text, NULL, NULL, &holds, &error)) {
            json_decref(card);
            return access_fail(invocation, &error);
        }
        json_object_set_new(card, "holds", holds);
    }
    output_object(invocation, card_row_lines, card);
    if (with_holds && !invocation->json) {
        output_section(invocation, "Open holds", hold_row_columns, json_object_get(card, "holds"));
    }
    json_decref(card);
    return EXIT_STATUS_OK;
}

enum exit_status verbs_card_add(const struct invocation *invocation)
{
    struct operator_session *session = NULL;
    struct operator_card card;
    struct error error = {0};
    enum exit_status status;

    if (!card_of_options(invocation, &card, &error)) {
        return access_fail_usage(invocation, &error);
    }
    if (!access_open_operator(invocation, &session, &status)) {
        return status;
    }
    const bool added = operator_add_cards(session, &card, 1, NULL, &error);
    operator_close(session);
    return added ? show_card(invocation, card.token, false) : access_fail(invocation, &error);
}

enum exit_status verbs_card_list(const struct invocation *invocation)
{
    SCOPED(access_close_report) struct report *report = NULL;
    const char *name = verb_option_of(invocation, "status");
    char status_text[12];
    struct access_filter filter;
    struct error error = {0};
    enum exit_status status;
    int number = 0;

    if (!access_parse_filter(invocation, &filter, &error)) {
        return access_fail_usage(invocation, &error);
    }
    if (name != NULL && !names_parse_card_status(name, &number)) {
        (void)error_set(&error, ERROR_INVALID, "--status", "no such status: %s", name);
        return access_fail_usage(invocation, &error);
    }
    snprintf(status_text, sizeof status_text, "%d", number);
    const char *parameters[] = {filter.account, name != NULL ? status_text : NULL, NULL,
                                filter.limit_text};
    if (!access_open_report(invocation, &report, &status)) {
        return status;
    }
    if (!report_run(report, "report_card_list", parameters, 4, &error) ||
        !output_list(invocation, "cards", card_row_columns, card_row_finish, report, NULL,
                     &error)) {
        return access_fail(invocation, &error);
    }
    return EXIT_STATUS_OK;
}

enum exit_status verbs_card_show(const struct invocation *invocation)
{
    struct error error = {0};
    int32_t token = 0;

    if (!access_parse_token(invocation->arguments[0], &token, &error)) {
        return access_fail_usage(invocation, &error);
    }
    return show_card(invocation, token, true);
}

static enum exit_status set_status(const struct invocation *invocation, int card_status,
                                   const char *reason)
{
    struct operator_session *session = NULL;
    struct error error = {0};
    enum exit_status status;
    int32_t token = 0;

    if (!access_parse_token(invocation->arguments[0], &token, &error)) {
        return access_fail_usage(invocation, &error);
    }
    if (!access_open_operator(invocation, &session, &status)) {
        return status;
    }
    const bool done =
        operator_set_card_status(session, token, card_status, reason != NULL ? reason : "", &error);
    operator_close(session);
    return done ? show_card(invocation, token, false) : access_fail(invocation, &error);
}

enum exit_status verbs_card_freeze(const struct invocation *invocation)
{
    return set_status(invocation, CARD_FROZEN, verb_option_of(invocation, "reason"));
}

enum exit_status verbs_card_unfreeze(const struct invocation *invocation)
{
    return set_status(invocation, CARD_ACTIVE, verb_option_of(invocation, "reason"));
}

enum exit_status verbs_card_block(const struct invocation *invocation)
{
    static const struct {
        const char *reason;
        int status;
    } reasons[] = {
        {"lost",   CARD_LOST   },
        {"stolen", CARD_STOLEN },
        {"closed", CARD_CLOSED },
        {"issuer", CARD_BLOCKED}
    };
    const char *reason = verb_option_of(invocation, "reason");
    const char *note = verb_option_of(invocation, "note");
    struct error error = {0};
    char detail[200];

    for (size_t i = 0; reason != NULL && i < sizeof reasons / sizeof reasons[0]; i++) {
        if (strcmp(reason, reasons[i].reason) == 0) {
            snprintf(detail, sizeof detail, "%s%s%s", reason, note != NULL ? ": " : "",
                     note != NULL ? note : "");
            return set_status(invocation, reasons[i].status, detail);
        }
    }
    (void)error_set(&error, ERROR_INVALID, "--reason",
                    "expected lost, stolen, closed or issuer, found %s",
                    reason != NULL ? reason : "none");
    return access_fail_usage(invocation, &error);
}
