#include "authz/apply.h"

#include <assert.h>
#include <string.h>

#include "authz/hold_end.h"
#include "base/money.h"

static const char *scheme_name(enum message_scheme scheme)
{
    switch (scheme) {
    case SCHEME_MASTERCARD:
        return "mastercard";
    case SCHEME_VISA:
        return "visa";
    case SCHEME_UNKNOWN:
        break;
    }
    return "";
}

/* What was asked, in minor units of `currency`, or 0 where it was asked in another one. */
static int64_t amount_minor(const struct statement *statement, uint16_t currency)
{
    int64_t e4 = statement->bill_e4 < 0 ? -statement->bill_e4 : statement->bill_e4;

    if (currency == 0 || statement->bill_currency != currency || money_exponent(currency) < 0) {
        return 0;
    }
    int64_t minor = money_minor_from_e4(e4, currency, MONEY_AWAY_FROM_ZERO, NULL);
    return minor > MONEY_MINOR_MAX ? MONEY_MINOR_MAX : minor;
}

static bool row_is_outcome_of_authorisation(enum message_row row)
{
    return row == ROW_A16_DECLINED || row == ROW_A17_APPROVED || row == ROW_J1_ADVICE_APPROVED ||
           row == ROW_J2_ADVICE_DECLINED;
}

/* What is known of a message before anything is decided. */
static struct batch_message describe(const struct request *request)
{
    const struct request_state *state = request->state;
    const struct message *message = &request->message;
    uint16_t currency =
        money_exponent(message->bill_currency) >= 0 ? message->bill_currency : (uint16_t)0;

    return (struct batch_message){
        .txn_id = message->txn_id,
        .role = (int)state->classification.role,
        .row = (int)state->classification.row,
        .token = message->token_malformed ? 0 : message->token,
        .product = message->product > 0 ? message->product : 0,
        .kind = message_row_kind(state->classification.row),
        .reason = "",
        .rule = "",
        .scheme = scheme_name(state->statement.scheme),
        .currency = currency,
        .amount_minor = amount_minor(&state->statement, currency),
        .match_score = -1,
        .match_rule = "",
        .request_id = message->request_id,
        .traceparent = message->traceparent,
        .fields = message->fields,
        .fields_bytes = message->fields_bytes,
        .merchant_name = message->merchant_name,
        .merchant_country = message->merchant_country,
        .mcc = message->mcc,
        .actor = "",
    };
}

static struct batch_message describe_decision(const struct gather *gather, struct work *work)
{
    const struct decision *decision = &work->decision;
    const struct reply *reply = &decision->reply;
    struct batch_message row = describe(work->request);

    work->facts_bytes = statement_encode(&decision->statement, work->facts);
    row.account = gather->account != NULL ? gather->account->id : 0;
    row.payment = decision->payment;
    row.reason = reason_name(decision->reason);
    row.rule = decision->rule != NULL ? decision->rule : "";
    row.is_decision =
        row.role == ROLE_REQUEST || (row_is_outcome_of_authorisation((enum message_row)row.row) &&
                                     !gather->facts.request->known);
    row.approved =
        decision->reason == REASON_APPROVED || decision->reason == REASON_APPROVED_PARTIALLY;
    memcpy(row.response, reply->response, sizeof row.response);
    row.acknowledged = reply->acknowledged;
    if (reply->currency != 0) {
        row.currency = reply->currency;
        row.amount_minor = amount_minor(&decision->statement, reply->currency);
    }
    row.posted_minor = reply->posted_minor;
    row.available_minor = reply->available_minor;
    row.approved_minor = reply->approved_minor;
    if (decision->match.kind == MATCH_FOUND) {
        row.match_score = decision->match.score;
        row.match_rule = decision->match.rule != NULL ? decision->match.rule : "";
    }
    row.repair = decision->repair;
    row.facts = work->facts;
    row.facts_bytes = work->facts_bytes;
    row.actor = decision->actor != NULL ? decision->actor : "";
    return row;
}

/* When the grown hold ends, in microseconds; 0: as it did, or by default. A message says it of its
 * own authorisation; what else it moves in the payment keeps its end. */
