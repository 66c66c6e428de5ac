/* Arena: memory that ends together. One block of a fixed size, given out from the front, taken back
 * all at once. A lane has one for each batch.
 *
 * Threads: one owner.   Owns: its block.   May include: libc only.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena {
    char *block;
    size_t bytes, used;
};

/* Allocates the block; aborts the process when memory is out (start-up only). */
void arena_init(struct arena *arena, size_t bytes);
void arena_finish(struct arena *arena);
/* Zeroed memory aligned for any type, or NULL when the arena is full. */
void *arena_take(struct arena *arena, size_t count, size_t size);
void arena_reset(struct arena *arena);

#endif
