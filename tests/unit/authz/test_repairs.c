/* What is said afterwards: closing advices, reversals before their originals, repeats, and our own
 * word taken back. */
#include <criterion/criterion.h>
#include <string.h>

#include "book.h"

#define expect_last(book, code, repaired, held)                                                    \
    do {                                                                                           \
        cr_expect_str_eq((book)->last.reply.response, code, "answered %s by %s",                   \
                         (book)->last.reply.response, (book)->last.rule);                          \
        cr_expect_str_eq((book)->last.repair != NULL ? (book)->last.repair : "", repaired);        \
        cr_expect_eq((book)->account.held_minor, held, "held %ld",                                 \
                     (long)(book)->account.held_minor);                                            \
    } while (0)

Test(repairs, R1_takes_the_advices_amount)
{
    struct book *book = book_create(GBP, 5000, 4);
    SEND(book, ASK(1, 100000));
    SEND(book, TOLD(1, 'A', 100000));
    expect_last(book, "00", "R1", 1000);
    cr_expect_eq(book->last.event_count, 0);
    SEND(book, ASK(2, 100000));
    SEND(book, TOLD(2, 'A', 110000));
    expect_last(book, "00", "R1", 2100);
    cr_expect_eq(book->last.events[0], EVENT_HOLD_INCREASED);
    cr_expect_eq(book->last.changes[0].code, CODE_FORCED_HOLD);
    book_destroy(book);
}

Test(repairs, R2_releases_what_our_lost_yes_held)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, ASK(1, 100000));
    SEND(book, TOLD(1, 'I', 100000, .response = "91"));
    expect_last(book, "91", "R2", 0);
    cr_expect_eq(book->last.events[0], EVENT_REPAIR_RELEASED);
    cr_expect_eq(book->last.changes[0].code, CODE_RELEASE);
    SEND(book, ASK(1, 100000, .attempt = 2));
    expect_last(book, "91", "", 0);
    cr_expect_eq(book->last.disposition, DISPOSE_REPEAT);
    book_destroy(book);
}

Test(repairs, R3_holds_what_stand_in_approved)
{
    struct book *book = book_create(GBP, 500, 4);
    SEND(book, ASK(1, 100000));
    SEND(book, TOLD(1, 'A', 100000));
    expect_last(book, "00", "R3", 1000);
    cr_expect_eq(book->last.events[0], EVENT_REPAIR_HELD);
    cr_expect_eq(book->last.changes[0].code, CODE_FORCED_HOLD);
    SEND(book, ASK(1, 100000, .attempt = 2));
    expect_last(book, "00", "", 1000);
    book_destroy(book);
}

Test(repairs, R4_changes_nothing)
{
    struct book *book = book_create(GBP, 500, 1);
    SEND(book, ASK(1, 100000));
    SEND(book, TOLD(1, 'I', 100000, .response = "51"));
    expect_last(book, "51", "R4", 0);
    cr_expect_eq(book->last.event_count, 0);
    book_destroy(book);
}

Test(repairs, R5_and_R6_take_note_of_what_we_never_saw)
{
    struct book *book = book_create(GBP, 500, 4);
    SEND(book, TOLD(1, 'A', 100000));
    expect_last(book, "00", "R5", 1000);
    cr_expect_eq(book->last.events[0], EVENT_AUTHORISATION_APPROVED);
    SEND(book, TOLD(2, 'I', 100000, .response = "1A"));
    expect_last(book, "05", "R6", 1000);
    cr_expect_eq(book->last.events[0], EVENT_AUTHORISATION_DECLINED);
    cr_expect_str_eq(book->last.actor, "processor");
    book_destroy(book);
}

Test(repairs, a_frozen_card_does_not_contradict_an_advice)
{
    struct book *book = book_create(GBP, 500, 4);
    book->card.status = CARD_FROZEN;
    book->account.status = ACCOUNT_CLOSED;
    SEND(book, TOLD(1, 'A', 100000));
    expect_last(book, "00", "R5", 1000);
    book_destroy(book);
}

