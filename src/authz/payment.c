#include "authz/payment.h"

#include <assert.h>
#include <string.h>

#include "authz/allocate.h"
#include "authz/classify.h"
#include "authz/kinship.h"
#include "base/money.h"

enum { PROC_BALANCE = 30, WIRE_PLACES = 4 };

static int64_t size_of(int64_t e4)
{
    return e4 < 0 ? -e4 : e4;
}

/* Fees and pads are never signed on the wire. */
static int64_t at_least_zero(int64_t e4)
{
    return e4 > 0 ? e4 : 0;
}

static int64_t fees_of(const struct statement *statement)
{
    return at_least_zero(statement->fee_fixed_e4) + at_least_zero(statement->fee_rate_e4);
}

int64_t payment_total_e4(const struct statement *statement)
{
    return size_of(statement->bill_e4) + fees_of(statement) + at_least_zero(statement->fx_pad_e4) +
           at_least_zero(statement->mcc_pad_e4);
}

static bool is_debit(const struct statement *statement)
{
    static const enum message_row debits[] = {
        ROW_A1_AUTHORISATION, ROW_A3_PRE_AUTHORISATION, ROW_A4_FUEL,     ROW_A5_REPEAT,
        ROW_A8_CASH,          ROW_A9_CASHBACK,          ROW_A13_FUNDING, ROW_J1_ADVICE_APPROVED,
    };

    for (size_t i = 0; i < sizeof debits / sizeof debits[0]; i++) {
        if (statement->row == debits[i]) {
            return true;
        }
    }
    return statement->row == ROW_A17_APPROVED && statement->type == 'A' &&
           classify_direction(statement->proc, statement->bill_e4) == DIRECTION_DEBIT;
}

int64_t payment_asked_e4(const struct statement *statement)
{
    bool may_enquire =
        statement->row == ROW_A7_BALANCE_ENQUIRY || statement->row == ROW_A17_APPROVED;

    if (statement->proc == PROC_BALANCE && may_enquire) {
        return fees_of(statement);
    }
    return is_debit(statement) && statement->bill_e4 != 0 ? payment_total_e4(statement) : 0;
}

/* --- partial approval --- */

/* What grows with the amount: the rate and the pads, but not the fixed fee. */
static int64_t proportional_e4(const struct statement *statement)
{
    return at_least_zero(statement->fee_rate_e4) + at_least_zero(statement->fx_pad_e4) +
           at_least_zero(statement->mcc_pad_e4);
}

static int64_t share_of(int64_t amount_e4, int64_t part_e4, int64_t whole_e4)
{
    return money_share(amount_e4, part_e4, whole_e4, MONEY_AWAY_FROM_ZERO);
}

/* The total of a part: part + fixed fee + rate and pads in proportion. */
static int64_t partial_total_e4(const struct statement *statement, int64_t part_e4)
{
    return part_e4 + at_least_zero(statement->fee_fixed_e4) +
           share_of(proportional_e4(statement), part_e4, size_of(statement->bill_e4));
}

int64_t payment_partial(const struct statement *request, int64_t available_minor, uint16_t currency,
                        int64_t *hold_minor)
{
    int64_t bill_e4 = size_of(request->bill_e4), available_e4, part_e4;

    *hold_minor = 0;
    if (bill_e4 == 0 || available_minor <= 0) {
        return 0;
    }
    if (!money_e4_from_minor(available_minor, currency, &available_e4)) {
        available_e4 = MONEY_E4_MAX; /* more than any wire amount */
    }
    available_e4 -= at_least_zero(request->fee_fixed_e4);
    if (available_e4 <= 0) {
        return 0;
    }
    part_e4 =
        money_share(available_e4, bill_e4, bill_e4 + proportional_e4(request), MONEY_TOWARD_ZERO);
    part_e4 = part_e4 < bill_e4 ? part_e4 : bill_e4;
    int64_t part_minor = money_minor_from_e4(part_e4, currency, MONEY_TOWARD_ZERO, NULL);
    if (part_minor <= 0 || !money_e4_from_minor(part_minor, currency, &part_e4)) {
        return 0;
    }
    *hold_minor = money_minor_from_e4(partial_total_e4(request, part_e4), currency,
                                      MONEY_AWAY_FROM_ZERO, NULL);
    return part_minor;
}

