/* Access: from a command line to an open database, and from an error to an exit status.
 *
 * Threads: one owner.   Owns: nothing beyond a call.   May include: base, ledger/ headers, ops/.
 */
#ifndef OPS_ACCESS_H
#define OPS_ACCESS_H

#include "base/error.h"
#include "ledger/operator.h"
#include "ledger/report.h"
#include "ops/verb.h"

enum { ACCESS_CONNINFO_BYTES = 1024, ACCESS_INSTANCE_BYTES = 128 };

/* A conninfo of [database]: "reader", "operator" or "admin". Fails with what is wrong with the
 * configuration; access_fail_configuration tells it. */
MUST_USE bool access_conninfo(const struct invocation *invocation, const char *role,
                              char conninfo[ACCESS_CONNINFO_BYTES], struct error *error);

/* Opens the books for reading. On failure says why; *status is then the exit status. */
MUST_USE bool access_open_report(const struct invocation *invocation, struct report **ret_report,
                                 enum exit_status *status);
void access_close_report(struct report **report); /* for SCOPED */
/* Opens them for an operator's change. */
MUST_USE bool access_open_operator(const struct invocation *invocation,
                                   struct operator_session **ret_session, enum exit_status *status);

/* Says the error on standard error and returns its exit status. */
enum exit_status access_fail(const struct invocation *invocation, const struct error *error);
/* The same for what the person typed or configured: exit status 2. */
enum exit_status access_fail_usage(const struct invocation *invocation, const struct error *error);

/* Arguments that several verbs take. An error is about what was typed. */
MUST_USE bool access_parse_token(const char *text, int32_t *token, struct error *error);
MUST_USE bool access_parse_account(const char *text, int64_t *account, struct error *error);
/* The options --card, --account and --since where given; NULL and text for a report's parameters.
 */
struct access_filter {
    const char *card, *account, *since; /* NULL: not given */
    char since_text[40];
    char limit_text[24];
};
MUST_USE bool access_parse_filter(const struct invocation *invocation, struct access_filter *filter,
                                  struct error *error);

#endif
