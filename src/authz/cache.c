#include "authz/cache.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

enum { SHARD_BITS = 4, SHARDS = 1 << SHARD_BITS, WAYS = 4 };

struct place {
    int32_t token; /* 0: empty */
    int64_t account;
};

struct shard {
    pthread_mutex_t mutex; /* guards places and victim */
    struct place *places;  /* `sets` sets of WAYS places */
    unsigned victim;       /* which way of a full set gives way next */
};

struct cache {
    uint64_t sets; /* in each shard, a power of two; 0: no cache */
    struct shard shards[SHARDS];
};

uint64_t cache_mix(uint64_t key)
{
    key ^= key >> 33;
    key *= UINT64_C(0xff51afd7ed558ccd);
    key ^= key >> 33;
    key *= UINT64_C(0xc4ceb9fe1a85ec53);
    return key ^ key >> 33;
}

struct cache *cache_create(int64_t cards)
{
    struct cache *cache = calloc(1, sizeof *cache);

    assert(cards >= 0);
    if (cache == NULL) {
        abort();
    }
    if (cards > 0) {
        cache->sets = 1;
        while (cache->sets * SHARDS * WAYS < (uint64_t)cards) {
            cache->sets *= 2;
        }
    }
    for (int i = 0; i < SHARDS; i++) {
        pthread_mutex_init(&cache->shards[i].mutex, NULL);
        if (cache->sets > 0) {
            cache->shards[i].places = calloc(cache->sets * WAYS, sizeof(struct place));
            if (cache->shards[i].places == NULL) {
                abort();
            }
        }
    }
    return cache;
}

void cache_destroy(struct cache *cache)
{
    if (cache == NULL) {
        return;
    }
    for (int i = 0; i < SHARDS; i++) {
        pthread_mutex_destroy(&cache->shards[i].mutex);
        free(cache->shards[i].places);
    }
    free(cache);
}

static struct shard *shard_of(struct cache *cache, int32_t token, struct place **ret_set)
{
    uint64_t hash = cache_mix((uint64_t)(uint32_t)token);
    struct shard *shard = &cache->shards[hash % SHARDS];

    *ret_set = &shard->places[((hash >> SHARD_BITS) & (cache->sets - 1)) * WAYS];
    return shard;
}

int64_t cache_find(struct cache *cache, int32_t token)
{
    struct place *set;
    int64_t account = 0;

    if (cache->sets == 0 || token == 0) {
        return 0;
    }
    struct shard *shard = shard_of(cache, token, &set);
    pthread_mutex_lock(&shard->mutex);
    for (int i = 0; i < WAYS; i++) {
        if (set[i].token == token) {
            account = set[i].account;
        }
    }
    pthread_mutex_unlock(&shard->mutex);
    return account;
}

void cache_add(struct cache *cache, int32_t token, int64_t account)
{
    struct place *set;

    if (cache->sets == 0 || token == 0) {
        return;
    }
    assert(account != 0);
    struct shard *shard = shard_of(cache, token, &set);
    pthread_mutex_lock(&shard->mutex);
    struct place *place = NULL;
    for (int i = WAYS - 1; i >= 0; i--) {
        if (set[i].token == token || (set[i].token == 0 && (place == NULL || place->token == 0))) {
            place = &set[i];
        }
    }
    if (place == NULL) {
        place = &set[shard->victim++ % WAYS];
    }
    *place = (struct place){.token = token, .account = account};
    pthread_mutex_unlock(&shard->mutex);
}
