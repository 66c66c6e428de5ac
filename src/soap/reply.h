/* The reply's bytes: GetTransactionResponse, Cut_OffResponse, or a SOAP fault.
 *
 * Elements in the order of the WSDL, every numeric one present (0 where unused), amounts as plain
 * decimals with the currency's digits and at least two, no namespace declaration below the response
 * element: what makes the processor send again, or decline, is in docs/wire.md.
 *
 * Threads: pure.   Owns: nothing.   May include: base, authz/message.h.
 */
#ifndef SOAP_REPLY_H
#define SOAP_REPLY_H

#include "authz/message.h"
#include "soap/parse.h"

enum {
    REPLY_BYTES = 2048,
    REPLY_NAMESPACE_MAX = 256,
};

struct reply_form {
    const char
        *namespace; /* "http://tempuri.org/"; at most REPLY_NAMESPACE_MAX bytes, no '<', '&', '"' */
    bool
        shape_message; /* <tns:GetTransactionResponse><ResponseMsg> of the single-message systems */
};

/* Bytes written, NUL not counted: always fits. */
size_t reply_render(const struct reply_form *form, const struct reply *reply,
                    char buffer[REPLY_BYTES]);
size_t reply_render_fault(enum parse_fault fault, const char *sentence, char buffer[REPLY_BYTES]);

#endif
