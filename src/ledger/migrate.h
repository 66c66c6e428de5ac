/* Migrations: the numbered files of schema/, compiled in, applied in order under one lock.
 *
 * Each states the oldest program that can live with it (`compatible_from`); a program refuses only
 * a database that excludes it, so two versions can run side by side.
 *
 * Threads: any, one call at a time.   Owns: its own connection.   May include: base, ledger/,
 * libpq.
 */
#ifndef LEDGER_MIGRATE_H
#define LEDGER_MIGRATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum { MIGRATE_PROGRAM_VERSION = 1 }; /* what this program calls itself to compatible_from */

struct migrate_status {
    int known;           /* migrations compiled in */
    int applied;         /* of those, applied in the database */
    int newest;          /* newest number in the database, also of a newer program; 0: none */
    int compatible_from; /* oldest program version the database admits */
    char newest_name[64];
};

/* Applies what is missing, each in a transaction of its own; *ret_applied is how many. Safe to
 * repeat and to run twice at once. conninfo: the admin role. */
MUST_USE bool migrate_run(const char *conninfo, int *ret_applied, struct error *error);
/* The newest migration compiled in: what a database must have for this program. */
int migrate_needed(void);
MUST_USE bool migrate_status(const char *conninfo, struct migrate_status *ret_status,
                             struct error *error);

#endif
