/* Command lines and what becomes of them: each row is one line as typed. */
#include "ops/arguments.h"

#include <criterion/criterion.h>
#include <string.h>

#include "ops/verbs.h"

enum { WORDS_MAX = 12 };

static enum arguments_result parse(const char *const *words, struct invocation *invocation,
                                   const char **noun, struct error *error)
{
    char *argv[WORDS_MAX + 1] = {(char *)(uintptr_t) "holdfast"};
    int argc = 1;

    for (; words[argc - 1] != NULL; argc++) {
        argv[argc] = (char *)(uintptr_t)words[argc - 1];
    }
    *invocation = (struct invocation){.out = stdout, .err = stderr};
    *error = (struct error){0};
    return arguments_parse(verbs_table, argc, argv, invocation, noun, error);
}

static const struct {
    const char *name, *words[WORDS_MAX], *verb, *argument, *option, *value;
} good[] = {
    {"noun and verb",                                    {"card", "list"},                 "list",    NULL,        NULL,     NULL   },
    {"an argument",                                      {"card", "show", "154510682"},    "show",    "154510682", NULL,     NULL   },
    {"an option with a blank",
     {"card", "add", "154510682", "--currency", "GBP"},
     "add",                                                                                           "154510682",
     "currency",                                                                                                             "GBP"  },
    {"an option with a sign",
     {"card", "add", "--currency=GBP", "154510682"},
     "add",                                                                                           "154510682",
     "currency",                                                                                                             "GBP"  },
    {"a value that is empty",                            {"card", "list", "--status="},    "list",    NULL,        "status", ""     },
    {"a common option before the verb",                  {"--json", "hold", "list"},       "list",    NULL,        NULL,     NULL   },
    {"the short form of --config",                       {"-c", "x.conf", "hold", "list"}, "list",    NULL,        NULL,     NULL   },
    {"a noun that stands for its list",                  {"inbox"},                        "list",    NULL,        NULL,     NULL   },
    {"the same with an option",                          {"inbox", "--all"},               "list",    NULL,        "all",    ""     },
    {"a verb without a noun",                            {"version"},                      "version", NULL,        NULL,     NULL   },
    {"an argument that may be left out",                 {"sandbox"},                      "sandbox", NULL,        NULL,     NULL   },
    {"an option may be repeated where its verb says so",
     {"sandbox", "--set", "a.b=1", "--set", "c.d=2"},
     "sandbox",                                                                                       NULL,
     "set",                                                                                                                  "c.d=2"},
    {"options end at --",                                {"auth", "show", "--", "--json"}, "show",    "--json",    NULL,     NULL   },
};

Test(arguments, understands_every_way_to_write_a_command)
{
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct invocation invocation;
        struct error error;
        const char *noun;

        cr_assert_eq(parse(good[i].words, &invocation, &noun, &error), ARGUMENTS_RUN, "%s: %s",
                     good[i].name, error.message);
        cr_expect_str_eq(invocation.verb->name, good[i].verb, "%s", good[i].name);
        if (good[i].argument != NULL) {
            cr_assert_not_null(invocation.arguments[0], "%s", good[i].name);
            cr_expect_str_eq(invocation.arguments[0], good[i].argument, "%s", good[i].name);
        } else {
            cr_expect_null(invocation.arguments[0], "%s", good[i].name);
        }
        if (good[i].option != NULL) {
            const char *value = verb_option_of(&invocation, good[i].option);
            cr_assert_not_null(value, "%s", good[i].name);
            cr_expect_str_eq(value, good[i].value, "%s", good[i].name);
        }
    }
}

static const struct {
    const char *name, *words[WORDS_MAX], *says;
} bad[] = {
    {"a typing mistake in a noun",       {"crad", "list"},                                           "did you mean card?"         },
    {"a typing mistake in a verb",       {"card", "lsit"},                                           "did you mean card list?"    },
    {"two letters changed places",       {"ledger", "verfiy"},                                       "did you mean ledger verify?"},
    {"a word that is near nothing",      {"pineapple"},                                              "see holdfast --help"        },
    {"a verb that is near nothing",      {"card", "pineapple"},                                      "see holdfast card --help"   },
    {"a noun alone",                     {"card"},                                                   "card needs a command"       },
    {"an unknown option",                {"card", "add", "1", "--curency", "GBP"},                   "did you mean --currency?"   },
    {"an option of another verb",
     {"card", "show", "154510682", "--currency", "GBP"},
     "no such option"                                                                                                             },
    {"a value is missing",               {"card", "add", "1", "--currency"},                         "--currency needs a value"   },
    {"a value where none belongs",       {"hold", "list", "--all=yes"},                              "--all takes no value"       },
    {"given twice",                      {"card", "list", "--status", "active", "--status", "lost"}, "given twice"                },
    {"an argument is missing",           {"card", "show"},                                           "TOKEN is missing"           },
    {"the second argument is missing",   {"account", "load", "1024826"},                             "AMOUNT is missing"          },
    {"one argument too many",            {"card", "list", "154510682"},                              "one too many"               },
    {"a limit of nothing",               {"card", "list", "--limit", "0"},                           "expected a number from 1"   },
    {"a limit that is no number",        {"card", "list", "--limit", "ten"},                         "expected a number from 1"   },
    {"an option of the verb before it",  {"--all", "hold", "list"},                                  "no such option"             },
    {"a short option that is not there", {"card", "list", "-x"},                                     "no such option"             },
};

