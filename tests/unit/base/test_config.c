#include "base/config.h"
#include "base/config_keys.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct config *config;
static struct error error;

static bool parse(const char *text, const char *const *overrides)
{
    error = (struct error){.code = ERROR_NONE};
    return config_parse("/etc/holdfast/holdfast.conf", text, strlen(text), overrides, &config,
                        &error);
}

static void must_parse(const char *text)
{
    cr_assert(parse(text, NULL), "%s: %s", error.field, error.message);
}

Test(config, an_empty_file_is_all_defaults)
{
    must_parse("");
    cr_expect_str_eq(config_text(config, "listen", "address"), "127.0.0.1");
    cr_expect_eq(config_number(config, "listen", "port"), 8443);
    cr_expect_eq(config_number(config, "authorisation", "budget_ms"), 100);
    cr_expect(config_flag(config, "tls", "tickets"));
    cr_expect_str_eq(config_text(config, "tls", "key"), "");
    cr_expect_eq(config_number(config, "log", "level"), 1);
    cr_expect_eq(config_product_count(config), 0);
    config_destroy(config);
    config_destroy(NULL);
}

Test(config, every_default_is_a_good_value_of_its_key)
{
    must_parse("[product 1]\n");
    for (size_t i = 0; i < config_keys_count; i++) {
        const struct config_key *key = &config_keys[i];
        bool numeric = key->kind != CONFIG_TEXT && key->kind != CONFIG_PATH &&
                       key->kind != CONFIG_FILE; /* reading a number asserts its default */
        if (strcmp(key->section, "product") == 0) {
            (void)(numeric ? config_product_number_of(config, 0, key->name) : 0);
        } else {
            (void)(numeric ? config_number(config, key->section, key->name) : 0);
        }
        cr_expect_neq(key->sentence[strlen(key->sentence) - 1], '.', "%s", key->name);
    }
    config_destroy(config);
}

Test(config, values_are_read_with_their_kind)
{
    must_parse("# comment\n; comment\n"
               "[listen]\n  port = 9000 ; the test port\nbody_ms=2s\nidle_ms = 500ms\n"
               "path=/ehi,/EHI/Service.asmx\nreply_shape : message\n\n"
               "[database]\nwriter = host=/run/postgresql dbname=holdfast user=writer\n"
               "[tls]\ntickets = off\n"
               "[record]\npath = traffic/today.jsonl\n"
               "[log]\nformat=json\nlevel=error\n");
    cr_expect_eq(config_number(config, "listen", "port"), 9000);
    cr_expect_eq(config_number(config, "listen", "body_ms"), 2000);
    cr_expect_eq(config_number(config, "listen", "idle_ms"), 500);
    cr_expect_str_eq(config_text(config, "listen", "path"), "/ehi,/EHI/Service.asmx");
    cr_expect_str_eq(config_text(config, "listen", "reply_shape"), "message");
    cr_expect_eq(config_number(config, "listen", "reply_shape"), 1);
    cr_expect_str_eq(config_text(config, "database", "writer"),
                     "host=/run/postgresql dbname=holdfast user=writer");
    cr_expect_not(config_flag(config, "tls", "tickets"));
    cr_expect_str_eq(config_text(config, "record", "path"), "/etc/holdfast/traffic/today.jsonl");
    cr_expect_eq(config_number(config, "log", "level"), 3);

    char where[CONFIG_WHERE_BYTES];
    cr_expect_str_eq(config_where(config, "listen", "port", where), "holdfast.conf:4 listen.port");
    cr_expect_str_eq(config_where(config, "lanes", "count", where), "holdfast.conf lanes.count");
    config_destroy(config);
}

Test(config, a_byte_order_mark_and_windows_line_ends_do_no_harm)
{
    must_parse("\xEF\xBB\xBF[lanes]\r\ncount = 3\r\n");
    cr_assert_eq(config_number(config, "lanes", "count"), 3);
    config_destroy(config);
}

struct bad_row {
    const char *name, *text, *field, *part;
};

