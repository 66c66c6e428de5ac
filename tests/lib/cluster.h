/* Cluster: a PostgreSQL of the test's own.
 *
 * cluster.py runs it (as an unprivileged user, with durable settings) for as long as this process
 * lives: it waits on a pipe whose other end we hold, so a test that crashes leaves nothing behind.
 * Where HOLDFAST_TEST_HOST names a running one (`cluster.py run`), that is used.
 *
 * Threads: one, before the tests.   Owns: the server.   May include: libc only.
 */
#ifndef TESTS_LIB_CLUSTER_H
#define TESTS_LIB_CLUSTER_H

#include <stdbool.h>

enum { CLUSTER_TEXT_BYTES = 256 };

/* False when it did not start; what was wrong is on stderr. */
bool cluster_start(void);
void cluster_stop(void);
/* The folder of its socket. */
const char *cluster_host(void);
/* "host=… user=… dbname=…". Returns buffer. */
const char *cluster_conninfo(const char *user, const char *database,
                             char buffer[CLUSTER_TEXT_BYTES]);

#endif
