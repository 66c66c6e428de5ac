/* The loop: take what waits, fetch what it needs in one round trip, decide each message, commit all
 * in a second, answer. No approval leaves before its commit is durable, and settle() shows every
 * way in which a batch can end. Deadlines are not kept here: the deadline's thread answers whoever
 * waits too long, and this loop then only makes the books agree with what was said.
 *
 * Expected: rounds of 1 to 5 ms; batches of one when idle. */
#include "authz/lane.h"

#include <assert.h>

#include "base/clock.h"
#include "base/log.h"

enum {
    IDLE_US = 1000000, /* after this long without work the database is asked whether it lives */
};

/* Probes for put-off accounts first, then what waits in the queue, behind them where they belong.
 */
static size_t take(struct lane *lane)
{
    struct request *requests[BATCH_MESSAGES_MAX];
    size_t count = 0;
    bool impatient = lane->putoff.count > 0;
    size_t probes = putoff_probe(&lane->putoff, requests, (lane->round_max + 1) / 2);
    size_t taken = queue_take(lane->queue, requests + probes, lane->round_max - probes,
                              impatient ? PUTOFF_WAIT_US : IDLE_US);
    int64_t now_mono_us = clock_mono_us();

    for (size_t i = 0; i < probes + taken; i++) {
        struct request_state *state = requests[i]->state;
        if (i >= probes && state->account != 0 && putoff_has(&lane->putoff, state->account)) {
            putoff_add(&lane->putoff, requests[i]);
            continue;
        }
        if (state->taken_mono_us == 0) {
            state->taken_mono_us = now_mono_us;
            watch_phase(lane->watch, PHASE_QUEUE, requests[i]->parsed_mono_us, now_mono_us);
        }
        lane->works[count++] = (struct work){.request = requests[i]};
    }
    return count;
}

static void mark_phase(struct work *works, size_t count, enum phase phase)
{
    for (size_t i = 0; i < count; i++) {
        atomic_store_explicit(&works[i].request->state->phase, (int)phase, memory_order_relaxed);
    }
}

static bool fetch(struct lane *lane, struct work *works, size_t count, struct error *error)
{
    if (!ledger_usable(lane->contact.ledger)) {
        return error_set(error, ERROR_UNAVAILABLE, "database", "the connection was lost");
    }
    mark_phase(works, count, PHASE_FETCH);
    batch_reset(lane->batch);
    for (size_t i = 0; i < count; i++) {
        bool added = batch_add_key(lane->batch, &works[i].request->state->key);
        assert(added);
        (void)added;
    }
    return ledger_fetch(lane->contact.ledger, lane->batch, contact_deadline(&lane->contact), error);
}

/* What is stored makes it impossible: for the operator's eyes, and nothing moves. */
static void refuse(struct lane *lane, struct work *work, const char *event)
{
    log_error(event, log_text("request", work->request->message.request_id),
              log_number("txn_id", (int64_t)work->request->message.txn_id));
    work->refused = true;
    work->settled = answer_without_facts(lane->batch, work);
}

static bool decide_fresh(struct lane *lane, struct work *work)
{
    struct gather *gather = lane->gather;
    enum reason told;

    work->too_late = pool_was_declined(work->request, &told);
    gather->facts.too_late = work->too_late;
    decide(&gather->facts, lane->scratch, &work->decision);
    return apply_decision(lane->batch, gather, work);
}

/* Decides one message on what the batch knows, the ones before it included. */
static void decide_one(struct lane *lane, struct work *work)
{
    struct request *request = work->request;
    struct request_state *state = request->state;
    struct gather *gather = lane->gather;

    work->settled = false;
    if (answer_needs_no_facts(work)) {
        work->settled = answer_without_facts(lane->batch, work);
        return;
    }
    switch (gather_facts(gather, lane->batch, &request->message, &state->statement,
                         &state->classification, state->product, &state->account)) {
    case GATHER_LOCKED:
        return; /* another session has the account: put off */
    case GATHER_DAMAGED:
        refuse(lane, work, "damaged_facts");
        return;
    case GATHER_READY:
        break;
    }
    work->settled = state->untold ? untold_apply(lane->batch, gather, lane->scratch, work)
                                  : decide_fresh(lane, work);
    if (!work->settled && batch_take_contradiction(lane->batch)) {
        refuse(lane, work, "books_contradict");
    }
}

