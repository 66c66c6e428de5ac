/* A verb: one thing that `holdfast` can be told to do.
 *
 * The table in verbs.c has every verb with its arguments, options, one sentence and examples.
 * Parser,
 * --help, suggestions and documentation all read it, so that none of them can drift from the
 * others.
 *
 * Threads: constants, and one invocation owned by main.   Owns: nothing.   May include: libc only.
 */
#ifndef OPS_VERB_H
#define OPS_VERB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The exit statuses of the command line: a contract (docs/cli.md). */
enum exit_status {
    EXIT_STATUS_OK = 0,
    EXIT_STATUS_FAILED = 1, /* failed or refused */
    EXIT_STATUS_USAGE = 2,  /* usage or configuration */
    EXIT_STATUS_NOT_FOUND = 3,
    EXIT_STATUS_DIFFERENT = 4,   /* a check found differences */
    EXIT_STATUS_UNREACHABLE = 5, /* daemon or database */
};

enum {
    VERB_ARGUMENTS_MAX = 3,
    VERB_OPTIONS_MAX = 10,
    VERB_EXAMPLES_MAX = 4,
    INVOCATION_OPTIONS_MAX = 64, /* given at once, repeated ones counted */
};

struct verb_option {
    const char *name;  /* without the dashes; NULL ends the list */
    const char *value; /* what stands for its value in --help ("FILE"); NULL: a switch */
    const char *sentence;
    bool repeatable;
};

struct invocation;

struct verb {
    const char *noun;                              /* "card"; NULL for a verb that stands alone */
    const char *name;                              /* "add" */
    bool is_default;                               /* meant when the noun stands alone */
    const char *arguments[VERB_ARGUMENTS_MAX + 1]; /* "TOKEN"; "[DIR]" may be left out */
    const char *sentence;
    struct verb_option options[VERB_OPTIONS_MAX + 1];
    const char *examples[VERB_EXAMPLES_MAX + 1]; /* whole command lines */
    enum exit_status (*run)(const struct invocation *invocation);
};

/* One command line, understood. */
struct invocation {
    const struct verb *verb;
    const char *arguments[VERB_ARGUMENTS_MAX]; /* NULL where left out */
    size_t argument_count;
    struct {
        const char *name, *value;      /* a switch has the value "" */
    } options[INVOCATION_OPTIONS_MAX]; /* the verb's own */
    size_t option_count;

    /* The options that every verb has. */
    bool json, utc, no_color;
    const char *config_path; /* NULL: not given */
    int64_t limit;           /* 0: not given */

    FILE *out, *err; /* results, messages */
};

/* The option's value as given (the last one, when repeated), or NULL. */
static inline const char *verb_option_of(const struct invocation *invocation, const char *name)
{
    for (size_t i = invocation->option_count; i > 0; i--) {
        const char *a = invocation->options[i - 1].name, *b = name;
        while (*a != '\0' && *a == *b) {
            a++;
            b++;
        }
        if (*a == *b) {
            return invocation->options[i - 1].value;
        }
    }
    return NULL;
}

#endif
