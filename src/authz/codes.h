/* Reasons and the codes they are told by.
 *
 * One table: reason × scheme × class → Responsestatus. The first rule that refuses names the
 * reason; what only the bank can cure stands before what the cardholder can. Visa credits (refund,
 * original credit) have codes of their own, because other codes make Visa approve by itself (EHI
 * guide, Response Status Values).
 *
 * Threads: pure.   Owns: nothing.   May include: base, authz/statement.h.
 */
#ifndef AUTHZ_CODES_H
#define AUTHZ_CODES_H

#include "authz/classify.h"

/* Stored and published: never renumber; names are the JSON and event vocabulary. Order of declines
 * is precedence. */
enum reason {
    REASON_APPROVED = 0,
    REASON_APPROVED_PARTIALLY = 1,
    REASON_NOTED = 2, /* not a request: taken note of */
    REASON_MALFORMED = 10,
    REASON_LATE = 11,
    REASON_UNAVAILABLE = 12,
    REASON_UNKNOWN_CARD = 13,
    REASON_ALREADY_REVERSED = 14,
    REASON_CONFLICT = 15,
    REASON_CARD_CLOSED = 16,
    REASON_ACCOUNT_CLOSED = 17,
    REASON_CARD_LOST = 18,
    REASON_CARD_STOLEN = 19,
    REASON_CARD_NOT_ACTIVE = 20,
    REASON_CARD_EXPIRED = 21,
    REASON_CARD_BLOCKED = 22,
    REASON_ACCOUNT_BLOCKED = 23,
    REASON_CARD_FROZEN = 24,
    REASON_NOT_SUPPORTED = 25,
    REASON_CURRENCY = 26,
    REASON_INSUFFICIENT_FUNDS = 40,
    REASON_ERROR = 41,
    REASON_PROCESSOR = 50, /* the processor or the network declined, not us */
    REASON_UNTOLD = 51,    /* approved, but a decline had been sent: taken back */
};

const char *reason_name(enum reason reason);

/* The Responsestatus for a decline. `credit` only matters on Visa. An unknown scheme gets a code
 * that both allow. */
const char *codes_decline(enum reason reason, enum message_scheme scheme, bool credit);
/* Whether a code may be sent to the scheme at all (EHI guide's table); for tests and for echoing
 * DE39. */
bool codes_allowed(const char *code, enum message_scheme scheme, bool credit);
/* The answer to an advice of a decline: its own DE39 when that is a code a host may send, else
 * "05". */
void codes_echo(const char response[3], char answer[3]);
/* DE39 values that mean approved: "", "00", "08", "10", "85", "87". */
bool codes_means_approved(const char response[3]);

#endif