static int64_t end_of_hold(const struct batch *batch, const struct message *message,
                           const struct hold_change *change)
{
    if (change->delta_minor <= 0 || change->authorisation != message->txn_id) {
        return 0;
    }
    return hold_end_us(message->expires_at, batch_at_us(batch));
}

static bool move_holds(struct batch *batch, struct batch_account *account,
                       const struct decision *decision, const struct message *message)
{
    for (size_t i = 0; i < decision->change_count; i++) {
        const struct hold_change *change = &decision->changes[i];
        if (!batch_change_hold(batch, account, decision->payment, change->authorisation,
                               message->token, change->delta_minor, change->fee_minor,
                               (int)change->code, end_of_hold(batch, message, change))) {
            return false;
        }
    }
    return decision->fee_minor == 0 ||
           batch_post(batch, account, INTERNAL_FEES, decision->fee_minor, CODE_FEE);
}

static bool add_events(struct batch *batch, struct batch_account *account,
                       const struct decision *decision)
{
    for (size_t i = 0; account != NULL && i < decision->event_count; i++) {
        if (!batch_add_event(batch, account, event_type_name(decision->events[i]))) {
            return false;
        }
    }
    return true;
}

/* Everything that follows from a stored message, in the order of its transfers. */
static bool add_effects(struct batch *batch, struct gather *gather, const struct work *work)
{
    const struct decision *decision = &work->decision;
    const struct request_state *state = work->request->state;

    if (decision->links &&
        !batch_add_entry(batch, gather->account, decision->payment, &state->key,
                         (int)state->classification.role, work->facts, work->facts_bytes)) {
        return false;
    }
    for (size_t i = 0; i < decision->joined_count; i++) {
        assert(decision->joined[i] < gather->facts.parked_count);
        if (!batch_join_parked(batch, gather->account, decision->payment,
                               gather->parked_rows[decision->joined[i]])) {
            return false;
        }
    }
    if (gather->account != NULL &&
        !move_holds(batch, gather->account, decision, &work->request->message)) {
        return false;
    }
    if (decision->inbox != INBOX_NOT && !batch_add_inbox(batch, (int)decision->inbox)) {
        return false;
    }
    return add_events(batch, gather->account, decision);
}

bool apply_decision(struct batch *batch, struct gather *gather, struct work *work)
{
    const struct decision *decision = &work->decision;
    struct batch_message row = describe_decision(gather, work);

    switch (decision->disposition) {
    case DISPOSE_REPEAT:
        return true;
    case DISPOSE_REJECT:
        return batch_add_inbox_only(batch, (int)decision->inbox, &row);
    case DISPOSE_CONFLICT:
        return batch_add_refused(batch, &row) && add_events(batch, gather->account, decision);
    case DISPOSE_STORE:
        break;
    }
    if (!batch_begin_journal(batch, &row)) {
        return false;
    }
    if (!add_effects(batch, gather, work)) {
        batch_cancel_journal(batch);
        return false;
    }
    return true;
}

bool apply_unreadable(struct batch *batch, const struct request *request)
{
    struct batch_message row = describe(request);

    row.reason = reason_name(REASON_MALFORMED);
    return batch_add_inbox_only(batch, INBOX_UNREADABLE, &row);
}

bool apply_refused(struct batch *batch, const struct request *request)
{
    struct batch_message row = describe(request);

    row.reason = reason_name(REASON_ERROR);
    return batch_add_inbox_only(batch, INBOX_ERROR, &row);
}

bool apply_cut_off(struct batch *batch, const struct request *request)
{
    const struct message *message = &request->message;
    struct batch_cutoff cutoff = {
        .cutoff_id = message->cutoff_id,
        .product = message->product,
        .first_txn_id = message->first_txn_id,
        .last_txn_id = message->last_txn_id,
        .request_id = message->request_id,
    };

    static_assert(sizeof cutoff.counts == sizeof message->counts, "the same eight counts");
    memcpy(cutoff.counts, message->counts, sizeof cutoff.counts);
    return batch_add_cutoff(batch, &cutoff);
}
