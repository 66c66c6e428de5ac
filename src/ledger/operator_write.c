/* The second round trip of an operator's command: everything it changed, sealed and committed. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/operator_books.h"

static const struct array_value *send_numbers(struct array_value *value,
                                              struct array_writer *writer, enum array_type type,
                                              const void *first, size_t count, size_t stride)
{
    const char *at = first;

    array_begin(writer, type);
    for (size_t i = 0; i < count; i++) {
        int64_t number;
        memcpy(&number, at + i * stride, sizeof number);
        array_add_number(writer, number);
    }
    *value = array_end(writer);
    return value;
}

/* One member of every new account, or of every one that was read and changed. */
static struct array_value account_array(struct operator_session *session, bool are_new,
                                        size_t offset)
{
    struct array_writer *writer = &session->writer;

    array_begin(writer, ARRAY_INT8);
    for (size_t i = 0; i < session->account_count; i++) {
        const struct books_account *account = &session->accounts[i];
        if (account->is_new == are_new && account->touched) {
            int64_t number;
            memcpy(&number, (const char *)account + offset, sizeof number);
            array_add_number(writer, number);
        }
    }
    return array_end(writer);
}

#define OF_ACCOUNT(are_new, member)                                                                \
    account_array(session, are_new, offsetof(struct books_account, member))

static size_t count_accounts(const struct operator_session *session, bool are_new)
{
    size_t count = 0;
    for (size_t i = 0; i < session->account_count; i++) {
        count += session->accounts[i].is_new == are_new && session->accounts[i].touched;
    }
    return count;
}

static void send_new_accounts(struct operator_session *session)
{
    struct array_writer *writer = &session->writer;

    if (count_accounts(session, true) == 0) {
        return;
    }
    array_begin(writer, ARRAY_INT4);
    for (int64_t currency = 1; currency <= 999; currency++) {
        for (size_t i = 0; i < session->account_count; i++) {
            if (session->accounts[i].is_new && (session->accounts[i].id & 1023) == currency) {
                array_add_number(writer, currency);
                break;
            }
        }
    }
    const struct array_value currencies[] = {array_end(writer)};
    const struct array_value accounts[] = {
        OF_ACCOUNT(true, id),
        OF_ACCOUNT(true, overdraft),
        OF_ACCOUNT(true, posted),
        OF_ACCOUNT(true, version),
        OF_ACCOUNT(true, event_version),
        array_number(writer, ARRAY_TIME, session->at_us),
    };
    session_send_once(session->session, "operator_internal_accounts", currencies, 1);
    session_send_once(session->session, "operator_add_accounts", accounts, 6);
}

static void send_old_accounts(struct operator_session *session)
{
    struct array_writer *writer = &session->writer;
    const size_t count = count_accounts(session, false);

    if (count == 0) {
        return;
    }
    struct array_value accounts[9] = {
        OF_ACCOUNT(false, id),
        OF_ACCOUNT(false, version_read),
        OF_ACCOUNT(false, event_version_read),
        OF_ACCOUNT(false, posted),
        OF_ACCOUNT(false, held),
        OF_ACCOUNT(false, version),
        OF_ACCOUNT(false, event_version),
    };
    array_begin(writer, ARRAY_TIME);
    for (size_t i = 0; i < session->account_count; i++) {
        if (!session->accounts[i].is_new && session->accounts[i].touched) {
            array_add_number(writer, session->accounts[i].last_at_us);
        }
    }
    accounts[7] = array_end(writer);
    accounts[8] = array_number(writer, ARRAY_INT8, (int64_t)count);
    session_send_once(session->session, "commit_accounts", accounts, 9);
}

