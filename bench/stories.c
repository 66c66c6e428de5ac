#include "stories.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"

enum { JPY = 392 };

/* --- messages that follow a request --- */

/* The same message again, asking still: it gets the same answer. */
static void send_repeat(struct day *day, struct story *story)
{
    struct ehi repeat = story->ehi;
    ehi_set(&repeat, "SendingAttemptCount", "1");
    day_send(day, story, &repeat, "repeat", story->answer.response);
}

/* What the processor sends after it decided itself, or could not get our answer. */
static struct ehi closing_advice(const struct story *story, int attempt, char stat,
                                 const char *response)
{
    struct ehi advice = story->ehi;
    ehi_set(&advice, "SendingAttemptCount", "%d", attempt);
    ehi_set(&advice, "Authorised_by_GPS", "Y");
    ehi_set(&advice, "Txn_Stat_Code", "%c", stat);
    ehi_set(&advice, "Resp_Code_DE39", "%s", response);
    return advice;
}

/* A reversal of the story's request: of all of it, or of a part. */
static struct ehi reversal(const struct story *story, int64_t amount_e4, uint64_t txn_id)
{
    struct ehi d = story->ehi;
    const struct books_request *request = &story->request;
    int64_t bill_e4 =
        money_share(request->bill_e4, amount_e4, request->amount_e4, MONEY_TOWARD_ZERO) / 100 * 100;
    ehi_set(&d, "MTID", story->visa ? "0400" : "0420");
    ehi_set(&d, "Txn_Type", "D");
    ehi_set(&d, "TXn_ID", "%llu", (unsigned long long)txn_id);
    ehi_set_e4(&d, "Bill_Amt", amount_e4 == request->amount_e4 ? request->bill_e4 : bill_e4);
    ehi_set_e4(&d, "Txn_Amt", amount_e4);
    ehi_set_e4(&d, "Settle_Amt", amount_e4 == request->amount_e4 ? request->bill_e4 : bill_e4);
    ehi_set_e4(&d, "Fee_Fixed", 0);
    ehi_set_e4(&d, "Fee_Rate", 0);
    ehi_set_e4(&d, "FX_Pad", 0);
    ehi_set_e4(&d, "MCC_Pad", 0);
    ehi_set(&d, "Resp_Code_DE39", amount_e4 == request->amount_e4 ? "17" : "32");
    ehi_set(&d, "Message_Source", "ACQUIRER");
    ehi_set(&d, "Matching_Txn_ID", "%llu", (unsigned long long)request->txn_id);
    ehi_set(&d, "auth_expdate_utc", "%s", "");
    return d;
}

/* Most reversals name their original; some have only its trace. */
static void send_reversal(struct day *day, struct story *story, int64_t amount_e4)
{
    struct ehi d = reversal(story, amount_e4, day_next_id(day));
    if (dice_chance(&day->dice, 25)) {
        ehi_set(&d, "Matching_Txn_ID", "0");
    }
    books_reverse(story->payment, story->request.txn_id, amount_e4);
    day_send(day, story, &d, "reversal", "00");
    if (dice_chance(&day->dice, 30)) { /* sent twice: moves nothing the second time */
        ehi_set(&d, "SendingAttemptCount", "1");
        day_send(day, story, &d, "repeat", "00");
    }
}

static void reverse_all(struct day *day, struct story *story)
{
    send_reversal(day, story, story->request.amount_e4);
}

static void reverse_part(struct day *day, struct story *story)
{
    int64_t unit = story->shop->currency == JPY ? 10000 : 100;
    int64_t most = story->request.amount_e4 / unit - 1;
    if (most >= 1) {
        send_reversal(day, story, dice_between(&day->dice, 1, most) * unit);
    }
}

