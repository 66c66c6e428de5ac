#include <assert.h>
#include <string.h>

#include "ledger/batch_state.h"

int64_t batch_available(const struct batch_account *account)
{
    return account->posted - account->held + account->overdraft;
}

int64_t batch_account_at_us(const struct batch *batch, const struct batch_account *account)
{
    return batch->at_us > account->last_at_us ? batch->at_us : account->last_at_us;
}

void batch_touch(struct batch *batch, struct batch_account *account)
{
    account->last_at_us = batch_account_at_us(batch, account);
    account->touched = true;
}

static struct batch_marks marks_of(const struct batch *batch)
{
    return (struct batch_marks){
        .journals = batch->journal_count,
        .stored = batch->stored_count,
        .entries = batch->entry_count,
        .holds = batch->hold_count,
        .parked = batch->parked_count,
        .transfers = batch->transfer_count,
        .events = batch->event_count,
        .inbox = batch->inbox_count,
        .refused = batch->refused_count,
        .told = batch->told_count,
        .cutoffs = batch->cutoff_count,
        .ids = batch->ids,
        .subject = batch->subject,
        .subject_journal = batch->subject_journal,
    };
}

/* A later message of the batch with the same id finds this one as it would in the database. */
static void remember_stored(struct batch *batch, const struct batch_message *message)
{
    struct batch_stored *stored = &batch->stored[batch->stored_count++];
    *stored = (struct batch_stored){
        .txn_id = message->txn_id,
        .role = message->role,
        .account = message->account,
        .facts_bytes = message->facts_bytes,
        .acknowledged = message->acknowledged,
        .currency = message->currency,
        .posted_minor = message->posted_minor,
        .available_minor = message->available_minor,
        .approved_minor = message->approved_minor,
    };
    memcpy(stored->response, message->response, sizeof(stored->response));
    memcpy(stored->facts, message->facts, message->facts_bytes);
}

bool batch_begin_journal(struct batch *batch, const struct batch_message *message)
{
    assert(message->facts_bytes > 0);
    assert(message->facts_bytes <= BATCH_FACTS_BYTES);
    if (batch->journal_count == BATCH_JOURNALS_MAX || batch->stored_count == BATCH_STORED_MAX) {
        return false;
    }
    struct batch_marks marks = marks_of(batch);
    int64_t id = batch_take_id(batch);
    if (id == 0) {
        return false;
    }
    batch->marks = marks;
    batch->undo_count = 0;
    batch->journal_open = true;

    const struct batch_account *account =
        message->account == 0 ? NULL : batch_find_account(batch, message->account);
    struct batch_journal *journal = &batch->journals[batch->journal_count++];
    *journal = (struct batch_journal){
        .message = *message,
        .id = id,
        .at_us = account == NULL ? batch->at_us : batch_account_at_us(batch, account),
    };
    batch->subject = &journal->message;
    batch->subject_journal = id;
    remember_stored(batch, message);
    return true;
}

const struct batch_journal *batch_last_journal(const struct batch *batch)
{
    assert(batch->journal_count > 0);
    return &batch->journals[batch->journal_count - 1];
}

/* The next place in a payment: entries of it that this batch knows, or the first. */
static uint32_t next_place(const struct batch *batch, int64_t account, uint64_t payment)
{
    uint32_t last = 0;
    for (size_t i = 0; i < batch->entry_count; i++) {
        const struct batch_entry *entry = &batch->entries[i];
        if (entry->account == account && entry->payment == payment && entry->n > last) {
            last = entry->n;
        }
    }
    return last + 1;
}

bool batch_add_entry(struct batch *batch, struct batch_account *account, uint64_t payment,
                     const struct batch_key *key, int role, const uint8_t *facts,
                     size_t facts_bytes)
{
    assert(payment != 0 && key->txn_id != 0);
    assert(facts_bytes <= BATCH_FACTS_BYTES);
    if (batch->entry_count == BATCH_ENTRIES_MAX) {
        return false;
    }
    uint32_t n = next_place(batch, account->id, payment);
    struct batch_entry *entry = &batch->entries[batch->entry_count++];
    *entry = (struct batch_entry){
        .account = account->id,
        .payment = payment,
        .txn_id = key->txn_id,
        .role = role,
        .n = n,
        .trace_key = key->trace_key,
        .trace_message_key = key->trace_message_key,
        .link_key = key->link_key,
        .acquirer_ref_key = key->acquirer_ref_key,
        .matching_txn_id = key->matching_txn_id,
        .facts_bytes = facts_bytes,
    };
    memcpy(entry->facts, facts, facts_bytes);
    return true;
}

