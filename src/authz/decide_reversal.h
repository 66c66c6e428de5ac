/* Reversals: what takes holds away. Kept apart from the advices because a reversal without its
 * original waits for it.
 *
 * Threads: pure.   Owns: nothing.   May include: base, authz/ pure headers.
 */
#ifndef AUTHZ_DECIDE_REVERSAL_H
#define AUTHZ_DECIDE_REVERSAL_H

#include "authz/decide.h"

/* 0400 D, 0420 D, and the processor's automatic reversal. */
void decide_reversal(const struct facts *facts, struct decide_scratch *scratch,
                     struct decision *decision);
/* Our own word: an approval that nobody was told is taken back. */
void decide_void(const struct facts *facts, struct decide_scratch *scratch,
                 struct decision *decision);

#endif
