/* The binary forms, against PostgreSQL's own reading of them. */
#include <criterion/criterion.h>
#include <string.h>

#include "ledger/array.h"
#include "ledger/result.h"
#include "tests/ledger/fixture.h"

TestSuite(array, .init = fixture_begin, .fini = fixture_end, .timeout = 60);

static void ask(const char *sql, const struct array_value *values, int count, const char *expected)
{
    const char *bytes[8];
    int lengths[8], formats[8];
    PGconn *connection = PQconnectdb(fixture_conninfo("holdfast_admin"));
    for (int i = 0; i < count; i++) {
        bytes[i] = values[i].bytes;
        lengths[i] = values[i].length;
        formats[i] = 1;
    }
    PQclear(PQexec(connection, "SET timezone = 'UTC'"));
    PGresult *result = PQexecParams(connection, sql, count, NULL, bytes, lengths, formats, 0);
    cr_assert_eq(PQresultStatus(result), PGRES_TUPLES_OK, "%s", PQerrorMessage(connection));
    cr_expect_str_eq(PQgetvalue(result, 0, 0), expected);
    PQclear(result);
    PQfinish(connection);
}

Test(array, numbers_texts_and_nulls_arrive_as_written)
{
    struct array_writer writer;
    struct array_value v[1];
    array_init(&writer, 4096);
    array_begin(&writer, ARRAY_INT8);
    array_add_number(&writer, INT64_MAX);
    array_add_number(&writer, INT64_MIN);
    array_add_number_or_null(&writer, 0);
    v[0] = array_end(&writer);
    ask("SELECT $1::int8[]::text", v, 1, "{9223372036854775807,-9223372036854775808,NULL}");
    array_begin(&writer, ARRAY_INT2);
    array_add_number(&writer, -32768);
    v[0] = array_end(&writer);
    ask("SELECT $1::int2[]::text", v, 1, "{-32768}");
    array_begin(&writer, ARRAY_BOOL);
    array_add_number(&writer, 1);
    array_add_number(&writer, 0);
    v[0] = array_end(&writer);
    ask("SELECT $1::bool[]::text", v, 1, "{t,f}");
    array_begin(&writer, ARRAY_TEXT);
    array_add_text(&writer, "Zoë");
    array_add_text(&writer, NULL);
    v[0] = array_end(&writer);
    ask("SELECT $1::text[]::text", v, 1, "{Zoë,\"\"}");
    array_begin(&writer, ARRAY_BYTES);
    array_add_bytes(&writer, "\0\377", 2);
    v[0] = array_end(&writer);
    ask("SELECT encode(($1::bytea[])[1], 'hex')", v, 1, "00ff");
    array_begin(&writer, ARRAY_TIME);
    array_add_number(&writer, 1700000000000001);
    v[0] = array_end(&writer);
    ask("SELECT ($1::timestamptz[])[1]::text", v, 1, "2023-11-14 22:13:20.000001+00");
    array_begin(&writer, ARRAY_INT4);
    v[0] = array_end(&writer);
    ask("SELECT $1::int4[]::text", v, 1, "{}");
    array_finish(&writer);
}

Test(array, what_does_not_fit_is_said_once_at_the_end)
{
    struct array_writer writer;
    array_init(&writer, 64);
    array_begin(&writer, ARRAY_TEXT);
    array_add_text(&writer, "0123456789012345678901234567890123456789");
    cr_expect_not(writer.overflow);
    array_add_text(&writer, "0123456789");
    cr_expect(writer.overflow);
    cr_expect_eq(array_end(&writer).length, 0);
    array_reset(&writer);
    cr_expect_not(writer.overflow);
    array_finish(&writer);
}

Test(array, results_read_back_what_they_hold)
{
    PGconn *connection = PQconnectdb(fixture_conninfo("holdfast_admin"));
    PGresult *result = PQexecParams(connection,
                                    "SELECT 5::int2, -7::int4, 9223372036854775807::int8, true, "
                                    "NULL::int8, 'Zoë'::text, '\\x00ff'::bytea, "
                                    "'2023-11-14 22:13:20.000001+00'::timestamptz",
                                    0, NULL, NULL, NULL, NULL, 1);
    char text[3];
    size_t count;
    cr_expect_eq(result_number(result, 0, 0), 5);
    cr_expect_eq(result_number(result, 0, 1), -7);
    cr_expect_eq(result_number(result, 0, 2), INT64_MAX);
    cr_expect_eq(result_number(result, 0, 3), 1);
    cr_expect_eq(result_number(result, 0, 4), 0);
    cr_expect(result_is_null(result, 0, 4));
    result_text(result, 0, 5, text, sizeof(text));
    cr_expect_str_eq(text, "Zo");
    const uint8_t *bytes = result_bytes(result, 0, 6, &count);
    cr_expect_eq(count, 2);
    cr_expect_eq(bytes[1], 255);
    cr_expect_eq(result_time_us(result, 0, 7), 1700000000000001);
    PQclear(result);
    PQfinish(connection);
}
