#include <assert.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "soap/epoll_cap.h"
#include "soap/exchange.h"
#include "soap/listener.h"

enum {
    HEADER_BYTES = 32 * 1024, /* libmicrohttpd's memory of a connection */
    DRAIN_US =
        30 * 1000 * 1000,   /* longest wait for authz's replies; its deadlines are far shorter */
    LEAVE_US = 1000 * 1000, /* … and for the responses to leave */
    PAUSE_US = 2000,
    BACKSTOP_S = 10,      /* libmicrohttpd's own time-out comes so long after our deadlines */
    PARSERS_AT_START = 4, /* for each thread */
};

/* From here on the client may take its time: processors keep connections open in advance. */
static void on_handshake(void *context)
{
    struct connection *connection = context;
    assert(connection->magic == CONNECTION_MAGIC);
    int64_t now = clock_mono_us();
    connection->handshake_us = now - connection->accepted_mono_us;
    atomic_store(&connection->deadline_mono_us, now + connection->endpoint->options.idle_us);
}

/* A connection begins or ends on its HTTP thread. */
static void on_connection(void *context, struct MHD_Connection *mhd, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct endpoint *endpoint = context;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        struct connection *connection = *socket_context;
        if (connection != NULL) {
            tls_session_end(&connection->tls);
            connections_put(connection);
        }
        return;
    }
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct connection *connection =
        fd == NULL ? NULL : connections_open(endpoint->connections, fd->connect_fd);
    *socket_context = connection;
    if (connection == NULL) {
        return;
    }
    connection->mhd = mhd;
    atomic_store(&connection->deadline_mono_us,
                 connection->accepted_mono_us + endpoint->options.header_us);
    const union MHD_ConnectionInfo *tls =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (tls == NULL || !tls_session_begin(endpoint->tls, tls->tls_session, on_handshake, connection,
                                          &connection->tls)) {
        shutdown(connection->fd, SHUT_RDWR); /* without our checks nobody comes in */
    }
}

static void on_accept(void *context, int fd, const struct sockaddr *address, socklen_t bytes)
{
    struct endpoint *endpoint = context;
    struct connection *connection = connections_take(endpoint->connections, fd, clock_mono_us());
    if (connection == NULL) {
        metric_add(endpoint->rejects, 1, "tcp", "connection_limit", NULL);
        close(fd);
        return;
    }
    if (MHD_add_connection(endpoint->daemon, fd, address, bytes) != MHD_YES) {
        metric_add(endpoint->rejects, 1, "tcp", "not_added", NULL);
        connections_forget(endpoint->connections, connection, fd);
    }
}

static void on_tick(void *context)
{
    struct endpoint *endpoint = context;
    int reaped = connections_reap(endpoint->connections, clock_mono_us());
    metric_set(endpoint->gauge, connections_count(endpoint->connections), NULL, NULL, NULL);
    if (reaped > 0) {
        metric_add(endpoint->rejects, reaped, "tcp", "deadline", NULL);
    }
}

/* Its texts may quote what was sent: only that there was one is logged. */
static void on_library_message(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
    log_debug("http_library", log_text("library", "libmicrohttpd"));
}

static int backstop_s(const struct endpoint_options *options)
{
    int64_t longest = options->idle_us;
    longest = options->header_us > longest ? options->header_us : longest;
    longest = options->body_us > longest ? options->body_us : longest;
    return (int)(longest / 1000000) + BACKSTOP_S;
}

static bool daemon_start(struct endpoint *endpoint, struct error *error)
{
    const struct endpoint_options *options = &endpoint->options;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC |
                     MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    struct MHD_OptionItem items[] = {
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT,                                  HEADER_BYTES,                                    NULL                                      },
 /* The pool shares it out evenly; the limit that counts is that of our own table. */
        {MHD_OPTION_CONNECTION_LIMIT,                                         2 * options->connections_max + options->threads, NULL                                      },
        {MHD_OPTION_CONNECTION_TIMEOUT,                                       backstop_s(options),                             NULL                                      },
        {MHD_OPTION_STRICT_FOR_CLIENT,                                        1,                                               NULL                                      },
        {MHD_OPTION_HTTPS_MEM_CERT,                                           0,                                               (void *)tls_certificate_pem(endpoint->tls)},
        {MHD_OPTION_HTTPS_MEM_KEY,                                            0,                                               (void *)tls_key_pem(endpoint->tls)        },
        {MHD_OPTION_HTTPS_PRIORITIES,                                         0,                                               (void *)options->priorities               },
        {options->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, options->threads,
         NULL                                                                                                                                                            },
        {MHD_OPTION_END,                                                      0,                                               NULL                                      },
    };
    epoll_cap_install();
    endpoint->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, exchange_on_access, endpoint, MHD_OPTION_EXTERNAL_LOGGER,
        on_library_message, NULL, MHD_OPTION_ARRAY, items, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, endpoint, MHD_OPTION_NOTIFY_COMPLETED, exchange_on_completed, endpoint,
        MHD_OPTION_URI_LOG_CALLBACK, exchange_on_uri, endpoint, MHD_OPTION_END);
    if (endpoint->daemon == NULL) {
        return error_set(error, ERROR_UNAVAILABLE, "listen", "the HTTP server cannot be started");
    }
    return true;
}

