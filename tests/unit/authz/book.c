#include "book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"

/* Without criterion, so that a fuzzer can keep a book too. */
static void check(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "book: %s\n", what);
        abort();
    }
}

struct book *book_create(uint16_t currency, int64_t posted_minor, int mode)
{
    struct book *book = calloc(1, sizeof *book);
    check(book != NULL, "out of memory");
    book->account = (struct account_facts){
        .currency = currency, .status = ACCOUNT_ACTIVE, .posted_minor = posted_minor};
    book->card = (struct card_facts){.status = CARD_ACTIVE, .expiry_yyyymm = 202912};
    book->product = (struct product_settings){.mode = mode, .partial_min_minor = 100};
    book->at_us = INT64_C(1764041652000000); /* 2025-11-25 */
    book->scratch = malloc(decide_scratch_bytes());
    check(book->scratch != NULL, "out of memory");
    memset(book->scratch, 0xA5, decide_scratch_bytes());
    return book;
}

void book_destroy(struct book *book)
{
    if (book != NULL) {
        free(book->scratch);
        free(book);
    }
}

int64_t book_available(const struct book *book)
{
    return book->account.posted_minor - book->account.held_minor + book->account.overdraft_minor;
}

int64_t book_hold(const struct book *book, uint64_t key)
{
    for (size_t i = 0; i < book->hold_count; i++) {
        if (book->holds[i].key == key) {
            return book->holds[i].minor;
        }
    }
    return 0;
}

static struct book_stored *find_stored(struct book *book, uint64_t txn_id)
{
    for (size_t i = 0; i < book->stored_count; i++) {
        if (book->stored[i].txn_id == txn_id) {
            return &book->stored[i];
        }
    }
    check(book->stored_count < BOOK_MESSAGES_MAX, "too many messages");
    struct book_stored *made = &book->stored[book->stored_count++];
    made->txn_id = txn_id;
    return made;
}

static bool same(int64_t a, int64_t b)
{
    return a != 0 && a == b;
}

static bool shares_reference(const struct statement *a, const struct statement *b)
{
    return a->txn_id == b->txn_id || (a->matching_txn_id != 0 && a->matching_txn_id == b->txn_id) ||
           (b->matching_txn_id != 0 && b->matching_txn_id == a->txn_id) ||
           same(a->trace_key, b->trace_key) || same(a->trace_message_key, b->trace_key) ||
           same(a->trace_key, b->trace_message_key) || same(a->link_key, b->link_key) ||
           same(a->acquirer_ref_key, b->acquirer_ref_key);
}

/* Whole payments of which one entry shares a reference with the message. */
static size_t find_entries(const struct book *book, const struct statement *statement,
                           struct payment_entry *found)
{
    size_t count = 0;

    for (size_t i = 0; i < book->entry_count; i++) {
        for (size_t j = 0; j < book->entry_count; j++) {
            if (book->entries[j].payment == book->entries[i].payment &&
                shares_reference(statement, &book->entries[j].statement)) {
                found[count++] = book->entries[i];
                break;
            }
        }
    }
    return count;
}

/* Everything is stored as bytes and read back, as the ledger does. */
static struct statement through_bytes(const struct statement *statement)
{
    uint8_t bytes[STATEMENT_BYTES];
    struct statement read;

    size_t count = statement_encode(statement, bytes);
    check(statement_decode(bytes, count, &read), "a stored statement cannot be read");
    return read;
}

static void add_entry(struct book *book, uint64_t payment, const struct statement *statement)
{
    uint32_t n = 1;

    check(book->entry_count < BOOK_MESSAGES_MAX, "too many entries");
    for (size_t i = 0; i < book->entry_count; i++) {
        n += book->entries[i].payment == payment ? 1 : 0;
    }
    book->entries[book->entry_count++] =
        (struct payment_entry){payment, n, through_bytes(statement)};
}

static struct book_hold *find_hold(struct book *book, uint64_t key)
{
    for (size_t i = 0; i < book->hold_count; i++) {
        if (book->holds[i].key == key) {
            return &book->holds[i];
        }
    }
    check(book->hold_count < BOOK_MESSAGES_MAX, "too many holds");
    book->holds[book->hold_count] = (struct book_hold){.key = key};
    return &book->holds[book->hold_count++];
}

static void move_holds(struct book *book, const struct decision *decision)
{
    for (size_t i = 0; i < decision->change_count; i++) {
        const struct hold_change *change = &decision->changes[i];
        struct book_hold *hold = find_hold(book, change->authorisation);
        hold->minor += change->delta_minor;
        book->account.held_minor += change->delta_minor;
        check(change->delta_minor != 0, "a change of nothing");
        check(hold->minor >= 0, "hold below zero");
        check(book->account.held_minor >= 0, "held below zero");
        check(change->delta_minor > 0 || change->code == CODE_RELEASE ||
                  change->code == CODE_EXPIRED || change->code == CODE_VOIDED,
              "a release with a growth's code");
        check(change->fee_minor >= 0 &&
                  (change->fee_minor == 0 || change->fee_minor <= change->delta_minor),
              "fees beyond the growth");
        check(change->code != CODE_AUTHORISATION || book_available(book) >= 0,
              "approved beyond available");
    }
    book->account.posted_minor -= decision->fee_minor;
}

