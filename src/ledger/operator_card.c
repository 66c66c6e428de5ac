/* Operators and cards: adding them, and what becomes of their status. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "ledger/operator_books.h"
#include "ledger/result.h"

/* A card's place in the caller's array, sorted by token. */
struct place {
    int32_t token;
    size_t index;
};

static int by_token(const void *a, const void *b)
{
    const struct place *left = a, *right = b;
    if (left->token != right->token) {
        return left->token < right->token ? -1 : 1;
    }
    return left->index < right->index ? -1 : left->index > right->index;
}

/* One call's working set. */
struct addition {
    struct operator_card *cards;
    size_t count;
    struct place *places;
    size_t failed;
};

static bool fail_card(struct addition *addition, size_t index, struct error *error,
                      enum error_code code, const char *field, const char *message)
{
    addition->failed = index;
    return error_set(error, code, field, "card %09d: %s", (int)addition->cards[index].token,
                     message);
}

static bool check_cards(struct addition *addition, struct error *error)
{
    for (size_t i = 0; i < addition->count; i++) {
        const struct operator_card *card = &addition->cards[i];
        if (card->token <= 0 || card->token > 999999999) {
            return fail_card(addition, i, error, ERROR_INVALID, "token", "expected nine digits");
        }
        if (money_exponent(card->currency) < 0) {
            return fail_card(addition, i, error, ERROR_INVALID, "currency", "no such currency");
        }
        if (card->load_minor < 0 || card->load_minor > MONEY_MINOR_MAX) {
            return fail_card(addition, i, error, ERROR_INVALID, "load", "expected 0 to 10^15 − 1");
        }
        if (card->overdraft_minor < 0 || card->overdraft_minor > MONEY_MINOR_MAX) {
            return fail_card(addition, i, error, ERROR_INVALID, "overdraft",
                             "expected 0 to 10^15 − 1");
        }
        if (card->product < 0) {
            return fail_card(addition, i, error, ERROR_INVALID, "product", "expected 0 or more");
        }
        if (card->account != 0 && (card->account & 1023) != card->currency) {
            return fail_card(addition, i, error, ERROR_INVALID, "currency",
                             "its account is of another currency");
        }
        addition->places[i] = (struct place){card->token, i};
    }
    qsort(addition->places, addition->count, sizeof addition->places[0], by_token);
    for (size_t i = 1; i < addition->count; i++) {
        if (addition->places[i].token == addition->places[i - 1].token) {
            return fail_card(addition, addition->places[i].index, error, ERROR_CONFLICT, "token",
                             "it is named twice");
        }
    }
    return true;
}

/* Queues the first round trip: locks, earlier cards, numbers for what is new. */
static bool send_reads(struct operator_session *session, const struct addition *addition)
{
    int64_t *accounts = calloc(addition->count, sizeof *accounts);
    size_t account_count = 0, new_count = 0;

    if (accounts == NULL) {
        return false;
    }
    for (size_t i = 0; i < addition->count; i++) {
        if (addition->cards[i].account != 0) {
            accounts[account_count++] = addition->cards[i].account;
        } else {
            new_count++;
        }
    }
    books_send_begin(session, accounts, account_count, NULL, 0);
    free(accounts);
    array_begin(&session->writer, ARRAY_INT4);
    for (size_t i = 0; i < addition->count; i++) {
        array_add_number(&session->writer, addition->cards[i].token);
    }
    const struct array_value tokens[] = {array_end(&session->writer)};
    session_send_once(session->session, "operator_find_cards", tokens, 1);
    const size_t blocks = (2 * addition->count + BOOKS_ID_BLOCK - 1) / BOOKS_ID_BLOCK;
    const struct array_value numbers[] = {
        array_number(&session->writer, ARRAY_INT4, (int64_t)new_count),
        array_number(&session->writer, ARRAY_INT4, (int64_t)blocks),
    };
    session_send_once(session->session, "operator_new_numbers", numbers, 2);
    return !session->writer.overflow;
}

/* A token that is there already is a conflict. */
static bool check_existing(struct operator_session *session, struct addition *addition,
                           const PGresult *found, struct error *error)
{
    session->at_us = result_time_us(found, 0, 0);
    if (result_is_null(found, 0, 1)) {
        return true;
    }
    const struct place key = {(int32_t)result_number(found, 0, 1), 0};
    for (size_t i = 0; i < addition->count; i++) {
        if (addition->places[i].token == key.token) {
            return fail_card(addition, addition->places[i].index, error, ERROR_CONFLICT, "token",
                             "it exists already");
        }
    }
    return error_set(error, ERROR_INTERNAL, "token", "a card that nobody asked for");
}

