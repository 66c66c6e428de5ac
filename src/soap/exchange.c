#include "soap/exchange.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "soap/wsdl.h"

enum {
    STATUS_OK = 200,
    STATUS_BAD_REQUEST = 400,
    STATUS_FORBIDDEN = 403,
    STATUS_METHOD = 405,
    STATUS_FAULT = 500,
};

static struct parse *parser_take(struct endpoint *endpoint)
{
    struct parse *parse = NULL;
    struct error error;
    pthread_mutex_lock(&endpoint->mutex);
    if (endpoint->parser_count > 0) {
        parse = endpoint->parsers[--endpoint->parser_count];
    }
    pthread_mutex_unlock(&endpoint->mutex);
    if (parse == NULL && !parse_create(&parse, &error)) {
        log_error_of("no_parser", &error);
        return NULL;
    }
    return parse;
}

static void parser_put(struct endpoint *endpoint, struct connection *connection)
{
    struct parse *parse = connection->parse;
    connection->parse = NULL;
    if (parse == NULL) {
        return;
    }
    pthread_mutex_lock(&endpoint->mutex);
    if (endpoint->parser_count < EXCHANGE_PARSERS_MAX) {
        endpoint->parsers[endpoint->parser_count++] = parse;
        parse = NULL;
    }
    pthread_mutex_unlock(&endpoint->mutex);
    parse_destroy(parse);
}

static void set_deadline(struct connection *connection, int64_t deadline_mono_us)
{
    atomic_store_explicit(&connection->deadline_mono_us, deadline_mono_us, memory_order_relaxed);
}

static void set_phase(struct connection *connection, enum request_phase phase)
{
    atomic_store_explicit(&connection->phase, phase, memory_order_release);
}

/* Every refusal of a request comes through here, once. */
static void note_refusal(struct connection *connection, const char *layer, const char *rule,
                         int status)
{
    metric_add(connection->endpoint->rejects, 1, layer, rule, NULL);
    log_warning("request_refused", log_text("request", connection->request_id),
                log_text("layer", layer), log_text("rule", rule), log_number("status", status));
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value[0] != '\0') {
        (void)MHD_add_response_header(response, name,
                                      value); /* one that it cannot take is left out */
    }
}

static enum MHD_Result queue(struct connection *connection, int status,
                             struct MHD_Response *response, bool closing)
{
    struct endpoint *endpoint = connection->endpoint;
    if (response == NULL) {
        return MHD_NO;
    }
    if (closing || atomic_load_explicit(&endpoint->quiesced, memory_order_relaxed)) {
        add_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    }
    set_phase(connection, REQUEST_QUEUED);
    set_deadline(connection, clock_mono_us() + endpoint->options.body_us);
    enum MHD_Result result = MHD_queue_response(connection->mhd, (unsigned)status, response);
    MHD_destroy_response(response);
    return result;
}

/* A status alone, and the end of the connection. */
static enum MHD_Result refuse(struct connection *connection, const char *layer, const char *rule,
                              int status)
{
    note_refusal(connection, layer, rule, status);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (response != NULL && status == STATUS_METHOD) {
        add_header(response, MHD_HTTP_HEADER_ALLOW, "POST");
    }
    return queue(connection, status, response, true);
}

static enum MHD_Result queue_xml(struct connection *connection, int status, size_t bytes)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(bytes, connection->body, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        return MHD_NO;
    }
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/xml");
    add_header(response, "soapaction", connection->gate.soap_action);
    add_header(response, "traceparent", connection->gate.trace_parent);
    add_header(response, "host", connection->endpoint->options.reply_host);
    return queue(connection, status, response, false);
}

static enum MHD_Result queue_fault(struct connection *connection, enum parse_fault fault,
                                   const char *text)
{
    return queue_xml(connection, STATUS_FAULT, reply_render_fault(fault, text, connection->body));
}

