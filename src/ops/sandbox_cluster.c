#include "ops/sandbox_cluster.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"

enum { VERSION_LEAST = 15, VERSION_MOST = 30, SOCKET_NAME_BYTES = sizeof "/.s.PGSQL.5432" };
#define SECOND_US INT64_C(1000000)

/* Appended to postgresql.conf. Durable, whatever it costs: a ledger on fsync=off proves nothing. */
static const char settings[] = "\n# holdfast sandbox\n"
                               "listen_addresses = ''\n"
                               "unix_socket_permissions = 0700\n"
                               "max_connections = 200\n"
                               "fsync = on\n"
                               "full_page_writes = on\n"
                               "synchronous_commit = on\n"
                               "shared_buffers = 256MB\n"
                               "max_wal_size = 4GB\n"
                               "checkpoint_completion_target = 0.9\n"
                               "log_line_prefix = '%m [%p] %q%u@%d '\n"
                               "log_min_duration_statement = 1000\n"
                               "log_checkpoints = off\n";

MUST_USE static bool join(char path[PATH_MAX], const char *directory, const char *name,
                          struct error *error)
{
    if (snprintf(path, PATH_MAX, "%s/%s", directory, name) >= PATH_MAX) {
        return error_set(error, ERROR_LIMIT, name, "the path is too long");
    }
    return true;
}

static bool has_server(const char *binaries)
{
    char path[PATH_MAX];
    struct error ignored;
    return join(path, binaries, "initdb", &ignored) && access(path, X_OK) == 0 &&
           join(path, binaries, "postgres", &ignored) && access(path, X_OK) == 0;
}

/* $HOLDFAST_PG_BINDIR, Debian's places from the newest down, then PATH. */
static bool find_binaries(char binaries[PATH_MAX], struct error *error)
{
    const char *named = getenv("HOLDFAST_PG_BINDIR");
    if (named && named[0] != '\0') {
        snprintf(binaries, PATH_MAX, "%s", named);
        return has_server(binaries) || error_set(error, ERROR_NOT_FOUND, "HOLDFAST_PG_BINDIR",
                                                 "%s has no initdb and postgres", named);
    }
    for (int version = VERSION_MOST; version >= VERSION_LEAST; version--) {
        snprintf(binaries, PATH_MAX, "/usr/lib/postgresql/%d/bin", version);
        if (has_server(binaries)) {
            return true;
        }
    }
    const char *path = getenv("PATH");
    while (path && *path) {
        size_t bytes = strcspn(path, ":");
        snprintf(binaries, PATH_MAX, "%.*s", (int)bytes, path);
        if (has_server(binaries)) {
            return true;
        }
        path += bytes + (path[bytes] == ':');
    }
    return error_set(error, ERROR_NOT_FOUND, "postgresql",
                     "PostgreSQL 15 or later is not installed; on Debian: apt-get install "
                     "postgresql (or set HOLDFAST_PG_BINDIR to the directory of initdb)");
}

/* Removes a directory tree of ours; bounded by its depth. */
static void remove_tree(const char *path, int depth)
{
    DIR *directory = depth > 0 ? opendir(path) : NULL;
    const struct dirent *entry;
    while (directory && (entry = readdir(directory)) != NULL) {
        char child[PATH_MAX];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            snprintf(child, sizeof child, "%s/%s", path, entry->d_name) >= (int)sizeof child) {
            continue;
        }
        if (unlink(child) != 0) {
            remove_tree(child, depth - 1);
        }
    }
    if (directory) {
        closedir(directory);
    }
    rmdir(path);
}

/* Where there are no namespaces, the unprivileged user must own what the server writes, and be able
 * to reach it. */
static bool give_away(const struct sandbox_cluster *cluster, const char *path, struct error *error)
{
    uid_t uid;
    gid_t gid;
    if (cluster->identity != SANDBOX_IDENTITY_OTHER) {
        return true;
    }
    if (!sandbox_process_unprivileged(&uid, &gid)) {
        return error_set(
            error, ERROR_NOT_FOUND, "postgres",
            "PostgreSQL must not run as root, and there is no user postgres or nobody");
    }
    if (chown(path, uid, gid) != 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "postgres", "cannot give %s away", path);
    }
    return true;
}

/* The way to what was given away; what else lies there stays closed to others. */
static bool let_through(const struct sandbox_cluster *cluster, const char *path,
                        struct error *error)
{
    if (cluster->identity == SANDBOX_IDENTITY_OTHER && chmod(path, 0711) != 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "postgres", "cannot open %s", path);
    }
    return true;
}

static bool run_program(const struct sandbox_cluster *cluster, const char *const *argv,
                        const char *input, struct error *error)
{
    struct sandbox_process process = {.argv = argv,
                                      .log_path = cluster->log_path,
                                      .input = input,
                                      .identity = cluster->identity,
                                      .death_signal = SIGKILL};
    return sandbox_process_run(&process, 120 * SECOND_US, error);
}

