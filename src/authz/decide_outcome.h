/* Outcomes: advices, reversals and whatever else has happened already. None can be refused.
 *
 * Threads: pure.   Owns: nothing.   May include: base, authz/ pure headers.
 */
#ifndef AUTHZ_DECIDE_OUTCOME_H
#define AUTHZ_DECIDE_OUTCOME_H

#include "authz/decide.h"

/* A new, well-formed message of a known card that is not a request. */
void decide_outcome(const struct facts *facts, struct decide_scratch *scratch,
                    struct decision *decision);

#endif
