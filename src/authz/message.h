/* The message: what the processor said, without the spelling it used.
 *
 * soap/ fills it; from here on nobody knows XML. Texts are raw where positions or blanks carry
 * meaning and trimmed where the field is plain. Absent, empty and blank are one thing: the zero
 * value.
 *
 * Threads: a plain value, owned by whoever holds it.   Owns: nothing (.fields is borrowed from the
 * request's slot).   May include: base.
 */
#ifndef AUTHZ_MESSAGE_H
#define AUTHZ_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

enum message_operation { MESSAGE_TRANSACTION, MESSAGE_CUT_OFF };

enum {
    MESSAGE_FIELDS_MAX = 16384, /* bytes of kept elements */
    MESSAGE_REQUEST_ID_BYTES = 64,
    /* SendingAttemptCount from which on a message is not turned away because there is much to do:
     * the processor gives up before long. */
    MESSAGE_ATTEMPT_PERSISTENT = 4,
};

/* Amounts are in 10^-4 of the major unit of their currency, as on the wire. */
struct message {
    enum message_operation operation;

    uint64_t txn_id; /* 0: none was readable */
    int32_t token;   /* nine digits as a number; 0: none was readable */
    uint16_t mtid;   /* 100, 101, 120, 200, 220, 400, 420, 620, 1240, 1420, 5, 6, 7, 25, 26, 27; 0:
                        empty */
    char type;       /* 'A' … 'Y'; 0: none */
    char authorised_by; /* 'Y' the processor decided, 'N' not; 0: none */
    char stat; /* 'A' accepted, 'I' declined, 'S' settled, 'C' cleared, 'V' reversed; 0: none */
    char response[3];  /* Resp_Code_DE39 so far, "" when empty */
    char proc_code[7]; /* six digits */
    uint8_t proc;      /* its first two, as a number; PROC_NONE when empty */
    char auth_type;    /* '0', 'P', 'V', 'F'; 0: none */
    uint16_t mcc;
    int64_t product; /* ProductID; -1: none */
    char card_status[3];

    int64_t bill_e4; /* signed from the cardholder's view: negative is a debit (not in 0120 J) */
    uint16_t bill_currency;
    int64_t txn_e4; /* the merchant's currency, unsigned */
    uint16_t txn_currency;
    int64_t settle_e4;
    uint16_t settle_currency;
    int64_t fee_fixed_e4, fee_rate_e4, fx_pad_e4, mcc_pad_e4;

    uint64_t matching_txn_id; /* 0: none */
    int64_t reason_id;
    int64_t message_why, response_why;
    int64_t attempt; /* SendingAttemptCount */
    bool has_balance_sequences;
    int64_t balance_sequence, balance_sequence_exthost;

    char trace[65];           /* traceid_lifecycle: ends trimmed, inner blanks kept */
    char trace_message[65];   /* Traceid_Message */
    char link[65];            /* Trans_link */
    char network_txn_id[65];  /* Network_Transaction_ID, byte for byte */
    char auth_code[7];        /* "" also for "000000" */
    char retrieval_ref[13];   /* Ret_Ref_No_DE37 */
    char sent_at_de07[11];    /* TXN_Time_DE07 */
    char terminal[9];         /* POS_Termnl_DE41, trimmed */
    char merchant_id[16];     /* Merch_ID_DE42, trimmed */
    char acquirer_ref[24];    /* Acquirer_Reference_Data_031 */
    char pos_capability[50];  /* raw, positions count */
    char pos_data[34];        /* raw, positions count */
    char merchant_name[100];  /* Merch_Name, else the name part of Merch_Name_DE43; for events */
    char merchant_country[4]; /* Merch_Country, else Txn_Ctry */
    char note[128];           /* Note */
    char expires_at[24];      /* auth_expdate_utc, trimmed; format not checked */

    /* The first element whose value is wrong though it decides; NULL: none. Static strings. */
    const char *malformed_field;
    const char *malformed_expected;
    bool token_malformed; /* the wrong one is (also) the token: no card may be looked up */

    /* Cut_Off only. */
    int64_t cutoff_id;
    uint64_t first_txn_id, last_txn_id;
    int64_t counts[8]; /* acknowledged, not acknowledged of Auths, Financials, LoadsUnloads,
                          BalanceAdjustExpiry */

    /* Every element that had a value, secrets masked: number, length, bytes (soap/field.h has the
     * numbers). Kept with the message so that nothing the processor said is lost. */
    const uint8_t *fields;
    uint32_t fields_bytes;

    char request_id[MESSAGE_REQUEST_ID_BYTES]; /* traceparent's trace id, or one made here */
    char traceparent[56];                      /* as received, "" when absent or invalid */
};

enum { PROC_NONE = 255 };

/* What goes back. soap/ spells it. Amounts are minor units of `currency`. */
struct reply {
    char response[3];  /* Responsestatus */
    bool acknowledged; /* Acknowledgement 1: durable here, do not send again */
    bool has_balances;
    uint16_t currency;       /* of the amounts; 0: unknown card, amounts are 0 */
    int64_t posted_minor;    /* CurBalance */
    int64_t available_minor; /* AvlBalance */
    int64_t approved_minor;  /* Bill_Amt_Approved: only with "10" */
    bool cut_off;            /* the answer to Cut_Off: Cut_OffResult 1 or 0 by .acknowledged */
};

#endif
