/* Relay: stands between the ledger and PostgreSQL, counts what is asked, and can swallow every
 * answer from one moment on, so that a commit arrives and its answer does not.
 *
 * Threads: one of its own; the atomics may be used from any.   Owns: a socket in a folder of its
 * own. May include: libc only.
 */
#ifndef TESTS_LEDGER_RELAY_H
#define TESTS_LEDGER_RELAY_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct relay {
    char folder[64], path[96]; /* folder: the host to connect to */
    int listener;
    pthread_t thread;
    atomic_bool swallow, stop;
    atomic_uint syncs, executes; /* round trips asked for, and statements */
    /* How far into the client's stream of messages: bytes of the header read, bytes of the body
     * left. */
    bool started;
    unsigned char header[5];
    size_t header_bytes, body_left;
};

/* Takes one connection. False when there is no socket. */
bool relay_begin(struct relay *relay);
void relay_end(struct relay *relay);

#endif
