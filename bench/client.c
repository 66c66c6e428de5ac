#include "client.h"

#include <assert.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum {
    HEADER_BYTES = 1024,
    OUT_BYTES = HEADER_BYTES + CLIENT_BODY_BYTES,
    IN_BYTES = 131072,
    EVENTS = 256,
};

enum connection_state { CLOSED, CONNECTING, SHAKING, IDLE, SENDING, RECEIVING };

struct connection {
    enum connection_state state;
    int fd;
    uint32_t watched; /* epoll events asked for */
    gnutls_session_t session;
    bool busy;    /* carries a message */
    bool retried; /* the message was sent on a second connection already */
    bool failed;  /* could not even begin to connect */
    bool used;    /* has carried a message before this one */
    uint64_t tag;
    char *out;
    size_t out_bytes, out_sent;
    char *in;
    size_t in_bytes;
    int next_idle; /* in the list of idle ones; -1: the end */
};

struct client {
    struct client_options options;
    gnutls_certificate_credentials_t credentials;
    gnutls_priority_t priorities;
    struct sockaddr_storage address;
    socklen_t address_bytes;
    int epoll;
    struct connection *connections;
    int first_idle, idle_count, failed_count;
    gnutls_datum_t ticket; /* for CLIENT_RESUME */
    client_on_result *on_result;
    void *context;
};

/* --- connections --- */

static void put_idle(struct client *client, struct connection *connection)
{
    connection->busy = false;
    connection->next_idle = client->first_idle;
    client->first_idle = (int)(connection - client->connections);
    client->idle_count++;
}

static void disconnect(struct connection *connection)
{
    if (connection->session) {
        gnutls_deinit(connection->session);
        connection->session = NULL;
    }
    if (connection->fd >= 0) {
        close(connection->fd); /* leaves epoll by itself */
        connection->fd = -1;
    }
    connection->state = CLOSED;
    connection->watched = 0;
    connection->used = false;
}

static void watch(struct client *client, struct connection *connection, uint32_t events)
{
    if (connection->watched == events) {
        return;
    }
    struct epoll_event event = {.events = events,
                                .data.u32 = (uint32_t)(connection - client->connections)};
    epoll_ctl(client->epoll, connection->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, connection->fd,
              &event);
    connection->watched = events;
}

static bool make_session(struct client *client, struct connection *connection)
{
    if (gnutls_init(&connection->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK) != 0 ||
        gnutls_priority_set(connection->session, client->priorities) != 0 ||
        gnutls_credentials_set(connection->session, GNUTLS_CRD_CERTIFICATE, client->credentials) !=
            0) {
        return false;
    }
    const char *host = client->options.host;
    if (strchr(host, ':') == NULL && (host[0] < '0' || host[0] > '9')) {
        gnutls_server_name_set(connection->session, GNUTLS_NAME_DNS, host, strlen(host));
    }
    gnutls_session_set_verify_cert(connection->session, host, 0);
    gnutls_transport_set_int(connection->session, connection->fd);
    if (client->options.handshake == CLIENT_RESUME && client->ticket.data) {
        gnutls_session_set_data(connection->session, client->ticket.data, client->ticket.size);
    }
    return true;
}

static bool begin_connecting(struct client *client, struct connection *connection)
{
    int on = 1;
    connection->fd =
        socket(client->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connection->fd < 0) {
        return false;
    }
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    int status =
        connect(connection->fd, (const struct sockaddr *)&client->address, client->address_bytes);
    if ((status != 0 && errno != EINPROGRESS) || !make_session(client, connection)) {
        disconnect(connection);
        return false;
    }
    connection->state = CONNECTING;
    watch(client, connection, EPOLLOUT);
    return true;
}

static void finish(struct client *client, struct connection *connection, int status,
                   const char *body, size_t body_bytes, const char *problem)
{
    struct client_result result = {.tag = connection->tag,
                                   .status = status,
                                   .body = body,
                                   .body_bytes = body_bytes,
                                   .problem = problem};
    bool had_message = connection->busy;
    connection->used = true;
    if (status == 0 || client->options.handshake != CLIENT_KEEP) {
        disconnect(connection);
    } else {
        connection->state = connection->fd >= 0 ? IDLE : CLOSED;
    }
    put_idle(client, connection);
    if (had_message && client->on_result) {
        client->on_result(client->context, &result);
    }
}

