/* The cap must hold for the library too, so it is asked through the dynamic linker, as
 * libmicrohttpd asks. */
#include "soap/epoll_cap.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <microhttpd.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { READY = 200, ASKED = 128 };

Test(epoll_cap, a_library_never_gets_as_many_events_as_it_asked_for)
{
    struct epoll_event events[ASKED];
    int fds[READY];
    int epoll = epoll_create1(0);

    epoll_cap_install();
    cr_assert_not_null(
        MHD_get_version()); /* the library is linked, hence the definition exported */
    int (*seen)(int, struct epoll_event *, int, int);
    *(void **)&seen = dlsym(RTLD_DEFAULT, "epoll_wait");
    cr_assert_not_null(*(void **)&seen);
    for (int i = 0; i < READY; i++) {
        struct epoll_event wanted = {.events = EPOLLIN | EPOLLET, .data.fd = i};
        fds[i] = eventfd(1, EFD_NONBLOCK);
        cr_assert_geq(fds[i], 0);
        cr_assert_eq(epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &wanted), 0);
    }
    cr_expect_eq(seen(epoll, events, ASKED, 0), EPOLL_CAP_EVENTS);
    cr_expect_eq(seen(epoll, events, ASKED, 0), READY - EPOLL_CAP_EVENTS);
    cr_expect_eq(seen(epoll, events, ASKED, 0), 0);
    for (int i = 0; i < READY; i++) {
        close(fds[i]);
    }
    close(epoll);
}
