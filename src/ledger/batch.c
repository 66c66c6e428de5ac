#include "ledger/batch.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "ledger/batch_state.h"

struct batch *batch_create(void)
{
    /* About 40 MB of address space; pages that no batch reaches are never touched. */
    struct batch *batch = calloc(1, sizeof(*batch));
    if (batch == NULL) {
        fputs("out of memory at start-up\n", stderr);
        abort();
    }
    return batch;
}

void batch_destroy(struct batch *batch)
{
    free(batch);
}

/* Counts only; the ids that are left are the next batch's. */
void batch_reset(struct batch *batch)
{
    batch->key_count = 0;
    batch->at_us = 0;
    batch->card_count = batch->account_count = 0;
    batch->stored_count = batch->stored_fetched = 0;
    batch->entry_count = batch->entries_fetched = 0;
    batch->hold_count = batch->parked_count = 0;
    batch->journal_count = batch->transfer_count = batch->event_count = 0;
    batch->inbox_count = batch->refused_count = batch->told_count = batch->cutoff_count = 0;
    batch->subject = NULL;
    batch->subject_journal = 0;
    batch->journal_open = false;
    batch->undo_count = 0;
}

bool batch_add_key(struct batch *batch, const struct batch_key *key)
{
    if (batch->key_count == BATCH_MESSAGES_MAX) {
        return false;
    }
    batch->keys[batch->key_count++] = *key;
    return true;
}

int64_t batch_at_us(const struct batch *batch)
{
    return batch->at_us;
}

bool batch_has_effects(const struct batch *batch)
{
    size_t joined = 0;
    for (size_t i = 0; i < batch->parked_count; i++) {
        joined += batch->parked[i].parked.closed ? 1 : 0;
    }
    return batch->journal_count + batch->inbox_count + batch->refused_count + batch->told_count +
               batch->cutoff_count + batch->event_count + batch->transfer_count + joined >
           0;
}

int64_t batch_take_id(struct batch *batch)
{
    struct batch_ids *ids = &batch->ids;
    if (ids->next == ids->end) {
        ids->next = ids->spare_next;
        ids->end = ids->spare_end;
        ids->spare_next = ids->spare_end = 0;
    }
    return ids->next == ids->end ? 0 : ids->next++;
}
