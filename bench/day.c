#include "day.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/money.h"
#include "stories.h"

enum { GBP = 826, EUR = 978, JPY = 392, USD = 840, FULL_FORM_PERCENT = 30, EMPTY_EVERY = 8 };
#define DIGITS  "0123456789"
#define LETTERS "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

/* 2026-02-03, a Tuesday, 00:00 UTC. */
static const int64_t midnight_us = INT64_C(1770076800) * SECOND;

/* --- steps in the order of time --- */

static bool is_before(const struct step *a, const struct step *b)
{
    return a->at_us != b->at_us ? a->at_us < b->at_us : a->order < b->order;
}

static void swap_steps(struct step *a, struct step *b)
{
    struct step other = *a;
    *a = *b;
    *b = other;
}

static void push_step(struct day *day, struct step step)
{
    if (day->step_count == day->step_room) {
        day->step_room = day->step_room ? 2 * day->step_room : 1024;
        day->steps = reallocarray(day->steps, day->step_room, sizeof *day->steps);
        assert(day->steps);
    }
    size_t at = day->step_count++;
    day->steps[at] = step;
    while (at > 0 && is_before(&day->steps[at], &day->steps[(at - 1) / 2])) {
        swap_steps(&day->steps[at], &day->steps[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static struct step pop_step(struct day *day)
{
    struct step first = day->steps[0];
    day->steps[0] = day->steps[--day->step_count];
    for (size_t at = 0;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++) {
            if (child < day->step_count && is_before(&day->steps[child], &day->steps[least])) {
                least = child;
            }
        }
        if (least == at) {
            return first;
        }
        swap_steps(&day->steps[at], &day->steps[least]);
        at = least;
    }
}

void day_after(struct day *day, struct story *story, int64_t delay_us, story_step *step)
{
    if (day->now_us + delay_us >= midnight_us + 24 * HOUR) {
        return;
    }
    push_step(day, (struct step){.at_us = day->now_us + delay_us,
                                 .order = day->step_order++,
                                 .run = step,
                                 .story = story});
}

/* --- what stories are made of --- */

enum time_form {
    TIME_DAY,     /* 20260203 */
    TIME_STAMP,   /* 260203 */
    TIME_DE07,    /* 0203141907 */
    TIME_DE12,    /* 141907 */
    TIME_DATE,    /* 2026-02-03 */
    TIME_SECONDS, /* 2026-02-03 14:19:07 */
};

static const char *format_time(int64_t at_us, enum time_form form, char text[64])
{
    time_t at_s = (time_t)(at_us / SECOND);
    struct tm t;
    gmtime_r(&at_s, &t);
    int year = t.tm_year + 1900, month = t.tm_mon + 1;
    switch (form) {
    case TIME_DAY:
        snprintf(text, 64, "%04d%02d%02d", year, month, t.tm_mday);
        break;
    case TIME_STAMP:
        snprintf(text, 64, "%02d%02d%02d", year % 100, month, t.tm_mday);
        break;
    case TIME_DE07:
        snprintf(text, 64, "%02d%02d%02d%02d%02d", month, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
        break;
    case TIME_DE12:
        snprintf(text, 64, "%02d%02d%02d", t.tm_hour, t.tm_min, t.tm_sec);
        break;
    case TIME_DATE:
        snprintf(text, 64, "%04d-%02d-%02d", year, month, t.tm_mday);
        break;
    case TIME_SECONDS:
        snprintf(text, 64, "%04d-%02d-%02d %02d:%02d:%02d", year, month, t.tm_mday, t.tm_hour,
                 t.tm_min, t.tm_sec);
        break;
    }
    return text;
}

uint64_t day_next_id(struct day *day)
{
    day->next_txn_id +=
        (uint64_t)dice_between(&day->dice, 1, 9); /* the processor has other customers */
    return day->next_txn_id;
}

const struct shop *day_shop(struct day *day, const struct story *story, enum shop_kind kind,
                            bool abroad)
{
    const struct shop *fitting[64];
    size_t count = 0;
    for (size_t i = 0; i < shops_count; i++) {
        bool home = shops[i].currency == story->card->currency;
        if (shops[i].kind == kind && home != abroad && count < 64) {
            fitting[count++] = &shops[i];
        }
    }
    assert(count > 0);
    return fitting[dice_between(&day->dice, 0, (int64_t)count - 1)];
}

int64_t day_amount(struct day *day, const struct shop *shop)
{
    /* The smaller of two throws: most purchases are small. */
    int64_t a = dice_between(&day->dice, shop->least_minor, shop->most_minor);
    int64_t b = dice_between(&day->dice, shop->least_minor, shop->most_minor);
    int64_t amount = a < b ? a : b;
    if (shop->kind == SHOP_CASH) {
        amount = amount / 1000 * 1000; /* notes: 10.00 or 1,000 yen */
    }
    return amount;
}

static int64_t e4(int64_t minor, uint16_t currency)
{
    int64_t value = 0;
    bool fits = money_e4_from_minor(minor, currency, &value);
    assert(fits);
    return value;
}

/* Units of the currency for a thousand pounds. */
static int64_t rate_of(uint16_t currency)
{
    switch (currency) {
    case EUR:
        return 1164;
    case JPY:
        return 191250;
    case USD:
        return 1271;
    default:
        return 1000;
    }
}

/* The billing amount in 10^-4, whole minor units. */
static int64_t converted_e4(int64_t amount_minor, uint16_t from, uint16_t to)
{
    int64_t amount = e4(amount_minor, from);
    if (from != to) {
        amount = amount * rate_of(to) / rate_of(from);
    }
    return e4(money_minor_from_e4(amount, to, MONEY_HALF_AWAY, NULL), to);
}

static void set_merchant(struct story *story, const struct shop *shop)
{
    struct ehi *ehi = &story->ehi;
    char place[EHI_VALUE_BYTES];
    snprintf(place, sizeof place, "%-23s%-14s%s", shop->name, shop->city, shop->country);
    ehi_set(ehi, "MCC_Code", "%04u", shop->mcc);
    ehi_set(ehi, "MCC_Desc", "%s", shop->mcc_text);
    ehi_set(ehi, "Merch_Name_DE43", "%s", place);
    ehi_set(ehi, "Txn_Desc", "%s", place);
    ehi_set(ehi, "Merch_Name", "%s", shop->name);
    ehi_set(ehi, "Merch_City", "%s", shop->city);
    ehi_set(ehi, "Merch_Country", "%s", shop->country);
    ehi_set(ehi, "Acquirer_Country", "%s", shop->country);
    ehi_set(ehi, "Txn_Ctry", "%s", shop->country);
    ehi_set(ehi, "Merch_ID_DE42", "%.2s%010zu   ", shop->name, (size_t)(shop - shops) * 131 + 417);
    ehi_set(ehi, "POS_Termnl_DE41", "T%07zu", (size_t)(shop - shops) * 77 + 10072);
    ehi_set(ehi, "Acquirer_id_DE32", "%06zu", 70551 + (size_t)(shop - shops) % 7);
}

static void set_entry_mode(struct day *day, struct story *story, const struct shop *shop)
{
    struct ehi *ehi = &story->ehi;
    bool online = shop->kind == SHOP_ONLINE || shop->kind == SHOP_SUBSCRIPTION;
    bool tap = !online && shop->kind != SHOP_CASH && dice_chance(&day->dice, 70);
    const char *filler = story->visa ? "0" : "";
    ehi_set(ehi, "POS_Data_DE22", "%s%s",
            online ? (story->visa ? "010" : "810") : (tap ? "071" : "051"), filler);
    ehi_set(ehi, "GPS_POS_Data", "%s",
            shop->kind == SHOP_SUBSCRIPTION ? "40F0000000000Nx000NNNN0C0NMUXXU0"
            : online                        ? "50VS000300000NS000211N0C0NCUXXU0"
            : tap                           ? "0170000000000Nx002211N0C0NCUXXU0"
                                            : "0151000300000Nx000211N0C0NCUXXU0");
    ehi_set(ehi, "GPS_POS_Capability", "%s",
            shop->kind == SHOP_CASH ? "00001001000000000000000100000010000000000011130CA"
            : online                ? "0000000000000100000000000000000100000000000900061"
                                    : "00001001001000000000000100000110000000000001134CR");
}

static void set_references(struct day *day, struct story *story)
{
    struct ehi *ehi = &story->ehi;
    char text[24], stamp[64], when[64];
    format_time(day->now_us, TIME_STAMP, stamp);
    dice_text(&day->dice, DIGITS, text, 12);
    text[0] = stamp[1];
    ehi_set(ehi, "Ret_Ref_No_DE37", "%s", text);
    ehi_set(ehi, "Trans_link", "%s%s", stamp, text);
    dice_text(&day->dice, DIGITS, text, 6);
    text[0] = '4';
    ehi_set(ehi, "Auth_Code_DE38", "%s", text);
    if (story->visa) {
        dice_text(&day->dice, DIGITS, text, 15);
        ehi_set(ehi, "Network_Transaction_ID", "0%s", text);
    } else {
        dice_text(&day->dice, LETTERS, text, 9);
        ehi_set(ehi, "Network_Transaction_ID", "%s%.4s", text, stamp + 2);
    }
    ehi_set(ehi, "TXN_Time_DE07", "%s", format_time(day->now_us, TIME_DE07, when));
    ehi_set(ehi, "POS_Time_DE12", "%s", format_time(day->now_us, TIME_DE12, when));
    ehi_set(ehi, "POS_Date_DE13", "%s", format_time(day->now_us, TIME_DATE, when));
    int64_t expires_us = day->now_us + (story->visa ? 8 : 7) * 24 * HOUR;
    ehi_set(ehi, "auth_expdate_utc", "%s.190       ", format_time(expires_us, TIME_SECONDS, when));
}

static void set_trace(struct day *day, struct story *story)
{
    char text[24], date[64];
    format_time(day->now_us, TIME_DAY, date);
    dice_text(&day->dice, story->visa ? DIGITS : LETTERS, text, story->visa ? 15 : 9);
    ehi_set(&story->ehi, "traceid_lifecycle", "%s-%s-%s", story->visa ? "VIS1" : "BNET", date,
            text);
    ehi_set(&story->ehi, "Traceid_Message", "%s", ehi_get(&story->ehi, "traceid_lifecycle"));
}

void day_set_amounts(struct story *story, int64_t amount_minor)
{
    const struct shop *shop = story->shop;
    struct ehi *ehi = &story->ehi;
    struct books_request *request = &story->request;
    request->amount_e4 = e4(amount_minor, shop->currency);
    request->bill_e4 = converted_e4(amount_minor, shop->currency, story->card->currency);
    request->fees_e4 = 0;
    request->early_e4 = 0;
    request->may_be_partial = false;
    ehi_set_e4(ehi, "Bill_Amt", -request->bill_e4);
    ehi_set(ehi, "Bill_Ccy", "%03u", story->card->currency);
    ehi_set_e4(ehi, "Txn_Amt", request->amount_e4);
    ehi_set(ehi, "Txn_CCy", "%03u", shop->currency);
    ehi_set_e4(ehi, "Settle_Amt", request->bill_e4);
    ehi_set(ehi, "Settle_Ccy", "%03u", story->card->currency);
    ehi_set(
        ehi, "Network_TxnAmt_To_BillAmt_Rate", "%lld:6",
        (long long)(INT64_C(1000000) * rate_of(story->card->currency) / rate_of(shop->currency)));
}

void day_renew(struct day *day, struct story *story)
{
    story->request.txn_id = day_next_id(day);
    ehi_set(&story->ehi, "TXn_ID", "%llu", (unsigned long long)story->request.txn_id);
    set_references(day, story);
}

void day_prepare(struct day *day, struct story *story, const struct shop *shop,
                 int64_t amount_minor)
{
    struct ehi *ehi = &story->ehi;
    int32_t number = story->card->token - day->options.first_token + 1;
    ehi_init(ehi);
    story->shop = shop;
    story->payment = books_begin(story->card);
    ehi_set(ehi, "Token", "%d", story->card->token);
    ehi_set(ehi, "Cust_Ref", "HF-%06d", number);
    ehi_set(ehi, "ProductID", "%d", story->visa ? 70124 : 70123);
    ehi_set(ehi, "SubBIN", "%s", story->visa ? "99990002" : "99990001");
    ehi_set(ehi, "CU_Group", "HFT-CU-001");
    ehi_set(ehi, "VL_Group", "HFT-VL-001");
    ehi_set(ehi, "MTID", "0100");
    ehi_set(ehi, "Txn_Type", "A");
    ehi_set(ehi, "Authorised_by_GPS", "N");
    ehi_set(ehi, "Txn_Stat_Code", "A");
    ehi_set(ehi, "Resp_Code_DE39", "00");
    ehi_set(ehi, "Proc_Code", "000000");
    set_merchant(story, shop);
    set_entry_mode(day, story, shop);
    set_trace(day, story);
    day_set_amounts(story, amount_minor);
    day_renew(day, story);
}

void day_add_fee(struct story *story, const char *element, int64_t fee_e4)
{
    ehi_set_e4(&story->ehi, element, fee_e4);
    story->request.fees_e4 += fee_e4;
    story->request.may_be_partial = false;
    char capability[EHI_VALUE_BYTES];
    snprintf(capability, sizeof capability, "%s", ehi_get(&story->ehi, "GPS_POS_Capability"));
    capability[0] = '0';
    ehi_set(&story->ehi, "GPS_POS_Capability", "%s", capability);
}

bool day_was_approved(const struct story *story)
{
    return strcmp(story->answer.response, "00") == 0 || strcmp(story->answer.response, "10") == 0;
}

static void send(struct day *day, const struct story *story, const struct ehi *ehi,
                 const char *kind, const struct traffic_reply *reply)
{
    static char body[EHI_BODY_BYTES];
    struct ehi stamped = *ehi;
    char text[64];
    ehi_set(&stamped, "Txn_GPS_Date", "%s.%03d", format_time(day->now_us, TIME_SECONDS, text),
            (int)(day->now_us / 1000 % 1000));
    struct traffic_message message = {.at_us = day->now_us,
                                      .body = body,
                                      .reply = *reply,
                                      .token = (int32_t)strtol(ehi_get(ehi, "Token"), NULL, 10),
                                      .currency = story->card->currency,
                                      .soapaction = EHI_SOAPACTION};
    enum ehi_form form = dice_chance(&day->dice, FULL_FORM_PERCENT) ? EHI_FULL : EHI_COMPACT;
    message.body_bytes = ehi_write(&stamped, form, body);
    snprintf(message.kind, sizeof message.kind, "%s", kind);
    snprintf(message.story, sizeof message.story, "%s", story->name);
    traffic_add(day->traffic, &message);
}

void day_send(struct day *day, const struct story *story, const struct ehi *ehi, const char *kind,
              const char *response)
{
    struct traffic_reply reply = {.ack = 1};
    snprintf(reply.response, sizeof reply.response, "%s", response ? response : "");
    if (strcmp(reply.response, "10") == 0) {
        reply.has_approved = true;
        reply.approved_minor = story->answer.approved_minor;
    }
    if (strcmp(kind, "balance enquiry") == 0 && strcmp(reply.response, "00") == 0) {
        reply.has_balances = true;
        reply.current_minor = story->card->load_minor;
        reply.available_minor = books_available(story->card);
    }
    send(day, story, ehi, kind, &reply);
}

void day_ask(struct day *day, struct story *story, const char *kind)
{
    story->answer = books_decide(story->card, story->payment, &story->request);
    day_send(day, story, &story->ehi, kind, story->answer.response);
}

/* --- the day --- */

static struct story *new_story(struct day *day, struct books_card *card)
{
    if (day->story_count == day->story_room) {
        day->story_room = day->story_room ? 2 * day->story_room : 1024;
        day->stories = reallocarray(day->stories, day->story_room, sizeof(struct story *));
        assert(day->stories);
    }
    struct story *story = calloc(1, sizeof *story);
    assert(story);
    story->card = card;
    story->visa = (card - day->cards) / 3 % 2 == 1;
    day->stories[day->story_count++] = story;
    return story;
}

/* Hours of a day, by how much is bought in them. */
static int64_t time_of_day(struct day *day)
{
    static const int weights[24] = {2,  1,  1,  1,  1,  2,  6,  14, 20, 18, 17, 20,
                                    34, 32, 20, 18, 20, 28, 34, 30, 22, 14, 8,  4};
    int64_t hour = (int64_t)dice_weighted(&day->dice, weights, 24);
    return midnight_us + hour * HOUR + dice_between(&day->dice, 0, HOUR - 1);
}

static void make_cards(struct day *day)
{
    static const uint16_t currencies[] = {GBP, EUR, JPY};
    day->cards = calloc((size_t)day->options.card_count, sizeof *day->cards);
    assert(day->cards);
    for (int i = 0; i < day->options.card_count; i++) {
        struct books_card *card = &day->cards[i];
        card->token = day->options.first_token + i;
        card->currency = currencies[i % 3];
        card->load_minor =
            card->currency == JPY ? day->options.load_jpy : 100 * day->options.load_major;
        struct traffic_card made = {card->token, card->currency, card->load_minor};
        traffic_add_card(day->traffic, &made);
    }
}

static void begin_story(struct day *day, struct books_card *card, int64_t at_us, const char *name,
                        story_step *step)
{
    struct story *story = new_story(day, card);
    story->name = name;
    push_step(day, (struct step){
                       .at_us = at_us, .order = day->step_order++, .run = step, .story = story});
}

/* Every eighth card is nearly empty after breakfast, so that the day has declines and parts. */
static void begin_stories(struct day *day)
{
    for (int i = 4; i < day->options.card_count; i += EMPTY_EVERY) {
        begin_story(day, &day->cards[i], midnight_us + 6 * HOUR + dice_between(&day->dice, 0, HOUR),
                    "large purchase", stories_large_purchase);
    }
    /* About 1.55 messages a story; the first pass over the list has each kind at least twice. */
    int count = day->options.message_count * 100 / 155;
    for (int i = 0; i < count; i++) {
        size_t kind =
            (size_t)i < 2 * stories_count ? (size_t)i % stories_count : stories_pick(&day->dice);
        int64_t card = dice_between(&day->dice, 0, day->options.card_count - 1);
        int64_t at_us = time_of_day(day);
        if (stories[kind].needs_empty_card) {
            card = dice_between(&day->dice, 0, (day->options.card_count - 5) / EMPTY_EVERY) *
                       EMPTY_EVERY +
                   4;
            at_us = midnight_us + dice_between(&day->dice, 8 * HOUR, 20 * HOUR);
        }
        begin_story(day, &day->cards[card], at_us, stories[kind].name, stories[kind].begin);
    }
}

void day_generate(const struct day_options *options, struct traffic *traffic)
{
    struct day day = {.options = *options, .traffic = traffic, .next_txn_id = 91000000000};
    traffic->seed = options->seed;
    dice_init(&day.dice, options->seed);
    make_cards(&day);
    begin_stories(&day);
    while (day.step_count > 0) {
        struct step step = pop_step(&day);
        day.now_us = step.at_us;
        step.run(&day, step.story);
    }
    for (int i = 0; i < options->card_count; i++) {
        books_finish(&day.cards[i]);
    }
    for (size_t i = 0; i < day.story_count; i++) {
        free(day.stories[i]);
    }
    free(day.stories);
    free(day.cards);
    free(day.steps);
}
