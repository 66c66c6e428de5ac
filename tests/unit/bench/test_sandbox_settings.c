#include <criterion/criterion.h>
#include <string.h>

#include "ops/sandbox_settings.h"

static struct sandbox_settings settings;
static struct error error;

static void start(const char *text)
{
    settings.bytes = strlen(text);
    memcpy(settings.text, text, settings.bytes + 1);
}

Test(sandbox_settings, a_key_is_replaced_where_it_stands)
{
    start("# mine\n[listen]\nport = 1\nport_x = 2\n\n[admin]\nport = 3\n");
    cr_assert(sandbox_settings_set(&settings, "admin", "port", "9", &error));
    cr_assert(sandbox_settings_set(&settings, "listen", "port", "8", &error));
    cr_assert_str_eq(settings.text,
                     "# mine\n[listen]\nport = 8\nport_x = 2\n\n[admin]\nport = 9\n");
}

Test(sandbox_settings, a_new_key_joins_its_section)
{
    start("[listen]\nport = 1\n\n[admin]\nport = 3\n");
    cr_assert(sandbox_settings_set(&settings, "listen", "path", "/x", &error));
    cr_assert_str_eq(settings.text, "[listen]\nport = 1\npath = /x\n\n[admin]\nport = 3\n");
}

Test(sandbox_settings, a_new_section_comes_last)
{
    start("[listen]\nport = 1\n");
    cr_assert(sandbox_settings_assign(&settings, "product 70123.mode=4", &error));
    cr_assert_str_eq(settings.text, "[listen]\nport = 1\n\n[product 70123]\nmode = 4\n");
}

Test(sandbox_settings, a_value_may_have_dots_and_equal_signs)
{
    start("");
    cr_assert(sandbox_settings_assign(&settings, "database.writer=host=/a.b user=x", &error));
    cr_assert_str_eq(settings.text, "[database]\nwriter = host=/a.b user=x\n");
}

Test(sandbox_settings, what_is_no_assignment_is_refused)
{
    static const char *const rows[] = {"",          "port", "port=1",     ".port=1",
                                       "listen.=1", "=1",   "a]b.port=1", "listen.port=1\n[x]"};
    start("");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect_not(sandbox_settings_assign(&settings, rows[i], &error), "%s", rows[i]);
    }
    cr_assert_str_empty(settings.text);
}

Test(sandbox_settings, a_file_has_a_maximum)
{
    static char large[SANDBOX_SETTINGS_BYTES - 20];
    memset(large, '#', sizeof large - 1);
    start(large);
    cr_assert_not(sandbox_settings_set(&settings, "listen", "port", "1234567890", &error));
    cr_assert_eq(error.code, ERROR_LIMIT);
}
