/* The listener: its own socket and thread, so that the clock of a request on a new connection
 * starts with the accept, and so that draining is ours to do. The same thread calls the tick that
 * looks after deadlines.
 *
 * Threads: create, quiesce and destroy from main; the callbacks run on the listener's thread.
 * Owns: socket, thread.   May include: base.
 */
#ifndef SOAP_LISTENER_H
#define SOAP_LISTENER_H

#include <stdint.h>
#include <sys/socket.h>

#include "base/error.h"

struct listener;

struct listener_options {
    const char *address; /* numeric, IPv4 or IPv6 */
    int port;            /* 0: any free one */
    /* Owns fd from here. */
    void (*on_accept)(void *context, int fd, const struct sockaddr *address, socklen_t bytes);
    void (*on_tick)(void *context); /* every LISTENER_TICK_MS or so, to the end */
    void *context;
};

enum { LISTENER_TICK_MS = 50, LISTENER_BACKLOG = 4096 };

MUST_USE bool listener_create(const struct listener_options *options,
                              struct listener **ret_listener, struct error *error);
int listener_port(const struct listener *listener);
/* Closes the socket; ticks go on. Any number of times. */
void listener_quiesce(struct listener *listener);
void listener_destroy(struct listener *listener); /* NULL is fine */

#endif
