/* The known name that an unknown one was probably meant to be: at most two letters away.
 *
 * Threads: any.   Owns: nothing.   May include: base.
 */
#ifndef BASE_CONFIG_NEAR_H
#define BASE_CONFIG_NEAR_H

#include "base/config_keys.h"

/* Looks in the section first, then for the same name in another one; NULL when nothing is near. */
const struct config_key *config_near_key(const char *section, const char *name);
const char *config_near_section(const char *name);

#endif
