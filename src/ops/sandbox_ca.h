/* The sandbox's certificates: a development authority, one for the server, one for a client.
 *
 * The authority's key signs both and is forgotten: nothing else can ever be issued in its name, so
 * the directory holds no secret worth more than the sandbox itself. Keys are ECDSA P-256, for which
 * a handshake costs the server least.
 *
 * Threads: any.   Owns: nothing.   May include: base, gnutls.
 */
#ifndef OPS_SANDBOX_CA_H
#define OPS_SANDBOX_CA_H

#include "base/error.h"

/* Makes ca.pem, server.pem, server.key, client.pem and client.key in `directory` (which exists),
 * valid for ten years; the server's for localhost, 127.0.0.1 and ::1. Files appear whole or not at
 * all. Does nothing when all five are there; *made (may be NULL) says whether it did. */
MUST_USE bool sandbox_ca_make(const char *directory, bool *made, struct error *error);

#endif
