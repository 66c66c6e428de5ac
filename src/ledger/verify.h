/* Verify: proves that the books are sound and that their history is whole.
 *
 * One check an invariant of docs/ledger.md, each a statement of its own
 * (src/ledger/sql/verify_*.sql, named as the check), so each sees one consistent state. Two are
 * computed here, by the code that also writes: the hashes of the chain, and the roots of its
 * anchors. Nothing is ever repaired: a repair is a journal with the code "correction".
 *
 * Threads: a session is owned by one thread.   Owns: nothing.
 * May include: base, ledger/report.h, ledger/chain.h.
 */
#ifndef LEDGER_VERIFY_H
#define LEDGER_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/hash.h"
#include "ledger/report.h"

enum { VERIFY_FIRST_BYTES = 128, VERIFY_SENTENCE_BYTES = 160 };

struct verify_check {
    const char *name;               /* static */
    int64_t rows;                   /* looked at */
    int64_t violations;             /* 0: sound */
    char first[VERIFY_FIRST_BYTES]; /* one of them; "" when sound */
};

/* How many checks there are, and their names in the order they run. */
size_t verify_count(void);
const char *verify_name(size_t i);
/* What must hold, in words: from the check's own file. "" for a name that is not in the list.
 * Returns buffer. */
const char *verify_sentence(const char *name, char buffer[VERIFY_SENTENCE_BYTES]);
/* Runs the i-th. False only when it could not be run. */
MUST_USE bool verify_run(struct report *report, size_t i, struct verify_check *check,
                         struct error *error);

/* The check "anchor_given": that every root that was kept elsewhere is that of an anchor, that the
 * anchor's own heads give this root, and that these heads are in the chains. */
struct verify_root {
    uint8_t bytes[HASH_BYTES];
};
MUST_USE bool verify_roots(struct report *report, const struct verify_root *roots, size_t count,
                           struct verify_check *check, struct error *error);

#endif
