#include "authz/decide_request.h"

#include <assert.h>
#include <string.h>

#include "authz/effect.h"
#include "authz/set.h"
#include "base/money.h"

enum { PROC_ACTIVATION_CODE = 34, US_PER_SECOND = 1000000, SECONDS_PER_DAY = 86400 };

/* A request while the rules look at it. Everything is computed once, before the first rule. */
struct asking {
    const struct facts *facts;
    struct set *set;                      /* with the request as approved */
    struct payment_holds *declined;       /* the holds if it is refused */
    struct statement *entry;              /* of the request in the set; NULL: it has none */
    const struct authorisation *own;      /* if approved; NULL: none */
    const struct authorisation *refused;  /* the same if refused */
    const struct payment_entry *original; /* what it repeats; NULL: nothing */
    int64_t available_minor;              /* once parked reversals have done their work */
    int64_t adds_minor;                   /* what approving it adds to the payment's holds */
    int64_t part_minor;                   /* what can be approved in part */
    uint64_t grown; /* the authorisation that our approval lets grow; 0: none */
    struct decision *decision;
};

/* --- predicates, in the order of the rules --- */

static bool came_too_late(struct asking *asking)
{
    return asking->facts->too_late;
}

static bool card_is_unknown(struct asking *asking)
{
    return asking->facts->card == NULL;
}

static bool set_is_unusable(struct asking *asking)
{
    return asking->entry == NULL ? money_exponent(asking->facts->account->currency) < 0
                                 : set_overflows(asking->set);
}

static bool is_activation_code(struct asking *asking)
{
    return asking->facts->classification->row == ROW_A15_TOKEN_REQUEST &&
           asking->facts->message->proc == PROC_ACTIVATION_CODE;
}

static bool outcome_is_known(struct asking *asking)
{
    const struct earlier *outcome = asking->facts->outcome;
    bool decided = outcome->known && (outcome->statement.row == ROW_A16_DECLINED ||
                                      outcome->statement.row == ROW_A17_APPROVED);

    return decided || (asking->refused != NULL && asking->refused->by_advice);
}

static bool was_reversed_before(struct asking *asking)
{
    const struct authorisation *own = asking->own;

    return own != NULL && own->stands && own->approved_txn_e4 > 0 &&
           own->reversed_txn_e4 >= own->approved_txn_e4;
}

/* The decision on what it repeats still holds: it stands, or we declined it. What we approved and
 * somebody declined afterwards is asked anew. */
static bool repeats_what_was_decided(struct asking *asking)
{
    if (asking->original == NULL || asking->refused == NULL) {
        return false;
    }
    const struct statement *request =
        set_find(asking->set, asking->original->statement.txn_id, ROLE_REQUEST);
    return asking->refused->stands || (request != NULL && !request->approved);
}

static bool card_is(const struct asking *asking, enum card_status status)
{
    return asking->facts->card->status == status;
}

static bool card_is_closed(struct asking *asking)
{
    return card_is(asking, CARD_CLOSED);
}

static bool account_is_closed(struct asking *asking)
{
    return asking->facts->account->status == ACCOUNT_CLOSED ||
           asking->facts->account->status == ACCOUNT_CLOSING;
}

static bool card_is_lost(struct asking *asking)
{
    return card_is(asking, CARD_LOST);
}

static bool card_is_stolen(struct asking *asking)
{
    return card_is(asking, CARD_STOLEN);
}

static bool card_is_not_active(struct asking *asking)
{
    return card_is(asking, CARD_NOT_ACTIVE);
}

/* Year and month (UTC) of an instant, as yyyymm: days since 0000-03-01 to civil date. */
static int32_t month_of(int64_t at_us)
{
    int64_t seconds = at_us / US_PER_SECOND - (at_us % US_PER_SECOND < 0 ? 1 : 0);
    int64_t days = seconds / SECONDS_PER_DAY - (seconds % SECONDS_PER_DAY < 0 ? 1 : 0) + 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153; /* 0 is March */
    int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);

    return (int32_t)(year * 100 + month);
}

