#include "ledger/chain.h"

#include <assert.h>
#include <string.h>

enum { WIDTH_2 = 2, WIDTH_4 = 4, WIDTH_8 = 8 };

static uint8_t *put(uint8_t *out, uint64_t number, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        out[i] = (uint8_t)(number >> (8 * (width - 1 - i)));
    }
    return out + width;
}

static uint8_t *put_bytes(uint8_t *out, const void *bytes, size_t count)
{
    memcpy(out, bytes, count);
    return out + count;
}

void chain_row_encode(const struct chain_row *row, uint8_t bytes[CHAIN_ROW_BYTES])
{
    uint8_t *end = bytes;
    end = put(end, (uint64_t)row->id, WIDTH_8);
    end = put(end, (uint64_t)row->journal_id, WIDTH_8);
    end = put(end, (uint64_t)row->layer, WIDTH_2);
    end = put(end, (uint64_t)row->debit, WIDTH_8);
    end = put(end, (uint64_t)row->credit, WIDTH_8);
    end = put(end, (uint64_t)row->amount, WIDTH_8);
    end = put(end, (uint64_t)row->currency, WIDTH_2);
    end = put(end, (uint64_t)row->code, WIDTH_2);
    end = put(end, (uint64_t)row->account, WIDTH_8);
    end = put(end, (uint64_t)row->version, WIDTH_8);
    end = put(end, (uint64_t)row->hold_txn_id, WIDTH_8);
    end = put(end, (uint64_t)row->hold_generation, WIDTH_2);
    end = put(end, (uint64_t)row->reverses, WIDTH_8);
    end = put(end, (uint64_t)row->posted_after, WIDTH_8);
    end = put(end, (uint64_t)row->held_after, WIDTH_8);
    end = put(end, (uint64_t)row->overdraft_at, WIDTH_8);
    end = put(end, (uint64_t)row->at_us, WIDTH_8);
    end = put(end, (uint64_t)row->business_date, WIDTH_4);
    end = put_bytes(end, row->message, HASH_BYTES);
    assert(end == bytes + CHAIN_ROW_BYTES);
}

void chain_begin(struct chain_hash *hash, const struct chain_header *header)
{
    uint8_t bytes[4 + WIDTH_8 + WIDTH_8 + WIDTH_4 + WIDTH_8 + HASH_BYTES], *end = bytes;
    end = put_bytes(end, "HFL1", 4);
    end = put(end, (uint64_t)header->lane, WIDTH_8);
    end = put(end, (uint64_t)header->batch, WIDTH_8);
    end = put(end, header->n, WIDTH_4);
    end = put(end, (uint64_t)header->at_us, WIDTH_8);
    end = put_bytes(end, header->prev, HASH_BYTES);
    assert(end == bytes + sizeof(bytes));
    sha256_init(&hash->sha);
    sha256_update(&hash->sha, sizeof(bytes), bytes);
}

void chain_add(struct chain_hash *hash, const struct chain_row *row)
{
    uint8_t bytes[CHAIN_ROW_BYTES];
    chain_row_encode(row, bytes);
    sha256_update(&hash->sha, sizeof(bytes), bytes);
}

void chain_end(struct chain_hash *hash, uint8_t digest[HASH_BYTES])
{
    sha256_digest(&hash->sha, HASH_BYTES, digest);
}

void chain_root(const struct chain_head *heads, size_t count, uint8_t root[HASH_BYTES])
{
    struct sha256_ctx sha;
    uint8_t bytes[WIDTH_8 + WIDTH_8 + HASH_BYTES];

    sha256_init(&sha);
    sha256_update(&sha, 4, (const uint8_t *)"HFA1");
    put(bytes, count, WIDTH_4);
    sha256_update(&sha, WIDTH_4, bytes);
    for (size_t i = 0; i < count; i++) {
        assert(i == 0 || heads[i - 1].lane < heads[i].lane);
        uint8_t *end = put(bytes, (uint64_t)heads[i].lane, WIDTH_8);
        end = put(end, (uint64_t)heads[i].batch, WIDTH_8);
        put_bytes(end, heads[i].hash, HASH_BYTES);
        sha256_update(&sha, sizeof(bytes), bytes);
    }
    sha256_digest(&sha, HASH_BYTES, root);
}
