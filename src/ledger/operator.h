/* What an operator may change: cards, their status, loads. Every change goes the way of the
 * daemon's own: account lock in id order, version, event, chain, and an audit row with who and why.
 *
 * Threads: a session is owned by one thread.   Owns: its connection (operator role).
 * May include: base, ledger/, libpq.
 */
#ifndef LEDGER_OPERATOR_H
#define LEDGER_OPERATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct operator_session;

/* `who` names the person for the audit ("alice", the login name by default). */
MUST_USE bool operator_open(const char *conninfo, const char *source, const char *who,
                            struct operator_session **ret_session, struct error *error);
void operator_close(struct operator_session *session); /* NULL is fine */

struct operator_card {
    int32_t token;
    int32_t expiry_yyyymm;   /* 0: none */
    int64_t load_minor;      /* >= 0: posted at once as a load */
    int64_t account;         /* 0: make one; else an existing account of that currency */
    int64_t product;         /* 0: none */
    int64_t overdraft_minor; /* of a new account */
    int status;              /* authz/decide.h enum card_status; 0: active */
    uint16_t currency;
};
/* Adds cards (and accounts) in one transaction: all or none. On failure *failed (may be NULL) is
 * the index of the culprit. Fills cards[i].account. ERROR_CONFLICT: the token exists;
 * ERROR_NOT_FOUND: no such account; ERROR_INVALID: currency differs from the account's, … */
MUST_USE bool operator_add_cards(struct operator_session *session, struct operator_card *cards,
                                 size_t count, size_t *failed, struct error *error);

/* Sets a card's status; a closed, lost or stolen card never comes back (ERROR_CONFLICT). Event
 * "card.frozen", "card.unfrozen", "card.blocked", …; `reason` goes into the audit row. */
MUST_USE bool operator_set_card_status(struct operator_session *session, int32_t token, int status,
                                       const char *reason, struct error *error);

/* Loads an account: assets:bank → customer. `key` makes it idempotent: the same key and amount
 * again moves nothing (*repeated true), another amount is ERROR_CONFLICT. *journal is the
 * transfer's journal. */
MUST_USE bool operator_load(struct operator_session *session, int64_t account, int64_t amount_minor,
                            const char *key, bool *repeated, int64_t *journal, struct error *error);

#endif
