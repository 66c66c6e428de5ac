#include "ledger/result.h"

#include <assert.h>
#include <string.h>

#define EPOCH_2000_US INT64_C(946684800000000)

bool result_is_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) != 0;
}

static uint64_t read_be(const char *bytes, size_t count)
{
    uint64_t number = 0;
    for (size_t i = 0; i < count; i++) {
        number = number << 8 | (uint8_t)bytes[i];
    }
    return number;
}

int64_t result_number(const PGresult *result, int row, int column)
{
    if (result_is_null(result, row, column)) {
        return 0;
    }
    const char *value = PQgetvalue(result, row, column);
    int length = PQgetlength(result, row, column);
    assert(PQfformat(result, column) == 1);
    switch (length) {
    case 1: /* bool, or a "char" */
        return (uint8_t)value[0];
    case 2:
        return (int16_t)read_be(value, 2);
    case 4:
        return (int32_t)read_be(value, 4);
    default:
        assert(length == 8);
        return (int64_t)read_be(value, 8);
    }
}

int64_t result_time_us(const PGresult *result, int row, int column)
{
    return result_is_null(result, row, column) ? 0
                                               : result_number(result, row, column) + EPOCH_2000_US;
}

void result_text(const PGresult *result, int row, int column, char *text, size_t bytes)
{
    size_t count;
    const uint8_t *value = result_bytes(result, row, column, &count);
    assert(bytes > 0);
    if (count > bytes - 1) {
        count = bytes - 1;
    }
    memcpy(text, value, count);
    text[count] = '\0';
}

const uint8_t *result_bytes(const PGresult *result, int row, int column, size_t *count)
{
    int length = PQgetlength(result, row, column);
    assert(length >= 0);
    *count = (size_t)length;
    return (const uint8_t *)PQgetvalue(result, row, column);
}

struct batch_account result_account(const PGresult *result, int row)
{
    int64_t id = result_number(result, row, 0);

    return (struct batch_account){
        .id = id,
        .currency = (uint16_t)(id & 1023),
        .status = (int)result_number(result, row, 1),
        .overdraft = result_number(result, row, 2),
        .posted = result_number(result, row, 3),
        .held = result_number(result, row, 4),
        .version = result_number(result, row, 5),
        .event_version = result_number(result, row, 6),
        .last_at_us = result_time_us(result, row, 7),
        .fetched_version = result_number(result, row, 5),
        .fetched_event_version = result_number(result, row, 6),
    };
}
