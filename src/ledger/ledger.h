/* The ledger: one writer's session with PostgreSQL.
 *
 * A batch takes two round trips: ledger_fetch begins, locks the accounts in id order (those that
 * another session holds are skipped) and reads everything decisions need; ledger_commit writes what
 * batch.h collected and commits. Both wait at most until their deadline; past it the connection is
 * dropped and opened anew. Nothing here knows why a decision fell as it did.
 *
 * Threads: a session is owned by one thread.   Owns: its connection and its chain.
 * May include: base, ledger/, libpq.
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "ledger/batch.h"

struct ledger;

struct ledger_options {
    const char *conninfo; /* as the writer (or operator) role; borrowed */
    const char *source;   /* CloudEvents source of the instance, "holdfast"; borrowed */
    const char *program;  /* application_name, "holdfastd" */
    int64_t connect_timeout_us;
};

/* Refuses a connection string that libpq cannot read; an empty one is fine. `where` becomes the
 * error's field. Nothing is connected; the text is never quoted (it may hold a password). */
MUST_USE bool ledger_check_conninfo(const char *conninfo, const char *where, struct error *error);
/* Connects, prepares every statement, checks that the schema can live with this program and that
 * the cluster is durable (fsync, full_page_writes, synchronous_commit on), leases a hash chain. */
MUST_USE bool ledger_open(const struct ledger_options *options, struct ledger **ret_ledger,
                          struct error *error);
void ledger_close(struct ledger *ledger); /* NULL is fine */
/* True while the connection is believed usable. False after a failed or timed-out round trip: close
 * it and open another. */
bool ledger_usable(const struct ledger *ledger);

/* First round trip. On success `batch` has its cards, accounts, earlier messages, entries, holds
 * and parked messages. On failure nothing was begun that can survive. */
MUST_USE bool ledger_fetch(struct ledger *ledger, struct batch *batch, int64_t deadline_mono_us,
                           struct error *error);

enum ledger_outcome {
    LEDGER_DURABLE,     /* committed: replies may leave */
    LEDGER_ROLLED_BACK, /* surely not committed: error says why */
    LEDGER_REFUSED, /* not committed because of the data (SQLSTATE 22xxx, 23xxx): rerun in halves */
    LEDGER_UNKNOWN, /* the connection was lost after COMMIT left: run the batch again on a new one,
                       the message keys tell */
};
/* Second round trip. A batch with nothing to write is rolled back and LEDGER_DURABLE. */
enum ledger_outcome ledger_commit(struct ledger *ledger, struct batch *batch,
                                  int64_t deadline_mono_us, struct error *error);
/* Ends a fetched batch without writing (also after errors); false when the session is lost. */
bool ledger_rollback(struct ledger *ledger, int64_t deadline_mono_us);

/* SHA-256 over all chain heads in id order, written to table anchor; logged by the caller. One
 * transaction of its own. */
MUST_USE bool ledger_anchor(struct ledger *ledger, int64_t deadline_mono_us, uint8_t root[32],
                            struct error *error);
/* Makes outbox partitions for today and the next seven days (idempotent). */
MUST_USE bool ledger_make_partitions(struct ledger *ledger, int64_t deadline_mono_us,
                                     struct error *error);

/* Gives up to 64 reversals up that have waited for their original for `waited_us`: they are no
 * longer tried, the inbox shows them as given up, and an event reversal.unmatched is raised for
 * each, in one transaction of its own. `batch` is room, reset here. *count: how many; *more: there
 * may be others. False when nothing is known to be done; then it is safe to try again. */
MUST_USE bool ledger_give_up(struct ledger *ledger, struct batch *batch, int64_t waited_us,
                             int64_t deadline_mono_us, size_t *count, bool *more,
                             struct error *error);

#endif