static void advance(struct client *client, struct connection *connection);

/* The connection is lost. A kept one that said nothing yet may just have been closed as idle. */
static void lose(struct client *client, struct connection *connection, const char *problem)
{
    bool again =
        connection->busy && connection->used && !connection->retried && connection->in_bytes == 0;
    disconnect(connection);
    if (again) {
        connection->retried = true;
        connection->out_sent = 0;
        if (begin_connecting(client, connection)) {
            return;
        }
    }
    finish(client, connection, 0, NULL, 0, problem);
}

/* --- the answer --- */

static size_t content_length(const char *head, size_t bytes)
{
    static const char name[] = "content-length:";
    for (size_t i = 0; i + sizeof name < bytes; i++) {
        if (head[i] == '\n' && strncasecmp(head + i + 1, name, sizeof name - 1) == 0) {
            return strtoul(head + i + sizeof name, NULL, 10);
        }
    }
    return 0;
}

/* True when a whole answer is there; it is then delivered. */
static bool take_answer(struct client *client, struct connection *connection)
{
    const char *head_end = memmem(connection->in, connection->in_bytes, "\r\n\r\n", 4);
    if (!head_end) {
        return false;
    }
    size_t head = (size_t)(head_end - connection->in) + 4;
    size_t body = content_length(connection->in, head);
    if (connection->in_bytes < head + body) {
        return false;
    }
    int status = head > 12 ? (int)strtol(connection->in + 9, NULL, 10) : 0;
    bool closes = memmem(connection->in, head, "onnection: close", 16) != NULL;
    if (client->options.handshake == CLIENT_RESUME) {
        gnutls_free(client->ticket.data);
        client->ticket.data = NULL;
        gnutls_session_get_data2(connection->session, &client->ticket);
    }
    /* finish() may send the next message on this connection, so the buffer is free from here on. */
    static char copy[IN_BYTES];
    memcpy(copy, connection->in + head, body);
    connection->in_bytes = 0;
    if (closes) {
        disconnect(connection);
    }
    finish(client, connection, status, copy, body, NULL);
    return true;
}

/* True while more may be read at once. */
static bool receive(struct client *client, struct connection *connection)
{
    if (connection->in_bytes == IN_BYTES) {
        lose(client, connection, "the answer is too large");
        return false;
    }
    ssize_t got = gnutls_record_recv(connection->session, connection->in + connection->in_bytes,
                                     IN_BYTES - connection->in_bytes);
    if (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED) {
        watch(client, connection, EPOLLIN);
        return false;
    }
    if (got <= 0) {
        lose(client, connection, got == 0 ? "closed by the host" : gnutls_strerror((int)got));
        return false;
    }
    connection->in_bytes += (size_t)got;
    return !take_answer(client, connection);
}

/* An idle connection says something: tickets, or that it is closed. */
static void look_at_idle(struct client *client, struct connection *connection)
{
    char nothing[64];
    ssize_t got = gnutls_record_recv(connection->session, nothing, sizeof nothing);
    if (got != GNUTLS_E_AGAIN && got != GNUTLS_E_INTERRUPTED) {
        disconnect(connection); /* stays in the list of idle ones, connects when it is needed */
    }
    (void)client;
}

static void shake_hands(struct client *client, struct connection *connection)
{
    int status = gnutls_handshake(connection->session);
    if (status == GNUTLS_E_AGAIN || status == GNUTLS_E_INTERRUPTED) {
        watch(client, connection,
              gnutls_record_get_direction(connection->session) ? EPOLLOUT : EPOLLIN);
        return;
    }
    if (status != 0) {
        lose(client, connection, gnutls_strerror(status));
        return;
    }
    if (connection->busy) {
        connection->state = SENDING;
        advance(client, connection);
    } else {
        connection->state = IDLE;
        watch(client, connection, EPOLLIN);
        put_idle(client, connection);
    }
}

