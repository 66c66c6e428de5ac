/* Requests: the messages that ask us for a decision.
 *
 * Threads: pure.   Owns: nothing.   May include: base, authz/ pure headers.
 */
#ifndef AUTHZ_DECIDE_REQUEST_H
#define AUTHZ_DECIDE_REQUEST_H

#include "authz/decide.h"

/* A new, well-formed request. */
void decide_request(const struct facts *facts, struct decide_scratch *scratch,
                    struct decision *decision);

#endif
