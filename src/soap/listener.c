#include "soap/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

enum {
    ACCEPTS_A_TURN = 64,
    FULL_PAUSE_MS = 100, /* no descriptors left: wait for connections to end */
};

struct listener {
    struct listener_options options;
    int fd;
    int port;
    int wake[2]; /* a byte here: look at the flags */
    pthread_t thread;
    bool started;
    atomic_bool quiesced, ending;
};

static bool open_socket(struct listener *listener, const struct addrinfo *info, struct error *error)
{
    int on = 1;
    int off = 0;
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "listen.address", "no socket");
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (info->ai_family == AF_INET6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    listener->fd = fd;
    if (bind(fd, info->ai_addr, info->ai_addrlen) < 0 || listen(fd, LISTENER_BACKLOG) < 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "listen.port",
                               "%s port %d cannot be bound", listener->options.address,
                               listener->options.port);
    }
    struct sockaddr_storage bound = {0};
    socklen_t bytes = sizeof bound;
    if (getsockname(fd, (struct sockaddr *)&bound, &bytes) == 0) {
        listener->port =
            ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                              : ((struct sockaddr_in *)&bound)->sin_port);
    }
    return true;
}

static bool bind_address(struct listener *listener, struct error *error)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    struct addrinfo *info;
    char port[16];
    snprintf(port, sizeof port, "%d", listener->options.port);
    if (getaddrinfo(listener->options.address, port, &hints, &info) != 0) {
        return error_set(error, ERROR_INVALID, "listen.address",
                         "expected a numeric IPv4 or IPv6 address, found '%s'",
                         listener->options.address);
    }
    bool good = open_socket(listener, info, error);
    freeaddrinfo(info);
    return good;
}

/* False: descriptors have run out. */
static bool accept_some(struct listener *listener)
{
    for (int i = 0; i < ACCEPTS_A_TURN; i++) {
        struct sockaddr_storage address;
        socklen_t bytes = sizeof address;
        int on = 1;
        int fd = accept4(listener->fd, (struct sockaddr *)&address, &bytes,
                         SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) {
            return errno != EMFILE && errno != ENFILE && errno != ENOMEM && errno != ENOBUFS;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        listener->options.on_accept(listener->options.context, fd, (struct sockaddr *)&address,
                                    bytes);
    }
    return true;
}

static void *listener_run(void *context)
{
    struct listener *listener = context;
    int64_t next_tick = clock_mono_us();
    bool full = false;
    while (!atomic_load(&listener->ending)) {
        bool quiet = atomic_load(&listener->quiesced);
        struct pollfd polled[] = {
            {.fd = listener->wake[0],                 .events = POLLIN},
            {.fd = quiet || full ? -1 : listener->fd, .events = POLLIN},
        };
        poll(polled, 2, full ? FULL_PAUSE_MS : LISTENER_TICK_MS);
        if (polled[0].revents != 0) {
            char bytes[16];
            (void)!read(listener->wake[0], bytes, sizeof bytes);
        }
        full = false;
        if (polled[1].revents != 0 && !accept_some(listener)) {
            log_error("accept_failed", log_text("remedy", "raise the limit of open files"));
            full = true;
        }
        int64_t now = clock_mono_us();
        if (now >= next_tick) {
            listener->options.on_tick(listener->options.context);
            next_tick = now + LISTENER_TICK_MS * 1000;
        }
    }
    return NULL;
}

bool listener_create(const struct listener_options *options, struct listener **ret_listener,
                     struct error *error)
{
    struct listener *listener = calloc(1, sizeof *listener);
    if (listener == NULL) {
        return error_set(error, ERROR_LIMIT, "listen", "no memory");
    }
    *listener = (struct listener){
        .options = *options, .fd = -1, .wake = {-1, -1}
    };
    bool good = bind_address(listener, error);
    if (good && (pipe2(listener->wake, O_CLOEXEC | O_NONBLOCK) < 0 ||
                 pthread_create(&listener->thread, NULL, listener_run, listener) != 0)) {
        good = error_set(error, ERROR_LIMIT, "listen", "no thread or pipe for the listener");
    }
    if (!good) {
        listener_destroy(listener);
        return false;
    }
    listener->started = true;
    *ret_listener = listener;
    return true;
}

int listener_port(const struct listener *listener)
{
    return listener->port;
}

static void wake(struct listener *listener)
{
    (void)!write(listener->wake[1], "", 1);
}

void listener_quiesce(struct listener *listener)
{
    if (!atomic_exchange(&listener->quiesced, true)) {
        shutdown(listener->fd,
                 SHUT_RD); /* connections that still wait for us are refused at once */
        wake(listener);
    }
}

void listener_destroy(struct listener *listener)
{
    if (listener == NULL) {
        return;
    }
    if (listener->started) {
        atomic_store(&listener->ending, true);
        wake(listener);
        pthread_join(listener->thread, NULL);
    }
    for (int i = 0; i < 2; i++) {
        if (listener->wake[i] >= 0) {
            close(listener->wake[i]);
        }
    }
    if (listener->fd >= 0) {
        close(listener->fd);
    }
    free(listener);
}
