/* Looking at TCP ports of this machine: is it free, does it say that it is ready?
 *
 * Threads: any.   Owns: nothing.   May include: base.
 */
#ifndef OPS_SANDBOX_PROBE_H
#define OPS_SANDBOX_PROBE_H

#include <stddef.h>

#include "base/error.h"

/* Fails with the remedy (`option` names what to change) when something listens on 127.0.0.1:port.
 */
MUST_USE bool sandbox_probe_free(int port, const char *option, struct error *error);
/* A port of 127.0.0.1 that nothing listens on just now; 0 when there is none. */
int sandbox_probe_any(void);
/* GET http://127.0.0.1:port/path: the status (200, 503 …), or 0 when there is no answer within a
 * second. `body` gets the start of the answer's body, NUL-ended. */
int sandbox_probe_get(int port, const char *path, char *body, size_t body_bytes);

#endif
