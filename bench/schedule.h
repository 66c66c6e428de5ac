/* Schedule: which message may be sent now.
 *
 * A message is due at its intended time, whether or not earlier ones are answered: the schedule
 * never slows down because the host does, so no wait is hidden (no coordinated omission). One thing
 * holds a message back: an unanswered earlier message of the same card, since a cardholder's next
 * step depends on the last. Such a message counts from the moment that answer came.
 *
 * Threads: one.   Owns: its arrays.   May include: libc only.
 */
#ifndef BENCH_SCHEDULE_H
#define BENCH_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct schedule;

/* `tokens[i]` is the card of message i (0: of none). */
struct schedule *schedule_create(const int32_t *tokens, size_t count);
void schedule_destroy(struct schedule *schedule); /* NULL is fine */
/* Message i is due; it counts from intended_us. To be called once for each, in order. */
void schedule_add(struct schedule *schedule, size_t message, int64_t intended_us);
/* Takes the next message that may be sent; false when there is none now. */
bool schedule_take(struct schedule *schedule, size_t *message, int64_t *intended_us);
/* It was answered (or given up): the card's next one may go. */
void schedule_done(struct schedule *schedule, size_t message, int64_t now_us);
/* Added and not yet taken. */
size_t schedule_waiting(const struct schedule *schedule);
/* Starts over with the same messages; nothing may be under way. */
void schedule_reset(struct schedule *schedule);

#endif
