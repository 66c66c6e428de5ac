/* The table of verbs against itself: what --help promises must be there. */
#include "ops/verbs.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "ops/arguments.h"
#include "ops/help.h"

enum { WORDS_MAX = 24 };

/* Splits an example at blanks; quotes hold a word together, a pipe ends what came before it. */
static int split(char *line, char *words[WORDS_MAX])
{
    int count = 0;
    char quote = '\0', *word = NULL;

    for (char *c = line; *c != '\0'; c++) {
        if (quote != '\0') {
            if (*c == quote) {
                *c = '\0';
                quote = '\0';
            }
        } else if (*c == '\'') {
            quote = '\'';
            word = c + 1;
            words[count++] = word;
        } else if (*c == ' ') {
            *c = '\0';
            word = NULL;
        } else if (word == NULL) {
            word = c;
            words[count++] = word;
        }
        cr_assert_lt(count, WORDS_MAX);
    }
    return count;
}

Test(verbs, every_example_is_understood_by_the_parser_and_is_of_its_verb)
{
    for (const struct verb *v = verbs_table; v->name != NULL; v++) {
        cr_assert_not_null(v->examples[0], "%s has no example", v->name);
        for (size_t i = 0; v->examples[i] != NULL; i++) {
            const char *start = strstr(v->examples[i], "| ");
            char *line = strdup(start != NULL ? start + 2 : v->examples[i]), *words[WORDS_MAX];
            struct invocation invocation = {.out = stdout, .err = stderr};
            struct error error = {0};
            const char *noun;
            const int count = split(line, words);

            cr_expect_str_eq(words[0], "holdfast", "%s", v->examples[i]);
            cr_expect_eq(arguments_parse(verbs_table, count, words, &invocation, &noun, &error),
                         ARGUMENTS_RUN, "%s: %s", v->examples[i], error.message);
            cr_expect_eq(invocation.verb, v, "%s", v->examples[i]);
            free(line);
        }
    }
}

Test(verbs, every_verb_has_a_sentence_and_a_function)
{
    for (const struct verb *v = verbs_table; v->name != NULL; v++) {
        cr_expect(v->sentence != NULL && v->sentence[0] != '\0', "%s", v->name);
        cr_expect_not_null(v->run, "%s", v->name);
        for (const struct verb *w = verbs_table; w != v; w++) {
            const bool same_noun = v->noun == w->noun || (v->noun != NULL && w->noun != NULL &&
                                                          strcmp(v->noun, w->noun) == 0);
            cr_expect_not(same_noun && strcmp(v->name, w->name) == 0, "%s is there twice", v->name);
        }
    }
}

Test(verbs, no_option_of_a_verb_hides_a_common_one)
{
    for (const struct verb *v = verbs_table; v->name != NULL; v++) {
        for (const struct verb_option *o = v->options; o->name != NULL; o++) {
            for (const struct verb_option *c = arguments_common; c->name != NULL; c++) {
                cr_expect_str_neq(o->name, c->name, "%s", v->name);
            }
        }
    }
}

Test(verbs, help_puts_the_example_first)
{
    char *text = NULL;
    size_t bytes = 0;

    for (const struct verb *v = verbs_table; v->name != NULL; v++) {
        FILE *out = open_memstream(&text, &bytes);
        help_print_verb(v, out);
        fclose(out);
        cr_expect_eq(strncmp(text, "Examples:\n  ", 12), 0, "%s", v->name);
        cr_expect_not_null(strstr(text, v->examples[0]), "%s", v->name);
        free(text);
    }
}
