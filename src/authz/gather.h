/* Gathering: from what a batch fetched to the facts that a decision may look at.
 *
 * Threads: owned by one lane.   Owns: room for one message's facts, reused for the next.
 * May include: base, authz/, ledger/batch.h.
 */
#ifndef AUTHZ_GATHER_H
#define AUTHZ_GATHER_H

#include "authz/decide.h"
#include "ledger/batch.h"

enum { GATHER_ENTRIES_MAX = 1024, GATHER_PARKED_MAX = BATCH_PARKED_EACH };

enum gathered {
    GATHER_READY,
    GATHER_LOCKED,  /* another session holds the account: put the message off */
    GATHER_DAMAGED, /* more than there is room for, or what is stored cannot be read */
};

/* Open, because apply.c goes on with the rows that the facts came from. */
struct gather {
    struct facts facts;
    struct batch_account *account;                       /* NULL: unknown card */
    struct batch_parked *parked_rows[GATHER_PARKED_MAX]; /* facts.parked[i] came from [i] */

    /* what the facts point at */
    struct card_facts card;
    struct account_facts account_facts;
    struct earlier request, outcome;
    struct payment_entry entries[GATHER_ENTRIES_MAX];
    struct statement parked[GATHER_PARKED_MAX];
    const struct batch_entry *found[GATHER_ENTRIES_MAX];
};

/* The keys of what ledger_fetch must look for. */
void gather_key(const struct statement *statement, bool token_readable, struct batch_key *key);
/* Fills gather->facts for one message; statement, classification and product are borrowed.
 * `account` is where the account's id goes as soon as it is known. */
enum gathered gather_facts(struct gather *gather, struct batch *batch,
                           const struct message *message, const struct statement *statement,
                           const struct classification *classification,
                           const struct product_settings *product, int64_t *account);
/* Complete payments that share a reference with key; false when there are too many or one is
 * damaged. */
bool gather_entries(struct gather *gather, const struct batch *batch, int64_t account,
                    const struct batch_key *key, size_t *count);

#endif
