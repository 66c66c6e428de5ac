#include "ledger/column.h"

#include <stddef.h>

/* --- messages --- */

static const enum array_type message_types[] = {
    ARRAY_INT8, ARRAY_INT2, ARRAY_INT2,  ARRAY_INT8,  ARRAY_INT4, ARRAY_INT8, ARRAY_INT8,
    ARRAY_INT8, ARRAY_TEXT, ARRAY_TEXT,  ARRAY_TEXT,  ARRAY_TEXT, ARRAY_BOOL, ARRAY_BOOL,
    ARRAY_TEXT, ARRAY_BOOL, ARRAY_INT2,  ARRAY_INT8,  ARRAY_INT8, ARRAY_INT8, ARRAY_INT8,
    ARRAY_INT8, ARRAY_TEXT, ARRAY_INT2,  ARRAY_TEXT,  ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT,
    ARRAY_TEXT, ARRAY_TIME, ARRAY_BYTES, ARRAY_BYTES, ARRAY_TEXT};

/* The columns of commit_messages.sql that are numbers; false for the others. */
static bool message_number(const struct batch_journal *journal, size_t column, int64_t *number)
{
    const struct batch_message *m = &journal->message;
    const int64_t numbers[] = {
        [0] = (int64_t)m->txn_id,  [1] = m->role,          [2] = m->row,
        [3] = m->account,          [4] = m->token,         [5] = m->product,
        [6] = (int64_t)m->payment, [7] = journal->id,      [12] = m->is_decision,
        [13] = m->approved,        [15] = m->acknowledged, [16] = m->currency,
        [17] = m->amount_minor,    [18] = m->posted_minor, [19] = m->available_minor,
        [20] = m->approved_minor,  [21] = m->match_score,  [23] = m->mcc,
        [29] = journal->at_us,
    };
    enum array_type type = message_types[column];
    if (type == ARRAY_TEXT || type == ARRAY_BYTES) {
        return false;
    }
    *number = numbers[column];
    return true;
}

static const char *message_text(const struct batch_message *m, size_t column)
{
    const char *const texts[] = {
        [8] = m->kind,           [9] = m->reason,
        [10] = m->rule,          [11] = m->scheme,
        [14] = m->response,      [22] = m->match_rule,
        [24] = m->merchant_name, [25] = m->merchant_country,
        [26] = m->actor,         [27] = m->request_id,
        [28] = m->traceparent,   [32] = m->repair == NULL ? "" : m->repair,
    };
    return texts[column];
}

static void add_message(struct array_writer *wire, const void *row, size_t column)
{
    const struct batch_journal *journal = row;
    const struct batch_message *m = &journal->message;
    int64_t number;

    if (column == 3 || column == 4 || column == 6) { /* account, token, payment: absent is NULL */
        message_number(journal, column, &number);
        array_add_number_or_null(wire, number);
    } else if (column == 30) {
        array_add_bytes(wire, m->facts, m->facts_bytes);
    } else if (column == 31) {
        array_add_bytes(wire, m->fields, m->fields_bytes);
    } else if (message_number(journal, column, &number)) {
        array_add_number(wire, number);
    } else {
        array_add_text(wire, message_text(m, column));
    }
}

const struct column_list column_messages = {"commit_messages", message_types,
                                            sizeof(message_types) / sizeof(message_types[0]),
                                            add_message};

/* --- entries --- */

static const enum array_type entry_types[] = {ARRAY_INT8, ARRAY_INT8, ARRAY_INT4, ARRAY_INT8,
                                              ARRAY_INT2, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8,
                                              ARRAY_INT8, ARRAY_INT8};

static void add_entry(struct array_writer *wire, const void *row, size_t column)
{
    const struct batch_entry *e = row;
    const int64_t numbers[] = {e->account,
                               (int64_t)e->payment,
                               e->n,
                               (int64_t)e->txn_id,
                               e->role,
                               e->trace_key,
                               e->trace_message_key,
                               e->link_key,
                               e->acquirer_ref_key,
                               (int64_t)e->matching_txn_id};
    if (column < 5) {
        array_add_number(wire, numbers[column]);
    } else if (column == 6 && e->trace_message_key == e->trace_key) {
        array_add_null(wire); /* found by the other: no place in a second index */
    } else {
        array_add_number_or_null(wire, numbers[column]);
    }
}

