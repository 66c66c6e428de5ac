#include <assert.h>

#include "ledger/batch_state.h"

/* A slot of the log for that thing, unless it is saved already (or need not be). */
static bool begin_save(struct batch *batch, enum batch_undo_kind kind, size_t index,
                       struct batch_undo **undo)
{
    *undo = NULL;
    if (!batch->journal_open) {
        return true;
    }
    for (size_t i = 0; i < batch->undo_count; i++) {
        if (batch->undo[i].kind == kind && batch->undo[i].index == index) {
            return true;
        }
    }
    if (batch->undo_count == BATCH_UNDO_MAX) {
        return false;
    }
    *undo = &batch->undo[batch->undo_count++];
    (*undo)->kind = kind;
    (*undo)->index = index;
    return true;
}

bool batch_save_account(struct batch *batch, const struct batch_account *account)
{
    struct batch_undo *undo;
    size_t index = (size_t)(account - batch->accounts);
    assert(index < batch->account_count);
    if (!begin_save(batch, UNDO_ACCOUNT, index, &undo)) {
        return false;
    }
    if (undo != NULL) {
        undo->before.account = *account;
    }
    return true;
}

bool batch_save_hold(struct batch *batch, const struct batch_hold_slot *slot)
{
    struct batch_undo *undo;
    size_t index = (size_t)(slot - batch->holds);
    assert(index < batch->hold_count);
    if (!begin_save(batch, UNDO_HOLD, index, &undo)) {
        return false;
    }
    if (undo != NULL) {
        undo->before.hold = *slot;
    }
    return true;
}

bool batch_save_parked(struct batch *batch, const struct batch_parked_slot *slot)
{
    struct batch_undo *undo;
    size_t index = (size_t)(slot - batch->parked);
    assert(index < batch->parked_count);
    assert(!slot->parked.closed);
    return begin_save(batch, UNDO_PARKED, index, &undo);
}

bool batch_save_stored(struct batch *batch, const struct batch_stored *stored)
{
    struct batch_undo *undo;
    size_t index = (size_t)(stored - batch->stored);
    assert(index < batch->stored_count);
    if (!begin_save(batch, UNDO_STORED, index, &undo)) {
        return false;
    }
    if (undo != NULL) {
        undo->before.stored = *stored;
    }
    return true;
}

static void restore(struct batch *batch, const struct batch_undo *undo)
{
    switch (undo->kind) {
    case UNDO_ACCOUNT:
        batch->accounts[undo->index] = undo->before.account;
        break;
    case UNDO_HOLD:
        batch->holds[undo->index] = undo->before.hold;
        break;
    case UNDO_PARKED:
        batch->parked[undo->index].parked.closed = false;
        break;
    case UNDO_STORED:
        batch->stored[undo->index] = undo->before.stored;
        break;
    }
}

void batch_cancel_journal(struct batch *batch)
{
    const struct batch_marks *marks = &batch->marks;
    assert(batch->journal_open);
    for (size_t i = batch->undo_count; i-- > 0;) {
        restore(batch, &batch->undo[i]);
    }
    batch->undo_count = 0;
    batch->journal_open = false;
    batch->journal_count = marks->journals;
    batch->stored_count = marks->stored;
    batch->entry_count = marks->entries;
    batch->hold_count = marks->holds;
    batch->parked_count = marks->parked;
    batch->transfer_count = marks->transfers;
    batch->event_count = marks->events;
    batch->inbox_count = marks->inbox;
    batch->refused_count = marks->refused;
    batch->told_count = marks->told;
    batch->cutoff_count = marks->cutoffs;
    batch->ids = marks->ids;
    batch->subject = marks->subject;
    batch->subject_journal = marks->subject_journal;
}
