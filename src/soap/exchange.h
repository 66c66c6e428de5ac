/* The exchange: one request and its response, as libmicrohttpd calls us.
 *
 *   listener thread      accept: slot and clock, then MHD_add_connection         (endpoint.c)
 *   HTTP thread          connection begins: TLS is taken over                    (endpoint.c)
 *                        exchange_on_uri: the request line is there, arrival time
 *                        exchange_on_access: headers → gate.h, body → parse.h; at its end the
 *                        connection is suspended and the message goes to authz
 *   any thread           the reply goes into the slot, the connection is resumed
 *   HTTP thread          exchange_on_access: the response is queued
 *                        exchange_on_completed: the slot waits for the next request
 *
 * Each phase has an absolute deadline, except that authz keeps its own while it has the request.
 *
 * Threads: as above.   Owns: the requests of the slots.   May include: base, authz/authz.h, soap/,
 * libmicrohttpd.
 */
#ifndef SOAP_EXCHANGE_H
#define SOAP_EXCHANGE_H

#include <microhttpd.h>
#include <pthread.h>

#include "soap/connection.h"
#include "soap/soap.h"

enum {
    EXCHANGE_PARSERS_MAX = 256, /* idle parsers kept */
};

/* The inside of the endpoint. */
struct endpoint {
    struct endpoint_options options;
    struct reply_form form;
    struct tls *tls;
    struct connections *connections;
    struct MHD_Daemon *daemon;
    struct listener *listener;
    _Atomic bool quiesced;
    atomic_int waiting; /* requests that authz has */
    atomic_int busy;    /* requests between their request line and their completion */
    atomic_uint_fast64_t id_next;
    uint64_t id_seed;      /* of the request ids made here */
    pthread_mutex_t mutex; /* guards the parsers */
    struct parse *parsers[EXCHANGE_PARSERS_MAX];
    int parser_count;
    struct metric *rejects, *gauge, *handshakes, *parse_duration, *repairs;
};

/* Signatures are libmicrohttpd's. */
void *exchange_on_uri(void *context, const char *uri, struct MHD_Connection *mhd);
enum MHD_Result exchange_on_access(void *context, struct MHD_Connection *mhd, const char *url,
                                   const char *method, const char *version, const char *upload,
                                   size_t *upload_bytes, void **request);
void exchange_on_completed(void *context, struct MHD_Connection *mhd, void **request,
                           enum MHD_RequestTerminationCode code);

#endif
