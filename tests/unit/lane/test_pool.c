#include <criterion/criterion.h>

#include "authz/pool.h"

static struct pool *make(int count)
{
    struct pool *pool;
    struct error error;
    bool made = pool_create(count, &pool, &error);

    cr_assert(made);
    return pool;
}

Test(pool, gives_out_as_many_slots_as_it_has_and_no_more)
{
    struct pool *pool = make(2);
    struct request *first = pool_take(pool), *second = pool_take(pool);

    cr_expect_not_null(first);
    cr_expect_not_null(second);
    cr_expect_neq(first, second);
    cr_expect_null(pool_take(pool));
    cr_expect_eq(pool_in_flight(pool), 2);
    pool_put(pool, first, 1);
    pool_put(pool, second, 1);
    cr_expect_eq(pool_in_flight(pool), 0);
    pool_destroy(pool);
}

Test(pool, a_slot_comes_back_empty_and_the_last_used_one_first)
{
    struct pool *pool = make(3);
    struct request *first = pool_take(pool), *second = pool_take(pool);

    second->message.txn_id = 7;
    second->unreadable = true;
    second->state->account = 9;
    pool_put(pool, first, 1);
    pool_put(pool, second, 1);
    struct request *again = pool_take(pool);
    cr_expect_eq(again, second);
    cr_expect_eq(again->message.txn_id, 0);
    cr_expect_eq(again->message.product, -1);
    cr_expect_eq(again->message.fields, again->fields);
    cr_expect_not(again->unreadable);
    cr_expect_eq(again->state->account, 0);
    cr_expect_not(pool_is_answered(again));
    pool_put(pool, again, 1);
    pool_destroy(pool);
}

Test(pool, a_slot_with_two_holders_returns_when_the_second_lets_go)
{
    struct pool *pool = make(1);
    struct request *request = pool_take(pool);

    atomic_store(&request->state->holders, 2);
    pool_put(pool, request, 1);
    cr_expect_null(pool_take(pool));
    pool_put(pool, request, 1);
    cr_expect_not_null(pool_take(pool));
}

Test(pool, only_the_first_claim_wins)
{
    struct pool *pool = make(1);
    struct request *request = pool_take(pool);
    enum reason reason;

    cr_expect_not(pool_was_declined(request, &reason));
    cr_expect(pool_claim(request, CLAIM_DECLINED + (int)REASON_LATE));
    cr_expect_not(pool_claim(request, CLAIM_LANE));
    cr_expect(pool_is_answered(request));
    cr_expect(pool_was_declined(request, &reason));
    cr_expect_eq(reason, REASON_LATE);
}

Test(pool, an_answer_of_the_lane_is_no_decline_without_decision)
{
    struct pool *pool = make(1);
    struct request *request = pool_take(pool);
    enum reason reason;

    cr_expect(pool_claim(request, CLAIM_LANE));
    cr_expect_not(pool_claim(request, CLAIM_DECLINED + (int)REASON_LATE));
    cr_expect_not(pool_was_declined(request, &reason));
}