/* The processor's own, when nothing was presented for days: without an MTID. */
static void reverse_automatically(struct day *day, struct story *story)
{
    struct ehi d = reversal(story, story->request.amount_e4, day_next_id(day));
    ehi_set(&d, "MTID", "%s", "");
    ehi_set(&d, "Message_Source", "%s", "");
    books_reverse(story->payment, story->request.txn_id, story->request.amount_e4);
    day_send(day, story, &d, "automatic reversal", "00");
}

/* --- requests --- */

static void prepare_at(struct day *day, struct story *story, enum shop_kind kind)
{
    const struct shop *shop = day_shop(day, story, kind, false);
    day_prepare(day, story, shop, day_amount(day, shop));
    if (dice_chance(&day->dice, 40)) {
        char capability[EHI_VALUE_BYTES];
        snprintf(capability, sizeof capability, "%s", ehi_get(&story->ehi, "GPS_POS_Capability"));
        capability[0] = '1';
        ehi_set(&story->ehi, "GPS_POS_Capability", "%s", capability);
        story->request.may_be_partial = true;
    }
}

static void purchase(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_IN_PERSON);
    day_ask(day, story, "authorisation");
}

static void online(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_ONLINE);
    day_ask(day, story, "authorisation");
}

static void subscription(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_SUBSCRIPTION);
    const char *trace = ehi_get(&story->ehi, "traceid_lifecycle");
    ehi_set(&story->ehi, "Traceid_Original", "%.5s20260103%s", trace, trace + 13);
    day_ask(day, story, "authorisation");
}

static void cash(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_CASH);
    ehi_set(&story->ehi, "Proc_Code", "010000");
    ehi_set(&story->ehi, "Amt_Tran_Fee_DE28", "D00000175"); /* for information: never added */
    if (dice_chance(&day->dice, 40)) {
        day_add_fee(story, "Fee_Fixed", story->card->currency == JPY ? 1100000 : 15000);
    }
    day_ask(day, story, "cash");
}

static void cashback(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_IN_PERSON);
    ehi_set(&story->ehi, "Proc_Code", "090000");
    ehi_set(&story->ehi, "Additional_Amt_DE54", "0040%03uD%012lld", story->shop->currency,
            (long long)(story->request.amount_e4 / 400));
    day_ask(day, story, "cashback");
}

static void restaurant(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_RESTAURANT);
    day_add_fee(story, "MCC_Pad", story->request.bill_e4 / 5); /* for the tip */
    day_ask(day, story, "authorisation");
}

static void abroad(struct day *day, struct story *story)
{
    const struct shop *shop = day_shop(day, story, SHOP_IN_PERSON, true);
    day_prepare(day, story, shop, day_amount(day, shop));
    day_add_fee(story, "FX_Pad", story->request.bill_e4 / 50);
    day_add_fee(story, "Fee_Rate", story->request.bill_e4 * 3 / 200);
    ehi_set(&story->ehi, "Fx_Fee_Rate", "%s", ehi_get(&story->ehi, "Fee_Rate")); /* its breakdown */
    day_ask(day, story, "authorisation");
    if (day_was_approved(story) && dice_chance(&day->dice, 50)) {
        day_after(day, story, dice_between(&day->dice, 10, 90) * MINUTE,
                  dice_chance(&day->dice, 50) ? reverse_part : reverse_all);
    }
}

static void buy_after_check(struct day *day, struct story *story)
{
    day_prepare(day, story, story->shop, day_amount(day, story->shop));
    day_ask(day, story, "authorisation");
}

static void make_zero(struct story *story, const char *proc_code)
{
    ehi_set(&story->ehi, "Proc_Code", "%s", proc_code);
    ehi_set_e4(&story->ehi, "Bill_Amt", 0);
    ehi_set_e4(&story->ehi, "Txn_Amt", 0);
    ehi_set_e4(&story->ehi, "Settle_Amt", 0);
}

static void account_check(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_ONLINE);
    make_zero(story, "390000");
    ehi_set(&story->ehi, "auth_type", "V");
    day_send(day, story, &story->ehi, "account check", "00");
    if (dice_chance(&day->dice, 60)) {
        day_after(day, story, dice_between(&day->dice, 2, 60) * SECOND, buy_after_check);
    }
}

