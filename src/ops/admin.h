/* The admin endpoint: is it alive, is it ready, what has it counted. Plain HTTP, for the loopback
 * or a private network; it has no switch to turn.
 *
 *     GET /livez    200 while the process runs
 *     GET /readyz   200 {"ready":true}, or 503 {"ready":false,"reason":"…"}
 *     GET /metrics  Prometheus text, or OpenMetrics where Accept asks for it
 *
 * Threads: one of its own; drain from any.   Owns: its socket.
 * May include: base, authz/authz.h, libmicrohttpd.
 */
#ifndef OPS_ADMIN_H
#define OPS_ADMIN_H

#include "authz/authz.h"
#include "base/metric.h"

struct admin;

struct admin_options {
    const char *address;
    int port; /* 0: any free one */
    struct authz *authz;
    struct metrics *metrics;
};

MUST_USE bool admin_create(const struct admin_options *options, struct admin **ret_admin,
                           struct error *error);
int admin_port(const struct admin *admin);
/* From now on not ready: whoever balances load should look elsewhere. */
void admin_drain(struct admin *admin);
void admin_destroy(struct admin *admin); /* NULL is fine */

#endif
