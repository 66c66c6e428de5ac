/* A book of one account and one card, in memory: what the lanes and the ledger do around decide(),
 * in the simplest way, with every invariant checked after each message.
 */
#ifndef TESTS_AUTHZ_BOOK_H
#define TESTS_AUTHZ_BOOK_H

#include "authz/decide.h"

enum {
    BOOK_MESSAGES_MAX = 512,
    BOOK_TOKEN = 154510682,
    GBP = 826,
    EUR = 978,
    USD = 840,
    JPY = 392,
    KWD = 414,
};

struct book_stored {
    struct earlier request, outcome;
    uint64_t txn_id;
};

struct book_hold {
    uint64_t key;
    int64_t minor;
};

struct book {
    struct account_facts account;
    struct card_facts card;
    struct product_settings product;
    struct decide_scratch *scratch;
    int64_t at_us;
    bool too_late, parked_overflow;
    size_t stored_count, entry_count, parked_count, hold_count, inbox_count;
    struct book_stored stored[BOOK_MESSAGES_MAX];
    struct payment_entry entries[BOOK_MESSAGES_MAX];
    struct statement parked[BOOK_MESSAGES_MAX];
    struct book_hold holds[BOOK_MESSAGES_MAX];
    int events[EVENT_TYPE_COUNT];
    struct decision last;
};

struct book *book_create(uint16_t currency, int64_t posted_minor, int mode);
void book_destroy(struct book *book);
/* Decides and books one message; the decision stays in book->last. */
const struct decision *book_send(struct book *book, const struct message *message);
/* What our own word does: takes the approval of that request back. */
const struct decision *book_void(struct book *book, uint64_t txn_id);
int64_t book_available(const struct book *book);
/* What the authorisation with that key holds. */
int64_t book_hold(const struct book *book, uint64_t key);

/* Messages, as initialisers: SEND(book, ASK(1, 450000, .trace = "BNET-a")). Amounts in 10^-4; what
 * stands behind them overrides. */
#pragma GCC diagnostic ignored "-Woverride-init"
#ifdef __clang__
#pragma clang diagnostic ignored "-Winitializer-overrides"
#pragma clang diagnostic ignored "-Wgnu-zero-variadic-macro-arguments"
#endif
/* clang-format off */
#define BOOK_MESSAGE(id, ...)                                                                      \
    {.txn_id = (id), .token = BOOK_TOKEN, .bill_currency = GBP, .txn_currency = GBP, .stat = 'A',  \
     .product = -1, __VA_ARGS__}
#define ASK(id, e4, ...)                                                                           \
    BOOK_MESSAGE(id, .mtid = 100, .type = 'A', .authorised_by = 'N', .response = "00",             \
                 .bill_e4 = -(e4), .txn_e4 = (e4) __VA_OPT__(,) __VA_ARGS__)
#define TOLD(id, state, e4, ...)                                                                   \
    BOOK_MESSAGE(id, .mtid = 100, .type = 'A', .authorised_by = 'Y', .stat = (state),              \
                 .bill_e4 = -(e4), .txn_e4 = (e4) __VA_OPT__(,) __VA_ARGS__)
#define ADVICE(id, e4, ...)                                                                        \
    BOOK_MESSAGE(id, .mtid = 120, .type = 'J', .authorised_by = 'Y', .response = "00",             \
                 .bill_e4 = (e4), .txn_e4 = (e4) __VA_OPT__(,) __VA_ARGS__)
#define REVERSE(id, e4, ...)                                                                       \
    BOOK_MESSAGE(id, .mtid = 400, .type = 'D', .authorised_by = 'Y', .bill_e4 = (e4),              \
                 .txn_e4 = (e4) __VA_OPT__(,) __VA_ARGS__)
#define SEND(book, ...) book_send(book, &(const struct message)__VA_ARGS__)
/* clang-format on */

#endif
