/* Connections: one slot each from the accept on, with the deadline of the phase that it is in.
 *
 * libmicrohttpd's own time-out starts anew with every byte, so a client that drips bytes would stay
 * for ever. Here a deadline is absolute, and the reaper shuts the socket down when it has passed.
 * The slot also holds the one request that a connection can have at a time.
 *
 * Threads: take, find, put and reap from any, guarded by the table's mutex; a slot's request is
 * touched by the HTTP thread that serves it and, while it waits, by who replies. deadline_mono_us
 * is atomic.   Owns: the slots.   May include: base, authz/message.h, soap/.
 */
#ifndef SOAP_CONNECTION_H
#define SOAP_CONNECTION_H

#include <stdatomic.h>

#include "soap/gate.h"
#include "soap/parse.h"
#include "soap/reply.h"
#include "soap/tls.h"

enum { CONNECTION_MAGIC = 0x434f4e4e };

enum connection_state {
    CONNECTION_FREE,
    CONNECTION_ACCEPTED, /* handed to libmicrohttpd, not begun there */
    CONNECTION_OPEN,
};

enum request_phase {
    REQUEST_NONE,    /* handshake, or idle between requests */
    REQUEST_HEADERS, /* the request line is there */
    REQUEST_BODY,
    REQUEST_WAITING, /* suspended: authz has it */
    REQUEST_REPLIED, /* authz's reply is in the slot */
    REQUEST_QUEUED,  /* the response is with libmicrohttpd */
};

struct connection {
    unsigned magic;
    struct endpoint *endpoint;
    struct MHD_Connection *mhd;
    struct connections *table;
    enum connection_state state; /* guarded by the table's mutex, as are fd and next_free */
    int fd;
    struct connection *next_free;
    int64_t accepted_mono_us;
    int64_t handshake_us;             /* from the accept to the client's last word in it */
    _Atomic int64_t deadline_mono_us; /* 0: none */
    struct tls_session tls;

    bool begun; /* a request came before */
    _Atomic enum request_phase phase;
    int64_t arrived_mono_us;
    int64_t parse_us;
    enum gate_target target;
    struct gate gate;
    struct parse *parse; /* from the pool while a body is read */
    char request_id[MESSAGE_REQUEST_ID_BYTES];
    struct reply reply;
    char body[REPLY_BYTES]; /* the response's bytes: libmicrohttpd reads them from here */
};

struct connections;

MUST_USE bool connections_create(struct endpoint *endpoint, int maximum,
                                 struct connections **ret_table, struct error *error);
void connections_destroy(struct connections *table); /* NULL is fine */

/* A slot for a new socket; NULL: all are taken. A slot that was still bound to the same descriptor
 * was closed without a word, and is freed. */
struct connection *connections_take(struct connections *table, int fd, int64_t now_mono_us);
/* The slot of a socket, which is open from now on; NULL: none. */
struct connection *connections_open(struct connections *table, int fd);
/* The socket is about to be closed. */
void connections_put(struct connection *connection);
/* The socket never got as far as being open; does nothing when the slot is bound anew already. */
void connections_forget(struct connections *table, struct connection *connection, int fd);
int connections_count(struct connections *table);
/* Shuts down the sockets whose deadline has passed; returns how many. */
int connections_reap(struct connections *table, int64_t now_mono_us);

#endif
