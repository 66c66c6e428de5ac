#include "dice.h"

#include <assert.h>
#include <string.h>

uint64_t dice_mix(uint64_t number)
{
    number += UINT64_C(0x9E3779B97F4A7C15);
    number = (number ^ (number >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    number = (number ^ (number >> 27)) * UINT64_C(0x94D049BB133111EB);
    return number ^ (number >> 31);
}

void dice_init(struct dice *dice, uint64_t seed)
{
    for (size_t i = 0; i < 4; i++) {
        seed = dice_mix(seed + i);
        dice->state[i] = seed;
    }
}

static uint64_t rotated(uint64_t number, int bits)
{
    return (number << bits) | (number >> (64 - bits));
}

uint64_t dice_next(struct dice *dice)
{
    uint64_t *s = dice->state;
    uint64_t result = rotated(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return result;
}

int64_t dice_between(struct dice *dice, int64_t least, int64_t most)
{
    assert(least <= most);
    uint64_t range = (uint64_t)(most - least) + 1;
    return least + (int64_t)(dice_next(dice) % range);
}

bool dice_chance(struct dice *dice, int percent)
{
    return dice_between(dice, 0, 99) < percent;
}

size_t dice_weighted(struct dice *dice, const int *weights, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += weights[i];
    }
    int64_t thrown = dice_between(dice, 0, sum - 1);
    for (size_t i = 0; i < count; i++) {
        thrown -= weights[i];
        if (thrown < 0) {
            return i;
        }
    }
    return count - 1;
}

void dice_text(struct dice *dice, const char *alphabet, char *text, size_t bytes)
{
    size_t letters = strlen(alphabet);
    for (size_t i = 0; i < bytes; i++) {
        text[i] = alphabet[dice_next(dice) % letters];
    }
    text[bytes] = '\0';
}
