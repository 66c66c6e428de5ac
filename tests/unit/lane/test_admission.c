#include <criterion/criterion.h>

#include "authz/lane.h"
#include "authz/queue.h"

enum { BATCH = 4, ROUND_US = 20000, NOW_US = 1000000 };

/* A lane that takes four at a time and 20 ms for them, before which `urgent` requests wait. */
static struct pool *pool;
static struct lane lane;

static struct request *ask(enum priority priority)
{
    struct request *request = pool_take(pool, POOL_COMMON);

    request->state->classification.priority = priority;
    request->state->deadline_mono_us = NOW_US + 90000;
    return request;
}

static void set_up(void)
{
    struct error error;
    bool made = pool_create(64, &pool, &error);

    cr_assert(made);
    lane = (struct lane){.batch_max = BATCH, .queue = queue_create()};
    atomic_store(&lane.full_round_us, ROUND_US);
}

static void fill(int count, enum priority priority)
{
    for (int i = 0; i < count; i++) {
        queue_put(lane.queue, ask(priority));
    }
}

TestSuite(admission, .init = set_up);

Test(admission, a_request_is_let_in_while_the_rounds_before_it_leave_time)
{
    fill(4 * BATCH + BATCH - 1, PRIORITY_REQUEST); /* four full rounds before it: 80 of 90 ms */
    cr_expect_not(lane_would_be_late(&lane, ask(PRIORITY_REQUEST), NOW_US));
    fill(1, PRIORITY_REQUEST); /* five: 100 ms */
    cr_expect(lane_would_be_late(&lane, ask(PRIORITY_REQUEST), NOW_US));
}

Test(admission, time_that_has_passed_counts)
{
    fill(4 * BATCH, PRIORITY_REQUEST);
    cr_expect_not(lane_would_be_late(&lane, ask(PRIORITY_REQUEST), NOW_US + 9999));
    cr_expect(lane_would_be_late(&lane, ask(PRIORITY_REQUEST), NOW_US + 10000));
}

Test(admission, what_goes_behind_a_request_does_not_keep_it_out)
{
    fill(10 * BATCH, PRIORITY_ADVICE);
    cr_expect_not(lane_would_be_late(&lane, ask(PRIORITY_REQUEST), NOW_US));
}

Test(admission, nobody_is_turned_away_before_a_full_round_was_measured)
{
    atomic_store(&lane.full_round_us, 0);
    fill(10 * BATCH, PRIORITY_REQUEST);
    cr_expect_not(lane_would_be_late(&lane, ask(PRIORITY_REQUEST), NOW_US));
}

Test(admission, only_requests_for_a_decision_are_turned_away_and_no_persistent_ones)
{
    fill(10 * BATCH, PRIORITY_REQUEST);
    struct request *request = ask(PRIORITY_REQUEST);

    cr_expect(lane_would_be_late(&lane, request, NOW_US));
    request->message.attempt = MESSAGE_ATTEMPT_PERSISTENT - 1;
    cr_expect(lane_would_be_late(&lane, request, NOW_US));
    request->message.attempt = MESSAGE_ATTEMPT_PERSISTENT;
    cr_expect_not(lane_would_be_late(&lane, request, NOW_US));
    cr_expect_not(lane_would_be_late(&lane, ask(PRIORITY_REVERSAL), NOW_US));
    cr_expect_not(lane_would_be_late(&lane, ask(PRIORITY_ADVICE), NOW_US));
    cr_expect_not(lane_would_be_late(&lane, ask(PRIORITY_FINANCIAL), NOW_US));
}
