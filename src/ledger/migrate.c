#include "ledger/migrate.h"

#include <assert.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "base/hash.h"
#include "ledger/session.h"

extern const struct embedded schema_sql[];
extern const size_t schema_sql_count;

enum { SENTENCE_BYTES = 160, HEX_BYTES = 2 * HASH_BYTES + 1, NUMBER_BYTES = 16 };

/* "0003_messages.sql" and its header's "Compatible-from: 1". */
struct migration {
    int number, compatible_from;
    const char *name, *text;
    char sha256[HEX_BYTES];
};

static int number_after(const char *text, const char *label)
{
    const char *found = label == NULL ? text : strstr(text, label);
    return found == NULL ? 0 : (int)strtol(found + (label == NULL ? 0 : strlen(label)), NULL, 10);
}

/* Compiled in, so a bad header is a programmer's mistake. */
static struct migration migration_at(size_t index)
{
    const struct embedded *file = &schema_sql[index];
    struct migration migration = {
        .number = number_after(file->name, NULL),
        .compatible_from = number_after(file->text, "-- Compatible-from: "),
        .name = file->name,
        .text = file->text,
    };
    uint8_t digest[HASH_BYTES];
    hash_sha256(file->text, strlen(file->text), digest);
    hash_hex(digest, migration.sha256);
    assert(migration.number == (int)index + 1); /* numbers are dense */
    assert(migration.compatible_from >= 1);
    return migration;
}

int migrate_needed(void)
{
    return (int)schema_sql_count;
}

static void finish(PGconn **connection)
{
    PQfinish(*connection);
}

static void clear(PGresult **result)
{
    PQclear(*result);
}

/* The server's sentence, and its SQLSTATE as the field. */
static bool say_error(PGconn *connection, const PGresult *result, const char *what,
                      struct error *error)
{
    char field[32], sentence[SENTENCE_BYTES];
    const char *sqlstate = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *primary =
        result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    snprintf(field, sizeof(field), "%s%s", sqlstate == NULL ? "database" : "SQLSTATE ",
             sqlstate == NULL ? "" : sqlstate);
    snprintf(sentence, sizeof(sentence), "%s",
             primary != NULL ? primary : PQerrorMessage(connection));
    sentence[strcspn(sentence, "\n")] = '\0';
    return error_set(error, sqlstate == NULL ? ERROR_UNAVAILABLE : ERROR_INVALID, field, "%s: %s",
                     what, sentence);
}

static bool open_connection(const char *conninfo, PGconn **ret_connection, struct error *error)
{
    const char *keywords[] = {"connect_timeout", "dbname", "fallback_application_name", NULL};
    const char *values[] = {"5", conninfo, "holdfast migrate", NULL};
    PGconn *connection = PQconnectdbParams(keywords, values, 1);
    if (PQstatus(connection) != CONNECTION_OK) {
        say_error(connection, NULL, "cannot connect", error);
        PQfinish(connection);
        return false;
    }
    *ret_connection = connection;
    return true;
}

static bool run(PGconn *connection, const char *text, const char *what, struct error *error)
{
    SCOPED(clear) PGresult *result = PQexec(connection, text);
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
           say_error(connection, result, what, error);
}

static bool ask(PGconn *connection, const char *statement, PGresult **ret_result,
                struct error *error)
{
    PGresult *result = PQexec(connection, session_sql(statement));
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        say_error(connection, result, statement, error);
        PQclear(result);
        return false;
    }
    *ret_result = result;
    return true;
}

/* One row of schema_migration against what is compiled in. */
static bool count_row(const PGresult *applied, int row, struct migrate_status *status,
                      struct error *error)
{
    int number = number_after(PQgetvalue(applied, row, 0), NULL);
    int compatible_from = number_after(PQgetvalue(applied, row, 2), NULL);

