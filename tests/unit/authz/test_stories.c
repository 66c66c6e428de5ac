/* The payment stories of docs/ehi-coverage.md that this version can tell, up to the first message
 * that it only stores. Each is told as it is, with every message doubled, and with neighbours
 * swapped. */
#include <criterion/criterion.h>
#include <string.h>

#include "book.h"

/* Tables of messages are laid out by hand; clang-format 14 crashes on some. */
/* clang-format off */
enum { STEPS_MAX = 8 };

struct step {
    struct message message;
    const char *response;
    int64_t held, available;
    enum card_status card; /* from here on; 0: as before */
};

struct story {
    const char *name;
    uint16_t currency;
    int mode;
    int64_t posted;
    struct step steps[STEPS_MAX];
    /* Bit i: swapping steps i and i + 1 may end elsewhere, because a request meets another balance or
     * is decided after a reversal that does not name it. */
    unsigned swap_differs;
};

#define PARTIAL .pos_capability = "1"
#define YEN .bill_currency = JPY
#define IN_EUR .bill_currency = EUR, .txn_currency = EUR
#define IN_KWD .bill_currency = KWD, .txn_currency = KWD

static const struct story stories[] = {
    {"S2 fees are held", GBP, 1, 5000,
     {{ASK(1, 400000, .fee_fixed_e4 = 3000, .fee_rate_e4 = 4000), "00", 4070, 930, 0}}, 0},
    {"S3 refused for its fees, then smaller, then cancelled", GBP, 1, 4050,
     {{ASK(1, 400000, .trace = "BNET-a", .fee_fixed_e4 = 3000, .fee_rate_e4 = 4000), "51", 0, 4050, 0},
      {ASK(2, 390000, .trace = "BNET-b", .fee_fixed_e4 = 3000, .fee_rate_e4 = 3900), "00", 3969, 81, 0},
      {REVERSE(3, 390000, .trace = "BNET-b", .matching_txn_id = 2), "00", 0, 4050, 0}}, 0},
    {"S4 partial approval and its advice", EUR, 4, 3000,
     {{ASK(1, 450000, PARTIAL, IN_EUR), "10", 3000, 0, 0},
      {TOLD(1, 'A', 300000, IN_EUR, .txn_e4 = 450000, .response = "10"), "00", 3000, 0, 0}}, 0},
    {"S5 the answer was lost", GBP, 1, 10000,
     {{ASK(5, 250000, .trace = "BNET-5"), "00", 2500, 7500, 0},
      {TOLD(5, 'I', 250000, .trace = "BNET-5", .attempt = 1, .response = "05"), "05", 0, 10000, 0},
      {TOLD(5, 'I', 250000, .trace = "BNET-5", .attempt = 2, .response = "05"), "05", 0, 10000, 0},
      {ASK(6, 250000, .trace = "BNET-6"), "00", 2500, 7500, 0}}, 0},
    {"S6 stand-in approved while we were down", GBP, 4, 5000,
     {{TOLD(7, 'A', 600000), "00", 6000, -1000, 0}, {ASK(8, 50000), "51", 6000, -1000, 0}}, 1},
    {"S7 our decline was not understood", EUR, 4, 1000,
     {{ASK(9, 120000, IN_EUR), "51", 0, 1000, 0},
      {TOLD(9, 'A', 120000, IN_EUR), "00", 1200, -200, 0}}, 0},
    {"S8 a reversal overtakes its authorisation", GBP, 1, 8000,
     {{REVERSE(11, 150000, .trace = "BNET-b"), "00", 0, 8000, 0},
      {ASK(10, 150000, .trace = "BNET-b"), "05", 0, 8000, 0},
      {REVERSE(11, 150000, .trace = "BNET-b", .attempt = 1), "00", 0, 8000, 0}}, 0},
    {"S8 the same as an advice", GBP, 1, 8000,
     {{REVERSE(11, 150000, .trace = "BNET-b"), "00", 0, 8000, 0},
      {TOLD(10, 'A', 150000, .trace = "BNET-b"), "00", 0, 8000, 0}}, 0},
    {"S10 a request repeated", GBP, 1, 6000,
     {{ASK(30, 100000), "00", 1000, 5000, 0},
      {ASK(30, 100000, .attempt = 1), "00", 1000, 5000, 0}}, 0},
    {"S12 expired, and once more", GBP, 1, 10000,
     {{ASK(1, 500000, .trace = "BNET-x"), "00", 5000, 5000, 0},
      {REVERSE(2, 200000, .mtid = 0, .trace = "BNET-x"), "00", 3000, 7000, 0},
      {REVERSE(3, 300000, .mtid = 0, .trace = "BNET-x"), "00", 0, 10000, 0},
      {REVERSE(4, 500000, .mtid = 0, .trace = "BNET-x"), "00", 0, 10000, 0}}, 1},
    {"S14 yen has no places", JPY, 1, 20000,
     {{ASK(1, 31500000, YEN, .fx_pad_e4 = 950000, .txn_e4 = 200000, .txn_currency = USD), "00", 3245,
       16755, 0}}, 0},
    {"S15 partial reversal with a fee", KWD, 1, 12500,
     {{ASK(1, 12500, IN_KWD, .trace = "BNET-k", .fee_fixed_e4 = 500), "00", 1300, 11200, 0},
      {REVERSE(2, 5000, IN_KWD, .mtid = 420, .trace = "BNET-k", .matching_txn_id = 1), "00", 780,
       11720, 0}}, 0},
    {"S16 reversal with another billing amount", GBP, 1, 10000,
     {{ASK(1, 862000, .txn_e4 = 1000000, .txn_currency = EUR, .trace = "BNET-e"), "00", 8620, 1380, 0},
      {REVERSE(2, 859000, .txn_e4 = 1000000, .txn_currency = EUR, .trace = "BNET-e"), "00", 0, 10000,
       0}}, 0},
    {"S17 hotel with incrementals", GBP, 1, 50000,
     {{ASK(1, 1200000, .trace = "BNET-h", .network_txn_id = "N1"), "00", 12000, 38000, 0},
      {ASK(2, 800000, .trace = "BNET-h", .network_txn_id = "N2"), "00", 20000, 30000, 0},
      {REVERSE(3, 500000, .trace = "BNET-h"), "00", 15000, 35000, 0},
      {ASK(4, 4000000, .trace = "BNET-h"), "51", 15000, 35000, 0}}, 2 | 4},
    {"S18 a final authorisation replaces", GBP, 1, 30000,
     {{ASK(1, 1000000, .trace = "BNET-f"), "00", 10000, 20000, 0},
      {ASK(2, 1400000, .trace = "BNET-f", .auth_type = 'F'), "00", 14000, 16000, 0}}, 0},
    {"S22 cashback, and too much of it", GBP, 1, 7000,
     {{ASK(1, 450000, .proc = 9), "00", 4500, 2500, 0},
      {ASK(2, 300000, .proc = 9), "51", 4500, 2500, 0}}, 1},
    {"S23 checks and an enquiry", EUR, 1, 1500,
     {{ASK(1, 0, IN_EUR, .proc = 39, .auth_type = 'V'), "00", 0, 1500, 0},
      {ASK(2, 0, IN_EUR, .proc = 39, .auth_type = 'V'), "62", 0, 1500, CARD_FROZEN},
      {ASK(3, 0, IN_EUR, .proc = 30), "00", 0, 1500, CARD_ACTIVE},
      {ASK(4, 150000, IN_EUR, .trace = "BNET-4"), "00", 1500, 0, 0},
      {REVERSE(5, 150000, IN_EUR, .mtid = 420, .trace = "BNET-4"), "00", 0, 1500, 0}}, 2},
    {"S24 recurring is not incremental", GBP, 1, 4000,
     {{ASK(1, 99900, .trace = "BNET-m1"), "00", 999, 3001, 0},
      {ASK(2, 99900, .trace = "BNET-m2", .pos_data = "4", .matching_txn_id = 1), "00", 1998, 2002, 0}},
     0},
    {"S29 network stand-in, and one that was taken back first", GBP, 1, 3000,
     {{ADVICE(1, 420000, .trace = "BNET-j1"), "00", 4200, -1200, 0},
      {REVERSE(3, 90000, .trace = "BNET-j2"), "00", 4200, -1200, 0},
      {ADVICE(2, 90000, .trace = "BNET-j2"), "00", 4200, -1200, 0}}, 0},
};

