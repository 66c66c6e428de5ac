#include <criterion/criterion.h>
#include <pthread.h>

#include "authz/deadline.h"
#include "base/clock.h"

enum { COUNT = 5 };

/* What on_due was called with, in order. */
struct seen {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    size_t count;
    uint64_t ids[COUNT];
    int64_t at_us[COUNT];
};

static struct seen seen = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
static struct request requests[COUNT];
static struct request_state states[COUNT];

static int claim_for(void *context, const struct request *request)
{
    (void)context;
    (void)request;
    return CLAIM_DECLINED + (int)REASON_LATE;
}

static void on_due(void *context, struct request *request)
{
    struct seen *into = context;

    pthread_mutex_lock(&into->mutex);
    into->ids[into->count] = request->message.txn_id;
    into->at_us[into->count++] = clock_mono_us();
    pthread_cond_signal(&into->changed);
    pthread_mutex_unlock(&into->mutex);
}

static void wait_for(size_t count)
{
    pthread_mutex_lock(&seen.mutex);
    while (seen.count < count) {
        pthread_cond_wait(&seen.changed, &seen.mutex);
    }
    pthread_mutex_unlock(&seen.mutex);
}

static struct deadline *make(void)
{
    struct deadline_options options = {.claim_for = claim_for, .on_due = on_due, .context = &seen};
    struct deadline *deadline;
    struct error error;
    bool made = deadline_create(&options, &deadline, &error);

    cr_assert(made);
    return deadline;
}

static struct request *due_in(int i, int64_t in_us)
{
    states[i] = (struct request_state){.deadline_mono_us = clock_mono_us() + in_us};
    requests[i].state = &states[i];
    requests[i].message.txn_id = (uint64_t)i + 1;
    return &requests[i];
}

Test(deadline, answers_in_order_of_deadlines_and_never_before)
{
    struct deadline *deadline = make();

    deadline_add(deadline, due_in(0, 30000));
    deadline_add(deadline, due_in(1, 10000));
    deadline_add(deadline, due_in(2, 20000));
    wait_for(3);
    const uint64_t order[] = {2, 3, 1};
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(seen.ids[i], order[i]);
        cr_expect_geq(seen.at_us[i], states[order[i] - 1].deadline_mono_us);
        cr_expect(pool_is_answered(&requests[i]));
    }
    deadline_destroy(deadline);
}

Test(deadline, an_earlier_deadline_wakes_it)
{
    struct deadline *deadline = make();

    deadline_add(deadline, due_in(0, 60000000));
    deadline_add(deadline, due_in(1, 1000));
    wait_for(1);
    cr_expect_eq(seen.ids[0], 2);
    deadline_remove(deadline, &requests[0]);
    deadline_destroy(deadline);
    cr_expect_eq(seen.count, 1);
}

Test(deadline, what_its_lane_answered_is_left_alone)
{
    struct deadline *deadline = make();

    deadline_add(deadline, due_in(0, 1000));
    cr_assert(pool_claim(&requests[0], CLAIM_LANE) || seen.count == 1);
    deadline_add(deadline, due_in(1, 5000));
    wait_for(1);
    deadline_remove(deadline, &requests[0]);
    deadline_destroy(deadline);
    cr_expect_eq(seen.ids[seen.count - 1], 2);
}

Test(deadline, the_end_answers_whoever_still_waits)
{
    struct deadline *deadline = make();

    for (int i = 0; i < COUNT; i++) {
        deadline_add(deadline, due_in(i, 60000000));
    }
    deadline_destroy(deadline);
    cr_expect_eq(seen.count, COUNT);
    for (int i = 0; i < COUNT; i++) {
        cr_expect(pool_is_answered(&requests[i]));
    }
}
