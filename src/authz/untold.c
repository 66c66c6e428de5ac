#include "authz/untold.h"

#include <assert.h>
#include <string.h>

#include "base/log.h"

static bool code_means_approved(const char response[3])
{
    return response[0] != '\0' && codes_means_approved(response);
}

bool untold_add(struct untold *untold, const struct work *work, const struct reply *told)
{
    if (untold->count == UNTOLD_MAX) {
        return false;
    }
    struct untold_item *item = &untold->items[untold->count++];
    *item = (struct untold_item){
        .statement = work->request->state->statement,
        .key = work->request->state->key,
        .told = *told,
        .approved = code_means_approved(work->decision.reply.response),
    };
    memcpy(item->request_id, work->request->message.request_id, sizeof item->request_id);
    return true;
}

/* Moves the entries of the request's own payment to the front; returns its id, 0: it has none. */
static uint64_t find_payment(struct gather *gather, const struct untold_item *item, size_t *count,
                             bool *voided)
{
    uint64_t payment = 0;
    size_t kept = 0;

    for (size_t i = 0; i < *count; i++) {
        const struct statement *statement = &gather->entries[i].statement;
        if (statement->txn_id == item->statement.txn_id) {
            payment = statement->role == ROLE_REQUEST ? gather->entries[i].payment : payment;
            *voided = *voided || statement->role == ROLE_VOID;
        }
    }
    for (size_t i = 0; i < *count; i++) {
        if (gather->entries[i].payment == payment) {
            gather->entries[kept++] = gather->entries[i];
        }
    }
    *count = kept;
    return payment;
}

static int64_t hold_before(const struct payment_holds *before, uint64_t txn_id)
{
    const struct authorisation *authorisation = payment_find(before, txn_id);

    return authorisation != NULL ? authorisation->hold_minor : 0;
}

/* Adds the void to the set and books what the holds change by. */
static bool release_holds(struct batch *batch, struct gather *gather,
                          const struct untold_item *item, uint64_t payment, size_t count,
                          const struct statement *statement)
{
    static _Thread_local struct payment_holds before, after;
    struct batch_account *account = gather->account;

    if (count >= GATHER_ENTRIES_MAX) {
        return false;
    }
    payment_compute(gather->entries, count, account->currency, &before);
    gather->entries[count] = (struct payment_entry){
        .payment = payment, .n = (uint32_t)count + 1, .statement = *statement};
    payment_compute(gather->entries, count + 1, account->currency, &after);
    for (size_t i = 0; i < after.count; i++) {
        const struct authorisation *now = &after.authorisations[i];
        int64_t delta_minor = now->hold_minor - hold_before(&before, now->txn_id);
        if (delta_minor < 0 &&
            !batch_change_hold(batch, account, payment, now->txn_id, item->statement.token,
                               delta_minor, 0, CODE_VOIDED, 0)) {
            return false;
        }
    }
    return true;
}

static struct batch_message describe_void(const struct untold_item *item,
                                          const struct batch_account *account, uint64_t payment)
{
    struct batch_message row = {
        .txn_id = item->statement.txn_id,
        .role = ROLE_VOID,
        .row = ROW_VOID,
        .account = account->id,
        .token = item->statement.token,
        .product = item->statement.product > 0 ? item->statement.product : 0,
        .payment = payment,
        .kind = message_row_kind(ROW_VOID),
        .reason = reason_name(REASON_UNTOLD),
        .rule = "answer not told",
        .scheme = "",
        .acknowledged = item->told.acknowledged,
        .currency = account->currency,
        .match_score = -1,
        .match_rule = "",
        .request_id = item->request_id,
        .traceparent = "",
        .facts = item->facts,
        .fields = item->facts,
        .merchant_name = "",
        .merchant_country = "",
        .actor = "host",
    };

    memcpy(row.response, item->told.response, sizeof row.response);
    return row;
}

static bool add_void_effects(struct batch *batch, struct gather *gather,
                             const struct untold_item *item, const struct statement *statement,
                             const struct batch_message *row, size_t count)
{
    if (row->payment != 0 &&
        (!batch_add_entry(batch, gather->account, row->payment, &item->key, ROLE_VOID, item->facts,
                          row->facts_bytes) ||
         !release_holds(batch, gather, item, row->payment, count, statement))) {
        return false;
    }
    return batch_add_event(batch, gather->account, event_type_name(EVENT_AUTHORISATION_VOIDED));
}

