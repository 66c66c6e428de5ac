/* Chain: the fixed binary form of history, and the hashes over it.
 *
 * Each batch that moved money is sealed by
 *
 *     hash = SHA-256( "HFL1" ‖ lane u64 ‖ batch u64 ‖ n u32 ‖ at i64 ‖ prev[32] ‖ rows )
 *
 * rows in (account, version) order, every field big-endian and of fixed width, in the order of
 * struct chain_row, NULL as all ones; texts do not occur, the message enters as SHA-256 of its
 * facts. One encoding, written once, here: the writer and `ledger verify` both call it. A change of
 * form is a new version ("HFL2"), never an edit.
 *
 * Threads: pure.   Owns: nothing.   May include: base/hash.h, nettle.
 */
#ifndef LEDGER_CHAIN_H
#define LEDGER_CHAIN_H

#include <nettle/sha2.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

enum { CHAIN_ROW_BYTES = 148 };
/* Stands for NULL in hold_txn_id, hold_generation and reverses. */
#define CHAIN_NULL (-1)

/* A transfer, all of it that carries money or meaning. */
struct chain_row {
    int64_t id, journal_id;
    int16_t layer;
    int64_t debit, credit, amount;
    int16_t currency, code;
    int64_t account, version;
    int64_t hold_txn_id;     /* CHAIN_NULL: none */
    int16_t hold_generation; /* CHAIN_NULL: none */
    int64_t reverses;        /* CHAIN_NULL: none */
    int64_t posted_after, held_after, overdraft_at;
    int64_t at_us;               /* since 1970 */
    int32_t business_date;       /* days since 1970 */
    uint8_t message[HASH_BYTES]; /* SHA-256 of the facts of the journal's message; zeros: none */
};

struct chain_header {
    int64_t lane, batch;
    uint32_t n;
    int64_t at_us;
    uint8_t prev[HASH_BYTES];
};

struct chain_hash {
    struct sha256_ctx sha;
};

void chain_row_encode(const struct chain_row *row, uint8_t bytes[CHAIN_ROW_BYTES]);

/* Begin, then every row in (account, version) order, then end. */
void chain_begin(struct chain_hash *hash, const struct chain_header *header);
void chain_add(struct chain_hash *hash, const struct chain_row *row);
void chain_end(struct chain_hash *hash, uint8_t digest[HASH_BYTES]);

struct chain_head {
    int64_t lane, batch;
    uint8_t hash[HASH_BYTES];
};
/* SHA-256( "HFA1" ‖ count u32 ‖ (lane u64 ‖ batch u64 ‖ hash[32]) … ), heads in lane order: what an
 * anchor keeps, and the `prev` of a genesis. */
void chain_root(const struct chain_head *heads, size_t count, uint8_t root[HASH_BYTES]);

#endif
