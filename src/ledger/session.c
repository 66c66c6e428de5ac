#include "ledger/session.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/embedded.h"

extern const struct embedded ledger_sql[];
extern const size_t ledger_sql_count;

struct session {
    PGconn *connection;
    bool usable;
    size_t queued;
    char sqlstate[6];
};

enum { NAME_BYTES = 64, DETAIL_BYTES = 160 };

const char *session_sql(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < ledger_sql_count; i++) {
        const char *file = ledger_sql[i].name;
        if (strncmp(file, name, length) == 0 && strcmp(file + length, ".sql") == 0) {
            return ledger_sql[i].text;
        }
    }
    return NULL;
}

bool session_usable(const struct session *session)
{
    return session->usable;
}

const char *session_sqlstate(const struct session *session)
{
    return session->sqlstate;
}

bool session_in_transaction(const struct session *session)
{
    PGTransactionStatusType status = PQtransactionStatus(session->connection);
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

/* Copies without the line breaks that libpq ends its sentences with. */
static void copy_sentence(const char *text, char *out, size_t bytes)
{
    size_t used = 0;
    for (const char *c = text; *c != '\0' && used + 1 < bytes; c++) {
        out[used++] = *c == '\n' || *c == '\t' ? ' ' : *c;
    }
    while (used > 0 && out[used - 1] == ' ') {
        used--;
    }
    out[used] = '\0';
}

/* The connection can no longer be trusted; closing it is what tells the server. */
static bool drop(struct session *session, struct error *error, enum error_code code,
                 const char *what)
{
    char sentence[DETAIL_BYTES];
    copy_sentence(PQerrorMessage(session->connection), sentence, sizeof(sentence));
    session->usable = false;
    return error_set(error, code, "database", "%s%s%s", what, sentence[0] == '\0' ? "" : ": ",
                     sentence);
}

/* Waits until the socket can be read (or written, when asked). False at the deadline. */
static bool wait_socket(const struct session *session, bool writing, int64_t deadline_mono_us)
{
    struct pollfd fd = {
        .fd = PQsocket(session->connection),
        .events = (short)(writing ? POLLIN | POLLOUT : POLLIN),
    };
    for (;;) { /* ends: each turn either returns or was interrupted before the deadline */
        int64_t left_us = deadline_mono_us - clock_mono_us();
        if (left_us <= 0) {
            return false;
        }
        struct timespec left = {
            .tv_sec = left_us / 1000000,
            .tv_nsec = left_us % 1000000 * 1000,
        };
        int ready = ppoll(&fd, 1, &left, NULL);
        if (ready > 0) {
            return true;
        }
        if (ready < 0 && errno != EINTR) {
            return true; /* libpq will meet the same error and name it */
        }
    }
}

static bool wait_connecting(struct session *session, PostgresPollingStatusType status,
                            int64_t deadline_mono_us)
{
    struct pollfd fd = {
        .fd = PQsocket(session->connection),
        .events = status == PGRES_POLLING_WRITING ? POLLOUT : POLLIN,
    };
    int64_t left_us = deadline_mono_us - clock_mono_us();
    if (left_us <= 0) {
        return false;
    }
    return poll(&fd, 1, (int)(left_us / 1000) + 1) != 0;
}

static bool connect_until(struct session *session, int64_t deadline_mono_us, struct error *error)
{
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    if (PQstatus(session->connection) == CONNECTION_BAD) {
        return drop(session, error, ERROR_UNAVAILABLE, "cannot connect");
    }
    while (status != PGRES_POLLING_OK) {
        if (!wait_connecting(session, status, deadline_mono_us)) {
            return drop(session, error, ERROR_LATE, "no connection in time");
        }
        status = PQconnectPoll(session->connection);
        if (status == PGRES_POLLING_FAILED) {
            return drop(session, error, ERROR_UNAVAILABLE, "cannot connect");
        }
    }
    return true;
}

static void ignore_notice(void *unused, const PGresult *notice)
{
    (void)unused;
    (void)notice;
}

static bool pin_settings(struct session *session, int64_t deadline_mono_us, struct error *error)
{
    struct session_results results;
    session_send_once(session, "session_settings", NULL, 0);
    bool pinned = session_run(session, deadline_mono_us, &results, error);
    session_clear(&results);
    return pinned;
}

bool session_open(const struct session_options *options, struct session **ret_session,
                  struct error *error)
{
    const char *keywords[] = {"dbname", "application_name", "client_encoding", NULL};
    const char *values[] = {options->conninfo, options->program, "UTF8", NULL};
    int64_t deadline_mono_us = clock_mono_us() + options->connect_timeout_us;
    struct session *session = calloc(1, sizeof(*session));

    if (session == NULL) {
        return error_set(error, ERROR_LIMIT, "database", "out of memory");
    }
    session->connection = PQconnectStartParams(keywords, values, 1);
    if (session->connection == NULL) {
        free(session);
        return error_set(error, ERROR_LIMIT, "database", "out of memory");
    }
    session->usable = true;
    PQsetNoticeReceiver(session->connection, ignore_notice, NULL);
    if (!connect_until(session, deadline_mono_us, error)) {
        session_close(session);
        return false;
    }
    if (PQsetnonblocking(session->connection, 1) != 0 ||
        PQenterPipelineMode(session->connection) != 1) {
        drop(session, error, ERROR_INTERNAL, "cannot enter pipeline mode");
        session_close(session);
        return false;
    }
    if (!pin_settings(session, deadline_mono_us, error)) {
        session_close(session);
        return false;
    }
    *ret_session = session;
    return true;
}

void session_close(struct session *session)
{
    if (session == NULL) {
        return;
    }
    PQfinish(session->connection);
    free(session);
}

/* What libpq refuses to queue (no memory, a dead connection) shows as a lost session in
 * session_run. */
static void queued(struct session *session, int accepted)
{
    assert(session->queued < SESSION_STATEMENTS_MAX);
    session->queued++;
    if (accepted != 1) {
        session->usable = false;
    }
}

void session_prepare(struct session *session, const char *name)
{
    const char *sql = session_sql(name);
    assert(sql != NULL);
    queued(session, PQsendPrepare(session->connection, name, sql, 0, NULL));
}

struct parameters {
    const char *values[SESSION_PARAMETERS_MAX];
    int lengths[SESSION_PARAMETERS_MAX], formats[SESSION_PARAMETERS_MAX];
};

static void fill_parameters(const struct array_value *from, size_t count, struct parameters *to)
{
    assert(count <= SESSION_PARAMETERS_MAX);
    for (size_t i = 0; i < count; i++) {
        to->values[i] = from[i].bytes;
        to->lengths[i] = from[i].length;
        to->formats[i] = 1;
    }
}

void session_send(struct session *session, const char *name, const struct array_value *parameters,
                  size_t count)
{
    struct parameters p;
    fill_parameters(parameters, count, &p);
    queued(session, PQsendQueryPrepared(session->connection, name, (int)count, p.values, p.lengths,
                                        p.formats, 1));
}

void session_send_once(struct session *session, const char *name,
                       const struct array_value *parameters, size_t count)
{
    const char *sql = session_sql(name);
    struct parameters p;
    assert(sql != NULL);
    fill_parameters(parameters, count, &p);
    queued(session, PQsendQueryParams(session->connection, sql, (int)count, NULL, p.values,
                                      p.lengths, p.formats, 1));
}

/* Writes and reads by turns (a server that cannot send stops reading) until a result is there. */
static bool next_result(struct session *session, int64_t deadline_mono_us, PGresult **result,
                        struct error *error)
{
    int unsent = PQflush(session->connection);
    while (unsent >= 0 && PQisBusy(session->connection)) {
        if (!wait_socket(session, unsent > 0, deadline_mono_us)) {
            return drop(session, error, ERROR_LATE, "no answer in time");
        }
        if (PQconsumeInput(session->connection) != 1) {
            return drop(session, error, ERROR_UNAVAILABLE, "connection lost");
        }
        if (unsent > 0) {
            unsent = PQflush(session->connection);
        }
    }
    if (unsent < 0) {
        return drop(session, error, ERROR_UNAVAILABLE, "connection lost");
    }
    *result = PQgetResult(session->connection);
    return true;
}

/* What the caller can do about a SQLSTATE. */
static enum error_code code_of_sqlstate(const char *sqlstate)
{
    if (strncmp(sqlstate, "23505", 5) == 0) {
        return ERROR_CONFLICT;
    }
    if (strncmp(sqlstate, "22", 2) == 0 || strncmp(sqlstate, "23", 2) == 0) {
        return ERROR_INVALID;
    }
    if (strncmp(sqlstate, "55P03", 5) == 0 || strncmp(sqlstate, "57014", 5) == 0) {
        return ERROR_LATE;
    }
    if (strncmp(sqlstate, "42", 2) == 0) {
        return ERROR_INTERNAL;
    }
    return ERROR_UNAVAILABLE;
}

static bool server_error(struct session *session, const PGresult *result, struct error *error)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    char field[NAME_BYTES] = "SQLSTATE ", sentence[DETAIL_BYTES];

    if (sqlstate == NULL) { /* libpq's own word: the connection is gone */
        return drop(session, error, ERROR_UNAVAILABLE, "connection lost");
    }
    strncat(session->sqlstate, sqlstate, sizeof(session->sqlstate) - 1);
    strncat(field, session->sqlstate, sizeof(field) - strlen(field) - 1);
    copy_sentence(primary == NULL ? "" : primary, sentence, sizeof(sentence));
    return error_set(error, code_of_sqlstate(session->sqlstate), field, "%s%s%s", sentence,
                     constraint == NULL ? "" : ": ", constraint == NULL ? "" : constraint);
}

