#include "authz/kinship.h"

#include <assert.h>

#include "authz/classify.h"

enum { MCC_FUEL = 5542 };

bool kinship_is_advice(const struct statement *statement)
{
    return statement->row == ROW_J1_ADVICE_APPROVED || statement->row == ROW_J2_ADVICE_DECLINED;
}

/* A request or the outcome of one; a void goes with its request. */
static bool is_member(const struct statement *statement)
{
    return statement->row == ROW_VOID ||
           (statement->type == 'A' && match_row_authorises(statement->row));
}

/* --- union of entries: leaders[i] leads to the entry that stands for i's group --- */

static uint16_t leader_of(uint16_t *leaders, uint16_t entry)
{
    while (leaders[entry] != entry) {
        leaders[entry] = leaders[leaders[entry]];
        entry = leaders[entry];
    }
    return entry;
}

static void unite(uint16_t *leaders, uint16_t a, uint16_t b)
{
    a = leader_of(leaders, a);
    b = leader_of(leaders, b);
    if (a != b) {
        leaders[a > b ? a : b] = a > b ? b : a;
    }
}

static void unite_members(const struct payment_entry *entries, uint16_t count, uint16_t *leaders)
{
    for (uint16_t i = 0; i < count; i++) {
        const struct statement *statement = &entries[i].statement;
        leaders[i] = i;
        if (!is_member(statement)) {
            continue;
        }
        for (uint16_t j = 0; j < i; j++) {
            if (is_member(&entries[j].statement) &&
                entries[j].statement.txn_id == statement->txn_id) {
                unite(leaders, i, j);
                break;
            }
        }
    }
    for (uint16_t i = 0; i < count; i++) {
        const struct payment_entry *original = match_repeat(&entries[i].statement, entries, count);
        if (original != NULL) {
            unite(leaders, i, (uint16_t)(original - entries));
        }
    }
}

/* --- what a network advice names --- */

/* Ids are unique to a message, so this cannot be; but two keys of one hold must not be either. */
static bool has_its_id(const struct statement *advice, const struct statement *member)
{
    return advice->txn_id == member->txn_id;
}

static bool names_by_id(const struct statement *advice, const struct statement *member)
{
    return advice->matching_txn_id != 0 && advice->matching_txn_id == member->txn_id;
}

static bool names_by_network(const struct statement *advice, const struct statement *member)
{
    return advice->network_key != 0 && advice->network_key == member->network_key;
}

static bool names_by_retrieval(const struct statement *advice, const struct statement *member)
{
    return advice->retrieval_key != 0 && advice->retrieval_key == member->retrieval_key;
}

/* Fuel: the advice with the final amount says of which kind it is, not of which authorisation. */
static bool names_by_kind(const struct statement *advice, const struct statement *member)
{
    return (advice->mcc == MCC_FUEL || advice->afd_confirmation) && advice->mcc == member->mcc;
}

/* Of several members that are named alike: the newest before the advice, else the oldest. */
static bool is_nearer(uint64_t advice, uint64_t a, uint64_t b)
{
    bool before_a = a < advice, before_b = b < advice;

    if (before_a != before_b) {
        return before_a;
    }
    return before_a ? a > b : a < b;
}

static uint16_t find_named(const struct statement *advice, const struct payment_entry *entries,
                           uint16_t count)
{
    static bool (*const rules[])(const struct statement *, const struct statement *) = {
        has_its_id, names_by_id, names_by_network, names_by_retrieval, names_by_kind};

    for (size_t r = 0; r < sizeof rules / sizeof rules[0]; r++) {
        uint16_t found = KINSHIP_NONE;
        for (uint16_t i = 0; i < count; i++) {
            const struct statement *member = &entries[i].statement;
            if (is_member(member) && rules[r](advice, member) &&
                (found == KINSHIP_NONE ||
                 is_nearer(advice->txn_id, member->txn_id, entries[found].statement.txn_id))) {
                found = i;
            }
        }
        if (found != KINSHIP_NONE) {
            return found;
        }
    }
    return KINSHIP_NONE;
}

/* --- the kins --- */

static void note_entry(struct kin *kin, const struct payment_entry *entry, bool names_another)
{
    const struct statement *statement = &entry->statement;

    kin->decided_here |= statement->role == ROLE_REQUEST;
    kin->has_outcome |= statement->role == ROLE_OUTCOME;
    if (entry->n < kin->first_n) {
        kin->first_n = entry->n;
        kin->key = statement->txn_id;
    }
    if (names_another) {
        return; /* it speaks about the kin, and its id is not one of the kin's own */
    }
    kin->has_siblings |= statement->txn_id != kin->lowest_id;
    if (statement->txn_id < kin->lowest_id) {
        kin->lowest_id = statement->txn_id;
    }
}

static uint16_t add_kin(struct kinship *kinship, const struct payment_entry *entry)
{
    if (kinship->count == PAYMENT_AUTHORISATIONS_MAX) {
        kinship->overflow = true;
        return KINSHIP_NONE;
    }
    kinship->kins[kinship->count] = (struct kin){
        .key = entry->statement.txn_id,
        .lowest_id = entry->statement.txn_id,
        .first_n = entry->n,
    };
    return (uint16_t)kinship->count++;
}

/* Members first, then the advices that name them or stand alone. */
static void gather_kins(const struct payment_entry *entries, uint16_t count, uint16_t *leaders,
                        struct kinship *kinship)
{
    for (uint16_t i = 0; i < count; i++) {
        kinship->of[i] = KINSHIP_NONE;
    }
    for (uint16_t i = 0; i < count; i++) {
        if (!is_member(&entries[i].statement)) {
            continue;
        }
        uint16_t leader = leader_of(leaders, i); /* never larger than i */
        kinship->of[i] = leader == i ? add_kin(kinship, &entries[i]) : kinship->of[leader];
        if (kinship->of[i] != KINSHIP_NONE) {
            note_entry(&kinship->kins[kinship->of[i]], &entries[i], false);
        }
    }
    for (uint16_t i = 0; i < count; i++) {
        const struct statement *advice = &entries[i].statement;
        if (!kinship_is_advice(advice)) {
            continue;
        }
        uint16_t named = find_named(advice, entries, count);
        kinship->of[i] = named != KINSHIP_NONE ? kinship->of[named] : add_kin(kinship, &entries[i]);
        if (kinship->of[i] != KINSHIP_NONE) {
            note_entry(&kinship->kins[kinship->of[i]], &entries[i], named != KINSHIP_NONE);
        }
    }
}

void kinship_find(const struct payment_entry *entries, size_t count, struct kinship *kinship)
{
    uint16_t leaders[PAYMENT_STATEMENTS_MAX];

    assert(count <= PAYMENT_STATEMENTS_MAX);
    kinship->count = 0;
    kinship->overflow = false;
    unite_members(entries, (uint16_t)count, leaders);
    gather_kins(entries, (uint16_t)count, leaders, kinship);
}