/* --- the last word about an authorisation --- */

/* Whose word it is, from weakest to strongest. */
enum rank { RANK_NONE, RANK_OURS, RANK_PROCESSOR, RANK_NETWORK };

struct word {
    const struct statement *statement; /* NULL: nobody said anything that counts */
    enum rank rank;
    bool approved;
};

static bool is_void_here(const struct payment_entry *entries, size_t count, uint64_t txn_id)
{
    for (size_t i = 0; i < count; i++) {
        if (entries[i].statement.row == ROW_VOID && entries[i].statement.txn_id == txn_id) {
            return true;
        }
    }
    return false;
}

static const struct statement *find_role(const struct payment_entry *entries, size_t count,
                                         uint64_t txn_id, enum message_role role)
{
    for (size_t i = 0; i < count; i++) {
        const struct statement *statement = &entries[i].statement;
        if (statement->txn_id == txn_id && statement->role == role &&
            match_row_authorises(statement->row)) {
            return statement;
        }
    }
    return NULL;
}

/* What one statement says about its own id; rank NONE when it has no say. */
static struct word word_of(const struct payment_entry *entries, size_t count, size_t i)
{
    const struct statement *statement = &entries[i].statement;

    if (kinship_is_advice(statement)) {
        return (struct word){statement, RANK_NETWORK, statement->row == ROW_J1_ADVICE_APPROVED};
    }
    if (statement->role == ROLE_OUTCOME) {
        return (struct word){statement, RANK_PROCESSOR, statement->row == ROW_A17_APPROVED};
    }
    if (statement->role == ROLE_VOID ||
        find_role(entries, count, statement->txn_id, ROLE_OUTCOME) != NULL) {
        return (struct word){NULL, RANK_NONE, false};
    }
    bool approved = statement->approved && !is_void_here(entries, count, statement->txn_id);
    return (struct word){statement, RANK_OURS, approved};
}

/* An advice of the network outranks all; else an approval outranks a refusal, because any sibling
 * that stands approved is enough; then by rank; then the highest TXn_ID. */
static bool is_stronger(const struct word *a, const struct word *b)
{
    bool network_a = a->rank == RANK_NETWORK, network_b = b->rank == RANK_NETWORK;

    if (network_a != network_b) {
        return network_a;
    }
    if (!network_a && a->approved != b->approved) {
        return a->approved;
    }
    if (a->rank != b->rank) {
        return a->rank > b->rank;
    }
    if (a->rank == RANK_OURS && (a->statement->repeat_of == 0) != (b->statement->repeat_of == 0)) {
        return a->statement->repeat_of == 0; /* the one for which funds were looked at */
    }
    return a->statement->txn_id > b->statement->txn_id;
}

static struct word last_word(const struct payment_entry *entries, size_t count,
                             const struct kinship *kinship, size_t kin)
{
    struct word last = {NULL, RANK_NONE, false};

    for (size_t i = 0; i < count; i++) {
        if (kinship->of[i] != kin) {
            continue;
        }
        struct word word = word_of(entries, count, i);
        if (word.statement != NULL && (last.statement == NULL || is_stronger(&word, &last))) {
            last = word;
        }
    }
    return last;
}

/* --- what stands approved --- */

static bool is_partial(const struct statement *statement)
{
    return strcmp(statement->response, "10") == 0;
}

/* The request whose amounts an advice of a partial approval is a part of, or NULL. */
static const struct statement *find_request(const struct payment_entry *entries, size_t count,
                                            const struct kinship *kinship, size_t kin,
                                            uint64_t txn_id)
{
    const struct statement *found = find_role(entries, count, txn_id, ROLE_REQUEST);

    for (size_t i = 0; found == NULL && i < count; i++) {
        if (kinship->of[i] == kin && entries[i].statement.role == ROLE_REQUEST &&
            match_row_authorises(entries[i].statement.row)) {
            found = &entries[i].statement;
        }
    }
    return found;
}

/* The merchant's amount of a part of what `whole` asked for. */
static void scale_basis(const struct statement *whole, int64_t part_bill_e4,
                        struct approval *approval)
{
    int64_t whole_bill_e4 = size_of(whole->bill_e4), txn_e4 = size_of(whole->txn_e4);

