#include "ops/admin.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

enum {
    ADMIN_MAGIC = 0x61646d69,
    CONNECTIONS_MAX = 64,
    CONNECTION_IDLE_S = 10,
    MEMORY_BYTES = 8192,
    BODY_BYTES = 1024,
};

#define TYPE_TEXT        "text/plain; charset=utf-8"
#define TYPE_JSON        "application/json"
#define TYPE_PROMETHEUS  "text/plain; version=0.0.4; charset=utf-8"
#define TYPE_OPENMETRICS "application/openmetrics-text; version=1.0.0; charset=utf-8"

struct admin {
    unsigned magic;
    struct admin_options options;
    struct MHD_Daemon *daemon;
    int port;
    atomic_bool draining;
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type,
                              char *body, size_t bytes, enum MHD_ResponseMemoryMode mode)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(bytes, body, mode);

    if (response == NULL) {
        if (mode == MHD_RESPMEM_MUST_FREE) {
            free(body);
        }
        return MHD_NO;
    }
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    }
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned status,
                                   const char *text)
{
    char body[BODY_BYTES];

    snprintf(body, sizeof body, "%s", text);
    return answer(connection, status, TYPE_TEXT, body, strlen(body), MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result answer_ready(struct admin *admin, struct MHD_Connection *connection)
{
    char body[BODY_BYTES];
    struct json json;
    struct error error = {0};
    bool ready = authz_ready(admin->options.authz, &error);

    if (atomic_load(&admin->draining)) {
        ready = error_set(&error, ERROR_UNAVAILABLE, "daemon", "shutting down");
    }
    json_init(&json, body, sizeof body - 1);
    json_object_begin(&json, NULL);
    json_bool(&json, "ready", ready);
    if (!ready) {
        char reason[sizeof error.field + sizeof error.message + 2];
        snprintf(reason, sizeof reason, "%s: %s", error.field, error.message);
        json_text(&json, "reason", reason);
    }
    json_object_end(&json);
    body[json.used] = '\n';
    return answer(connection, ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE, TYPE_JSON, body,
                  json.used + 1, MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result answer_metrics(struct admin *admin, struct MHD_Connection *connection)
{
    const char *accept =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT);
    bool openmetrics = accept != NULL && strstr(accept, "application/openmetrics-text") != NULL;
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);

    if (out == NULL) {
        return answer_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "no memory\n");
    }
    metrics_print(admin->options.metrics, out, openmetrics);
    if (fclose(out) != 0) {
        free(text);
        return answer_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "no memory\n");
    }
    return answer(connection, MHD_HTTP_OK, openmetrics ? TYPE_OPENMETRICS : TYPE_PROMETHEUS, text,
                  bytes, MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result answer_request(void *context, struct MHD_Connection *connection,
                                      const char *url, const char *method, const char *version,
                                      const char *upload, size_t *upload_bytes, void **request)
{
    struct admin *admin = context;

    (void)version;
    (void)upload;
    (void)request;
    assert(admin->magic == ADMIN_MAGIC);
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        *upload_bytes = 0;
        return answer_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    }
    if (strcmp(url, "/livez") == 0) {
        return answer_text(connection, MHD_HTTP_OK, "ok\n");
    }
    if (strcmp(url, "/readyz") == 0) {
        return answer_ready(admin, connection);
    }
    if (strcmp(url, "/metrics") == 0) {
        return answer_metrics(admin, connection);
    }
    return answer_text(connection, MHD_HTTP_NOT_FOUND, "/livez, /readyz or /metrics\n");
}

static bool parse_address(const char *text, int port, union address *address)
{
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, text, &address->v4.sin_addr) == 1) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons((uint16_t)port);
        return true;
    }
    if (inet_pton(AF_INET6, text, &address->v6.sin6_addr) == 1) {
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_port = htons((uint16_t)port);
        return true;
    }
    return false;
}

static bool start(struct admin *admin, const union address *address, struct error *error)
{
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_ITC;

    if (address->any.sa_family == AF_INET6) {
        flags |= MHD_USE_IPv6;
    }
    errno = 0;
    admin->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, answer_request, admin, MHD_OPTION_SOCK_ADDR, &address->any,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)CONNECTION_IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_BYTES,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
    if (admin->daemon == NULL) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "admin.port",
                               "cannot listen on %s port %d", admin->options.address,
                               admin->options.port);
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(admin->daemon, MHD_DAEMON_INFO_BIND_PORT);
    admin->port = info != NULL ? info->port : admin->options.port;
    return true;
}

bool admin_create(const struct admin_options *options, struct admin **ret_admin,
                  struct error *error)
{
    struct admin *admin = calloc(1, sizeof *admin);
    union address address;

    if (admin == NULL) {
        return error_set_errno(error, ERROR_LIMIT, "admin", "no memory");
    }
    admin->magic = ADMIN_MAGIC;
    admin->options = *options;
    if (!parse_address(options->address, options->port, &address)) {
        free(admin);
        return error_set(error, ERROR_INVALID, "admin.address",
                         "expected an IPv4 or IPv6 address, found %s", options->address);
    }
    if (!start(admin, &address, error)) {
        free(admin);
        return false;
    }
    *ret_admin = admin;
    return true;
}

int admin_port(const struct admin *admin)
{
    return admin->port;
}

void admin_drain(struct admin *admin)
{
    atomic_store(&admin->draining, true);
}

void admin_destroy(struct admin *admin)
{
    if (admin == NULL) {
        return;
    }
    MHD_stop_daemon(admin->daemon);
    free(admin);
}