const struct column_list column_entries = {"commit_entries", entry_types,
                                           sizeof(entry_types) / sizeof(entry_types[0]), add_entry};

/* --- holds --- */

static const enum array_type new_hold_types[] = {ARRAY_INT8, ARRAY_INT8, ARRAY_INT2, ARRAY_INT8,
                                                 ARRAY_INT4, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8,
                                                 ARRAY_INT2, ARRAY_TIME, ARRAY_TIME, ARRAY_TIME};

static void add_time_or_null(struct array_writer *wire, int64_t at_us)
{
    array_add_number_or_null(wire, at_us);
}

static void add_new_hold(struct array_writer *wire, const void *row, size_t column)
{
    const struct batch_hold_slot *slot = row;
    const struct batch_hold *h = &slot->hold;
    const int64_t numbers[] = {h->account,          (int64_t)h->txn_id, h->generation,
                               (int64_t)h->payment, slot->token,        h->amount,
                               h->cleared,          h->released,        h->state,
                               slot->opened_at_us,  slot->expires_at_us};
    if (column == 11) {
        add_time_or_null(wire, slot->closed_at_us);
    } else {
        array_add_number(wire, numbers[column]);
    }
}

const struct column_list column_new_holds = {"commit_new_holds", new_hold_types,
                                             sizeof(new_hold_types) / sizeof(new_hold_types[0]),
                                             add_new_hold};

static const enum array_type hold_types[] = {ARRAY_INT8, ARRAY_INT8, ARRAY_INT2,
                                             ARRAY_INT8, ARRAY_INT8, ARRAY_INT8,
                                             ARRAY_INT2, ARRAY_TIME, ARRAY_TIME};

static void add_hold(struct array_writer *wire, const void *row, size_t column)
{
    const struct batch_hold_slot *slot = row;
    const struct batch_hold *h = &slot->hold;
    const int64_t numbers[] = {h->account, (int64_t)h->txn_id, h->generation, h->amount,
                               h->cleared, h->released,        h->state,      slot->expires_at_us};
    if (column == 8) {
        add_time_or_null(wire, slot->closed_at_us);
    } else {
        array_add_number(wire, numbers[column]);
    }
}

const struct column_list column_holds = {"commit_holds", hold_types,
                                         sizeof(hold_types) / sizeof(hold_types[0]), add_hold};

/* --- transfers --- */

static const enum array_type transfer_types[] = {
    ARRAY_INT8, ARRAY_INT8, ARRAY_INT2, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8,
    ARRAY_INT2, ARRAY_INT2, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT2,
    ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_TIME};

static void add_transfer(struct array_writer *wire, const void *row, size_t column)
{
    const struct batch_transfer *t = row;
    const int64_t numbers[] = {t->id,      t->journal->id,  t->layer,       t->debit,
                               t->credit,  t->amount,       t->currency,    t->code,
                               t->account, t->version,      t->hold_txn_id, t->hold_generation,
                               0,          t->posted_after, t->held_after,  t->overdraft_at,
                               t->at_us};
    if (column >= 10 && column <= 12) { /* hold and what is reversed: absent is NULL */
        array_add_number_or_null(wire, numbers[column]);
    } else {
        array_add_number(wire, numbers[column]);
    }
}

const struct column_list column_transfers = {"commit_transfers", transfer_types,
                                             sizeof(transfer_types) / sizeof(transfer_types[0]),
                                             add_transfer};

/* --- accounts --- */

static const enum array_type account_types[] = {ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8,
                                                ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_TIME};

static void add_account(struct array_writer *wire, const void *row, size_t column)
{
    const struct batch_account *a = row;
    const int64_t numbers[] = {
        a->id,   a->fetched_version, a->fetched_event_version, a->posted,
        a->held, a->version,         a->event_version,         a->last_at_us};
    array_add_number(wire, numbers[column]);
}

const struct column_list column_accounts = {"commit_accounts", account_types,
                                            sizeof(account_types) / sizeof(account_types[0]),
                                            add_account};