Test(config, a_mistake_names_file_line_key_and_what_was_expected)
{
    static const struct bad_row rows[] = {
        {"unknown section",        "\n[lane]\n",                              "holdfast.conf:2 lane",                 "did you mean [lanes]?"    },
        {"far from any section",   "[x]\n",                                   "holdfast.conf:1 x",
         "expected one of listen, tls, database"                                                                                                 },
        {"unknown key, near",      "[lanes]\nbatchmax=3\n",                   "holdfast.conf:2 lanes.batchmax",
         "did you mean \"batch_max\" in [lanes]?"                                                                                                },
        {"key of another section", "[lanes]\nbudget_ms=3\n",                  "holdfast.conf:2 lanes.budget_ms",
         "did you mean \"budget_ms\" in [authorisation]?"                                                                                        },
        {"unknown key, far",       "[lanes]\nzzzzzzzz=3\n",                   "holdfast.conf:2 lanes.zzzzzzzz",
         "[lanes] knows count, batch_max, queue_max, cache"                                                                                      },
        {"product key",            "[product 7]\nmodus=2\n",                  "holdfast.conf:2 product.modus",        "\"mode\""                 },
        {"no number",              "[lanes]\ncount = two\n",                  "holdfast.conf:2 lanes.count",
         "expected a whole number from 1 to 64, found \"two\""                                                                                   },
        {"number below",           "[lanes]\ncount = 0\n",                    "holdfast.conf:2 lanes.count",          "found \"0\""              },
        {"number above",           "[lanes]\ncount = 65\n",                   "holdfast.conf:2 lanes.count",          "1 to 64"                  },
        {"negative",               "[lanes]\ncount = -1\n",                   "holdfast.conf:2 lanes.count",          "1 to 64"                  },
        {"number with rest",       "[lanes]\ncount = 2x\n",                   "holdfast.conf:2 lanes.count",          "1 to 64"                  },
        {"empty number",           "[lanes]\ncount =\n",                      "holdfast.conf:2 lanes.count",          "found \"\""               },
        {"number far too long",    "[lanes]\ncount = 99999999999999999999\n",
         "holdfast.conf:2 lanes.count",                                                                               "1 to 64"                  },
        {"duration unit",          "[listen]\nidle_ms=3h\n",                  "holdfast.conf:2 listen.idle_ms",
         "milliseconds"                                                                                                                          },
        {"flag",                   "[tls]\ntickets=maybe\n",                  "holdfast.conf:2 tls.tickets",          "expected yes or no"       },
        {"choice",                 "[log]\nlevel=trace\n",                    "holdfast.conf:2 log.level",
         "expected one of debug|info|warning|error, found \"trace\""                                                                             },
        {"two choices",            "[log]\nlevel=info|error\n",               "holdfast.conf:2 log.level",            "one of"                   },
        {"path list",              "[listen]\npath=ehi\n",                    "holdfast.conf:2 listen.path",          "URL paths"                },
        {"path list's end",        "[listen]\npath=/ehi,\n",                  "holdfast.conf:2 listen.path",          "URL paths"                },
        {"mode",                   "[product default]\nmode=5\n",             "holdfast.conf:2 product default.mode",
         "from 0 to 4 or refuse, found \"5\""                                                                                                    },
        {"product 0",              "[product 0]\n",                           "holdfast.conf:1 product 0",            "[product default]"        },
        {"product word",           "[product gold]\n",                        "holdfast.conf:1 product gold",         "ProductID"                },
        {"product alone",          "[product]\n",                             "holdfast.conf:1 product",              "[product default]"        },
        {"twice",                  "[lanes]\ncount=1\n\n[lanes]\ncount=1\n",  "holdfast.conf:5 lanes.count",
         "set already in line 2"                                                                                                                 },
        {"before a section",       "count=1\n",                               "holdfast.conf:1",                      "expected a [section]"     },
        {"no pair",                "[lanes]\ncount\n",                        "holdfast.conf:2",                      "expected \"[section]\" or"},
        {"open bracket",           "[lanes\n",                                "holdfast.conf:1",                      "expected \"]\""           },
        {"file away",              "[tls]\n\nkey = no/such.pem\n",            "holdfast.conf:3 tls.key",
         "found none at \"/etc/holdfast/no/such.pem\""                                                                                           },
        {"not UTF-8",              "[instance]\nname=caf\xE9\n",              "holdfast.conf:2 instance.name",        "UTF-8"                    },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        config = NULL;
        cr_expect_not(parse(rows[i].text, NULL), "%s", rows[i].name);
        cr_expect_null(config, "%s", rows[i].name);
        cr_expect_eq(error.code, ERROR_INVALID, "%s", rows[i].name);
        size_t length = strlen(rows[i].field);
        cr_expect(strncmp(error.field, rows[i].field, length) == 0, "%s: field \"%s\"",
                  rows[i].name, error.field);
        cr_expect_not_null(strstr(error.message, rows[i].part), "%s: message \"%s\"", rows[i].name,
                           error.message);
    }
}

