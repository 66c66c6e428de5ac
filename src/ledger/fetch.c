#include <assert.h>
#include <string.h>

#include "ledger/ledger_state.h"
#include "ledger/result.h"

/* --- what is asked --- */

static struct array_value tokens_of(struct array_writer *wire, const struct batch *batch)
{
    array_begin(wire, ARRAY_INT4);
    for (size_t i = 0; i < batch->key_count; i++) {
        if (batch->keys[i].token != 0) {
            array_add_number(wire, batch->keys[i].token);
        }
    }
    return array_end(wire);
}

static struct array_value txn_ids_of(struct array_writer *wire, const struct batch *batch)
{
    array_begin(wire, ARRAY_INT8);
    for (size_t i = 0; i < batch->key_count; i++) {
        if (batch->keys[i].txn_id != 0) {
            array_add_number(wire, (int64_t)batch->keys[i].txn_id);
        }
    }
    return array_end(wire);
}

enum reference {
    REFERENCE_TXN,
    REFERENCE_MATCHING,
    REFERENCE_TRACE,
    REFERENCE_TRACE_MESSAGE,
    REFERENCE_LINK,
    REFERENCE_ACQUIRER,
    REFERENCE_COUNT
};

static int64_t reference_of(const struct batch_key *key, enum reference reference)
{
    switch (reference) {
    case REFERENCE_TXN:
        return (int64_t)key->txn_id;
    case REFERENCE_MATCHING:
        return (int64_t)key->matching_txn_id;
    case REFERENCE_TRACE:
        return key->trace_key;
    case REFERENCE_TRACE_MESSAGE:
        return key->trace_message_key;
    case REFERENCE_LINK:
        return key->link_key;
    case REFERENCE_ACQUIRER:
        return key->acquirer_ref_key;
    case REFERENCE_COUNT:
        break;
    }
    assert(false); /* a reference that has no key */
    return 0;
}

/* Everything that is found by the messages' references. */
static void queue_referred(struct ledger *ledger, const struct batch *batch)
{
    struct array_writer *wire = &ledger->wire;
    struct array_value parameters[1 + REFERENCE_COUNT];

    array_begin(wire, ARRAY_INT4);
    for (size_t i = 0; i < batch->key_count; i++) {
        array_add_number_or_null(wire, batch->keys[i].token);
    }
    parameters[0] = array_end(wire);
    for (int reference = 0; reference < REFERENCE_COUNT; reference++) {
        array_begin(wire, ARRAY_INT8);
        for (size_t i = 0; i < batch->key_count; i++) {
            array_add_number_or_null(wire,
                                     reference_of(&batch->keys[i], (enum reference)reference));
        }
        parameters[1 + reference] = array_end(wire);
    }
    session_send(ledger->session, "fetch_entries", parameters, 1 + REFERENCE_COUNT);
    session_send(ledger->session, "fetch_parked", parameters, 1 + REFERENCE_COUNT);
}

/* Which answers come, and where. */
struct asked {
    bool cards, stored, ids;
};

static bool has_token(const struct batch *batch)
{
    for (size_t i = 0; i < batch->key_count; i++) {
        if (batch->keys[i].token != 0) {
            return true;
        }
    }
    return false;
}

static bool has_txn_id(const struct batch *batch)
{
    for (size_t i = 0; i < batch->key_count; i++) {
        if (batch->keys[i].txn_id != 0) {
            return true;
        }
    }
    return false;
}

/* fetch_cards goes always: it brings the time. */
static struct asked queue(struct ledger *ledger, const struct batch *batch)
{
    struct asked asked = {
        .cards = has_token(batch),
        .stored = has_txn_id(batch),
        .ids = ledger->ids.spare_next == ledger->ids.spare_end,
    };
    array_reset(&ledger->wire);
    struct array_value tokens = tokens_of(&ledger->wire, batch);

    session_send(ledger->session, "begin", NULL, 0);
    if (asked.cards) {
        session_send(ledger->session, "fetch_accounts", &tokens, 1);
    }
    session_send(ledger->session, "fetch_cards", &tokens, 1);
    if (asked.stored) {
        struct array_value ids = txn_ids_of(&ledger->wire, batch);
        session_send(ledger->session, "fetch_stored", &ids, 1);
    }
    if (asked.cards) {
        queue_referred(ledger, batch);
    }
    if (asked.ids) {
        session_send(ledger->session, "fetch_ids", NULL, 0);
    }
    return asked;
}

