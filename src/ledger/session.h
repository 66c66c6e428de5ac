/* Session: one connection with PostgreSQL that never outlives a deadline.
 *
 * Non-blocking libpq in pipeline mode: statements are queued with session_send and travel together
 * with session_run, one round trip. Every wait ends at its deadline; past it the connection is
 * dropped (its backend notices within client_connection_check_interval), because a backend that
 * does not answer cannot be told from one that never will.
 *
 * Threads: owned by one thread.   Owns: its connection.   May include: base, ledger/array.h, libpq.
 */
#ifndef LEDGER_SESSION_H
#define LEDGER_SESSION_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "ledger/array.h"

enum { SESSION_STATEMENTS_MAX = 32, SESSION_PARAMETERS_MAX = 40 };

struct session;

struct session_options {
    const char *conninfo; /* borrowed during the call */
    const char *program;  /* application_name */
    int64_t connect_timeout_us;
};

/* Connects and pins the session's settings (sql/session_settings.sql). ERROR_UNAVAILABLE when the
 * server is away or refuses, ERROR_LATE past the time-out. */
MUST_USE bool session_open(const struct session_options *options, struct session **ret_session,
                           struct error *error);
void session_close(struct session *session); /* NULL is fine */
/* False once the connection was lost or dropped. */
bool session_usable(const struct session *session);

/* Prepares a file of sql/ under its name without ".sql". Queued: an error shows in session_run. */
void session_prepare(struct session *session, const char *name);
/* Queues a prepared statement, parameters and result binary. */
void session_send(struct session *session, const char *name, const struct array_value *parameters,
                  size_t count);
/* Queues a file of sql/ that is not prepared: for what a session does once. */
void session_send_once(struct session *session, const char *name,
                       const struct array_value *parameters, size_t count);

/* What came back for one round trip: a result for each queued statement, in order. */
struct session_results {
    size_t sent, received; /* received: results before the first error or the end */
    PGresult *results[SESSION_STATEMENTS_MAX];
};
/* Sends what is queued and waits for all of it. False at the first error: *error has the sentence,
 * session_sqlstate() the code ("" when the connection was lost or dropped); results before it are
 * there. The caller clears the results either way. */
MUST_USE bool session_run(struct session *session, int64_t deadline_mono_us,
                          struct session_results *results, struct error *error);
void session_clear(struct session_results *results);
/* SQLSTATE of the last error, "" when there was none from the server. */
const char *session_sqlstate(const struct session *session);
/* True while the server holds a transaction of ours open, failed or not. */
bool session_in_transaction(const struct session *session);

/* The embedded text of a file of sql/ ("fetch_cards"), or NULL. */
const char *session_sql(const char *name);

#endif