Test(repairs, a_request_after_its_outcome_gets_that_decision)
{
    struct book *book = book_create(GBP, 5000, 4);
    SEND(book, TOLD(1, 'A', 100000));
    SEND(book, ASK(1, 100000));
    expect_last(book, "00", "", 1000);
    cr_expect_eq(book->last.change_count, 0);
    SEND(book, TOLD(2, 'I', 100000, .response = "55"));
    SEND(book, ASK(2, 100000));
    expect_last(book, "55", "", 1000);
    cr_expect_eq(book->last.reason, REASON_PROCESSOR);
    SEND(book, ADVICE(3, 70000, .matching_txn_id = 4));
    SEND(book, ASK(4, 100000));
    expect_last(book, "00", "", 1700);
    SEND(book, ASK(4, 100000, .attempt = 1));
    expect_last(book, "00", "", 1700);
    SEND(book, TOLD(5, 'I', -100000, .proc = 20, .response = "59"));
    SEND(book, ASK(5, -100000, .proc = 20));
    expect_last(book, "59", "", 1700);
    book_destroy(book);
}

Test(repairs, a_repeat_hears_the_part_that_its_outcome_approved)
{
    static const struct {
        const char *name;
        int64_t posted_minor;
        const char *first, *outcome, *again;
        int64_t outcome_e4, part_minor;
    } rows[] = {
        {"declined, then a part",  1000,  "51", "10", "10", 300000, 3000},
        {"approved, then a part",  10000, "00", "10", "10", 300000, 3000},
        {"declined, then all",     1000,  "51", "00", "00", 600000, 0   },
        {"approved, and approved", 10000, "00", "00", "00", 600000, 0   },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct book *book = book_create(GBP, rows[i].posted_minor, 4);
        struct message outcome = TOLD(1, 'A', rows[i].outcome_e4, .txn_e4 = 600000);
        SEND(book, ASK(1, 600000));
        cr_expect_str_eq(book->last.reply.response, rows[i].first, "%s", rows[i].name);
        memcpy(outcome.response, rows[i].outcome, 3);
        book_send(book, &outcome);
        SEND(book, ASK(1, 600000, .attempt = 1));
        cr_expect_eq(book->last.disposition, DISPOSE_REPEAT);
        cr_expect_str_eq(book->last.reply.response, rows[i].again, "%s", rows[i].name);
        cr_expect_eq(book->last.reply.approved_minor, rows[i].part_minor, "%s", rows[i].name);
        book_destroy(book);
    }
}

Test(repairs, a_repeat_hears_the_part_that_we_approved)
{
    struct book *book = book_create(GBP, 3000, 4);
    SEND(book, ASK(1, 600000, .pos_capability = "1"));
    cr_expect_str_eq(book->last.reply.response, "10");
    SEND(book, TOLD(1, 'A', 300000, .txn_e4 = 600000, .response = "10"));
    SEND(book, ASK(1, 600000, .pos_capability = "1", .attempt = 1));
    cr_expect_str_eq(book->last.reply.response, "10");
    cr_expect_eq(book->last.reply.approved_minor, 3000);
    cr_expect_str_eq(book->last.rule, "seen before");
    book_destroy(book);
}

Test(repairs, a_repeat_hears_what_a_naming_advice_said_since)
{
    struct book *book = book_create(GBP, 5000, 4);
    SEND(book, ASK(1, 100000));
    SEND(book, ADVICE(2, 100000, .matching_txn_id = 1, .stat = 'I', .response = "54"));
    expect_last(book, "00", "", 0);
    cr_expect_eq(book->last.events[0], EVENT_AUTHORISATION_DECLINED);
    SEND(book, ASK(1, 100000, .attempt = 1));
    expect_last(book, "54", "", 0);
    book_destroy(book);
}

Test(repairs, R8_a_partial_reversal_that_came_first_lessens_the_request)
{
    struct book *book = book_create(GBP, 700, 1);
    SEND(book, REVERSE(2, 30000, .trace = "t"));
    expect_last(book, "00", "R8", 0);
    cr_expect_eq(book->last.inbox, INBOX_PARKED);
    SEND(book, ASK(1, 100000, .trace = "t"));
    expect_last(book, "00", "R8", 700);
    cr_expect_eq(book->last.joined_count, 1);
    cr_expect_eq(book->parked_count, 0);
    book_destroy(book);
}

