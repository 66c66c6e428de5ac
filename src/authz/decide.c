#include "authz/decide.h"

#include <assert.h>
#include <string.h>

#include "authz/decide_again.h"
#include "authz/decide_outcome.h"
#include "authz/decide_request.h"
#include "authz/effect.h"
#include "authz/set.h"
#include "base/money.h"

size_t decide_scratch_bytes(void)
{
    return sizeof(struct decide_scratch);
}

const char *inbox_why_name(enum inbox_why why)
{
    switch (why) {
    case INBOX_NOT:
        return "";
    case INBOX_UNKNOWN_CARD:
        return "unknown_card";
    case INBOX_PARKED:
        return "parked";
    case INBOX_UNRELIABLE:
        return "unreliable";
    case INBOX_NOT_HANDLED:
        return "not_handled";
    case INBOX_UNKNOWN_KIND:
        return "unknown_kind";
    case INBOX_MALFORMED:
        return "malformed";
    case INBOX_UNREADABLE:
        return "unreadable";
    case INBOX_ERROR:
        return "error";
    }
    return "unknown";
}

const char *event_type_name(enum event_type type)
{
    static const char *const names[EVENT_TYPE_COUNT] = {
        [EVENT_NONE] = "",
        [EVENT_AUTHORISATION_APPROVED] = "authorisation.approved",
        [EVENT_AUTHORISATION_APPROVED_PARTIALLY] = "authorisation.approved_partially",
        [EVENT_AUTHORISATION_DECLINED] = "authorisation.declined",
        [EVENT_AUTHORISATION_VOIDED] = "authorisation.voided",
        [EVENT_AUTHORISATION_SUSPECTED_REPEAT] = "authorisation.suspected_repeat",
        [EVENT_HOLD_INCREASED] = "hold.increased",
        [EVENT_HOLD_REDUCED] = "hold.reduced",
        [EVENT_HOLD_RELEASED] = "hold.released",
        [EVENT_HOLD_EXPIRED] = "hold.expired",
        [EVENT_REPAIR_HELD] = "repair.held",
        [EVENT_REPAIR_RELEASED] = "repair.released",
        [EVENT_ACCOUNT_CHECKED] = "account.checked",
        [EVENT_BALANCE_ENQUIRED] = "balance.enquired",
        [EVENT_FEE_CHARGED] = "fee.charged",
        [EVENT_REVERSAL_PARKED] = "reversal.parked",
        [EVENT_MATCH_UNRELIABLE] = "match.unreliable",
        [EVENT_MESSAGE_CONFLICT] = "message.conflict",
        [EVENT_MESSAGE_UNKNOWN] = "message.unknown",
    };

    assert(type >= 0 && type < EVENT_TYPE_COUNT);
    return names[type];
}

static bool is_request(const struct facts *facts)
{
    return facts->classification->role == ROLE_REQUEST;
}

static bool is_credit(const struct facts *facts)
{
    return facts->classification->direction == DIRECTION_CREDIT;
}

static const char *decline_code(const struct facts *facts, enum reason reason)
{
    return codes_decline(reason, facts->statement->scheme, is_credit(facts));
}

/* --- malformed --- */

static bool is_wire_amount(int64_t e4)
{
    return e4 >= -MONEY_E4_MAX && e4 <= MONEY_E4_MAX;
}

static bool is_wire_fee(int64_t e4)
{
    return e4 >= 0 && e4 <= MONEY_E4_MAX;
}

/* Amounts that the books could not hold, and fees with a sign. */
static bool amounts_are_out_of_range(const struct statement *statement)
{
    if (!is_wire_amount(statement->bill_e4) || !is_wire_amount(statement->txn_e4)) {
        return true;
    }
    if (!match_row_authorises(statement->row)) {
        return false; /* its fees move nothing here */
    }
    if (!is_wire_fee(statement->fee_fixed_e4) || !is_wire_fee(statement->fee_rate_e4) ||
        !is_wire_fee(statement->fx_pad_e4) || !is_wire_fee(statement->mcc_pad_e4)) {
        return true;
    }
    return money_exponent(statement->bill_currency) >= 0 &&
           money_minor_from_e4(payment_total_e4(statement), statement->bill_currency,
                               MONEY_AWAY_FROM_ZERO, NULL) > MONEY_MINOR_MAX;
}

/* What is stored must be readable again: an amount that no wire amount can be is none. */
static void drop_impossible_amounts(struct statement *statement)
{
    int64_t *const amounts[] = {&statement->bill_e4,      &statement->txn_e4,
                                &statement->fee_fixed_e4, &statement->fee_rate_e4,
                                &statement->fx_pad_e4,    &statement->mcc_pad_e4};

    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        *amounts[i] = is_wire_amount(*amounts[i]) ? *amounts[i] : 0;
    }
}

static bool is_malformed(const struct facts *facts)
{
    return facts->message->malformed_field != NULL || facts->message->token_malformed ||
           amounts_are_out_of_range(facts->statement);
}

