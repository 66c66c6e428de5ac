/* The sandbox's PostgreSQL cluster: DIR/postgres/data, its socket beside it, no TCP, durable.
 *
 *     DIR/postgres/data              the cluster
 *     DIR/postgres/.s.PGSQL.5432     its socket, or
 *     DIR/postgres/socket            a link to the short directory that holds it, where the path
 *                                    would be longer than a socket's may be (107 bytes)
 *
 * The database is "holdfast", its owner and the cluster's superuser holdfast_admin. Whoever reaches
 * the socket is trusted, and only the user who owns DIR does (mode 0700).
 *
 * Threads: one.   Owns: the server it started.   May include: base, ops/sandbox_process.h.
 */
#ifndef OPS_SANDBOX_CLUSTER_H
#define OPS_SANDBOX_CLUSTER_H

#include <limits.h>

#include "ops/sandbox_process.h"

struct sandbox_cluster {
    char binaries[PATH_MAX]; /* the directory of initdb and postgres */
    char home[PATH_MAX];     /* DIR/postgres */
    char socket_directory[PATH_MAX];
    char log_path[PATH_MAX]; /* DIR/log/postgres.log */
    enum sandbox_identity identity;
    pid_t server; /* 0: not running */
};

/* Finds PostgreSQL 15 or later, makes the cluster if there is none (*made), clears up what a killed
 * server left, starts it and waits until it takes connections. `directory` is absolute. On failure
 * nothing of it runs on. */
MUST_USE bool sandbox_cluster_start(struct sandbox_cluster *cluster, const char *directory,
                                    bool *made, struct error *error);
/* A fast shutdown. Does nothing when it is not running. */
void sandbox_cluster_stop(struct sandbox_cluster *cluster);
/* "host='…' port=5432 dbname=holdfast user=ROLE". */
void sandbox_cluster_conninfo(const struct sandbox_cluster *cluster, const char *role, char *text,
                              size_t bytes);

#endif
