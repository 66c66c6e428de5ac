#include "books.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"

/* Minor units of value_e4 × part / whole, upwards. */
static int64_t rounded_up(int64_t value_e4, int64_t part, int64_t whole, uint16_t currency)
{
    int64_t unit = 10000; /* of 10^-4 in a minor unit */
    for (int i = money_exponent(currency); i > 0; i--) {
        unit /= 10;
    }
    return money_share(value_e4, part, whole * unit, MONEY_AWAY_FROM_ZERO);
}

static int64_t hold_of(const struct books_authorisation *authorisation, uint16_t currency)
{
    int64_t left = authorisation->amount_e4 - authorisation->reversed_e4;
    if (!authorisation->stands || left <= 0) {
        return 0;
    }
    return rounded_up(authorisation->total_e4, left, authorisation->amount_e4, currency);
}

int64_t books_held(const struct books_card *card, const struct books_payment *payment)
{
    int64_t held = 0;
    for (size_t i = 0; i < payment->count; i++) {
        held += hold_of(&payment->authorisations[i], card->currency);
    }
    return held;
}

int64_t books_available(const struct books_card *card)
{
    int64_t available = card->load_minor;
    for (size_t i = 0; i < card->payment_count; i++) {
        available -= books_held(card, card->payments[i]);
    }
    return available;
}

struct books_payment *books_begin(struct books_card *card)
{
    if (card->payment_count == card->payment_room) {
        card->payment_room = card->payment_room ? 2 * card->payment_room : 16;
        card->payments =
            realloc(card->payments, card->payment_room * sizeof(struct books_payment *));
        assert(card->payments);
    }
    struct books_payment *payment = calloc(1, sizeof *payment);
    assert(payment);
    card->payments[card->payment_count++] = payment;
    return payment;
}

void books_finish(struct books_card *card)
{
    for (size_t i = 0; i < card->payment_count; i++) {
        free(card->payments[i]);
    }
    free(card->payments);
}

static struct books_authorisation *find(struct books_payment *payment, uint64_t txn_id)
{
    for (size_t i = 0; i < payment->count; i++) {
        if (payment->authorisations[i].txn_id == txn_id) {
            return &payment->authorisations[i];
        }
    }
    return NULL;
}

void books_force(struct books_payment *payment, const struct books_request *request)
{
    struct books_authorisation *authorisation = find(payment, request->txn_id);
    if (!authorisation) {
        assert(payment->count < BOOKS_AUTHORISATIONS_MAX);
        authorisation = &payment->authorisations[payment->count++];
        authorisation->txn_id = request->txn_id;
    }
    authorisation->stands = true;
    authorisation->total_e4 = request->bill_e4 + request->fees_e4;
    authorisation->amount_e4 = request->amount_e4;
}

void books_deny(struct books_payment *payment, uint64_t txn_id)
{
    struct books_authorisation *authorisation = find(payment, txn_id);
    if (authorisation) {
        authorisation->stands = false;
    }
}

static int64_t take(struct books_authorisation *authorisation, int64_t amount_e4)
{
    int64_t left = authorisation->amount_e4 - authorisation->reversed_e4;
    int64_t taken = amount_e4 < left ? amount_e4 : left;
    authorisation->reversed_e4 += taken > 0 ? taken : 0;
    return taken > 0 ? amount_e4 - taken : amount_e4;
}

void books_reverse(struct books_payment *payment, uint64_t txn_id, int64_t amount_e4)
{
    struct books_authorisation *named = txn_id ? find(payment, txn_id) : NULL;
    if (named) {
        amount_e4 = take(named, amount_e4);
    }
    for (size_t i = payment->count; i > 0 && amount_e4 > 0; i--) {
        if (&payment->authorisations[i - 1] != named && payment->authorisations[i - 1].stands) {
            amount_e4 = take(&payment->authorisations[i - 1], amount_e4);
        }
    }
}

struct books_answer books_decide(struct books_card *card, struct books_payment *payment,
                                 const struct books_request *request)
{
    if (request->early_e4 >= request->amount_e4) {
        return (struct books_answer){.response = "05"};
    }
    int64_t available = books_available(card);
    int64_t needed =
        rounded_up(request->bill_e4 + request->fees_e4, request->amount_e4 - request->early_e4,
                   request->amount_e4, card->currency);
    if (needed <= available) {
        books_force(payment, request);
        books_reverse(payment, request->txn_id, request->early_e4);
        return (struct books_answer){.response = "00"};
    }
    /* Only requests without fees may be approved in part here: then the part is what is there. */
    if (request->may_be_partial && request->fees_e4 == 0 && request->early_e4 == 0 &&
        available >= BOOKS_PARTIAL_MIN_MINOR) {
        struct books_request part = *request;
        bool fits = money_e4_from_minor(available, card->currency, &part.bill_e4);
        assert(fits);
        part.amount_e4 =
            money_share(request->amount_e4, part.bill_e4, request->bill_e4, MONEY_TOWARD_ZERO);
        books_force(payment, &part);
        return (struct books_answer){.response = "10", .approved_minor = available};
    }
    return (struct books_answer){.response = "51"};
}
