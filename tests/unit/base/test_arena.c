#include "base/arena.h"

#include <criterion/criterion.h>
#include <stdint.h>

Test(arena, memory_is_zeroed_and_aligned_for_any_type)
{
    struct arena arena;
    arena_init(&arena, 256);

    char *first = arena_take(&arena, 3, 1);
    cr_assert_not_null(first);
    memset(first, 'x', 3);
    char *second = arena_take(&arena, 1, sizeof(long double));
    cr_assert_eq((uintptr_t)second % _Alignof(max_align_t), 0);
    cr_assert_geq(second - first, 3);

    arena_reset(&arena);
    char *again = arena_take(&arena, 3, 1);
    cr_assert_eq(again, first, "a reset gives the same memory out again");
    cr_assert(again[0] == 0 && again[1] == 0 && again[2] == 0);
    arena_finish(&arena);
}

Test(arena, the_last_byte_can_be_taken_and_one_more_cannot)
{
    struct arena arena;
    arena_init(&arena, 64);

    cr_assert_not_null(arena_take(&arena, 64, 1));
    cr_assert_null(arena_take(&arena, 1, 1));
    arena_reset(&arena);
    cr_assert_null(arena_take(&arena, 65, 1));
    cr_assert_not_null(arena_take(&arena, 8, 8), "a refusal takes nothing");
    arena_finish(&arena);
}

Test(arena, a_product_that_overflows_is_refused)
{
    struct arena arena;
    arena_init(&arena, 64);

    cr_assert_null(arena_take(&arena, SIZE_MAX / 2, 3));
    cr_assert_null(arena_take(&arena, SIZE_MAX, 1));
    cr_assert_eq(arena.used, 0);
    arena_finish(&arena);
    arena_finish(NULL);
}
