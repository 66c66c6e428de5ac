#include "authz/effect.h"

#include <assert.h>
#include <string.h>

#include "base/money.h"

void effect_answer(struct decision *decision, const char *response, enum reason reason,
                   const char *rule)
{
    decision->reason = reason;
    decision->rule = rule;
    decision->reply.acknowledged = true;
    memset(decision->reply.response, 0, sizeof decision->reply.response);
    memcpy(decision->reply.response, response, strnlen(response, 2));
    memcpy(decision->statement.answer, decision->reply.response, sizeof decision->statement.answer);
    decision->statement.reason = (uint8_t)reason;
}

void effect_link(struct decision *decision, uint64_t payment)
{
    decision->payment = payment;
    decision->links = true;
}

void effect_event(struct decision *decision, enum event_type type)
{
    assert(decision->event_count < DECISION_EVENTS_MAX);
    decision->events[decision->event_count++] = type;
}

/* --- changes --- */

/* By the hold's key, not by membership: a key that another authorisation took over holds nothing.
 */
static const struct authorisation *find_key(const struct payment_holds *holds, uint64_t key)
{
    for (size_t i = 0; i < holds->count; i++) {
        if (holds->authorisations[i].txn_id == key) {
            return &holds->authorisations[i];
        }
    }
    return NULL;
}

static bool add_change(struct decision *decision, uint64_t key, const struct authorisation *was,
                       const struct authorisation *is, const struct effect_codes *codes)
{
    int64_t delta = (is != NULL ? is->hold_minor : 0) - (was != NULL ? was->hold_minor : 0);
    int64_t fee = (is != NULL ? is->fee_minor : 0) - (was != NULL ? was->fee_minor : 0);

    if (delta == 0) {
        return true;
    }
    if (decision->change_count == DECISION_CHANGES_MAX) {
        return false;
    }
    decision->changes[decision->change_count++] = (struct hold_change){
        .authorisation = key,
        .delta_minor = delta,
        .fee_minor = delta < 0 || fee < 0 ? 0
                     : fee < delta        ? fee
                                          : delta,
        .code = delta < 0 ? codes->reduction : codes->growth,
    };
    return true;
}

static bool list_changes(const struct payment_holds *before, const struct payment_holds *after,
                         const struct effect_codes *codes, struct decision *decision)
{
    for (size_t i = 0; i < before->count; i++) {
        const struct authorisation *was = &before->authorisations[i];
        if (!add_change(decision, was->txn_id, was, find_key(after, was->txn_id), codes)) {
            return false;
        }
    }
    for (size_t i = 0; i < after->count; i++) {
        const struct authorisation *is = &after->authorisations[i];
        if (find_key(before, is->txn_id) == NULL &&
            !add_change(decision, is->txn_id, NULL, is, codes)) {
            return false;
        }
    }
    return true;
}

/* What is given back must be free before it is taken again. */
static void put_reductions_first(struct decision *decision)
{
    for (size_t i = 1; i < decision->change_count; i++) {
        struct hold_change moving = decision->changes[i];
        size_t at = i;
        for (; at > 0 && moving.delta_minor < 0 && decision->changes[at - 1].delta_minor > 0;
             at--) {
            decision->changes[at] = decision->changes[at - 1];
        }
        decision->changes[at] = moving;
    }
}

int64_t effect_net(const struct decision *decision)
{
    int64_t net = 0;

    for (size_t i = 0; i < decision->change_count; i++) {
        net += decision->changes[i].delta_minor; /* bounded: effect_changes has added them up */
    }
    return net;
}

void effect_tell(struct decision *decision)
{
    if (decision->change_count > 0 && decision->event_count == 0) {
        effect_event(decision,
                     effect_net(decision) < 0 ? EVENT_HOLD_REDUCED : EVENT_HOLD_INCREASED);
    }
}

static bool is_in_range(int64_t minor)
{
    return minor >= -MONEY_MINOR_MAX && minor <= MONEY_MINOR_MAX;
}

static bool changes_fit(const struct facts *facts, const struct decision *decision)
{
    int64_t held = facts->account->held_minor;

    for (size_t i = 0; i < decision->change_count; i++) {
        if (!is_in_range(decision->changes[i].delta_minor) ||
            !money_add(held, decision->changes[i].delta_minor, &held) || held < 0 ||
            held > MONEY_MINOR_MAX) {
            return false;
        }
    }
    return true;
}

static int64_t available_after(const struct facts *facts, const struct decision *decision)
{
    const struct account_facts *account = facts->account;

    return account->posted_minor - decision->fee_minor - account->held_minor -
           effect_net(decision) + account->overdraft_minor;
}

bool effect_changes(const struct facts *facts, const struct payment_holds *before,
                    const struct payment_holds *after, const struct effect_codes *codes,
                    struct decision *decision)
{
    decision->change_count = 0;
    if (!list_changes(before, after, codes, decision)) {
        decision->change_count = 0;
        return false;
    }
    put_reductions_first(decision);
    if (!changes_fit(facts, decision)) {
        decision->change_count = 0;
        return false;
    }
    /* The books refuse an authorisation that takes available below zero; one that adds nothing to
     * its payment may stand all the same, and is booked as forced then. */
    bool free_after = available_after(facts, decision) >= 0;
    for (size_t i = 0; i < decision->change_count; i++) {
        struct hold_change *change = &decision->changes[i];
        if (change->delta_minor > 0 && codes->ours != 0 && change->authorisation == codes->ours &&
            free_after) {
            change->code = CODE_AUTHORISATION;
        }
    }
    return true;
}

void effect_fail(const struct facts *facts, struct decision *decision, const char *rule)
{
    bool request = facts->classification->role == ROLE_REQUEST;

    decision->change_count = 0;
    decision->joined_count = 0;
    decision->event_count = 0;
    decision->fee_minor = 0;
    decision->links = false;
    decision->payment = 0;
    decision->repair = NULL;
    decision->statement.approved = false;
    decision->statement.approved_minor = 0;
    decision->reply.approved_minor = 0;
    if (request) {
        effect_answer(decision,
                      codes_decline(REASON_ERROR, decision->statement.scheme,
                                    facts->classification->direction == DIRECTION_CREDIT),
                      REASON_ERROR, rule);
        effect_event(decision, EVENT_AUTHORISATION_DECLINED);
        return;
    }
    effect_answer(decision, "96", REASON_ERROR, rule);
    decision->reply.acknowledged = false;
    decision->disposition = DISPOSE_REJECT;
    decision->inbox = INBOX_ERROR;
}

void effect_balances(const struct facts *facts, struct decision *decision)
{
    const struct account_facts *account = facts->account;

    if (account == NULL) {
        return;
    }
    int64_t held = account->held_minor + effect_net(decision);
    int64_t posted = account->posted_minor - decision->fee_minor;
    decision->reply.has_balances = true;
    decision->reply.currency = account->currency;
    decision->reply.posted_minor = posted;
    decision->reply.available_minor =
        posted - held + (facts->product->show_overdraft ? account->overdraft_minor : 0);
    decision->statement.decided_at_us = facts->decided_at_us;
    decision->statement.posted_minor = account->posted_minor;
    decision->statement.held_minor = account->held_minor;
    decision->statement.overdraft_minor = account->overdraft_minor;
    decision->statement.account_status = (uint8_t)account->status;
    decision->statement.card_status = (uint8_t)facts->card->status;
}
