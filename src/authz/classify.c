#include "authz/classify.h"

#include <string.h>

#include "authz/codes.h"

enum {
    PROC_CASH = 1,
    PROC_CREDIT_ADJUSTMENT = 2,
    PROC_CASHBACK = 9,
    PROC_ACCOUNT_FUNDING = 10,
    PROC_CASH_DISBURSEMENT = 12,
    PROC_CASH_ADVANCE = 17,
    PROC_DEBIT_ADJUSTMENT = 19,
    PROC_ORIGINAL_CREDIT = 26,
    PROC_PAYMENT_TRANSACTION = 28,
    PROC_BALANCE = 30,
    PROC_ACCOUNT_CHECK = 39,
    PROC_ACCOUNT_CHECK_CREDIT = 89,
    MCC_FUEL = 5542,
    REASON_ID_ACCOUNT_FUNDING = 5403,
};

static bool is_one_of(uint8_t proc, const uint8_t *list, size_t count)
{
    return memchr(list, proc, count) != NULL;
}

static bool is_token_service(uint8_t proc)
{
    static const uint8_t list[] = {32, 33, 34, 35, 36, 37, 38};
    return is_one_of(proc, list, sizeof list);
}

static bool is_pin_service(uint8_t proc)
{
    static const uint8_t list[] = {70, 71, 72, 91, 92};
    return is_one_of(proc, list, sizeof list);
}

static bool is_no_money(uint8_t proc)
{
    return proc == PROC_BALANCE || proc == PROC_ACCOUNT_CHECK ||
           proc == PROC_ACCOUNT_CHECK_CREDIT || is_token_service(proc) || is_pin_service(proc);
}

enum direction classify_direction(uint8_t proc, int64_t bill_e4)
{
    static const uint8_t debits[] = {0, 1, 9, 10, 11, 12, 16, 17, 18, 23};
    static const uint8_t credits[] = {20, 21, 22, 26, 28};

    if (is_one_of(proc, debits, sizeof debits)) {
        return DIRECTION_DEBIT;
    }
    if (is_one_of(proc, credits, sizeof credits)) {
        return DIRECTION_CREDIT;
    }
    if (is_no_money(proc) || bill_e4 == 0) {
        return DIRECTION_NONE;
    }
    return bill_e4 < 0 ? DIRECTION_DEBIT : DIRECTION_CREDIT;
}

/* Whether only the sign can tell the direction: adjustments and codes we do not know. */
static bool is_by_sign(uint8_t proc)
{
    return classify_direction(proc, -1) != classify_direction(proc, 1);
}

/* --- requests: 0100 A and 0101 A whose decision is ours --- */

static bool is_account_check(const struct message *message)
{
    return message->proc == PROC_ACCOUNT_CHECK || message->proc == PROC_ACCOUNT_CHECK_CREDIT ||
           message->bill_e4 == 0; /* auth_type V too: a zero amount asks about the card only */
}

static bool is_cash(const struct message *message)
{
    return message->proc == PROC_CASH || message->proc == PROC_CASH_ADVANCE ||
           message->proc == PROC_CASH_DISBURSEMENT;
}

static bool is_account_funding(const struct message *message)
{
    return message->proc == PROC_ACCOUNT_FUNDING || message->reason_id == REASON_ID_ACCOUNT_FUNDING;
}

static enum message_row row_of_credit_request(const struct message *message)
{
    return message->proc == PROC_ORIGINAL_CREDIT || message->proc == PROC_PAYMENT_TRANSACTION
               ? ROW_A12_CREDIT
               : ROW_A11_REFUND;
}

static enum message_row row_of_debit_request(const struct message *message)
{
    if (message->auth_type == 'P') {
        return ROW_A3_PRE_AUTHORISATION;
    }
    if (message->mcc == MCC_FUEL) {
        return ROW_A4_FUEL;
    }
    if (is_account_funding(message)) {
        return ROW_A13_FUNDING;
    }
    if (message->mtid == 101) {
        return ROW_A5_REPEAT;
    }
    if (is_cash(message)) {
        return ROW_A8_CASH;
    }
    return message->proc == PROC_CASHBACK ? ROW_A9_CASHBACK : ROW_A1_AUTHORISATION;
}

