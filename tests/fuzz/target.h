/* What libFuzzer calls, and seeds.c in builds without it. */
#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

/* Takes any bytes; a fault is an abort, a sanitizer's report or a time-out. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

#endif
