/* What holds for any messages: random ones, from a printed seed. HOLDFAST_SEED=N runs one again. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "authz/classify.h"
#include "base/clock.h"
#include "book.h"

enum { ROUNDS = 400, SET_MAX = 12 };

/* splitmix64 */
static uint64_t next(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static int64_t pick(uint64_t *seed, int64_t below)
{
    return (int64_t)(next(seed) % (uint64_t)below);
}

static uint64_t take_seed(void)
{
    const char *given = getenv("HOLDFAST_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)clock_wall_us();

    fprintf(stderr, "HOLDFAST_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

static struct message random_request(uint64_t *seed, uint64_t id)
{
    struct message message = ASK(id, 1 + pick(seed, 1000000), .fee_fixed_e4 = pick(seed, 5000),
                                 .fee_rate_e4 = pick(seed, 5000), .fx_pad_e4 = pick(seed, 20000),
                                 .mcc_pad_e4 = pick(seed, 20000));

    snprintf(message.trace, sizeof message.trace, "BNET-%d", (int)pick(seed, 4));
    message.pos_capability[0] = (char)('0' + pick(seed, 2));
    return message;
}

Test(properties, an_approval_never_takes_more_than_is_available)
{
    uint64_t seed = take_seed();

    for (int round = 0; round < ROUNDS; round++) {
        struct book *book = book_create(GBP, pick(&seed, 20000) - 1000, 1);
        book->account.overdraft_minor = pick(&seed, 3) * 500;
        for (uint64_t id = 1; id <= 10; id++) {
            struct message message = random_request(&seed, id);
            int64_t before = book_available(book);
            const struct decision *got = book_send(book, &message);
            bool approved =
                got->reason == REASON_APPROVED || got->reason == REASON_APPROVED_PARTIALLY;
            cr_assert(!approved || book_available(book) >= 0);
            cr_assert(approved || book_available(book) == before);
            cr_assert(got->reason != REASON_APPROVED_PARTIALLY || got->reply.approved_minor >= 100);
        }
        book_destroy(book);
    }
}

/* What is approved of one request with that balance, in minor units of the hold. */
static int64_t approved_with(const struct message *message, int64_t posted)
{
    struct book *book = book_create(GBP, posted, 1);
    book_send(book, message);
    int64_t held = book->account.held_minor;
    book_destroy(book);
    return held;
}

Test(properties, more_money_never_approves_less)
{
    uint64_t seed = take_seed();

    for (int round = 0; round < ROUNDS; round++) {
        struct message message = random_request(&seed, 1);
        int64_t posted = pick(&seed, 12000);
        int64_t less = approved_with(&message, posted);
        int64_t more = approved_with(&message, posted + pick(&seed, 500));
        cr_assert_geq(more, less, "posted %ld", (long)posted);
    }
}

/* --- one payment's messages --- */

struct messages {
    size_t count;
    struct message list[SET_MAX];
};

static void shuffle(uint64_t *seed, size_t *order, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)pick(seed, (int64_t)i), kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

static struct message random_outcome(uint64_t *seed, uint64_t id)
{
    int64_t e4 = 100 * (1 + pick(seed, 3000));

    switch (pick(seed, 5)) {
    case 0:
        return (struct message)TOLD(id, 'I', e4, .trace = "t", .response = "05");
    case 1:
        return (struct message)ADVICE(id, e4, .trace = "t", .stat = pick(seed, 4) == 0 ? 'I' : 'A');
    case 2:
        return (struct message)REVERSE(id, e4, .trace = "t");
    case 3:
        return (struct message)REVERSE(id, e4, .trace = "t", .mtid = 0);
    default:
        return (struct message)TOLD(id, 'A', e4, .trace = "t",
                                    .fee_fixed_e4 = 100 * pick(seed, 50));
    }
}

/* Approvals, refusals, advices and reversals that nobody asked us about; some name another. */
static struct messages random_outcomes(uint64_t *seed)
{
    struct messages messages = {.count = (size_t)(2 + pick(seed, SET_MAX - 2))};

    for (size_t i = 0; i < messages.count; i++) {
        messages.list[i] = random_outcome(seed, i + 1);
        if (messages.list[i].type != 'A' && pick(seed, 2) == 0) {
            messages.list[i].matching_txn_id = (uint64_t)(1 + pick(seed, (int64_t)messages.count));
        }
    }
    return messages;
}

static struct statement state(const struct message *message, bool approved)
{
    struct classification classification = classify(message);
    struct statement statement;

    statement_of_message(message, classification.role, classification.row, SCHEME_UNKNOWN,
                         &statement);
    statement.approved = approved && classification.role == ROLE_REQUEST;
    return statement;
}

Test(properties, the_holds_of_a_set_do_not_depend_on_how_it_is_listed)
{
    static struct payment_holds first, again;
    uint64_t seed = take_seed();

    for (int round = 0; round < 10 * ROUNDS; round++) {
        struct messages messages = random_outcomes(&seed);
        struct payment_entry entries[SET_MAX], shuffled[SET_MAX];
        size_t order[SET_MAX];
        for (size_t i = 0; i < messages.count; i++) {
            if (pick(&seed, 3) == 0 && messages.list[i].type == 'A') {
                messages.list[i].authorised_by = 'N'; /* ours to decide */
            }
            entries[i] = (struct payment_entry){1, (uint32_t)i + 1,
                                                state(&messages.list[i], pick(&seed, 4) != 0)};
            order[i] = i;
        }
        shuffle(&seed, order, messages.count);
        for (size_t i = 0; i < messages.count; i++) {
            shuffled[i] = entries[order[i]];
        }
        payment_compute(entries, messages.count, GBP, &first);
        payment_compute(shuffled, messages.count, GBP, &again);
        cr_assert_eq(first.total_minor, again.total_minor, "round %d", round);
        for (size_t i = 0; i < first.count; i++) {
            const struct authorisation *one = &first.authorisations[i];
            const struct authorisation *other = payment_find(&again, one->txn_id);
            cr_assert_not_null(other);
            cr_assert_eq(one->hold_minor, other->hold_minor, "round %d", round);
            cr_assert(one->hold_minor >= 0 && one->fee_minor <= one->hold_minor);
            cr_assert_leq(one->reversed_txn_e4, one->approved_txn_e4);
        }
    }
}

static int64_t held_after(const struct messages *messages, const size_t *order)
{
    struct book *book = book_create(GBP, 10000000, 4);

    for (size_t i = 0; i < messages->count; i++) {
        book_send(book, &messages->list[order[i]]);
    }
    int64_t held = book->account.held_minor;
    book_destroy(book);
    return held;
}

static void print_messages(const struct messages *messages, const size_t *order)
{
    for (size_t i = 0; i < messages->count; i++) {
        const struct message *message = &messages->list[order[i]];
        fprintf(stderr, "  %llu %c%u %c%c %lld names %llu\n", (unsigned long long)message->txn_id,
                message->type, message->mtid, message->authorised_by, message->stat,
                (long long)message->bill_e4, (unsigned long long)message->matching_txn_id);
    }
}

static void expect_same_end(uint64_t *seed, const struct messages *messages, int round)
{
    size_t order[SET_MAX], other[SET_MAX];

    for (size_t i = 0; i < messages->count; i++) {
        order[i] = other[i] = i;
    }
    shuffle(seed, other, messages->count);
    for (size_t i = 0; i < messages->count; i++) { /* a request before its own closing advice */
        for (size_t j = i + 1; j < messages->count; j++) {
            const struct message *a = &messages->list[other[i]], *b = &messages->list[other[j]];
            if (a->txn_id == b->txn_id && a->authorised_by == 'Y') {
                size_t kept = other[i];
                other[i] = other[j];
                other[j] = kept;
            }
        }
    }
    int64_t one = held_after(messages, order), two = held_after(messages, other);
    if (one != two) {
        print_messages(messages, order);
        fprintf(stderr, "and shuffled:\n");
        print_messages(messages, other);
    }
    cr_assert_eq(one, two, "round %d: %ld and %ld", round, (long)one, (long)two);
}

Test(properties, outcomes_end_alike_in_any_order)
{
    uint64_t seed = take_seed();

    for (int round = 0; round < 2 * ROUNDS; round++) {
        struct messages messages = random_outcomes(&seed);
        expect_same_end(&seed, &messages, round);
    }
}

/* Requests with money enough, their closing advices, and reversals that name them. */
static struct messages random_requests(uint64_t *seed)
{
    struct messages messages = {.count = 0};
    uint64_t requests = (uint64_t)(1 + pick(seed, 4)), id = 100;

    for (uint64_t request = 1; request <= requests; request++) {
        int64_t e4 = 100 * (1 + pick(seed, 3000));
        messages.list[messages.count++] = (struct message)ASK(request, e4, .trace = "t");
        if (pick(seed, 2) == 0) {
            messages.list[messages.count++] =
                (struct message)TOLD(request, pick(seed, 3) == 0 ? 'I' : 'A', e4, .trace = "t");
        }
        if (pick(seed, 2) == 0) {
            messages.list[messages.count++] = (struct message)REVERSE(
                id++, 100 * (1 + pick(seed, e4 / 100)), .trace = "t", .matching_txn_id = request);
        }
    }
    return messages;
}

Test(properties, requests_with_named_reversals_end_alike_in_any_order)
{
    uint64_t seed = take_seed();

    for (int round = 0; round < 2 * ROUNDS; round++) {
        struct messages messages = random_requests(&seed);
        expect_same_end(&seed, &messages, round);
    }
}

Test(properties, doubled_messages_change_nothing)
{
    uint64_t seed = take_seed();

    for (int round = 0; round < ROUNDS; round++) {
        struct book *book = book_create(GBP, 30000, 4);
        struct messages messages =
            pick(&seed, 2) == 0 ? random_outcomes(&seed) : random_requests(&seed);
        for (size_t i = 0; i < messages.count; i++) {
            book_send(book, &messages.list[i]);
            int64_t held = book->account.held_minor;
            book_send(book, &messages.list[(size_t)pick(&seed, (int64_t)i + 1)]);
            cr_assert_eq(book->last.disposition, DISPOSE_REPEAT);
            cr_assert_eq(book->account.held_minor, held);
        }
        book_destroy(book);
    }
}
