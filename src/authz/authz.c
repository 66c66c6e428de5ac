#include "authz/authz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "authz/answer.h"
#include "authz/crew.h"
#include "authz/recorder.h"
#include "base/clock.h"

struct authz {
    struct authz_options options;
    struct watch watch;
    struct pool *pool;
    struct cache *cache;
    struct deadline *deadline;
    struct answer_desk desk;
    struct crew *crew;
    struct spill *spill;
    struct doubts *doubts;
    struct recorder *recorder;
};

/* --- answers without a lane --- */

static int claim_for(void *context, const struct request *request)
{
    (void)context;
    const struct contact *contact = &request->state->lane->contact;
    enum reason reason =
        atomic_load(&contact->up) && contact_serves(contact) ? REASON_LATE : REASON_UNAVAILABLE;

    return CLAIM_DECLINED + (int)reason;
}

static void answer_due(void *context, struct request *request)
{
    const struct authz *authz = context;

    answer_overdue(&authz->desk, request);
}

static const struct product_settings *find_product(const struct authz *authz, int64_t number)
{
    for (int i = 1; i < authz->options.product_count; i++) {
        if (authz->options.products[i].number == number) {
            return &authz->options.products[i];
        }
    }
    return &authz->options.products[0];
}

struct reply authz_refusal(const struct authz *authz, const struct message *message,
                           enum reason reason)
{
    const struct product_settings *product = find_product(authz, message->product);
    struct classification classification = classify(message);
    struct reply reply =
        decide_without(&classification, product, classify_scheme(message, product->scheme), reason);

    reply.cut_off = message->operation == MESSAGE_CUT_OFF;
    metric_add(authz->watch.replies, 1, message_row_kind(classification.row), reply.response,
               reason_name(reason));
    if (classification.role == ROLE_REQUEST) {
        struct spill_note note = {.told = reason};
        memcpy(note.response, reply.response, sizeof note.response);
        answer_keep(&authz->desk, message, &note); /* the rest comes again */
    }
    return reply;
}

/* --- a request's way to its lane --- */

struct request *authz_request_take(struct authz *authz, const struct message *message)
{
    return pool_take(authz->pool, pool_reach_of(message));
}

void authz_request_put(struct authz *authz, struct request *request)
{
    pool_put(authz->pool, request, 1);
}

/* By account where it is known, else by token; the row locks keep order where both happen. */
static struct lane *find_lane(const struct authz *authz, struct request *request)
{
    struct request_state *state = request->state;
    uint64_t key = request->message.txn_id;

    if (state->key.token != 0) {
        state->account = cache_find(authz->cache, state->key.token);
        key = state->account != 0 ? (uint64_t)state->account : (uint64_t)(uint32_t)state->key.token;
    }
    return crew_lane(authz->crew, key);
}

static void classify_request(const struct authz *authz, struct request *request)
{
    struct request_state *state = request->state;
    const struct message *message = &request->message;

    state->product = find_product(authz, message->product);
    state->asked = classify(message);
    state->classification = state->asked;
    statement_of_message(message, state->classification.role, state->classification.row,
                         classify_scheme(message, state->product->scheme), &state->statement);
    gather_key(&state->statement, !message->token_malformed, &state->key);
}

void authz_submit(struct authz *authz, struct request *request)
{
    struct request_state *state = request->state;

    classify_request(authz, request);
    struct lane *lane = find_lane(authz, request);
    state->lane = lane;
    state->deadline_mono_us =
        request->arrived_mono_us + authz->options.budget_us - DEADLINE_MARGIN_US;
    watch_request(&authz->watch, request);
    if (request->unreadable) {
        atomic_store(&state->claim, CLAIM_LANE); /* its fault went out already */
    } else {
        int64_t now_mono_us = clock_mono_us();
        if (!contact_serves(&lane->contact) || lane_would_be_late(lane, request, now_mono_us)) {
            state->deadline_mono_us = now_mono_us;
        }
        atomic_store(&state->holders, 2);
        deadline_add(authz->deadline, request);
    }
    queue_put(lane->queue, request);
}

/* A decline from the spill: its answer left long ago. */
static void record(void *context, struct request *request, const struct spill_note *note)
{
    struct authz *authz = context;

    classify_request(authz, request);
    struct lane *lane = find_lane(authz, request);
    request->state->lane = lane;
    request->arrived_mono_us = clock_mono_us();
    request->parsed_mono_us = request->arrived_mono_us;
    request->state->maybe_stored = note->maybe_stored;
    atomic_store(&request->state->storing, note->maybe_stored);
    memcpy(request->state->told, note->response, sizeof request->state->told);
    atomic_store(&request->state->claim, CLAIM_DECLINED + (int)note->told);
    metric_add(authz->watch.inflight, 1, NULL, NULL, NULL);
    queue_put(lane->queue, request);
}

/* --- its life --- */

static bool make_recorder(struct authz *authz, struct error *error)
{
    struct recorder_options options = {
        .spill = authz->spill,
        .crew = authz->crew,
        .pool = authz->pool,
        .pool_slots = authz->options.queue_max,
        .record = record,
        .context = authz,
    };

    return recorder_create(&options, &authz->recorder, error);
}

bool authz_create(const struct authz_options *options, struct authz **ret_authz,
                  struct error *error)
{
    assert(options->product_count >= 1);
    struct authz *authz = calloc(1, sizeof *authz);

    if (authz == NULL) {
        return error_set_errno(error, ERROR_LIMIT, "authz", "no memory");
    }
    authz->options = *options;
    watch_init(&authz->watch, options->metrics);
    authz->cache = cache_create(options->cache_cards);
    struct deadline_options deadline_options = {
        .claim_for = claim_for, .on_due = answer_due, .context = authz};
    bool made = spill_open(options->spill_path, &authz->spill, error) &&
                doubts_open(options->spill_path, options->queue_max + POOL_PERSISTENT, authz->spill,
                            &authz->doubts, error) &&
                pool_create(options->queue_max, &authz->pool, error) &&
                deadline_create(&deadline_options, &authz->deadline, error);
    authz->desk = (struct answer_desk){.pool = authz->pool,
                                       .deadline = authz->deadline,
                                       .spill = authz->spill,
                                       .doubts = authz->doubts,
                                       .watch = &authz->watch,
                                       .budget_us = options->budget_us};
    struct crew_options crew_options = {
        .lane_count = options->lane_count,
        .batch_max = (size_t)options->batch_max,
        .ledger = {.conninfo = options->writer_conninfo,
                   .source = options->instance,
                   .program = "holdfastd",
                   .connect_timeout_us = options->database_timeout_us},
        .database_timeout_us = options->database_timeout_us,
        .desk = authz->desk,
        .cache = authz->cache,
    };
    if (!made || !crew_create(&crew_options, &authz->crew, error) || !make_recorder(authz, error)) {
        authz_destroy(authz, 0);
        return false;
    }
    *ret_authz = authz;
    return true;
}

void authz_destroy(struct authz *authz, int64_t patience_us)
{
    if (authz == NULL) {
        return;
    }
    recorder_destroy(authz->recorder);
    crew_finish(authz->crew, patience_us);
    deadline_destroy(authz->deadline); /* answers whoever still waits */
    crew_destroy(authz->crew);
    cache_destroy(authz->cache);
    doubts_close(authz->doubts);
    spill_close(authz->spill);
    pool_destroy(authz->pool);
    free(authz);
}

bool authz_ready(struct authz *authz, struct error *error)
{
    return crew_is_ready(authz->crew, error);
}
