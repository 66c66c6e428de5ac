/* The spill: declines that went out and could not be kept in memory, in a file until they are
 * stored.
 *
 * Acknowledged means durable, with one exception: a decline given because there was no room, no
 * time or no database. Those are stored as messages afterwards, so that lists, explain and cut-off
 * know them. What finds no slot, and what is left when the process ends, comes here; the recorder
 * stores it, and when all of it is stored the file is emptied. A record may be stored twice: its
 * key makes that harmless.
 *
 * Threads: any, guarded by .mutex.   Owns: its file, which is locked against other processes.
 * May include: base, authz/message.h, authz/codes.h.
 */
#ifndef AUTHZ_SPILL_H
#define AUTHZ_SPILL_H

#include "authz/codes.h"
#include "base/error.h"

enum { SPILL_BYTES_MAX = 64 * 1024 * 1024 };

struct spill;

/* What is kept beside the message. */
struct spill_note {
    enum reason told;
    char response[3];  /* that was sent */
    bool maybe_stored; /* a COMMIT that may have approved it was under way */
};

/* Opens or makes the file, readable by its owner alone; what an earlier process left is there to be
 * taken, a torn end is cut off. An empty path (or NULL): nothing is kept, every spill_put fails. */
MUST_USE bool spill_open(const char *path, struct spill **ret_spill, struct error *error);
void spill_close(struct spill *spill); /* NULL is fine */
/* Keeps a message that was declined. False: the spill is full (what may be stored finds room all
 * the same), or cannot be written. */
MUST_USE bool spill_put(struct spill *spill, const struct message *message,
                        const struct spill_note *note);
/* The next record that was not taken yet; message->fields then points to `fields`. False: none. */
bool spill_take(struct spill *spill, struct message *message, uint8_t fields[MESSAGE_FIELDS_MAX],
                struct spill_note *note);
/* One that was taken is stored, or will never be. */
void spill_settle(struct spill *spill);
/* Whether something is there to be taken. */
bool spill_is_waiting(struct spill *spill);

#endif
