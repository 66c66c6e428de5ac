/* What is made from the table of keys for people: the example file and the man page. */
#include "base/config.h"
#include "base/config_keys.h"

#include <inttypes.h>
#include <string.h>

static void print_range(const struct config_key *key, FILE *out)
{
    switch (key->kind) {
    case CONFIG_NUMBER:
        fprintf(out, "%" PRId64 " to %" PRId64, key->min, key->max);
        return;
    case CONFIG_DURATION_MS:
        fprintf(out, "milliseconds, %" PRId64 " to %" PRId64, key->min, key->max);
        return;
    case CONFIG_FLAG:
        fputs("yes or no", out);
        return;
    case CONFIG_CHOICE:
        fputs(key->choices, out);
        return;
    case CONFIG_PATH:
    case CONFIG_FILE:
        fputs("a path", out);
        return;
    case CONFIG_URL_PATHS:
        fputs("URL paths", out);
        return;
    case CONFIG_TEXT:
        fputs("text", out);
        return;
    }
}

static void print_example_section(const struct config_section *section, FILE *out)
{
    bool is_product = strcmp(section->name, "product") == 0;

    fprintf(out, "\n# %s\n[%s%s]\n", section->sentence, section->name,
            is_product ? " default" : "");
    for (size_t i = 0; i < config_keys_count; i++) {
        const struct config_key *key = &config_keys[i];
        if (strcmp(key->section, section->name) == 0) {
            fprintf(out, "# %s (", key->sentence);
            print_range(key, out);
            fprintf(out, ").\n#%s = %s\n", key->name, key->fallback);
        }
    }
}

void config_print_example(FILE *out)
{
    fputs("# holdfast.conf: every key with its default. Remove the # of a line to change it.\n"
          "# Relative paths are relative to this file. \"holdfastd -t\" checks it.\n",
          out);
    for (size_t i = 0; i < config_sections_count; i++) {
        print_example_section(&config_sections[i], out);
    }
}

/* roff: a backslash is \e, a hyphen that is meant as one is \-, and no line may begin with . or '.
 */
static void print_roff(const char *text, FILE *out)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\\') {
            fputs("\\e", out);
        } else if (*at == '-') {
            fputs("\\-", out);
        } else if (at == text && (*at == '.' || *at == '\'')) {
            fprintf(out, "\\&%c", *at);
        } else {
            fputc(*at, out);
        }
    }
}

static void print_man_key(const struct config_key *key, FILE *out)
{
    fputs(".TP\n.B ", out);
    print_roff(key->name, out);
    fputc('\n', out);
    print_roff(key->sentence, out);
    fputs(" (", out);
    print_range(key, out);
    fputs(").\n", out);
    if (key->fallback[0] != '\0') {
        fputs("Default: ", out);
        print_roff(key->fallback, out);
        fputs(".\n", out);
    }
}

void config_print_man(FILE *out)
{
    fputs(
        "Lines are\n.IR key \" = \" value\nunder a\n.RI [ section ]\n"
        "line. A line that begins with # or ; is a comment, and so is what follows \" ;\" after a "
        "value. An unknown section or key, a value out of its range and a key set twice are "
        "errors that name file, line and key.\n",
        out);
    for (size_t i = 0; i < config_sections_count; i++) {
        const struct config_section *section = &config_sections[i];
        bool is_product = strcmp(section->name, "product") == 0;
        fprintf(out, ".SS [%s%s]\n", section->name, is_product ? " N" : "");
        print_roff(section->sentence, out);
        fputc('\n', out);
        for (size_t j = 0; j < config_keys_count; j++) {
            if (strcmp(config_keys[j].section, section->name) == 0) {
                print_man_key(&config_keys[j], out);
            }
        }
    }
}