static void take_cash_after_enquiry(struct day *day, struct story *story)
{
    day_prepare(day, story, story->shop, day_amount(day, story->shop));
    ehi_set(&story->ehi, "Proc_Code", "010000");
    day_ask(day, story, "cash");
}

static void balance_enquiry(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_CASH);
    make_zero(story, "300000");
    day_send(day, story, &story->ehi, "balance enquiry", "00");
    if (dice_chance(&day->dice, 50)) {
        day_after(day, story, dice_between(&day->dice, 20, 90) * SECOND, take_cash_after_enquiry);
    }
}

/* --- repeats and lost answers --- */

static void repeated(struct day *day, struct story *story)
{
    purchase(day, story);
    day_after(day, story, dice_between(&day->dice, 1, 5) * SECOND, send_repeat);
}

/* The acquirer asks again with a new id: 0101 at Visa, an unmarked 0100 at Mastercard. */
static void ask_again(struct day *day, struct story *story)
{
    struct ehi again = story->ehi;
    ehi_set(&again, "MTID", story->visa ? "0101" : "0100");
    ehi_set(&again, "TXn_ID", "%llu", (unsigned long long)day_next_id(day));
    day_send(day, story, &again, "repeat", story->answer.response);
}

static void asked_again(struct day *day, struct story *story)
{
    purchase(day, story);
    day_after(day, story, dice_between(&day->dice, 5, 20) * SECOND, ask_again);
}

static void tap_again(struct day *day, struct story *story)
{
    day_prepare(day, story, story->shop, day_amount(day, story->shop));
    day_ask(day, story, "authorisation");
}

static void send_decline_twice(struct day *day, struct story *story)
{
    struct ehi advice = closing_advice(story, 2, 'I', "05");
    day_send(day, story, &advice, "repeat", "05");
}

/* R2, R4: our answer did not arrive, the processor declined and says so. */
static void send_decline(struct day *day, struct story *story)
{
    struct ehi advice = closing_advice(story, 1, 'I', "05");
    books_deny(story->payment, story->request.txn_id);
    day_send(day, story, &advice, "advice", "05");
    if (dice_chance(&day->dice, 40)) {
        day_after(day, story, 2 * MINUTE, send_decline_twice);
    }
    if (dice_chance(&day->dice, 60)) {
        day_after(day, story, dice_between(&day->dice, 3, 30) * MINUTE, tap_again);
    }
}

static void lost_answer(struct day *day, struct story *story)
{
    purchase(day, story);
    day_after(day, story, dice_between(&day->dice, 1, 120) * SECOND, send_decline);
}

/* R1: what was approved stands as the advice has it. */
static void send_confirmation(struct day *day, struct story *story)
{
    struct ehi advice = closing_advice(story, 0, 'A', story->answer.response);
    struct books_request confirmed = story->request;
    if (strcmp(story->answer.response, "10") == 0) {
        bool fits = money_e4_from_minor(story->answer.approved_minor, story->card->currency,
                                        &confirmed.bill_e4);
        confirmed.amount_e4 = money_share(story->request.amount_e4, confirmed.bill_e4,
                                          story->request.bill_e4, MONEY_TOWARD_ZERO);
        ehi_set_e4(&advice, "Bill_Amt", fits ? -confirmed.bill_e4 : 0);
    }
    books_force(story->payment, &confirmed);
    day_send(day, story, &advice, "advice", "00");
}

static void confirmed(struct day *day, struct story *story)
{
    purchase(day, story);
    if (day_was_approved(story)) {
        day_after(day, story, dice_between(&day->dice, 1, 30) * SECOND, send_confirmation);
    }
}

