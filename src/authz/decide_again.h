/* The same request again: the stored answer, or its outcome's once that has come.
 *
 * Threads: pure.   Owns: nothing.   May include: base, authz/ pure headers.
 */
#ifndef AUTHZ_DECIDE_AGAIN_H
#define AUTHZ_DECIDE_AGAIN_H

#include "authz/decide.h"

void decide_again(const struct facts *facts, struct decide_scratch *scratch,
                  struct decision *decision);

#endif