/* --- what came --- */

static void read_accounts(const PGresult *result, struct batch *batch)
{
    int rows = PQntuples(result);
    assert(rows <= BATCH_MESSAGES_MAX); /* no more than there are tokens */
    for (int row = 0; row < rows; row++) {
        batch->accounts[batch->account_count++] = result_account(result, row);
    }
}

static void read_cards(const PGresult *result, struct batch *batch)
{
    batch->at_us = result_time_us(result, 0, 0);
    for (int row = 0; row < PQntuples(result); row++) {
        if (result_is_null(result, row, 1)) {
            continue;
        }
        assert(batch->card_count < BATCH_MESSAGES_MAX);
        batch->cards[batch->card_count++] = (struct batch_card){
            .token = (int32_t)result_number(result, row, 1),
            .account = result_number(result, row, 2),
            .product = result_number(result, row, 3),
            .status = (int)result_number(result, row, 4),
            .expiry_yyyymm = (int32_t)result_number(result, row, 5),
        };
    }
}

static size_t copy_facts(const PGresult *result, int row, int column, uint8_t *facts)
{
    size_t count;
    const uint8_t *bytes = result_bytes(result, row, column, &count);
    count = count > BATCH_FACTS_BYTES ? 0 : count; /* never stored so: reads as "unknown version" */
    memcpy(facts, bytes, count);
    return count;
}

static void read_stored(const PGresult *result, struct batch *batch)
{
    for (int row = 0; row < PQntuples(result); row++) {
        struct batch_stored *stored = &batch->stored[batch->stored_count++];
        assert(batch->stored_count <= 3 * BATCH_MESSAGES_MAX); /* an id has three roles */
        *stored = (struct batch_stored){
            .txn_id = (uint64_t)result_number(result, row, 0),
            .role = (int)result_number(result, row, 1),
            .account = result_number(result, row, 2),
            .acknowledged = result_number(result, row, 5) != 0,
            .currency = (uint16_t)result_number(result, row, 6),
            .posted_minor = result_number(result, row, 7),
            .available_minor = result_number(result, row, 8),
            .approved_minor = result_number(result, row, 9),
        };
        stored->facts_bytes = copy_facts(result, row, 3, stored->facts);
        result_text(result, row, 4, stored->response, sizeof(stored->response));
    }
    batch->stored_fetched = batch->stored_count;
}

/* The entry's newest hold, once: a request and its outcome have one id and one hold. */
static void read_hold(const PGresult *result, int row, const struct batch_entry *entry,
                      struct batch *batch)
{
    if (result_is_null(result, row, 11)) {
        return;
    }
    for (size_t i = batch->hold_count; i-- > 0;) {
        const struct batch_hold *hold = &batch->holds[i].hold;
        if (hold->account != entry->account || hold->payment != entry->payment) {
            break; /* rows of one payment stand together */
        }
        if (hold->txn_id == entry->txn_id) {
            return;
        }
    }
    batch->holds[batch->hold_count++] = (struct batch_hold_slot){
        .hold = {.account = entry->account,
                 .payment = entry->payment,
                 .txn_id = entry->txn_id,
                 .generation = (int)result_number(result, row, 11),
                 .amount = result_number(result, row, 12),
                 .cleared = result_number(result, row, 13),
                 .released = result_number(result, row, 14),
                 .state = (int)result_number(result, row, 15)},
        .token = (int32_t)result_number(result, row, 16),
        .opened_at_us = result_time_us(result, row, 17),
        .expires_at_us = result_time_us(result, row, 18),
    };
}

/* Not decided in this batch: its payments did not fit. */
static void forget_account(struct batch *batch, int64_t account)
{
    size_t kept = 0;
    for (size_t i = 0; i < batch->account_count; i++) {
        if (batch->accounts[i].id != account) {
            batch->accounts[kept++] = batch->accounts[i];
        }
    }
    batch->account_count = kept;
}

/* Room is kept for what the batch itself adds. Rows come by account, so at the limit whole accounts
 * are left for a later batch, and those before them are complete. */
