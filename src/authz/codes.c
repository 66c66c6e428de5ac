#include "authz/codes.h"

#include <string.h>

/* What a refusal is called on the wire. "Any" must be good for both schemes and both classes, since
 * nothing is known about the message then. Visa's credits: see codes.h. */
static const struct refusal {
    enum reason reason;
    const char *name;
    const char *mastercard, *visa, *visa_credit, *any, *any_credit;
} refusals[] = {
    {REASON_APPROVED,           "approved",           "00", "00", "00", "00", "00"},
    {REASON_APPROVED_PARTIALLY, "approved_partially", "10", "10", "10", "10", "10"},
    {REASON_NOTED,              "noted",              "00", "00", "00", "00", "00"},
    {REASON_MALFORMED,          "malformed",          "05", "12", "12", "05", "59"},
    {REASON_LATE,               "late",               "05", "05", "59", "05", "59"},
    {REASON_UNAVAILABLE,        "unavailable",        "05", "05", "59", "05", "59"},
    {REASON_UNKNOWN_CARD,       "unknown_card",       "14", "14", "14", "14", "14"},
    {REASON_ALREADY_REVERSED,   "already_reversed",   "05", "05", "59", "05", "59"},
    {REASON_CONFLICT,           "conflict",           "05", "05", "59", "05", "59"},
    {REASON_CARD_CLOSED,        "card_closed",        "46", "46", "46", "46", "46"},
    {REASON_ACCOUNT_CLOSED,     "account_closed",     "46", "46", "46", "46", "46"},
    {REASON_CARD_LOST,          "card_lost",          "41", "41", "59", "41", "59"},
    {REASON_CARD_STOLEN,        "card_stolen",        "43", "43", "59", "43", "59"},
    {REASON_CARD_NOT_ACTIVE,    "card_not_active",    "78", "78", "59", "78", "59"},
    {REASON_CARD_EXPIRED,       "card_expired",       "54", "54", "59", "54", "59"},
    {REASON_CARD_BLOCKED,       "card_blocked",       "62", "62", "59", "62", "59"},
    {REASON_ACCOUNT_BLOCKED,    "account_blocked",    "62", "62", "59", "62", "59"},
    {REASON_CARD_FROZEN,        "card_frozen",        "62", "62", "59", "62", "59"},
    {REASON_NOT_SUPPORTED,      "not_supported",      "58", "58", "58", "58", "58"},
    {REASON_CURRENCY,           "currency",           "62", "62", "59", "62", "59"},
    {REASON_INSUFFICIENT_FUNDS, "insufficient_funds", "51", "51", "59", "51", "59"},
    {REASON_ERROR,              "error",              "05", "05", "59", "05", "59"},
    {REASON_PROCESSOR,          "processor",          "05", "05", "59", "05", "59"},
    {REASON_UNTOLD,             "untold",             "05", "05", "59", "05", "59"},
};

enum { MASTERCARD = 1, VISA = 2, BOTH = 3, VISA_CREDIT = 4, APPROVES = 8 };

/* Every code that a host may answer with, and where (EHI guide, Response Status Values). 0A needs
 * an option that we do not use; 91, 92 and 96 invite somebody else to approve. */
static const struct host_code {
    char code[3];
    int where;
} host_codes[] = {
    {"00", BOTH | VISA_CREDIT | APPROVES},
    {"10", BOTH | APPROVES              },
    {"01", MASTERCARD                   },
    {"03", BOTH | VISA_CREDIT           },
    {"05", BOTH                         },
    {"12", VISA | VISA_CREDIT           },
    {"13", BOTH | VISA_CREDIT           },
    {"14", BOTH | VISA_CREDIT           },
    {"15", VISA | VISA_CREDIT           },
    {"33", MASTERCARD                   },
    {"41", BOTH                         },
    {"43", BOTH                         },
    {"46", BOTH | VISA_CREDIT           },
    {"51", BOTH                         },
    {"54", BOTH                         },
    {"55", BOTH                         },
    {"57", BOTH | VISA_CREDIT           },
    {"58", BOTH | VISA_CREDIT           },
    {"59", BOTH | VISA_CREDIT           },
    {"5C", VISA                         },
    {"61", BOTH                         },
    {"62", BOTH                         },
    {"63", MASTERCARD                   },
    {"65", BOTH                         },
    {"6P", BOTH                         },
    {"70", MASTERCARD                   },
    {"72", MASTERCARD                   },
    {"75", BOTH                         },
    {"78", BOTH                         },
    {"86", BOTH                         },
    {"91", BOTH                         },
    {"92", BOTH                         },
    {"93", VISA | VISA_CREDIT           },
    {"96", BOTH                         },
    {"9G", VISA                         },
    {"C0", BOTH                         },
    {"C1", BOTH                         },
    {"N7", BOTH                         },
    {"R0", VISA                         },
    {"R1", VISA                         },
    {"R3", VISA                         },
    {"Z5", VISA                         },
};

static const struct refusal *find_refusal(enum reason reason)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        if (refusals[i].reason == reason) {
            return &refusals[i];
        }
    }
    return NULL;
}

static const struct host_code *find_code(const char *code)
{
    for (size_t i = 0; i < sizeof host_codes / sizeof host_codes[0]; i++) {
        if (strcmp(host_codes[i].code, code) == 0) {
            return &host_codes[i];
        }
    }
    return NULL;
}

const char *reason_name(enum reason reason)
{
    const struct refusal *refusal = find_refusal(reason);
    return refusal != NULL ? refusal->name : "unknown";
}

const char *codes_decline(enum reason reason, enum message_scheme scheme, bool credit)
{
    const struct refusal *refusal = find_refusal(reason);

    if (refusal == NULL) { /* a number from a later version's store */
        return credit ? "59" : "05";
    }
    switch (scheme) {
    case SCHEME_MASTERCARD:
        return refusal->mastercard;
    case SCHEME_VISA:
        return credit ? refusal->visa_credit : refusal->visa;
    case SCHEME_UNKNOWN:
        break;
    }
    return credit ? refusal->any_credit : refusal->any;
}

bool codes_allowed(const char *code, enum message_scheme scheme, bool credit)
{
    const struct host_code *found = find_code(code);

    if (found == NULL) {
        return false;
    }
    bool visa = (found->where & (credit ? VISA_CREDIT : VISA)) != 0;
    bool mastercard = (found->where & MASTERCARD) != 0;
    switch (scheme) {
    case SCHEME_MASTERCARD:
        return mastercard;
    case SCHEME_VISA:
        return visa;
    case SCHEME_UNKNOWN:
        break;
    }
    return visa && mastercard;
}

void codes_echo(const char response[3], char answer[3])
{
    const struct host_code *found = find_code(response);
    bool echoes = found != NULL && (found->where & APPROVES) == 0;

    memcpy(answer, echoes ? found->code : "05", 3);
}

bool codes_means_approved(const char response[3])
{
    static const char approvals[][3] = {"", "00", "08", "10", "85", "87"};

    for (size_t i = 0; i < sizeof approvals / sizeof approvals[0]; i++) {
        if (strcmp(approvals[i], response) == 0) {
            return true;
        }
    }
    return false;
}
