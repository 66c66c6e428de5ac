/* Every file of sql/ prepares against the migrated schema, and says what it takes. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "tests/ledger/fixture.h"

extern const struct embedded ledger_sql[];
extern const size_t ledger_sql_count;

TestSuite(statements, .init = fixture_begin, .fini = fixture_end, .timeout = 60);

Test(statements, every_statement_prepares_against_the_schema)
{
    PGconn *connection = PQconnectdb(fixture_conninfo("holdfast_admin"));
    cr_assert_eq(PQstatus(connection), CONNECTION_OK);
    cr_assert_gt(ledger_sql_count, 20);
    for (size_t i = 0; i < ledger_sql_count; i++) {
        PGresult *result = PQprepare(connection, ledger_sql[i].name, ledger_sql[i].text, 0, NULL);
        cr_expect_eq(PQresultStatus(result), PGRES_COMMAND_OK, "%s: %s", ledger_sql[i].name,
                     PQerrorMessage(connection));
        PQclear(result);
    }
    PQfinish(connection);
}

/* "$12" for the highest parameter that the header names must be what the server counts. */
static int highest_in_header(const char *text)
{
    int highest = 0;
    for (const char *line = text; line != NULL && strncmp(line, "--", 2) == 0;
         line = strchr(line, '\n') == NULL ? NULL : strchr(line, '\n') + 1) {
        const char *end = strchr(line, '\n');
        for (const char *at = line; at != NULL && at < end; at = strchr(at + 1, '$')) {
            int number = *at == '$' ? atoi(at + 1) : 0;
            highest = number > highest ? number : highest;
        }
    }
    return highest;
}

Test(statements, headers_name_every_parameter)
{
    PGconn *connection = PQconnectdb(fixture_conninfo("holdfast_admin"));
    for (size_t i = 0; i < ledger_sql_count; i++) {
        const char *name = ledger_sql[i].name;
        PQclear(PQprepare(connection, name, ledger_sql[i].text, 0, NULL));
        PGresult *description = PQdescribePrepared(connection, name);
        cr_assert_eq(PQresultStatus(description), PGRES_COMMAND_OK, "%s", name);
        cr_expect_eq(strncmp(ledger_sql[i].text, "-- ", 3), 0, "%s begins without a header", name);
        cr_expect_not_null(strstr(ledger_sql[i].text, "Parameters:"), "%s", name);
        if (strncmp(name, "report_", 7) == 0 || strncmp(name, "verify_", 7) == 0) {
            PQclear(description);
            continue; /* reports number their parameters without the sign */
        }
        cr_expect_eq(highest_in_header(ledger_sql[i].text), PQnparams(description),
                     "%s: header names $%d, the server counts %d", name,
                     highest_in_header(ledger_sql[i].text), PQnparams(description));
        PQclear(description);
    }
    PQfinish(connection);
}