static void make_metrics(struct endpoint *endpoint)
{
    struct metrics *metrics = endpoint->options.metrics;
    endpoint->rejects = metric_make(metrics, METRIC_COUNTER, "holdfast_rejects", "layer,rule",
                                    "What was refused before a decision, by layer and rule.");
    endpoint->gauge = metric_make(metrics, METRIC_GAUGE, "holdfast_connections", "",
                                  "Connections open at the processor's endpoint.");
    endpoint->handshakes = metric_make(metrics, METRIC_COUNTER, "holdfast_handshakes", "result",
                                       "TLS handshakes by their result.");
    endpoint->parse_duration =
        metric_make(metrics, METRIC_HISTOGRAM, "holdfast_parse_duration_seconds", "",
                    "Time spent on reading a message's XML.");
    endpoint->repairs = metric_make(metrics, METRIC_COUNTER, "holdfast_repairs", "what",
                                    "What was read leniently, by what it was.");
}

static bool parsers_create(struct endpoint *endpoint, struct error *error)
{
    int wanted = PARSERS_AT_START * endpoint->options.threads;
    parse_start();
    for (int i = 0; i < wanted && i < EXCHANGE_PARSERS_MAX; i++) {
        if (!parse_create(&endpoint->parsers[endpoint->parser_count], error)) {
            return false;
        }
        endpoint->parser_count++;
    }
    return true;
}

static bool check_options(const struct endpoint_options *options, struct error *error)
{
    if (strlen(options->reply_namespace) > REPLY_NAMESPACE_MAX ||
        strpbrk(options->reply_namespace, "<>&\"") != NULL) {
        return error_set(error, ERROR_INVALID, "listen.reply_namespace",
                         "expected a URI of at most %d bytes without <, >, & and quotes",
                         REPLY_NAMESPACE_MAX);
    }
    assert(options->threads >= 1);
    assert(options->connections_max >= 1);
    return true;
}

static struct tls_options tls_options_of(const struct endpoint_options *options,
                                         struct metric *handshakes)
{
    return (struct tls_options){.certificate = options->certificate,
                                .key = options->key,
                                .client_ca = options->client_ca,
                                .deny = options->deny,
                                .priorities = options->priorities,
                                .tickets = options->tickets,
                                .handshakes = handshakes};
}

bool endpoint_check(const struct endpoint_options *options, struct error *error)
{
    struct tls_options files = tls_options_of(options, NULL);
    struct tls *tls;

    if (!check_options(options, error) || !tls_create(&files, &tls, error)) {
        return false;
    }
    tls_destroy(tls);
    return true;
}

static bool start(struct endpoint *endpoint, struct error *error)
{
    const struct endpoint_options *options = &endpoint->options;
    struct tls_options tls = tls_options_of(options, endpoint->handshakes);
    struct listener_options listener = {.address = options->address,
                                        .port = options->port,
                                        .on_accept = on_accept,
                                        .on_tick = on_tick,
                                        .context = endpoint};
    return tls_create(&tls, &endpoint->tls, error) &&
           connections_create(endpoint, options->connections_max, &endpoint->connections, error) &&
           parsers_create(endpoint, error) && daemon_start(endpoint, error) &&
           listener_create(&listener, &endpoint->listener, error);
}

bool endpoint_create(const struct endpoint_options *options, struct endpoint **ret_endpoint,
                     struct error *error)
{
    if (!check_options(options, error)) {
        return false;
    }
    struct endpoint *endpoint = calloc(1, sizeof *endpoint);
    if (endpoint == NULL || getrandom(&endpoint->id_seed, sizeof endpoint->id_seed, 0) < 0) {
        free(endpoint);
        return error_set(error, ERROR_LIMIT, "listen", "no memory");
    }
    endpoint->options = *options;
    endpoint->form = (struct reply_form){.namespace = options->reply_namespace,
                                         .shape_message = options->reply_shape_message};
    pthread_mutex_init(&endpoint->mutex, NULL);
    make_metrics(endpoint);
    if (!start(endpoint, error)) {
        endpoint_destroy(endpoint);
        return false;
    }
    *ret_endpoint = endpoint;
    return true;
}

int endpoint_port(const struct endpoint *endpoint)
{
    return listener_port(endpoint->listener);
}

bool endpoint_reload(struct endpoint *endpoint, struct error *error)
{
    return tls_reload(endpoint->tls, error);
}

void endpoint_quiesce(struct endpoint *endpoint)
{
    atomic_store(&endpoint->quiesced, true);
    if (endpoint->listener != NULL) {
        listener_quiesce(endpoint->listener);
    }
}

static bool wait_for_zero(const atomic_int *count, int64_t patience_us)
{
    int64_t end = clock_mono_us() + patience_us;
    while (atomic_load(count) > 0 && clock_mono_us() < end) {
        usleep(PAUSE_US);
    }
    return atomic_load(count) == 0;
}

/* libmicrohttpd aborts the process when it is stopped with a suspended connection. */
static bool drain(struct endpoint *endpoint)
{
    endpoint_quiesce(endpoint);
    if (!wait_for_zero(&endpoint->waiting, DRAIN_US)) {
        log_error("endpoint_left_running",
                  log_number("requests_waiting", atomic_load(&endpoint->waiting)));
        return false;
    }
    (void)wait_for_zero(&endpoint->busy, LEAVE_US);
    return true;
}

void endpoint_destroy(struct endpoint *endpoint)
{
    if (endpoint == NULL || !drain(endpoint)) {
        return;
    }
    listener_destroy(endpoint->listener);
    if (endpoint->daemon != NULL) {
        MHD_stop_daemon(endpoint->daemon);
    }
    connections_destroy(endpoint->connections);
    tls_destroy(endpoint->tls);
    for (int i = 0; i < endpoint->parser_count; i++) {
        parse_destroy(endpoint->parsers[i]);
    }
    pthread_mutex_destroy(&endpoint->mutex);
    free(endpoint);
}
