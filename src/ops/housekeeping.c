#include "ops/housekeeping.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"

enum {
    TICK_US = 1000000,
    STATUS_US = 10000000,
    ANCHOR_US = 60000000,
    GIVE_UP_US = 60000000,
    GIVE_UP_ROUNDS_MAX = 16, /* a tick: the watchdog waits for it */
    RETRY_US = 5000000,
    US_PER_SECOND = 1000000,
    NS_PER_US = 1000,
};
#define PARTITIONS_US (INT64_C(3600) * US_PER_SECOND)

struct housekeeping {
    struct housekeeping_options options;
    struct metric *failures; /* task */
    pthread_t thread;
    pthread_mutex_t mutex; /* guards stop */
    pthread_cond_t stopped;
    bool stop;

    /* The thread's own. */
    struct ledger *ledger;
    struct batch *batch;
    int64_t partitions_mono_us, anchor_mono_us, give_up_mono_us, status_mono_us; /* when due */
};

static bool connect_ledger(struct housekeeping *housekeeping, struct error *error)
{
    if (housekeeping->ledger != NULL && ledger_usable(housekeeping->ledger)) {
        return true;
    }
    ledger_close(housekeeping->ledger);
    housekeeping->ledger = NULL;
    return ledger_open(&housekeeping->options.ledger, &housekeeping->ledger, error);
}

static bool make_partitions(struct housekeeping *housekeeping, struct error *error)
{
    return connect_ledger(housekeeping, error) &&
           ledger_make_partitions(housekeeping->ledger,
                                  clock_mono_us() + housekeeping->options.timeout_us, error);
}

static bool anchor(struct housekeeping *housekeeping, struct error *error)
{
    uint8_t root[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];

    if (!connect_ledger(housekeeping, error) ||
        !ledger_anchor(housekeeping->ledger, clock_mono_us() + housekeeping->options.timeout_us,
                       root, error)) {
        return false;
    }
    hash_hex(root, hex);
    log_info("anchor", log_text("root", hex));
    return true;
}

static bool give_up(struct housekeeping *housekeeping, struct error *error)
{
    size_t count;
    bool more = true;

    for (int i = 0; more && i < GIVE_UP_ROUNDS_MAX; i++) {
        if (!connect_ledger(housekeeping, error) ||
            !ledger_give_up(
                housekeeping->ledger, housekeeping->batch, housekeeping->options.park_us,
                clock_mono_us() + housekeeping->options.timeout_us, &count, &more, error)) {
            return false;
        }
        if (count > 0) {
            log_warning("reversals_given_up", log_number("count", (int64_t)count));
        }
    }
    return true;
}

/* Does the task when it is due; a failure is logged and tried again soon. */
static void do_when_due(struct housekeeping *housekeeping, const char *name,
                        bool (*task)(struct housekeeping *, struct error *), int64_t *due_mono_us,
                        int64_t every_us)
{
    struct error error;
    int64_t now_mono_us = clock_mono_us();

    if (now_mono_us < *due_mono_us) {
        return;
    }
    *due_mono_us = now_mono_us + every_us;
    if (!task(housekeeping, &error)) {
        *due_mono_us = now_mono_us + RETRY_US;
        metric_add(housekeeping->failures, 1, name, NULL, NULL);
        log_warning("housekeeping_failed", log_text("task", name), log_text("field", error.field),
                    log_text("message", error.message));
    }
}

static void tell_systemd(struct housekeeping *housekeeping)
{
    struct error error;
    int64_t now_mono_us = clock_mono_us();

    (void)sd_notify(0, "WATCHDOG=1");
    if (now_mono_us < housekeeping->status_mono_us) {
        return;
    }
    housekeeping->status_mono_us = now_mono_us + STATUS_US;
    if (authz_ready(housekeeping->options.authz, &error)) {
        (void)sd_notify(0, "STATUS=deciding");
    } else {
        (void)sd_notifyf(0, "STATUS=not ready: %s: %s", error.field, error.message);
    }
}

/* False once the end has come. */
static bool wait_tick(struct housekeeping *housekeeping)
{
    int64_t until_mono_us = clock_mono_us() + TICK_US;
    struct timespec until = {
        .tv_sec = until_mono_us / US_PER_SECOND,
        .tv_nsec = until_mono_us % US_PER_SECOND * NS_PER_US,
    };
    int waited = 0;

    pthread_mutex_lock(&housekeeping->mutex);
    while (!housekeeping->stop && waited != ETIMEDOUT) {
        waited = pthread_cond_timedwait(&housekeeping->stopped, &housekeeping->mutex, &until);
    }
    bool stop = housekeeping->stop;
    pthread_mutex_unlock(&housekeeping->mutex);
    return !stop;
}

static void *keep(void *argument)
{
    struct housekeeping *housekeeping = argument;

    do {
        tell_systemd(housekeeping);
        do_when_due(housekeeping, "partitions", make_partitions, &housekeeping->partitions_mono_us,
                    PARTITIONS_US);
        do_when_due(housekeeping, "anchor", anchor, &housekeeping->anchor_mono_us, ANCHOR_US);
        do_when_due(housekeeping, "give_up", give_up, &housekeeping->give_up_mono_us, GIVE_UP_US);
    } while (wait_tick(housekeeping));
    return NULL;
}

bool housekeeping_create(const struct housekeeping_options *options,
                         struct housekeeping **ret_housekeeping, struct error *error)
{
    struct housekeeping *housekeeping = calloc(1, sizeof *housekeeping);
    pthread_condattr_t attributes;

    if (housekeeping == NULL) {
        return error_set_errno(error, ERROR_LIMIT, "housekeeping", "no memory");
    }
    housekeeping->options = *options;
    housekeeping->batch = batch_create();
    housekeeping->failures =
        metric_make(options->metrics, METRIC_COUNTER, "holdfast_housekeeping_failures", "task",
                    "housekeeping tasks that failed and are tried again");
    pthread_mutex_init(&housekeeping->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&housekeeping->stopped, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&housekeeping->thread, NULL, keep, housekeeping) != 0) {
        pthread_cond_destroy(&housekeeping->stopped);
        pthread_mutex_destroy(&housekeeping->mutex);
        batch_destroy(housekeeping->batch);
        free(housekeeping);
        return error_set(error, ERROR_LIMIT, "housekeeping", "cannot start a thread");
    }
    (void)pthread_setname_np(housekeeping->thread, "housekeeping");
    *ret_housekeeping = housekeeping;
    return true;
}

void housekeeping_stop(struct housekeeping *housekeeping)
{
    if (housekeeping == NULL || housekeeping->stop) {
        return;
    }
    pthread_mutex_lock(&housekeeping->mutex);
    housekeeping->stop = true;
    pthread_cond_signal(&housekeeping->stopped);
    pthread_mutex_unlock(&housekeeping->mutex);
    pthread_join(housekeeping->thread, NULL);
}

void housekeeping_destroy(struct housekeeping *housekeeping)
{
    struct error error;

    if (housekeeping == NULL) {
        return;
    }
    housekeeping_stop(housekeeping);
    if (!anchor(housekeeping, &error)) {
        log_error_of("last_anchor_failed", &error);
    }
    ledger_close(housekeeping->ledger);
    batch_destroy(housekeeping->batch);
    pthread_cond_destroy(&housekeeping->stopped);
    pthread_mutex_destroy(&housekeeping->mutex);
    free(housekeeping);
}
