/* The batch: what one transaction reads and writes, in memory.
 *
 * Life: batch_init once; for each round batch_reset, batch_add_key for every message, ledger_fetch,
 * then for each message look-ups and effects, then ledger_commit. Effects change the accounts in
 * memory at once (balances, versions, holds, entries), so the next message of the same account sees
 * them. All memory comes from the batch's arena; limits are constants, and reaching one makes the
 * effect return false (the message is then put off to the next batch).
 *
 * Statements are opaque bytes here: authz/ knows what they mean.
 *
 * Threads: owned by one lane.   Owns: its arena.   May include: base only.
 */
#ifndef LEDGER_BATCH_H
#define LEDGER_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum {
    BATCH_MESSAGES_MAX = 512,
    BATCH_FACTS_BYTES = 256, /* of a statement */
    BATCH_PARKED_EACH = 128, /* parked messages that one message may find */
    BATCH_REQUEST_ID_BYTES = 64,
};

/* What ledger_fetch looks for, for one message. Keys of 0 are absent. */
struct batch_key {
    uint64_t txn_id, matching_txn_id;
    int32_t token; /* 0: none */
    int64_t trace_key, trace_message_key, link_key, acquirer_ref_key;
};

struct batch_card {
    int32_t token;
    int64_t account;
    int64_t product; /* as registered; 0: none */
    int status;      /* authz/decide.h enum card_status */
    int32_t expiry_yyyymm;
};

struct batch_account {
    int64_t id;
    uint16_t currency;
    int status;
    int64_t overdraft, posted, held; /* minor units */
    int64_t version, event_version;
    int64_t last_at_us;
    /* batch's own: what it was when fetched, and whether anything changed */
    int64_t fetched_version, fetched_event_version;
    bool touched;
};

/* A message that is stored already, under (txn_id, role). The answer is the one told. */
struct batch_stored {
    uint64_t txn_id;
    int role;
    int64_t account; /* 0: none */
    uint8_t facts[BATCH_FACTS_BYTES];
    size_t facts_bytes;
    char response[3];
    bool acknowledged;
    uint16_t currency;
    int64_t posted_minor, available_minor, approved_minor;
};

/* A statement's place in a payment. */
struct batch_entry {
    int64_t account;
    uint64_t payment, txn_id;
    int role;
    uint32_t n;
    /* keys, so that later messages of the same batch find new entries as the database finds old
     * ones */
    int64_t trace_key, trace_message_key, link_key, acquirer_ref_key;
    uint64_t matching_txn_id;
    uint8_t facts[BATCH_FACTS_BYTES];
    size_t facts_bytes;
};

/* A hold row. One authorisation has at most one open; a closed one never reopens, so growth after
 * the end opens generation n + 1. */
struct batch_hold {
    int64_t account;
    uint64_t payment, txn_id;          /* txn_id: the authorisation's key */
    int generation;                    /* 1, 2, … */
    int64_t amount, cleared, released; /* minor units; remaining = amount − cleared − released */
    int state;                         /* enum hold_state */
};

enum hold_state {
    HOLD_OPEN = 1,
    HOLD_CLEARED = 2,
    HOLD_RELEASED = 3,
    HOLD_EXPIRED = 4,
    HOLD_VOIDED = 5
};

struct batch_parked {
    int64_t account;
    int32_t token;
    uint64_t txn_id;
    int role;
    int64_t inbox_id;
    int why; /* authz/decide.h enum inbox_why: INBOX_PARKED or INBOX_UNRELIABLE */
    uint8_t facts[BATCH_FACTS_BYTES];
    size_t facts_bytes;
    bool closed; /* joined a payment in this batch */
};

/* A message row to write. */
struct batch_message {
    uint64_t txn_id;
    int role, row;   /* statement.h numbers */
    int64_t account; /* 0: unknown card */
    int32_t token;
    int64_t product;
    uint64_t payment;                 /* 0: none */
    const char *kind, *reason, *rule; /* names, borrowed until commit (static) */
    const char *scheme;               /* "mastercard", "visa", "" */
    bool is_decision;                 /* an authorisation decision: shown by `auth list` */
    bool approved;
    char response[3];
    bool acknowledged;
    uint16_t currency;    /* of the amounts below; 0: none */
    int64_t amount_minor; /* what was asked, absolute */
    int64_t posted_minor, available_minor, approved_minor;
    int64_t match_score;                  /* −1: not matched */
    const char *match_rule;               /* "" when not */
    const char *repair;                   /* "R1" …, static; NULL: none */
    const char *request_id, *traceparent; /* borrowed until commit */
    const uint8_t *facts;
    size_t facts_bytes; /* borrowed until commit */
    const uint8_t *fields;
    size_t fields_bytes;                          /* borrowed until commit */
    const char *merchant_name, *merchant_country; /* for events; borrowed */
    uint16_t mcc;
    const char *actor;
};

struct batch; /* open below for arrays of the ledger's own files; others use the functions */

struct batch *batch_create(void);
void batch_destroy(struct batch *batch); /* NULL is fine */
/* Empties it for the next round. */
void batch_reset(struct batch *batch);
/* False when the batch is full. A batch that is fetched needs at least one key. */
bool batch_add_key(struct batch *batch, const struct batch_key *key);

/* --- what was fetched (and what this batch added to it) --- */

