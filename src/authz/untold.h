/* Untold: answers that the books have and the processor never got.
 *
 * When the deadline comes while a commit is under way, a decline goes out, and the commit may still
 * succeed. The books then follow what was said: the request turns into its own correction, a
 * message of ours (ROLE_VOID) that runs through the lane as any other. An approval is voided, its
 * payment's holds are computed anew without it, and the answer that was sent becomes the stored
 * one, so that a repeat hears the same again.
 *
 * Threads: owned by one lane.   Owns: nothing.   May include: base, authz/, ledger/ public headers.
 */
#ifndef AUTHZ_UNTOLD_H
#define AUTHZ_UNTOLD_H

#include "authz/apply.h"

/* The request becomes the correction that makes its stored answer the one in `told`. Its lane runs
 * it again, before anything else. */
void untold_turn(struct request *request, const char told[3]);
/* Decides the correction on gathered facts and puts its effects into the batch. Nothing is to be
 * done, and nothing is, when a lost COMMIT had done it. False as apply_decision. */
bool untold_apply(struct batch *batch, struct gather *gather, struct decide_scratch *scratch,
                  struct work *work);

#endif