Test(repairs, R8_a_full_reversal_by_name_waits_for_its_own)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, REVERSE(2, 100000, .matching_txn_id = 1));
    SEND(book, ASK(3, 100000, .trace = "t"));
    expect_last(book, "00", "", 1000);
    SEND(book, ASK(1, 100000));
    expect_last(book, "05", "R8", 1000);
    cr_expect_eq(book->last.reason, REASON_ALREADY_REVERSED);
    cr_expect_eq(book->parked_count, 0);
    book_destroy(book);
}

Test(repairs, R8_a_named_reversal_in_its_payment_waits_there)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, ASK(1, 100000, .trace = "t"));
    SEND(book, REVERSE(3, 50000, .trace = "t", .matching_txn_id = 2));
    expect_last(book, "00", "", 1000);
    SEND(book, ASK(2, 50000, .trace = "t"));
    expect_last(book, "05", "", 1000);
    book_destroy(book);
}

static struct book *park_many(int count)
{
    struct book *book = book_create(GBP, 100000, 1);
    for (int i = 0; i < count; i++) {
        SEND(book, REVERSE(100 + (uint64_t)i, 10000, .trace = "t"));
    }
    return book;
}

Test(repairs, R8_all_that_waited_join_one_newcomer)
{
    struct book *book = park_many(DECISION_JOINED_MAX);
    SEND(book, ASK(1, DECISION_JOINED_MAX * INT64_C(10000), .trace = "t"));
    expect_last(book, "05", "R8", 0);
    cr_expect_eq(book->last.reason, REASON_ALREADY_REVERSED);
    cr_expect_eq(book->last.joined_count, DECISION_JOINED_MAX);
    cr_expect_eq(book->parked_count, 0);
    book_destroy(book);
}

Test(repairs, R8_more_than_can_join_refuse_the_newcomer_and_go_on_waiting)
{
    struct book *book = park_many(DECISION_JOINED_MAX + 1);
    SEND(book, ASK(1, 10000000, .trace = "t"));
    expect_last(book, "05", "", 0);
    cr_expect_eq(book->last.reason, REASON_ERROR);
    cr_expect_eq(book->parked_count, DECISION_JOINED_MAX + 1);
    SEND(book, TOLD(2, 'A', 10000000, .trace = "t"));
    expect_last(book, "96", "", 0);
    cr_expect_not(book->last.reply.acknowledged);
    cr_expect_eq(book->last.inbox, INBOX_ERROR);
    book_destroy(book);
}

Test(repairs, R8_more_than_were_gathered_refuse_the_newcomer)
{
    struct book *book = park_many(1);
    book->parked_overflow = true;
    SEND(book, ASK(1, 100000, .trace = "t"));
    expect_last(book, "05", "", 0);
    cr_expect_eq(book->last.reason, REASON_ERROR);
    book_destroy(book);
}

Test(repairs, an_unreliable_reversal_joins_the_one_that_it_names)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, ASK(1, 100000, .link = "l"));
    SEND(book, ASK(2, 100000, .link = "l"));
    SEND(book, REVERSE(3, 100000, .link = "l", .matching_txn_id = 4));
    cr_expect_eq(book->last.inbox, INBOX_UNRELIABLE);
    SEND(book, ASK(4, 100000, .link = "l"));
    expect_last(book, "05", "R8", 2000);
    cr_expect_eq(book->last.reason, REASON_ALREADY_REVERSED);
    book_destroy(book);
}

Test(repairs, R11_an_advice_after_its_reversal_holds_nothing)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, REVERSE(2, 90000, .trace = "t"));
    SEND(book, ADVICE(1, 90000, .trace = "t"));
    expect_last(book, "00", "R11", 0);
    cr_expect_eq(book->last.events[0], EVENT_AUTHORISATION_APPROVED);
    cr_expect_eq(book->last.events[1], EVENT_HOLD_RELEASED);
    book_destroy(book);
}

Test(repairs, R12_an_advice_replaces_the_amount_of_what_it_names)
{
    struct book *book = book_create(GBP, 5000, 4);
    SEND(book, ASK(1, 100000, .trace = "t"));
    SEND(book, ADVICE(2, 80000, .trace = "t", .matching_txn_id = 1));
    expect_last(book, "00", "R12", 800);
    cr_expect_eq(book->last.events[0], EVENT_HOLD_REDUCED);
    cr_expect_str_eq(book->last.actor, "network");
    SEND(book, ADVICE(3, 20000, .trace = "t"));
    expect_last(book, "00", "", 1000);
    book_destroy(book);
}

