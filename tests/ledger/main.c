/* Starts a PostgreSQL, runs the tests (each in a process and a database of its own), stops it. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/lib/cluster.h"

int main(int argc, char **argv)
{
    struct criterion_test_set *tests = criterion_initialize();
    int failed = 0;
    if (criterion_handle_args(argc, argv, true)) {
        if (!cluster_start()) {
            fprintf(stderr, "no PostgreSQL for the tests\n");
            criterion_finalize(tests);
            return 1;
        }
        failed = !criterion_run_all_tests(tests);
        cluster_stop();
    }
    criterion_finalize(tests);
    return failed;
}
