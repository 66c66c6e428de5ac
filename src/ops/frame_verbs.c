/* The verbs that need no database: version, help, sandbox. */
#include <string.h>

#include "ops/access.h"
#include "ops/help.h"
#include "ops/output.h"
#include "ops/sandbox.h"
#include "ops/verbs.h"

enum { SANDBOX_WORDS_MAX = 2 * INVOCATION_OPTIONS_MAX + 3, WORD_BYTES = 32 };

enum exit_status verbs_version(const struct invocation *invocation)
{
    if (invocation->json) {
        json_t *object = json_pack("{s:s}", "version", HOLDFAST_VERSION);
        output_json(invocation, object);
        json_decref(object);
    } else {
        fprintf(invocation->out, "holdfast %s\n", HOLDFAST_VERSION);
    }
    return EXIT_STATUS_OK;
}

static bool names_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

enum exit_status verbs_help(const struct invocation *invocation)
{
    const char *first = invocation->arguments[0], *second = invocation->arguments[1];
    struct error error = {0};

    if (verb_option_of(invocation, "markdown") != NULL) {
        help_print_markdown(verbs_table, invocation->out);
        return EXIT_STATUS_OK;
    }
    if (first == NULL) {
        help_print_all(verbs_table, invocation->out);
        return EXIT_STATUS_OK;
    }
    for (const struct verb *v = verbs_table; v->name != NULL; v++) {
        const bool alone = v->noun == NULL && second == NULL && names_same(v->name, first);
        if (alone || (names_same(v->noun, first) && names_same(v->name, second))) {
            help_print_verb(v, invocation->out);
            return EXIT_STATUS_OK;
        }
        if (second == NULL && names_same(v->noun, first)) {
            help_print_noun(verbs_table, first, invocation->out);
            return EXIT_STATUS_OK;
        }
    }
    (void)error_set(&error, ERROR_INVALID, "command", "no such command: %s%s%s", first,
                    second != NULL ? " " : "", second != NULL ? second : "");
    return access_fail_usage(invocation, &error);
}

/* The sandbox has a parser of its own, because it is also started by scripts: it gets its words
 * back. */
enum exit_status verbs_sandbox(const struct invocation *invocation)
{
    char names[INVOCATION_OPTIONS_MAX][WORD_BYTES], command[] = "sandbox", json[] = "--json";
    char *words[SANDBOX_WORDS_MAX + 1] = {command};
    int count = 1;

    for (size_t i = 0; i < invocation->option_count; i++) {
        snprintf(names[i], sizeof names[i], "--%s", invocation->options[i].name);
        words[count++] = names[i];
        words[count++] = (char *)(uintptr_t)invocation->options[i].value;
    }
    if (invocation->json) {
        words[count++] = json;
    }
    if (invocation->arguments[0] != NULL) {
        words[count++] = (char *)(uintptr_t)invocation->arguments[0];
    }
    switch (sandbox_main(count, words)) {
    case 0:
        return EXIT_STATUS_OK;
    case 2:
        return EXIT_STATUS_USAGE;
    case 5:
        return EXIT_STATUS_UNREACHABLE;
    default:
        return EXIT_STATUS_FAILED;
    }
}
