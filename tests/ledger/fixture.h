/* Fixture: a migrated database for each test, and short ways to look at it.
 *
 * Threads: one.   Owns: the database of the running test.   May include: base, ledger/, tests/lib.
 */
#ifndef TESTS_LEDGER_FIXTURE_H
#define TESTS_LEDGER_FIXTURE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/batch.h"
#include "ledger/ledger.h"
#include "tests/lib/cluster.h"

enum { GBP = 826, JPY = 392, KWD = 414 };
enum { FIXTURE_WAIT_US = 5000000 }; /* far more than anything here takes */

/* A fresh migrated database; a failure ends the test. Use as .init and .fini of a test. */
void fixture_begin(void);
void fixture_end(void);
/* conninfo of this test's database for a role. Static storage, one a role. */
const char *fixture_conninfo(const char *role);

/* Runs SQL as a role; the SQLSTATE, "00000" when it worked. */
const char *fixture_run(const char *role, const char *sql);
/* The first value of the first row as the administrator sees it, "" for NULL or no row. */
const char *fixture_value(const char *sql);
int64_t fixture_number(const char *sql);
/* Asserts that SQL worked, as administrator. */
void fixture_do(const char *sql);

/* Adds an account with a card, loaded with posted minor units by the ledger's own books, and
 * returns its id. */
int64_t fixture_card(int32_t token, uint16_t currency, int64_t posted);

struct ledger *fixture_ledger(void); /* as the writer; asserted */
int64_t fixture_deadline(void);      /* FIXTURE_WAIT_US from now */

/* A message as a lane would hand it over: an approved authorisation of `amount`. */
struct batch_message fixture_message(uint64_t txn_id, int role, int64_t account, int32_t token,
                                     int64_t amount);
struct batch_key fixture_key(uint64_t txn_id, int32_t token, int64_t trace_key);

/* Resets, adds one key, fetches; asserted. */
void fixture_fetch(struct ledger *ledger, struct batch *batch, const struct batch_key *key);
/* Commits; asserted to be durable. */
void fixture_commit(struct ledger *ledger, struct batch *batch);
/* A whole authorisation in one batch of its own: message, entry, hold, event. */
void fixture_authorise(struct ledger *ledger, struct batch *batch, uint64_t txn_id, int32_t token,
                       int64_t amount);

#endif
