/* When a hold ends by itself: what the processor says, and three days for what is in the post.
 *
 * Threads: any.   Owns: nothing.   May include: base.
 */
#ifndef AUTHZ_HOLD_END_H
#define AUTHZ_HOLD_END_H

#include <stdint.h>

enum { HOLD_END_POST_DAYS = 3, HOLD_END_MIN_DAYS = 1, HOLD_END_MAX_DAYS = 45 };

/* The end of a hold placed at now_us (microseconds since 1970 UTC) by a message with that
 * auth_expdate_utc, "YYYY-MM-DD hh:mm:ss[.f…]" in UTC: three days later, but 1 to 45 days from now.
 * 0: none, because the text is empty, no such instant, or of a year before 2000 (how some systems
 * write "none"). Source: EHI guide, auth_expdate_utc; the days are ours. */
int64_t hold_end_us(const char *text, int64_t now_us);

#endif
