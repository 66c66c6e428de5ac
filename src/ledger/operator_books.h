/* The books of one operator's command: what operator_card.c and operator_load.c share.
 *
 * A command takes two round trips like a lane's batch: books_begin locks the accounts in id order
 * and reads; then changes are made in memory (loads, events, audit rows); books_send queues the
 * writes, the command adds its own, and books_commit seals the batch in the session's hash chain
 * and commits.
 *
 * Threads: owned by its session.   Owns: its arrays.   May include: base, ledger/, libpq.
 */
#ifndef LEDGER_OPERATOR_BOOKS_H
#define LEDGER_OPERATOR_BOOKS_H

#include "base/error.h"
#include "ledger/array.h"
#include "ledger/chain.h"
#include "ledger/ledger_state.h"
#include "ledger/operator.h"
#include "ledger/session.h"

enum {
    BOOKS_WHO_BYTES = 64,
    BOOKS_SOURCE_BYTES = 128,
    BOOKS_TEXT_BYTES = 256,
    BOOKS_EVENT_BYTES = 1024,
    BOOKS_ID_BLOCK = 4096,  /* ids that one number of the sequence ledger_id stands for */
    BOOKS_ROWS_MAX = 10000, /* cards of one call */
};

/* As stored; authz/decide.h has the same numbers, and a test holds the two together. */
enum books_card_status {
    BOOKS_CARD_ACTIVE = 1,
    BOOKS_CARD_NOT_ACTIVE = 2,
    BOOKS_CARD_FROZEN = 3,
    BOOKS_CARD_BLOCKED = 4,
    BOOKS_CARD_LOST = 5,
    BOOKS_CARD_STOLEN = 6,
    BOOKS_CARD_EXPIRED = 7,
    BOOKS_CARD_CLOSED = 9,
};
enum books_account_status { BOOKS_ACCOUNT_CLOSING = 8, BOOKS_ACCOUNT_CLOSED = 9 };

struct books_account {
    int64_t id;
    int kind, status;
    int64_t overdraft, posted, held, version, event_version, last_at_us;
    int64_t version_read, event_version_read;
    bool is_new, touched;
};

struct books_event {
    int64_t account, event_version, journal, at_us; /* journal 0: none */
    const char *type;                               /* "io.holdfast.card.added"; static */
    char *payload;                                  /* CloudEvents JSON; ours */
};

struct books_audit {
    const char *action; /* static */
    char object[64], detail[BOOKS_TEXT_BYTES];
};

struct operator_session {
    struct ledger *ledger;   /* connection and hash chain, as a lane has them */
    struct session *session; /* the ledger's */
    char source[BOOKS_SOURCE_BYTES], who[BOOKS_WHO_BYTES];
    bool sealing; /* this transaction extends the chain */
    uint8_t sealed[HASH_BYTES];
    int64_t id_next, id_end; /* what is left of the block of ids */

    /* This transaction. */
    int64_t at_us;
    struct books_account *accounts;
    size_t account_count;
    struct chain_row *transfers;
    size_t transfer_count;
    struct books_event *events;
    size_t event_count;
    struct books_audit *audits;
    size_t audit_count;
    size_t rows_max; /* of each of these */
    struct array_writer writer;
};

/* Deadline of one round trip of a command. */
int64_t books_deadline(void);
/* Makes room for a transaction of so many rows and empties it. */
MUST_USE bool books_reset(struct operator_session *session, size_t rows, struct error *error);
void books_finish(struct operator_session *session);

/* Queues BEGIN and the locks on these accounts and on those of these tokens. */
void books_send_begin(struct operator_session *session, const int64_t *accounts,
                      size_t account_count, const int32_t *tokens, size_t token_count);
/* Keeps the accounts of that statement's result. */
MUST_USE bool books_keep_accounts(struct operator_session *session, const PGresult *locked,
                                  struct error *error);
/* NULL: not locked, so there is none. The pointer lives until an account is added. */
struct books_account *books_find_account(struct operator_session *session, int64_t id);
/* A new customer account, to be inserted. */
struct books_account *books_add_account(struct operator_session *session, int64_t id,
                                        int64_t overdraft_minor);

/* Posts bank → customer and its event; *ret_journal is the journal. ERROR_INVALID when the balance
 * would be too large. */
MUST_USE bool books_load(struct operator_session *session, struct books_account *account,
                         int64_t amount_minor, int32_t token, int64_t *ret_journal,
                         struct error *error);
/* An event of the account about a card (0: none), beside a journal (0: none). `status` may be NULL.
 */
void books_add_event(struct operator_session *session, struct books_account *account,
                     const char *type, int32_t token, int64_t journal, int64_t amount_minor,
                     const char *status);
void books_add_audit(struct operator_session *session, const char *action, const char *object,
                     const char *detail);

/* Queues everything that was changed: accounts, transfers, events, chain, audit. */
MUST_USE bool books_send(struct operator_session *session, struct error *error);
/* Queues COMMIT and waits. On failure nothing was written; `lost` outcomes are said in the error.
 */
MUST_USE bool books_commit(struct operator_session *session, struct error *error);
void books_rollback(struct operator_session *session);

#endif