/* int16 members are widened on the way, NULLs stay NULL. */
enum member_width { WIDTH_16, WIDTH_64 };
static const struct transfer_column {
    enum array_type type;
    enum member_width width;
    size_t offset;
    bool nullable;
} transfer_columns[] = {
    {ARRAY_INT8, WIDTH_64, offsetof(struct chain_row, id),              false},
    {ARRAY_INT8, WIDTH_64, offsetof(struct chain_row, journal_id),      false},
    {ARRAY_INT2, WIDTH_16, offsetof(struct chain_row, layer),           false},
    {ARRAY_INT8, WIDTH_64, offsetof(struct chain_row, debit),           false},
    {ARRAY_INT8, WIDTH_64, offsetof(struct chain_row, credit),          false},
    {ARRAY_INT8, WIDTH_64, offsetof(struct chain_row, amount),          false},
    {ARRAY_INT2, WIDTH_16, offsetof(struct chain_row, currency),        false},
    {ARRAY_INT2, WIDTH_16, offsetof(struct chain_row, code),            false},
    {ARRAY_INT8, WIDTH_64, offsetof(struct chain_row, account),         false},
    {ARRAY_INT8, WIDTH_64, offsetof(struct chain_row, version),         false},
    {ARRAY_INT8, WIDTH_64, offsetof(struct chain_row, hold_txn_id),     true },
    {ARRAY_INT2, WIDTH_16, offsetof(struct chain_row, hold_generation), true },
    {ARRAY_INT8, WIDTH_64, offsetof(struct chain_row, reverses),        true },
    {ARRAY_INT8, WIDTH_64, offsetof(struct chain_row, posted_after),    false},
    {ARRAY_INT8, WIDTH_64, offsetof(struct chain_row, held_after),      false},
    {ARRAY_INT8, WIDTH_64, offsetof(struct chain_row, overdraft_at),    false},
    {ARRAY_TIME, WIDTH_64, offsetof(struct chain_row, at_us),           false},
};
enum { TRANSFER_COLUMNS = sizeof transfer_columns / sizeof transfer_columns[0] };

static struct array_value transfer_array(struct operator_session *session,
                                         const struct transfer_column *column)
{
    array_begin(&session->writer, column->type);
    for (size_t i = 0; i < session->transfer_count; i++) {
        const char *member = (const char *)&session->transfers[i] + column->offset;
        int64_t number = 0;
        if (column->width == WIDTH_16) {
            int16_t narrow;
            memcpy(&narrow, member, sizeof narrow);
            number = narrow;
        } else {
            memcpy(&number, member, sizeof number);
        }
        if (column->nullable && number == CHAIN_NULL) {
            array_add_null(&session->writer);
        } else {
            array_add_number(&session->writer, number);
        }
    }
    return array_end(&session->writer);
}

static int in_chain_order(const void *a, const void *b)
{
    const struct chain_row *left = a, *right = b;
    if (left->account != right->account) {
        return left->account < right->account ? -1 : 1;
    }
    return left->version < right->version ? -1 : left->version > right->version;
}

static void send_seal(struct operator_session *session, const struct chain_header *header,
                      const uint8_t hash[HASH_BYTES])
{
    struct array_writer *writer = &session->writer;
    const struct array_value seal[] = {
        array_number(writer, ARRAY_INT8, header->lane),
        array_number(writer, ARRAY_INT8, header->batch),
        array_number(writer, ARRAY_INT4, header->n),
        array_number(writer, ARRAY_TIME, header->at_us),
        array_bytes(writer, header->prev, HASH_BYTES),
        array_bytes(writer, hash, HASH_BYTES),
    };
    session_send_once(session->session, "commit_chain", seal, 6);
}