static enum message_row row_of_request(const struct message *message)
{
    if (is_token_service(message->proc)) {
        return ROW_A15_TOKEN_REQUEST;
    }
    if (is_pin_service(message->proc)) {
        return ROW_A14_PIN;
    }
    if (message->proc == PROC_BALANCE) {
        return ROW_A7_BALANCE_ENQUIRY;
    }
    if (is_account_check(message)) {
        return ROW_A6_ACCOUNT_CHECK;
    }
    return classify_direction(message->proc, message->bill_e4) == DIRECTION_CREDIT
               ? row_of_credit_request(message)
               : row_of_debit_request(message);
}

/* --- outcomes of authorisations --- */

/* Stat says it; without one the response code does; without both nothing is known. */
static enum message_row row_of_decided(const struct message *message)
{
    switch (message->stat) {
    case 'A':
    case 'C':
    case 'V':
        return ROW_A17_APPROVED;
    case 'I':
        return ROW_A16_DECLINED;
    default:
        break;
    }
    if (message->response[0] == '\0') {
        return ROW_UNKNOWN;
    }
    return codes_means_approved(message->response) ? ROW_A17_APPROVED : ROW_A16_DECLINED;
}

static enum message_row row_of_a(const struct message *message)
{
    switch (message->mtid) {
    case 100:
    case 101:
        return message->authorised_by == 'Y' ? row_of_decided(message) : row_of_request(message);
    case 1240:
    case 5:
    case 6:
    case 7:
        return ROW_F0_DUMMY;
    default:
        return ROW_UNKNOWN;
    }
}

static enum message_row row_of_m(const struct message *message)
{
    if (message->mtid != 200) {
        return ROW_UNKNOWN;
    }
    bool declined = message->authorised_by == 'Y' && row_of_decided(message) == ROW_A16_DECLINED;
    return declined ? ROW_A16_DECLINED : ROW_M1_FINANCIAL;
}

/* The sign of a J says nothing, so what its code leaves open is a debit: a hold too much is set
 * right by expiry, a hold too little by nobody. */
static enum message_row row_of_j(const struct message *message)
{
    if (message->mtid != 120 && message->mtid != 620) {
        return ROW_UNKNOWN;
    }
    if (is_token_service(message->proc)) {
        return ROW_J4_TOKEN_EVENT;
    }
    if (message->mtid == 620) {
        return ROW_UNKNOWN;
    }
    if (!is_by_sign(message->proc) && classify_direction(message->proc, 1) == DIRECTION_CREDIT) {
        return ROW_J3_CREDIT_ADVICE;
    }
    if (message->stat == 'I' ||
        (message->stat != 'A' && message->stat != 'C' && message->stat != 'V' &&
         !codes_means_approved(message->response))) {
        return ROW_J2_ADVICE_DECLINED;
    }
    return ROW_J1_ADVICE_APPROVED;
}

static enum message_row row_of_d(const struct message *message)
{
    bool credit = classify_direction(message->proc, -message->bill_e4) == DIRECTION_CREDIT;

    switch (message->mtid) {
    case 0:
        return credit ? ROW_D5_CREDIT_REVERSAL : ROW_D4_AUTOMATIC_REVERSAL;
    case 400:
    case 420:
        return credit ? ROW_D5_CREDIT_REVERSAL : ROW_D1_REVERSAL;
    case 120:
        return ROW_D3_FUEL_REVERSAL;
    default:
        return ROW_UNKNOWN;
    }
}