/* A10: the terminal can take a part, and a part is all there is. */
static void partly_approved(struct day *day, struct story *story)
{
    int64_t available = books_available(story->card);
    prepare_at(day, story, SHOP_IN_PERSON);
    if (available >= BOOKS_PARTIAL_MIN_MINOR) {
        day_set_amounts(story, available + day_amount(day, story->shop));
        ehi_set(&story->ehi, "GPS_POS_Capability", "%s",
                "10001001000000000000000100000110000000000001134CR");
        story->request.may_be_partial = true;
    }
    day_ask(day, story, "authorisation");
    if (dice_chance(&day->dice, 50) && day_was_approved(story)) {
        day_after(day, story, dice_between(&day->dice, 1, 30) * SECOND, send_confirmation);
    }
    if (dice_chance(&day->dice, 70) && day_was_approved(story)) {
        day_after(day, story, dice_between(&day->dice, 30, 180) * MINUTE, reverse_all);
    }
}

/* R3: we declined, the processor's stand-in approved. */
static void send_approval(struct day *day, struct story *story)
{
    struct ehi advice = closing_advice(story, 0, 'A', "00");
    books_force(story->payment, &story->request);
    day_send(day, story, &advice, "advice", "00");
}

static void stand_in_overrules(struct day *day, struct story *story)
{
    const struct shop *shop = day_shop(day, story, SHOP_ONLINE, false);
    int64_t available = books_available(story->card);
    day_prepare(day, story, shop, (available > 0 ? available : 0) + day_amount(day, shop));
    day_ask(day, story, "authorisation");
    day_after(day, story, dice_between(&day->dice, 2, 20) * SECOND, send_approval);
    day_after(day, story, dice_between(&day->dice, 5, 20) * MINUTE, reverse_all);
}

/* R5: we never saw the request. */
static void stand_in_approves(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_IN_PERSON);
    send_approval(day, story);
    if (dice_chance(&day->dice, 40)) {
        day_after(day, story, dice_between(&day->dice, 5, 60) * MINUTE, reverse_all);
    }
}

/* R6: the processor's own checks failed, we are told. */
static void processor_declines(struct day *day, struct story *story)
{
    static const char *const codes[] = {"55", "54", "51", "75"};
    prepare_at(day, story, SHOP_IN_PERSON);
    const char *code = codes[dice_between(&day->dice, 0, 3)];
    struct ehi advice = closing_advice(story, 0, 'I', code);
    day_send(day, story, &advice, "advice", code);
}

/* --- increments and reversals --- */

static void increment(struct day *day, struct story *story)
{
    int64_t amount = day_amount(day, story->shop) / 4;
    struct ehi first = story->ehi;
    day_renew(day, story);
    day_set_amounts(story, amount);
    ehi_set(&story->ehi, "Message_Why", story->visa ? "56" : "0");
    ehi_set(&story->ehi, "Reason_ID", story->visa ? "3900" : "");
    ehi_set(&story->ehi, "Matching_Txn_ID", "%s", ehi_get(&first, "TXn_ID"));
    day_ask(day, story, "increment");
    story->stage++;
    if (story->stage < 3 && dice_chance(&day->dice, 60)) {
        day_after(day, story, dice_between(&day->dice, 1, 3) * HOUR, increment);
    } else if (day_was_approved(story)) {
        day_after(day, story, dice_between(&day->dice, 20, 90) * MINUTE,
                  dice_chance(&day->dice, 60) ? reverse_part : reverse_all);
    }
}

static void hotel(struct day *day, struct story *story)
{
    const struct shop *shop = day_shop(day, story, SHOP_HOTEL, false);
    day_prepare(day, story, shop, day_amount(day, shop));
    day_ask(day, story, "authorisation");
    if (day_was_approved(story)) {
        day_after(day, story, dice_between(&day->dice, 1, 4) * HOUR, increment);
    }
}