static void read_entries(const PGresult *result, struct batch *batch)
{
    const size_t room = BATCH_ENTRIES_MAX - 2 * BATCH_JOURNALS_MAX;
    for (int row = 0; row < PQntuples(result); row++) {
        if (batch->entry_count == room) {
            forget_account(batch, result_number(result, row, 0));
            continue;
        }
        struct batch_entry *entry = &batch->entries[batch->entry_count++];
        *entry = (struct batch_entry){
            .account = result_number(result, row, 0),
            .payment = (uint64_t)result_number(result, row, 1),
            .n = (uint32_t)result_number(result, row, 2),
            .txn_id = (uint64_t)result_number(result, row, 3),
            .role = (int)result_number(result, row, 4),
            .trace_key = result_number(result, row, 5),
            .trace_message_key = result_number(result, row, 6),
            .link_key = result_number(result, row, 7),
            .acquirer_ref_key = result_number(result, row, 8),
            .matching_txn_id = (uint64_t)result_number(result, row, 9),
        };
        entry->facts_bytes = copy_facts(result, row, 10, entry->facts);
        read_hold(result, row, entry, batch);
    }
    batch->entries_fetched = batch->entry_count;
}

/* As read_entries: an account whose parked messages do not fit is left for a later batch. */
static void read_parked(const PGresult *result, struct batch *batch)
{
    const size_t room = BATCH_PARKED_MAX - BATCH_JOURNALS_MAX;
    for (int row = 0; row < PQntuples(result); row++) {
        if (batch->parked_count == room) {
            forget_account(batch, result_number(result, row, 0));
            continue;
        }
        struct batch_parked_slot *slot = &batch->parked[batch->parked_count++];
        *slot = (struct batch_parked_slot){
            .parked = {.account = result_number(result,        row, 0),
                       .inbox_id = result_number(result,  row, 1),
                       .token = (int32_t)result_number(result,    row, 2),
                       .txn_id = (uint64_t)result_number(result, row, 3),
                       .role = (int)result_number(result,        row, 4),
                       .why = (int)result_number(result,                  row, 11)},
            .key = { .txn_id = (uint64_t)result_number(result, row, 3),
                       .token = (int32_t)result_number(result, row, 2),
                       .trace_key = result_number(result, row, 6),
                       .trace_message_key = result_number(result,         row,         7),
                       .link_key = result_number(result, row, 8),
                       .acquirer_ref_key = result_number(result, row, 9),
                       .matching_txn_id = (uint64_t)result_number(result, row, 10)},
        };
        slot->parked.facts_bytes = copy_facts(result, row, 5, slot->parked.facts);
    }
}

static void read_ids(const PGresult *result, struct batch_ids *ids)
{
    int64_t first = result_number(result, 0, 0);
    ids->spare_next = first;
    ids->spare_end = first + BATCH_ID_BLOCK;
}

static void read_all(const struct session_results *results, struct asked asked,
                     struct ledger *ledger, struct batch *batch)
{
    size_t at = 1; /* past BEGIN */
    if (asked.cards) {
        read_accounts(results->results[at++], batch);
    }
    read_cards(results->results[at++], batch);
    if (asked.stored) {
        read_stored(results->results[at++], batch);
    }
    if (asked.cards) {
        read_entries(results->results[at++], batch);
        read_parked(results->results[at++], batch);
    }
    if (asked.ids) {
        read_ids(results->results[at++], &ledger->ids);
    }
    assert(at == results->received);
    batch->ids = ledger->ids;
}

bool ledger_fetch(struct ledger *ledger, struct batch *batch, int64_t deadline_mono_us,
                  struct error *error)
{
    struct session_results results;
    assert(!ledger->begun);
    assert(batch->key_count > 0);

    struct asked asked = queue(ledger, batch);
    assert(
        !ledger->wire.overflow); /* keys are small: the wire holds thousands of batches of them */
    bool fetched = session_run(ledger->session, deadline_mono_us, &results, error);
    if (fetched) {
        ledger->begun = true;
        read_all(&results, asked, ledger, batch);
    }
    session_clear(&results);
    if (!fetched && session_usable(ledger->session) && session_in_transaction(ledger->session)) {
        ledger->begun = true;
        ledger_rollback(ledger, deadline_mono_us);
    }
    return fetched;
}