    status->newest = number;
    snprintf(status->newest_name, sizeof(status->newest_name), "%s", PQgetvalue(applied, row, 1));
    if (compatible_from > status->compatible_from) {
        status->compatible_from = compatible_from;
    }
    if (number < 1 || number > status->known) {
        return true; /* a newer program's */
    }
    status->applied++;
    struct migration migration = migration_at((size_t)number - 1);
    if (strcmp(migration.sha256, PQgetvalue(applied, row, 3)) != 0) {
        return error_set(error, ERROR_CONFLICT, "database",
                         "migration %s was applied with another content than this program has",
                         migration.name);
    }
    return true;
}

static bool read_status(PGconn *connection, struct migrate_status *ret_status, struct error *error)
{
    struct migrate_status status = {.known = migrate_needed()};
    SCOPED(clear) PGresult *exists = NULL;
    SCOPED(clear) PGresult *applied = NULL;

    if (!ask(connection, "migrate_exists", &exists, error)) {
        return false;
    }
    if (PQgetvalue(exists, 0, 0)[0] == 't') {
        if (!ask(connection, "migrate_applied", &applied, error)) {
            return false;
        }
        for (int row = 0; row < PQntuples(applied); row++) {
            if (!count_row(applied, row, &status, error)) {
                return false;
            }
        }
    }
    *ret_status = status;
    return true;
}

static bool check_compatible(const struct migrate_status *status, struct error *error)
{
    return status->compatible_from <= MIGRATE_PROGRAM_VERSION ||
           error_set(error, ERROR_CONFLICT, "database",
                     "its schema needs programs of version %d and newer, this is %d; upgrade "
                     "holdfast",
                     status->compatible_from, MIGRATE_PROGRAM_VERSION);
}

static bool record(PGconn *connection, const struct migration *migration, struct error *error)
{
    char number[NUMBER_BYTES], compatible_from[NUMBER_BYTES];
    const char *values[] = {number, migration->name, compatible_from, migration->sha256};
    snprintf(number, sizeof(number), "%d", migration->number);
    snprintf(compatible_from, sizeof(compatible_from), "%d", migration->compatible_from);
    SCOPED(clear)
    PGresult *result =
        PQexecParams(connection, session_sql("migrate_record"), 4, NULL, values, NULL, NULL, 0);
    return PQresultStatus(result) == PGRES_COMMAND_OK ||
           say_error(connection, result, migration->name, error);
}

static bool apply(PGconn *connection, const struct migration *migration, struct error *error)
{
    struct error ignored;
    if (!run(connection, "BEGIN", migration->name, error)) {
        return false;
    }
    if (run(connection, migration->text, migration->name, error) &&
        record(connection, migration, error) && run(connection, "COMMIT", migration->name, error)) {
        return true;
    }
    if (PQstatus(connection) == CONNECTION_OK) {
        (void)!run(connection, "ROLLBACK", migration->name, &ignored); /* the first error counts */
    }
    return false;
}

/* Migrations are applied in order and never taken back, so what is missing is a tail. */
bool migrate_run(const char *conninfo, int *ret_applied, struct error *error)
{
    SCOPED(finish) PGconn *connection = NULL;
    struct migrate_status status;
    int applied = 0;

    if (!open_connection(conninfo, &connection, error) ||
        !run(connection, "SET client_min_messages = warning", "settings", error) ||
        !run(connection, session_sql("migrate_lock"), "lock", error) ||
        !read_status(connection, &status, error) || !check_compatible(&status, error)) {
        return false;
    }
    for (int number = status.applied + 1; number <= status.known; number++) {
        struct migration migration = migration_at((size_t)number - 1);
        if (!apply(connection, &migration, error)) {
            return false;
        }
        applied++;
    }
    *ret_applied = applied;
    return true;
}

bool migrate_status(const char *conninfo, struct migrate_status *ret_status, struct error *error)
{
    SCOPED(finish) PGconn *connection = NULL;
    return open_connection(conninfo, &connection, error) &&
           read_status(connection, ret_status, error);
}
