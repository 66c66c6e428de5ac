/* Dice: seeded random numbers, the same on every machine (xoshiro256** seeded by splitmix64).
 *
 * Threads: one owner.   Owns: nothing.   May include: libc only.
 */
#ifndef BENCH_DICE_H
#define BENCH_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state[4];
};

void dice_init(struct dice *dice, uint64_t seed);
uint64_t dice_next(struct dice *dice);
/* least <= result <= most. */
int64_t dice_between(struct dice *dice, int64_t least, int64_t most);
/* True in `percent` of a hundred cases. */
bool dice_chance(struct dice *dice, int percent);
/* An index below `count`, likelier the larger its weight. */
size_t dice_weighted(struct dice *dice, const int *weights, size_t count);
/* `bytes` characters of `alphabet` and a NUL. */
void dice_text(struct dice *dice, const char *alphabet, char *text, size_t bytes);
/* Well-mixed 64 bits of a number: for texts that depend on another text. */
uint64_t dice_mix(uint64_t number);

#endif
