/* Arguments: from argv to an invocation, by the table of verbs.
 *
 * Options may stand anywhere after the verb, `--name value` and `--name=value` alike; "--" ends
 * them. Only the options that every verb has may stand before it. A word that is nearly a verb is
 * answered with the verb; nothing is ever guessed and run.
 *
 * Threads: any.   Owns: nothing (values are borrowed from argv).   May include: base, ops/.
 */
#ifndef OPS_ARGUMENTS_H
#define OPS_ARGUMENTS_H

#include "base/error.h"
#include "ops/verb.h"

/* Options of every verb, ended by a NULL name. */
extern const struct verb_option arguments_common[];

enum arguments_result {
    ARGUMENTS_RUN,  /* invocation->verb is to be run */
    ARGUMENTS_HELP, /* help was asked for: of invocation->verb, else of *noun, else of everything */
    ARGUMENTS_WRONG, /* error says what is wrong */
};

/* `verbs` ends with a verb whose name is NULL. *noun (NULL: none) is set with ARGUMENTS_HELP. */
enum arguments_result arguments_parse(const struct verb *verbs, int argc, char *const *argv,
                                      struct invocation *invocation, const char **noun,
                                      struct error *error);

/* Edits (insert, drop, change, swap of neighbours) from one word to the other; words of over 31
 * bytes are far from everything. */
size_t arguments_distance(const char *a, const char *b);

/* Whole decimal numbers, nothing else before or after; the range is inclusive. */
MUST_USE bool arguments_number(const char *text, int64_t least, int64_t most, int64_t *number);

#endif
