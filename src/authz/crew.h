/* The crew: all lanes, made, started and ended together.
 *
 * Threads: create, finish and destroy from one; crew_lane and crew_is_ready from any.
 * Owns: the lanes.   May include: base, authz/, ledger/ public headers.
 */
#ifndef AUTHZ_CREW_H
#define AUTHZ_CREW_H

#include "authz/lane.h"

enum { CREW_LANES_MAX = 64 };

struct crew;

struct crew_options {
    int lane_count;
    size_t batch_max;
    struct ledger_options ledger;
    int64_t database_timeout_us;
    struct answer_desk desk;
    struct cache *cache; /* borrowed, as is all that the desk names */
};

/* Connects every lane before any thread starts, so that what can never work is known at once; a
 * database that is merely away is no failure: the lanes go on trying. */
MUST_USE bool crew_create(const struct crew_options *options, struct crew **ret_crew,
                          struct error *error);
/* The lane for a key: an account, or a token while its account is not known. */
struct lane *crew_lane(struct crew *crew, uint64_t key);
/* Whether every lane has its database and heard from it lately. */
bool crew_is_ready(struct crew *crew, struct error *error);
/* Lets the lanes finish what waits, at most for `patience_us`, and joins them. NULL is fine. */
void crew_finish(struct crew *crew, int64_t patience_us);
/* Leaves what was never stored to the spill. NULL is fine. */
void crew_destroy(struct crew *crew);

#endif
