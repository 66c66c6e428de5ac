#include "ledger/array.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_BYTES = 20, COUNT_OFFSET = 12, NULL_FLAG_OFFSET = 4 };
/* PostgreSQL counts from 2000-01-01. */
#define EPOCH_2000_US INT64_C(946684800000000)

void array_init(struct array_writer *writer, size_t bytes)
{
    assert(bytes > HEADER_BYTES);
    *writer = (struct array_writer){.block = malloc(bytes), .bytes = bytes};
    if (writer->block == NULL) {
        fputs("out of memory at start-up\n", stderr);
        abort();
    }
}

void array_finish(struct array_writer *writer)
{
    free(writer->block);
    *writer = (struct array_writer){.block = NULL};
}

void array_reset(struct array_writer *writer)
{
    writer->used = 0;
    writer->overflow = false;
}

/* Room for count bytes at the end, or NULL. */
static uint8_t *extend(struct array_writer *writer, size_t count)
{
    if (writer->overflow || count > writer->bytes - writer->used) {
        writer->overflow = true;
        return NULL;
    }
    uint8_t *room = writer->block + writer->used;
    writer->used += count;
    return room;
}

static void put_be(uint8_t *out, uint64_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(number >> (8 * (bytes - 1 - i)));
    }
}

static size_t number_bytes(enum array_type type)
{
    switch (type) {
    case ARRAY_BOOL:
        return 1;
    case ARRAY_INT2:
        return 2;
    case ARRAY_INT4:
        return 4;
    case ARRAY_INT8:
    case ARRAY_TIME:
        return 8;
    case ARRAY_BYTES:
    case ARRAY_TEXT:
        break;
    }
    assert(false); /* a type without a fixed size */
    return 0;
}

static uint64_t number_bits(enum array_type type, int64_t number)
{
    size_t bytes = number_bytes(type);
    assert(bytes != 1 || number == 0 || number == 1);
    assert(bytes != 2 || (number >= INT16_MIN && number <= INT16_MAX));
    assert(bytes != 4 || (number >= INT32_MIN && number <= INT32_MAX));
    return type == ARRAY_TIME ? (uint64_t)(number - EPOCH_2000_US) : (uint64_t)number;
}

void array_begin(struct array_writer *writer, enum array_type type)
{
    writer->start = writer->used;
    writer->count = 0;
    writer->has_null = false;
    writer->type = type;
    uint8_t *header = extend(writer, HEADER_BYTES);
    if (header == NULL) {
        return;
    }
    put_be(header, 1, 4); /* dimensions */
    put_be(header + NULL_FLAG_OFFSET, 0, 4);
    put_be(header + 8, (uint64_t)type, 4);
    put_be(header + COUNT_OFFSET, 0, 4);
    put_be(header + 16, 1, 4); /* lower bound */
}

void array_add_number(struct array_writer *writer, int64_t number)
{
    size_t bytes = number_bytes(writer->type);
    uint64_t bits = number_bits(writer->type, number);
    uint8_t *room = extend(writer, 4 + bytes);
    if (room != NULL) {
        put_be(room, bytes, 4);
        put_be(room + 4, bits, bytes);
        writer->count++;
    }
}

void array_add_null(struct array_writer *writer)
{
    uint8_t *room = extend(writer, 4);
    if (room != NULL) {
        put_be(room, UINT32_MAX, 4);
        writer->has_null = true;
        writer->count++;
    }
}

void array_add_number_or_null(struct array_writer *writer, int64_t number)
{
    if (number == 0) {
        array_add_null(writer);
    } else {
        array_add_number(writer, number);
    }
}

void array_add_bytes(struct array_writer *writer, const void *bytes, size_t count)
{
    assert(writer->type == ARRAY_BYTES || writer->type == ARRAY_TEXT);
    assert(count <= INT32_MAX);
    uint8_t *room = extend(writer, 4 + count);
    if (room != NULL) {
        put_be(room, count, 4);
        if (count > 0) {
            memcpy(room + 4, bytes, count);
        }
        writer->count++;
    }
}

void array_add_text(struct array_writer *writer, const char *text)
{
    array_add_bytes(writer, text, text == NULL ? 0 : strlen(text));
}

struct array_value array_end(struct array_writer *writer)
{
    if (writer->overflow) {
        return (struct array_value){.bytes = "", .length = 0};
    }
    uint8_t *header = writer->block + writer->start;
    size_t length = writer->used - writer->start;
    assert(length <= INT_MAX);
    put_be(header + NULL_FLAG_OFFSET, writer->has_null ? 1 : 0, 4);
    put_be(header + COUNT_OFFSET, (uint64_t)writer->count, 4);
    return (struct array_value){.bytes = (const char *)header, .length = (int)length};
}

struct array_value array_number(struct array_writer *writer, enum array_type type, int64_t number)
{
    size_t bytes = number_bytes(type);
    uint8_t *room = extend(writer, bytes);
    if (room == NULL) {
        return (struct array_value){.bytes = "", .length = 0};
    }
    put_be(room, number_bits(type, number), bytes);
    return (struct array_value){.bytes = (const char *)room, .length = (int)bytes};
}

struct array_value array_bytes(struct array_writer *writer, const void *bytes, size_t count)
{
    assert(count <= INT_MAX);
    uint8_t *room = extend(writer, count);
    if (room == NULL) {
        return (struct array_value){.bytes = "", .length = 0};
    }
    if (count > 0) {
        memcpy(room, bytes, count);
    }
    return (struct array_value){.bytes = (const char *)room, .length = (int)count};
}

struct array_value array_text(struct array_writer *writer, const char *text)
{
    return array_bytes(writer, text, strlen(text));
}
