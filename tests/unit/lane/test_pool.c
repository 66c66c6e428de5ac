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
    struct request *first = pool_take(pool, POOL_COMMON), *second = pool_take(pool, POOL_COMMON);

    cr_expect_not_null(first);
    cr_expect_not_null(second);
    cr_expect_neq(first, second);
    cr_expect_null(pool_take(pool, POOL_COMMON));
    cr_expect_eq(pool_in_flight(pool), 2);
    pool_put(pool, first, 1);
    pool_put(pool, second, 1);
    cr_expect_eq(pool_in_flight(pool), 0);
    pool_destroy(pool);
}

Test(pool, a_slot_comes_back_empty_and_the_last_used_one_first)
{
    struct pool *pool = make(3);
    struct request *first = pool_take(pool, POOL_COMMON), *second = pool_take(pool, POOL_COMMON);

    second->message.txn_id = 7;
    second->unreadable = true;
    second->state->account = 9;
    pool_put(pool, first, 1);
    pool_put(pool, second, 1);
    struct request *again = pool_take(pool, POOL_COMMON);
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
    struct request *request = pool_take(pool, POOL_COMMON);

    atomic_store(&request->state->holders, 2);
    pool_put(pool, request, 1);
    cr_expect_null(pool_take(pool, POOL_COMMON));
    pool_put(pool, request, 1);
    cr_expect_not_null(pool_take(pool, POOL_COMMON));
    pool_destroy(pool);
}

Test(pool, only_the_first_claim_wins)
{
    struct pool *pool = make(1);
    struct request *request = pool_take(pool, POOL_COMMON);
    enum reason reason;

    cr_expect_not(pool_was_declined(request, &reason));
    cr_expect(pool_claim(request, CLAIM_DECLINED + (int)REASON_LATE));
    cr_expect_not(pool_claim(request, CLAIM_LANE));
    cr_expect(pool_is_answered(request));
    cr_expect(pool_was_declined(request, &reason));
    cr_expect_eq(reason, REASON_LATE);
    pool_destroy(pool);
}

Test(pool, an_answer_of_the_lane_is_no_decline_without_decision)
{
    struct pool *pool = make(1);
    struct request *request = pool_take(pool, POOL_COMMON);
    enum reason reason;

    cr_expect(pool_claim(request, CLAIM_LANE));
    cr_expect_not(pool_claim(request, CLAIM_DECLINED + (int)REASON_LATE));
    cr_expect_not(pool_was_declined(request, &reason));
    pool_destroy(pool);
}

Test(pool, keeps_slots_for_what_must_not_be_shed)
{
    struct pool *pool = make(1);
    int outcomes = 0, persistent = 0;

    cr_expect_not_null(pool_take(pool, POOL_COMMON));
    cr_expect_null(pool_take(pool, POOL_COMMON));
    while (pool_take(pool, POOL_OUTCOME) != NULL) {
        outcomes++;
    }
    cr_expect_eq(outcomes, POOL_OUTCOME);
    cr_expect_null(pool_take(pool, POOL_COMMON));
    while (pool_take(pool, POOL_PERSISTENT) != NULL) {
        persistent++;
    }
    cr_expect_eq(persistent, POOL_PERSISTENT - POOL_OUTCOME);
    cr_expect_eq(pool_in_flight(pool), 1 + POOL_PERSISTENT);
    pool_destroy(pool);
}

Test(pool, a_common_slot_is_free_again_only_when_those_in_flight_are_fewer)
{
    struct pool *pool = make(1);
    struct request *common = pool_take(pool, POOL_COMMON);
    struct request *kept = pool_take(pool, POOL_OUTCOME);

    pool_put(pool, common, 1);
    cr_expect_null(pool_take(pool, POOL_COMMON));
    pool_put(pool, kept, 1);
    cr_expect_not_null(pool_take(pool, POOL_COMMON));
    pool_destroy(pool);
}

Test(pool, how_far_a_message_reaches)
{
    static const struct {
        const char *name;
        struct message message;
        enum pool_reach reach;
    } rows[] = {
        {"a new request",          {.type = 'A', .mtid = 100},                       POOL_COMMON    },
        {"a request sent again",   {.type = 'A', .mtid = 100, .attempt = 3},         POOL_COMMON    },
        {"a persistent request",   {.type = 'A', .mtid = 100, .attempt = 4},         POOL_PERSISTENT},
        {"an advice",              {.type = 'A', .mtid = 120, .authorised_by = 'Y'}, POOL_OUTCOME   },
        {"an advice, sent thrice",
         {.type = 'A', .mtid = 120, .authorised_by = 'Y', .attempt = 3},
         POOL_OUTCOME                                                                               },
        {"an advice, persistent",
         {.type = 'A', .mtid = 120, .authorised_by = 'Y', .attempt = 4},
         POOL_PERSISTENT                                                                            },
        {"a cut-off",              {.operation = MESSAGE_CUT_OFF},                   POOL_OUTCOME   },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect_eq(pool_reach_of(&rows[i].message), rows[i].reach, "%s", rows[i].name);
    }
}
