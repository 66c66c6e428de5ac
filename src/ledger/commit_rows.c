#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/chain.h"
#include "ledger/column.h"
#include "ledger/event_json.h"
#include "ledger/ledger_state.h"

#define DAY_US INT64_C(86400000000)

enum { TAIL_MAX = 2 };

/* Queues one statement over ledger->rows[0 .. count); nothing when there is no row. */
static void queue_rows(struct ledger *ledger, const struct column_list *list, size_t count,
                       const struct array_value *tail, size_t tail_count)
{
    struct array_value parameters[COLUMN_MAX + TAIL_MAX];
    assert(list->count <= COLUMN_MAX && tail_count <= TAIL_MAX);
    if (count == 0) {
        return;
    }
    for (size_t column = 0; column < list->count; column++) {
        array_begin(&ledger->wire, list->types[column]);
        for (size_t i = 0; i < count; i++) {
            list->add(&ledger->wire, ledger->rows[i], column);
        }
        parameters[column] = array_end(&ledger->wire);
    }
    for (size_t i = 0; i < tail_count; i++) {
        parameters[list->count + i] = tail[i];
    }
    session_send(ledger->session, list->statement, parameters, list->count + tail_count);
}

static struct array_value batch_time(struct ledger *ledger, const struct batch *batch)
{
    return array_number(&ledger->wire, ARRAY_TIME, batch->at_us);
}

static void queue_messages(struct ledger *ledger, const struct batch *batch)
{
    for (size_t i = 0; i < batch->journal_count; i++) {
        ledger->rows[i] = &batch->journals[i];
    }
    queue_rows(ledger, &column_messages, batch->journal_count, NULL, 0);
}

static void queue_entries(struct ledger *ledger, const struct batch *batch)
{
    size_t count = 0;
    for (size_t i = batch->entries_fetched; i < batch->entry_count; i++) {
        ledger->rows[count++] = &batch->entries[i];
    }
    queue_rows(ledger, &column_entries, count, NULL, 0);
}

/* Changed rows first: a generation ends before the next one begins. */
static void queue_holds(struct ledger *ledger, const struct batch *batch)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->hold_count; i++) {
        if (batch->holds[i].changed && !batch->holds[i].is_new) {
            ledger->rows[count++] = &batch->holds[i];
        }
    }
    struct array_value expected = array_number(&ledger->wire, ARRAY_INT8, (int64_t)count);
    queue_rows(ledger, &column_holds, count, &expected, 1);

    count = 0;
    for (size_t i = 0; i < batch->hold_count; i++) {
        if (batch->holds[i].is_new) {
            ledger->rows[count++] = &batch->holds[i];
        }
    }
    queue_rows(ledger, &column_new_holds, count, NULL, 0);
}

static void queue_accounts(struct ledger *ledger, const struct batch *batch)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->account_count; i++) {
        if (batch->accounts[i].touched) {
            ledger->rows[count++] = &batch->accounts[i];
        }
    }
    struct array_value expected = array_number(&ledger->wire, ARRAY_INT8, (int64_t)count);
    queue_rows(ledger, &column_accounts, count, &expected, 1);
}

/* --- events --- */

enum { EVENT_COLUMNS = 6, EVENT_TYPE_BYTES = 96 };

static int64_t event_number(const struct batch_event *event, size_t column)
{
    const int64_t numbers[] = {event->account, event->event_version, event->journal_id,
                               event->at_us};
    return numbers[column];
}

/* False when an event is larger than any of ours can be: a text of the message was not cut before.
 */
