#include "ops/access.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/config.h"
#include "ops/arguments.h"
#include "ops/instant.h"
#include "ops/output.h"

static const char default_path[] = "/etc/holdfast/holdfast.conf";

static const char *config_path(const struct invocation *invocation)
{
    const char *from_environment = getenv("HOLDFAST_CONFIG");

    if (invocation->config_path != NULL) {
        return invocation->config_path;
    }
    return from_environment != NULL && from_environment[0] != '\0' ? from_environment
                                                                   : default_path;
}

/* Copies one text of the configuration. */
static bool read_text(const struct invocation *invocation, const char *section, const char *key,
                      char *text, size_t bytes, struct error *error)
{
    struct config *config = NULL;

    if (!config_load(config_path(invocation), NULL, &config, error)) {
        return false;
    }
    const char *value = config_text(config, section, key);
    bool ok = true;
    if (value[0] == '\0') {
        ok = error_set(error, ERROR_INVALID, key, "[%s] %s is not set in %s", section, key,
                       config_path(invocation));
    } else if (strlen(value) >= bytes) {
        ok = error_set(error, ERROR_INVALID, key, "[%s] %s is over %zu bytes long", section, key,
                       bytes - 1);
    } else {
        memcpy(text, value, strlen(value) + 1);
    }
    config_destroy(config);
    return ok;
}

bool access_conninfo(const struct invocation *invocation, const char *role,
                     char conninfo[ACCESS_CONNINFO_BYTES], struct error *error)
{
    return read_text(invocation, "database", role, conninfo, ACCESS_CONNINFO_BYTES, error);
}

static void say(const struct invocation *invocation, const struct error *error)
{
    fflush(invocation->out);
    fprintf(invocation->err, "holdfast: %s%s%s\n", error->field,
            error->field[0] != '\0' ? ": " : "", error->message);
}

enum exit_status access_fail(const struct invocation *invocation, const struct error *error)
{
    say(invocation, error);
    switch (error->code) {
    case ERROR_NOT_FOUND:
        return EXIT_STATUS_NOT_FOUND;
    case ERROR_LATE:
    case ERROR_UNAVAILABLE:
        return EXIT_STATUS_UNREACHABLE;
    case ERROR_NONE:
    case ERROR_INVALID:
    case ERROR_CONFLICT:
    case ERROR_LIMIT:
    case ERROR_INTERNAL:
        break;
    }
    return EXIT_STATUS_FAILED;
}

enum exit_status access_fail_usage(const struct invocation *invocation, const struct error *error)
{
    say(invocation, error);
    return EXIT_STATUS_USAGE;
}

bool access_open_report(const struct invocation *invocation, struct report **ret_report,
                        enum exit_status *status)
{
    char conninfo[ACCESS_CONNINFO_BYTES];
    struct error error = {0};

    if (!access_conninfo(invocation, "reader", conninfo, &error)) {
        *status = access_fail_usage(invocation, &error);
        return false;
    }
    if (!report_open(conninfo, ret_report, &error)) {
        *status = access_fail(invocation, &error);
        return false;
    }
    return true;
}

void access_close_report(struct report **report)
{
    report_close(*report);
}

/* The person for the audit: who called sudo, else the login of this process. */
static const char *who(void)
{
    const char *sudo = getenv("SUDO_USER");
    const struct passwd *user = getpwuid(getuid());

    if (sudo != NULL && sudo[0] != '\0') {
        return sudo;
    }
    return user != NULL ? user->pw_name : "unknown";
}

bool access_open_operator(const struct invocation *invocation,
                          struct operator_session **ret_session, enum exit_status *status)
{
    char conninfo[ACCESS_CONNINFO_BYTES], instance[ACCESS_INSTANCE_BYTES];
    struct error error = {0};

    if (!access_conninfo(invocation, "operator", conninfo, &error) ||
        !read_text(invocation, "instance", "name", instance, sizeof instance, &error)) {
        *status = access_fail_usage(invocation, &error);
        return false;
    }
    if (!operator_open(conninfo, instance, who(), ret_session, &error)) {
        *status = access_fail(invocation, &error);
        return false;
    }
    return true;
}

bool access_parse_token(const char *text, int32_t *token, struct error *error)
{
    int64_t number = 0;

    /* A card number typed by mistake must not be printed back. */
    if (strlen(text) != 9 || !arguments_number(text, 1, 999999999, &number)) {
        return error_set(error, ERROR_INVALID, "TOKEN",
                         "expected the processor's public token, nine digits, found %zu characters",
                         strlen(text));
    }
    *token = (int32_t)number;
    return true;
}

bool access_parse_account(const char *text, int64_t *account, struct error *error)
{
    if (!arguments_number(text, 1, INT64_MAX, account)) {
        return error_set(error, ERROR_INVALID, "ACCOUNT",
                         "expected an account's number, found %.30s", text);
    }
    return true;
}

bool access_parse_filter(const struct invocation *invocation, struct access_filter *filter,
                         struct error *error)
{
    const char *since = verb_option_of(invocation, "since");
    int32_t token = 0;
    int64_t account = 0, since_us = 0;

    *filter = (struct access_filter){
        .card = verb_option_of(invocation, "card"),
        .account = verb_option_of(invocation, "account"),
    };
    if (filter->card != NULL && !access_parse_token(filter->card, &token, error)) {
        return false;
    }
    if (filter->account != NULL && !access_parse_account(filter->account, &account, error)) {
        return false;
    }
    if (since != NULL) {
        if (!instant_parse(since, clock_wall_us(), invocation->utc, &since_us, error)) {
            return false;
        }
        filter->since = clock_format_utc(since_us, filter->since_text);
    }
    snprintf(filter->limit_text, sizeof filter->limit_text, "%lld",
             (long long)output_rows_wanted(invocation));
    return true;
}
