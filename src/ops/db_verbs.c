/* holdfast db: migrate, status. */
#include "ledger/migrate.h"
#include "ops/access.h"
#include "ops/output.h"
#include "ops/verbs.h"

static const struct output_column status_lines[] = {
    {"migrations known", "known",           OUTPUT_NUMBER},
    {"applied",          "applied",         OUTPUT_NUMBER},
    {"pending",          "pending",         OUTPUT_NUMBER},
    {"newest",           "newest",          OUTPUT_NUMBER},
    {"newest name",      "newest_name",     OUTPUT_TEXT  },
    {"compatible from",  "compatible_from", OUTPUT_NUMBER},
    {"this program",     "program",         OUTPUT_NUMBER},
    {NULL,               NULL,              OUTPUT_TEXT  },
};

static json_t *status_object(const struct migrate_status *status)
{
    return json_pack("{s:i, s:i, s:i, s:i, s:s, s:i, s:i}", "known", status->known, "applied",
                     status->applied, "pending", status->known - status->applied, "newest",
                     status->newest, "newest_name", status->newest_name, "compatible_from",
                     status->compatible_from, "program", MIGRATE_PROGRAM_VERSION);
}

enum exit_status verbs_db_migrate(const struct invocation *invocation)
{
    char conninfo[ACCESS_CONNINFO_BYTES];
    struct migrate_status status = {0};
    struct error error = {0};
    int applied = 0;

    if (!access_conninfo(invocation, "admin", conninfo, &error)) {
        return access_fail_usage(invocation, &error);
    }
    if (!migrate_run(conninfo, &applied, &error) || !migrate_status(conninfo, &status, &error)) {
        return access_fail(invocation, &error);
    }
    if (invocation->json) {
        json_t *object = status_object(&status);
        json_object_set_new(object, "applied_now", json_integer(applied));
        output_json(invocation, object);
        json_decref(object);
    } else if (applied == 0) {
        fprintf(invocation->out, "nothing to do: %d of %d migrations are applied\n", status.applied,
                status.known);
    } else {
        fprintf(invocation->out, "%d applied, the newest is %s\n", applied, status.newest_name);
    }
    return EXIT_STATUS_OK;
}

enum exit_status verbs_db_status(const struct invocation *invocation)
{
    char conninfo[ACCESS_CONNINFO_BYTES];
    struct migrate_status status = {0};
    struct error error = {0};

    /* The admin's: before the first migration the other roles are not there yet. */
    if (!access_conninfo(invocation, "admin", conninfo, &error)) {
        return access_fail_usage(invocation, &error);
    }
    if (!migrate_status(conninfo, &status, &error)) {
        return access_fail(invocation, &error);
    }
    json_t *object = status_object(&status);
    output_object(invocation, status_lines, object);
    json_decref(object);
    return status.applied == status.known ? EXIT_STATUS_OK : EXIT_STATUS_DIFFERENT;
}
