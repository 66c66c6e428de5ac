/* Instants as people write them: RFC 3339, a day, or so long ago.
 *
 * Threads: any.   Owns: nothing.   May include: base.
 */
#ifndef OPS_INSTANT_H
#define OPS_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* "2026-11-25T03:14:12.000123Z" (also with "+01:00", fewer digits, a blank for T), "2026-11-25" or
 * "2026-11-25T03:14" (in local time, or UTC when `utc`), "90s", "15m", "2h", "7d" (before now_us).
 */
MUST_USE bool instant_parse(const char *text, int64_t now_us, bool utc, int64_t *instant_us,
                            struct error *error);
/* "2029-12" → 202912; from 2000-01 to 2099-12. */
MUST_USE bool instant_parse_month(const char *text, int32_t *yyyymm);

#endif
