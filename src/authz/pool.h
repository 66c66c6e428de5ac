/* Slots: every request that is in flight, in memory that was reserved at start.
 *
 * A slot has two holders while it is submitted: the side that answers (whichever of lane and
 * deadline comes first) and the lane that stores. Who answers is settled by one atomic claim, so
 * on_reply is called exactly once; whoever is done last gives the slot back. Slots are taken last
 * in, first out: those that were never needed never touch memory.
 *
 * Beyond the slots that anybody may take, some are kept for what must not be shed with the load.
 *
 * Threads: any, guarded by .mutex; a state is handed over through queue and deadline list.
 * Owns: the slots.   May include: base, authz/, ledger/batch.h.
 */
#ifndef AUTHZ_POOL_H
#define AUTHZ_POOL_H

#include <stdatomic.h>
#include <stddef.h>

#include "authz/authz.h"
#include "ledger/batch.h"

/* Where a request is, for the metric of missed deadlines. */
enum phase { PHASE_QUEUE, PHASE_FETCH, PHASE_DECIDE, PHASE_COMMIT, PHASE_COUNT };

enum { CLAIM_OPEN = 0, CLAIM_LANE = 1, CLAIM_DECLINED = 256 /* plus the reason that was told */ };

/* How many slots beyond the common ones a message may use when those are all in flight. */
enum pool_reach {
    POOL_COMMON = 0,
    POOL_OUTCOME = 64,     /* the processor tells what happened: it moves money already */
    POOL_PERSISTENT = 128, /* sent again and again; soon the processor gives up */
};

struct lane;

struct request_state {
    atomic_int claim;   /* CLAIM_OPEN, CLAIM_LANE, or CLAIM_DECLINED + enum reason */
    atomic_int holders; /* 1 or 2 */
    atomic_int phase;   /* enum phase */
    /* Its answer is in a COMMIT whose end is not known: a decline that is told now may be against
     * the books. The lane sets it before it looks at .claim, the deadline's thread reads it after
     * it claimed: one of them sees the other. */
    atomic_bool storing;
    int32_t doubt; /* under the doubts' mutex */

    /* Written by authz_submit, read-only after. */
    int64_t deadline_mono_us;
    struct classification asked; /* as it came in: what whoever answers goes by */
    const struct product_settings *product;
    struct statement statement;
    struct batch_key key;
    const struct lane *lane;

    struct request *next;            /* the queue's, the pool's or the put-off list's */
    struct request *earlier, *later; /* deadline list, under its mutex */
    bool listed;                     /* in the deadline list, under its mutex */

    /* The lane's own, once taken. */
    int64_t account; /* 0: not known yet; the cache's guess before */
    int64_t taken_mono_us;
    int tries;         /* times that the database refused it */
    bool maybe_stored; /* a COMMIT that may have stored it was lost */
    bool untold;       /* it is its own correction now */
    char told[3];      /* the decline that was sent; "": what its claim says */
    bool spilled;      /* came from the spill, which wants to know when it is stored */
    struct classification classification; /* .asked, until it turns into its own correction */
};

struct pool;

/* Reserves `count` common slots and POOL_PERSISTENT beyond; untouched ones cost address space only.
 */
MUST_USE bool pool_create(int count, struct pool **ret_pool, struct error *error);
void pool_destroy(struct pool *pool); /* NULL is fine; no slot may be out */
/* An emptied slot with one holder, or NULL: all within reach are in flight. */
struct request *pool_take(struct pool *pool, enum pool_reach reach);
/* How far a message may reach. */
enum pool_reach pool_reach_of(const struct message *message);
/* Lets go of `holders` holds; the last one gives the slot back. */
void pool_put(struct pool *pool, struct request *request, int holders);
int pool_in_flight(struct pool *pool);

/* Claims the answer. True: the caller, and nobody else, calls on_reply. */
bool pool_claim(struct request *request, int claim);
/* Whether somebody has answered already, and if a decline without a decision, for which reason. */
bool pool_is_answered(const struct request *request);
bool pool_was_declined(const struct request *request, enum reason *reason);

#endif
