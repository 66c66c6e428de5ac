#include <criterion/criterion.h>

#include "dice.h"

Test(bench_dice, the_same_seed_throws_the_same)
{
    struct dice a, b, c;
    dice_init(&a, 1);
    dice_init(&b, 1);
    dice_init(&c, 2);
    uint64_t first = dice_next(&a);
    cr_assert_eq(first, dice_next(&b));
    cr_assert_neq(first, dice_next(&c));
}

Test(bench_dice, between_reaches_both_ends_and_no_further)
{
    struct dice dice;
    bool least = false, most = false;
    dice_init(&dice, 3);
    for (int i = 0; i < 1000; i++) {
        int64_t thrown = dice_between(&dice, -2, 2);
        cr_assert(thrown >= -2 && thrown <= 2);
        least = least || thrown == -2;
        most = most || thrown == 2;
    }
    cr_assert(least && most);
}

Test(bench_dice, what_weighs_nothing_is_never_thrown)
{
    static const int weights[] = {0, 5, 0, 1};
    struct dice dice;
    size_t counts[4] = {0};
    dice_init(&dice, 4);
    for (int i = 0; i < 6000; i++) {
        counts[dice_weighted(&dice, weights, 4)]++;
    }
    cr_assert_eq(counts[0] + counts[2], 0);
    cr_assert_gt(counts[1], 4500);
    cr_assert_gt(counts[3], 700);
}
