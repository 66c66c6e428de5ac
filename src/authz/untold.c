#include "authz/untold.h"

#include <assert.h>
#include <string.h>

void untold_turn(struct request *request, const char told[3])
{
    struct request_state *state = request->state;

    assert(!state->untold);
    state->untold = true;
    memcpy(state->told, told, sizeof state->told);
    state->classification.role = ROLE_VOID;
    state->classification.row = ROW_VOID;
    state->statement.role = ROLE_VOID;
    state->statement.row = ROW_VOID;
    state->tries = 0;
}

static bool is_approval(const struct reply *stored)
{
    return stored->response[0] != '\0' && codes_means_approved(stored->response);
}

static bool add_void(struct batch *batch, struct gather *gather, struct decide_scratch *scratch,
                     struct work *work)
{
    struct decision *decision = &work->decision;
    const char *told = work->request->state->told;

    gather->facts.too_late = false;
    decide(&gather->facts, scratch, decision);
    memcpy(decision->reply.response, told, sizeof decision->reply.response);
    memcpy(decision->statement.answer, told, sizeof decision->statement.answer);
    return apply_decision(batch, gather, work);
}

bool untold_apply(struct batch *batch, struct gather *gather, struct decide_scratch *scratch,
                  struct work *work)
{
    const struct request_state *state = work->request->state;
    const struct reply *stored = &gather->request.reply;

    assert(state->untold);
    memset(&work->decision, 0, sizeof work->decision);
    work->decision.disposition = DISPOSE_REPEAT;
    work->decision.reason = REASON_UNTOLD;
    if (!gather->request.known || strcmp(stored->response, state->told) == 0) {
        return true;
    }
    bool voids = is_approval(stored) && gather->account != NULL;
    if (voids && !add_void(batch, gather, scratch, work)) {
        return false;
    }
    if (batch_add_told(batch, state->statement.txn_id, ROLE_REQUEST, state->told, true)) {
        return true;
    }
    if (voids && work->decision.disposition == DISPOSE_STORE) {
        batch_cancel_journal(batch);
    }
    return false;
}
