/* Embedded texts: files of the source tree that are compiled into the programs (SQL statements,
 * migrations), so that an installed binary needs nothing beside it. scripts/embed writes the
 * tables.
 *
 *     extern const struct embedded ledger_sql[];
 *     extern const size_t ledger_sql_count;
 *
 * Threads: constants.   Owns: nothing.   May include: libc only.
 */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

struct embedded {
    const char *name; /* the file's name without its folder: "fetch_accounts.sql" */
    const char *text; /* its whole content, NUL-ended */
};

#endif