/* From here on a decline that is told may be against the books; one that was told since the message
 * was decided is against them already. */
static void note_storing(struct lane *lane, struct work *works, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct request *request = works[i].request;
        enum reason told;
        if (!works[i].settled || works[i].refused || works[i].too_late ||
            works[i].decision.disposition != DISPOSE_STORE ||
            request->state->classification.role != ROLE_REQUEST) {
            continue;
        }
        atomic_store(&request->state->storing, true);
        if (pool_was_declined(request, &told)) {
            answer_doubt(&lane->desk, request, told);
        }
    }
}

/* The COMMIT did not happen; what an earlier one may have done still counts. */
static void note_not_stored(struct work *works, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct request_state *state = works[i].request->state;
        atomic_store(&state->storing, state->maybe_stored);
    }
}

static void decide_all(struct lane *lane, struct work *works, size_t count)
{
    mark_phase(works, count, PHASE_DECIDE);
    for (size_t i = 0; i < count; i++) {
        decide_one(lane, &works[i]);
    }
    mark_phase(works, count, PHASE_COMMIT);
}

static void put_off(struct lane *lane, struct work *work)
{
    metric_add(lane->watch->put_off, 1, NULL, NULL, NULL);
    if (work->request->state->account != 0) {
        putoff_return(&lane->putoff, work->request);
    } else {
        queue_put_back(lane->queue, work->request);
    }
}