static enum MHD_Result queue_reply(struct connection *connection)
{
    size_t bytes = reply_render(&connection->endpoint->form, &connection->reply, connection->body);
    return queue_xml(connection, STATUS_OK, bytes);
}

static enum MHD_Result queue_wsdl(struct connection *connection, const char *path)
{
    char address[WSDL_ADDRESS_MAX];
    size_t bytes = 0;
    snprintf(address, sizeof address, "https://%s%s", connection->gate.host, path);
    char *text = wsdl_render(address, connection->endpoint->form.namespace, &bytes);
    if (text == NULL) {
        return MHD_NO;
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(bytes, text, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(text);
        return MHD_NO;
    }
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/xml; charset=utf-8");
    return queue(connection, STATUS_OK, response, false);
}

/* From any thread, also before on_access has returned from submitting. */
static void on_reply(void *context, const struct reply *reply, enum reason reason)
{
    struct connection *connection = context;
    assert(connection->magic == CONNECTION_MAGIC);
    (void)reason;
    struct endpoint *endpoint = connection->endpoint;
    struct MHD_Connection *mhd = connection->mhd;
    connection->reply = *reply;
    set_phase(connection, REQUEST_REPLIED);
    MHD_resume_connection(mhd);
    /* The slot may serve somebody else from here on. */
    atomic_fetch_sub(&endpoint->waiting, 1);
}

static void fill_request(struct request *request, const struct connection *connection,
                         const struct ehi *ehi, int64_t now_mono_us)
{
    request->message = ehi->message;
    request->message.fields = request->fields;
    memcpy(request->fields, ehi->fields, ehi->message.fields_bytes);
    memcpy(request->message.request_id, connection->request_id, sizeof connection->request_id);
    /* Empty, or checked to be of exactly this length. */
    memcpy(request->message.traceparent, connection->gate.trace_parent,
           sizeof request->message.traceparent);
    request->arrived_mono_us = connection->arrived_mono_us;
    request->parsed_mono_us = now_mono_us;
}

/* No id, so nothing that could be acknowledged: a fault, and the operator's inbox. */
static enum MHD_Result submit_unreadable(struct connection *connection, const struct ehi *ehi)
{
    struct endpoint *endpoint = connection->endpoint;
    struct request *request = authz_request_take(endpoint->options.authz, &ehi->message);
    if (request != NULL) {
        fill_request(request, connection, ehi, clock_mono_us());
        request->unreadable = true;
        request->on_reply = NULL;
        request->context = NULL;
        authz_submit(endpoint->options.authz, request);
    }
    note_refusal(connection, "message", "no_id", STATUS_FAULT);
    return queue_fault(connection, FAULT_CLIENT,
                       ehi->message.operation == MESSAGE_CUT_OFF
                           ? "CutoffID must be there once: 1 to 19 digits, not zero"
                           : "TXn_ID must be there once: 1 to 19 digits, not zero");
}

static enum MHD_Result submit(struct connection *connection, const struct ehi *ehi)
{
    struct endpoint *endpoint = connection->endpoint;
    struct authz *authz = endpoint->options.authz;
    struct request *request = authz_request_take(authz, &ehi->message);
    if (request == NULL) {
        connection->reply = authz_refusal(authz, &ehi->message, REASON_UNAVAILABLE);
        metric_add(endpoint->rejects, 1, "message", "no_slot", NULL);
        return queue_reply(connection);
    }
    fill_request(request, connection, ehi, clock_mono_us());
    request->unreadable = false;
    request->on_reply = on_reply;
    request->context = connection;
    set_deadline(connection, 0);
    set_phase(connection, REQUEST_WAITING);
    atomic_fetch_add(&endpoint->waiting, 1);
    MHD_suspend_connection(connection->mhd);
    authz_submit(authz, request);
    return MHD_YES;
}

static void note_repairs(struct endpoint *endpoint, const struct parse_result *result,
                         const struct ehi *ehi)
{
    const struct {
        const char *what;
        uint32_t count;
    } repairs[] = {
        {"byte_replaced",    result->bytes_replaced  },
        {"element_unknown",  result->elements_unknown},
        {"text_ignored",     result->texts_stray     },
        {"element_repeated", ehi->repeated_differing },
        {"element_dropped",  ehi->dropped            },
    };
    for (size_t i = 0; i < sizeof repairs / sizeof repairs[0]; i++) {
        if (repairs[i].count > 0) {
            metric_add(endpoint->repairs, repairs[i].count, repairs[i].what, NULL, NULL);
        }
    }
}

static void note_malformed(const struct connection *connection, const struct message *message)
{
    metric_add(connection->endpoint->rejects, 1, "message", "malformed", NULL);
    log_warning("message_malformed", log_text("request", connection->request_id),
                log_number("txn_id", (int64_t)message->txn_id),
                log_text("field", message->malformed_field),
                log_text("expected", message->malformed_expected));
}

/* The header is only looked at for a warning: the Body says what a message is. */
static void compare_action(const struct connection *connection, const struct message *message)
{
    const char *operation = message->operation == MESSAGE_CUT_OFF ? "Cut_Off" : "GetTransaction";
    if (connection->gate.soap_action[0] != '\0' &&
        strstr(connection->gate.soap_action, operation) == NULL) {
        metric_add(connection->endpoint->repairs, 1, "soap_action_differs", NULL, NULL);
    }
}

/* The message as read: on to authz, or nobody can be answered about it. */
static enum MHD_Result take_message(struct connection *connection,
                                    const struct parse_result *result)
{
    const struct ehi *ehi = parse_ehi(connection->parse);
    note_repairs(connection->endpoint, result, ehi);
    compare_action(connection, &ehi->message);
    if (!ehi->readable) {
        return submit_unreadable(connection, ehi);
    }
    if (ehi->message.malformed_field != NULL) {
        note_malformed(connection, &ehi->message);
    }
    return submit(connection, ehi);
}

static enum MHD_Result body_end(struct connection *connection)
{
    struct endpoint *endpoint = connection->endpoint;
    enum MHD_Result done;
    int64_t begun = clock_mono_us();
    struct parse_result result = parse_end(connection->parse);
    connection->parse_us += clock_mono_us() - begun;
    metric_observe_us(endpoint->parse_duration, connection->parse_us, NULL, NULL, NULL);
    if (result.verdict == PARSE_NOT_XML) {
        done = refuse(connection, "xml", result.rule, STATUS_BAD_REQUEST);
    } else if (result.verdict == PARSE_FAULT) {
        note_refusal(connection, "soap", result.rule, STATUS_FAULT);
        done = queue_fault(connection, result.fault, result.text);
    } else {
        done = take_message(connection, &result);
    }
    parser_put(endpoint, connection);
    return done;
}

static enum MHD_Result body_more(struct connection *connection, const char *bytes, size_t *count)
{
    int64_t begun = clock_mono_us();
    parse_feed(connection->parse, bytes, *count);
    connection->parse_us += clock_mono_us() - begun;
    *count = 0;
    return MHD_YES;
}

static enum MHD_Result see_header(void *context, enum MHD_ValueKind kind, const char *name,
                                  size_t name_bytes, const char *value, size_t value_bytes)
{
    (void)kind;
    gate_header(context, name, name_bytes, value == NULL ? "" : value,
                value == NULL ? 0 : value_bytes);
    return MHD_YES;
}

static void name_request(struct connection *connection)
{
    struct endpoint *endpoint = connection->endpoint;
    char trace_id[33];
    if (gate_trace_id(connection->gate.trace_parent, trace_id)) {
        memcpy(connection->request_id, trace_id, sizeof trace_id);
        return;
    }
    connection->gate.trace_parent[0] = '\0'; /* what is invalid is not echoed */
    snprintf(connection->request_id, sizeof connection->request_id, "%016" PRIx64 "%016" PRIx64,
             endpoint->id_seed, (uint64_t)atomic_fetch_add(&endpoint->id_next, 1));
}

static const char *check_peer(struct connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection->mhd, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (info == NULL || info->tls_session == NULL) {
        return "no_tls";
    }
    return tls_session_check(&connection->tls, info->tls_session, clock_wall_us() / 1000000);
}

/* All headers are there. */
static enum MHD_Result headers_end(struct connection *connection, const char *path,
                                   const char *method, const char *version)
{
    struct endpoint *endpoint = connection->endpoint;
    gate_begin(&connection->gate);
    MHD_get_connection_values_n(connection->mhd, MHD_HEADER_KIND, see_header, &connection->gate);
    name_request(connection);
    const char *why = check_peer(connection);
    if (why != NULL) {
        return refuse(connection, "tls", why, STATUS_FORBIDDEN);
    }
    struct gate_verdict verdict = gate_judge(&connection->gate, method, version, connection->target,
                                             endpoint->options.body_max);
    if (verdict.status != 0) {
        return refuse(connection, "http", verdict.rule, verdict.status);
    }
    if (connection->target == GATE_WSDL) {
        return queue_wsdl(connection, path);
    }
    connection->parse = parser_take(endpoint);
    if (connection->parse == NULL) {
        return MHD_NO;
    }
    parse_begin(connection->parse);
    set_deadline(connection, clock_mono_us() + endpoint->options.body_us);
    set_phase(connection, REQUEST_BODY);
    return MHD_YES;
}

static struct connection *connection_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct connection *connection = info == NULL ? NULL : info->socket_context;
    assert(connection == NULL || connection->magic == CONNECTION_MAGIC);
    return connection;
}