static void send_rest(struct client *client, struct connection *connection)
{
    while (connection->out_sent < connection->out_bytes) {
        ssize_t sent =
            gnutls_record_send(connection->session, connection->out + connection->out_sent,
                               connection->out_bytes - connection->out_sent);
        if (sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED) {
            watch(client, connection, EPOLLOUT);
            return;
        }
        if (sent < 0) {
            lose(client, connection, gnutls_strerror((int)sent));
            return;
        }
        connection->out_sent += (size_t)sent;
    }
    connection->state = RECEIVING;
    connection->in_bytes = 0;
    watch(client, connection, EPOLLIN);
}

static void advance(struct client *client, struct connection *connection)
{
    int problem = 0;
    socklen_t bytes = sizeof problem;
    switch (connection->state) {
    case CONNECTING:
        getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &problem, &bytes);
        if (problem != 0) {
            lose(client, connection, "cannot connect");
            return;
        }
        connection->state = SHAKING;
        shake_hands(client, connection);
        return;
    case SHAKING:
        shake_hands(client, connection);
        return;
    case SENDING:
        send_rest(client, connection);
        return;
    case RECEIVING:
        while (connection->state == RECEIVING && receive(client, connection)) {
        }
        return;
    case IDLE:
        look_at_idle(client, connection);
        return;
    case CLOSED:
        return;
    }
}

/* --- the client --- */

int client_idle(const struct client *client)
{
    return client->idle_count;
}

void client_send(struct client *client, const char *soapaction, const char *body, size_t bytes,
                 uint64_t tag)
{
    assert(client->first_idle >= 0 && bytes <= CLIENT_BODY_BYTES);
    struct connection *connection = &client->connections[client->first_idle];
    client->first_idle = connection->next_idle;
    client->idle_count--;
    connection->busy = true;
    connection->retried = false;
    connection->tag = tag;
    int head = snprintf(connection->out, HEADER_BYTES,
                        "POST %s HTTP/1.1\r\nhost: %s\r\nsoapaction: %s\r\n"
                        "content-type: application/xml\r\ncontent-length: %zu\r\n\r\n",
                        client->options.path, client->options.host, soapaction, bytes);
    assert(head > 0 && head < HEADER_BYTES);
    memcpy(connection->out + head, body, bytes);
    connection->out_bytes = (size_t)head + bytes;
    connection->out_sent = 0;
    connection->in_bytes = 0;
    if (connection->state == IDLE) {
        connection->state = SENDING;
        send_rest(client, connection);
    } else if (!begin_connecting(client, connection)) {
        client->failed_count++; /* said by the next poll, not from within this call */
        connection->failed = true;
    }
}

static void say_failed(struct client *client)
{
    for (int i = 0; i < client->options.connections && client->failed_count > 0; i++) {
        struct connection *connection = &client->connections[i];
        if (connection->failed) {
            connection->failed = false;
            client->failed_count--;
            finish(client, connection, 0, NULL, 0, "cannot connect");
        }
    }
}

void client_poll(struct client *client, int64_t timeout_us, client_on_result *on_result,
                 void *context)
{
    struct epoll_event events[EVENTS];
    struct timespec wait = {.tv_sec = timeout_us / 1000000, .tv_nsec = timeout_us % 1000000 * 1000};
    client->on_result = on_result;
    client->context = context;
    if (client->failed_count > 0) {
        say_failed(client);
        wait = (struct timespec){0};
    }
    int count = epoll_pwait2(client->epoll, events, EVENTS, &wait, NULL);
    for (int i = 0; i < count; i++) {
        struct connection *connection = &client->connections[events[i].data.u32];
        if (connection->fd >= 0) {
            advance(client, connection);
        }
    }
}

bool client_connect_all(struct client *client, int64_t timeout_us, struct error *error)
{
    int64_t deadline_mono_us = clock_mono_us() + timeout_us;
    /* Those that connect are in no list meanwhile, and come back when they are connected or failed.
     */
    client->first_idle = -1;
    client->idle_count = 0;
    for (int i = 0; i < client->options.connections; i++) {
        struct connection *connection = &client->connections[i];
        if (connection->state == IDLE || !begin_connecting(client, connection)) {
            put_idle(client, connection);
        }
    }
    while (client->idle_count < client->options.connections) {
        client_poll(client, 100000, NULL, NULL);
        if (clock_mono_us() > deadline_mono_us) {
            return error_set(error, ERROR_LATE, "connections", "%d of %d connected in time",
                             client->idle_count, client->options.connections);
        }
    }
    int connected = 0;
    for (int i = 0; i < client->options.connections; i++) {
        connected += client->connections[i].state == IDLE;
    }
    if (connected < client->options.connections) {
        return error_set(error, ERROR_UNAVAILABLE, "connections",
                         "%d of %d connected; the host refused the others", connected,
                         client->options.connections);
    }
    return true;
}