/* A card is good to the end of the month that is printed on it. */
static bool card_is_expired(struct asking *asking)
{
    int32_t expiry = asking->facts->card->expiry_yyyymm;

    return card_is(asking, CARD_EXPIRED) ||
           (expiry != 0 && month_of(asking->facts->decided_at_us) > expiry);
}

static bool card_is_blocked(struct asking *asking)
{
    return card_is(asking, CARD_BLOCKED);
}

/* A status that nobody knows is one that nobody has released. */
static bool account_is_blocked(struct asking *asking)
{
    return asking->facts->account->status != ACCOUNT_ACTIVE;
}

static bool card_is_frozen(struct asking *asking)
{
    return !card_is(asking, CARD_ACTIVE);
}

static bool is_not_supported(struct asking *asking)
{
    static const enum message_row supported[] = {
        ROW_A1_AUTHORISATION,   ROW_A5_REPEAT, ROW_A6_ACCOUNT_CHECK,
        ROW_A7_BALANCE_ENQUIRY, ROW_A8_CASH,   ROW_A9_CASHBACK,
    };

    for (size_t i = 0; i < sizeof supported / sizeof supported[0]; i++) {
        if (asking->facts->classification->row == supported[i]) {
            return asking->facts->product->mode == 0;
        }
    }
    return true;
}

static bool currency_differs(struct asking *asking)
{
    const struct statement *statement = asking->facts->statement;

    return payment_asked_e4(statement) > 0 &&
           statement->bill_currency != asking->facts->account->currency;
}

static bool funds_are_short(struct asking *asking)
{
    return asking->adds_minor > 0 && asking->adds_minor > asking->available_minor;
}

static bool takes_part(const struct asking *asking)
{
    return asking->facts->message->pos_capability[0] == '1' &&
           asking->facts->classification->row != ROW_A7_BALANCE_ENQUIRY;
}

static void compute_approved(struct asking *asking)
{
    const struct facts *facts = asking->facts;

    set_compute(asking->set, facts);
    asking->own = payment_find(&asking->set->after, facts->statement->txn_id);
    if (__builtin_sub_overflow(asking->set->after.total_minor, asking->declined->total_minor,
                               &asking->adds_minor)) {
        asking->adds_minor = INT64_MAX;
    }
}

/* Tries the largest part that fits; leaves the set as it was when none does. */
static bool part_fits(struct asking *asking)
{
    int64_t hold_minor, minimum = asking->facts->product->partial_min_minor;

    if (!funds_are_short(asking) || !takes_part(asking)) {
        return false;
    }
    int64_t part_minor = payment_partial(asking->facts->statement, asking->available_minor,
                                         asking->facts->account->currency, &hold_minor);
    if (part_minor <= 0 || part_minor < minimum) {
        return false;
    }
    asking->entry->approved_minor = part_minor;
    compute_approved(asking);
    if (!funds_are_short(asking)) {
        asking->part_minor = part_minor;
        return true;
    }
    asking->entry->approved_minor = 0;
    compute_approved(asking);
    return false;
}

/* --- answers --- */

static void approve(struct asking *asking, const char *rule, int64_t part_minor)
{
    struct decision *decision = asking->decision;

    decision->statement.approved = true;
    decision->statement.approved_minor = part_minor;
    decision->reply.approved_minor = part_minor;
    if (asking->entry != NULL) {
        asking->entry->approved = true;
        asking->entry->approved_minor = part_minor;
        compute_approved(asking);
    }
    if (part_minor > 0) {
        effect_answer(decision, "10", REASON_APPROVED_PARTIALLY, rule);
    } else {
        effect_answer(decision, "00", REASON_APPROVED, rule);
    }
}

static void refuse(struct asking *asking, const char *rule, enum reason reason, const char *code)
{
    struct decision *decision = asking->decision;

    if (asking->entry != NULL) {
        asking->entry->approved = false;
        asking->entry->approved_minor = 0;
        asking->set->after = *asking->declined;
    }
    effect_answer(decision, code, reason, rule);
}

