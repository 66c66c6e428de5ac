#include "base/hash.h"

#include <assert.h>
#include <nettle/sha2.h>
#include <string.h>

static_assert(HASH_BYTES == SHA256_DIGEST_SIZE, "nettle and we mean the same hash");

void hash_sha256(const void *bytes, size_t count, uint8_t digest[HASH_BYTES])
{
    struct sha256_ctx context;

    sha256_init(&context);
    sha256_update(&context, count, bytes);
    sha256_digest(&context, HASH_BYTES, digest);
}

int64_t hash_key(const char *text, size_t bytes)
{
    uint8_t digest[HASH_BYTES];
    uint64_t key = 0;

    if (bytes == 0) {
        return 0;
    }
    hash_sha256(text, bytes, digest);
    for (size_t i = 0; i < sizeof key; i++) {
        key = key << 8 | digest[i];
    }
    key >>= 1;
    return key == 0 ? 1 : (int64_t)key;
}

void hash_hex(const uint8_t digest[HASH_BYTES], char hex[2 * HASH_BYTES + 1])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < HASH_BYTES; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * HASH_BYTES] = '\0';
}
