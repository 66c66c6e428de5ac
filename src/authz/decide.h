/* The decision: facts in, answer and effects out.
 *
 * A pure function: no I/O, no clock, no globals, no allocation. The lanes, the simulator, the
 * fuzzers and the replay call exactly this and get the same answer for the same facts. It covers
 * every kind of message: what an advice or a reversal does to the books is decided here too.
 *
 * Threads: any.   Owns: nothing.   May include: base, authz/ pure headers.
 */
#ifndef AUTHZ_DECIDE_H
#define AUTHZ_DECIDE_H

#include "authz/classify.h"
#include "authz/codes.h"
#include "authz/match.h"
#include "authz/payment.h"

/* Stored in the database: never renumber. */
enum card_status {
    CARD_ACTIVE = 1,
    CARD_NOT_ACTIVE = 2,
    CARD_FROZEN = 3,  /* by the cardholder */
    CARD_BLOCKED = 4, /* by us */
    CARD_LOST = 5,
    CARD_STOLEN = 6,
    CARD_EXPIRED = 7,
    CARD_CLOSED = 9,
};
enum account_status {
    ACCOUNT_ACTIVE = 1,
    ACCOUNT_BLOCKED = 2,
    ACCOUNT_CLOSING = 8,
    ACCOUNT_CLOSED = 9
};

struct card_facts {
    enum card_status status;
    int32_t expiry_yyyymm; /* 0: none */
};

struct account_facts {
    uint16_t currency;
    enum account_status status;
    int64_t posted_minor, held_minor, overdraft_minor; /* available = posted − held + overdraft */
};

/* Settings of the product, from the configuration. */
struct product_settings {
    int64_t number;             /* 0: default */
    int mode;                   /* 1 to 4; 0: refuse every request */
    enum message_scheme scheme; /* SCHEME_UNKNOWN: from the trace */
    bool show_overdraft;        /* AvlBalance includes the overdraft */
    bool stand_in;              /* mode 4: the processor may decide on the balance we pushed */
    int64_t partial_min_minor;  /* smallest partial approval */
};

/* An earlier message with the same id, with the answer it got. */
struct earlier {
    bool known;
    struct statement statement;
    struct reply reply; /* as stored, or as told where that differs */
};

/* Everything a decision may look at. What is not here cannot influence it. */
struct facts {
    const struct message *message;
    const struct statement *statement; /* of the message, answer part zero */
    const struct classification *classification;
    const struct product_settings *product;
    const struct card_facts *card;       /* NULL: no such card */
    const struct account_facts *account; /* NULL exactly when card is */
    const struct earlier *request;       /* same TXn_ID, ROLE_REQUEST */
    const struct earlier *outcome;       /* same TXn_ID, ROLE_OUTCOME */
    const struct payment_entry
        *entries; /* of the candidate payments, complete payments, any order */
    size_t entry_count;
    const struct statement *parked; /* parked reversals that may have waited for it, oldest first */
    size_t parked_count;
    bool parked_overflow;  /* there are more of them than these */
    bool too_late;         /* the deadline has passed and a decline went out: record it */
    int64_t decided_at_us; /* wall clock, read once per batch */
};

/* What becomes of the message itself. */
enum disposition {
    DISPOSE_STORE,    /* new: store it with its answer */
    DISPOSE_REPEAT,   /* seen: the stored answer again, nothing moves */
    DISPOSE_CONFLICT, /* same id, other content: keep it beside, nothing moves */
    DISPOSE_REJECT, /* not stored as a message; kept for the operator (malformed), Acknowledgement 0
                     */
};

/* Why a message stands in the inbox. Stored: never renumber. */
enum inbox_why {
    INBOX_NOT = 0,
    INBOX_UNKNOWN_CARD = 1,
    INBOX_PARKED = 2,     /* a reversal whose original is not here yet */
    INBOX_UNRELIABLE = 3, /* it might belong to several payments */
    INBOX_NOT_HANDLED =
        4, /* a kind whose rules this version does not have: stored, moves nothing */
    INBOX_UNKNOWN_KIND = 5,
    INBOX_MALFORMED = 6,
    INBOX_UNREADABLE = 7, /* no TXn_ID could be read */
    INBOX_ERROR = 8,      /* the database refused it */
};
const char *inbox_why_name(enum inbox_why why); /* "unknown_card", "parked", … */