static bool append_settings(const char *data, struct error *error)
{
    char path[PATH_MAX];
    if (!join(path, data, "postgresql.conf", error)) {
        return false;
    }
    int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "postgres", "cannot write %s", path);
    }
    bool written = write(fd, settings, sizeof settings - 1) == (ssize_t)(sizeof settings - 1);
    if (close(fd) != 0 || !written) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "postgres", "cannot write %s", path);
    }
    return true;
}

/* Made beside its place and moved there when complete, database and all. */
static bool make_cluster(const struct sandbox_cluster *cluster, const char *data,
                         struct error *error)
{
    char unfinished[PATH_MAX], initdb[PATH_MAX], postgres[PATH_MAX];
    if (!join(unfinished, cluster->home, "unfinished", error) ||
        !join(initdb, cluster->binaries, "initdb", error) ||
        !join(postgres, cluster->binaries, "postgres", error)) {
        return false;
    }
    remove_tree(unfinished, 16);
    if (mkdir(unfinished, 0700) != 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "postgres", "cannot make %s", unfinished);
    }
    const char *const make[] = {initdb,
                                "-D",
                                unfinished,
                                "-U",
                                "holdfast_admin",
                                "--auth=trust",
                                "--encoding=UTF8",
                                "--locale=C.UTF-8",
                                "--no-instructions",
                                NULL};
    const char *const single[] = {postgres, "--single", "-D", unfinished, "postgres", NULL};
    if (!give_away(cluster, unfinished, error) || !run_program(cluster, make, NULL, error) ||
        !append_settings(unfinished, error) ||
        !run_program(cluster, single, "create database holdfast\n", error)) {
        return false;
    }
    if (rename(unfinished, data) != 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "postgres", "cannot make %s", data);
    }
    return true;
}

/* A socket's path has at most 107 bytes. A longer one gets a short directory of its own. */
static bool choose_socket_directory(struct sandbox_cluster *cluster, struct error *error)
{
    char link_path[PATH_MAX];
    struct stat status;
    if (strlen(cluster->home) + SOCKET_NAME_BYTES <= sizeof((struct sockaddr_un *)0)->sun_path) {
        snprintf(cluster->socket_directory, PATH_MAX, "%s", cluster->home);
        return true;
    }
    if (!join(link_path, cluster->home, "socket", error)) {
        return false;
    }
    ssize_t bytes = readlink(link_path, cluster->socket_directory, PATH_MAX - 1);
    cluster->socket_directory[bytes > 0 ? bytes : 0] = '\0';
    if (bytes > 0 && lstat(cluster->socket_directory, &status) == 0 && S_ISDIR(status.st_mode) &&
        (status.st_mode & 0077) == 0 && (status.st_uid == geteuid() || geteuid() == 0)) {
        return true;
    }
    char made[] = "/tmp/holdfast-XXXXXX";
    unlink(link_path);
    if (!mkdtemp(made) || symlink(made, link_path) != 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "postgres",
                               "cannot make a short directory for the socket");
    }
    snprintf(cluster->socket_directory, PATH_MAX, "%s", made);
    return give_away(cluster, made, error);
}

/* Whether `pid` is a server of this very cluster: its working directory is the data directory. */
static bool serves(pid_t pid, const char *data)
{
    char link_path[64], directory[PATH_MAX];
    snprintf(link_path, sizeof link_path, "/proc/%ld/cwd", (long)pid);
    ssize_t bytes = readlink(link_path, directory, sizeof directory - 1);
    if (bytes <= 0) {
        return false;
    }
    directory[bytes] = '\0';
    return strcmp(directory, data) == 0;
}

static pid_t recorded_pid(const char *data)
{
    char path[PATH_MAX], text[32] = "";
    struct error ignored;
    if (!join(path, data, "postmaster.pid", &ignored)) {
        return 0;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    ssize_t bytes = read(fd, text, sizeof text - 1);
    close(fd);
    return bytes > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

/* What a killed sandbox left: a server that is still ending, or its pid file, whose number may by
 * now be some other process's, which PostgreSQL would take for itself. We hold DIR's lock, so no
 * sandbox needs that server any more. */
static bool clear_leftovers(const struct sandbox_cluster *cluster, const char *data,
                            struct error *error)
{
    pid_t pid = recorded_pid(data);
    if (pid > 0 && serves(pid, data) && !sandbox_process_ended(pid, 5 * SECOND_US, NULL)) {
        if (!sandbox_process_stop(&pid, SIGINT, 30 * SECOND_US)) {
            return error_set(
                error, ERROR_CONFLICT, "postgres",
                "the server of an earlier run would not end; it was killed: start again");
        }
    }
    static const char *const names[] = {".s.PGSQL.5432", ".s.PGSQL.5432.lock"};
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!join(path, cluster->socket_directory, names[i], error)) {
            return false;
        }
        unlink(path);
    }
    if (!join(path, data, "postmaster.pid", error)) {
        return false;
    }
    unlink(path);
    return true;
}

