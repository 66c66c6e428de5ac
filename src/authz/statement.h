/* The statement: what one message said, as small fixed facts, with what we answered to it.
 *
 * A payment is the set of its statements, and its holds are a function of that set (payment.h). It
 * is stored beside the message as at most STATEMENT_BYTES bytes, versioned, so that explain, replay
 * and every later decision see exactly what decide() saw.
 *
 * Threads: plain values.   Owns: nothing.   May include: base, authz/message.h.
 */
#ifndef AUTHZ_STATEMENT_H
#define AUTHZ_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "authz/message.h"

enum { STATEMENT_BYTES = 256, STATEMENT_VERSION = 1 };

/* Part of the idempotency key (TXn_ID, role). */
enum message_role {
    ROLE_REQUEST = 1, /* asks for a decision: 0100 A, 0101 A, 0200 M with Authorised_by_GPS = N */
    ROLE_OUTCOME = 2, /* everything else the processor sends */
    ROLE_VOID = 3,    /* our own word: an approval that was never told is taken back */
};

/* The row of the EHI matrix that a message is (docs/ehi-coverage.md). Stored: never renumber. */
enum message_row {
    ROW_UNKNOWN = 0,
    ROW_A1_AUTHORISATION = 1,
    ROW_A3_PRE_AUTHORISATION = 3,
    ROW_A4_FUEL = 4,
    ROW_A5_REPEAT = 5,
    ROW_A6_ACCOUNT_CHECK = 6,
    ROW_A7_BALANCE_ENQUIRY = 7,
    ROW_A8_CASH = 8,
    ROW_A9_CASHBACK = 9,
    ROW_A11_REFUND = 11,
    ROW_A12_CREDIT = 12,
    ROW_A13_FUNDING = 13,
    ROW_A14_PIN = 14,
    ROW_A15_TOKEN_REQUEST = 15,
    ROW_A16_DECLINED = 16, /* GPS Y, Stat I; A18 when its request is known */
    ROW_A17_APPROVED = 17, /* GPS Y, Stat A (C, V); A18 when its request is known */
    ROW_M1_FINANCIAL = 20,
    ROW_M2_FINANCIAL_ADVICE = 21,
    ROW_M3_FINANCIAL_REVERSAL = 22,
    ROW_J1_ADVICE_APPROVED = 30,
    ROW_J2_ADVICE_DECLINED = 31,
    ROW_J3_CREDIT_ADVICE = 32,
    ROW_J4_TOKEN_EVENT = 33,
    ROW_D1_REVERSAL = 40, /* D1 or D2: full or partial is computed from the amounts */
    ROW_D3_FUEL_REVERSAL = 42,
    ROW_D4_AUTOMATIC_REVERSAL = 43,
    ROW_D5_CREDIT_REVERSAL = 44,
    ROW_F0_DUMMY = 50,
    ROW_P_PRESENTMENT = 51,
    ROW_E_FINANCIAL_REVERSAL = 52,
    ROW_C_CHARGEBACK = 53,
    ROW_H_CHARGEBACK_NON_CREDIT = 54,
    ROW_K_CHARGEBACK_REVERSAL = 55,
    ROW_N_SECOND_PRESENTMENT = 56,
    ROW_L1_LOAD = 60,
    ROW_L2_UNLOAD = 61,
    ROW_L3_ADJUSTMENT = 62,
    ROW_L4_PAYMENT = 63,
    ROW_L5_FEE = 64,
    ROW_L6_EXPIRY = 65,
    ROW_CUT_OFF = 70,
    ROW_VOID = 80, /* ours */
};

enum message_scheme { SCHEME_UNKNOWN = 0, SCHEME_MASTERCARD = 1, SCHEME_VISA = 2 };

/* Keys are hash_key() of the trimmed text: compared, never shown. 0: absent. */
struct statement {
    uint64_t txn_id, matching_txn_id;
    enum message_role role;
    enum message_row row;
    enum message_scheme scheme;

    int32_t token;
    uint16_t mtid;
    char type, authorised_by, stat, auth_type;
    char response[3]; /* what the processor said: DE39 */
    uint8_t proc;
    uint16_t mcc;
    int64_t product;
    uint8_t attempt;

    int64_t bill_e4, txn_e4;
    uint16_t bill_currency, txn_currency;
    int64_t fee_fixed_e4, fee_rate_e4, fx_pad_e4, mcc_pad_e4;

    int64_t trace_key, link_key, trace_message_key, network_key, retrieval_key, acquirer_ref_key;
    int64_t merchant_key, terminal_key, sent_at_key, auth_code_key;
    bool recurring;        /* GPS_POS_Data position 1 is 4 */
    bool incremental_hint; /* Message_Why / Response_Source_Why 56, or Reason_ID 3900 */
    bool afd_confirmation; /* Message_Why 34 */

    /* What we answered. */
    bool approved;          /* by us: only for ROLE_REQUEST */
    char answer[3];         /* Responsestatus sent */
    uint8_t reason;         /* enum reason, by its stored number */
    int64_t approved_minor; /* billing currency without fees; only when approved in part, else 0 */
    uint64_t repeat_of; /* TXn_ID of the request that this one repeats (0101, suspected repeat); 0:
                           none */

    /* The account when it was decided, for explain and replay. */
    int64_t decided_at_us, posted_minor, held_minor, overdraft_minor;
    uint8_t card_status, account_status;
};

/* Bytes used, at most STATEMENT_BYTES. */
size_t statement_encode(const struct statement *statement, uint8_t bytes[STATEMENT_BYTES]);
/* False when the bytes are not a statement of a known version; *statement is then untouched. */
bool statement_decode(const uint8_t *bytes, size_t count, struct statement *statement);

/* The facts of a message that is classified as row, role, scheme; the answer's part is zero. */
void statement_of_message(const struct message *message, enum message_role role,
                          enum message_row row, enum message_scheme scheme,
                          struct statement *statement);

/* True when two sendings with the same id and role cannot be the same message: what never changes
 * between sendings (token, MTID, type, currencies, processing code, merchant amount unless DE39 is
 * 10, trace and link where both have them) differs. EHI rules, duplicates. */
bool statement_conflicts(const struct statement *a, const struct statement *b);

#endif
