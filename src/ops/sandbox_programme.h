/* The sandbox's demo programme: cards with tokens 100000001 and on, in turn GBP, EUR and JPY, each
 * with an account of its own and 100,000.00 (JPY 10,000,000) on it.
 *
 * Threads: one.   Owns: nothing.   May include: base, ledger/operator.h, ops/sandbox_home.h.
 */
#ifndef OPS_SANDBOX_PROGRAMME_H
#define OPS_SANDBOX_PROGRAMME_H

#include "ops/sandbox_home.h"

enum {
    SANDBOX_FIRST_TOKEN = 100000001,
    SANDBOX_CARDS_DEFAULT = 12,
    SANDBOX_CARDS_MAX = 10000000,
    SANDBOX_LOAD_MAJOR = 100000, /* of GBP and EUR */
    SANDBOX_LOAD_JPY = 10000000,
};

/* Makes the cards that are missing up to `count`, in transactions of a thousand, and remembers in
 * `home` how far it got, so that it can be killed and run again. */
MUST_USE bool sandbox_programme_make(struct sandbox_home *home, const char *operator_conninfo,
                                     int64_t count, struct error *error);

/* Writes a first authorisation (4.20 of the first card's GBP) with a TXn_ID of its own. */
MUST_USE bool sandbox_programme_write_example(const char *path, struct error *error);

#endif
