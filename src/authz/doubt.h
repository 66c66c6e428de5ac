/* Doubts: declines that were told while a COMMIT was under way that may have approved.
 *
 * The lane takes such an approval back as soon as it hears from its database. Should the process be
 * killed first, its successor must know of it: each doubt stands in a file (the spill's name and
 * ".told") before its decline is told, until books and answer agree. At the start, what is left
 * there goes to the spill, whose recorder has it looked up, and voided if it was approved.
 *
 * One slot a request, written over when it is free again, so the file never outgrows the pool. It
 * is not synchronised: it outlives the process, not the machine.
 *
 * Threads: any, guarded by .mutex.   Owns: its file, which is locked against other processes.
 * May include: base, authz/.
 */
#ifndef AUTHZ_DOUBT_H
#define AUTHZ_DOUBT_H

#include "authz/pool.h"
#include "authz/spill.h"

struct doubts;

/* `spill_path` empty (or NULL): nothing is kept. `slots`: requests in flight at most. */
MUST_USE bool doubts_open(const char *spill_path, int slots, struct spill *spill,
                          struct doubts **ret_doubts, struct error *error);
void doubts_close(struct doubts *doubts); /* NULL is fine; what is in the file stays */
/* Keeps the request until doubts_forget; once is enough, and after it too late: no more than that
 * happens then. False: it could not be written. */
MUST_USE bool doubts_note(struct doubts *doubts, const struct request *request,
                          const struct spill_note *note);
/* Books and answer agree, or the spill has it. */
void doubts_forget(struct doubts *doubts, const struct request *request);

#endif