/* The first address of the host that takes a connection. */
static bool find_address(struct client *client, struct error *error)
{
    char port[16];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    snprintf(port, sizeof port, "%d", client->options.port);
    int status = getaddrinfo(client->options.host, port, &hints, &list);
    if (status != 0) {
        return error_set(error, ERROR_UNAVAILABLE, "url", "%s: %s", client->options.host,
                         gai_strerror(status));
    }
    bool found = false;
    for (const struct addrinfo *each = list; each && !found; each = each->ai_next) {
        int fd = socket(each->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, each->ai_addr, each->ai_addrlen) == 0) {
            memcpy(&client->address, each->ai_addr, each->ai_addrlen);
            client->address_bytes = each->ai_addrlen;
            found = true;
        }
        if (fd >= 0) {
            close(fd);
        }
    }
    freeaddrinfo(list);
    return found || error_set(error, ERROR_UNAVAILABLE, "url", "nothing listens on %s:%d",
                              client->options.host, client->options.port);
}

static bool read_credentials(struct client *client, struct error *error)
{
    const struct client_options *options = &client->options;
    int status = gnutls_certificate_allocate_credentials(&client->credentials);
    if (status == 0) {
        status = gnutls_priority_init(&client->priorities, "NORMAL", NULL);
    }
    if (status != 0) {
        return error_set(error, ERROR_INTERNAL, "tls", "%s", gnutls_strerror(status));
    }
    status = gnutls_certificate_set_x509_trust_file(client->credentials, options->ca,
                                                    GNUTLS_X509_FMT_PEM);
    if (status <= 0) {
        return error_set(error, ERROR_NOT_FOUND, "ca", "no certificate in %.180s", options->ca);
    }
    status = gnutls_certificate_set_x509_key_file(client->credentials, options->certificate,
                                                  options->key, GNUTLS_X509_FMT_PEM);
    if (status != 0) {
        return error_set(error, ERROR_NOT_FOUND, "cert", "%.90s, %.90s: %s", options->certificate,
                         options->key, gnutls_strerror(status));
    }
    return true;
}

bool client_create(const struct client_options *options, struct client **ret_client,
                   struct error *error)
{
    assert(options->connections >= 1 && options->connections <= CLIENT_CONNECTIONS_MAX);
    struct client *client = calloc(1, sizeof *client);
    assert(client);
    client->options = *options;
    client->first_idle = -1;
    client->epoll = epoll_create1(EPOLL_CLOEXEC);
    client->connections = calloc((size_t)options->connections, sizeof *client->connections);
    assert(client->connections && client->epoll >= 0);
    for (int i = options->connections - 1; i >= 0; i--) {
        struct connection *connection = &client->connections[i];
        connection->fd = -1;
        connection->out = malloc(OUT_BYTES);
        connection->in = malloc(IN_BYTES);
        assert(connection->out && connection->in);
        put_idle(client, connection);
    }
    if (!find_address(client, error) || !read_credentials(client, error)) {
        client_destroy(client);
        return false;
    }
    *ret_client = client;
    return true;
}

void client_destroy(struct client *client)
{
    if (!client) {
        return;
    }
    for (int i = 0; i < client->options.connections; i++) {
        disconnect(&client->connections[i]);
        free(client->connections[i].out);
        free(client->connections[i].in);
    }
    free(client->connections);
    gnutls_free(client->ticket.data);
    if (client->credentials) {
        gnutls_certificate_free_credentials(client->credentials);
    }
    if (client->priorities) {
        gnutls_priority_deinit(client->priorities);
    }
    close(client->epoll);
    free(client);
}
