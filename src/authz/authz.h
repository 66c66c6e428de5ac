/* The room's door: a message goes in, exactly one reply comes out, in time.
 *
 * A request is a slot from a pool fixed at start. soap/ takes one, fills its message, and submits
 * it; on_reply is called exactly once, from any thread, no later than the deadline (plus the
 * scheduler's whim): by the lane when its decision is durable, or by the deadline's own thread,
 * which declines. The slot goes back to the pool by itself when both are done with it.
 *
 * Threads: authz_request_take/submit from any thread.   Owns: slots, lanes, the card cache.
 * May include: base, authz/, ledger/ public headers.
 */
#ifndef AUTHZ_AUTHZ_H
#define AUTHZ_AUTHZ_H

#include <stdatomic.h>

#include "authz/decide.h"
#include "base/error.h"
#include "base/metric.h"

struct authz;

struct authz_options {
    const char *writer_conninfo; /* borrowed, as are all pointers here, for authz's life */
    const char *instance;        /* CloudEvents source, "holdfast" */
    const char *spill_path;      /* file for declines that cannot be stored yet; "": none */
    int lane_count;              /* 1 to 64 */
    int batch_max;               /* 1 to 512 */
    int queue_max;               /* requests in flight at most: the pool */
    int64_t cache_cards;         /* entries of the token → account cache */
    int64_t budget_us;           /* from arrival to reply */
    int64_t
        database_timeout_us; /* longest wait for one round trip before the connection is dropped */
    const struct product_settings *products; /* the first is the default */
    int product_count;
    struct metrics *metrics;
};

struct request {
    struct message message;
    uint8_t fields[MESSAGE_FIELDS_MAX]; /* message.fields points here */
    bool unreadable; /* no TXn_ID: goes to the inbox only, the fault went out already; on_reply may
                        be NULL */
    /* When its request line was read. For the first request of a connection, that time less what
     * accept and handshake took: the handshake counts, what the client lets pass between the
     * handshake and the request does not. */
    int64_t arrived_mono_us;
    int64_t parsed_mono_us;
    void (*on_reply)(void *context, const struct reply *reply, enum reason reason);
    void *context;
    struct request_state *state; /* authz's own */
};

MUST_USE bool authz_create(const struct authz_options *options, struct authz **ret_authz,
                           struct error *error);
/* Finishes what is queued (at most `patience_us`), answers the rest, stops the lanes. NULL is fine.
 */
void authz_destroy(struct authz *authz, int64_t patience_us);

/* A slot for `message`, which is looked at and not kept; or NULL when all that it may have are in
 * flight: the caller answers at once with authz_refusal(). What is no request for a decision, and
 * what is sent again and again (MESSAGE_ATTEMPT_PERSISTENT), may have slots kept for such messages.
 */
struct request *authz_request_take(struct authz *authz, const struct message *message);
/* Gives a slot back that is not going to be submitted. */
void authz_request_put(struct authz *authz, struct request *request);
/* Moves the request in; the caller's pointer is dead afterwards. */
void authz_submit(struct authz *authz, struct request *request);

/* The reply when a message cannot even be queued (`reason`: REASON_UNAVAILABLE). */
struct reply authz_refusal(const struct authz *authz, const struct message *message,
                           enum reason reason);

/* True when a request would be decided now: every lane has had a database round trip lately. Fills
 * `error` with the reason otherwise. For /readyz. */
bool authz_ready(struct authz *authz, struct error *error);

#endif
