/* The batch from inside: the arrays that ledger_fetch fills, the effects write and ledger_commit
 * reads. Private to ledger/; others see batch.h.
 *
 * All arrays are allocated once, by batch_create; a reset sets counts to zero. What was fetched
 * stands in front, in the database's order (searched by halves), what this batch adds stands
 * behind.
 *
 * Threads: owned by one lane.   Owns: itself.   May include: base, batch.h.
 */
#ifndef LEDGER_BATCH_STATE_H
#define LEDGER_BATCH_STATE_H

#include <assert.h>

#include "ledger/batch.h"

enum {
    BATCH_JOURNALS_MAX = 2 * BATCH_MESSAGES_MAX, /* a withdrawal beside each message */
    BATCH_STORED_MAX = 3 * BATCH_MESSAGES_MAX + BATCH_JOURNALS_MAX, /* three roles an id */
    BATCH_ENTRIES_MAX = 65536,
    BATCH_HOLDS_MAX = 16384,
    BATCH_PARKED_MAX = 4096 + BATCH_JOURNALS_MAX,
    BATCH_TRANSFERS_MAX = 3072,
    BATCH_EVENTS_MAX = 4 * BATCH_JOURNALS_MAX,
    BATCH_INBOX_MAX = BATCH_JOURNALS_MAX,
    BATCH_REFUSED_MAX = BATCH_MESSAGES_MAX,
    BATCH_TOLD_MAX = BATCH_MESSAGES_MAX,
    BATCH_CUTOFFS_MAX = 16,
    /* accounts, holds and others that one journal may change, and what joins it */
    BATCH_UNDO_MAX = 64 + BATCH_PARKED_EACH,
    BATCH_PAYMENTS_MAX = 64,  /* candidate payments of one message */
    BATCH_WHY_PARKED = 2,     /* decide.h's INBOX_PARKED: waits for any original */
    BATCH_WHY_UNRELIABLE = 3, /* decide.h's INBOX_UNRELIABLE: waits for the one that it names */
    BATCH_HOLD_DAYS =
        10, /* a hold's life when the message names no end: 7 days and 3 for the post */
    BATCH_ID_BLOCK = 4096, /* increment of sequence ledger_id */
    CODE_BATCH_AUTHORISATION = 10,
    CODE_BATCH_EXPIRED = 13,
    CODE_BATCH_VOIDED = 14,
    CODE_BATCH_HELD_FEE = 15,
    CODE_BATCH_CLEARED = 21,
};
static_assert(BATCH_JOURNALS_MAX + BATCH_TRANSFERS_MAX <= BATCH_ID_BLOCK,
              "two blocks of ids must last for a batch");

struct batch_journal {
    struct batch_message message;
    int64_t id, at_us;
};

struct batch_transfer {
    const struct batch_journal *journal;
    int64_t id, at_us;
    int16_t layer, code;
    uint16_t currency;
    int64_t debit, credit, amount;
    int64_t account, version;
    int64_t hold_txn_id; /* 0: none */
    int16_t hold_generation;
    int64_t posted_after, held_after, overdraft_at;
};

struct batch_event {
    const struct batch_message *message;
    int64_t journal_id; /* 0: none */
    int64_t account, event_version, at_us;
    uint16_t currency;
    int64_t posted, held, available;
    const char *type;
};

struct batch_hold_slot {
    struct batch_hold hold;
    int32_t token;
    int64_t opened_at_us, expires_at_us, closed_at_us;
    bool is_new, changed;
};

/* .parked is first: what batch_find_parked hands out is the slot. */
struct batch_parked_slot {
    struct batch_parked parked;
    struct batch_key key;
};

struct batch_inbox_row {
    struct batch_message message;
    bool stored; /* the message has its row in table message */
    bool joined; /* found its payment in this batch */
    int why;
    int64_t at_us;
    int32_t parked; /* index of its slot, −1: not parked */
    struct batch_key key;
};

