#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void arena_init(struct arena *arena, size_t bytes)
{
    assert(bytes > 0);
    *arena = (struct arena){.block = malloc(bytes), .bytes = bytes};
    if (arena->block == NULL) {
        fputs("out of memory at start-up\n", stderr);
        abort();
    }
}

void arena_finish(struct arena *arena)
{
    if (arena == NULL) {
        return;
    }
    free(arena->block);
    *arena = (struct arena){.block = NULL};
}

void *arena_take(struct arena *arena, size_t count, size_t size)
{
    const size_t align = alignof(max_align_t);
    size_t wanted, end;

    assert(arena->block != NULL && arena->used <= arena->bytes);
    if (__builtin_mul_overflow(count, size, &wanted) ||
        __builtin_add_overflow(wanted, align - 1, &wanted)) {
        return NULL;
    }
    wanted &= ~(align - 1);
    if (__builtin_add_overflow(arena->used, wanted, &end) || end > arena->bytes) {
        return NULL;
    }
    char *taken = arena->block + arena->used;
    arena->used = end;
    return memset(taken, 0, wanted);
}

void arena_reset(struct arena *arena)
{
    arena->used = 0;
}
