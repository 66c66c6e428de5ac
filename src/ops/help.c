#include "ops/help.h"

#include <string.h>

#include "ops/arguments.h"

enum { SYNOPSIS_BYTES = 160 };

/* "card add TOKEN", as typed. */
static void synopsis(const struct verb *verb, char text[SYNOPSIS_BYTES])
{
    size_t used =
        (size_t)snprintf(text, SYNOPSIS_BYTES, "%s%s%s", verb->noun != NULL ? verb->noun : "",
                         verb->noun != NULL ? " " : "", verb->name);
    for (size_t i = 0; verb->arguments[i] != NULL && used < SYNOPSIS_BYTES; i++) {
        used += (size_t)snprintf(text + used, SYNOPSIS_BYTES - used, " %s", verb->arguments[i]);
    }
}

static void print_line(const struct verb *verb, FILE *out)
{
    char text[SYNOPSIS_BYTES];
    synopsis(verb, text);
    fprintf(out, "  %-30s %s\n", text, verb->sentence);
}

static void print_options(const struct verb_option *options, FILE *out)
{
    for (; options->name != NULL; options++) {
        char text[SYNOPSIS_BYTES];
        snprintf(text, sizeof text, "--%s%s%s", options->name, options->value != NULL ? " " : "",
                 options->value != NULL ? options->value : "");
        fprintf(out, "  %-30s %s%s\n", text, options->sentence,
                options->repeatable ? " (repeatable)" : "");
    }
}

static const char exit_statuses[] =
    "Exit status: 0 ok, 1 failed or refused, 2 usage or configuration, 3 not found,\n"
    "4 a check found differences, 5 daemon or database unreachable.\n";

void help_print_all(const struct verb *verbs, FILE *out)
{
    fputs("Examples:\n"
          "  holdfast sandbox                       a whole system of your own, until Ctrl-C\n"
          "  holdfast card list                     the cards and what each may spend\n"
          "  holdfast auth list --limit 10          the last ten decisions\n"
          "  holdfast auth show 600000000123        why one fell as it did\n"
          "  holdfast ledger verify                 prove that the books are sound\n\n"
          "Usage: holdfast COMMAND [ARGUMENTS] [OPTIONS]; holdfast COMMAND --help tells more.\n\n"
          "Commands:\n",
          out);
    for (const struct verb *v = verbs; v->name != NULL; v++) {
        print_line(v, out);
    }
    fputs("\nOptions of every command:\n", out);
    print_options(arguments_common, out);
    fprintf(out, "\n%s", exit_statuses);
}

void help_print_noun(const struct verb *verbs, const char *noun, FILE *out)
{
    fputs("Examples:\n", out);
    for (const struct verb *v = verbs; v->name != NULL; v++) {
        if (v->noun != NULL && strcmp(v->noun, noun) == 0) {
            fprintf(out, "  %s\n", v->examples[0]);
        }
    }
    fputs("\nCommands:\n", out);
    for (const struct verb *v = verbs; v->name != NULL; v++) {
        if (v->noun != NULL && strcmp(v->noun, noun) == 0) {
            print_line(v, out);
        }
    }
}

void help_print_verb(const struct verb *verb, FILE *out)
{
    char text[SYNOPSIS_BYTES];

    fputs("Examples:\n", out);
    for (size_t i = 0; verb->examples[i] != NULL; i++) {
        fprintf(out, "  %s\n", verb->examples[i]);
    }
    synopsis(verb, text);
    fprintf(out, "\nUsage: holdfast %s [OPTIONS]\n\n%s.\n", text, verb->sentence);
    if (verb->options[0].name != NULL) {
        fputs("\nOptions:\n", out);
        print_options(verb->options, out);
    }
    fputs("\nOptions of every command:\n", out);
    print_options(arguments_common, out);
    fprintf(out, "\n%s", exit_statuses);
}

static void markdown_options(const struct verb_option *options, FILE *out)
{
    for (; options->name != NULL; options++) {
        fprintf(out, "- `--%s%s%s`: %s%s\n", options->name, options->value != NULL ? " " : "",
                options->value != NULL ? options->value : "", options->sentence,
                options->repeatable ? " (repeatable)" : "");
    }
}

void help_print_markdown(const struct verb *verbs, FILE *out)
{
    fprintf(out,
            "# The command line\n\n"
            "`holdfast COMMAND [ARGUMENTS] [OPTIONS]`. This page is made from the table that the "
            "program itself parses with\n(`holdfast help --markdown`); a test keeps the two "
            "alike. What `--json` prints is in [cli-json.md](cli-json.md).\n\n"
            "Results go to standard output, messages to standard error. Amounts print with their "
            "currency (`GBP 12.34`), times\nin local time with their offset, or in UTC with "
            "`--utc`. Colour appears on a terminal only, and never with\n`NO_COLOR` set.\n\n"
            "%s\n## Options of every command\n\n",
            exit_statuses);
    markdown_options(arguments_common, out);
    for (const struct verb *v = verbs; v->name != NULL; v++) {
        char text[SYNOPSIS_BYTES];
        synopsis(v, text);
        fprintf(out, "\n## holdfast %s\n\n%s.\n\n```\n", text, v->sentence);
        for (size_t i = 0; v->examples[i] != NULL; i++) {
            fprintf(out, "%s\n", v->examples[i]);
        }
        fputs("```\n", out);
        if (v->options[0].name != NULL) {
            fputc('\n', out);
            markdown_options(v->options, out);
        }
    }
}
