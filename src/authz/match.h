/* Matching: to which payment a message belongs.
 *
 * Candidates share one of four references with it (TXn_ID = Matching_Txn_ID, trace, link, acquirer
 * reference); wrong directions and other currencies are dropped; the rest is scored:
 * Matching_Txn_ID 100, trace 60, acquirer reference 60, link 30 (60 where one side has no trace),
 * auth code 20, merchant amount 10, merchant 5, terminal 5; a trace or an auth code on both sides
 * that differs −60, −20. The best must reach 60 and lead by 20, else the match is unreliable and
 * nothing is linked (EHI guide, Transaction Matching).
 *
 * Threads: pure.   Owns: nothing.   May include: base, authz/payment.h.
 */
#ifndef AUTHZ_MATCH_H
#define AUTHZ_MATCH_H

#include "authz/payment.h"

enum { MATCH_CERTAIN = 1000 }; /* the score of the same TXn_ID */

enum match_kind { MATCH_NONE, MATCH_FOUND, MATCH_UNRELIABLE };

struct match {
    enum match_kind kind;
    uint64_t payment; /* when found */
    int score;
    const char *rule; /* "id", "trace", "link", … what decided; static */
};

/* entries: all entries of the card's candidate payments, any order. */
struct match match_find(const struct statement *message, const struct payment_entry *entries,
                        size_t count);

/* The same, as if `newcomer` (may be NULL) stood among the entries. */
struct match match_find_with(const struct statement *message, const struct payment_entry *entries,
                             size_t count, const struct payment_entry *newcomer);

/* The payment that an authorisation (0100 A, 0101 A, 0120 J without a score) joins: the one that
 * has its TXn_ID, or names it, or has its trace in the same currency, or that it names; none: its
 * own. */
struct match match_authorisation(const struct statement *message,
                                 const struct payment_entry *entries, size_t count);

/* Whether a message of that row is an authorisation or speaks for one: what reversals can be about.
 */
bool match_row_authorises(enum message_row row);

/* The request that a 0101, or a 0100 with equal trace, retrieval reference, transmission time and
 * amount, repeats; NULL: none. */
const struct payment_entry *match_repeat(const struct statement *request,
                                         const struct payment_entry *entries, size_t count);

#endif
