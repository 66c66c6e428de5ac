#include "tests/ledger/relay.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/lib/cluster.h"

static int connect_server(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/.s.PGSQL.5432", cluster_host());
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Counts the client's messages. The first has no type byte: its length comes first. */
static void count(struct relay *relay, const unsigned char *bytes, size_t n)
{
    while (n > 0) {
        if (relay->body_left > 0) {
            size_t skip = n < relay->body_left ? n : relay->body_left;
            relay->body_left -= skip;
            bytes += skip;
            n -= skip;
            continue;
        }
        size_t offset = relay->started ? 0 : 1; /* as if a type byte had come */
        relay->header[offset + relay->header_bytes++] = *bytes++;
        n--;
        if (offset + relay->header_bytes < sizeof(relay->header)) {
            continue;
        }
        const unsigned char *h = relay->header;
        relay->body_left = ((size_t)h[1] << 24 | (size_t)h[2] << 16 | (size_t)h[3] << 8 | h[4]) - 4;
        relay->header_bytes = 0;
        if (relay->started) {
            atomic_fetch_add(&relay->syncs, h[0] == 'S' ? 1 : 0);
            atomic_fetch_add(&relay->executes, h[0] == 'E' ? 1 : 0);
        }
        relay->started = true;
    }
}

/* Moves what is there; false at the end of the stream. */
static bool move(struct relay *relay, int from, int to, bool counted)
{
    unsigned char bytes[65536];
    ssize_t got = read(from, bytes, sizeof(bytes));
    bool swallow = !counted && atomic_load(&relay->swallow);
    if (got <= 0) {
        return false;
    }
    if (counted) {
        count(relay, bytes, (size_t)got);
    }
    for (ssize_t sent = 0; !swallow && sent < got;) {
        ssize_t wrote = write(to, bytes + sent, (size_t)(got - sent));
        if (wrote <= 0) {
            return false;
        }
        sent += wrote;
    }
    return true;
}

static void *relay_run(void *argument)
{
    struct relay *relay = argument;
    int client = accept(relay->listener, NULL, NULL), server = connect_server();
    bool open = client >= 0 && server >= 0;
    while (open && !atomic_load(&relay->stop)) {
        struct pollfd fds[2] = {
            {.fd = client, .events = POLLIN},
            {.fd = server, .events = POLLIN}
        };
        if (poll(fds, 2, 20) < 0) {
            break;
        }
        open = (fds[0].revents == 0 || move(relay, client, server, true)) &&
               (fds[1].revents == 0 || move(relay, server, client, false));
    }
    close(client);
    close(server);
    return NULL;
}

bool relay_begin(struct relay *relay)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    *relay = (struct relay){.folder = "/tmp/hfrelay-XXXXXX"};
    if (mkdtemp(relay->folder) == NULL) {
        return false;
    }
    snprintf(relay->path, sizeof(relay->path), "%s/.s.PGSQL.5432", relay->folder);
    memcpy(address.sun_path, relay->path, strlen(relay->path) + 1);
    relay->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return bind(relay->listener, (struct sockaddr *)&address, sizeof(address)) == 0 &&
           listen(relay->listener, 4) == 0 &&
           pthread_create(&relay->thread, NULL, relay_run, relay) == 0;
}

void relay_end(struct relay *relay)
{
    atomic_store(&relay->stop, true);
    pthread_join(relay->thread, NULL);
    close(relay->listener);
    unlink(relay->path);
    rmdir(relay->folder);
}
