/* Help: what --help prints, made from the table of verbs; examples come first.
 *
 * Threads: any.   Owns: nothing.   May include: libc, ops/.
 */
#ifndef OPS_HELP_H
#define OPS_HELP_H

#include "ops/verb.h"

/* Everything there is, one line a verb. */
void help_print_all(const struct verb *verbs, FILE *out);
/* The verbs of one noun. */
void help_print_noun(const struct verb *verbs, const char *noun, FILE *out);
/* One verb with its examples, arguments and options. */
void help_print_verb(const struct verb *verb, FILE *out);
/* docs/cli.md, whole. */
void help_print_markdown(const struct verb *verbs, FILE *out);

#endif
