#include "authz/set.h"

#include <assert.h>

static void append(struct set *set, uint32_t n, const struct statement *statement)
{
    if (set->count == PAYMENT_STATEMENTS_MAX) {
        set->full = true;
        return;
    }
    set->entries[set->count++] =
        (struct payment_entry){.payment = set->payment, .n = n, .statement = *statement};
}

void set_begin(struct set *set, const struct facts *facts, uint64_t payment)
{
    assert(facts->account != NULL);
    set->payment = payment;
    set->count = 0;
    set->last_n = 0;
    set->full = false;
    for (size_t i = 0; i < facts->entry_count; i++) {
        const struct payment_entry *entry = &facts->entries[i];
        if (entry->payment == payment) {
            append(set, entry->n, &entry->statement);
            set->last_n = entry->n > set->last_n ? entry->n : set->last_n;
        }
    }
    payment_compute(set->entries, set->count, facts->account->currency, &set->before);
}

struct statement *set_add(struct set *set, const struct statement *statement)
{
    append(set, ++set->last_n, statement);
    return set->full ? NULL : &set->entries[set->count - 1].statement;
}

static bool is_reversal(const struct statement *statement)
{
    return statement->row == ROW_D1_REVERSAL || statement->row == ROW_D4_AUTOMATIC_REVERSAL;
}

/* Whether it is the newcomer that gives the reversal its payment. One that had candidates before
 * was parked because they were several: that is for a person, unless the newcomer is the one it
 * names. */
static bool joins(const struct statement *parked, const struct facts *facts,
                  const struct payment_entry *newcomer)
{
    bool named =
        parked->matching_txn_id != 0 && parked->matching_txn_id == newcomer->statement.txn_id;
    struct match match = match_find_with(parked, facts->entries, facts->entry_count, newcomer);

    if (!is_reversal(parked) || match.kind != MATCH_FOUND || match.payment != newcomer->payment) {
        return false;
    }
    return named || match_find(parked, facts->entries, facts->entry_count).kind == MATCH_NONE;
}

void set_join_parked(struct set *set, const struct facts *facts, const struct statement *newcomer,
                     struct decision *decision)
{
    const struct payment_entry entry = {
        .payment = set->payment, .n = set->last_n, .statement = *newcomer};

    set->full |= facts->parked_overflow;
    for (size_t i = 0; i < facts->parked_count && !set->full; i++) {
        if (!joins(&facts->parked[i], facts, &entry)) {
            continue;
        }
        if (decision->joined_count == DECISION_JOINED_MAX) {
            set->full = true;
        } else if (set_add(set, &facts->parked[i]) != NULL) {
            decision->joined[decision->joined_count++] = i;
        }
    }
}

void set_compute(struct set *set, const struct facts *facts)
{
    payment_compute(set->entries, set->count, facts->account->currency, &set->after);
}

bool set_overflows(const struct set *set)
{
    return set->full || set->before.overflow || set->after.overflow;
}

const struct statement *set_find(const struct set *set, uint64_t txn_id, enum message_role role)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct statement *statement = &set->entries[i].statement;
        if (statement->txn_id == txn_id && statement->role == role) {
            return statement;
        }
    }
    return NULL;
}