    if (txn_e4 == 0 || whole_bill_e4 == 0 || part_bill_e4 > whole_bill_e4) {
        approval->basis_e4 = part_bill_e4;
        approval->txn_currency = 0;
        return;
    }
    approval->basis_e4 = money_share(txn_e4, part_bill_e4, whole_bill_e4, MONEY_HALF_AWAY);
    approval->txn_currency = whole->txn_currency;
}

/* One minor unit of the merchant's currency, by which a partial reversal may miss the whole. */
static int64_t tolerance_of(uint16_t txn_currency)
{
    static const int64_t units[] = {10000, 1000, 100, 10, 1};
    int places = money_exponent(txn_currency);

    return units[places >= 0 && places <= WIRE_PLACES ? places : 2];
}

static void approve_whole(const struct statement *statement, struct authorisation *to,
                          struct approval *approval)
{
    to->total_e4 = payment_asked_e4(statement);
    to->fees_e4 = to->total_e4 > 0 ? fees_of(statement) : 0;
    approval->bill_e4 = to->total_e4 > 0 ? size_of(statement->bill_e4) : 0;
    approval->basis_e4 = size_of(statement->txn_e4);
    approval->txn_currency = statement->txn_currency;
    if (approval->basis_e4 == 0 || approval->bill_e4 == 0) {
        approval->basis_e4 = approval->bill_e4 != 0 ? approval->bill_e4 : to->total_e4;
        approval->txn_currency = 0;
    }
}

/* Our own partial approval: a share of what was asked. */
static void approve_part(const struct statement *request, uint16_t currency,
                         struct authorisation *to, struct approval *approval)
{
    int64_t part_e4, bill_e4 = size_of(request->bill_e4);

    if (bill_e4 == 0 || !money_e4_from_minor(request->approved_minor, currency, &part_e4) ||
        part_e4 > bill_e4) {
        approve_whole(request, to, approval);
        return;
    }
    to->total_e4 = partial_total_e4(request, part_e4);
    to->fees_e4 = at_least_zero(request->fee_fixed_e4) +
                  share_of(at_least_zero(request->fee_rate_e4), part_e4, bill_e4);
    to->partial_minor = request->approved_minor;
    approval->bill_e4 = part_e4;
    scale_basis(request, part_e4, approval);
}

/* An advice with DE39 10 shows the part in its billing amount; whether its merchant's amount is the
 * part or the whole nobody says, so that comes from the request, or from equal currencies. */
static void approve_advised_part(const struct statement *advice, const struct statement *request,
                                 uint16_t currency, struct authorisation *to,
                                 struct approval *approval)
{
    approve_whole(advice, to, approval);
    to->partial_minor =
        money_minor_from_e4(size_of(advice->bill_e4), currency, MONEY_TOWARD_ZERO, NULL);
    if (request != NULL) {
        scale_basis(request, size_of(advice->bill_e4), approval);
    } else if (advice->txn_currency == advice->bill_currency && approval->bill_e4 > 0) {
        approval->basis_e4 = approval->bill_e4;
    }
}

/* The set while it is computed. */
struct computation {
    const struct payment_entry *entries;
    size_t count;
    uint16_t currency;
    struct kinship kinship;
    struct approval approvals[PAYMENT_AUTHORISATIONS_MAX];
    bool finals[PAYMENT_AUTHORISATIONS_MAX];   /* the word is a final authorisation's */
    bool reversed[PAYMENT_AUTHORISATIONS_MAX]; /* the word says so itself (Stat V) */
    int64_t tolerances[PAYMENT_AUTHORISATIONS_MAX];
};

