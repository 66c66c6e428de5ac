/* What people and programs are shown. */
#include "ops/output.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct output_column columns[] = {
    {"token",   "token",   OUTPUT_TEXT  },
    {"posted",  "posted",  OUTPUT_MONEY },
    {"at",      "at",      OUTPUT_TIME  },
    {"cards",   "cards",   OUTPUT_NUMBER},
    {"closed",  "closed",  OUTPUT_TEXT  },
    {"missing", "missing", OUTPUT_TEXT  },
    {NULL,      NULL,      OUTPUT_TEXT  },
};

static char *show(bool json, bool utc)
{
    char *text = NULL;
    size_t bytes = 0;
    struct invocation invocation = {.json = json, .utc = utc, .err = stderr};
    json_t *object = json_pack("{s:s, s:s, s:i, s:s, s:i, s:b, s:n}", "token", "154510682",
                               "currency", "JPY", "posted", -1200, "at",
                               "2026-07-01T10:00:00.123456Z", "cards", 2, "closed", 0, "missing");

    invocation.out = open_memstream(&text, &bytes);
    output_object(&invocation, columns, object);
    fclose(invocation.out);
    json_decref(object);
    return text;
}

Test(output, shows_money_with_its_currency_and_times_in_the_zone_asked_for)
{
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    char *text = show(false, false);
    cr_expect_str_eq(text, "token    154510682\n"
                           "posted   JPY -1200\n"
                           "at       2026-07-01 12:00:00.123+02:00\n"
                           "cards    2\n"
                           "closed   no\n"
                           "missing  -\n");
    free(text);
    text = show(false, true);
    cr_expect_not_null(strstr(text, "at       2026-07-01 10:00:00.123Z\n"));
    free(text);
}

Test(output, prints_the_same_object_as_json)
{
    char *text = show(true, false);
    json_error_t error;
    json_t *object = json_loads(text, 0, &error);

    cr_assert_not_null(object);
    cr_expect_eq(json_integer_value(json_object_get(object, "posted")), -1200);
    cr_expect_str_eq(json_string_value(json_object_get(object, "at")),
                     "2026-07-01T10:00:00.123456Z");
    cr_expect(json_is_null(json_object_get(object, "missing")));
    json_decref(object);
    free(text);
}

Test(output, asks_for_one_row_more_than_a_person_is_shown)
{
    struct invocation invocation = {0};

    cr_expect_eq(output_rows_wanted(&invocation), OUTPUT_ROWS_DEFAULT + 1);
    invocation.json = true;
    cr_expect_eq(output_rows_wanted(&invocation), OUTPUT_ROWS_MAX);
    invocation.limit = 7;
    cr_expect_eq(output_rows_wanted(&invocation), 7);
}

Test(output, is_colourless_where_nobody_sees_it)
{
    struct invocation invocation = {.out = tmpfile()};

    cr_expect_not(output_in_colour(&invocation));
    fclose(invocation.out);
}
