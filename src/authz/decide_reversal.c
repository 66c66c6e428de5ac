#include "authz/decide_reversal.h"

#include <assert.h>

#include "authz/effect.h"
#include "authz/set.h"

static void park(const struct facts *facts, struct decision *decision)
{
    bool unreliable = decision->match.kind == MATCH_UNRELIABLE;
    (void)facts;

    effect_answer(decision, "00", REASON_NOTED,
                  unreliable ? "may belong to several payments" : "waits for its original");
    decision->repair = "R8";
    decision->inbox = unreliable ? INBOX_UNRELIABLE : INBOX_PARKED;
    effect_event(decision, EVENT_REVERSAL_PARKED);
    if (unreliable) {
        effect_event(decision, EVENT_MATCH_UNRELIABLE);
    }
}

/* Whether every authorisation that the message lessened holds nothing any more. */
static bool released_all(const struct decision *decision, const struct payment_holds *after)
{
    for (size_t i = 0; i < decision->change_count; i++) {
        for (size_t a = 0; a < after->count; a++) {
            if (after->authorisations[a].txn_id == decision->changes[i].authorisation &&
                after->authorisations[a].hold_minor > 0) {
                return false;
            }
        }
    }
    return true;
}

void decide_reversal(const struct facts *facts, struct decide_scratch *scratch,
                     struct decision *decision)
{
    bool expires = facts->classification->row == ROW_D4_AUTOMATIC_REVERSAL;
    struct set *set = &scratch->set;
    const struct effect_codes codes = {.growth = CODE_FORCED_HOLD,
                                       .reduction = expires ? CODE_EXPIRED : CODE_RELEASE};

    decision->actor = expires ? "processor" : "network";
    decision->match = match_find(facts->statement, facts->entries, facts->entry_count);
    if (decision->match.kind != MATCH_FOUND) {
        park(facts, decision);
        return;
    }
    effect_answer(decision, "00", REASON_NOTED, expires ? "hold expired" : "reversed");
    effect_link(decision, decision->match.payment);
    set_begin(set, facts, decision->match.payment);
    set_add(set, &decision->statement);
    set_compute(set, facts);
    if (set_overflows(set) || !effect_changes(facts, &set->before, &set->after, &codes, decision)) {
        effect_fail(facts, decision, "payment or balance out of range");
        return;
    }
    if (decision->change_count == 0) {
        decision->rule = "nothing held";
        decision->repair = expires ? "R14" : NULL;
        return;
    }
    effect_event(decision, expires                               ? EVENT_HOLD_EXPIRED
                           : released_all(decision, &set->after) ? EVENT_HOLD_RELEASED
                                                                 : EVENT_HOLD_REDUCED);
}

/* The payment of the request that is taken back; 0: it has none. */
static uint64_t find_payment(const struct facts *facts)
{
    for (size_t i = 0; i < facts->entry_count; i++) {
        if (facts->entries[i].statement.txn_id == facts->statement->txn_id &&
            facts->entries[i].statement.role == ROLE_REQUEST) {
            return facts->entries[i].payment;
        }
    }
    return 0;
}

void decide_void(const struct facts *facts, struct decide_scratch *scratch,
                 struct decision *decision)
{
    uint64_t payment = find_payment(facts);
    struct set *set = &scratch->set;
    const struct effect_codes codes = {.growth = CODE_FORCED_HOLD, .reduction = CODE_VOIDED};

    decision->actor = "host";
    effect_answer(decision,
                  codes_decline(REASON_UNTOLD, facts->statement->scheme,
                                facts->classification->direction == DIRECTION_CREDIT),
                  REASON_UNTOLD, "answer not told");
    if (payment == 0) {
        effect_event(decision, EVENT_AUTHORISATION_VOIDED);
        return;
    }
    set_begin(set, facts, payment);
    if (set_find(set, facts->statement->txn_id, ROLE_VOID) != NULL) {
        decision->disposition = DISPOSE_REPEAT;
        return;
    }
    effect_link(decision, payment);
    set_add(set, &decision->statement);
    set_compute(set, facts);
    if (set_overflows(set) || !effect_changes(facts, &set->before, &set->after, &codes, decision)) {
        effect_fail(facts, decision, "payment or balance out of range");
        return;
    }
    effect_event(decision, EVENT_AUTHORISATION_VOIDED);
}