static void compute_approval(struct computation *c, size_t kin, struct authorisation *to)
{
    struct word word = last_word(c->entries, c->count, &c->kinship, kin);
    struct approval *approval = &c->approvals[kin];

    *approval = (struct approval){.stands = false};
    c->finals[kin] = c->reversed[kin] = false;
    c->tolerances[kin] = 0;
    *to = (struct authorisation){
        .txn_id = c->kinship.kins[kin].key,
        .has_siblings = c->kinship.kins[kin].has_siblings,
    };
    if (word.statement == NULL) {
        return;
    }
    const struct statement *said = word.statement;
    to->word_txn_id = said->txn_id;
    to->forced = word.rank > RANK_OURS;
    to->by_advice = word.rank == RANK_NETWORK;
    if (!word.approved || (payment_asked_e4(said) > 0 && said->bill_currency != c->currency)) {
        return;
    }
    to->stands = approval->stands = true;
    if (word.rank == RANK_OURS && said->approved_minor > 0) {
        approve_part(said, c->currency, to, approval);
    } else if (word.rank > RANK_OURS && is_partial(said) && payment_asked_e4(said) > 0) {
        approve_advised_part(said,
                             find_request(c->entries, c->count, &c->kinship, kin, said->txn_id),
                             c->currency, to, approval);
    } else {
        approve_whole(said, to, approval);
    }
    c->tolerances[kin] = to->partial_minor > 0 ? tolerance_of(said->txn_currency) : 0;
    c->finals[kin] = said->auth_type == 'F' && to->total_e4 > 0;
    c->reversed[kin] = said->stat == 'V' && word.rank > RANK_OURS;
}

/* A final authorisation replaces the ones before it for as long as it stands. */
static bool is_replaced(const struct computation *c, size_t kin)
{
    for (size_t i = 0; i < c->kinship.count; i++) {
        if (c->finals[i] && c->kinship.kins[i].lowest_id > c->kinship.kins[kin].lowest_id) {
            return true;
        }
    }
    return false;
}

static void compute_hold(const struct computation *c, size_t kin, struct authorisation *to)
{
    const struct approval *approval = &c->approvals[kin];
    int64_t reversed_e4 = approval->reversed_e4, left_e4 = approval->basis_e4 - reversed_e4;

    to->approved_txn_e4 = approval->basis_e4;
    if (c->reversed[kin] || (reversed_e4 > 0 && left_e4 <= c->tolerances[kin])) {
        reversed_e4 = approval->basis_e4;
        left_e4 = 0;
    }
    to->reversed_txn_e4 = reversed_e4;
    if (left_e4 <= 0 || approval->basis_e4 == 0 || is_replaced(c, kin)) {
        return;
    }
    to->hold_minor = money_minor_from_e4(share_of(to->total_e4, left_e4, approval->basis_e4),
                                         c->currency, MONEY_AWAY_FROM_ZERO, NULL);
    int64_t fee_minor = money_minor_from_e4(share_of(to->fees_e4, left_e4, approval->basis_e4),
                                            c->currency, MONEY_HALF_AWAY, NULL);
    to->fee_minor = fee_minor < to->hold_minor ? fee_minor : to->hold_minor;
}

static void list_members(const struct computation *c, struct payment_holds *holds)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->kinship.of[i] != KINSHIP_NONE) {
            holds->members[holds->member_count++] =
                (struct payment_member){c->entries[i].statement.txn_id, c->kinship.of[i]};
        }
    }
}

void payment_compute(const struct payment_entry *entries, size_t count, uint16_t currency,
                     struct payment_holds *holds)
{
    struct computation c; /* large, and filled only as far as there is something */

    c.entries = entries;
    c.count = count;
    c.currency = currency;
    assert(count <= PAYMENT_STATEMENTS_MAX);
    assert(money_exponent(currency) >= 0);
    kinship_find(entries, count, &c.kinship);
    holds->count = c.kinship.count;
    holds->member_count = 0;
    holds->total_minor = 0;
    holds->overflow = c.kinship.overflow;
    for (size_t i = 0; i < holds->count; i++) {
        compute_approval(&c, i, &holds->authorisations[i]);
    }
    allocate_reversals(entries, count, &c.kinship, c.approvals);
    for (size_t i = 0; i < holds->count; i++) {
        compute_hold(&c, i, &holds->authorisations[i]);
        if (!money_add(holds->total_minor, holds->authorisations[i].hold_minor,
                       &holds->total_minor)) {
            holds->total_minor = INT64_MAX;
        }
    }
    list_members(&c, holds);
}

const struct authorisation *payment_find(const struct payment_holds *holds, uint64_t txn_id)
{
    for (size_t i = 0; i < holds->member_count; i++) {
        if (holds->members[i].txn_id == txn_id) {
            return &holds->authorisations[holds->members[i].authorisation];
        }
    }
    return NULL;
}
