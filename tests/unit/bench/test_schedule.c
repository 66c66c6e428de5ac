#include <criterion/criterion.h>

#include "schedule.h"

static size_t take(struct schedule *schedule)
{
    size_t message = 999;
    int64_t intended_us;
    return schedule_take(schedule, &message, &intended_us) ? message : 999;
}

Test(bench_schedule, messages_of_one_card_wait_for_each_other_and_others_do_not)
{
    static const int32_t tokens[] = {7, 7, 8, 7};
    struct schedule *schedule = schedule_create(tokens, 4);
    for (size_t i = 0; i < 4; i++) {
        schedule_add(schedule, i, 100);
    }
    cr_expect_eq(take(schedule), 0);
    cr_expect_eq(take(schedule), 2);
    cr_expect_eq(take(schedule), 999);
    schedule_done(schedule, 0, 200);
    cr_expect_eq(take(schedule), 1);
    schedule_done(schedule, 1, 300);
    cr_expect_eq(take(schedule), 3);
    cr_expect_eq(schedule_waiting(schedule), 0);
    schedule_destroy(schedule);
}

Test(bench_schedule, a_message_that_had_to_wait_counts_from_the_answer_it_waited_for)
{
    static const int32_t tokens[] = {7, 7};
    size_t message;
    int64_t intended_us;
    struct schedule *schedule = schedule_create(tokens, 2);
    schedule_add(schedule, 0, 100);
    schedule_add(schedule, 1, 150);
    cr_assert(schedule_take(schedule, &message, &intended_us));
    cr_expect_eq(intended_us, 100);
    schedule_done(schedule, 0, 400);
    cr_assert(schedule_take(schedule, &message, &intended_us));
    cr_expect_eq(intended_us, 400);
    schedule_destroy(schedule);
}

Test(bench_schedule, a_message_that_is_due_later_keeps_its_time)
{
    static const int32_t tokens[] = {7, 7};
    size_t message;
    int64_t intended_us;
    struct schedule *schedule = schedule_create(tokens, 2);
    schedule_add(schedule, 0, 100);
    cr_assert(schedule_take(schedule, &message, &intended_us));
    schedule_done(schedule, 0, 200);
    schedule_add(schedule, 1, 900);
    cr_assert(schedule_take(schedule, &message, &intended_us));
    cr_expect_eq(intended_us, 900);
    schedule_destroy(schedule);
}

Test(bench_schedule, messages_without_a_card_never_wait)
{
    static const int32_t tokens[] = {0, 0, 0};
    struct schedule *schedule = schedule_create(tokens, 3);
    for (size_t i = 0; i < 3; i++) {
        schedule_add(schedule, i, 1);
    }
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(take(schedule), i);
    }
    schedule_destroy(schedule);
}
