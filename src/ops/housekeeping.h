/* Housekeeping: what the daemon does by the clock and not by message.
 *
 * Partitions of the outbox are made ahead at the start and every hour; the chain's anchor goes to
 * the table and, outside the database, to the log every minute and at the end; reversals that have
 * waited too long are given up, looked for every minute; systemd's watchdog is fed and its status
 * line kept.
 *
 * Threads: one of its own.   Owns: its database session and a batch.
 * May include: base, authz/authz.h, ledger/ledger.h, libsystemd.
 */
#ifndef OPS_HOUSEKEEPING_H
#define OPS_HOUSEKEEPING_H

#include "authz/authz.h"
#include "ledger/ledger.h"

struct housekeeping;

struct housekeeping_options {
    struct ledger_options ledger; /* as the writer */
    int64_t timeout_us;           /* of one round trip */
    int64_t park_us;              /* reversals that waited for so long are given up */
    struct authz *authz;          /* its readiness stands in the status line */
    struct metrics *metrics;
};

MUST_USE bool housekeeping_create(const struct housekeeping_options *options,
                                  struct housekeeping **ret_housekeeping, struct error *error);
/* Ends its thread; it no longer looks at authz. NULL is fine. */
void housekeeping_stop(struct housekeeping *housekeeping);
/* When the lanes have ended: writes the last anchor, which covers all they wrote. NULL is fine. */
void housekeeping_destroy(struct housekeeping *housekeeping);

#endif
