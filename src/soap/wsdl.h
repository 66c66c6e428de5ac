/* The WSDL that `?wsdl` serves: WSDL 1.1, document/literal, both operations, made from the field
 * table.
 *
 * Every element of a request is optional in it, because that is how we read them.
 *
 * Threads: pure.   Owns: nothing.   May include: soap/field.h.
 */
#ifndef SOAP_WSDL_H
#define SOAP_WSDL_H

#include <stddef.h>

enum { WSDL_ADDRESS_MAX = 1024 };

/* The document with `address` as the service's URL (escaped here; at most WSDL_ADDRESS_MAX bytes).
 * The caller frees it. NULL: no memory. Not for the hot path. */
char *wsdl_render(const char *address, const char *namespace, size_t *ret_bytes);

#endif