/* Clearing and account kinds: the type wins over the MTID, which published samples get wrong. */
static enum message_row row_of_type(const struct message *message)
{
    switch (message->type) {
    case 'A':
        return row_of_a(message);
    case 'M':
        return row_of_m(message);
    case 'J':
        return row_of_j(message);
    case 'D':
        return row_of_d(message);
    case 'Q':
        return message->mtid == 220 ? ROW_M2_FINANCIAL_ADVICE : ROW_UNKNOWN;
    case 'V':
        return message->mtid == 420 ? ROW_M3_FINANCIAL_REVERSAL : ROW_UNKNOWN;
    case 'P':
        return message->mtid == 0 ? ROW_L5_FEE : ROW_P_PRESENTMENT;
    case 'E':
        return ROW_E_FINANCIAL_REVERSAL;
    case 'C':
        return ROW_C_CHARGEBACK;
    case 'H':
        return ROW_H_CHARGEBACK_NON_CREDIT;
    case 'K':
        return ROW_K_CHARGEBACK_REVERSAL;
    case 'N':
        return ROW_N_SECOND_PRESENTMENT;
    case 'L':
        return ROW_L1_LOAD;
    case 'U':
        return ROW_L2_UNLOAD;
    case 'B':
        return ROW_L3_ADJUSTMENT;
    case 'G':
        return ROW_L4_PAYMENT;
    case 'F':
        return ROW_L5_FEE;
    case 'Y':
        return ROW_L6_EXPIRY;
    default:
        return ROW_UNKNOWN;
    }
}

static enum message_role role_of(const struct message *message)
{
    bool authorisation = message->type == 'A' && (message->mtid == 100 || message->mtid == 101);
    bool financial = message->type == 'M' && message->mtid == 200;

    return (authorisation || financial) && message->authorised_by != 'Y' ? ROLE_REQUEST
                                                                         : ROLE_OUTCOME;
}

static enum direction direction_of(const struct message *message)
{
    switch (message->type) {
    case 'D':
    case 'V':
        /* of what is given back */
        return classify_direction(message->proc, -message->bill_e4);
    case 'J':
        return is_by_sign(message->proc) ? DIRECTION_DEBIT : classify_direction(message->proc, 1);
    default:
        return classify_direction(message->proc, message->bill_e4);
    }
}

static bool sign_contradicts(const struct message *message, enum direction direction)
{
    bool gives_back = message->type == 'D' || message->type == 'V' || message->type == 'E';
    bool takes = gives_back ? message->bill_e4 > 0 : message->bill_e4 < 0;

    if (direction == DIRECTION_NONE || message->bill_e4 == 0 || message->type == 'J') {
        return false;
    }
    return takes != (direction == DIRECTION_DEBIT);
}

static enum priority priority_of(const struct message *message, enum message_role role)
{
    if (role == ROLE_REQUEST) {
        return PRIORITY_REQUEST;
    }
    switch (message->type) {
    case 'D':
    case 'V':
        return PRIORITY_REVERSAL;
    case 'A':
        return message->mtid == 100 || message->mtid == 101 ? PRIORITY_ADVICE : PRIORITY_FINANCIAL;
    case 'M':
    case 'J':
    case 'Q':
        return PRIORITY_ADVICE;
    case 'P':
    case 'E':
    case 'N':
    case 'C':
    case 'H':
    case 'K':
        return PRIORITY_FINANCIAL;
    default:
        return PRIORITY_REST;
    }
}

struct classification classify(const struct message *message)
{
    if (message->operation == MESSAGE_CUT_OFF) {
        return (struct classification){
            .row = ROW_CUT_OFF, .role = ROLE_OUTCOME, .priority = PRIORITY_REST};
    }
    enum message_role role = role_of(message);
    enum direction direction = direction_of(message);
    return (struct classification){
        .row = row_of_type(message),
        .role = role,
        .direction = direction,
        .priority = priority_of(message, role),
        .sign_mismatch = sign_contradicts(message, direction),
    };
}

enum message_scheme classify_scheme(const struct message *message, enum message_scheme configured)
{
    static const struct {
        const char *prefix;
        enum message_scheme scheme;
    } networks[] = {
        {"BNET",    SCHEME_MASTERCARD},
        {"MNESTAR", SCHEME_MASTERCARD},
        {"VIS1",    SCHEME_VISA      },
        {"VDEP",    SCHEME_VISA      },
    };

    if (configured != SCHEME_UNKNOWN) {
        return configured;
    }
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        if (strncmp(message->trace, networks[i].prefix, strlen(networks[i].prefix)) == 0) {
            return networks[i].scheme;
        }
    }
    return SCHEME_UNKNOWN;
}