Test(config, the_first_mistake_is_the_one_that_is_told)
{
    cr_assert_not(parse("[lanes]\ncount=x\n[nonsense]\n", NULL));
    cr_assert_str_eq(error.field, "holdfast.conf:2 lanes.count");
}

Test(config, a_line_may_have_4095_bytes_and_no_more)
{
    static char text[CONFIG_LINE_BYTES + 64];
    const char *head = "[instance]\nname = ";
    size_t fixed = strlen("name = ");

    memset(text, 'n', sizeof text);
    memcpy(text, head, strlen(head));
    size_t longest = strlen("[instance]\n") + CONFIG_LINE_BYTES - 1;
    text[longest - 1] = '\n';
    text[longest] = '\0';
    must_parse(text);
    cr_assert_eq(strlen(config_text(config, "instance", "name")), CONFIG_LINE_BYTES - 2 - fixed);
    config_destroy(config);

    text[longest - 1] = 'n';
    text[longest] = '\n';
    text[longest + 1] = '\0';
    cr_assert_not(parse(text, NULL));
    cr_assert_str_eq(error.field, "holdfast.conf:2");
}

Test(config, a_nul_byte_is_refused)
{
    static const char text[] = "[lanes]\ncount = 1\0 2\n";
    cr_assert_not(config_parse("c", text, sizeof text - 1, NULL, &config, &error));
    cr_assert_str_eq(error.field, "c:2");
}

Test(config, a_product_says_its_own_then_the_default_sections_then_the_tables)
{
    must_parse("[product 70123]\nmode = 4\nname = Gold\n"
               "[product default]\nmode = refuse\nscheme = visa\n"
               "[product 5]\n");
    cr_assert_eq(config_product_count(config), 3);
    cr_expect_eq(config_product_number(config, 0), 0, "default comes first");
    cr_expect_eq(config_product_number(config, 1), 70123);
    cr_expect_eq(config_product_number(config, 2), 5);
    cr_expect_eq(config_product_number_of(config, 0, "mode"), 0);
    cr_expect_eq(config_product_number_of(config, 1, "mode"), 4);
    cr_expect_eq(config_product_number_of(config, 2, "mode"), 0);
    cr_expect_str_eq(config_product_text(config, 1, "scheme"), "visa");
    cr_expect_str_eq(config_product_text(config, 1, "name"), "Gold");
    cr_expect_str_eq(config_product_text(config, 2, "name"), "");
    cr_expect_eq(config_product_number_of(config, 2, "partial_min_minor"), 100);
    cr_expect_not(config_product_flag(config, 1, "stand_in"));
    config_destroy(config);
}

Test(config, there_is_a_maximum_of_products)
{
    static char text[CONFIG_PRODUCTS_MAX * 32];
    size_t used = 0;

    for (int i = 1; i <= CONFIG_PRODUCTS_MAX; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "[product %d]\n", i);
    }
    must_parse(text);
    cr_assert_eq(config_product_count(config), CONFIG_PRODUCTS_MAX);
    config_destroy(config);
    snprintf(text + used, sizeof text - used, "[product default]\n");
    cr_assert_not(parse(text, NULL));
    cr_assert_not_null(strstr(error.message, "at most 256 products"));
}