/* Transfers and the link of the hash chain that seals them. */
static void send_transfers(struct operator_session *session)
{
    struct array_value columns[TRANSFER_COLUMNS + 2];
    struct chain_hash hash;

    if (session->transfer_count == 0) {
        return;
    }
    qsort(session->transfers, session->transfer_count, sizeof session->transfers[0],
          in_chain_order);
    struct chain_header header = {
        .lane = session->ledger->lane,
        .batch = session->ledger->batch_number + 1,
        .n = (uint32_t)session->transfer_count,
        .at_us = session->at_us,
    };
    memcpy(header.prev, session->ledger->head, HASH_BYTES);
    chain_begin(&hash, &header);
    for (size_t i = 0; i < session->transfer_count; i++) {
        chain_add(&hash, &session->transfers[i]);
    }
    chain_end(&hash, session->sealed);
    session->sealing = true;

    for (size_t i = 0; i < TRANSFER_COLUMNS; i++) {
        columns[i] = transfer_array(session, &transfer_columns[i]);
    }
    columns[TRANSFER_COLUMNS] = array_number(&session->writer, ARRAY_INT8, header.lane);
    columns[TRANSFER_COLUMNS + 1] = array_number(&session->writer, ARRAY_INT8, header.batch);
    session_send_once(session->session, "commit_transfers", columns, TRANSFER_COLUMNS + 2);
    send_seal(session, &header, session->sealed);
}

static void send_events(struct operator_session *session)
{
    struct array_writer *writer = &session->writer;
    struct array_value columns[6];
    const struct books_event *events = session->events;
    const size_t count = session->event_count, stride = sizeof *events;

    if (count == 0) {
        return;
    }
    send_numbers(&columns[0], writer, ARRAY_INT8, &events[0].account, count, stride);
    send_numbers(&columns[1], writer, ARRAY_INT8, &events[0].event_version, count, stride);
    array_begin(writer, ARRAY_INT8);
    for (size_t i = 0; i < count; i++) {
        array_add_number_or_null(writer, events[i].journal);
    }
    columns[2] = array_end(writer);
    send_numbers(&columns[3], writer, ARRAY_TIME, &events[0].at_us, count, stride);
    array_begin(writer, ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        array_add_text(writer, events[i].type);
    }
    columns[4] = array_end(writer);
    array_begin(writer, ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        array_add_text(writer, events[i].payload);
    }
    columns[5] = array_end(writer);
    session_send_once(session->session, "commit_events", columns, 6);
}

static void send_audits(struct operator_session *session)
{
    struct array_writer *writer = &session->writer;
    struct array_value columns[5];

    columns[0] = array_number(writer, ARRAY_TIME, session->at_us);
    columns[1] = array_text(writer, session->who);
    array_begin(writer, ARRAY_TEXT);
    for (size_t i = 0; i < session->audit_count; i++) {
        array_add_text(writer, session->audits[i].action);
    }
    columns[2] = array_end(writer);
    array_begin(writer, ARRAY_TEXT);
    for (size_t i = 0; i < session->audit_count; i++) {
        array_add_text(writer, session->audits[i].object);
    }
    columns[3] = array_end(writer);
    array_begin(writer, ARRAY_TEXT);
    for (size_t i = 0; i < session->audit_count; i++) {
        array_add_text(writer, session->audits[i].detail);
    }
    columns[4] = array_end(writer);
    session_send_once(session->session, "operator_add_audit", columns, 5);
}

bool books_send(struct operator_session *session, struct error *error)
{
    assert(session->at_us > 0);
    session->sealing = false;
    send_new_accounts(session);
    send_old_accounts(session);
    send_transfers(session);
    send_events(session);
    send_audits(session);
    if (session->writer.overflow) {
        return error_set(error, ERROR_LIMIT, "batch",
                         "more than one transaction of ours can carry");
    }
    return true;
}

bool books_commit(struct operator_session *session, struct error *error)
{
    struct session_results results;

    session_send_once(session->session, "commit", NULL, 0);
    const bool done = session_run(session->session, books_deadline(), &results, error);
    session_clear(&results);
    if (done && session->sealing) {
        session->ledger->batch_number++;
        memcpy(session->ledger->head, session->sealed, HASH_BYTES);
    }
    if (!done && session_usable(session->session)) {
        books_rollback(session);
    }
    return done;
}

void books_rollback(struct operator_session *session)
{
    struct session_results results;
    struct error ignored = {0};

    if (!session_usable(session->session) || !session_in_transaction(session->session)) {
        return;
    }
    session_send_once(session->session, "rollback", NULL, 0);
    (void)!session_run(session->session, books_deadline(), &results, &ignored);
    session_clear(&results);
}
