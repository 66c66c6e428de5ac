#include "tests/lib/cluster.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char host[128];
static int hold_fd = -1; /* the server lives while this is open */
static pid_t server = -1;

/* Criterion runs each test in a process that begins anew: the host comes by the environment. */
const char *cluster_host(void)
{
    const char *running = getenv("HOLDFAST_TEST_HOST");
    return running == NULL ? host : running;
}

const char *cluster_conninfo(const char *user, const char *database,
                             char buffer[CLUSTER_TEXT_BYTES])
{
    snprintf(buffer, CLUSTER_TEXT_BYTES, "host=%s user=%s dbname=%s", cluster_host(), user,
             database);
    return buffer;
}

/* In the child: cluster.py with our pipes as standard input and output. */
static void become_server(const int to_server[2], const int from_server[2])
{
    dup2(to_server[0], STDIN_FILENO);
    dup2(from_server[1], STDOUT_FILENO);
    close(to_server[0]);
    close(to_server[1]);
    close(from_server[0]);
    close(from_server[1]);
    execl("/usr/bin/python3", "python3", CLUSTER_SCRIPT, "serve", (char *)NULL);
    _exit(127);
}

/* The one line it prints when it is ready. */
static bool read_host(int fd)
{
    size_t used = 0;
    while (used + 1 < sizeof(host)) {
        ssize_t got = read(fd, host + used, sizeof(host) - 1 - used);
        if (got <= 0) {
            return false;
        }
        used += (size_t)got;
        host[used] = '\0';
        char *end = strchr(host, '\n');
        if (end != NULL) {
            *end = '\0';
            return true;
        }
    }
    return false;
}

bool cluster_start(void)
{
    int to_server[2], from_server[2];
    if (getenv("HOLDFAST_TEST_HOST") != NULL) {
        return true;
    }
    if (pipe2(to_server, O_CLOEXEC) != 0 || pipe2(from_server, O_CLOEXEC) != 0) {
        perror("pipe");
        return false;
    }
    server = fork();
    if (server == 0) {
        become_server(to_server, from_server);
    }
    close(to_server[0]);
    close(from_server[1]);
    hold_fd = to_server[1];
    bool ready = server > 0 && read_host(from_server[0]);
    close(from_server[0]);
    if (ready) {
        ready = setenv("HOLDFAST_TEST_HOST", host, 1) == 0;
    }
    if (!ready) {
        fprintf(stderr, "cluster: no server\n");
        cluster_stop();
    }
    return ready;
}

void cluster_stop(void)
{
    if (hold_fd >= 0) {
        close(hold_fd);
        hold_fd = -1;
    }
    if (server > 0) {
        waitpid(server, NULL, 0);
        server = -1;
    }
}
