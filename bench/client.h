/* The client: many HTTPS connections with a client certificate, one thread, no waiting.
 *
 * It does what the processor does: POSTs a body, reads the answer. Connections are kept (or made
 * anew for each message). A kept connection that the host closed before it said anything is opened
 * again once and the message sent anew, as any HTTP client would.
 *
 * Threads: one.   Owns: sockets, TLS sessions.   May include: base, gnutls.
 */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { CLIENT_CONNECTIONS_MAX = 4096, CLIENT_BODY_BYTES = 65536 };

enum client_handshake {
    CLIENT_KEEP,   /* connections are kept */
    CLIENT_FULL,   /* a new connection with a full handshake for each message */
    CLIENT_RESUME, /* a new connection for each, with a ticket of an earlier one */
};

struct client_options {
    const char *host, *path; /* "localhost", "/ehi"; borrowed */
    int port;
    const char *ca, *certificate, *key; /* PEM files */
    int connections;
    enum client_handshake handshake;
};

struct client_result {
    uint64_t tag;
    int status;       /* HTTP's, or 0 when there was no answer */
    const char *body; /* borrowed for the call, not NUL-ended */
    size_t body_bytes;
    const char *problem; /* when status is 0; static */
};

struct client;
typedef void client_on_result(void *context, const struct client_result *result);

/* Finds out that the host can be reached (ERROR_UNAVAILABLE when not) and reads the certificates.
 */
MUST_USE bool client_create(const struct client_options *options, struct client **ret_client,
                            struct error *error);
void client_destroy(struct client *client); /* NULL is fine */
/* Connects all of them now, so that no handshake is measured; at most timeout_us. */
MUST_USE bool client_connect_all(struct client *client, int64_t timeout_us, struct error *error);
/* Connections that could take a message now. */
int client_idle(const struct client *client);
/* Sends; there must be an idle connection (asserted). The body is copied. */
void client_send(struct client *client, const char *soapaction, const char *body, size_t bytes,
                 uint64_t tag);
/* Goes on with everything that can go on, waits for it at most timeout_us (0: does not wait), and
 * calls on_result for every message that is done. on_result may send. */
void client_poll(struct client *client, int64_t timeout_us, client_on_result *on_result,
                 void *context);

#endif