static bool add_card(struct operator_session *session, struct addition *addition, size_t index,
                     const PGresult *numbers, int *next_number, struct error *error)
{
    struct operator_card *card = &addition->cards[index];
    struct books_account *account;
    char object[32], detail[96], amount[MONEY_TEXT_BYTES];

    if (card->account == 0) {
        const int64_t id = result_number(numbers, (*next_number)++, 0) << 10 | card->currency;
        account = books_add_account(session, id, card->overdraft_minor);
    } else {
        account = books_find_account(session, card->account);
        if (account == NULL || account->kind != 1) {
            return fail_card(addition, index, error, ERROR_NOT_FOUND, "account",
                             "there is no such account");
        }
        if (account->status == BOOKS_ACCOUNT_CLOSED || account->status == BOOKS_ACCOUNT_CLOSING) {
            return fail_card(addition, index, error, ERROR_CONFLICT, "account",
                             "its account is closed");
        }
    }
    card->account = account->id;
    if (card->status == 0) {
        card->status = BOOKS_CARD_ACTIVE;
    }
    books_add_event(session, account, "io.holdfast.card.added", card->token, 0, 0, NULL);
    if (card->load_minor > 0 &&
        !books_load(session, account, card->load_minor, card->token, NULL, error)) {
        addition->failed = index;
        return false;
    }
    snprintf(object, sizeof object, "card/%09d", (int)card->token);
    snprintf(detail, sizeof detail, "account %lld, load %s", (long long)account->id,
             money_format(card->load_minor, card->currency, amount));
    books_add_audit(session, "card.add", object, detail);
    return true;
}

static void send_cards(struct operator_session *session, const struct addition *addition)
{
    static const struct {
        enum array_type type;
    } types[] = {{ARRAY_INT4}, {ARRAY_INT8}, {ARRAY_INT8}, {ARRAY_INT2}, {ARRAY_INT4}};
    struct array_value columns[6];

    for (size_t c = 0; c < 5; c++) {
        array_begin(&session->writer, types[c].type);
        for (size_t i = 0; i < addition->count; i++) {
            const struct operator_card *card = &addition->cards[i];
            const int64_t values[] = {card->token, card->account, card->product, card->status,
                                      card->expiry_yyyymm};
            array_add_number(&session->writer, values[c]);
        }
        columns[c] = array_end(&session->writer);
    }
    columns[5] = array_number(&session->writer, ARRAY_TIME, session->at_us);
    session_send_once(session->session, "operator_add_cards", columns, 6);
}

/* What the first round trip brought, taken into memory. */
static bool apply_reads(struct operator_session *session, struct addition *addition,
                        const struct session_results *results, struct error *error)
{
    const PGresult *numbers = results->results[3];
    int next_number = 0;

    if (!books_keep_accounts(session, results->results[1], error) ||
        !check_existing(session, addition, results->results[2], error)) {
        return false;
    }
    /* Blocks of ids come after the accounts' numbers, and are spent one after the other. */
    int next_block = 0;
    for (size_t i = 0; i < addition->count; i++) {
        next_block += addition->cards[i].account == 0;
    }
    for (size_t i = 0; i < addition->count; i++) {
        if (session->id_end - session->id_next < 2) {
            session->id_next = result_number(numbers, next_block++, 0);
            session->id_end = session->id_next + BOOKS_ID_BLOCK;
        }
        if (!add_card(session, addition, i, numbers, &next_number, error)) {
            return false;
        }
    }
    return true;
}

static bool add_cards(struct operator_session *session, struct addition *addition,
                      struct error *error)
{
    struct session_results results;

    if (!check_cards(addition, error) || !books_reset(session, addition->count, error)) {
        return false;
    }
    if (!send_reads(session, addition)) {
        return error_set(error, ERROR_LIMIT, "memory", "none left");
    }
    bool done = session_run(session->session, books_deadline(), &results, error) &&
                apply_reads(session, addition, &results, error);
    session_clear(&results);
    if (done && books_send(session, error)) {
        send_cards(session, addition);
        done = books_commit(session, error);
    } else {
        done = false;
        books_rollback(session);
    }
    return done;
}

bool operator_add_cards(struct operator_session *session, struct operator_card *cards, size_t count,
                        size_t *failed, struct error *error)
{
    struct addition addition = {.cards = cards, .count = count};
    struct operator_card *originals;

    if (count == 0) {
        return true;
    }
    if (count > BOOKS_ROWS_MAX) {
        return error_set(error, ERROR_LIMIT, "cards", "expected at most %d at once",
                         BOOKS_ROWS_MAX);
    }
    addition.places = calloc(count, sizeof *addition.places);
    originals = malloc(count * sizeof *originals);
    if (addition.places == NULL || originals == NULL) {
        free(addition.places);
        free(originals);
        return error_set(error, ERROR_LIMIT, "memory", "none left");
    }
    memcpy(originals, cards, count * sizeof *originals);
    const bool added = add_cards(session, &addition, error);
    if (!added) {
        memcpy(cards, originals, count * sizeof *originals); /* outputs are untouched on failure */
        if (failed != NULL) {
            *failed = addition.failed;
        }
    }
    free(addition.places);
    free(originals);
    return added;
}