static void taken_back(struct day *day, struct story *story)
{
    const struct shop *shop =
        day_shop(day, story, dice_chance(&day->dice, 50) ? SHOP_ONLINE : SHOP_IN_PERSON, false);
    day_prepare(day, story, shop, day_amount(day, shop));
    day_ask(day, story, "authorisation");
    if (day_was_approved(story)) {
        day_after(day, story, dice_between(&day->dice, 1, 240) * MINUTE, reverse_all);
    }
}

static void partly_taken_back(struct day *day, struct story *story)
{
    const struct shop *shop = day_shop(day, story, SHOP_ONLINE, false);
    day_prepare(day, story, shop, day_amount(day, shop));
    day_ask(day, story, "authorisation");
    if (day_was_approved(story)) {
        day_after(day, story, dice_between(&day->dice, 10, 120) * MINUTE, reverse_part);
        if (dice_chance(&day->dice, 40)) { /* then all that is left */
            day_after(day, story, dice_between(&day->dice, 3, 8) * HOUR, reverse_all);
        }
    }
}

/* R8: the reversal overtakes the request, which then must not be approved, or holds less. */
static void ask_after_reversal(struct day *day, struct story *story)
{
    day_ask(day, story, "authorisation");
}

static void reversal_first(struct day *day, struct story *story)
{
    const struct shop *shop = day_shop(day, story, SHOP_ONLINE, false);
    day_prepare(day, story, shop, day_amount(day, shop));
    bool whole = dice_chance(&day->dice, 60);
    int64_t unit = shop->currency == JPY ? 10000 : 100;
    story->request.early_e4 =
        whole ? story->request.amount_e4 : story->request.amount_e4 / 3 / unit * unit;
    struct ehi d = reversal(story, story->request.early_e4, day_next_id(day));
    day_send(day, story, &d, "reversal", "00");
    day_after(day, story, dice_between(&day->dice, 1, 10) * SECOND, ask_after_reversal);
}

/* D4, and a merchant's own reversal after it: nothing is left to give back. */
static void forgotten(struct day *day, struct story *story)
{
    purchase(day, story);
    if (strcmp(story->answer.response, "00") == 0) {
        day_after(day, story, dice_between(&day->dice, 2, 8) * HOUR, reverse_automatically);
        if (dice_chance(&day->dice, 40)) {
            day_after(day, story, 9 * HOUR, reverse_all);
        }
    }
}

/* --- advices of the network --- */

static struct ehi network_advice(const struct story *story, uint64_t txn_id, char stat,
                                 const char *response)
{
    struct ehi j = story->ehi;
    ehi_set(&j, "MTID", "0120");
    ehi_set(&j, "Txn_Type", "J");
    ehi_set(&j, "TXn_ID", "%llu", (unsigned long long)txn_id);
    ehi_set(&j, "Authorised_by_GPS", "Y");
    ehi_set(&j, "Txn_Stat_Code", "%c", stat);
    ehi_set(&j, "Resp_Code_DE39", "%s", response);
    ehi_set_e4(&j, "Bill_Amt", story->request.bill_e4); /* its sign says nothing */
    ehi_set_e4(&j, "Settle_Amt", 0);
    ehi_set(&j, "Response_Source", story->visa ? "VISA-STIP" : "MC-STIP");
    ehi_set(&j, "auth_expdate_utc", "%s", "");
    return j;
}

/* J1: the network approved in our place; J2: it declined. */
static void network_stands_in(struct day *day, struct story *story)
{
    const struct shop *shop = day_shop(day, story, SHOP_IN_PERSON, false);
    day_prepare(day, story, shop, day_amount(day, shop));
    bool approved = dice_chance(&day->dice, 70);
    struct ehi j =
        network_advice(story, story->request.txn_id, approved ? 'A' : 'I', approved ? "00" : "05");
    ehi_set(&j, "Auth_Code_DE38", "%s", "");
    if (approved) {
        books_force(story->payment, &story->request);
    }
    day_send(day, story, &j, "network advice", "00");
    if (approved && dice_chance(&day->dice, 30)) {
        day_after(day, story, dice_between(&day->dice, 10, 120) * MINUTE, reverse_all);
    }
}

