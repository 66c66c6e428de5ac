/* The recorder: stores what the spill has, when the lanes have room and their database.
 *
 * A record goes the way of a request that was declined while it waited: it is answered already, and
 * the lane stores it behind everything that is live.
 *
 * Threads: one of its own.   Owns: its thread.   May include: base, authz/.
 */
#ifndef AUTHZ_RECORDER_H
#define AUTHZ_RECORDER_H

#include "authz/crew.h"
#include "authz/spill.h"

struct recorder;

struct recorder_options {
    struct spill *spill; /* borrowed, as all below */
    struct crew *crew;
    struct pool *pool;
    int pool_slots;
    /* Hands a request that was declined to its lane. */
    void (*record)(void *context, struct request *request, const struct spill_note *note);
    void *context;
};

MUST_USE bool recorder_create(const struct recorder_options *options,
                              struct recorder **ret_recorder, struct error *error);
void recorder_destroy(struct recorder *recorder); /* NULL is fine */

#endif