/* --- status --- */

#define BIT(status) (1U << BOOKS_CARD_##status)
#define IN_LIFE     (BIT(ACTIVE) | BIT(NOT_ACTIVE) | BIT(FROZEN) | BIT(BLOCKED) | BIT(EXPIRED))

/* What a card may become. */
static const struct step {
    int to;
    unsigned from; /* bits of statuses */
    const char *event, *action, *name;
} steps[] = {
    {BOOKS_CARD_ACTIVE,  BIT(FROZEN) | BIT(BLOCKED) | BIT(NOT_ACTIVE),               "io.holdfast.card.unfrozen",
     "card.unfreeze",                                                                                                            "unfrozen"},
    {BOOKS_CARD_FROZEN,  BIT(ACTIVE),                                                "io.holdfast.card.frozen",   "card.freeze", "frozen"  },
    {BOOKS_CARD_BLOCKED, BIT(ACTIVE) | BIT(NOT_ACTIVE) | BIT(FROZEN) | BIT(EXPIRED),
     "io.holdfast.card.blocked",                                                                                  "card.block",  "blocked" },
    {BOOKS_CARD_LOST,    IN_LIFE,                                                    "io.holdfast.card.blocked",  "card.block",  "lost"    },
    {BOOKS_CARD_STOLEN,  IN_LIFE | BIT(LOST),                                        "io.holdfast.card.blocked",  "card.block",  "stolen"  },
    {BOOKS_CARD_CLOSED,  IN_LIFE | BIT(LOST) | BIT(STOLEN),                          "io.holdfast.card.closed",   "card.close",
     "closed"                                                                                                                              },
};

static const struct step *find_step(int status)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i].to == status) {
            return &steps[i];
        }
    }
    return NULL;
}

static void send_status(struct operator_session *session, int32_t token, int status)
{
    const struct array_value card[] = {
        array_number(&session->writer, ARRAY_INT4, token),
        array_number(&session->writer, ARRAY_INT2, status),
    };
    session_send_once(session->session, "operator_set_card_status", card, 2);
}

/* Judges the change and makes it in memory; *same when there is nothing to do. */
static bool step_card(struct operator_session *session, int32_t token, const struct step *step,
                      const PGresult *found, bool *same, const char *reason, struct error *error)
{
    static const char *const names[] = {"",     "active", "not active", "frozen", "blocked",
                                        "lost", "stolen", "expired",    "",       "closed"};
    char object[32];

    session->at_us = result_time_us(found, 0, 0);
    if (result_is_null(found, 0, 1)) {
        return error_set(error, ERROR_NOT_FOUND, "card", "there is no card %09d", (int)token);
    }
    struct books_account *account = books_find_account(session, result_number(found, 0, 2));
    const int64_t now = result_number(found, 0, 3);
    if (account == NULL || now < 0 || now > BOOKS_CARD_CLOSED) {
        return error_set(error, ERROR_INTERNAL, "card", "card %09d is not as it should be",
                         (int)token);
    }
    *same = now == step->to;
    if (*same) {
        return true;
    }
    if ((step->from >> now & 1U) == 0) {
        return error_set(error, ERROR_CONFLICT, "card", "card %09d is %s and cannot become %s",
                         (int)token, names[now], names[step->to]);
    }
    books_add_event(session, account, step->event, token, 0, 0, step->name);
    snprintf(object, sizeof object, "card/%09d", (int)token);
    books_add_audit(session, step->action, object, reason);
    return true;
}

bool operator_set_card_status(struct operator_session *session, int32_t token, int status,
                              const char *reason, struct error *error)
{
    const struct step *step = find_step(status);
    struct session_results results;
    bool same = false;

    if (step == NULL) {
        return error_set(error, ERROR_INVALID, "status", "a card cannot be made status %d", status);
    }
    if (!books_reset(session, 1, error)) {
        return false;
    }
    books_send_begin(session, NULL, 0, &token, 1);
    array_begin(&session->writer, ARRAY_INT4);
    array_add_number(&session->writer, token);
    const struct array_value tokens[] = {array_end(&session->writer)};
    session_send_once(session->session, "operator_find_cards", tokens, 1);
    bool done = session_run(session->session, books_deadline(), &results, error) &&
                books_keep_accounts(session, results.results[1], error) &&
                step_card(session, token, step, results.results[2], &same, reason, error);
    session_clear(&results);
    if (!done || same) {
        books_rollback(session);
        return done;
    }
    if (!books_send(session, error)) {
        books_rollback(session);
        return false;
    }
    send_status(session, token, status);
    return books_commit(session, error);
}