static bool queue_events(struct ledger *ledger, const struct batch *batch, struct error *error)
{
    static const enum array_type types[] = {ARRAY_INT8, ARRAY_INT8, ARRAY_INT8,
                                            ARRAY_TIME, ARRAY_TEXT, ARRAY_TEXT};
    struct array_writer *wire = &ledger->wire;
    struct array_value parameters[EVENT_COLUMNS];
    if (batch->event_count == 0) {
        return true;
    }
    for (size_t column = 0; column < EVENT_COLUMNS; column++) {
        array_begin(wire, types[column]);
        for (size_t i = 0; i < batch->event_count; i++) {
            const struct batch_event *event = &batch->events[i];
            if (column < 4) {
                array_add_number_or_null(wire, event_number(event, column));
            } else if (column == 4) {
                char type[EVENT_TYPE_BYTES] = "io.holdfast.";
                strncat(type, event->type, sizeof(type) - strlen(type) - 1);
                array_add_text(wire, type);
            } else if (event_json_render(event, ledger->source, ledger->event,
                                         sizeof(ledger->event))) {
                array_add_text(wire, ledger->event);
            } else {
                return error_set(error, ERROR_LIMIT, "event", "expected at most %d bytes of JSON",
                                 LEDGER_EVENT_BYTES);
            }
        }
        parameters[column] = array_end(wire);
    }
    session_send(ledger->session, "commit_events", parameters, EVENT_COLUMNS);
    return true;
}

/* --- what waits and what was said otherwise --- */

/* A message may have waited and found its payment within one batch. */
static void queue_inbox(struct ledger *ledger, struct batch *batch)
{
    for (size_t i = 0; i < batch->inbox_count; i++) {
        struct batch_inbox_row *row = &batch->inbox[i];
        row->joined = row->parked >= 0 && batch->parked[row->parked].parked.closed;
        ledger->rows[i] = row;
    }
    queue_rows(ledger, &column_inbox, batch->inbox_count, NULL, 0);
}

static void queue_joined(struct ledger *ledger, const struct batch *batch)
{
    struct array_value parameters[2];
    size_t count = 0;
    array_begin(&ledger->wire, ARRAY_INT8);
    for (size_t i = 0; i < batch->parked_count; i++) {
        const struct batch_parked *parked = &batch->parked[i].parked;
        if (parked->closed && parked->inbox_id != 0) {
            array_add_number(&ledger->wire, parked->inbox_id);
            count++;
        }
    }
    parameters[0] = array_end(&ledger->wire);
    if (count > 0) {
        parameters[1] = batch_time(ledger, batch);
        session_send(ledger->session, "commit_joined", parameters, 2);
    }
}

static void queue_refused_and_told(struct ledger *ledger, const struct batch *batch)
{
    struct array_value at = batch_time(ledger, batch);
    for (size_t i = 0; i < batch->refused_count; i++) {
        ledger->rows[i] = &batch->refused[i];
    }
    queue_rows(ledger, &column_refused, batch->refused_count, &at, 1);
    for (size_t i = 0; i < batch->told_count; i++) {
        ledger->rows[i] = &batch->told[i];
    }
    queue_rows(ledger, &column_told, batch->told_count, &at, 1);
}

static void queue_cutoffs(struct ledger *ledger, const struct batch *batch)
{
    struct array_writer *wire = &ledger->wire;
    for (size_t i = 0; i < batch->cutoff_count; i++) {
        const struct batch_cutoff *c = &batch->cutoffs[i];
        array_begin(wire, ARRAY_INT8);
        for (size_t n = 0; n < sizeof(c->counts) / sizeof(c->counts[0]); n++) {
            array_add_number(wire, c->counts[n]);
        }
        const struct array_value counts = array_end(wire),
                                 parameters[] = {
                                     array_number(wire, ARRAY_INT8, c->cutoff_id),
                                     array_number(wire, ARRAY_INT8, c->product),
                                     array_number(wire, ARRAY_INT8, (int64_t)c->first_txn_id),
                                     array_number(wire, ARRAY_INT8, (int64_t)c->last_txn_id),
                                     counts,
                                     array_text(wire, c->request_id == NULL ? "" : c->request_id),
                                     batch_time(ledger, batch),
                                 };
        session_send(ledger->session, "commit_cutoff", parameters,
                     sizeof(parameters) / sizeof(parameters[0]));
    }
}

/* --- the seal --- */

static int32_t day_of(int64_t at_us)
{
    return (int32_t)(at_us / DAY_US); /* after 1970, so no rounding below zero */
}