Test(repairs, R12_an_advice_that_came_first_keeps_the_hold_under_its_id)
{
    struct book *book = book_create(GBP, 5000, 4);
    SEND(book, ADVICE(2, 80000, .matching_txn_id = 1));
    cr_expect_eq(book_hold(book, 2), 800);
    SEND(book, TOLD(1, 'A', 100000));
    expect_last(book, "00", "R5", 800);
    cr_expect_eq(book_hold(book, 2), 800);
    cr_expect_eq(book->last.change_count, 0);
    book_destroy(book);
}

Test(repairs, R14_nothing_is_left_to_expire)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, ASK(1, 100000, .trace = "t"));
    SEND(book, REVERSE(2, 100000, .mtid = 0, .trace = "t"));
    expect_last(book, "00", "", 0);
    cr_expect_eq(book->last.events[0], EVENT_HOLD_EXPIRED);
    cr_expect_eq(book->last.changes[0].code, CODE_EXPIRED);
    SEND(book, REVERSE(3, 100000, .mtid = 0, .trace = "t"));
    expect_last(book, "00", "R14", 0);
    cr_expect_eq(book->last.event_count, 0);
    book_destroy(book);
}

#define STAMPED .trace = "VIS1-t", .retrieval_ref = "R1", .sent_at_de07 = "1125031401"

Test(repairs, R21_a_0101_gets_the_decision_of_its_0100)
{
    struct book *book = book_create(GBP, 1500, 1);
    SEND(book, ASK(1, 100000, STAMPED));
    SEND(book, ASK(2, 100000, STAMPED, .mtid = 101));
    expect_last(book, "00", "", 1000);
    cr_expect_eq(book->last.event_count, 0);
    cr_expect_eq(book->last.statement.repeat_of, 1);
    SEND(book, REVERSE(3, 100000, STAMPED));
    SEND(book, ASK(4, 100000, STAMPED, .mtid = 101));
    expect_last(book, "05", "", 0);
    cr_expect_eq(book->last.reason, REASON_ALREADY_REVERSED);
    book_destroy(book);
}

Test(repairs, R21_the_same_decline_again_though_there_is_money_now)
{
    struct book *book = book_create(GBP, 500, 1);
    SEND(book, ASK(1, 100000, STAMPED));
    expect_last(book, "51", "", 0);
    book->account.posted_minor = 5000;
    SEND(book, ASK(2, 100000, STAMPED, .mtid = 101));
    expect_last(book, "51", "R21", 0);
    cr_expect_eq(book->last.reason, REASON_INSUFFICIENT_FUNDS);
    book_destroy(book);
}

Test(repairs, a_0101_of_what_was_approved_in_part_says_the_same_part)
{
    struct book *book = book_create(GBP, 500, 1);
    SEND(book, ASK(1, 100000, STAMPED, .pos_capability = "1"));
    expect_last(book, "10", "", 500);
    SEND(book, ASK(2, 100000, STAMPED, .mtid = 101, .pos_capability = "1"));
    expect_last(book, "10", "", 500);
    cr_expect_eq(book->last.reply.approved_minor, 500);
    book_destroy(book);
}

Test(repairs, a_0101_is_asked_anew_after_our_yes_was_lost)
{
    struct book *book = book_create(GBP, 1500, 1);
    SEND(book, ASK(1, 100000, STAMPED));
    SEND(book, TOLD(1, 'I', 100000, STAMPED, .response = "05"));
    SEND(book, ASK(2, 100000, STAMPED, .mtid = 101));
    expect_last(book, "00", "", 1000);
    cr_expect_eq(book->last.change_count, 1);
    cr_expect_eq(book->last.changes[0].authorisation, 1);
    book_destroy(book);
}

Test(repairs, a_0101_before_its_0100_is_the_authorisation)
{
    struct book *book = book_create(GBP, 1500, 1);
    SEND(book, ASK(2, 100000, STAMPED, .mtid = 101));
    expect_last(book, "00", "", 1000);
    SEND(book, ASK(1, 100000, STAMPED));
    expect_last(book, "00", "", 1000);
    cr_expect_eq(book->last.change_count, 0);
    book_destroy(book);
}

