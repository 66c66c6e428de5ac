/* Facts: a stored statement and the kept elements of a message, as JSON for `auth show`.
 *
 * Threads: any.   Owns: nothing.   May include: base, authz/statement.h, soap/field.h, jansson.
 */
#ifndef OPS_FACTS_H
#define OPS_FACTS_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* What decide() saw and answered, or JSON null when the bytes are not a statement of a version that
 * this program knows. The caller's. */
json_t *facts_of_statement(const uint8_t *bytes, size_t count);
/* Element name → value as received, masked. Never NULL; the caller's. */
json_t *facts_of_elements(const uint8_t *bytes, size_t count);

#endif