bool batch_add_event(struct batch *batch, struct batch_account *account, const char *type)
{
    assert(batch->subject != NULL);
    if (batch->event_count == BATCH_EVENTS_MAX || !batch_save_account(batch, account)) {
        return false;
    }
    batch_touch(batch, account);
    account->event_version++;
    batch->events[batch->event_count++] = (struct batch_event){
        .message = batch->subject,
        .journal_id = batch->subject_journal,
        .account = account->id,
        .event_version = account->event_version,
        .at_us = account->last_at_us,
        .currency = account->currency,
        .posted = account->posted,
        .held = account->held,
        .available = batch_available(account),
        .type = type,
    };
    return true;
}

static bool park(struct batch *batch, int why, const struct batch_message *message,
                 const struct batch_key *key)
{
    if (batch->parked_count == BATCH_PARKED_MAX) {
        return false;
    }
    struct batch_parked_slot *slot = &batch->parked[batch->parked_count++];
    *slot = (struct batch_parked_slot){
        .parked = {.account = message->account,
                   .token = message->token,
                   .txn_id = message->txn_id,
                   .role = message->role,
                   .why = why,
                   .facts_bytes = message->facts_bytes},
        .key = *key,
    };
    memcpy(slot->parked.facts, message->facts, message->facts_bytes);
    return true;
}

bool batch_add_inbox(struct batch *batch, int why)
{
    const struct batch_journal *journal = batch_last_journal(batch);
    const struct batch_key *known = batch_find_key(batch, journal->message.txn_id);
    struct batch_key key =
        known != NULL ? *known : (struct batch_key){.txn_id = journal->message.txn_id};
    bool parks =
        (why == BATCH_WHY_PARKED || why == BATCH_WHY_UNRELIABLE) && journal->message.account != 0;

    if (batch->inbox_count == BATCH_INBOX_MAX ||
        (parks && !park(batch, why, &journal->message, &key))) {
        return false;
    }
    batch->inbox[batch->inbox_count++] = (struct batch_inbox_row){
        .message = journal->message,
        .stored = true,
        .why = why,
        .at_us = journal->at_us,
        .parked = parks ? (int32_t)batch->parked_count - 1 : -1,
        .key = key,
    };
    return true;
}

bool batch_add_inbox_only(struct batch *batch, int why, const struct batch_message *message)
{
    if (batch->inbox_count == BATCH_INBOX_MAX) {
        return false;
    }
    batch->inbox[batch->inbox_count++] = (struct batch_inbox_row){
        .message = *message,
        .why = why,
        .at_us = batch->at_us,
        .parked = -1,
    };
    return true;
}

bool batch_join_parked(struct batch *batch, struct batch_account *account, uint64_t payment,
                       struct batch_parked *parked)
{
    struct batch_parked_slot *slot = (struct batch_parked_slot *)parked; /* its first member */
    assert(!parked->closed && parked->account == account->id);
    if (!batch_save_parked(batch, slot) ||
        !batch_add_entry(batch, account, payment, &slot->key, parked->role, parked->facts,
                         parked->facts_bytes)) {
        return false;
    }
    parked->closed = true;
    return true;
}

bool batch_add_refused(struct batch *batch, const struct batch_message *message)
{
    if (batch->refused_count == BATCH_REFUSED_MAX) {
        return false;
    }
    struct batch_message *refused = &batch->refused[batch->refused_count++];
    *refused = *message;
    batch->subject = refused;
    batch->subject_journal = 0;
    return true;
}

bool batch_add_told(struct batch *batch, uint64_t txn_id, int role, const char response[3],
                    bool acknowledged)
{
    struct batch_stored *stored = (struct batch_stored *)batch_find_stored(batch, txn_id, role);
    if (batch->told_count == BATCH_TOLD_MAX ||
        (stored != NULL && !batch_save_stored(batch, stored))) {
        return false;
    }
    struct batch_told_row *told = &batch->told[batch->told_count++];
    *told = (struct batch_told_row){.txn_id = txn_id, .role = role, .acknowledged = acknowledged};
    memcpy(told->response, response, sizeof(told->response));
    if (stored != NULL) {
        memcpy(stored->response, response, sizeof(stored->response));
        stored->acknowledged = acknowledged;
        stored->approved_minor = 0;
    }
    return true;
}

bool batch_add_cutoff(struct batch *batch, const struct batch_cutoff *cutoff)
{
    if (batch->cutoff_count == BATCH_CUTOFFS_MAX) {
        return false;
    }
    batch->cutoffs[batch->cutoff_count++] = *cutoff;
    return true;
}