static void join_parked(struct book *book, const struct decision *decision)
{
    for (size_t i = 0; i < decision->joined_count; i++) {
        add_entry(book, decision->payment, &book->parked[decision->joined[i]]);
    }
    for (size_t i = decision->joined_count; i > 0; i--) { /* indices ascend */
        size_t at = decision->joined[i - 1];
        memmove(&book->parked[at], &book->parked[at + 1],
                (book->parked_count - at - 1) * sizeof book->parked[0]);
        book->parked_count--;
    }
}

/* What is held is what follows from the sets, payment by payment. */
static void check_holds(const struct book *book)
{
    static struct payment_entry entries[BOOK_MESSAGES_MAX];
    static struct payment_holds holds;
    int64_t held = 0;

    for (size_t i = 0; i < book->entry_count; i++) {
        size_t count = 0;
        if (book->entries[i].n != 1) {
            continue;
        }
        for (size_t j = 0; j < book->entry_count; j++) {
            if (book->entries[j].payment == book->entries[i].payment) {
                entries[count++] = book->entries[j];
            }
        }
        payment_compute(entries, count, book->account.currency, &holds);
        held += holds.total_minor;
        for (size_t a = 0; a < holds.count; a++) {
            check(book_hold(book, holds.authorisations[a].txn_id) ==
                      holds.authorisations[a].hold_minor,
                  "a booked hold differs from the set's");
        }
    }
    check(held == book->account.held_minor, "held differs from what the sets say");
}

static void apply(struct book *book, struct book_stored *stored, enum message_role role)
{
    const struct decision *decision = &book->last;

    for (size_t i = 0; i < decision->event_count; i++) {
        book->events[decision->events[i]]++;
    }
    bool moved = decision->change_count > 0 || decision->fee_minor != 0;
    check(!moved || decision->event_count > 0, "money moved without an event");
    if (decision->disposition != DISPOSE_STORE) {
        check(!moved && !decision->links, "a message that is not stored moved something");
        return;
    }
    if (role != ROLE_VOID) {
        struct earlier *earlier = role == ROLE_REQUEST ? &stored->request : &stored->outcome;
        check(!earlier->known, "the key is taken");
        *earlier = (struct earlier){true, through_bytes(&decision->statement), decision->reply};
    }
    if (decision->links) {
        add_entry(book, decision->payment, &decision->statement);
    }
    join_parked(book, decision);
    if (decision->inbox == INBOX_PARKED || decision->inbox == INBOX_UNRELIABLE) {
        book->parked[book->parked_count++] = through_bytes(&decision->statement);
    }
    book->inbox_count += decision->inbox != INBOX_NOT ? 1 : 0;
    move_holds(book, decision);
    check_holds(book);
    check(decision->reply.posted_minor == book->account.posted_minor &&
              decision->reply.available_minor ==
                  book_available(book) - book->account.overdraft_minor,
          "the reply's balances are not the account's");
}

static void decide_statement(struct book *book, const struct message *message,
                             const struct statement *statement,
                             const struct classification *classification)
{
    static struct payment_entry entries[BOOK_MESSAGES_MAX];
    struct book_stored *stored = find_stored(book, statement->txn_id);
    const struct facts facts = {
        .message = message,
        .statement = statement,
        .classification = classification,
        .product = &book->product,
        .card = &book->card,
        .account = &book->account,
        .request = &stored->request,
        .outcome = &stored->outcome,
        .entries = entries,
        .entry_count = find_entries(book, statement, entries),
        .parked = book->parked,
        .parked_count = book->parked_count,
        .parked_overflow = book->parked_overflow,
        .too_late = book->too_late,
        .decided_at_us = book->at_us,
    };

    decide(&facts, book->scratch, &book->last);
    apply(book, stored, classification->role);
}

const struct decision *book_send(struct book *book, const struct message *message)
{
    struct statement statement;
    struct classification classification = classify(message);

    statement_of_message(message, classification.role, classification.row,
                         classify_scheme(message, book->product.scheme), &statement);
    decide_statement(book, message, &statement, &classification);
    return &book->last;
}

const struct decision *book_void(struct book *book, uint64_t txn_id)
{
    struct statement statement = find_stored(book, txn_id)->request.statement;
    const struct message message = {.txn_id = txn_id};
    const struct classification classification = {.row = ROW_VOID, .role = ROLE_VOID};

    statement.role = ROLE_VOID;
    statement.row = ROW_VOID;
    decide_statement(book, &message, &statement, &classification);
    return &book->last;
}