static size_t count_steps(const struct story *story)
{
    size_t count = 0;

    while (count < STEPS_MAX && story->steps[count].response != NULL) {
        count++;
    }
    return count;
}

static void set_card(struct book *book, const struct step *step)
{
    book->card.status = step->card != 0 ? step->card : book->card.status;
}

static void tell(const struct story *story, int times)
{
    struct book *book = book_create(story->currency, story->posted, story->mode);

    for (size_t i = 0; i < count_steps(story); i++) {
        const struct step *step = &story->steps[i];
        set_card(book, step);
        for (int again = 0; again < times; again++) {
            const struct decision *got = book_send(book, &step->message);
            cr_expect_str_eq(got->reply.response, step->response, "%s (%zu): answered %s (%s)",
                             story->name, i + 1, got->reply.response, got->rule);
            cr_expect(got->reply.acknowledged);
            cr_expect(again == 0 || got->disposition == DISPOSE_REPEAT, "%s (%zu)", story->name,
                      i + 1);
            cr_expect_eq(book->account.held_minor, step->held, "%s (%zu): held %ld", story->name,
                         i + 1, (long)book->account.held_minor);
            cr_expect_eq(book_available(book), step->available, "%s (%zu)", story->name, i + 1);
        }
    }
    book_destroy(book);
}

