/* The wire: HTTPS in, SOAP in, a message to authz/, SOAP out.
 *
 * The endpoint accepts connections itself (the clock of a new connection starts there), hands them
 * to libmicrohttpd, requires and verifies client certificates, checks HTTP strictly, feeds the body
 * to a SAX parser as it comes, suspends the connection, and resumes it with the reply.
 *
 * Threads: create and destroy from main; everything else inside.   Owns: sockets, TLS, parsers.
 * May include: base, authz/ public headers, libmicrohttpd, gnutls, libxml2.
 */
#ifndef SOAP_SOAP_H
#define SOAP_SOAP_H

#include "authz/authz.h"

struct endpoint;

struct endpoint_options {
    const char *address; /* "127.0.0.1", "::", … */
    int port;            /* 0: any free one (tests) */
    const char *paths;   /* comma-separated URL paths, "/ehi,/ehi/cutoff" */
    int threads;         /* MHD workers */
    int connections_max;
    int64_t body_max;                          /* bytes */
    int64_t header_us, body_us, idle_us;       /* absolute deadlines of each phase */
    const char *certificate, *key, *client_ca; /* PEM files */
    const char *deny; /* file of SHA-256 fingerprints of refused client certificates, "" for none */
    const char *priorities; /* gnutls priority string */
    bool tickets;
    const char *reply_host;   /* value of the response's Host header, "" for none */
    bool reply_shape_message; /* ResponseMsg instead of GetTransactionResult (wire guide 2.6, trap
                                 2) */
    const char *reply_namespace; /* "http://tempuri.org/" */
    struct authz *authz;
    struct metrics *metrics;
};

MUST_USE bool endpoint_create(const struct endpoint_options *options,
                              struct endpoint **ret_endpoint, struct error *error);
/* Reads the TLS files and checks that they go together, without a socket: `holdfastd -t`. */
MUST_USE bool endpoint_check(const struct endpoint_options *options, struct error *error);
/* The port really bound. */
int endpoint_port(const struct endpoint *endpoint);
/* Reads certificates and the deny list again; new connections use them, old ones live on. On
 * failure the old ones stay in force. */
MUST_USE bool endpoint_reload(struct endpoint *endpoint, struct error *error);
/* Stops accepting; requests in flight go on. */
void endpoint_quiesce(struct endpoint *endpoint);
/* Waits until no request is suspended (authz answers every one by its deadline), then stops. NULL
 * is fine. */
void endpoint_destroy(struct endpoint *endpoint);

#endif
