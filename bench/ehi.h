/* An EHI message of version 5.2 as text: its elements in the order of the processor's WSDL.
 *
 * The generator works on texts, because texts are what travels: a repeat is a copy with another
 * SendingAttemptCount, and a wrong value is just another text.
 *
 * Threads: plain values.   Owns: nothing.   May include: libc only.
 */
#ifndef BENCH_EHI_H
#define BENCH_EHI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    EHI_ELEMENTS = 165,
    EHI_VALUE_BYTES = 96,
    EHI_BODY_BYTES = 32768, /* room for any body */
};

struct ehi {
    char values[EHI_ELEMENTS][EHI_VALUE_BYTES]; /* "": no value */
};

/* What the processor sends where there is nothing to say: zeros in amounts and counters. */
void ehi_init(struct ehi *ehi);
/* Sets an element; the name must exist and the text fit (asserted). */
void ehi_set(struct ehi *ehi, const char *element, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
const char *ehi_get(const struct ehi *ehi, const char *element);
/* Sets an amount of 10^-4 units: "-23.4500". */
void ehi_set_e4(struct ehi *ehi, const char *element, int64_t amount_e4);

enum ehi_form {
    EHI_FULL,    /* every element, empty where unused: about 5 kB */
    EHI_COMPACT, /* only elements with a value */
};
/* The whole envelope. Returns its bytes (without the NUL that follows). */
size_t ehi_write(const struct ehi *ehi, enum ehi_form form, char body[EHI_BODY_BYTES]);

#define EHI_SOAPACTION "\"http://tempuri.org/IEndpointVersion52/GetTransaction\""

#endif
