/* Stories: what happens to cardholders, one function each, with how often it happens.
 *
 * Threads: constants.   Owns: nothing.   May include: bench/.
 */
#ifndef BENCH_STORIES_H
#define BENCH_STORIES_H

#include "day.h"

struct story_kind {
    const char *name;
    story_step *begin;
    int weight;            /* how often, against the sum of all */
    bool needs_empty_card; /* makes sense only where little is left */
};

extern const struct story_kind stories[];
extern const size_t stories_count;

/* An index into stories, by weight. */
size_t stories_pick(struct dice *dice);

/* Spends all but a little of what the card has. Not in the list: the day begins with it. */
void stories_large_purchase(struct day *day, struct story *story);

#endif