static struct chain_row chain_row_of(const struct batch_transfer *t)
{
    struct chain_row row = {
        .id = t->id,
        .journal_id = t->journal->id,
        .layer = t->layer,
        .debit = t->debit,
        .credit = t->credit,
        .amount = t->amount,
        .currency = (int16_t)t->currency,
        .code = t->code,
        .account = t->account,
        .version = t->version,
        .hold_txn_id = t->hold_txn_id == 0 ? CHAIN_NULL : t->hold_txn_id,
        .hold_generation = t->hold_generation == 0 ? CHAIN_NULL : t->hold_generation,
        .reverses = CHAIN_NULL,
        .posted_after = t->posted_after,
        .held_after = t->held_after,
        .overdraft_at = t->overdraft_at,
        .at_us = t->at_us,
        .business_date = day_of(t->at_us),
    };
    hash_sha256(t->journal->message.facts, t->journal->message.facts_bytes, row.message);
    return row;
}

static int compare_transfers(const void *a, const void *b)
{
    const struct batch_transfer *x = *(const struct batch_transfer *const *)a;
    const struct batch_transfer *y = *(const struct batch_transfer *const *)b;
    if (x->account != y->account) {
        return x->account < y->account ? -1 : 1;
    }
    return x->version < y->version ? -1 : x->version > y->version;
}

/* Transfers in (account, version) order, which is the seal's and an insert's best one. */
static void choose_transfers(struct ledger *ledger, const struct batch *batch)
{
    for (size_t i = 0; i < batch->transfer_count; i++) {
        ledger->rows[i] = &batch->transfers[i];
    }
    qsort(ledger->rows, batch->transfer_count, sizeof(ledger->rows[0]), compare_transfers);
}

static void seal(struct ledger *ledger, const struct batch *batch, uint8_t next_head[HASH_BYTES])
{
    struct chain_header header = {
        .lane = ledger->lane,
        .batch = ledger->batch_number + 1,
        .n = (uint32_t)batch->transfer_count,
        .at_us = batch->at_us,
    };
    struct chain_hash hash;
    memcpy(header.prev, ledger->head, HASH_BYTES);
    chain_begin(&hash, &header);
    for (size_t i = 0; i < batch->transfer_count; i++) {
        struct chain_row row = chain_row_of(ledger->rows[i]);
        chain_add(&hash, &row);
    }
    chain_end(&hash, next_head);
}

static void queue_transfers(struct ledger *ledger, const struct batch *batch,
                            uint8_t next_head[HASH_BYTES])
{
    struct array_writer *wire = &ledger->wire;
    choose_transfers(ledger, batch);
    seal(ledger, batch, next_head);

    const struct array_value tail[] = {array_number(wire, ARRAY_INT8, ledger->lane),
                                       array_number(wire, ARRAY_INT8, ledger->batch_number + 1)};
    queue_rows(ledger, &column_transfers, batch->transfer_count, tail, 2);
    const struct array_value parameters[] = {
        tail[0],
        tail[1],
        array_number(wire, ARRAY_INT4, (int64_t)batch->transfer_count),
        batch_time(ledger, batch),
        array_bytes(wire, ledger->head, HASH_BYTES),
        array_bytes(wire, next_head, HASH_BYTES),
    };
    session_send(ledger->session, "commit_chain", parameters,
                 sizeof(parameters) / sizeof(parameters[0]));
}

bool commit_queue(struct ledger *ledger, struct batch *batch, uint8_t next_head[HASH_BYTES],
                  bool *sealed, struct error *error)
{
    array_reset(&ledger->wire);
    queue_messages(ledger, batch);
    queue_entries(ledger, batch);
    queue_holds(ledger, batch);
    *sealed = batch->transfer_count > 0;
    if (*sealed) {
        queue_transfers(ledger, batch, next_head);
    }
    queue_accounts(ledger, batch);
    if (!queue_events(ledger, batch, error)) {
        return false;
    }
    queue_inbox(ledger, batch);
    queue_joined(ledger, batch);
    queue_refused_and_told(ledger, batch);
    queue_cutoffs(ledger, batch);
    if (ledger->wire.overflow) {
        return error_set(error, ERROR_LIMIT, "batch", "expected at most %d bytes of rows",
                         LEDGER_WIRE_BYTES);
    }
    return true;
}
