/* The ledger from inside: what fetch.c, commit.c and lease.c share. Private to ledger/.
 *
 * Threads: owned by one thread.   Owns: its session.   May include: base, ledger/.
 */
#ifndef LEDGER_LEDGER_STATE_H
#define LEDGER_LEDGER_STATE_H

#include "base/hash.h"
#include "ledger/array.h"
#include "ledger/batch_state.h"
#include "ledger/chain.h"
#include "ledger/ledger.h"
#include "ledger/session.h"

enum {
    LEDGER_WIRE_BYTES =
        32 * 1024 * 1024,           /* the arrays of one round trip; untouched pages cost nothing */
    LEDGER_EVENT_BYTES = 20 * 1024, /* one event's JSON; the rest of the world forwards 64 KiB */
    LEDGER_SOURCE_BYTES = 128,
    LEDGER_HEADS_MAX = 4096, /* chains */
};

struct ledger {
    struct session *session;
    struct array_writer wire;
    char source[LEDGER_SOURCE_BYTES];
    char event[LEDGER_EVENT_BYTES];
    bool begun; /* a batch was fetched and not ended */

    /* The chain that this writer continues, and its head. */
    int64_t lane, batch_number;
    uint8_t head[HASH_BYTES];

    struct batch_ids ids; /* what the last batch left over */

    struct chain_head heads[LEDGER_HEADS_MAX]; /* of all chains, for an anchor */

    /* The rows of the statement that is being queued. */
    const void *rows[BATCH_ENTRIES_MAX];
};

/* Takes a chain that nobody continues, or begins one. */
MUST_USE bool lease_take(struct ledger *ledger, int64_t deadline_mono_us, struct error *error);
/* Reads all heads (in lane order) and queues the anchor's row; *root is the hash over them. */
MUST_USE bool lease_anchor(struct ledger *ledger, int64_t deadline_mono_us,
                           uint8_t root[HASH_BYTES], int64_t *at_us, struct error *error);

/* Queues the inserts of everything the batch collected, in an order whose first write is the
 * message key. False when it does not fit into the wire. */
MUST_USE bool commit_queue(struct ledger *ledger, struct batch *batch,
                           uint8_t next_head[HASH_BYTES], bool *sealed, struct error *error);

#endif
