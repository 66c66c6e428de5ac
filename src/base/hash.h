/* Hashes: SHA-256 by nettle, and 64-bit keys of texts that are compared but never ordered.
 *
 * Threads: any.   Owns: nothing.   May include: libc, nettle.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { HASH_BYTES = 32 };

void hash_sha256(const void *bytes, size_t count, uint8_t digest[HASH_BYTES]);
/* The first 63 bits of the text's SHA-256, never 0; 0 for an empty text, which means "absent".
 * Always >= 0 as an int64, so it fits a PostgreSQL bigint unchanged. */
int64_t hash_key(const char *text, size_t bytes);
/* 64 hex digits and a NUL. */
void hash_hex(const uint8_t digest[HASH_BYTES], char hex[2 * HASH_BYTES + 1]);

#endif