Test(repairs, a_suspected_repeat_holds_once_and_is_told)
{
    struct book *book = book_create(GBP, 1500, 1);
    SEND(book, ASK(1, 100000, STAMPED));
    SEND(book, ASK(2, 100000, STAMPED));
    expect_last(book, "00", "", 1000);
    cr_expect_eq(book->last.events[0], EVENT_AUTHORISATION_SUSPECTED_REPEAT);
    book_destroy(book);
}

Test(repairs, an_unreliable_reversal_waits_for_a_person)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, ASK(1, 100000, .link = "l"));
    SEND(book, ASK(2, 100000, .link = "l"));
    SEND(book, REVERSE(3, 100000, .link = "l"));
    expect_last(book, "00", "R8", 2000);
    cr_expect_eq(book->last.inbox, INBOX_UNRELIABLE);
    cr_expect_eq(book->events[EVENT_MATCH_UNRELIABLE], 1);
    SEND(book, ASK(4, 100000, .link = "l"));
    expect_last(book, "00", "", 3000);
    cr_expect_eq(book->parked_count, 1);
    book_destroy(book);
}

Test(repairs, a_newcomer_that_sees_one_candidate_does_not_make_it_reliable)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, ASK(1, 100000, .trace = "x", .link = "l"));
    SEND(book, ASK(2, 100000, .link = "l"));
    SEND(book, REVERSE(3, 100000, .link = "l"));
    SEND(book, ASK(4, 50000, .trace = "x"));
    expect_last(book, "00", "", 2500);
    cr_expect_eq(book->parked_count, 1);
    book_destroy(book);
}

Test(repairs, R2_of_a_final_authorisation_gives_the_earlier_ones_back)
{
    struct book *book = book_create(GBP, 15000, 4);
    SEND(book, ASK(1, 1000000, .trace = "k"));
    SEND(book, ASK(2, 1400000, .trace = "k", .auth_type = 'F'));
    SEND(book, TOLD(2, 'I', 1400000, .trace = "k", .auth_type = 'F', .response = "05"));
    expect_last(book, "05", "R2", 10000);
    cr_expect_eq(book->last.change_count, 2);
    cr_expect_eq(book->last.changes[0].delta_minor, -14000, "what is released comes first");
    cr_expect_eq(book->last.changes[1].delta_minor, 10000);
    book_destroy(book);
}

Test(repairs, a_void_takes_back_our_word_and_nobody_elses)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, ASK(1, 100000));
    book_void(book, 1);
    cr_expect_eq(book->account.held_minor, 0);
    cr_expect_eq(book->last.changes[0].code, CODE_VOIDED);
    cr_expect_eq(book->last.events[0], EVENT_AUTHORISATION_VOIDED);
    cr_expect_eq(book->last.reason, REASON_UNTOLD);
    book_void(book, 1);
    cr_expect_eq(book->last.disposition, DISPOSE_REPEAT);
    SEND(book, ASK(1, 100000, .attempt = 1));
    expect_last(book, "05", "", 0);
    SEND(book, TOLD(1, 'A', 100000));
    expect_last(book, "00", "R3", 1000);
    book_destroy(book);
}

Test(repairs, a_void_of_what_the_processor_has_approved_moves_nothing)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, ASK(1, 100000));
    SEND(book, TOLD(1, 'A', 100000));
    book_void(book, 1);
    cr_expect_eq(book->account.held_minor, 1000);
    cr_expect_eq(book->last.change_count, 0);
    book_destroy(book);
}

Test(repairs, a_full_reversal_releases_fees_and_pads)
{
    struct book *book = book_create(GBP, 5000, 1);
    SEND(book, ASK(1, 100000, .trace = "t", .fee_fixed_e4 = 3000, .mcc_pad_e4 = 20000));
    expect_last(book, "00", "", 1230);
    SEND(book, REVERSE(2, 90000, .trace = "t", .txn_e4 = 100000));
    expect_last(book, "00", "", 0);
    cr_expect_eq(book->last.events[0], EVENT_HOLD_RELEASED);
    book_destroy(book);
}
