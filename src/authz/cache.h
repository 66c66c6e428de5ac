/* Cache: which account a card's token leads to. The mapping never changes, so nothing is ever
 * stale; it only spares lock conflicts between lanes, because all messages of an account can take
 * one lane.
 *
 * A table of fixed size in shards; each token has a few neighbouring places, and when they are full
 * the oldest guess gives way.
 *
 * Threads: any; each shard guarded by its mutex.   Owns: its table.   May include: libc only.
 */
#ifndef AUTHZ_CACHE_H
#define AUTHZ_CACHE_H

#include <stdint.h>

struct cache;

/* Room for at least `cards` tokens (0: remembers nothing). Aborts when memory is out: start-up
 * only. */
struct cache *cache_create(int64_t cards);
void cache_destroy(struct cache *cache); /* NULL is fine */
/* The account, or 0: not known. */
int64_t cache_find(struct cache *cache, int32_t token);
void cache_add(struct cache *cache, int32_t token, int64_t account);
/* A well-mixed hash of a key, for shards and lanes. */
uint64_t cache_mix(uint64_t key);

#endif
