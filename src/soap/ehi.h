/* EHI elements → message: what an element says goes into its member, and into the kept fields.
 *
 * Lenient in form: absent, empty, blank and xsi:nil are one thing, the same value twice is fine,
 * order does not matter. Strict in what decides: exact format and range, else the message is
 * malformed and names the first wrong element (docs/wire.md).
 *
 * Threads: one owner.   Owns: its plain memory (about 20 kB).   May include: base, authz/message.h.
 */
#ifndef SOAP_EHI_H
#define SOAP_EHI_H

#include "soap/field.h"

enum {
    /* Bytes kept free for elements that decide: all of them together take less. */
    EHI_RESERVE = 3072,
    /* Kept bytes of one deciding element; a correct one is shorter. */
    EHI_DECIDING_MAX = 64,
};

struct ehi {
    struct message message; /* .fields points into this struct */
    uint8_t fields[MESSAGE_FIELDS_MAX];
    uint16_t kept_at[FIELD_NUMBER_END]; /* offset in fields plus one; 0: no value yet */
    bool has[FIELD_NUMBER_END];         /* had a value, also when it was not kept */
    bool proc_malformed;
    bool readable; /* the id of the message (TXn_ID, CutoffID) is known: set by ehi_end */
    uint32_t repeated_differing, dropped, masked; /* elements */
};

void ehi_begin(struct ehi *ehi, enum message_operation operation);
/* One element as it came. `whole`: false when it was cut or had elements inside, which no value
 * that decides may have. */
void ehi_element(struct ehi *ehi, const struct field *field, const char *raw, size_t bytes,
                 bool whole);
/* After the last: what needs more than one element, and what must not be absent. */
void ehi_end(struct ehi *ehi);

#endif