/* Has this payment an authorisation with an amount besides the request's own? */
static bool is_incremental(const struct asking *asking)
{
    for (size_t i = 0; i < asking->set->before.count; i++) {
        const struct authorisation *other = &asking->set->before.authorisations[i];
        if (other->total_e4 > 0 && other->txn_id != asking->grown) {
            return true;
        }
    }
    return false;
}

static enum event_type event_of_approval(const struct asking *asking)
{
    enum message_row row = asking->facts->classification->row;

    if (row == ROW_A6_ACCOUNT_CHECK) {
        return EVENT_ACCOUNT_CHECKED;
    }
    if (row == ROW_A7_BALANCE_ENQUIRY) {
        return EVENT_BALANCE_ENQUIRED;
    }
    if (asking->part_minor > 0) {
        return EVENT_AUTHORISATION_APPROVED_PARTIALLY;
    }
    return is_incremental(asking) ? EVENT_HOLD_INCREASED : EVENT_AUTHORISATION_APPROVED;
}

static void answer_approved(struct asking *asking, const char *rule)
{
    approve(asking, rule, asking->part_minor);
    asking->grown = asking->own != NULL ? asking->own->txn_id : 0;
    effect_event(asking->decision, event_of_approval(asking));
}

/* Nothing is moved, nothing is asked of anybody: an activation code passes by. */
static void answer_noted(struct asking *asking, const char *rule)
{
    effect_answer(asking->decision, "00", REASON_NOTED, rule);
}

/* The processor or the network has decided meanwhile: we say the same and add nothing. */
static void answer_as_outcome(struct asking *asking, const char *rule)
{
    const struct earlier *outcome = asking->facts->outcome;
    const struct statement *word = NULL;
    char code[3];

    asking->decision->actor = "processor";
    if (asking->refused != NULL && asking->refused->by_advice) {
        word = set_find(asking->set, asking->refused->word_txn_id, ROLE_OUTCOME);
        asking->decision->actor = "network";
    } else {
        word = &outcome->statement;
    }
    assert(word != NULL);
    if (word->row == ROW_A17_APPROVED || word->row == ROW_J1_ADVICE_APPROVED) {
        approve(asking, rule, asking->refused != NULL ? asking->refused->partial_minor : 0);
        return;
    }
    codes_echo(word->response, code);
    refuse(asking, rule, REASON_PROCESSOR, code);
}

/* The decision on the original again, and no second hold. */
static void answer_as_original(struct asking *asking, const char *rule)
{
    const struct statement *request =
        set_find(asking->set, asking->original->statement.txn_id, ROLE_REQUEST);

    if (asking->refused->stands) {
        approve(asking, rule, asking->refused->partial_minor);
    } else {
        refuse(asking, rule, (enum reason)request->reason, request->answer);
        asking->decision->repair = "R21";
    }
    if (asking->facts->classification->row != ROW_A5_REPEAT) {
        effect_event(asking->decision, EVENT_AUTHORISATION_SUSPECTED_REPEAT);
    }
}

/* Order is meaning. The first rule that applies answers; one that only names a reason declines.
 * What only the bank can cure stands before what the cardholder can. */
static const struct rule {
    const char *name;
    bool (*applies)(struct asking *asking);
    enum reason reason;
    void (*answer)(struct asking *asking, const char *rule); /* NULL: decline */
} rules[] = {
    {"answered too late",                     came_too_late,            REASON_LATE,               NULL              },
    {"no such card",                          card_is_unknown,          REASON_UNKNOWN_CARD,       NULL              },
    {"payment has too many messages",         set_is_unusable,          REASON_ERROR,              NULL              },
    {"activation code",                       is_activation_code,       REASON_NOTED,              answer_noted      },
    {"its outcome came first",                outcome_is_known,         REASON_PROCESSOR,          answer_as_outcome },
    {"its full reversal came first",          was_reversed_before,      REASON_ALREADY_REVERSED,   NULL              },
    {"repeats a request",                     repeats_what_was_decided, REASON_APPROVED,           answer_as_original},
    {"card closed",                           card_is_closed,           REASON_CARD_CLOSED,        NULL              },
    {"account closed",                        account_is_closed,        REASON_ACCOUNT_CLOSED,     NULL              },
    {"card lost",                             card_is_lost,             REASON_CARD_LOST,          NULL              },
    {"card stolen",                           card_is_stolen,           REASON_CARD_STOLEN,        NULL              },
    {"card not active",                       card_is_not_active,       REASON_CARD_NOT_ACTIVE,    NULL              },
    {"card expired",                          card_is_expired,          REASON_CARD_EXPIRED,       NULL              },
    {"card blocked",                          card_is_blocked,          REASON_CARD_BLOCKED,       NULL              },
    {"account blocked",                       account_is_blocked,       REASON_ACCOUNT_BLOCKED,    NULL              },
    {"card frozen",                           card_is_frozen,           REASON_CARD_FROZEN,        NULL              },
    {"kind not offered",                      is_not_supported,         REASON_NOT_SUPPORTED,      NULL              },
    {"billing currency is not the account's", currency_differs,         REASON_CURRENCY,           NULL              },
    {"part of it is available",               part_fits,                REASON_APPROVED_PARTIALLY, answer_approved   },
    {"available is short",                    funds_are_short,          REASON_INSUFFICIENT_FUNDS, NULL              },
};

