/* Verbs: the table of everything `holdfast` can be told, and the functions behind it.
 *
 * Threads: the process's only one.   Owns: nothing.   May include: ops/.
 */
#ifndef OPS_VERBS_H
#define OPS_VERBS_H

#include "ops/verb.h"

/* Ends with a verb whose name is NULL. */
extern const struct verb verbs_table[];

enum exit_status verbs_card_add(const struct invocation *invocation);
enum exit_status verbs_card_import(const struct invocation *invocation);
enum exit_status verbs_card_list(const struct invocation *invocation);
enum exit_status verbs_card_show(const struct invocation *invocation);
enum exit_status verbs_card_freeze(const struct invocation *invocation);
enum exit_status verbs_card_unfreeze(const struct invocation *invocation);
enum exit_status verbs_card_block(const struct invocation *invocation);
enum exit_status verbs_account_list(const struct invocation *invocation);
enum exit_status verbs_account_show(const struct invocation *invocation);
enum exit_status verbs_account_statement(const struct invocation *invocation);
enum exit_status verbs_account_load(const struct invocation *invocation);
enum exit_status verbs_auth_list(const struct invocation *invocation);
enum exit_status verbs_auth_show(const struct invocation *invocation);
enum exit_status verbs_hold_list(const struct invocation *invocation);
enum exit_status verbs_ledger_balances(const struct invocation *invocation);
enum exit_status verbs_ledger_verify(const struct invocation *invocation);
enum exit_status verbs_inbox_list(const struct invocation *invocation);
enum exit_status verbs_db_migrate(const struct invocation *invocation);
enum exit_status verbs_db_status(const struct invocation *invocation);
enum exit_status verbs_sandbox(const struct invocation *invocation);
enum exit_status verbs_version(const struct invocation *invocation);
enum exit_status verbs_help(const struct invocation *invocation);

#endif