Test(arguments, says_what_is_wrong_with_a_command)
{
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct invocation invocation;
        struct error error;
        const char *noun;

        cr_assert_eq(parse(bad[i].words, &invocation, &noun, &error), ARGUMENTS_WRONG, "%s",
                     bad[i].name);
        cr_expect_not_null(strstr(error.message, bad[i].says), "%s: said \"%s\", expected \"%s\"",
                           bad[i].name, error.message, bad[i].says);
    }
}

Test(arguments, finds_help_wherever_it_is_asked_for)
{
    struct invocation invocation;
    struct error error;
    const char *noun;

    cr_expect_eq(parse((const char *[]){"--help", NULL}, &invocation, &noun, &error),
                 ARGUMENTS_HELP);
    cr_expect(invocation.verb == NULL && noun == NULL);
    cr_expect_eq(parse((const char *[]){"card", "-h", NULL}, &invocation, &noun, &error),
                 ARGUMENTS_HELP);
    cr_assert_not_null(noun);
    cr_expect_str_eq(noun, "card");
    cr_expect_eq(parse((const char *[]){"card", "add", "--help", NULL}, &invocation, &noun, &error),
                 ARGUMENTS_HELP);
    cr_assert_not_null(invocation.verb);
    cr_expect_str_eq(invocation.verb->name, "add");
}

Test(arguments, keeps_the_options_of_every_verb)
{
    const char *words[] = {"hold",    "list", "--json",   "--utc",  "--no-color",
                           "--limit", "7",    "--config", "x.conf", NULL};
    struct invocation invocation;
    struct error error;
    const char *noun;

    cr_assert_eq(parse(words, &invocation, &noun, &error), ARGUMENTS_RUN);
    cr_expect(invocation.json && invocation.utc && invocation.no_color);
    cr_expect_eq(invocation.limit, 7);
    cr_expect_str_eq(invocation.config_path, "x.conf");
}

Test(arguments, takes_so_many_options_and_not_one_more)
{
    char *argv[2 * INVOCATION_OPTIONS_MAX + 4] = {(char *)(uintptr_t) "holdfast",
                                                  (char *)(uintptr_t) "sandbox"};
    struct invocation invocation = {.out = stdout, .err = stderr};
    struct error error = {0};
    const char *noun;
    int argc = 2;

    for (int i = 0; i < INVOCATION_OPTIONS_MAX + 1; i++) {
        argv[argc++] = (char *)(uintptr_t) "--set";
        argv[argc++] = (char *)(uintptr_t) "a.b=1";
    }
    cr_expect_eq(arguments_parse(verbs_table, argc, argv, &invocation, &noun, &error),
                 ARGUMENTS_WRONG);
    cr_expect_eq(error.code, ERROR_LIMIT);
}

Test(arguments, counts_the_edits_between_words)
{
    static const struct {
        const char *a, *b;
        size_t distance;
    } rows[] = {
        {"card",  "card",  0},
        {"card",  "crad",  1},
        {"card",  "cards", 1},
        {"card",  "ard",   1},
        {"card",  "curd",  1},
        {"",      "card",  4},
        {"hold",  "fold",  1},
        {"inbox", "xobni", 4},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect_eq(arguments_distance(rows[i].a, rows[i].b), rows[i].distance, "%s %s", rows[i].a,
                     rows[i].b);
        cr_expect_eq(arguments_distance(rows[i].b, rows[i].a), rows[i].distance, "%s %s", rows[i].b,
                     rows[i].a);
    }
    cr_expect_eq(arguments_distance("12345678901234567890123456789012", "x"), 32);
}

Test(arguments, reads_whole_numbers_only)
{
    int64_t number = -1;

    cr_expect(arguments_number("0", 0, 9, &number) && number == 0);
    cr_expect(arguments_number("9223372036854775807", 0, INT64_MAX, &number) &&
              number == INT64_MAX);
    number = -1;
    cr_expect_not(arguments_number("9223372036854775808", 0, INT64_MAX, &number));
    cr_expect_not(arguments_number("", 0, 9, &number));
    cr_expect_not(arguments_number("-1", 0, 9, &number));
    cr_expect_not(arguments_number("+1", 0, 9, &number));
    cr_expect_not(arguments_number("1 ", 0, 9, &number));
    cr_expect_not(arguments_number("10", 0, 9, &number));
    cr_expect_eq(number, -1, "untouched on failure");
}