static void refuse_malformed(const struct facts *facts, struct decision *decision)
{
    const char *rule = facts->message->malformed_field != NULL ? facts->message->malformed_field
                       : facts->message->token_malformed       ? "Token"
                                                               : "amount out of range";

    drop_impossible_amounts(&decision->statement);
    if (!is_request(facts)) {
        effect_answer(decision, "96", REASON_MALFORMED, rule);
        decision->reply.acknowledged = false;
        decision->disposition = DISPOSE_REJECT;
        decision->inbox = INBOX_MALFORMED;
        decision->actor = "processor";
        return;
    }
    decision->actor = "host";
    effect_answer(decision, decline_code(facts, REASON_MALFORMED), REASON_MALFORMED, rule);
    if (facts->request->known) {
        decision->disposition = DISPOSE_CONFLICT; /* the id is taken: kept beside */
        return;
    }
    effect_event(decision, EVENT_AUTHORISATION_DECLINED);
}

/* --- seen before --- */

static const struct earlier *find_earlier(const struct facts *facts)
{
    switch (facts->classification->role) {
    case ROLE_REQUEST:
        return facts->request;
    case ROLE_OUTCOME:
        return facts->outcome;
    case ROLE_VOID:
        break; /* the set knows */
    }
    return NULL;
}

static void answer_conflict(const struct facts *facts, struct decision *decision)
{
    bool request = is_request(facts);

    effect_answer(decision, request ? decline_code(facts, REASON_CONFLICT) : "00",
                  request ? REASON_CONFLICT : REASON_NOTED, "same id, other content");
    decision->disposition = DISPOSE_CONFLICT;
    decision->repair = "R18";
    decision->actor = request ? "host" : "processor";
    effect_event(decision, EVENT_MESSAGE_CONFLICT);
}

static void answer_again(const struct facts *facts, struct decide_scratch *scratch,
                         struct decision *decision)
{
    if (is_request(facts)) {
        decide_again(facts, scratch, decision);
        return;
    }
    decision->disposition = DISPOSE_REPEAT;
    decision->reply = facts->outcome->reply;
    decision->statement = facts->outcome->statement;
    decision->reason = (enum reason)facts->outcome->statement.reason;
    decision->rule = "seen before";
    decision->actor = "processor";
}

/* A malformed request that was refused as malformed already is the same again. */
static bool is_malformed_again(const struct facts *facts)
{
    return is_request(facts) && facts->request->known &&
           facts->request->statement.reason == REASON_MALFORMED &&
           !statement_conflicts(facts->statement, &facts->request->statement);
}

/* --- not about a payment --- */

static void answer_unknown_kind(const struct facts *facts, struct decision *decision)
{
    (void)facts;
    effect_answer(decision, "05", REASON_NOTED, "unknown kind");
    decision->inbox = INBOX_UNKNOWN_KIND;
    decision->actor = "host";
    effect_event(decision, EVENT_MESSAGE_UNKNOWN);
}

/* An advice is never contradicted, not even of a card that we do not know. */
static void answer_unknown_card(const struct facts *facts, struct decision *decision)
{
    char code[3] = "00";

    if (facts->classification->row == ROW_A16_DECLINED) {
        codes_echo(facts->statement->response, code);
    }
    effect_answer(decision, code, REASON_UNKNOWN_CARD, "no such card");
    decision->inbox = INBOX_UNKNOWN_CARD;
    decision->actor = "processor";
}

/* An account in a currency that this program has no exponent for cannot be computed with. */
static bool account_is_unusable(const struct facts *facts)
{
    return money_exponent(facts->account->currency) < 0;
}

static void decide_new(const struct facts *facts, struct decide_scratch *scratch,
                       struct decision *decision)
{
    if (facts->classification->row == ROW_UNKNOWN) {
        answer_unknown_kind(facts, decision);
    } else if (is_request(facts)) {
        decide_request(facts, scratch, decision);
    } else if (facts->account == NULL && facts->classification->row != ROW_CUT_OFF) {
        answer_unknown_card(facts, decision);
    } else if (facts->account != NULL && account_is_unusable(facts)) {
        effect_fail(facts, decision, "account currency unknown");
    } else {
        decide_outcome(facts, scratch, decision);
    }
}

void decide(const struct facts *facts, struct decide_scratch *scratch, struct decision *decision)
{
    assert((facts->card == NULL) == (facts->account == NULL));
    assert(facts->statement->txn_id != 0 || facts->classification->row == ROW_CUT_OFF);
    memset(decision, 0, sizeof *decision);
    decision->disposition = DISPOSE_STORE;
    decision->statement = *facts->statement;
    decision->match.rule = "none";

    const struct earlier *earlier = find_earlier(facts);
    if (is_malformed(facts) && !is_malformed_again(facts)) {
        refuse_malformed(facts, decision);
    } else if (earlier == NULL || !earlier->known) {
        decide_new(facts, scratch, decision);
    } else if (statement_conflicts(facts->statement, &earlier->statement)) {
        answer_conflict(facts, decision);
    } else {
        answer_again(facts, scratch, decision);
        return; /* with the balances of then */
    }
    effect_tell(decision);
    effect_balances(facts, decision);
}

struct reply decide_without(const struct classification *classification,
                            const struct product_settings *product, enum message_scheme scheme,
                            enum reason reason)
{
    struct reply reply = {.acknowledged = classification->role == ROLE_REQUEST};
    const char *code = "96";

    if (classification->row == ROW_CUT_OFF) {
        reply.cut_off = true;
    } else if (classification->role == ROLE_REQUEST) {
        bool may_stand_in = product->mode == 4 && product->stand_in && reason != REASON_ERROR;
        code = may_stand_in
                   ? "91"
                   : codes_decline(reason, scheme, classification->direction == DIRECTION_CREDIT);
    }
    memcpy(reply.response, code, sizeof reply.response);
    return reply;
}