/* Everything is durable: the only place from which an approval leaves. */
static void answer_all(struct lane *lane, struct work *works, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (works[i].settled) {
            answer_give(&lane->desk, &works[i]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct request_state *state = works[i].request->state;
        if (!works[i].settled) {
            put_off(lane, &works[i]);
            continue;
        }
        if (state->account != 0) {
            cache_add(lane->cache, state->key.token, state->account);
            putoff_release(&lane->putoff, state->account, lane->queue);
        }
        if (!answer_close(&lane->desk, &works[i])) {
            queue_put_back(lane->queue, works[i].request);
        }
    }
}

/* Nothing is durable, or nobody knows: those that wait for an answer go back to the front of the
 * queue, in order. The others have time, and line up behind it: should one of them be what makes
 * rounds fail, the rest gets past it. Nothing that was said is ever given up. */
static void put_back_all(struct lane *lane, struct work *works, size_t count)
{
    lane->round_max = count > 1 ? count / 2 : 1; /* find out which one it is, should it be one */
    for (size_t i = count; i-- > 0;) {
        if (!pool_is_answered(works[i].request)) {
            queue_put_back(lane->queue, works[i].request);
            works[i].request = NULL;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (works[i].request != NULL) {
            queue_put(lane->queue, works[i].request);
        }
    }
}

static void note_doubt(struct work *works, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct request_state *state = works[i].request->state;
        state->maybe_stored = state->maybe_stored ||
                              (works[i].settled && works[i].decision.disposition == DISPOSE_STORE);
    }
}

static void settle(struct lane *lane, struct work *works, size_t count);

/* The database refuses something in it: halves, until the culprit stands alone. It may be one that
 * another session stored a moment ago, so it is read once more before it is refused. */
static void settle_apart(struct lane *lane, struct work *works, size_t count,
                         const struct error *error)
{
    if (count > 1) {
        settle(lane, works, count / 2);
        settle(lane, works + count / 2, count - count / 2);
        return;
    }
    log_error("message_refused", log_text("request", works->request->message.request_id),
              log_number("txn_id", (int64_t)works->request->message.txn_id),
              log_text("field", error->field), log_text("message", error->message));
    if (works->refused) { /* not even for the operator's eyes */
        answer_all(lane, works, 1);
        return;
    }
    works->refused = works->request->state->tries++ > 0;
    settle(lane, works, 1);
}

static void settle(struct lane *lane, struct work *works, size_t count)
{
    struct contact *contact = &lane->contact;
    struct error error = {0};
    int64_t began_mono_us = clock_mono_us();

    if (!fetch(lane, works, count, &error)) {
        contact_failed(contact, "batch_not_fetched", &error); /* nothing was begun */
        put_back_all(lane, works, count);
        return;
    }
    int64_t fetched_mono_us = clock_mono_us();
    decide_all(lane, works, count);
    note_storing(lane, works, count);
    int64_t decided_mono_us = clock_mono_us();
    enum ledger_outcome outcome =
        ledger_commit(contact->ledger, lane->batch, contact_deadline(contact), &error);
    watch_batch(lane->watch, began_mono_us, fetched_mono_us, decided_mono_us, clock_mono_us());
    switch (outcome) {
    case LEDGER_DURABLE:
        contact_heard(contact);
        answer_all(lane, works, count);
        break;
    case LEDGER_ROLLED_BACK: /* again while there is time; after it the deadline has answered */
        contact_failed(contact, "batch_rolled_back", &error);
        note_not_stored(works, count);
        put_back_all(lane, works, count);
        break;
    case LEDGER_REFUSED:
        note_not_stored(works, count);
        settle_apart(lane, works, count, &error);
        break;
    case LEDGER_UNKNOWN: /* never by guessing: the same messages again, their keys tell */
        contact_failed(contact, "batch_in_doubt", &error);
        note_doubt(works, count);
        put_back_all(lane, works, count);
        break;
    }
}

static void note_round(struct lane *lane, size_t count, int64_t took_us)
{
    size_t full = lane->batch_max;

    watch_round(lane->watch, lane->number, count, queue_length(lane->queue));
    if (count * 2 > full) {
        int64_t before_us = atomic_load(&lane->full_round_us);
        atomic_store(&lane->full_round_us,
                     before_us == 0 ? took_us : before_us + (took_us - before_us) / 8);
    }
    if (lane->contact.backoff_us == 0 && lane->round_max < full) {
        lane->round_max = lane->round_max * 2 < full ? lane->round_max * 2 : full;
    }
}

static bool is_wanted(struct lane *lane)
{
    int64_t finish_mono_us = atomic_load(&lane->finish_mono_us);

    return finish_mono_us == 0 ||
           (queue_length(lane->queue) + lane->putoff.count > 0 && clock_mono_us() < finish_mono_us);
}

void *lane_run(void *argument)
{
    struct lane *lane = argument;

    while (is_wanted(lane)) {
        if (!contact_is_ready(&lane->contact)) {
            continue;
        }
        size_t count = take(lane);
        if (count == 0) {
            contact_ping(&lane->contact, lane->batch);
            continue;
        }
        int64_t began_mono_us = clock_mono_us();
        settle(lane, lane->works, count);
        note_round(lane, count, clock_mono_us() - began_mono_us);
    }
    return NULL;
}

bool lane_would_be_late(const struct lane *lane, const struct request *request, int64_t now_mono_us)
{
    const struct request_state *state = request->state;
    int64_t rounds = (int64_t)(queue_urgent(lane->queue) / lane->batch_max);

    return state->classification.priority == PRIORITY_REQUEST &&
           request->message.operation == MESSAGE_TRANSACTION &&
           request->message.attempt < MESSAGE_ATTEMPT_PERSISTENT &&
           now_mono_us + rounds * atomic_load(&lane->full_round_us) >= state->deadline_mono_us;
}