static const struct row_text {
    enum message_row row;
    const char *name, *kind;
} row_texts[] = {
    {ROW_UNKNOWN,                 "U0",     "unknown"              },
    {ROW_A1_AUTHORISATION,        "A1",     "authorisation"        },
    {ROW_A3_PRE_AUTHORISATION,    "A3",     "pre_authorisation"    },
    {ROW_A4_FUEL,                 "A4",     "fuel"                 },
    {ROW_A5_REPEAT,               "A5",     "authorisation_repeat" },
    {ROW_A6_ACCOUNT_CHECK,        "A6",     "account_check"        },
    {ROW_A7_BALANCE_ENQUIRY,      "A7",     "balance_enquiry"      },
    {ROW_A8_CASH,                 "A8",     "cash"                 },
    {ROW_A9_CASHBACK,             "A9",     "cashback"             },
    {ROW_A11_REFUND,              "A11",    "refund"               },
    {ROW_A12_CREDIT,              "A12",    "credit"               },
    {ROW_A13_FUNDING,             "A13",    "account_funding"      },
    {ROW_A14_PIN,                 "A14",    "pin_service"          },
    {ROW_A15_TOKEN_REQUEST,       "A15",    "token_request"        },
    {ROW_A16_DECLINED,            "A16",    "declined_elsewhere"   },
    {ROW_A17_APPROVED,            "A17",    "approved_elsewhere"   },
    {ROW_M1_FINANCIAL,            "M1",     "financial"            },
    {ROW_M2_FINANCIAL_ADVICE,     "M2",     "financial_advice"     },
    {ROW_M3_FINANCIAL_REVERSAL,   "M3",     "financial_reversal"   },
    {ROW_J1_ADVICE_APPROVED,      "J1",     "advice"               },
    {ROW_J2_ADVICE_DECLINED,      "J2",     "declined_advice"      },
    {ROW_J3_CREDIT_ADVICE,        "J3",     "credit_advice"        },
    {ROW_J4_TOKEN_EVENT,          "J4",     "token_event"          },
    {ROW_D1_REVERSAL,             "D1",     "reversal"             },
    {ROW_D3_FUEL_REVERSAL,        "D3",     "fuel_reversal"        },
    {ROW_D4_AUTOMATIC_REVERSAL,   "D4",     "automatic_reversal"   },
    {ROW_D5_CREDIT_REVERSAL,      "D5",     "credit_reversal"      },
    {ROW_F0_DUMMY,                "F0",     "dummy_authorisation"  },
    {ROW_P_PRESENTMENT,           "P",      "presentment"          },
    {ROW_E_FINANCIAL_REVERSAL,    "E",      "presentment_reversal" },
    {ROW_C_CHARGEBACK,            "C",      "chargeback"           },
    {ROW_H_CHARGEBACK_NON_CREDIT, "H",      "chargeback_non_credit"},
    {ROW_K_CHARGEBACK_REVERSAL,   "K",      "chargeback_reversal"  },
    {ROW_N_SECOND_PRESENTMENT,    "N",      "second_presentment"   },
    {ROW_L1_LOAD,                 "L1",     "load"                 },
    {ROW_L2_UNLOAD,               "L2",     "unload"               },
    {ROW_L3_ADJUSTMENT,           "L3",     "adjustment"           },
    {ROW_L4_PAYMENT,              "L4",     "bank_payment"         },
    {ROW_L5_FEE,                  "L5",     "fee"                  },
    {ROW_L6_EXPIRY,               "L6",     "card_expiry"          },
    {ROW_CUT_OFF,                 "cutoff", "cutoff"               },
    {ROW_VOID,                    "void",   "void"                 },
};

static const struct row_text *text_of(enum message_row row)
{
    for (size_t i = 0; i < sizeof row_texts / sizeof row_texts[0]; i++) {
        if (row_texts[i].row == row) {
            return &row_texts[i];
        }
    }
    return &row_texts[0];
}

const char *message_row_name(enum message_row row)
{
    return text_of(row)->name;
}

const char *message_row_kind(enum message_row row)
{
    return text_of(row)->kind;
}

const char *message_role_name(enum message_role role)
{
    switch (role) {
    case ROLE_REQUEST:
        return "request";
    case ROLE_OUTCOME:
        return "outcome";
    case ROLE_VOID:
        return "void";
    }
    return "unknown";
}