Test(config, overrides_win_over_the_file)
{
    static const char *const overrides[] = {"lanes.count=7", "product 70123.mode=4",
                                            "database.writer=host=/x dbname=y", "lanes.count=8",
                                            NULL};
    cr_assert(parse("[lanes]\ncount=3\n", overrides), "%s", error.message);
    cr_expect_eq(config_number(config, "lanes", "count"), 8);
    cr_expect_eq(config_product_number(config, 0), 70123);
    cr_expect_eq(config_product_number_of(config, 0, "mode"), 4);
    cr_expect_str_eq(config_text(config, "database", "writer"), "host=/x dbname=y");
    config_destroy(config);
}

Test(config, a_bad_override_says_so)
{
    static const char *const rows[][3] = {
        {"lanes.count=x", "--set lanes.count", "1 to 64"          },
        {"lanes.cuont=2", "--set lanes.cuont", "\"count\""        },
        {"lanes",         "--set lanes",       "section.key=value"},
        {"=5",            "--set ",            "section.key=value"},
        {"count=5",       "--set count",       "section.key=value"},
        {".count=5",      "--set ",            "section"          },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *const overrides[] = {rows[i][0], NULL};
        cr_expect_not(parse("", overrides), "%s", rows[i][0]);
        cr_expect(strncmp(error.field, rows[i][1], strlen(rows[i][1])) == 0, "%s: %s", rows[i][0],
                  error.field);
        cr_expect_not_null(strstr(error.message, rows[i][2]), "%s: %s", rows[i][0], error.message);
    }
}

Test(config, a_file_that_is_not_there_is_said)
{
    cr_assert_not(config_load("/no/such/holdfast.conf", NULL, &config, &error));
    cr_assert_eq(error.code, ERROR_NOT_FOUND);
    cr_assert_str_eq(error.field, "holdfast.conf");
    cr_assert_not_null(strstr(error.message, "No such file"));
}

Test(config, a_file_is_loaded_and_its_relative_paths_start_at_its_folder)
{
    char folder[] = "/tmp/holdfast-test-XXXXXX", path[64], expected[64];

    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.conf", folder);
    snprintf(expected, sizeof expected, "%s/a.conf", folder);
    FILE *file = fopen(path, "w");
    fputs("[tls]\nkey = a.conf\n", file);
    fclose(file);
    bool absolute = config_load(path, NULL, &config, &error);
    cr_expect(absolute, "%s", error.message);
    if (absolute) {
        cr_expect_str_eq(config_text(config, "tls", "key"), expected);
        config_destroy(config);
    }
    cr_assert_eq(chdir(folder), 0);
    bool relative = config_load("a.conf", NULL, &config, &error);
    unlink(path);
    rmdir(folder);
    cr_assert(relative, "%s", error.message);
    cr_assert_str_eq(config_text(config, "tls", "key"), expected);
    config_destroy(config);
}

static char *printed(void (*print)(FILE *))
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    print(out);
    fclose(out);
    return text;
}

Test(config, the_example_parses_as_it_is_and_with_every_line_active)
{
    char *text = printed(config_print_example);

    must_parse(text);
    config_destroy(config);
    for (char *at = text; (at = strstr(at, "\n#")) != NULL; at++) {
        if (at[2] != ' ') { /* "#key = value"; a comment has a blank */
            at[1] = ' ';
        }
    }
    must_parse(text);
    char where[CONFIG_WHERE_BYTES];
    cr_assert_not_null(strchr(config_where(config, "lanes", "cache", where), ':'));
    config_destroy(config);
    free(text);
}

Test(config, the_man_page_names_every_key)
{
    char *text = printed(config_print_man), wanted[64];

    for (size_t i = 0; i < config_keys_count; i++) {
        snprintf(wanted, sizeof wanted, "\n.B %s\n", config_keys[i].name);
        cr_expect_not_null(strstr(text, wanted), "%s", wanted);
    }
    free(text);
}
