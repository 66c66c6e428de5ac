#include "authz/answer.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/money.h"

static struct reply reply_without(const struct request *request, enum reason reason)
{
    const struct request_state *state = request->state;
    struct reply reply =
        decide_without(&state->asked, state->product, state->statement.scheme, reason);

    reply.cut_off = request->message.operation == MESSAGE_CUT_OFF;
    return reply;
}

/* What was told without a decision, by this process or the one before. */
static void tell_response(const struct request *request, enum reason reason, char response[3])
{
    const struct request_state *state = request->state;
    const struct reply reply = reply_without(request, reason);

    memcpy(response, state->told[0] != '\0' ? state->told : reply.response, sizeof reply.response);
}

bool answer_needs_no_facts(const struct work *work)
{
    return work->refused || work->request->unreadable ||
           work->request->message.operation == MESSAGE_CUT_OFF;
}

bool answer_without_facts(struct batch *batch, struct work *work)
{
    const struct request *request = work->request;

    memset(&work->decision, 0, sizeof work->decision);
    work->decision.disposition = DISPOSE_REJECT;
    if (request->unreadable) {
        work->decision.reason = REASON_MALFORMED;
        return work->refused || apply_unreadable(batch, request);
    }
    if (work->refused) {
        work->decision.reason = REASON_ERROR;
        work->decision.reply = reply_without(request, REASON_ERROR);
        (void)apply_refused(batch, request); /* as far as there is room */
        return true;
    }
    work->decision.reason = REASON_NOTED;
    work->decision.reply = (struct reply){.response = "00", .acknowledged = true, .cut_off = true};
    return apply_cut_off(batch, request);
}

static void send(const struct answer_desk *desk, struct request *request, const struct reply *reply,
                 enum reason reason)
{
    int64_t now_mono_us = clock_mono_us();

    watch_reply(desk->watch, request, reply, reason, now_mono_us);
    if (now_mono_us - request->arrived_mono_us > desk->budget_us) {
        metric_add(desk->watch->late_answers, 1, NULL, NULL, NULL);
    }
    if (request->on_reply != NULL) {
        request->on_reply(request->context, reply, reason);
    }
}

void answer_give(const struct answer_desk *desk, const struct work *work)
{
    struct request *request = work->request;

    if (pool_claim(request, CLAIM_LANE)) {
        deadline_remove(desk->deadline, request);
        send(desk, request, &work->decision.reply, work->decision.reason);
        pool_put(desk->pool, request,
                 1); /* the answering side's hold; the lane still has its own */
    }
}

static void keep_doubt(const struct answer_desk *desk, const struct request *request,
                       const struct spill_note *note)
{
    if (!doubts_note(desk->doubts, request, note)) {
        log_error("doubt_not_kept", log_text("request", request->message.request_id),
                  log_number("txn_id", (int64_t)request->message.txn_id));
    }
}

/* Beside the lane, which may find the decline at any time and turn the request into its correction:
 * only what submitting wrote is read here. */
void answer_overdue(const struct answer_desk *desk, struct request *request)
{
    enum reason reason;
    bool declined = pool_was_declined(request, &reason);

    assert(declined);
    (void)declined;
    struct reply reply = reply_without(request, reason);
    if (atomic_load(&request->state->storing)) {
        struct spill_note note = {.told = reason, .maybe_stored = true};
        memcpy(note.response, reply.response, sizeof note.response);
        keep_doubt(desk, request, &note);
    }
    send(desk, request, &reply, reason); /* first: others wait behind this one for their deadline */
    log_warning("declined_without_decision", log_text("request", request->message.request_id),
                log_number("txn_id", (int64_t)request->message.txn_id),
                log_text("kind", message_row_kind(request->state->asked.row)),
                log_text("reason", reason_name(reason)), log_text("response", reply.response));
    pool_put(desk->pool, request, 1);
}

static void log_decided(const struct work *work, int64_t now_mono_us)
{
    const struct request *request = work->request;
    const struct statement *statement = &request->state->statement;
    const struct decision *decision = &work->decision;
    uint16_t currency =
        money_exponent(statement->bill_currency) >= 0 ? statement->bill_currency : 0;
    int64_t amount_minor = currency == 0 ? 0
                                         : money_minor_from_e4(statement->bill_e4, currency,
                                                               MONEY_AWAY_FROM_ZERO, NULL);

    log_info("decided", log_text("request", request->message.request_id),
             log_number("txn_id", (int64_t)request->message.txn_id),
             log_token("token", statement->token),
             log_text("kind", message_row_kind(request->state->classification.row)),
             log_text("response", decision->reply.response),
             log_text("reason", reason_name(decision->reason)),
             log_text("rule", decision->rule != NULL ? decision->rule : ""),
             log_money("amount", amount_minor, currency),
             log_us("took", now_mono_us - request->arrived_mono_us));
    if (decision->reason == REASON_MALFORMED && request->message.malformed_field != NULL) {
        log_warning("malformed", log_text("request", request->message.request_id),
                    log_number("txn_id", (int64_t)request->message.txn_id),
                    log_text("field", request->message.malformed_field),
                    log_text("expected", request->message.malformed_expected));
    }
}

