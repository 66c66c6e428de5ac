/* The sandbox's directory: whose it is, who uses it just now, how far its making got.
 *
 *     DIR/.holdfast-sandbox   marks it, locked while a sandbox runs, holds the number of cards made
 *     DIR/holdfast.conf  tls/  postgres/  log/  first-authorisation.xml
 *
 * Threads: one.   Owns: the lock.   May include: base.
 */
#ifndef OPS_SANDBOX_HOME_H
#define OPS_SANDBOX_HOME_H

#include <limits.h>
#include <stdint.h>

#include "base/error.h"

struct sandbox_home {
    char directory[PATH_MAX]; /* absolute, without links */
    int lock;                 /* open while we hold it, else -1 */
    int64_t card_count;       /* cards made so far */
};

/* Makes or takes over the directory. Refuses one that has other things in it, and one that another
 * sandbox uses. */
MUST_USE bool sandbox_home_open(struct sandbox_home *home, const char *directory,
                                struct error *error);
void sandbox_home_close(struct sandbox_home *home);
/* Remembers, across kills, that this many cards are there. */
MUST_USE bool sandbox_home_save(struct sandbox_home *home, int64_t card_count, struct error *error);
/* DIR/name; asserted to fit (PATH_MAX was checked for the longest at open). */
const char *sandbox_home_path(const struct sandbox_home *home, const char *name,
                              char path[PATH_MAX]);

#endif