/* NULL: no such card. */
const struct batch_card *batch_find_card(const struct batch *batch, int32_t token);
/* NULL: not locked by us (someone else holds it): put the message off. */
struct batch_account *batch_find_account(struct batch *batch, int64_t account);
const struct batch_stored *batch_find_stored(const struct batch *batch, uint64_t txn_id, int role);
/* Collects complete payments of `account` that share a reference with key (its id as an entry's id,
 * Matching_Txn_ID either way round, trace, trace of the message, link, acquirer reference), new
 * entries of this batch included, in (payment, n) order. False when more than `max` match: *count
 * is then max. */
bool batch_find_entries(const struct batch *batch, int64_t account, const struct batch_key *key,
                        const struct batch_entry **entries, size_t max, size_t *count);
/* The account's parked messages that may have waited for the message with that key and have not
 * joined a payment, oldest first: those that name it, and, where no candidate was known when they
 * came, those that share a trace, link or acquirer reference with it. False when there are, or were
 * in this batch, more than `max`: *count is then max, and which ones are missing is unknown. */
bool batch_find_parked(struct batch *batch, int64_t account, const struct batch_key *key,
                       struct batch_parked **parked, size_t max, size_t *count);
/* Wall clock of the database after the locks, microseconds; the time of this batch. */
int64_t batch_at_us(const struct batch *batch);

/* --- effects: all false when a limit is reached; nothing is then changed --- */

/* Starts a journal: the transfers and events that follow belong together, and to this message.
 * Copies *message (its borrowed pointers stay borrowed). The row is written at commit. */
bool batch_begin_journal(struct batch *batch, const struct batch_message *message);
/* Takes the effects of the journal begun last back out of memory (a later effect hit a limit). */
void batch_cancel_journal(struct batch *batch);

/* Adds the message as an entry of payment (made when new); n is the next of that payment. */
bool batch_add_entry(struct batch *batch, struct batch_account *account, uint64_t payment,
                     const struct batch_key *key, int role, const uint8_t *facts,
                     size_t facts_bytes);
/* Changes what one authorisation holds: books pending transfers (code, and CODE 15 for the fee part
 * of a growth when code is 10; the fee is inside `code` otherwise), moves the hold row and the
 * account. delta < 0 releases from the open row; where that does not hold so much, the books
 * contradict the caller: false, and batch_take_contradiction says so. `expires_at_us` 0: leave as
 * is, or the default for a new hold. */
bool batch_change_hold(struct batch *batch, struct batch_account *account, uint64_t payment,
                       uint64_t txn_id, int32_t token, int64_t delta_minor, int64_t fee_minor,
                       int code, int64_t expires_at_us);
/* Whether the last effect that failed did so because of what is stored, and not of a limit: in a
 * batch of its own it would fail again. Asking forgets it. */
bool batch_take_contradiction(struct batch *batch);
/* Posted layer: from the customer to an internal account of its currency (internal: enum
 * internal_kind), or back when amount_minor < 0. */
bool batch_post(struct batch *batch, struct batch_account *account, int internal,
                int64_t amount_minor, int code);
/* An event of the account, rendered as CloudEvents JSON at commit. `type` without "io.holdfast.",
 * static. extra_* may be NULL. */
bool batch_add_event(struct batch *batch, struct batch_account *account, const char *type);
/* The account's available balance as the next message would find it. */
int64_t batch_available(const struct batch_account *account);
/* Puts the journal's message in the inbox; `why` is decide.h's enum inbox_why. */
bool batch_add_inbox(struct batch *batch, int why);
/* A message that is not stored as such (malformed, unreadable): inbox only. txn_id 0: none. */
bool batch_add_inbox_only(struct batch *batch, int why, const struct batch_message *message);
/* A parked message has found its payment: adds its entry, closes its inbox row. */
bool batch_join_parked(struct batch *batch, struct batch_account *account, uint64_t payment,
                       struct batch_parked *parked);
/* A conflicting message, kept beside the one that is stored. */
bool batch_add_refused(struct batch *batch, const struct batch_message *message);
/* What was really answered to (txn_id, role), where it is not the stored answer. */
bool batch_add_told(struct batch *batch, uint64_t txn_id, int role, const char response[3],
                    bool acknowledged);
/* A Cut_Off: stored by CutoffID; a repeat changes nothing. */
struct batch_cutoff {
    int64_t cutoff_id, product;
    uint64_t first_txn_id, last_txn_id;
    int64_t counts[8];
    const char *request_id;
};
bool batch_add_cutoff(struct batch *batch, const struct batch_cutoff *cutoff);

/* Internal accounts, one a currency: account id = kind << 10 | currency. Stored: never renumber. */
enum internal_kind {
    INTERNAL_BANK = 1, /* assets:bank, safeguarded money */
    INTERNAL_AUTHORISED =
        3, /* scheme:authorised, counter account of every hold (pending layer only) */
    INTERNAL_SETTLEMENT = 4, /* scheme:settlement */
    INTERNAL_FEES = 5,       /* income:fees */
    INTERNAL_FX_DIFFERENCE = 6,
    INTERNAL_SUSPENSE = 7,
    INTERNAL_CHARGEBACK = 8,
    INTERNAL_CREDIT_ADVANCE = 9,
    INTERNAL_LOSS = 10,
    INTERNAL_UNCLAIMED = 11,
};

#endif
