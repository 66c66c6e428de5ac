/* Migrations: repeated, at once, and from a newer program. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

#include "ledger/migrate.h"
#include "tests/ledger/fixture.h"

TestSuite(migrate, .init = fixture_begin, .fini = fixture_end, .timeout = 60);

Test(migrate, a_second_run_has_nothing_to_do)
{
    struct error error;
    int applied = -1;
    cr_assert(migrate_run(fixture_conninfo("holdfast_admin"), &applied, &error));
    cr_expect_eq(applied, 0);
    struct migrate_status status;
    cr_assert(migrate_status(fixture_conninfo("holdfast_admin"), &status, &error));
    cr_expect_eq(status.known, migrate_needed());
    cr_expect_eq(status.applied, status.known);
    cr_expect_eq(status.newest, status.known);
    cr_expect_eq(status.compatible_from, 1);
    cr_expect_str_eq(status.newest_name, "0008_grants.sql");
}

struct racer {
    const char *conninfo;
    int applied;
    bool worked;
};

static void *race(void *argument)
{
    struct racer *racer = argument;
    struct error error;
    racer->worked = migrate_run(racer->conninfo, &racer->applied, &error);
    return NULL;
}

Test(migrate, two_runs_at_once_apply_each_migration_once)
{
    fixture_do("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    struct racer racers[2] = {{.conninfo = fixture_conninfo("holdfast_admin")},
                              {.conninfo = fixture_conninfo("holdfast_admin")}};
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (size_t i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    cr_expect(racers[0].worked);
    cr_expect(racers[1].worked);
    cr_expect_eq(racers[0].applied + racers[1].applied, migrate_needed());
    cr_expect_eq(fixture_number("SELECT count(*) FROM schema_migration"), migrate_needed());
}

Test(migrate, a_newer_database_that_admits_us_is_served)
{
    fixture_do("INSERT INTO schema_migration (number, name, compatible_from, sha256) "
               "VALUES (9001, '9001_future.sql', 1, sha256('x'))");
    struct error error;
    int applied;
    cr_expect(migrate_run(fixture_conninfo("holdfast_admin"), &applied, &error));
    cr_expect_eq(applied, 0);
    ledger_close(fixture_ledger());
}

Test(migrate, a_newer_database_that_excludes_us_is_refused)
{
    fixture_do("INSERT INTO schema_migration (number, name, compatible_from, sha256) "
               "VALUES (9001, '9001_future.sql', 2, sha256('x'))");
    const struct ledger_options options = {.conninfo = fixture_conninfo("holdfast_writer"),
                                           .source = "test",
                                           .program = "test",
                                           .connect_timeout_us = FIXTURE_WAIT_US};
    struct ledger *ledger;
    struct error error;
    int applied;
    cr_expect_not(ledger_open(&options, &ledger, &error));
    cr_expect_eq(error.code, ERROR_CONFLICT);
    cr_expect_not_null(strstr(error.message, "upgrade"));
    cr_expect_not(migrate_run(fixture_conninfo("holdfast_admin"), &applied, &error));
    cr_expect_eq(error.code, ERROR_CONFLICT);
}

Test(migrate, an_empty_database_is_refused_with_the_remedy)
{
    fixture_do("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    const struct ledger_options options = {.conninfo = fixture_conninfo("holdfast_admin"),
                                           .source = "test",
                                           .program = "test",
                                           .connect_timeout_us = FIXTURE_WAIT_US};
    struct ledger *ledger;
    struct error error;
    struct migrate_status status;
    cr_expect_not(ledger_open(&options, &ledger, &error));
    cr_expect_not_null(strstr(error.message, "holdfast db migrate"));
    cr_assert(migrate_status(fixture_conninfo("holdfast_admin"), &status, &error));
    cr_expect_eq(status.newest, 0);
    cr_expect_eq(status.applied, 0);
}

Test(migrate, a_migration_with_other_content_is_named)
{
    fixture_do("UPDATE schema_migration SET sha256 = sha256('x') WHERE number = 3");
    struct error error;
    int applied;
    cr_expect_not(migrate_run(fixture_conninfo("holdfast_admin"), &applied, &error));
    cr_expect_not_null(strstr(error.message, "0003_messages.sql"));
}

Test(migrate, a_server_that_is_away_is_unavailable)
{
    struct error error;
    int applied;
    cr_expect_not(migrate_run("host=/nonexistent user=x dbname=y", &applied, &error));
    cr_expect_eq(error.code, ERROR_UNAVAILABLE);
}
