#include "schedule.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX /* no message, no card */

struct card {
    uint32_t first, last; /* due messages that wait for the one under way */
    bool under_way;
};

struct schedule {
    size_t count, waiting;
    uint32_t *card_of; /* message → card; NONE: of no card */
    uint32_t *next;    /* message → the next in its list */
    int64_t *intended_us;
    struct card *cards;
    size_t card_count;
    uint32_t ready_first, ready_last;
};

struct pair {
    int32_t token;
    uint32_t message;
};

static int by_token(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    return x->token < y->token ? -1 : x->token > y->token;
}

static void number_cards(struct schedule *schedule, const int32_t *tokens)
{
    struct pair *pairs = calloc(schedule->count, sizeof *pairs);
    assert(pairs);
    for (size_t i = 0; i < schedule->count; i++) {
        pairs[i] = (struct pair){tokens[i], (uint32_t)i};
    }
    qsort(pairs, schedule->count, sizeof *pairs, by_token);
    for (size_t i = 0; i < schedule->count; i++) {
        if (i > 0 && pairs[i].token != pairs[i - 1].token && pairs[i - 1].token != 0) {
            schedule->card_count++;
        }
        schedule->card_of[pairs[i].message] =
            pairs[i].token == 0 ? NONE : (uint32_t)schedule->card_count;
    }
    schedule->card_count++;
    free(pairs);
}

struct schedule *schedule_create(const int32_t *tokens, size_t count)
{
    struct schedule *schedule = calloc(1, sizeof *schedule);
    assert(schedule && count > 0 && count < NONE);
    schedule->count = count;
    schedule->card_of = calloc(count, sizeof *schedule->card_of);
    schedule->next = calloc(count, sizeof *schedule->next);
    schedule->intended_us = calloc(count, sizeof *schedule->intended_us);
    assert(schedule->card_of && schedule->next && schedule->intended_us);
    number_cards(schedule, tokens);
    schedule->cards = calloc(schedule->card_count, sizeof *schedule->cards);
    assert(schedule->cards);
    schedule_reset(schedule);
    return schedule;
}

void schedule_destroy(struct schedule *schedule)
{
    if (schedule) {
        free(schedule->card_of);
        free(schedule->next);
        free(schedule->intended_us);
        free(schedule->cards);
        free(schedule);
    }
}

void schedule_reset(struct schedule *schedule)
{
    schedule->ready_first = schedule->ready_last = NONE;
    schedule->waiting = 0;
    for (size_t i = 0; i < schedule->card_count; i++) {
        schedule->cards[i] = (struct card){.first = NONE, .last = NONE};
    }
}

static void append(struct schedule *schedule, uint32_t *first, uint32_t *last, uint32_t message)
{
    schedule->next[message] = NONE;
    if (*first == NONE) {
        *first = message;
    } else {
        schedule->next[*last] = message;
    }
    *last = message;
}

void schedule_add(struct schedule *schedule, size_t message, int64_t intended_us)
{
    assert(message < schedule->count);
    uint32_t number = (uint32_t)message;
    uint32_t card = schedule->card_of[message];
    schedule->intended_us[message] = intended_us;
    schedule->waiting++;
    if (card != NONE && schedule->cards[card].under_way) {
        append(schedule, &schedule->cards[card].first, &schedule->cards[card].last, number);
        return;
    }
    if (card != NONE) {
        schedule->cards[card].under_way = true;
    }
    append(schedule, &schedule->ready_first, &schedule->ready_last, number);
}

bool schedule_take(struct schedule *schedule, size_t *message, int64_t *intended_us)
{
    uint32_t number = schedule->ready_first;
    if (number == NONE) {
        return false;
    }
    schedule->ready_first = schedule->next[number];
    schedule->waiting--;
    *message = number;
    *intended_us = schedule->intended_us[number];
    return true;
}

void schedule_done(struct schedule *schedule, size_t message, int64_t now_us)
{
    uint32_t card = schedule->card_of[message];
    if (card == NONE) {
        return;
    }
    uint32_t next = schedule->cards[card].first;
    if (next == NONE) {
        schedule->cards[card].under_way = false;
        return;
    }
    schedule->cards[card].first = schedule->next[next];
    if (schedule->intended_us[next] < now_us) {
        schedule->intended_us[next] = now_us;
    }
    append(schedule, &schedule->ready_first, &schedule->ready_last, next);
}

size_t schedule_waiting(const struct schedule *schedule)
{
    return schedule->waiting;
}
