/* A day of traffic: stories of cardholders, step by step in the order of time.
 *
 * Each story is a function that sends a message, or several, and says when it wants to go on. The
 * day runs the steps of all stories in the order of their times, so that the books, asked at each
 * step, know everything that came before it.
 *
 * Threads: one.   Owns: cards, stories, steps.   May include: base, bench/.
 */
#ifndef BENCH_DAY_H
#define BENCH_DAY_H

#include "books.h"
#include "dice.h"
#include "ehi.h"
#include "shops.h"
#include "traffic.h"

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

struct day;
struct story;
typedef void story_step(struct day *day, struct story *story);

struct story {
    const char *name;
    struct books_card *card;
    struct books_payment *payment;
    const struct shop *shop;
    struct ehi ehi;               /* the request as it was first sent */
    struct books_request request; /* the same in numbers */
    struct books_answer answer;   /* what it should be answered */
    bool visa;
    int stage; /* for the story's own use */
};

struct day_options {
    uint64_t seed;
    int card_count, message_count; /* at least so many messages */
    int32_t first_token;
    int64_t load_major, load_jpy; /* as the sandbox loads its cards */
};

struct day {
    struct dice dice;
    struct day_options options;
    struct traffic *traffic;
    struct books_card *cards;
    int64_t now_us; /* wall clock of the step that runs */
    uint64_t next_txn_id;
    struct step {
        int64_t at_us;
        uint64_t order; /* of equal times */
        story_step *run;
        struct story *story;
    } * steps; /* a heap: the first is the next */
    size_t step_count, step_room;
    uint64_t step_order;
    struct story **stories;
    size_t story_count, story_room;
};

/* Fills `traffic` with a day. The same options give the same traffic. */
void day_generate(const struct day_options *options, struct traffic *traffic);

/* --- for stories --- */

/* Runs `step` of the story after that time, if the day lasts so long. */
void day_after(struct day *day, struct story *story, int64_t delay_us, story_step *step);
/* Makes the story's request at that shop: references, amounts, codes, an id of its own.
 * amount_minor is in the shop's currency. */
void day_prepare(struct day *day, struct story *story, const struct shop *shop,
                 int64_t amount_minor);
/* Another amount of the shop's currency, without fees. */
void day_set_amounts(struct story *story, int64_t amount_minor);
/* New references for another authorisation of the same life cycle, and an id. */
void day_renew(struct day *day, struct story *story);
uint64_t day_next_id(struct day *day);
/* A fee or pad on top of the story's request, in 10^-4. Takes away that it may be approved in part:
 * how fees share a part is not this model's business. */
void day_add_fee(struct story *story, const char *element, int64_t fee_e4);
/* A shop of that kind, likelier one of the card's own currency; NULL never. */
const struct shop *day_shop(struct day *day, const struct story *story, enum shop_kind kind,
                            bool abroad);
int64_t day_amount(struct day *day, const struct shop *shop);
/* Sends a message whose reply should be this (response NULL: any). */
void day_send(struct day *day, const struct story *story, const struct ehi *ehi, const char *kind,
              const char *response);
/* Sends the story's request, lets the books decide (once), and expects what they say. */
void day_ask(struct day *day, struct story *story, const char *kind);
bool day_was_approved(const struct story *story);

#endif
