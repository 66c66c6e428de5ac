#include <criterion/criterion.h>

#include "books.h"

enum { GBP = 826, JPY = 392 };

static struct books_request request_of(uint64_t id, int64_t bill_e4)
{
    return (struct books_request){.txn_id = id, .bill_e4 = bill_e4, .amount_e4 = bill_e4};
}

Test(bench_books, all_that_is_there_is_approved_and_a_penny_more_is_not)
{
    struct books_card card = {.currency = GBP, .load_minor = 5000};
    struct books_request request = request_of(1, 500100);
    cr_assert_str_eq(books_decide(&card, books_begin(&card), &request).response, "51");
    request = request_of(2, 500000);
    cr_assert_str_eq(books_decide(&card, books_begin(&card), &request).response, "00");
    cr_assert_eq(books_available(&card), 0);
    books_finish(&card);
}

Test(bench_books, a_part_is_approved_where_it_may_be)
{
    struct books_card card = {.currency = GBP, .load_minor = 3000};
    struct books_request request = request_of(1, 450000);
    request.may_be_partial = true;
    struct books_answer answer = books_decide(&card, books_begin(&card), &request);
    cr_assert_str_eq(answer.response, "10");
    cr_assert_eq(answer.approved_minor, 3000);
    cr_assert_eq(books_available(&card), 0);
    books_finish(&card);
}

Test(bench_books, less_than_the_smallest_part_is_declined)
{
    struct books_card card = {.currency = GBP, .load_minor = BOOKS_PARTIAL_MIN_MINOR - 1};
    struct books_request request = request_of(1, 450000);
    request.may_be_partial = true;
    cr_assert_str_eq(books_decide(&card, books_begin(&card), &request).response, "51");
    books_finish(&card);
}

Test(bench_books, fees_are_held_and_given_back_with_all_of_it)
{
    struct books_card card = {.currency = GBP, .load_minor = 4050};
    struct books_payment *payment = books_begin(&card);
    struct books_request request = request_of(1, 390000);
    request.fees_e4 = 6900;
    cr_assert_str_eq(books_decide(&card, payment, &request).response, "00");
    cr_assert_eq(books_available(&card), 81);
    books_reverse(payment, 1, 390000);
    cr_assert_eq(books_available(&card), 4050);
    books_finish(&card);
}

Test(bench_books, what_stays_is_rounded_up_once)
{
    struct books_card card = {.currency = GBP, .load_minor = 10000};
    struct books_payment *payment = books_begin(&card);
    /* 1.50 is held for 1.00 of the merchant's money; 0.97 and 0.01 go back: 0.03 stays. */
    struct books_request request = {.txn_id = 1, .bill_e4 = 15000, .amount_e4 = 10000};
    books_force(payment, &request);
    books_reverse(payment, 1, 9700);
    books_reverse(payment, 1, 100);
    cr_assert_eq(books_held(&card, payment), 3);
    books_finish(&card);
}

Test(bench_books, a_hold_in_yen_rounds_up_to_a_yen)
{
    struct books_card card = {.currency = JPY, .load_minor = 20000};
    struct books_payment *payment = books_begin(&card);
    struct books_request request = request_of(1, 31500000);
    request.fees_e4 = 945000;
    books_force(payment, &request);
    cr_assert_eq(books_held(&card, payment), 3245);
    books_finish(&card);
}

Test(bench_books, a_reversal_without_a_name_takes_the_newest_first)
{
    struct books_card card = {.currency = GBP, .load_minor = 50000};
    struct books_payment *payment = books_begin(&card);
    struct books_request first = request_of(1, 1200000), second = request_of(2, 800000);
    books_force(payment, &first);
    books_force(payment, &second);
    books_reverse(payment, 0, 900000);
    cr_assert_eq(payment->authorisations[1].reversed_e4, 800000);
    cr_assert_eq(payment->authorisations[0].reversed_e4, 100000);
    cr_assert_eq(books_held(&card, payment), 11000);
    books_finish(&card);
}

Test(bench_books, a_request_that_was_reversed_before_it_came_is_declined)
{
    struct books_card card = {.currency = GBP, .load_minor = 8000};
    struct books_request request = request_of(1, 150000);
    request.early_e4 = 150000;
    cr_assert_str_eq(books_decide(&card, books_begin(&card), &request).response, "05");
    request.early_e4 = 50000;
    cr_assert_str_eq(books_decide(&card, books_begin(&card), &request).response, "00");
    cr_assert_eq(books_available(&card), 7000);
    books_finish(&card);
}

Test(bench_books, a_forced_approval_may_take_more_than_there_is)
{
    struct books_card card = {.currency = GBP, .load_minor = 5000};
    struct books_payment *payment = books_begin(&card);
    struct books_request request = request_of(7, 600000);
    books_force(payment, &request);
    cr_assert_eq(books_available(&card), -1000);
    books_deny(payment, 7);
    cr_assert_eq(books_available(&card), 5000);
    books_finish(&card);
}