static bool takes_connections(const struct sandbox_cluster *cluster, struct error *error)
{
    char program[PATH_MAX];
    if (!join(program, cluster->binaries, "pg_isready", error)) {
        return false;
    }
    const char *const argv[] = {program, "-q", "-h", cluster->socket_directory, "-t", "1", NULL};
    struct sandbox_process process = {
        .argv = argv, .log_path = cluster->log_path, .death_signal = SIGKILL};
    return sandbox_process_run(&process, 5 * SECOND_US, error);
}

/* Recovery after a crash may take a while: two minutes. */
static bool await_server(struct sandbox_cluster *cluster, struct error *error)
{
    int64_t deadline_mono_us = clock_mono_us() + 120 * SECOND_US;
    struct error ignored;
    for (;;) {
        if (sandbox_process_ended(cluster->server, 20000, NULL)) {
            cluster->server = 0;
            return error_set(error, ERROR_UNAVAILABLE, "postgres",
                             "PostgreSQL ended at once; the reason is at the end of %s",
                             cluster->log_path);
        }
        if (takes_connections(cluster, &ignored)) {
            return true;
        }
        if (clock_mono_us() >= deadline_mono_us) {
            sandbox_cluster_stop(cluster);
            return error_set(error, ERROR_LATE, "postgres",
                             "PostgreSQL takes no connections after two minutes; see %s",
                             cluster->log_path);
        }
    }
}

static bool start_server(struct sandbox_cluster *cluster, const char *data, struct error *error)
{
    char postgres[PATH_MAX], sockets[PATH_MAX + 32];
    if (!join(postgres, cluster->binaries, "postgres", error)) {
        return false;
    }
    snprintf(sockets, sizeof sockets, "unix_socket_directories=%s", cluster->socket_directory);
    const char *const argv[] = {postgres, "-D", data, "-c", sockets, NULL};
    struct sandbox_process process = {.argv = argv,
                                      .log_path = cluster->log_path,
                                      .identity = cluster->identity,
                                      .death_signal = SIGINT};
    return sandbox_process_start(&process, &cluster->server, error) && await_server(cluster, error);
}

bool sandbox_cluster_start(struct sandbox_cluster *cluster, const char *directory, bool *made,
                           struct error *error)
{
    char data[PATH_MAX], version[PATH_MAX];
    *made = false;
    *cluster = (struct sandbox_cluster){.identity = sandbox_process_identity()};
    if (!find_binaries(cluster->binaries, error) ||
        !join(cluster->home, directory, "postgres", error) ||
        !join(cluster->log_path, directory, "log/postgres.log", error) ||
        !join(data, cluster->home, "data", error) || !join(version, data, "PG_VERSION", error)) {
        return false;
    }
    if (mkdir(cluster->home, 0700) != 0 && errno != EEXIST) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "postgres", "cannot make %s",
                               cluster->home);
    }
    if (!let_through(cluster, directory, error) || !give_away(cluster, cluster->home, error)) {
        return false;
    }
    if (access(version, F_OK) != 0) {
        if (!make_cluster(cluster, data, error)) {
            return false;
        }
        *made = true;
    }
    return choose_socket_directory(cluster, error) && clear_leftovers(cluster, data, error) &&
           start_server(cluster, data, error);
}

void sandbox_cluster_stop(struct sandbox_cluster *cluster)
{
    if (!sandbox_process_stop(&cluster->server, SIGINT, 60 * SECOND_US)) {
        fprintf(stderr, "holdfast: PostgreSQL did not end within a minute and was killed; it "
                        "recovers at the next start\n");
    }
    char link_path[PATH_MAX];
    struct error ignored;
    if (strcmp(cluster->socket_directory, cluster->home) != 0 &&
        join(link_path, cluster->home, "socket", &ignored) &&
        rmdir(cluster->socket_directory) == 0) {
        unlink(link_path);
    }
}

/* Quoted as libpq wants it, since a path may have blanks. */
void sandbox_cluster_conninfo(const struct sandbox_cluster *cluster, const char *role, char *text,
                              size_t bytes)
{
    char quoted[2 * PATH_MAX];
    size_t used = 0;
    for (const char *c = cluster->socket_directory; *c != '\0'; c++) {
        if (*c == '\'' || *c == '\\') {
            quoted[used++] = '\\';
        }
        quoted[used++] = *c;
    }
    quoted[used] = '\0';
    snprintf(text, bytes, "host='%s' port=5432 dbname=holdfast user=%s", quoted, role);
}
