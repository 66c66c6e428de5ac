#include <assert.h>
#include <stdlib.h>

#include "ledger/batch_state.h"

const struct batch_card *batch_find_card(const struct batch *batch, int32_t token)
{
    size_t low = 0, high = batch->card_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (batch->cards[middle].token < token) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < batch->card_count && batch->cards[low].token == token ? &batch->cards[low] : NULL;
}

struct batch_account *batch_find_account(struct batch *batch, int64_t account)
{
    size_t low = 0, high = batch->account_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (batch->accounts[middle].id < account) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < batch->account_count && batch->accounts[low].id == account ? &batch->accounts[low]
                                                                            : NULL;
}

static bool stored_is_before(const struct batch_stored *stored, uint64_t txn_id, int role)
{
    return stored->txn_id < txn_id || (stored->txn_id == txn_id && stored->role < role);
}

const struct batch_stored *batch_find_stored(const struct batch *batch, uint64_t txn_id, int role)
{
    size_t low = 0, high = batch->stored_fetched;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (stored_is_before(&batch->stored[middle], txn_id, role)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    /* Either the one looked for, or past the fetched ones: what this batch added is in no order. */
    const struct batch_stored *at = &batch->stored[low];
    if (low < batch->stored_fetched && at->txn_id == txn_id && at->role == role) {
        return at;
    }
    for (size_t i = batch->stored_fetched; i < batch->stored_count; i++) {
        if (batch->stored[i].txn_id == txn_id && batch->stored[i].role == role) {
            return &batch->stored[i];
        }
    }
    return NULL;
}

const struct batch_key *batch_find_key(const struct batch *batch, uint64_t txn_id)
{
    for (size_t i = 0; i < batch->key_count; i++) {
        if (txn_id != 0 && batch->keys[i].txn_id == txn_id) {
            return &batch->keys[i];
        }
    }
    return NULL;
}

struct batch_hold_slot *batch_find_hold(struct batch *batch, int64_t account, uint64_t txn_id)
{
    for (size_t i = batch->hold_count; i-- > 0;) { /* the newest generation stands last */
        struct batch_hold *hold = &batch->holds[i].hold;
        if (hold->txn_id == txn_id && hold->account == account) {
            return &batch->holds[i];
        }
    }
    return NULL;
}

/* Both known, and the same. */
static bool same_id(uint64_t a, uint64_t b)
{
    return a != 0 && a == b;
}

static bool same_key(int64_t a, int64_t b)
{
    return a != 0 && a == b;
}

/* The same references that sql/fetch_entries.sql follows. */
static bool shares_reference(const struct batch_entry *entry, const struct batch_key *key)
{
    return same_id(entry->txn_id, key->txn_id) || same_id(entry->txn_id, key->matching_txn_id) ||
           same_id(entry->matching_txn_id, key->txn_id) ||
           same_id(entry->matching_txn_id, key->matching_txn_id) ||
           same_key(entry->trace_key, key->trace_key) ||
           same_key(entry->trace_key, key->trace_message_key) ||
           same_key(entry->trace_message_key, key->trace_key) ||
           same_key(entry->trace_message_key, key->trace_message_key) ||
           same_key(entry->link_key, key->link_key) ||
           same_key(entry->acquirer_ref_key, key->acquirer_ref_key);
}

/* The fetched entries of an account stand together. */
static size_t first_entry(const struct batch *batch, int64_t account)
{
    size_t low = 0, high = batch->entries_fetched;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (batch->entries[middle].account < account) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The account's entry after position i (or at it), fetched ones first, then this batch's. */
static size_t next_entry(const struct batch *batch, int64_t account, size_t i)
{
    if (i < batch->entries_fetched) {
        if (batch->entries[i].account == account) {
            return i;
        }
        i = batch->entries_fetched;
    }
    while (i < batch->entry_count && batch->entries[i].account != account) {
        i++;
    }
    return i;
}

struct payment_list {
    size_t count;
    uint64_t payments[BATCH_PAYMENTS_MAX];
};

static bool list_has(const struct payment_list *list, uint64_t payment)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->payments[i] == payment) {
            return true;
        }
    }
    return false;
}

static bool list_payments(const struct batch *batch, int64_t account, const struct batch_key *key,
                          struct payment_list *list)
{
    list->count = 0;
    for (size_t i = next_entry(batch, account, first_entry(batch, account)); i < batch->entry_count;
         i = next_entry(batch, account, i + 1)) {
        const struct batch_entry *entry = &batch->entries[i];
        if (!shares_reference(entry, key) || list_has(list, entry->payment)) {
            continue;
        }
        if (list->count == BATCH_PAYMENTS_MAX) {
            return false;
        }
        list->payments[list->count++] = entry->payment;
    }
    return true;
}

static int compare_entries(const void *a, const void *b)
{
    const struct batch_entry *x = *(const struct batch_entry *const *)a;
    const struct batch_entry *y = *(const struct batch_entry *const *)b;
    if (x->payment != y->payment) {
        return x->payment < y->payment ? -1 : 1;
    }
    return x->n < y->n ? -1 : x->n > y->n;
}

bool batch_find_entries(const struct batch *batch, int64_t account, const struct batch_key *key,
                        const struct batch_entry **entries, size_t max, size_t *count)
{
    struct payment_list list;
    bool all = list_payments(batch, account, key, &list);
    size_t found = 0;

    for (size_t i = next_entry(batch, account, first_entry(batch, account)); i < batch->entry_count;
         i = next_entry(batch, account, i + 1)) {
        if (!list_has(&list, batch->entries[i].payment)) {
            continue;
        }
        if (found == max) {
            all = false;
            break;
        }
        entries[found++] = &batch->entries[i];
    }
    qsort(entries, found, sizeof(entries[0]), compare_entries);
    *count = found;
    return all;
}

/* The same references that sql/fetch_parked.sql follows. */
static bool may_wait_for(const struct batch_parked_slot *slot, const struct batch_key *key)
{
    const struct batch_key *own = &slot->key;

    if (same_id(own->matching_txn_id, key->txn_id)) {
        return true;
    }
    return slot->parked.why == BATCH_WHY_PARKED &&
           (same_key(own->trace_key, key->trace_key) ||
            same_key(own->trace_key, key->trace_message_key) ||
            same_key(own->trace_message_key, key->trace_key) ||
            same_key(own->trace_message_key, key->trace_message_key) ||
            same_key(own->link_key, key->link_key) ||
            same_key(own->acquirer_ref_key, key->acquirer_ref_key));
}

bool batch_find_parked(struct batch *batch, int64_t account, const struct batch_key *key,
                       struct batch_parked **parked, size_t max, size_t *count)
{
    size_t found = 0, seen = 0; /* those that joined meanwhile counted towards the fetch's limit */

    for (size_t i = 0; i < batch->parked_count && seen <= max; i++) {
        struct batch_parked_slot *slot = &batch->parked[i];
        if (slot->parked.account != account || !may_wait_for(slot, key)) {
            continue;
        }
        if (!slot->parked.closed && found < max) {
            parked[found++] = &slot->parked;
        }
        seen++;
    }
    *count = found;
    return seen <= max;
}