static void count_decision(const struct watch *watch, const struct decision *decision)
{
    if (decision->disposition == DISPOSE_REPEAT) {
        metric_add(watch->repeats, 1, NULL, NULL, NULL);
        return;
    }
    if (decision->disposition == DISPOSE_CONFLICT) {
        metric_add(watch->conflicts, 1, NULL, NULL, NULL);
    }
    if (decision->repair != NULL) {
        metric_add(watch->repairs, 1, decision->repair, NULL, NULL);
    }
    for (size_t i = 0; i < decision->event_count; i++) {
        metric_add(watch->events, 1, event_type_name(decision->events[i]), NULL, NULL);
    }
}

/* The books say one thing and the processor heard another. A repeat of a request that was told its
 * answer before is none of this: only what this very request may have stored is. What was left to
 * the processor's stand-in (91) stays an open question that its closing advice answers. */
static bool must_be_corrected(const struct work *work, char told[3])
{
    const struct request *request = work->request;
    const struct request_state *state = request->state;
    const struct decision *decision = &work->decision;
    bool stored = decision->disposition == DISPOSE_STORE ||
                  (decision->disposition == DISPOSE_REPEAT && state->maybe_stored);
    enum reason reason;

    if (!stored || work->refused || state->classification.role != ROLE_REQUEST ||
        !pool_was_declined(request, &reason)) {
        return false;
    }
    tell_response(request, reason, told);
    if (strcmp(told, decision->reply.response) == 0) {
        return false;
    }
    if (strcmp(told, "91") == 0) {
        log_warning("open_question", log_text("request", request->message.request_id),
                    log_number("txn_id", (int64_t)request->message.txn_id),
                    log_text("stored", decision->reply.response));
        return false;
    }
    return true;
}

static void log_corrected(const struct work *work)
{
    const struct request *request = work->request;

    if (work->refused) {
        log_error("untold_refused", log_text("request", request->message.request_id),
                  log_number("txn_id", (int64_t)request->message.txn_id),
                  log_text("told", request->state->told));
        return;
    }
    log_warning("untold", log_text("request", request->message.request_id),
                log_number("txn_id", (int64_t)request->message.txn_id),
                log_token("token", request->state->statement.token),
                log_text("told", request->state->told),
                log_text("voided", work->decision.disposition == DISPOSE_STORE ? "yes" : "no"));
}

static void let_go(const struct answer_desk *desk, struct request *request)
{
    metric_add(desk->watch->inflight, -1, NULL, NULL, NULL);
    pool_put(desk->pool, request, 1);
}

static void note_unrecorded(const struct answer_desk *desk, const struct message *message)
{
    log_error("unrecorded", log_text("request", message->request_id),
              log_number("txn_id", (int64_t)message->txn_id), log_token("token", message->token));
    metric_add(desk->watch->unrecorded, 1, NULL, NULL, NULL);
}

void answer_keep(const struct answer_desk *desk, const struct message *message,
                 const struct spill_note *note)
{
    if (spill_put(desk->spill, message, note)) {
        metric_add(desk->watch->spilled, 1, NULL, NULL, NULL);
    } else {
        note_unrecorded(desk, message);
    }
}

/* Declined, and worth storing: anything else than a request was answered 96 and comes again. */
static bool is_owed(const struct request *request, enum reason *told)
{
    const struct request_state *state = request->state;

    return (state->classification.role == ROLE_REQUEST || state->untold) && !request->unreadable &&
           pool_was_declined(request, told);
}

static struct spill_note describe(const struct request *request, enum reason told)
{
    struct spill_note note = {.told = told, .maybe_stored = atomic_load(&request->state->storing)};

    tell_response(request, told, note.response);
    return note;
}

void answer_doubt(const struct answer_desk *desk, const struct request *request, enum reason told)
{
    const struct spill_note note = describe(request, told);

    keep_doubt(desk, request, &note);
}

bool answer_close(const struct answer_desk *desk, const struct work *work)
{
    struct request *request = work->request;
    char told[3];

    count_decision(desk->watch, &work->decision);
    if (request->state->untold) {
        log_corrected(work);
    } else {
        log_decided(work, clock_mono_us());
    }
    if (must_be_corrected(work, told)) {
        metric_add(desk->watch->untold, 1, NULL, NULL, NULL);
        untold_turn(request, told);
        return false;
    }
    doubts_forget(desk->doubts, request);
    if (request->state->spilled) {
        spill_settle(desk->spill);
    }
    let_go(desk, request);
    return true;
}

void answer_leave(const struct answer_desk *desk, struct request *request)
{
    enum reason told;

    if (is_owed(request, &told) && !request->state->spilled) {
        const struct spill_note note = describe(request, told);
        answer_keep(desk, &request->message, &note);
    }
    doubts_forget(desk->doubts, request);
    let_go(desk, request); /* what came from the spill is still in it */
}
