#include <criterion/criterion.h>

#include "authz/putoff.h"
#include "authz/queue.h"
#include "base/clock.h"

enum { COUNT = 8 };

static struct request requests[COUNT];
static struct request_state states[COUNT];
static struct queue *queue;

static struct request *request_of(int i, enum priority priority)
{
    states[i] = (struct request_state){.classification = {.priority = priority}};
    requests[i].state = &states[i];
    requests[i].message.txn_id = (uint64_t)i;
    return &requests[i];
}

static void setup(void)
{
    queue = queue_create();
}

static void teardown(void)
{
    queue_destroy(queue);
}

static void expect_order(const int *order, size_t count)
{
    struct request *taken[COUNT];
    size_t got = queue_take(queue, taken, COUNT, 0);

    cr_assert_eq(got, count, "took %zu", got);
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(taken[i]->message.txn_id, (uint64_t)order[i], "place %zu has %d", i,
                     (int)taken[i]->message.txn_id);
    }
}

TestSuite(queue, .init = setup, .fini = teardown);

Test(queue, the_more_urgent_goes_first_and_equals_as_they_came)
{
    queue_put(queue, request_of(0, PRIORITY_REST));
    queue_put(queue, request_of(1, PRIORITY_FINANCIAL));
    queue_put(queue, request_of(2, PRIORITY_REQUEST));
    queue_put(queue, request_of(3, PRIORITY_ADVICE));
    queue_put(queue, request_of(4, PRIORITY_REVERSAL));
    queue_put(queue, request_of(5, PRIORITY_REQUEST));
    cr_expect_eq(queue_length(queue), 6);
    cr_expect_eq(queue_urgent(queue), 2);
    expect_order((const int[]){2, 5, 4, 3, 1, 0}, 6);
    cr_expect_eq(queue_length(queue), 0);
}

Test(queue, a_request_declined_while_it_waited_goes_behind_everything)
{
    queue_put(queue, request_of(0, PRIORITY_REQUEST));
    queue_put(queue, request_of(1, PRIORITY_REST));
    cr_assert(pool_claim(&requests[0], CLAIM_DECLINED + (int)REASON_LATE));
    expect_order((const int[]){1, 0}, 2);
}

Test(queue, takes_no_more_than_asked)
{
    struct request *taken[COUNT];

    for (int i = 0; i < 5; i++) {
        queue_put(queue, request_of(i, PRIORITY_REQUEST));
    }
    cr_expect_eq(queue_take(queue, taken, 3, 0), 3);
    cr_expect_eq(queue_take(queue, taken, 0, 0), 0);
    expect_order((const int[]){3, 4}, 2);
}

Test(queue, what_is_put_back_last_first_keeps_its_order_before_the_rest)
{
    queue_put(queue, request_of(3, PRIORITY_REQUEST));
    queue_put_back(queue, request_of(1, PRIORITY_REQUEST));
    queue_put_back(queue, request_of(0, PRIORITY_REQUEST));
    expect_order((const int[]){0, 1, 3}, 3);
}

Test(queue, a_wait_ends_by_itself_and_by_waking)
{
    struct request *taken[COUNT];

    cr_expect_eq(queue_take(queue, taken, COUNT, 1000), 0);
    queue_wake(queue);
    int64_t began_us = clock_mono_us();
    cr_expect_eq(queue_take(queue, taken, COUNT, 60000000), 0);
    cr_expect_lt(clock_mono_us() - began_us, 60000000);
    queue_wake(queue);
    queue_pause(queue, 60000000);
}

/* --- put off --- */

static struct request *of_account(int i, int64_t account)
{
    request_of(i, PRIORITY_REQUEST)->state->account = account;
    return &requests[i];
}

Test(queue, put_off_accounts_are_probed_with_their_first_message_only)
{
    struct putoff putoff = {0};
    struct request *probes[COUNT];

    putoff_add(&putoff, of_account(0, 10));
    putoff_add(&putoff, of_account(1, 10));
    putoff_add(&putoff, of_account(2, 20));
    putoff_add(&putoff, of_account(3, 10));
    cr_assert_eq(putoff_probe(&putoff, probes, COUNT), 2);
    cr_expect_eq(probes[0], &requests[0]);
    cr_expect_eq(probes[1], &requests[2]);
    cr_expect_eq(putoff.count, 2);
    cr_expect_not(putoff_has(&putoff, 20));
}

Test(queue, a_probe_in_vain_goes_back_before_its_account_and_behind_the_others)
{
    struct putoff putoff = {0};
    struct request *probes[COUNT];

    putoff_add(&putoff, of_account(0, 10));
    putoff_add(&putoff, of_account(1, 10));
    putoff_add(&putoff, of_account(2, 20));
    cr_assert_eq(putoff_probe(&putoff, probes, 1), 1);
    putoff_return(&putoff, probes[0]);
    cr_expect_eq(putoff.count, 3);
    cr_assert_eq(putoff_probe(&putoff, probes, COUNT), 2);
    cr_expect_eq(probes[0], &requests[2], "the other account is first now");
    cr_expect_eq(probes[1], &requests[0], "and the first message still leads its account");
}

Test(queue, a_freed_account_returns_to_the_front_in_order)
{
    struct putoff putoff = {0};

    queue_put(queue, request_of(5, PRIORITY_REQUEST));
    putoff_add(&putoff, of_account(0, 10));
    putoff_add(&putoff, of_account(2, 20));
    putoff_add(&putoff, of_account(1, 10));
    putoff_release(&putoff, 10, queue);
    cr_expect_eq(putoff.count, 1);
    expect_order((const int[]){0, 1, 5}, 3);
    putoff_release(&putoff, 10, queue);
    cr_expect_eq(queue_length(queue), 0);
}
