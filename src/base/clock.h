/* Clocks: the two times there are, read only at the edges and handed on as arguments.
 *
 * Threads: any.   Owns: nothing.   May include: libc only.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

enum { CLOCK_TEXT_BYTES = 40 };

/* Monotonic clock, microseconds: deadlines and durations. */
int64_t clock_mono_us(void);
/* Wall clock, microseconds since 1970 UTC: what is stored and shown. */
int64_t clock_wall_us(void);
/* RFC 3339 UTC with microseconds: "2026-11-25T03:14:12.000123Z". Returns buffer. */
const char *clock_format_utc(int64_t wall_us, char buffer[CLOCK_TEXT_BYTES]);
/* RFC 3339 in the process's time zone with its offset: "2026-11-25T04:14:12.000123+01:00". */
const char *clock_format_local(int64_t wall_us, char buffer[CLOCK_TEXT_BYTES]);

#endif
