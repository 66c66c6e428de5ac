/* Values of the configuration: from text to a number by the kind of the key, and what to say when
 * that fails.
 *
 * Threads: any.   Owns: nothing.   May include: base.
 */
#ifndef BASE_CONFIG_VALUE_H
#define BASE_CONFIG_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/config_keys.h"

/* Whether text is a good value of the key; *number is its number, index of choice, flag or
 * milliseconds (0 for texts and paths), untouched where there is none. */
bool config_value_read(const struct config_key *key, const char *text, int64_t *number);
/* What stands in an error after "expected". */
void config_value_expected(const struct config_key *key, char *buffer, size_t bytes);
/* One to 18 digits; *rest is what follows them. */
bool config_value_digits(const char *text, int64_t *number, const char **rest);

#endif
