#include <criterion/criterion.h>

#include "authz/cache.h"

Test(cache, finds_what_was_added_and_nothing_else)
{
    struct cache *cache = cache_create(1000);

    cr_expect_eq(cache_find(cache, 123456789), 0);
    cache_add(cache, 123456789, 77);
    cr_expect_eq(cache_find(cache, 123456789), 77);
    cr_expect_eq(cache_find(cache, 123456780), 0);
    cr_expect_eq(cache_find(cache, 0), 0);
    cache_destroy(cache);
}

Test(cache, never_answers_with_another_tokens_account_however_full)
{
    struct cache *cache = cache_create(64);
    int known = 0;

    for (int32_t token = 1; token <= 10000; token++) {
        cache_add(cache, token, token + 1000000);
        cr_assert_eq(cache_find(cache, token), token + 1000000, "the newest is always there");
    }
    for (int32_t token = 1; token <= 10000; token++) {
        int64_t account = cache_find(cache, token);
        cr_assert(account == 0 || account == token + 1000000);
        known += account != 0;
    }
    cr_expect_geq(known, 64);
    cr_expect_leq(known, 256);
    cache_destroy(cache);
}

Test(cache, adding_again_takes_no_second_place)
{
    struct cache *cache = cache_create(1); /* one set of four in each shard */
    int known = 0;

    for (int32_t token = 1; token <= 32; token++) {
        for (int i = 0; i < 8; i++) {
            cache_add(cache, token, token);
        }
    }
    for (int32_t token = 1; token <= 32; token++) {
        known += cache_find(cache, token) != 0;
    }
    cr_expect_gt(known, 16, "%d known", known);
    cache_destroy(cache);
}

Test(cache, of_no_cards_remembers_nothing)
{
    struct cache *cache = cache_create(0);

    cache_add(cache, 5, 6);
    cr_expect_eq(cache_find(cache, 5), 0);
    cache_destroy(cache);
    cache_destroy(NULL);
}
