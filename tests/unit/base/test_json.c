#include "base/json.h"

#include <criterion/criterion.h>
#include <string.h>

Test(json, commas_and_names_stand_where_they_belong)
{
    char buffer[256];
    struct json json;

    json_init(&json, buffer, sizeof buffer);
    json_object_begin(&json, NULL);
    json_text(&json, "type", "authorised");
    json_object_begin(&json, "data");
    json_object_end(&json);
    json_array_begin(&json, "amounts");
    json_number(&json, NULL, -5);
    json_number_text(&json, NULL, INT64_MIN);
    json_object_begin(&json, NULL);
    json_bool(&json, "held", true);
    json_bool(&json, "late", false);
    json_object_end(&json);
    json_array_end(&json);
    json_number(&json, "n", INT64_MAX);
    json_object_end(&json);
    cr_assert_not(json.overflow);
    cr_assert_str_eq(buffer, "{\"type\":\"authorised\",\"data\":{},\"amounts\":[-5,"
                             "\"-9223372036854775808\",{\"held\":true,\"late\":false}],"
                             "\"n\":9223372036854775807}");
    cr_assert_eq(json.used, strlen(buffer));
}

Test(json, every_byte_leaves_as_valid_json)
{
    static const struct {
        const char *name, *text, *written;
    } rows[] = {
        {"quote",         "a\"b",         "\"a\\\"b\""                   },
        {"backslash",     "a\\b",         "\"a\\\\b\""                   },
        {"white space",   "\t\r\n",       "\"\\t\\r\\n\""                },
        {"control",       "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\""    },
        {"two bytes",     "\xC2\xA3",     "\"\xC2\xA3\""                 },
        {"Latin-1",       "caf\xE9!",     "\"caf\xEF\xBF\xBD!\""         },
        {"cut character", "x\xE2\x82",    "\"x\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"empty",         "",             "\"\""                         },
    };
    char buffer[64];
    struct json json;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_init(&json, buffer, sizeof buffer);
        json_text(&json, NULL, rows[i].text);
        cr_expect_str_eq(buffer, rows[i].written, "%s", rows[i].name);
    }
    json_init(&json, buffer, sizeof buffer);
    json_text_n(&json, NULL, "a\0b", 3);
    cr_assert_str_eq(buffer, "\"a\\u0000b\"");
}

Test(json, overflow_is_marked_and_nothing_is_written_past_the_end)
{
    for (size_t bytes = 1; bytes < 24; bytes++) {
        char buffer[32];
        struct json json;

        memset(buffer, '#', sizeof buffer);
        json_init(&json, buffer, bytes);
        json_object_begin(&json, NULL);
        json_text(&json, "name", "value");
        json_object_end(&json);
        cr_expect_eq(json.overflow, bytes < sizeof "{\"name\":\"value\"}");
        cr_expect_eq(buffer[json.used], '\0');
        cr_expect_lt(json.used, bytes);
        cr_expect_eq(buffer[bytes], '#');
    }
}

Test(json, after_an_overflow_nothing_shorter_slips_in)
{
    char buffer[16];
    struct json json;

    json_init(&json, buffer, sizeof buffer);
    json_text(&json, NULL, "far too long for sixteen bytes");
    size_t used = json.used;
    json_number(&json, NULL, 1);
    cr_assert(json.overflow);
    cr_assert_eq(json.used, used);
}
