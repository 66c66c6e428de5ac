/* Operators and money: loading an account, once a key. */
#include <string.h>

#include "base/hash.h"
#include "base/money.h"
#include "ledger/operator_books.h"
#include "ledger/result.h"

enum { KEY_BYTES_MAX = 200 };
static const char kind[] = "account.load";

struct load {
    int64_t account, amount;
    const char *key; /* NULL: none */
    uint8_t fingerprint[HASH_BYTES];
    bool repeated;
    int64_t journal;
};

static void send_reads(struct operator_session *session, const struct load *load)
{
    struct array_writer *writer = &session->writer;

    books_send_begin(session, &load->account, 1, NULL, 0);
    const struct array_value key[] = {array_text(writer, load->key)};
    session_send_once(session->session, "operator_find_operation", key, 1);
    array_begin(writer, ARRAY_INT4);
    const struct array_value none[] = {array_end(writer)};
    session_send_once(session->session, "operator_find_cards", none, 1); /* for the time */
    const struct array_value numbers[] = {array_number(writer, ARRAY_INT4, 0),
                                          array_number(writer, ARRAY_INT4, 1)};
    session_send_once(session->session, "operator_new_numbers", numbers, 2);
}

/* Whether the key was used: for the very same load, or for something else. */
static bool find_earlier(struct load *load, const PGresult *operation, struct error *error)
{
    char name[32];
    size_t bytes = 0;

    if (PQntuples(operation) == 0) {
        return true;
    }
    result_text(operation, 0, 0, name, sizeof name);
    const uint8_t *fingerprint = result_bytes(operation, 0, 1, &bytes);
    if (strcmp(name, kind) != 0 || bytes != HASH_BYTES ||
        memcmp(fingerprint, load->fingerprint, HASH_BYTES) != 0) {
        return error_set(error, ERROR_CONFLICT, "id", "the key %.60s was used for another command",
                         load->key);
    }
    load->repeated = true;
    load->journal = result_number(operation, 0, 2);
    return true;
}

static bool apply(struct operator_session *session, struct load *load,
                  const struct session_results *results, struct error *error)
{
    char object[32], detail[BOOKS_TEXT_BYTES], amount[MONEY_TEXT_BYTES];

    if (!books_keep_accounts(session, results->results[1], error) ||
        !find_earlier(load, results->results[2], error)) {
        return false;
    }
    if (load->repeated) {
        return true;
    }
    session->at_us = result_time_us(results->results[3], 0, 0);
    session->id_next = result_number(results->results[4], 0, 0);
    session->id_end = session->id_next + BOOKS_ID_BLOCK;
    struct books_account *account = books_find_account(session, load->account);
    if (account == NULL || account->kind != 1) {
        return error_set(error, ERROR_NOT_FOUND, "account", "there is no customer account %lld",
                         (long long)load->account);
    }
    if (account->status == BOOKS_ACCOUNT_CLOSED) {
        return error_set(error, ERROR_CONFLICT, "account", "account %lld is closed",
                         (long long)load->account);
    }
    if (!books_load(session, account, load->amount, 0, &load->journal, error)) {
        return false;
    }
    snprintf(object, sizeof object, "account/%lld", (long long)load->account);
    snprintf(detail, sizeof detail, "%s, journal %lld%s%s",
             money_format(load->amount, (uint16_t)(load->account & 1023), amount),
             (long long)load->journal, load->key[0] != '\0' ? ", key " : "", load->key);
    books_add_audit(session, kind, object, detail);
    return true;
}

static void send_operation(struct operator_session *session, const struct load *load)
{
    if (load->key[0] == '\0') {
        return;
    }
    const struct array_value operation[] = {
        array_text(&session->writer, load->key),
        array_text(&session->writer, kind),
        array_bytes(&session->writer, load->fingerprint, HASH_BYTES),
        array_number(&session->writer, ARRAY_INT8, load->journal),
    };
    session_send_once(session->session, "operator_add_operation", operation, 4);
}

static bool load_once(struct operator_session *session, struct load *load, struct error *error)
{
    struct session_results results;

    if (!books_reset(session, 1, error)) {
        return false;
    }
    send_reads(session, load);
    const bool read = session_run(session->session, books_deadline(), &results, error) &&
                      apply(session, load, &results, error);
    session_clear(&results);
    if (!read || load->repeated) {
        books_rollback(session);
        return read;
    }
    if (!books_send(session, error)) {
        books_rollback(session);
        return false;
    }
    send_operation(session, load);
    return books_commit(session, error);
}

bool operator_load(struct operator_session *session, int64_t account, int64_t amount_minor,
                   const char *key, bool *repeated, int64_t *journal, struct error *error)
{
    struct load load = {.account = account, .amount = amount_minor, .key = key != NULL ? key : ""};
    char text[96];

    if (amount_minor <= 0 || amount_minor > MONEY_MINOR_MAX) {
        return error_set(error, ERROR_INVALID, "amount", "expected 1 to 10^15 − 1 minor units");
    }
    if (strlen(load.key) > KEY_BYTES_MAX) {
        return error_set(error, ERROR_INVALID, "id", "expected a key of at most %d bytes",
                         KEY_BYTES_MAX);
    }
    const int bytes = snprintf(text, sizeof text, "%s %lld %lld", kind, (long long)account,
                               (long long)amount_minor);
    hash_sha256(text, (size_t)bytes, load.fingerprint);
    bool done = load_once(session, &load, error);
    if (!done && error->code == ERROR_CONFLICT &&
        strcmp(session_sqlstate(session->session), "23505") == 0) {
        /* Somebody used the key at this moment: now it can be read. */
        done = load_once(session, &load, error);
    }
    if (done) {
        *repeated = load.repeated;
        *journal = load.journal;
    }
    return done;
}
