/* Contact: a lane's session with the database: lost, found again, and asked now and then whether it
 * lives.
 *
 * Attempts to reach a database that is away are spaced by a jittered back-off, 20 ms doubling to
 * half a second; nothing needs a restart when it returns, and answers keep flowing meanwhile.
 *
 * Threads: contact_serves and the atomics from any; the rest is owned by one lane.   Owns: the
 * ledger's session. May include: base, authz/, ledger/ public headers.
 */
#ifndef AUTHZ_CONTACT_H
#define AUTHZ_CONTACT_H

#include "authz/queue.h"
#include "authz/watch.h"
#include "ledger/ledger.h"

struct contact {
    int number; /* the lane's */
    struct ledger_options options;
    int64_t timeout_us;  /* of one round trip */
    struct queue *queue; /* borrowed: waiting ends when it is woken */
    const struct watch *watch;
    struct ledger *ledger; /* NULL: none */
    atomic_bool up;
    atomic_llong heard_mono_us; /* when the database last answered; 0: never */
    atomic_llong lost_mono_us; /* when the session was lost, or at the start; while up: no matter */
    atomic_int failures;       /* rounds that failed since one went well */
    int64_t backoff_us;        /* 0: the last round trip went well */
    unsigned seed;
};

/* number, options, timeout_us, queue and watch are set already. */
void contact_init(struct contact *contact);
void contact_finish(struct contact *contact);
MUST_USE bool contact_connect(struct contact *contact, struct error *error);
/* After a failure, waits; without a usable connection, opens one. False: there is none yet. */
bool contact_is_ready(struct contact *contact);
/* False once the database is known to serve nothing: no session for a while, or one whose rounds
 * all fail. What comes then need not wait for its deadline. Any thread. */
bool contact_serves(const struct contact *contact);
/* Until when a round trip that starts now may last. */
int64_t contact_deadline(const struct contact *contact);
/* The database answered. */
void contact_heard(struct contact *contact);
/* A round trip failed, or an attempt to connect: logged here, as `event`. */
void contact_failed(struct contact *contact, const char *event, const struct error *error);
/* Asks the database for nothing, when it has not been heard for a while. */
void contact_ping(struct contact *contact, struct batch *batch);

#endif