/* --- the whole --- */

/* Puts the request into its payment, twice: as refused and as approved. */
static void open_payment(struct asking *asking, struct decide_scratch *scratch)
{
    const struct facts *facts = asking->facts;
    struct decision *decision = asking->decision;
    struct set *set = &scratch->set;
    uint64_t payment = facts->statement->txn_id;

    decision->match = match_authorisation(facts->statement, facts->entries, facts->entry_count);
    if (decision->match.kind == MATCH_FOUND) {
        payment = decision->match.payment;
    }
    set_begin(set, facts, payment);
    asking->original = match_repeat(facts->statement, set->entries, set->count);
    if (asking->original != NULL) {
        decision->statement.repeat_of = asking->original->statement.txn_id;
    }
    asking->entry = set_add(set, &decision->statement);
    if (asking->entry == NULL) {
        return;
    }
    set_join_parked(set, facts, &decision->statement, decision);
    set_compute(set, facts);
    *asking->declined = set->after;
    asking->refused = payment_find(asking->declined, facts->statement->txn_id);
    asking->entry->approved = true;
    compute_approved(asking);
    effect_link(decision, payment);
    asking->available_minor = facts->account->posted_minor - facts->account->held_minor +
                              facts->account->overdraft_minor -
                              (asking->declined->total_minor - set->before.total_minor);
}

static bool joins_a_payment(const struct facts *facts)
{
    return facts->account != NULL && money_exponent(facts->account->currency) >= 0 &&
           match_row_authorises(facts->classification->row);
}

static void answer(struct asking *asking)
{
    bool credit = asking->facts->classification->direction == DIRECTION_CREDIT;

    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (!rules[i].applies(asking)) {
            continue;
        }
        if (rules[i].answer != NULL) {
            rules[i].answer(asking, rules[i].name);
            return;
        }
        refuse(asking, rules[i].name, rules[i].reason,
               codes_decline(rules[i].reason, asking->decision->statement.scheme, credit));
        effect_event(asking->decision, EVENT_AUTHORISATION_DECLINED);
        return;
    }
    answer_approved(asking, "all rules passed");
}

void decide_request(const struct facts *facts, struct decide_scratch *scratch,
                    struct decision *decision)
{
    struct asking asking = {
        .facts = facts,
        .set = &scratch->set,
        .declined = &scratch->declined,
        .decision = decision,
    };

    decision->actor = "host";
    if (joins_a_payment(facts)) {
        open_payment(&asking, scratch);
    }
    answer(&asking);
    if (decision->joined_count > 0 && decision->repair == NULL) {
        decision->repair = "R8";
    }
    if (asking.entry == NULL) {
        return;
    }
    const struct effect_codes codes = {
        .ours = asking.grown, .growth = CODE_FORCED_HOLD, .reduction = CODE_RELEASE};
    if (set_overflows(&scratch->set) ||
        !effect_changes(facts, &scratch->set.before, &scratch->set.after, &codes, decision)) {
        effect_fail(facts, decision, "payment or balance out of range");
    }
}
