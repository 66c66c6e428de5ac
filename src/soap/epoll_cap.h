/* A cap on epoll_wait, for libmicrohttpd's sake.
 *
 * libmicrohttpd 0.9.75 asks for up to 128 events, and when it gets exactly 128 it asks again, with
 * the same time-out, before it serves any of them: with 128 ready sockets and nothing else to come,
 * a worker sleeps on requests that it has already been told of. This program's epoll_wait never
 * returns more than EPOLL_CAP_EVENTS, so the second question is never asked; what is left over
 * comes with the next call (docs/decisions/0008).
 *
 * Threads: any.   Owns: nothing.   May include: libc only.
 */
#ifndef SOAP_EPOLL_CAP_H
#define SOAP_EPOLL_CAP_H

enum { EPOLL_CAP_EVENTS = 127 };

/* Keeps the definition in the program; called once at start. */
void epoll_cap_install(void);

#endif
