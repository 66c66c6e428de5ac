#include "authz/gather.h"

#include <assert.h>
#include <string.h>

static_assert((int)BATCH_FACTS_BYTES >= (int)STATEMENT_BYTES, "a statement must fit its column");

void gather_key(const struct statement *statement, bool token_readable, struct batch_key *key)
{
    *key = (struct batch_key){
        .txn_id = statement->txn_id,
        .matching_txn_id = statement->matching_txn_id,
        .token = token_readable ? statement->token : 0,
        .trace_key = statement->trace_key,
        .trace_message_key = statement->trace_message_key,
        .link_key = statement->link_key,
        .acquirer_ref_key = statement->acquirer_ref_key,
    };
}

/* False when there is one that cannot be read. */
static bool find_earlier(const struct batch *batch, uint64_t txn_id, enum message_role role,
                         struct earlier *earlier)
{
    const struct batch_stored *stored = batch_find_stored(batch, txn_id, (int)role);

    memset(earlier, 0, sizeof *earlier);
    if (stored == NULL) {
        return true;
    }
    earlier->known = true;
    memcpy(earlier->reply.response, stored->response, sizeof earlier->reply.response);
    earlier->reply.acknowledged = stored->acknowledged;
    earlier->reply.currency = stored->currency;
    earlier->reply.has_balances = stored->currency != 0;
    earlier->reply.posted_minor = stored->posted_minor;
    earlier->reply.available_minor = stored->available_minor;
    earlier->reply.approved_minor = stored->approved_minor;
    return statement_decode(stored->facts, stored->facts_bytes, &earlier->statement);
}

bool gather_entries(struct gather *gather, const struct batch *batch, int64_t account,
                    const struct batch_key *key, size_t *count)
{
    if (!batch_find_entries(batch, account, key, gather->found, GATHER_ENTRIES_MAX, count)) {
        return false;
    }
    for (size_t i = 0; i < *count; i++) {
        const struct batch_entry *row = gather->found[i];
        struct payment_entry *entry = &gather->entries[i];
        entry->payment = row->payment;
        entry->n = row->n;
        if (!statement_decode(row->facts, row->facts_bytes, &entry->statement)) {
            return false;
        }
    }
    return true;
}

static bool find_parked(struct gather *gather, struct batch *batch, const struct batch_key *key)
{
    struct facts *facts = &gather->facts;
    size_t count;

    facts->parked_overflow = !batch_find_parked(batch, gather->account->id, key,
                                                gather->parked_rows, GATHER_PARKED_MAX, &count);
    for (size_t i = 0; i < count; i++) {
        const struct batch_parked *row = gather->parked_rows[i];
        if (!statement_decode(row->facts, row->facts_bytes, &gather->parked[i])) {
            return false;
        }
    }
    facts->parked = gather->parked;
    facts->parked_count = count;
    return true;
}

static void copy_account(struct gather *gather, const struct batch_card *card)
{
    const struct batch_account *account = gather->account;

    gather->card = (struct card_facts){
        .status = (enum card_status)card->status,
        .expiry_yyyymm = card->expiry_yyyymm,
    };
    gather->account_facts = (struct account_facts){
        .currency = account->currency,
        .status = (enum account_status)account->status,
        .posted_minor = account->posted,
        .held_minor = account->held,
        .overdraft_minor = account->overdraft,
    };
    gather->facts.card = &gather->card;
    gather->facts.account = &gather->account_facts;
}

enum gathered gather_facts(struct gather *gather, struct batch *batch,
                           const struct message *message, const struct statement *statement,
                           const struct classification *classification,
                           const struct product_settings *product, int64_t *account)
{
    struct batch_key key;
    const struct batch_card *card = NULL;

    gather->account = NULL;
    gather->facts = (struct facts){
        .message = message,
        .statement = statement,
        .classification = classification,
        .product = product,
        .request = &gather->request,
        .outcome = &gather->outcome,
        .entries = gather->entries,
        .decided_at_us = batch_at_us(batch),
    };
    gather_key(statement, !message->token_malformed, &key);
    if (key.token != 0) {
        card = batch_find_card(batch, key.token);
    }
    if (card != NULL) {
        *account = card->account;
        gather->account = batch_find_account(batch, card->account);
        if (gather->account == NULL) {
            return GATHER_LOCKED;
        }
    }
    if (!find_earlier(batch, key.txn_id, ROLE_REQUEST, &gather->request) ||
        !find_earlier(batch, key.txn_id, ROLE_OUTCOME, &gather->outcome)) {
        return GATHER_DAMAGED;
    }
    if (card == NULL) {
        return GATHER_READY;
    }
    copy_account(gather, card);
    if (!gather_entries(gather, batch, card->account, &key, &gather->facts.entry_count) ||
        !find_parked(gather, batch, &key)) {
        return GATHER_DAMAGED;
    }
    return GATHER_READY;
}