void *exchange_on_uri(void *context, const char *uri, struct MHD_Connection *mhd)
{
    struct endpoint *endpoint = context;
    struct connection *connection = connection_of(mhd);
    if (connection == NULL) {
        return NULL;
    }
    int64_t now = clock_mono_us();
    /* The handshake counts, as if the request had come with the accept; what the client let pass
     * between the two does not. */
    connection->arrived_mono_us = connection->begun ? now : now - connection->handshake_us;
    set_deadline(connection, now + endpoint->options.header_us);
    connection->begun = true;
    connection->parse_us = 0;
    connection->request_id[0] = '\0';
    connection->target = gate_target_of(uri, endpoint->options.paths);
    set_phase(connection, REQUEST_HEADERS);
    atomic_fetch_add(&endpoint->busy, 1);
    return connection;
}

enum MHD_Result exchange_on_access(void *context, struct MHD_Connection *mhd, const char *url,
                                   const char *method, const char *version, const char *upload,
                                   size_t *upload_bytes, void **request)
{
    struct connection *connection = *request;
    (void)context;
    (void)mhd;
    if (connection == NULL) {
        return MHD_NO;
    }
    assert(connection->magic == CONNECTION_MAGIC);
    switch (atomic_load_explicit(&connection->phase, memory_order_acquire)) {
    case REQUEST_HEADERS:
        return headers_end(connection, url, method, version);
    case REQUEST_BODY:
        return *upload_bytes > 0 ? body_more(connection, upload, upload_bytes)
                                 : body_end(connection);
    case REQUEST_REPLIED:
        return queue_reply(connection);
    case REQUEST_NONE:
    case REQUEST_WAITING:
    case REQUEST_QUEUED:
        break;
    }
    return MHD_NO;
}

void exchange_on_completed(void *context, struct MHD_Connection *mhd, void **request,
                           enum MHD_RequestTerminationCode code)
{
    struct endpoint *endpoint = context;
    struct connection *connection = *request;
    (void)mhd;
    (void)code; /* libmicrohttpd says "completed" also when the client is gone: it proves nothing */
    if (connection == NULL) {
        return;
    }
    *request = NULL;
    parser_put(endpoint, connection);
    set_phase(connection, REQUEST_NONE);
    set_deadline(connection, clock_mono_us() + endpoint->options.idle_us);
    atomic_fetch_sub(&endpoint->busy, 1);
}