/* Reads to the synchronisation point, keeping the first error. */
static bool collect(struct session *session, int64_t deadline_mono_us,
                    struct session_results *results, struct error *error)
{
    bool sound = true;
    for (size_t turn = 0; turn < 2 * SESSION_STATEMENTS_MAX + 2; turn++) {
        PGresult *result = NULL;
        struct error later;
        if (!next_result(session, deadline_mono_us, &result, sound ? error : &later)) {
            return false;
        }
        if (result == NULL) { /* end of one statement's results */
            if (PQstatus(session->connection) == CONNECTION_BAD) {
                return drop(session, sound ? error : &later, ERROR_UNAVAILABLE, "connection lost");
            }
            continue;
        }
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            return sound;
        }
        if (sound && (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) &&
            results->received < results->sent) {
            results->results[results->received++] = result;
            continue;
        }
        if (sound) {
            sound = server_error(session, result, error);
        }
        PQclear(result);
        if (!session->usable) {
            return false;
        }
    }
    return drop(session, error, ERROR_INTERNAL, "more results than statements");
}

bool session_run(struct session *session, int64_t deadline_mono_us, struct session_results *results,
                 struct error *error)
{
    *results = (struct session_results){.sent = session->queued};
    session->queued = 0;
    session->sqlstate[0] = '\0';
    if (!session->usable || PQpipelineSync(session->connection) != 1) {
        return drop(session, error, ERROR_UNAVAILABLE, "connection lost");
    }
    return collect(session, deadline_mono_us, results, error);
}

void session_clear(struct session_results *results)
{
    for (size_t i = 0; i < results->received; i++) {
        PQclear(results->results[i]);
    }
    results->received = 0;
}
