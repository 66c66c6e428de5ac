/* The field table: every element of the EHI guide, once.
 *
 * Parser, masking, WSDL and docs/ehi-fields.md are all driven by it. A row says what the element is
 * called, what may be kept of it, and which member of struct message it fills. Most elements fill
 * none: they are kept as they came, so that nothing the processor said is lost.
 *
 * Kept form: number and length as LEB128, then the bytes, one element after the other.
 *
 * Threads: constants; field_find needs field_init first (endpoint_create and the CLI call it once).
 * Owns: nothing.   May include: base, authz/message.h.
 */
#ifndef SOAP_FIELD_H
#define SOAP_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "authz/message.h"

/* The type that the WSDL declares. We read all of them as text. */
enum field_type { FIELD_TYPE_STRING, FIELD_TYPE_INT, FIELD_TYPE_LONG, FIELD_TYPE_DECIMAL };

enum field_kind {
    FIELD_KIND_TEXT, /* free text: digits that look like a card number are masked in it */
    FIELD_KIND_ID,
    FIELD_KIND_CODE,
    FIELD_KIND_FLAG,
    FIELD_KIND_NUMBER,
    FIELD_KIND_AMOUNT,
    FIELD_KIND_CURRENCY,
    FIELD_KIND_RATE,
    FIELD_KIND_DATE,
    FIELD_KIND_DATETIME,
    FIELD_KIND_HEX,
    FIELD_KIND_TLV,
};

/* What may be kept of a value. */
enum field_mask {
    FIELD_PLAIN,
    FIELD_PERSONAL, /* of the cardholder: only that there was one */
    FIELD_SECRET,   /* card data, PIN blocks, codes, token data: only that there was one */
};

/* How a value gets into its member of struct message, and so whether it decides. */
enum field_use {
    FIELD_USE_KEEP, /* kept only */
    /* These decide: a wrong value is malformed. */
    FIELD_USE_AMOUNT,         /* 10^-4 of the currency's major unit */
    FIELD_USE_CURRENCY,       /* three digits */
    FIELD_USE_KNOWN_CURRENCY, /* three digits that ISO 4217 has */
    FIELD_USE_ID,             /* 1 to 2^63-1 */
    FIELD_USE_ID_OR_ZERO,     /* 0 is "none" */
    FIELD_USE_TOKEN,          /* nine digits */
    FIELD_USE_MTID,           /* four digits, or two for Visa's clearing */
    FIELD_USE_LETTER,         /* A to Z */
    FIELD_USE_YES_NO,
    FIELD_USE_RESPONSE, /* two digits or capitals */
    FIELD_USE_PROC,     /* six digits where money moves by it */
    FIELD_USE_COUNT,    /* 0 to 2^63-1 */
    /* These do not: a wrong value is none. */
    FIELD_USE_CHARACTER,
    FIELD_USE_MCC,
    FIELD_USE_PRODUCT,
    FIELD_USE_NUMBER,
    FIELD_USE_SEQUENCE_HOST, /* a number whose presence counts */
    FIELD_USE_AUTH_CODE,     /* text; "000000" is none */
    FIELD_USE_TEXT,          /* ends trimmed, cut to what fits */
    FIELD_USE_RAW,           /* byte for byte, cut to what fits */
};

struct field {
    uint8_t number; /* stored: never renumber. GetTransaction 1 to 200, Cut_Off from 201 */
    const char *name;
    enum field_type type;
    enum field_kind kind;
    enum field_mask mask;
    enum field_use use;
    uint16_t offset, size; /* of the member in struct message; size 0: none */
    const char *meaning;
};

enum {
    FIELD_CUT_OFF_FIRST = 201,
    FIELD_NUMBER_END = 214, /* one past the last number */
    FIELD_NAME_MAX = 64,    /* bytes; longer names are unknown elements */
    /* Numbers that code refers to. */
    FIELD_BILL_AMT = 7,
    FIELD_BILL_CCY = 8,
    FIELD_MERCH_NAME_DE43 = 20,
    FIELD_PROC_CODE = 26,
    FIELD_TOKEN = 32,
    FIELD_TXN_CCY = 35,
    FIELD_TXN_CTRY = 36,
    FIELD_TXN_ID = 39,
    FIELD_BALANCE_SEQUENCE_EXTHOST = 86,
    FIELD_TRANSACTION_LAST = 174,
};

extern const struct field field_table[];
extern const size_t field_count;

/* Builds the look-up tables. Any number of times, from one thread, before field_find. */
void field_init(void);
/* The element of that operation and name: exact, else without regard to case, else by a known
 * misspelling. NULL: unknown. */
const struct field *field_find(enum message_operation operation, const char *name, size_t bytes);
/* By number; NULL: none such (a newer version wrote it). */
const struct field *field_by_number(unsigned number);

/* True when a wrong value makes the message malformed. */
bool field_decides(const struct field *field);
const char *field_kind_name(enum field_kind kind);
const char *field_mask_name(enum field_mask mask);

enum { FIELD_HEAD_MAX = 6 }; /* bytes of number and length at most */
/* Appends one element; returns the bytes written, 0 when it does not fit. */
size_t field_encode(unsigned number, const char *value, size_t value_bytes, uint8_t *to,
                    size_t room);

struct field_item {
    unsigned number;
    const struct field *field; /* NULL: a number of a newer version */
    const char *value;         /* borrowed from the kept bytes, not NUL-ended */
    size_t value_bytes;
};
/* The element at *at, which moves on. False at the end, and when the rest is damaged. */
bool field_decode(const uint8_t *bytes, size_t count, size_t *at, struct field_item *item);

/* Masks, in place, runs of 13 to 19 digits (single blanks or hyphens between them allowed) that
 * pass the check digit of card numbers. For free text. Returns how many runs. */
int field_mask_card_numbers(char *text, size_t bytes);

#endif
