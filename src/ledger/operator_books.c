#include "ledger/operator_books.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/money.h"
#include "ledger/batch.h"
#include "ledger/result.h"

enum {
    DEADLINE_US = 15000000,
    BLOCK_FIXED = 1 << 18,
    BLOCK_PER_ROW = 3072,
    DAY_S = 86400,
    CODE_OF_LOAD = 40
};

int64_t books_deadline(void)
{
    return clock_mono_us() + DEADLINE_US;
}

static void empty(struct operator_session *session)
{
    for (size_t i = 0; i < session->event_count; i++) {
        free(session->events[i].payload);
    }
    session->account_count = session->transfer_count = 0;
    session->event_count = session->audit_count = 0;
}

void books_finish(struct operator_session *session)
{
    empty(session);
    free(session->accounts);
    free(session->transfers);
    free(session->events);
    free(session->audits);
    if (session->rows_max > 0) {
        array_finish(&session->writer);
    }
    session->accounts = NULL;
    session->transfers = NULL;
    session->events = NULL;
    session->audits = NULL;
    session->rows_max = 0;
}

bool books_reset(struct operator_session *session, size_t rows, struct error *error)
{
    assert(rows > 0 && rows <= BOOKS_ROWS_MAX);
    if (rows > session->rows_max) {
        books_finish(session);
        session->accounts = calloc(rows, sizeof *session->accounts);
        session->transfers = calloc(rows, sizeof *session->transfers);
        session->events = calloc(2 * rows, sizeof *session->events);
        session->audits = calloc(rows, sizeof *session->audits);
        session->rows_max = rows;
        array_init(&session->writer, BLOCK_FIXED + rows * BLOCK_PER_ROW);
    }
    empty(session);
    array_reset(&session->writer);
    session->at_us = 0;
    if (session->accounts == NULL || session->transfers == NULL || session->events == NULL ||
        session->audits == NULL) {
        return error_set(error, ERROR_LIMIT, "memory", "none left");
    }
    return true;
}

void books_send_begin(struct operator_session *session, const int64_t *accounts,
                      size_t account_count, const int32_t *tokens, size_t token_count)
{
    struct array_value parameters[2];

    array_begin(&session->writer, ARRAY_INT8);
    for (size_t i = 0; i < account_count; i++) {
        array_add_number(&session->writer, accounts[i]);
    }
    parameters[0] = array_end(&session->writer);
    array_begin(&session->writer, ARRAY_INT4);
    for (size_t i = 0; i < token_count; i++) {
        array_add_number(&session->writer, tokens[i]);
    }
    parameters[1] = array_end(&session->writer);
    session_send_once(session->session, "begin", NULL, 0);
    session_send_once(session->session, "operator_lock_accounts", parameters, 2);
}

bool books_keep_accounts(struct operator_session *session, const PGresult *locked,
                         struct error *error)
{
    const int count = PQntuples(locked);

    if (count < 0 || (size_t)count > session->rows_max) {
        return error_set(error, ERROR_LIMIT, "accounts", "more than %zu", session->rows_max);
    }
    for (int i = 0; i < count; i++) {
        struct books_account *account = &session->accounts[session->account_count++];
        *account = (struct books_account){
            .id = result_number(locked, i, 0),
            .kind = (int)result_number(locked, i, 1),
            .status = (int)result_number(locked, i, 2),
            .overdraft = result_number(locked, i, 3),
            .posted = result_number(locked, i, 4),
            .held = result_number(locked, i, 5),
            .version = result_number(locked, i, 6),
            .event_version = result_number(locked, i, 7),
            .last_at_us = result_time_us(locked, i, 8),
        };
        account->version_read = account->version;
        account->event_version_read = account->event_version;
    }
    return true;
}

struct books_account *books_find_account(struct operator_session *session, int64_t id)
{
    for (size_t i = 0; i < session->account_count; i++) {
        if (session->accounts[i].id == id) {
            return &session->accounts[i];
        }
    }
    return NULL;
}

struct books_account *books_add_account(struct operator_session *session, int64_t id,
                                        int64_t overdraft_minor)
{
    assert(session->account_count < session->rows_max);
    struct books_account *account = &session->accounts[session->account_count++];
    *account = (struct books_account){.id = id,
                                      .kind = 1,
                                      .status = 1,
                                      .overdraft = overdraft_minor,
                                      .last_at_us = session->at_us,
                                      .is_new = true};
    return account;
}

/* Time never runs backwards within an account, whatever the server's clock does. */
static int64_t time_of(const struct operator_session *session, const struct books_account *account)
{
    return session->at_us > account->last_at_us ? session->at_us : account->last_at_us;
}

static int64_t next_id(struct operator_session *session)
{
    assert(session->id_next < session->id_end);
    return session->id_next++;
}