/* Some steps are the same message again. */
static bool is_own_closing(const struct message *a, const struct message *b)
{
    return a->txn_id == b->txn_id;
}

static void tell_swapped(const struct story *story, size_t at)
{
    struct book *book = book_create(story->currency, story->posted, story->mode);
    size_t count = count_steps(story);

    for (size_t i = 0; i < count; i++) {
        size_t pick = i == at ? at + 1 : i == at + 1 ? at : i;
        set_card(book, &story->steps[pick]);
        cr_expect(book_send(book, &story->steps[pick].message)->reply.acknowledged);
    }
    if ((story->swap_differs >> at & 1) == 0) {
        cr_expect_eq(book->account.held_minor, story->steps[count - 1].held,
                     "%s, (%zu) and (%zu) swapped: held %ld", story->name, at + 1, at + 2,
                     (long)book->account.held_minor);
    }
    cr_expect_eq(book->account.posted_minor, story->posted);
    book_destroy(book);
}

Test(stories, end_as_told)
{
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        tell(&stories[i], 1);
    }
}

Test(stories, end_as_told_with_every_message_doubled)
{
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        tell(&stories[i], 2);
    }
}

Test(stories, end_alike_with_neighbours_swapped)
{
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        for (size_t at = 0; at + 1 < count_steps(&stories[i]); at++) {
            if (!is_own_closing(&stories[i].steps[at].message, &stories[i].steps[at + 1].message)) {
                tell_swapped(&stories[i], at);
            }
        }
    }
}

Test(stories, a_small_purchase_before_the_stand_in_is_approved)
{
    struct book *book = book_create(GBP, 5000, 4);
    cr_expect_str_eq(SEND(book, ASK(8, 50000))->reply.response, "00");
    cr_expect_str_eq(SEND(book, TOLD(7, 'A', 600000))->reply.response, "00");
    cr_expect_eq(book->account.held_minor, 6500);
    book_destroy(book);
}