/* An advice that names our authorisation: its amount stands, or nothing does. */
static void send_network_word(struct day *day, struct story *story)
{
    bool approved = story->stage == 0;
    struct ehi j =
        network_advice(story, day_next_id(day), approved ? 'A' : 'I', approved ? "00" : "05");
    ehi_set(&j, "Matching_Txn_ID", "%llu", (unsigned long long)story->request.txn_id);
    if (approved) {
        int64_t unit = story->shop->currency == JPY ? 10000 : 100;
        int64_t amount_e4 = story->request.amount_e4 * 3 / 4 / unit * unit;
        struct books_request word = story->request;
        word.bill_e4 = amount_e4; /* its shop has the card's currency */
        word.amount_e4 = amount_e4;
        word.fees_e4 = 0;
        ehi_set_e4(&j, "Bill_Amt", amount_e4);
        ehi_set_e4(&j, "Txn_Amt", amount_e4);
        books_force(story->payment, &word);
    } else {
        books_deny(story->payment, story->request.txn_id);
    }
    day_send(day, story, &j, "network advice", "00");
}

static void network_has_a_word(struct day *day, struct story *story)
{
    const struct shop *shop = day_shop(day, story, SHOP_IN_PERSON, false);
    day_prepare(day, story, shop, day_amount(day, shop));
    day_ask(day, story, "authorisation");
    story->stage = dice_chance(&day->dice, 60) ? 0 : 1;
    if (day_was_approved(story)) {
        day_after(day, story, dice_between(&day->dice, 10, 300) * SECOND, send_network_word);
    }
}

/* --- refusals --- */

static void too_much(struct day *day, struct story *story)
{
    const struct shop *shop = day_shop(day, story, SHOP_ONLINE, false);
    int64_t available = books_available(story->card);
    day_prepare(day, story, shop, (available > 0 ? available : 0) + day_amount(day, shop));
    day_ask(day, story, "authorisation");
    if (dice_chance(&day->dice, 40)) {
        day_after(day, story, dice_between(&day->dice, 2, 8) * SECOND, send_repeat);
    }
}

static void unknown_card(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_ONLINE);
    ehi_set(&story->ehi, "Token", "%lld",
            (long long)dice_between(&day->dice, 999000000, 999999999));
    day_send(day, story, &story->ehi, "authorisation", "14");
}

static void wrong_currency(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_IN_PERSON);
    ehi_set(&story->ehi, "Bill_Ccy", "%s", story->card->currency == 826 ? "978" : "826");
    day_send(day, story, &story->ehi, "authorisation", "62");
}

static void refund(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_ONLINE);
    ehi_set(&story->ehi, "Proc_Code", "200000");
    ehi_set_e4(&story->ehi, "Bill_Amt", story->request.bill_e4);
    day_send(day, story, &story->ehi, "refund", "58");
}

static void fuel(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_IN_PERSON);
    ehi_set(&story->ehi, "MCC_Code", "5542");
    ehi_set(&story->ehi, "MCC_Desc", "Automated Fuel Dispensers");
    day_send(day, story, &story->ehi, "fuel", "58");
}

static void single_message(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_CASH);
    ehi_set(&story->ehi, "MTID", "0200");
    ehi_set(&story->ehi, "Txn_Type", "M");
    ehi_set(&story->ehi, "Proc_Code", "010000");
    day_send(day, story, &story->ehi, "financial request", "58");
}

static void malformed(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_IN_PERSON);
    ehi_set(&story->ehi, "Bill_Amt", "-1,250.00");
    day_send(day, story, &story->ehi, "authorisation", story->visa ? "12" : "05");
}

