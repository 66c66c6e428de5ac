#include "authz/allocate.h"

#include <assert.h>

#include "base/money.h"

/* A reversal while it is being allocated: in its own basis, what is left of how much. */
struct reversal {
    const struct payment_entry *entry;
    int64_t whole_e4, left_e4; /* the merchant's amount, else the billing amount */
    int64_t bill_e4;
    uint16_t txn_currency; /* 0: the billing amount is the basis */
    uint16_t named;        /* KINSHIP_NONE: no one */
    bool waits;            /* it names one that is not here yet: nobody else's */
};

static int64_t size_of(int64_t e4)
{
    return e4 < 0 ? -e4 : e4;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool is_reversal(const struct statement *statement)
{
    return statement->row == ROW_D1_REVERSAL || statement->row == ROW_D4_AUTOMATIC_REVERSAL;
}

/* Takes what it can of `left_e4` from the approval, and returns how much of the reversal that was.
 */
static int64_t take(const struct reversal *reversal, struct approval *approval)
{
    int64_t open_e4 = approval->basis_e4 - approval->reversed_e4;

    if (reversal->whole_e4 == 0 && approval->bill_e4 == 0) {
        approval->reversed_e4 = approval->basis_e4; /* only fees: no amount to compare */
        return 0;
    }
    if (open_e4 <= 0) {
        return 0;
    }
    if (reversal->txn_currency == approval->txn_currency) {
        int64_t taken_e4 = smaller(reversal->left_e4, open_e4);
        approval->reversed_e4 += taken_e4;
        return taken_e4;
    }
    if (approval->bill_e4 == 0 || reversal->bill_e4 == 0) {
        return 0; /* no amount that the two have in common */
    }
    int64_t left_bill =
        money_share(reversal->bill_e4, reversal->left_e4, reversal->whole_e4, MONEY_HALF_AWAY);
    int64_t open_bill =
        money_share(approval->bill_e4, open_e4, approval->basis_e4, MONEY_AWAY_FROM_ZERO);
    if (left_bill >= open_bill) {
        approval->reversed_e4 = approval->basis_e4;
    } else {
        int64_t taken_e4 =
            money_share(left_bill, approval->basis_e4, approval->bill_e4, MONEY_HALF_AWAY);
        approval->reversed_e4 += smaller(taken_e4, open_e4);
    }
    return smaller(reversal->left_e4, money_share(smaller(left_bill, open_bill), reversal->whole_e4,
                                                  reversal->bill_e4, MONEY_HALF_AWAY));
}

/* --- whom it may take from --- */

static bool is_known_or_not_ours(const struct reversal *reversal, const struct kin *kin)
{
    return kin->first_n < reversal->entry->n || !kin->decided_here;
}

static bool is_confirmed_later(const struct reversal *reversal, const struct kin *kin)
{
    (void)reversal;
    return kin->decided_here && kin->has_outcome;
}

/* Takes from all that qualify, newest first. Returns whether any did. */
static bool take_newest_first(struct reversal *reversal, const struct kinship *kinship,
                              struct approval *approvals,
                              bool (*qualifies)(const struct reversal *, const struct kin *))
{
    uint64_t below = UINT64_MAX;
    bool any = false;

    for (;;) {
        size_t next = kinship->count;
        for (size_t i = 0; i < kinship->count; i++) {
            const struct kin *kin = &kinship->kins[i];
            if (i != reversal->named && approvals[i].stands && kin->lowest_id < below &&
                qualifies(reversal, kin) &&
                (next == kinship->count || kin->lowest_id > kinship->kins[next].lowest_id)) {
                next = i;
            }
        }
        if (next == kinship->count) {
            return any;
        }
        any = true;
        below = kinship->kins[next].lowest_id;
        reversal->left_e4 -= take(reversal, &approvals[next]);
    }
}

static void take_from_named(struct reversal *reversal, struct approval *approvals)
{
    if (reversal->named == KINSHIP_NONE) {
        return;
    }
    struct approval *named = &approvals[reversal->named];
    if (!named->stands) {
        reversal->left_e4 = 0; /* it waits there, should that one stand one day */
        return;
    }
    if (named->bill_e4 == 0) {
        named->reversed_e4 = named->basis_e4; /* only fees: there is no amount to compare */
        reversal->left_e4 = 0;
        return;
    }
    reversal->left_e4 -= take(reversal, named);
}

static void take_from_others(struct reversal *reversal, const struct kinship *kinship,
                             struct approval *approvals)
{
    bool of_nothing = reversal->whole_e4 == 0 && reversal->named == KINSHIP_NONE;

    if (reversal->waits || (reversal->left_e4 <= 0 && !of_nothing)) {
        return;
    }
    bool any = take_newest_first(reversal, kinship, approvals, is_known_or_not_ours);
    if (!any && reversal->named == KINSHIP_NONE) {
        take_newest_first(reversal, kinship, approvals, is_confirmed_later);
    }
}

/* The kin that it names. A name that leads to something else (a dummy, another reversal) is none.
 */
static void find_name(struct reversal *reversal, const struct payment_entry *entries, size_t count,
                      const struct kinship *kinship)
{
    uint64_t name = reversal->entry->statement.matching_txn_id;

    reversal->named = KINSHIP_NONE;
    reversal->waits = name != 0;
    for (size_t i = 0; i < count && name != 0; i++) {
        if (entries[i].statement.txn_id == name) {
            reversal->waits = false;
            if (kinship->of[i] != KINSHIP_NONE) {
                reversal->named = kinship->of[i];
                return;
            }
        }
    }
}

static struct reversal make_reversal(const struct payment_entry *entry)
{
    const struct statement *statement = &entry->statement;
    bool by_txn = statement->txn_e4 != 0;
    int64_t whole_e4 = size_of(by_txn ? statement->txn_e4 : statement->bill_e4);

    return (struct reversal){
        .entry = entry,
        .whole_e4 = whole_e4,
        .left_e4 = whole_e4,
        .bill_e4 = size_of(statement->bill_e4),
        .txn_currency = by_txn ? statement->txn_currency : 0,
    };
}

static void sort_by_id(struct reversal *reversals, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct reversal moving = reversals[i];
        size_t at = i;
        for (; at > 0 && reversals[at - 1].entry->statement.txn_id > moving.entry->statement.txn_id;
             at--) {
            reversals[at] = reversals[at - 1];
        }
        reversals[at] = moving;
    }
}

void allocate_reversals(const struct payment_entry *entries, size_t count,
                        const struct kinship *kinship, struct approval *approvals)
{
    struct reversal reversals[PAYMENT_STATEMENTS_MAX];
    size_t reversal_count = 0;

    assert(count <= PAYMENT_STATEMENTS_MAX);
    for (size_t i = 0; i < count; i++) {
        if (is_reversal(&entries[i].statement)) {
            reversals[reversal_count] = make_reversal(&entries[i]);
            find_name(&reversals[reversal_count++], entries, count, kinship);
        }
    }
    sort_by_id(reversals, reversal_count);
    for (size_t i = 0; i < reversal_count; i++) {
        take_from_named(&reversals[i], approvals);
    }
    for (size_t i = 0; i < reversal_count; i++) {
        take_from_others(&reversals[i], kinship, approvals);
    }
}
