/* Roots: anchors' hashes that were kept outside the database, from the command line or a log.
 *
 * A root is 64 hexadecimal digits. In a file, every word of that form counts that stands alone or
 * behind "root=" (logfmt) or "\"root\":\"" (JSON), so that a log of the daemon's is proof enough.
 *
 * Threads: one owner.   Owns: its array.   May include: base, ledger/verify.h.
 */
#ifndef OPS_ROOTS_H
#define OPS_ROOTS_H

#include "base/error.h"
#include "ledger/verify.h"

enum { ROOTS_MAX = 100000 };

struct roots {
    struct verify_root *items;
    size_t count, max;
};

/* Adds a root, or those of a file; a file without any is an error. */
MUST_USE bool roots_add(struct roots *roots, const char *hex_or_path, struct error *error);
void roots_finish(struct roots *roots);

#endif
