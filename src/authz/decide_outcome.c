#include "authz/decide_outcome.h"

#include <string.h>

#include "authz/decide_reversal.h"
#include "authz/effect.h"
#include "authz/set.h"
#include "base/money.h"

/* --- what an advice does to the payment it belongs to --- */

/* The processor's fee for a decline: in Fee_Fixed while the note names it. Only where we never had
 * the request, and only once, which the message's key sees to. */
static int64_t decline_fee(const struct facts *facts)
{
    const struct statement *statement = facts->statement;

    if (statement->row != ROW_A16_DECLINED || facts->request->known ||
        statement->fee_fixed_e4 <= 0 || strcasestr(facts->message->note, "fee") == NULL ||
        statement->bill_currency != facts->account->currency) {
        return 0;
    }
    return money_minor_from_e4(statement->fee_fixed_e4, statement->bill_currency, MONEY_HALF_AWAY,
                               NULL);
}

static void charge_decline_fee(const struct facts *facts, struct decision *decision)
{
    int64_t fee_minor = decline_fee(facts);

    if (fee_minor > 0) {
        decision->fee_minor = fee_minor;
        effect_event(decision, EVENT_FEE_CHARGED);
    }
}

static enum event_type event_of_net(const struct decision *decision)
{
    return effect_net(decision) < 0 ? EVENT_HOLD_REDUCED : EVENT_HOLD_INCREASED;
}

/* The closing advice of a request that we had: the six cases of repair. */
static void note_closing(const struct facts *facts, const struct set *set,
                         struct decision *decision)
{
    bool approved = facts->classification->row == ROW_A17_APPROVED;
    bool had = facts->request->statement.approved &&
               set_find(set, facts->statement->txn_id, ROLE_VOID) == NULL;
    bool moved = decision->change_count > 0;

    decision->repair = had ? (approved ? "R1" : "R2") : (approved ? "R3" : "R4");
    if (moved && had == approved) {
        effect_event(decision, event_of_net(decision));
    } else if (moved) {
        effect_event(decision, approved ? EVENT_REPAIR_HELD : EVENT_REPAIR_RELEASED);
    }
}

/* Decided elsewhere without us. In modes 2 and 3 that is the ordinary course, else a repair. */
static void note_foreign(const struct facts *facts, struct decision *decision)
{
    bool approved = facts->classification->row == ROW_A17_APPROVED;
    bool repairs = facts->product->mode != 2 && facts->product->mode != 3;

    decision->repair = repairs ? (approved ? "R5" : "R6") : NULL;
    effect_event(decision, approved ? EVENT_AUTHORISATION_APPROVED : EVENT_AUTHORISATION_DECLINED);
    if (approved && repairs && decision->change_count > 0) {
        effect_event(decision, EVENT_REPAIR_HELD);
    }
}

static bool was_standing(const struct set *set, uint64_t txn_id)
{
    const struct authorisation *before = payment_find(&set->before, txn_id);

    return before != NULL && before->stands;
}

/* A network advice: an authorisation of its own, or the last word about another. */
static void note_advice(const struct facts *facts, const struct set *set, struct decision *decision)
{
    bool approved = facts->classification->row == ROW_J1_ADVICE_APPROVED;
    const struct authorisation *own = payment_find(&set->after, facts->statement->txn_id);
    bool names_another = own != NULL && own->txn_id != facts->statement->txn_id;

    if (!approved) {
        effect_event(decision, EVENT_AUTHORISATION_DECLINED);
        if (decision->change_count > 0) {
            effect_event(decision, EVENT_REPAIR_RELEASED);
        }
    } else if (!names_another) {
        effect_event(decision, EVENT_AUTHORISATION_APPROVED);
    } else if (decision->change_count > 0) {
        decision->repair = "R12";
        effect_event(decision,
                     was_standing(set, own->txn_id) ? event_of_net(decision) : EVENT_REPAIR_HELD);
    }
}

/* What had waited for this message. */
static void note_joined(const struct facts *facts, const struct set *set, struct decision *decision)
{
    const struct authorisation *own = payment_find(&set->after, facts->statement->txn_id);

    if (decision->joined_count == 0) {
        return;
    }
    if (decision->repair == NULL) {
        decision->repair = facts->statement->type == 'J' ? "R11" : "R8";
    }
    if (own != NULL && own->stands && own->reversed_txn_e4 > 0) {
        effect_event(decision, own->hold_minor == 0 ? EVENT_HOLD_RELEASED : EVENT_HOLD_REDUCED);
    }
}

static void find_payment(const struct facts *facts, struct decision *decision)
{
    const struct statement *statement = facts->statement;

    decision->match = match_authorisation(statement, facts->entries, facts->entry_count);
    bool identified = decision->match.kind == MATCH_FOUND && decision->match.score == MATCH_CERTAIN;
    if (statement->type == 'J' && !identified) {
        struct match scored = match_find(statement, facts->entries, facts->entry_count);
        decision->match = scored.kind != MATCH_NONE ? scored : decision->match;
    }
}

static void answer_advice(const struct facts *facts, struct decision *decision)
{
    enum message_row row = facts->classification->row;
    bool network = facts->statement->type == 'J';
    char code[3] = "00";

    decision->actor = network ? "network" : "processor";
    if (row == ROW_A16_DECLINED) {
        codes_echo(facts->statement->response, code);
    }
    if (row == ROW_A17_APPROVED || row == ROW_J1_ADVICE_APPROVED) {
        effect_answer(decision, code, REASON_APPROVED,
                      network ? "approved by the network" : "approved by the processor");
    } else {
        effect_answer(decision, code, REASON_PROCESSOR,
                      network ? "declined by the network" : "declined by the processor");
    }
}