/* --- inbox --- */

static const enum array_type inbox_types[] = {
    ARRAY_INT8, ARRAY_INT2, ARRAY_INT8, ARRAY_INT4, ARRAY_INT2,  ARRAY_INT2,
    ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TIME, ARRAY_TIME,  ARRAY_INT8,
    ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_BYTES, ARRAY_BYTES};

static void add_inbox_bytes(struct array_writer *wire, const struct batch_inbox_row *row,
                            size_t column)
{
    const struct batch_message *m = &row->message;
    if (row->stored || (column == 16 && m->facts_bytes == 0)) {
        array_add_null(wire);
    } else if (column == 16) {
        array_add_bytes(wire, m->facts, m->facts_bytes);
    } else {
        array_add_bytes(wire, m->fields, m->fields_bytes);
    }
}

static const char *first_of(const char *a, const char *b)
{
    return a != NULL && a[0] != '\0' ? a : b;
}

static void add_inbox(struct array_writer *wire, const void *chosen, size_t column)
{
    const struct batch_inbox_row *row = chosen;
    const struct batch_message *m = &row->message;
    const struct batch_key *k = &row->key;
    const int64_t numbers[] = {
        [0] = (int64_t)m->txn_id,
        [1] = m->role,
        [2] = m->account,
        [3] = m->token,
        [4] = row->why,
        [5] = row->joined ? 2 : 1,
        [9] = row->at_us,
        [10] = row->joined ? row->at_us : 0,
        [11] = k->trace_key,
        [12] = k->trace_message_key,
        [13] = k->link_key,
        [14] = k->acquirer_ref_key,
        [15] = (int64_t)k->matching_txn_id,
    };
    switch (column) {
    case 1: /* a role only beside an id */
        if (m->txn_id == 0) {
            array_add_null(wire);
        } else {
            array_add_number(wire, m->role);
        }
        break;
    case 6:
        array_add_text(wire, m->kind);
        break;
    case 7:
        array_add_text(wire, first_of(m->rule, m->reason));
        break;
    case 8:
        array_add_text(wire, m->request_id);
        break;
    case 16:
    case 17:
        add_inbox_bytes(wire, row, column);
        break;
    default:
        array_add_number_or_null(wire, numbers[column]);
    }
}

const struct column_list column_inbox = {"commit_inbox", inbox_types,
                                         sizeof(inbox_types) / sizeof(inbox_types[0]), add_inbox};

/* --- refused, told --- */

static const enum array_type refused_types[] = {ARRAY_INT8, ARRAY_INT2,  ARRAY_INT8, ARRAY_INT4,
                                                ARRAY_TEXT, ARRAY_BYTES, ARRAY_BYTES};

static void add_refused(struct array_writer *wire, const void *row, size_t column)
{
    const struct batch_message *m = row;
    const int64_t numbers[] = {(int64_t)m->txn_id, m->role, m->account, m->token};
    switch (column) {
    case 0:
    case 1:
        array_add_number(wire, numbers[column]);
        break;
    case 2:
    case 3:
        array_add_number_or_null(wire, numbers[column]);
        break;
    case 4:
        array_add_text(wire, m->request_id);
        break;
    case 5:
        array_add_bytes(wire, m->facts, m->facts_bytes);
        break;
    default:
        array_add_bytes(wire, m->fields, m->fields_bytes);
    }
}

const struct column_list column_refused = {
    "commit_refused", refused_types, sizeof(refused_types) / sizeof(refused_types[0]), add_refused};

static const enum array_type told_types[] = {ARRAY_INT8, ARRAY_INT2, ARRAY_TEXT, ARRAY_BOOL};

static void add_told(struct array_writer *wire, const void *row, size_t column)
{
    const struct batch_told_row *t = row;
    const int64_t numbers[] = {(int64_t)t->txn_id, t->role, 0, t->acknowledged};
    if (column == 2) {
        array_add_text(wire, t->response);
    } else {
        array_add_number(wire, numbers[column]);
    }
}

const struct column_list column_told = {"commit_told", told_types,
                                        sizeof(told_types) / sizeof(told_types[0]), add_told};
