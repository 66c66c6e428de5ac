#include <assert.h>

#include "ledger/batch_state.h"

#define DAY_US INT64_C(86400000000)

enum { LAYER_POSTED = 0, LAYER_PENDING = 1 };

static int64_t internal_account(int internal, uint16_t currency)
{
    return (int64_t)internal << 10 | currency;
}

/* Books one row whose customer side is `account`. Room and ids were checked by the caller. */
static void book(struct batch *batch, struct batch_account *account, int16_t layer, int internal,
                 int64_t amount, int code, const struct batch_hold *hold)
{
    int64_t other = internal_account(internal, account->currency);
    int64_t debited = amount > 0 ? amount : -amount;
    int64_t id = batch_take_id(batch);
    assert(id != 0);
    assert(amount != 0);

    batch_touch(batch, account);
    account->version++;
    if (layer == LAYER_PENDING) {
        account->held += amount;
    } else {
        account->posted -= amount;
    }
    batch->transfers[batch->transfer_count++] = (struct batch_transfer){
        .journal = batch_last_journal(batch),
        .id = id,
        .at_us = account->last_at_us,
        .layer = layer,
        .code = (int16_t)code,
        .currency = account->currency,
        .debit = amount > 0 ? account->id : other,
        .credit = amount > 0 ? other : account->id,
        .amount = debited,
        .account = account->id,
        .version = account->version,
        .hold_txn_id = hold == NULL ? 0 : (int64_t)hold->txn_id,
        .hold_generation = (int16_t)(hold == NULL ? 0 : hold->generation),
        .posted_after = account->posted,
        .held_after = account->held,
        .overdraft_at = account->overdraft,
    };
}

static size_t ids_left(const struct batch *batch)
{
    const struct batch_ids *ids = &batch->ids;
    return (size_t)(ids->end - ids->next + ids->spare_end - ids->spare_next);
}

static bool has_room(const struct batch *batch, size_t transfers)
{
    return batch->transfer_count + transfers <= BATCH_TRANSFERS_MAX && ids_left(batch) >= transfers;
}

static int64_t remaining_of(const struct batch_hold *hold)
{
    return hold->amount - hold->cleared - hold->released;
}

static struct batch_hold_slot *open_hold(struct batch *batch, const struct batch_account *account,
                                         uint64_t payment, uint64_t txn_id, int32_t token,
                                         int generation)
{
    struct batch_hold_slot *slot = &batch->holds[batch->hold_count++];
    int64_t at_us = batch_account_at_us(batch, account);
    *slot = (struct batch_hold_slot){
        .hold = {.account = account->id,
                 .payment = payment,
                 .txn_id = txn_id,
                 .generation = generation,
                 .state = HOLD_OPEN},
        .token = token,
        .opened_at_us = at_us,
        .expires_at_us = at_us + BATCH_HOLD_DAYS * DAY_US,
        .is_new = true,
    };
    return slot;
}

/* A hold that can grow: the open one, or the next generation. NULL when a limit is reached. */
static struct batch_hold_slot *hold_to_grow(struct batch *batch,
                                            const struct batch_account *account, uint64_t payment,
                                            uint64_t txn_id, int32_t token)
{
    struct batch_hold_slot *slot = batch_find_hold(batch, account->id, txn_id);
    if (slot != NULL && slot->hold.state == HOLD_OPEN) {
        return batch_save_hold(batch, slot) ? slot : NULL;
    }
    int generation = slot == NULL ? 1 : slot->hold.generation + 1;
    if (batch->hold_count == BATCH_HOLDS_MAX || generation > INT16_MAX) {
        return NULL;
    }
    return open_hold(batch, account, payment, txn_id, token, generation);
}

static bool grow_hold(struct batch *batch, struct batch_account *account, uint64_t payment,
                      uint64_t txn_id, int32_t token, int64_t delta, int64_t fee, int code,
                      int64_t expires_at_us)
{
    if (!has_room(batch, 2) || !batch_save_account(batch, account)) {
        return false;
    }
    struct batch_hold_slot *slot = hold_to_grow(batch, account, payment, txn_id, token);
    if (slot == NULL) {
        return false;
    }
    int64_t held_fee = code == CODE_BATCH_AUTHORISATION ? fee : 0;
    slot->hold.amount += delta;
    slot->changed = true;
    if (expires_at_us != 0) {
        slot->expires_at_us = expires_at_us;
    }
    if (delta > held_fee) {
        book(batch, account, LAYER_PENDING, INTERNAL_AUTHORISED, delta - held_fee, code,
             &slot->hold);
    }
    if (held_fee > 0) {
        book(batch, account, LAYER_PENDING, INTERNAL_AUTHORISED, held_fee, CODE_BATCH_HELD_FEE,
             &slot->hold);
    }
    return true;
}

static int closed_state(int code)
{
    switch (code) {
    case CODE_BATCH_EXPIRED:
        return HOLD_EXPIRED;
    case CODE_BATCH_VOIDED:
        return HOLD_VOIDED;
    case CODE_BATCH_CLEARED:
        return HOLD_CLEARED;
    default:
        return HOLD_RELEASED;
    }
}

static bool shrink_hold(struct batch *batch, struct batch_account *account, uint64_t txn_id,
                        int64_t amount, int code, int64_t expires_at_us)
{
    struct batch_hold_slot *slot = batch_find_hold(batch, account->id, txn_id);
    if (slot == NULL || slot->hold.state != HOLD_OPEN || amount > remaining_of(&slot->hold)) {
        batch->contradicted = true;
        return false;
    }
    if (!has_room(batch, 1) || !batch_save_account(batch, account) ||
        !batch_save_hold(batch, slot)) {
        return false;
    }
    if (code == CODE_BATCH_CLEARED) {
        slot->hold.cleared += amount;
    } else {
        slot->hold.released += amount;
    }
    slot->changed = true;
    if (expires_at_us != 0) {
        slot->expires_at_us = expires_at_us;
    }
    book(batch, account, LAYER_PENDING, INTERNAL_AUTHORISED, -amount, code, &slot->hold);
    if (remaining_of(&slot->hold) == 0) {
        slot->hold.state = closed_state(code);
        slot->closed_at_us = account->last_at_us;
    }
    return true;
}

bool batch_change_hold(struct batch *batch, struct batch_account *account, uint64_t payment,
                       uint64_t txn_id, int32_t token, int64_t delta_minor, int64_t fee_minor,
                       int code, int64_t expires_at_us)
{
    assert(delta_minor != 0);
    assert(fee_minor >= 0);
    if (delta_minor > 0) {
        assert(fee_minor <= delta_minor);
        return grow_hold(batch, account, payment, txn_id, token, delta_minor, fee_minor, code,
                         expires_at_us);
    }
    return shrink_hold(batch, account, txn_id, -delta_minor, code, expires_at_us);
}

bool batch_take_contradiction(struct batch *batch)
{
    bool contradicted = batch->contradicted;

    batch->contradicted = false;
    return contradicted;
}

bool batch_post(struct batch *batch, struct batch_account *account, int internal,
                int64_t amount_minor, int code)
{
    assert(amount_minor != 0);
    assert(internal != INTERNAL_AUTHORISED); /* pending layer only */
    if (!has_room(batch, 1) || !batch_save_account(batch, account)) {
        return false;
    }
    book(batch, account, LAYER_POSTED, internal, amount_minor, code, NULL);
    return true;
}