static void note_advice_events(const struct facts *facts, const struct set *set,
                               struct decision *decision)
{
    if (facts->statement->type == 'J') {
        note_advice(facts, set, decision);
    } else if (facts->request->known) {
        note_closing(facts, set, decision);
    } else {
        note_foreign(facts, decision);
    }
    if (decision->match.kind == MATCH_UNRELIABLE) {
        effect_event(decision, EVENT_MATCH_UNRELIABLE);
    } else {
        note_joined(facts, set, decision);
    }
}

static void decide_advice(const struct facts *facts, struct decide_scratch *scratch,
                          struct decision *decision)
{
    const struct effect_codes codes = {.growth = CODE_FORCED_HOLD, .reduction = CODE_RELEASE};
    struct set *set = &scratch->set;

    answer_advice(facts, decision);
    find_payment(facts, decision);
    effect_link(decision, decision->match.kind == MATCH_FOUND ? decision->match.payment
                                                              : facts->statement->txn_id);
    set_begin(set, facts, decision->payment);
    const struct payment_entry *original = match_repeat(facts->statement, set->entries, set->count);
    if (original != NULL) {
        decision->statement.repeat_of = original->statement.txn_id;
    }
    set_add(set, &decision->statement);
    set_join_parked(set, facts, &decision->statement, decision);
    set_compute(set, facts);
    if (set_overflows(set) || !effect_changes(facts, &set->before, &set->after, &codes, decision)) {
        effect_fail(facts, decision, "payment or balance out of range");
        return;
    }
    note_advice_events(facts, set, decision);
    charge_decline_fee(facts, decision);
    if (payment_asked_e4(facts->statement) > 0 &&
        facts->statement->bill_currency != facts->account->currency) {
        decision->rule = "billing currency is not the account's";
        decision->inbox = INBOX_NOT_HANDLED;
    }
}

/* Of a refund or a single-message financial: known to have been decided, and it moves nothing here.
 */
static void decide_foreign_kind(const struct facts *facts, struct decision *decision)
{
    answer_advice(facts, decision);
    if (facts->classification->row == ROW_A17_APPROVED) {
        decision->inbox = INBOX_NOT_HANDLED;
        return;
    }
    if (!facts->request->known) {
        effect_event(decision, EVENT_AUTHORISATION_DECLINED);
    }
    charge_decline_fee(facts, decision);
}

/* --- the rest --- */

/* Only a link: the presentment that follows names it. */
static void decide_dummy(const struct facts *facts, struct decide_scratch *scratch,
                         struct decision *decision)
{
    (void)scratch;
    decision->actor = "processor";
    effect_answer(decision, "00", REASON_NOTED, "dummy authorisation");
    decision->match = match_find(facts->statement, facts->entries, facts->entry_count);
    effect_link(decision, decision->match.kind == MATCH_FOUND ? decision->match.payment
                                                              : facts->statement->txn_id);
}

static void decide_unhandled(struct decision *decision)
{
    decision->actor = "processor";
    effect_answer(decision, "00", REASON_NOTED, "kind not handled yet");
    decision->inbox = INBOX_NOT_HANDLED;
}

static void decide_token_event(const struct facts *facts, struct decide_scratch *scratch,
                               struct decision *decision)
{
    (void)facts;
    (void)scratch;
    decision->actor = "processor";
    effect_answer(decision, "00", REASON_NOTED, "token event");
}

static void decide_cut_off(const struct facts *facts, struct decide_scratch *scratch,
                           struct decision *decision)
{
    (void)facts;
    (void)scratch;
    decision->actor = "processor";
    effect_answer(decision, "00", REASON_NOTED, "cut-off");
    decision->reply.cut_off = true;
}

static bool is_plain_authorisation(const struct facts *facts)
{
    return facts->statement->type != 'M' && facts->classification->direction != DIRECTION_CREDIT;
}

static void decide_decided(const struct facts *facts, struct decide_scratch *scratch,
                           struct decision *decision)
{
    if (is_plain_authorisation(facts)) {
        decide_advice(facts, scratch, decision);
    } else {
        decide_foreign_kind(facts, decision);
    }
}

void decide_outcome(const struct facts *facts, struct decide_scratch *scratch,
                    struct decision *decision)
{
    static const struct {
        enum message_row row;
        void (*decide)(const struct facts *, struct decide_scratch *, struct decision *);
    } rows[] = {
        {ROW_A16_DECLINED,          decide_decided    },
        {ROW_A17_APPROVED,          decide_decided    },
        {ROW_J1_ADVICE_APPROVED,    decide_advice     },
        {ROW_J2_ADVICE_DECLINED,    decide_advice     },
        {ROW_D1_REVERSAL,           decide_reversal   },
        {ROW_D4_AUTOMATIC_REVERSAL, decide_reversal   },
        {ROW_VOID,                  decide_void       },
        {ROW_F0_DUMMY,              decide_dummy      },
        {ROW_J4_TOKEN_EVENT,        decide_token_event},
        {ROW_CUT_OFF,               decide_cut_off    },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].row == facts->classification->row) {
            rows[i].decide(facts, scratch, decision);
            return;
        }
    }
    decide_unhandled(decision);
}