/* R18: an id that was used before, for something else. */
static void send_conflict(struct day *day, struct story *story)
{
    struct ehi other = story->ehi;
    ehi_set_e4(&other, "Txn_Amt", story->request.amount_e4 + 10000);
    ehi_set_e4(&other, "Bill_Amt", -story->request.bill_e4 - 10000);
    day_send(day, story, &other, "conflict", "05");
}

static void conflict(struct day *day, struct story *story)
{
    purchase(day, story);
    day_after(day, story, dice_between(&day->dice, 5, 60) * SECOND, send_conflict);
}

/* --- what asks for nothing --- */

/* F0: announces a financial message that has no authorisation. */
static void dummy(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_IN_PERSON);
    ehi_set(&story->ehi, "MTID", "%s", story->visa ? "05  " : "1240");
    ehi_set(&story->ehi, "Resp_Code_DE39", "%s", "");
    day_send(day, story, &story->ehi, "dummy", NULL);
}

static void token_notice(struct day *day, struct story *story)
{
    prepare_at(day, story, SHOP_ONLINE);
    make_zero(story, "350000");
    ehi_set(&story->ehi, "MTID", "0620");
    ehi_set(&story->ehi, "Txn_Type", "J");
    ehi_set(&story->ehi, "Authorised_by_GPS", "Y");
    ehi_set(&story->ehi, "PaymentToken_status", "A");
    day_send(day, story, &story->ehi, "token notice", NULL);
}

void stories_large_purchase(struct day *day, struct story *story)
{
    const struct shop *shop = day_shop(day, story, SHOP_ONLINE, false);
    int64_t left = dice_between(&day->dice, shop->least_minor, shop->most_minor);
    day_prepare(day, story, shop, books_available(story->card) - left);
    ehi_set(&story->ehi, "MCC_Code", "5511");
    ehi_set(&story->ehi, "MCC_Desc", "Car and Truck Dealers");
    day_ask(day, story, "authorisation");
}

const struct story_kind stories[] = {
    {"purchase",            purchase,           34, false},
    {"online",              online,             12, false},
    {"subscription",        subscription,       3,  false},
    {"cash",                cash,               8,  false},
    {"cashback",            cashback,           3,  false},
    {"restaurant",          restaurant,         5,  false},
    {"abroad",              abroad,             5,  false},
    {"account check",       account_check,      4,  false},
    {"balance enquiry",     balance_enquiry,    4,  false},
    {"repeated request",    repeated,           4,  false},
    {"asked again",         asked_again,        3,  false},
    {"lost answer",         lost_answer,        5,  false},
    {"confirmed",           confirmed,          3,  false},
    {"partly approved",     partly_approved,    3,  true },
    {"stand-in overrules",  stand_in_overrules, 2,  true },
    {"stand-in approves",   stand_in_approves,  2,  false},
    {"processor declines",  processor_declines, 3,  false},
    {"hotel",               hotel,              4,  false},
    {"taken back",          taken_back,         5,  false},
    {"partly taken back",   partly_taken_back,  5,  false},
    {"reversal first",      reversal_first,     3,  false},
    {"forgotten",           forgotten,          3,  false},
    {"network stands in",   network_stands_in,  3,  false},
    {"network has a word",  network_has_a_word, 3,  false},
    {"too much",            too_much,           5,  false},
    {"unknown card",        unknown_card,       1,  false},
    {"wrong currency",      wrong_currency,     1,  false},
    {"refund",              refund,             2,  false},
    {"fuel",                fuel,               1,  false},
    {"single message",      single_message,     1,  false},
    {"malformed",           malformed,          1,  false},
    {"conflict",            conflict,           1,  false},
    {"dummy authorisation", dummy,              1,  false},
    {"token notice",        token_notice,       1,  false},
};
const size_t stories_count = sizeof stories / sizeof stories[0];

size_t stories_pick(struct dice *dice)
{
    int weights[sizeof stories / sizeof stories[0]];
    for (size_t i = 0; i < stories_count; i++) {
        weights[i] = stories[i].weight;
    }
    return dice_weighted(dice, weights, stories_count);
}
