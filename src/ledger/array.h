/* Arrays: PostgreSQL's binary array format, written straight into one block.
 *
 * A set-based insert sends each column as one array. The block is filled front to back, one array
 * at a time, so nothing is allocated or sized beforehand; what does not fit sets .overflow, and the
 * caller checks once, before sending.
 *
 * Threads: one owner.   Owns: its block.   May include: base only.
 */
#ifndef LEDGER_ARRAY_H
#define LEDGER_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Object ids of PostgreSQL's types, fixed for ever. */
enum array_type {
    ARRAY_BOOL = 16,
    ARRAY_BYTES = 17,
    ARRAY_INT8 = 20,
    ARRAY_INT2 = 21,
    ARRAY_INT4 = 23,
    ARRAY_TEXT = 25,
    ARRAY_TIME = 1184, /* timestamptz */
};

struct array_writer {
    uint8_t *block;
    size_t bytes, used;
    bool overflow;
    size_t start; /* of the open array */
    int32_t count;
    bool has_null;
    enum array_type type;
};

/* A parameter as it goes to the server. */
struct array_value {
    const char *bytes;
    int length;
};

/* Allocates the block; aborts when memory is out (start-up only). */
void array_init(struct array_writer *writer, size_t bytes);
void array_finish(struct array_writer *writer);
/* Forgets everything written. */
void array_reset(struct array_writer *writer);

void array_begin(struct array_writer *writer, enum array_type type);
/* The element's type is the one given to array_begin: int8, int4, int2, bool or timestamptz
 * (microseconds since 1970). What does not fit the type is a mistake of the caller (asserted). */
void array_add_number(struct array_writer *writer, int64_t number);
void array_add_null(struct array_writer *writer);
/* NULL when number is 0: how absent references are stored. */
void array_add_number_or_null(struct array_writer *writer, int64_t number);
/* text or bytea. text NULL counts as empty. */
void array_add_text(struct array_writer *writer, const char *text);
void array_add_bytes(struct array_writer *writer, const void *bytes, size_t count);
struct array_value array_end(struct array_writer *writer);

/* Single values, in the same block. */
struct array_value array_number(struct array_writer *writer, enum array_type type, int64_t number);
struct array_value array_text(struct array_writer *writer, const char *text);
struct array_value array_bytes(struct array_writer *writer, const void *bytes, size_t count);

#endif
