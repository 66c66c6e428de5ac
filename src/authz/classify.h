/* Classification: which row of the EHI matrix a message is, and whether it asks for a decision.
 *
 * Order of tests: type, trimmed MTID, who decided, processing code, state, response code, the rest.
 * Direction follows from the kind and the processing code; the sign of the amount is only a check.
 *
 * Threads: pure.   Owns: nothing.   May include: base, authz/statement.h.
 */
#ifndef AUTHZ_CLASSIFY_H
#define AUTHZ_CLASSIFY_H

#include "authz/statement.h"

enum direction { DIRECTION_NONE, DIRECTION_DEBIT, DIRECTION_CREDIT };

/* Who goes first when a lane has more than it can take (EHI rules 2.5). Lower is sooner. */
enum priority {
    PRIORITY_REQUEST,
    PRIORITY_REVERSAL,
    PRIORITY_ADVICE,
    PRIORITY_FINANCIAL,
    PRIORITY_REST,
    PRIORITY_COUNT
};

struct classification {
    enum message_row row;
    enum message_role role;
    enum direction direction;
    enum priority priority;
    bool sign_mismatch; /* the amount's sign contradicts the kind: counted and logged */
};

struct classification classify(const struct message *message);

/* Direction of a processing code's first two digits; by sign of bill_e4 where the code leaves it
 * open. */
enum direction classify_direction(uint8_t proc, int64_t bill_e4);

/* By the product's setting, else the prefix of the life-cycle trace (BNET, MNESTAR: Mastercard;
 * VIS1, VDEP: Visa), else unknown. */
enum message_scheme classify_scheme(const struct message *message, enum message_scheme configured);

/* "A1", "A16", "D1", … as in docs/ehi-coverage.md. */
const char *message_row_name(enum message_row row);
/* The kind for people, metrics and JSON: "authorisation", "account_check", "balance_enquiry",
 * "reversal", "advice", "presentment", "cutoff", … */
const char *message_row_kind(enum message_row row);
const char *message_role_name(enum message_role role); /* "request", "outcome", "void" */

#endif