bool books_load(struct operator_session *session, struct books_account *account,
                int64_t amount_minor, int32_t token, int64_t *ret_journal, struct error *error)
{
    const uint16_t currency = (uint16_t)(account->id & 1023);
    int64_t posted = 0;

    assert(amount_minor > 0 && session->transfer_count < session->rows_max);
    if (!money_add(account->posted, amount_minor, &posted) || posted > MONEY_MINOR_MAX) {
        return error_set(error, ERROR_INVALID, "amount",
                         "account %lld would hold more than an account can",
                         (long long)account->id);
    }
    const int64_t journal = next_id(session);
    account->posted = posted;
    account->version++;
    account->last_at_us = time_of(session, account);
    account->touched = true;
    session->transfers[session->transfer_count++] = (struct chain_row){
        .id = next_id(session),
        .journal_id = journal,
        .layer = 0,
        .debit = (int64_t)INTERNAL_BANK << 10 | currency,
        .credit = account->id,
        .amount = amount_minor,
        .currency = (int16_t)currency,
        .code = CODE_OF_LOAD,
        .account = account->id,
        .version = account->version,
        .hold_txn_id = CHAIN_NULL,
        .hold_generation = CHAIN_NULL,
        .reverses = CHAIN_NULL,
        .posted_after = account->posted,
        .held_after = account->held,
        .overdraft_at = account->overdraft,
        .at_us = account->last_at_us,
        .business_date = (int32_t)(account->last_at_us / 1000000 / DAY_S),
    };
    books_add_event(session, account, "io.holdfast.account.loaded", token, journal, amount_minor,
                    NULL);
    if (ret_journal != NULL) {
        *ret_journal = journal;
    }
    return true;
}

/* The event as CloudEvents JSON; docs/events.md has the shape. */
static char *render(const struct operator_session *session, const struct books_account *account,
                    const char *type, int32_t token, int64_t journal, int64_t amount_minor,
                    const char *status)
{
    char *buffer = malloc(BOOKS_EVENT_BYTES), text[CLOCK_TEXT_BYTES],
         source[BOOKS_SOURCE_BYTES + 16];
    struct json json;

    if (buffer == NULL) {
        abort(); /* a command: nothing was written yet */
    }
    json_init(&json, buffer, BOOKS_EVENT_BYTES);
    json_object_begin(&json, NULL);
    json_text(&json, "specversion", "1.0");
    snprintf(text, sizeof text, "%lld-%lld", (long long)account->id,
             (long long)account->event_version);
    json_text(&json, "id", text);
    snprintf(source, sizeof source, "/holdfast/%s", session->source);
    json_text(&json, "source", source);
    json_text(&json, "type", type);
    snprintf(source, sizeof source, "account/%lld", (long long)account->id);
    json_text(&json, "subject", source);
    json_text(&json, "time", clock_format_utc(account->last_at_us, text));
    json_text(&json, "datacontenttype", "application/json");
    snprintf(text, sizeof text, "%020lld", (long long)account->event_version);
    json_text(&json, "sequence", text);
    snprintf(text, sizeof text, "%lld", (long long)account->id);
    json_text(&json, "partitionkey", text);
    json_object_begin(&json, "data");
    json_text(&json, "account", text);
    if (token != 0) {
        snprintf(text, sizeof text, "%09d", (int)token);
        json_text(&json, "token", text);
    }
    if (status != NULL) {
        json_text(&json, "status", status);
    }
    const char *alpha = money_alpha((uint16_t)(account->id & 1023));
    json_text(&json, "currency", alpha != NULL ? alpha : "");
    if (journal != 0) {
        snprintf(text, sizeof text, "%lld", (long long)journal);
        json_text(&json, "journal", text);
        json_number_text(&json, "amount", amount_minor);
    }
    json_number_text(&json, "posted", account->posted);
    json_number_text(&json, "held", account->held);
    json_number_text(&json, "available", account->posted - account->held + account->overdraft);
    json_object_end(&json);
    json_object_end(&json);
    assert(!json.overflow); /* every text above is short and ours */
    return buffer;
}

void books_add_event(struct operator_session *session, struct books_account *account,
                     const char *type, int32_t token, int64_t journal, int64_t amount_minor,
                     const char *status)
{
    assert(session->event_count < 2 * session->rows_max);
    account->event_version++;
    account->last_at_us = time_of(session, account);
    account->touched = true;
    session->events[session->event_count++] = (struct books_event){
        .account = account->id,
        .event_version = account->event_version,
        .journal = journal,
        .at_us = account->last_at_us,
        .type = type,
        .payload = render(session, account, type, token, journal, amount_minor, status),
    };
}

void books_add_audit(struct operator_session *session, const char *action, const char *object,
                     const char *detail)
{
    assert(session->audit_count < session->rows_max);
    struct books_audit *audit = &session->audits[session->audit_count++];
    audit->action = action;
    snprintf(audit->object, sizeof audit->object, "%s", object);
    snprintf(audit->detail, sizeof audit->detail, "%s", detail);
}
