#include "soap/epoll_cap.h"

#include <stddef.h>
#include <sys/epoll.h>

void epoll_cap_install(void)
{
}

/* Takes the place of libc's for the whole program, libmicrohttpd included. */
int epoll_wait(int epoll, struct epoll_event *events, int maximum, int timeout_ms)
{
    return epoll_pwait(epoll, events, maximum < EPOLL_CAP_EVENTS ? maximum : EPOLL_CAP_EVENTS,
                       timeout_ms, NULL);
}
