/* TLS: our certificate, whom we let in, and the check of who it is.
 *
 * libmicrohttpd only asks for a client certificate and then takes anything, so the handshake is
 * taken over for each connection: a certificate is required, its chain and purpose are verified,
 * and the peer is told by an alert what is wrong. With session tickets a handshake is resumed
 * without its verification, so the peer is looked at again with the first request of a connection,
 * and its expiry and the deny list with every request.
 *
 * Threads: create and destroy from one; the rest from any.   Owns: credentials, by generations that
 * live until the last connection that uses them.   May include: base, gnutls.
 */
#ifndef SOAP_TLS_H
#define SOAP_TLS_H

#include <gnutls/gnutls.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/metric.h"

struct tls;
struct tls_generation;

struct tls_options {
    const char *certificate, *key, *client_ca; /* PEM files */
    const char *deny;                          /* fingerprints, one a line; "" for none */
    const char *priorities;
    bool tickets;
    struct metric *handshakes; /* holdfast_handshakes_total{result} */
};

/* What a connection keeps; zero before tls_session_begin. */
struct tls_session {
    struct tls *tls;
    struct tls_generation *generation;
    bool refused; /* the handshake was, and was counted */
    bool known;   /* the peer was looked at */
    bool met;     /* … and a request of it was taken */
    uint8_t fingerprint[HASH_BYTES];
    int64_t expires_at_s; /* wall clock, seconds since 1970 */
    unsigned checked_by;  /* number of the generation whose deny list was asked last */
    void (*on_finished)(void *context); /* the handshake is over: the client's last word came */
    void *context;
};

MUST_USE bool tls_create(const struct tls_options *options, struct tls **ret_tls,
                         struct error *error);
void tls_destroy(struct tls *tls); /* after the last tls_session_end. NULL is fine */
MUST_USE bool tls_reload(struct tls *tls, struct error *error);

/* The PEM texts read at start: libmicrohttpd wants them although each connection gets ours. */
const char *tls_certificate_pem(const struct tls *tls);
const char *tls_key_pem(const struct tls *tls);

/* Takes the handshake of a new connection over. False: no credentials, the connection must end. */
MUST_USE bool tls_session_begin(struct tls *tls, gnutls_session_t session,
                                void (*on_finished)(void *context), void *context,
                                struct tls_session *peer);
void tls_session_end(struct tls_session *peer);
/* With each request: NULL, or why the peer is refused now ("expired", "denied", …; static). */
const char *tls_session_check(struct tls_session *peer, gnutls_session_t session, int64_t now_s);

#endif