/* Transfer codes (docs/ledger.md). Stored: never renumber. */
enum transfer_code {
    CODE_AUTHORISATION = 10, /* may not take available below zero */
    CODE_FORCED_HOLD = 11,
    CODE_RELEASE = 12,
    CODE_EXPIRED = 13,
    CODE_VOIDED = 14, /* untold */
    CODE_HELD_FEE = 15,
    CODE_FEE = 22,
    CODE_LOAD = 40,
};

/* A change of one authorisation's hold. */
struct hold_change {
    uint64_t authorisation; /* TXn_ID that keys the hold */
    int64_t delta_minor;    /* > 0: more is held */
    int64_t fee_minor;      /* of a growth: the part that is fees (0 <= fee_minor <= delta_minor) */
    enum transfer_code code;
};

enum { DECISION_CHANGES_MAX = 16, DECISION_EVENTS_MAX = 4, DECISION_JOINED_MAX = 64 };

/* Event types, published as "io.holdfast." + name. */
enum event_type {
    EVENT_NONE = 0,
    EVENT_AUTHORISATION_APPROVED,
    EVENT_AUTHORISATION_APPROVED_PARTIALLY,
    EVENT_AUTHORISATION_DECLINED,
    EVENT_AUTHORISATION_VOIDED,
    EVENT_AUTHORISATION_SUSPECTED_REPEAT,
    EVENT_HOLD_INCREASED,
    EVENT_HOLD_REDUCED,
    EVENT_HOLD_RELEASED,
    EVENT_HOLD_EXPIRED,
    EVENT_REPAIR_HELD,
    EVENT_REPAIR_RELEASED,
    EVENT_ACCOUNT_CHECKED,
    EVENT_BALANCE_ENQUIRED,
    EVENT_FEE_CHARGED,
    EVENT_REVERSAL_PARKED,
    EVENT_MATCH_UNRELIABLE,
    EVENT_MESSAGE_CONFLICT,
    EVENT_MESSAGE_UNKNOWN,
    EVENT_TYPE_COUNT,
};
const char *event_type_name(enum event_type type); /* "authorisation.approved", … */

struct decision {
    enum disposition disposition;
    enum reason reason;
    const char *rule;           /* the rule that decided, for the log and `auth show`; static */
    const char *repair;         /* "R1" … when a repair applied, else NULL; static */
    struct reply reply;         /* .currency and balances after this message */
    struct statement statement; /* with the answer filled in: what is stored */

    uint64_t payment;   /* 0: belongs to none (unknown card, conflict, …) */
    bool links;         /* add an entry to that payment */
    struct match match; /* how it was found, when it was */
    size_t change_count;
    struct hold_change changes[DECISION_CHANGES_MAX];
    int64_t fee_minor; /* > 0: posted at once from the customer to fee income */

    size_t joined_count; /* parked reversals (indices into facts.parked) that found this payment */
    size_t joined[DECISION_JOINED_MAX];
    enum inbox_why inbox; /* INBOX_NOT, or why an operator should see it */

    size_t event_count;
    enum event_type events[DECISION_EVENTS_MAX];
    const char *actor; /* "host", "processor", "network": who decided; static */
};

/* Room for decide()'s working set (about 200 kB), so that it needs neither allocation nor a deep
 * stack. */
struct decide_scratch;
size_t decide_scratch_bytes(void);

void decide(const struct facts *facts, struct decide_scratch *scratch, struct decision *decision);

/* The answer when there is no decision: `reason` is REASON_LATE, REASON_UNAVAILABLE or
 * REASON_ERROR. Requests are declined (mode 4 with stand_in: 91), anything else gets 96 and
 * Acknowledgement 0. */
struct reply decide_without(const struct classification *classification,
                            const struct product_settings *product, enum message_scheme scheme,
                            enum reason reason);

#endif
