#include "authz/contact.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"

enum {
    BACKOFF_NONE_US = 1,
    BACKOFF_FIRST_US = 20000,
    BACKOFF_LAST_US = 500000,
    QUIET_US = 900000,
    LOST_US = 150000, /* so long a lost session may come back before anybody is turned away */
    FAILURES_MAX = 5, /* rounds in a row that fail: about a third of a second */
};

static void set_up(struct contact *contact, bool up)
{
    char number[12];

    snprintf(number, sizeof number, "%d", contact->number);
    if (!up && atomic_load(&contact->up)) {
        atomic_store(&contact->lost_mono_us, clock_mono_us());
    }
    atomic_store(&contact->up, up);
    metric_set(contact->watch->lane_up, up, number, NULL, NULL);
}

void contact_init(struct contact *contact)
{
    atomic_store(&contact->lost_mono_us, clock_mono_us());
    contact->seed = (unsigned)contact->number + (unsigned)clock_wall_us();
    set_up(contact, false);
}

void contact_finish(struct contact *contact)
{
    ledger_close(contact->ledger);
    contact->ledger = NULL;
}

int64_t contact_deadline(const struct contact *contact)
{
    return clock_mono_us() + contact->timeout_us;
}

void contact_heard(struct contact *contact)
{
    atomic_store(&contact->heard_mono_us, clock_mono_us());
    atomic_store(&contact->failures, 0);
    contact->backoff_us = 0;
}

static int64_t next_backoff_us(int64_t backoff_us)
{
    if (backoff_us == 0) {
        return BACKOFF_NONE_US; /* a connection that broke is nearly always there again at once */
    }
    if (backoff_us == BACKOFF_NONE_US) {
        return BACKOFF_FIRST_US;
    }
    return backoff_us * 2 < BACKOFF_LAST_US ? backoff_us * 2 : BACKOFF_LAST_US;
}

void contact_failed(struct contact *contact, const char *event, const struct error *error)
{
    log_warning(event, log_number("lane", contact->number),
                log_text("code", error_code_name(error->code)), log_text("field", error->field),
                log_text("message", error->message));
    contact->backoff_us = next_backoff_us(contact->backoff_us);
    if (contact->ledger == NULL) { /* an attempt to connect */
        set_up(contact, false);
        return;
    }
    atomic_fetch_add(&contact->failures, 1);
    if (!ledger_usable(contact->ledger)) {
        set_up(contact, false);
    }
}

bool contact_serves(const struct contact *contact)
{
    if (atomic_load(&contact->up)) {
        return atomic_load(&contact->failures) < FAILURES_MAX;
    }
    return clock_mono_us() - atomic_load(&contact->lost_mono_us) < LOST_US;
}

bool contact_connect(struct contact *contact, struct error *error)
{
    contact_finish(contact);
    if (!ledger_open(&contact->options, &contact->ledger, error)) {
        return false;
    }
    atomic_store(&contact->heard_mono_us, clock_mono_us());
    set_up(contact, true);
    return true;
}

bool contact_is_ready(struct contact *contact)
{
    struct error error;

    if (contact->backoff_us > 0) {
        int64_t half_us = contact->backoff_us / 2;
        queue_pause(contact->queue, half_us + rand_r(&contact->seed) % (half_us + 1));
    }
    if (contact->ledger != NULL && ledger_usable(contact->ledger)) {
        return true;
    }
    if (!contact_connect(contact, &error)) {
        contact_failed(contact, "lane_cannot_connect", &error);
        return false;
    }
    log_info("lane_connected", log_number("lane", contact->number));
    return true;
}

void contact_ping(struct contact *contact, struct batch *batch)
{
    const struct batch_key nothing = {.txn_id = 0};
    struct error error;

    if (clock_mono_us() - atomic_load(&contact->heard_mono_us) < QUIET_US) {
        return;
    }
    batch_reset(batch);
    if (!batch_add_key(batch, &nothing)) {
        return;
    }
    if (ledger_fetch(contact->ledger, batch, contact_deadline(contact), &error)) {
        (void)ledger_rollback(contact->ledger, contact_deadline(contact));
        contact_heard(contact);
    } else {
        contact_failed(contact, "lane_lost_database", &error);
    }
}
