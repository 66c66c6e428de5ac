/* Untold: answers that the books have and the processor never got.
 *
 * When the deadline comes while a commit is under way, a decline goes out, and the commit may still
 * succeed. The books then follow what was said: an approval is voided (its hold goes, code
 * "voided", event authorisation.voided), and the answer that was sent becomes the stored one, so
 * that a repeat hears the same again.
 *
 * Threads: owned by one lane.   Owns: its list, which outlives connections.
 * May include: base, authz/, ledger/ public headers.
 */
#ifndef AUTHZ_UNTOLD_H
#define AUTHZ_UNTOLD_H

#include "authz/apply.h"
#include "ledger/ledger.h"

enum { UNTOLD_MAX = 1024, UNTOLD_BATCH = 32 };

struct untold_item {
    struct statement statement; /* of the request, with the answer that is stored */
    struct batch_key key;
    struct reply told;
    char request_id[MESSAGE_REQUEST_ID_BYTES];
    bool approved; /* the stored answer: there may be a hold to take back */
    bool done;
    uint8_t facts[STATEMENT_BYTES]; /* of the void; borrowed by the batch until its commit */
};

struct untold {
    struct untold_item items[UNTOLD_MAX]; /* oldest first */
    size_t count;
    size_t batch_max; /* 1 after a batch was refused */
};

/* Notes that `told` was sent for the work's request although its decision is stored. False: full.
 */
bool untold_add(struct untold *untold, const struct work *work, const struct reply *told);
/* Corrects the oldest in one transaction. What could not be done stays for the next time. False
 * when the database failed: error says how. */
bool untold_settle(struct untold *untold, struct ledger *ledger, struct batch *batch,
                   struct gather *gather, int64_t deadline_mono_us, struct error *error);

#endif