static bool add_void(struct batch *batch, struct gather *gather, struct untold_item *item)
{
    struct statement statement = item->statement;
    size_t count;
    bool voided = false;

    if (!gather_entries(gather, batch, gather->account->id, &item->key, &count)) {
        return false;
    }
    uint64_t payment = find_payment(gather, item, &count, &voided);
    if (voided) {
        return true; /* a lost COMMIT had done it */
    }
    statement.role = ROLE_VOID;
    statement.row = ROW_VOID;
    statement.reason = REASON_UNTOLD;
    statement.approved = false;
    memcpy(statement.answer, item->told.response, sizeof statement.answer);
    size_t bytes = statement_encode(&statement, item->facts);
    struct batch_message row = describe_void(item, gather->account, payment);
    row.facts_bytes = bytes;
    if (!batch_begin_journal(batch, &row)) {
        return false;
    }
    if (!add_void_effects(batch, gather, item, &statement, &row, count)) {
        batch_cancel_journal(batch);
        return false;
    }
    return true;
}

/* True when the item's correction is in the batch. */
static bool correct(struct batch *batch, struct gather *gather, struct untold_item *item)
{
    const struct batch_card *card =
        item->key.token != 0 ? batch_find_card(batch, item->key.token) : NULL;

    if (card != NULL) {
        gather->account = batch_find_account(batch, card->account);
        if (gather->account == NULL) {
            return false; /* locked elsewhere: next time */
        }
        if (item->approved && !add_void(batch, gather, item)) {
            return false;
        }
    }
    return batch_add_told(batch, item->statement.txn_id, ROLE_REQUEST, item->told.response,
                          item->told.acknowledged);
}

static void forget_done(struct untold *untold)
{
    size_t kept = 0;

    for (size_t i = 0; i < untold->count; i++) {
        struct untold_item *item = &untold->items[i];
        if (item->done) {
            log_warning("untold", log_text("request", item->request_id),
                        log_number("txn_id", (int64_t)item->statement.txn_id),
                        log_token("token", item->statement.token),
                        log_text("told", item->told.response),
                        log_text("voided", item->approved ? "yes" : "no"));
            continue;
        }
        if (kept != i) {
            untold->items[kept] = *item;
        }
        kept++;
    }
    untold->count = kept;
}

/* What the database refuses even alone was corrected before or needs a person. */
static void refuse(struct untold *untold, size_t count, const struct error *error)
{
    if (count > 1) {
        untold->batch_max = 1;
        return;
    }
    log_error("untold_refused", log_number("txn_id", (int64_t)untold->items[0].statement.txn_id),
              log_text("told", untold->items[0].told.response), log_text("field", error->field),
              log_text("message", error->message));
    untold->count--;
    memmove(&untold->items[0], &untold->items[1], untold->count * sizeof untold->items[0]);
}

bool untold_settle(struct untold *untold, struct ledger *ledger, struct batch *batch,
                   struct gather *gather, int64_t deadline_mono_us, struct error *error)
{
    size_t max = untold->batch_max == 1 ? 1 : UNTOLD_BATCH;
    size_t count = untold->count < max ? untold->count : max;

    if (count == 0) {
        return true;
    }
    batch_reset(batch);
    for (size_t i = 0; i < count; i++) {
        untold->items[i].done = false;
        (void)batch_add_key(batch, &untold->items[i].key);
    }
    if (!ledger_fetch(ledger, batch, deadline_mono_us, error)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        untold->items[i].done = correct(batch, gather, &untold->items[i]);
    }
    switch (ledger_commit(ledger, batch, deadline_mono_us, error)) {
    case LEDGER_DURABLE:
        untold->batch_max = 0;
        forget_done(untold);
        return true;
    case LEDGER_REFUSED:
        refuse(untold, count, error);
        return true;
    case LEDGER_ROLLED_BACK:
    case LEDGER_UNKNOWN:
        break;
    }
    return false;
}