struct batch_told_row {
    uint64_t txn_id;
    int role;
    char response[3];
    bool acknowledged;
};

/* Ids from the database, in up to two blocks. */
struct batch_ids {
    int64_t next, end;
    int64_t spare_next, spare_end;
};

enum batch_undo_kind { UNDO_ACCOUNT, UNDO_HOLD, UNDO_PARKED, UNDO_STORED };
struct batch_undo {
    enum batch_undo_kind kind;
    size_t index;
    union {
        struct batch_account account;
        struct batch_hold_slot hold;
        struct batch_stored stored;
    } before;
};

/* How long each list was when the journal began. */
struct batch_marks {
    size_t journals, stored, entries, holds, parked, transfers, events, inbox, refused, told,
        cutoffs;
    struct batch_ids ids;
    const struct batch_message *subject;
    int64_t subject_journal;
};

struct batch {
    struct batch_key keys[BATCH_MESSAGES_MAX];
    size_t key_count;

    int64_t at_us;
    struct batch_ids ids;
    struct batch_card cards[BATCH_MESSAGES_MAX];
    struct batch_account accounts[BATCH_MESSAGES_MAX];
    size_t card_count, account_count;

    struct batch_stored stored[BATCH_STORED_MAX];
    struct batch_entry entries[BATCH_ENTRIES_MAX];
    struct batch_hold_slot holds[BATCH_HOLDS_MAX];
    struct batch_parked_slot parked[BATCH_PARKED_MAX];
    size_t stored_count, stored_fetched, entry_count, entries_fetched, hold_count, parked_count;

    struct batch_journal journals[BATCH_JOURNALS_MAX];
    struct batch_transfer transfers[BATCH_TRANSFERS_MAX];
    struct batch_event events[BATCH_EVENTS_MAX];
    struct batch_inbox_row inbox[BATCH_INBOX_MAX];
    struct batch_message refused[BATCH_REFUSED_MAX];
    struct batch_told_row told[BATCH_TOLD_MAX];
    struct batch_cutoff cutoffs[BATCH_CUTOFFS_MAX];
    size_t journal_count, transfer_count, event_count, inbox_count, refused_count, told_count,
        cutoff_count;

    /* What events are about: the journal begun last, or the refused message added last. */
    const struct batch_message *subject;
    int64_t subject_journal; /* 0: refused, or none yet */

    bool journal_open; /* may be cancelled */
    bool contradicted; /* an effect asked for what the fetched holds do not have */
    struct batch_marks marks;
    struct batch_undo undo[BATCH_UNDO_MAX];
    size_t undo_count;
};

/* Saves what is about to change, once a journal. False when the log is full. Without an open
 * journal there is nothing to go back to, and it returns true. */
bool batch_save_account(struct batch *batch, const struct batch_account *account);
bool batch_save_hold(struct batch *batch, const struct batch_hold_slot *slot);
bool batch_save_parked(struct batch *batch, const struct batch_parked_slot *slot);
bool batch_save_stored(struct batch *batch, const struct batch_stored *stored);

/* The next id, or 0 when none is left. */
int64_t batch_take_id(struct batch *batch);
/* The newest generation of an authorisation's hold, or NULL. */
struct batch_hold_slot *batch_find_hold(struct batch *batch, int64_t account, uint64_t txn_id);
/* The references of the message with that id, among the batch's keys; NULL: it has none. */
const struct batch_key *batch_find_key(const struct batch *batch, uint64_t txn_id);
/* True when the batch would write something. */
bool batch_has_effects(const struct batch *batch);
/* The time of the account's next row: the batch's, but never below its last. */
int64_t batch_account_at_us(const struct batch *batch, const struct batch_account *account);

/* Counts the account among those that the commit updates, at its next time. */
void batch_touch(struct batch *batch, struct batch_account *account);
/* The journal begun last; asserted to exist. */
const struct batch_journal *batch_last_journal(const struct batch *batch);

#endif
