/* Effects: how a decision is filled in.
 *
 * Threads: pure.   Owns: nothing.   May include: base, authz/decide.h.
 */
#ifndef AUTHZ_EFFECT_H
#define AUTHZ_EFFECT_H

#include "authz/decide.h"
#include "base/error.h"

/* The answer and why; also into the statement that is stored. `rule` is static. */
void effect_answer(struct decision *decision, const char *response, enum reason reason,
                   const char *rule);
/* Stores the message in the payment. */
void effect_link(struct decision *decision, uint64_t payment);
void effect_event(struct decision *decision, enum event_type type);

/* How changes of holds are booked. */
struct effect_codes {
    uint64_t ours; /* the authorisation whose growth is our approval; 0: none */
    enum transfer_code growth, reduction;
};

/* Lists what differs between two states of a payment, reductions first. False, and no change
 * listed, when there are more than DECISION_CHANGES_MAX or when the account's figures would leave
 * their range. */
MUST_USE bool effect_changes(const struct facts *facts, const struct payment_holds *before,
                             const struct payment_holds *after, const struct effect_codes *codes,
                             struct decision *decision);
/* The sum of the listed changes. */
int64_t effect_net(const struct decision *decision);

/* No change goes untold: names the net effect when nothing else was said. */
void effect_tell(struct decision *decision);

/* The message cannot be kept in its payment (limits): a request is declined and stored alone,
 * anything else is refused until an operator has looked. */
void effect_fail(const struct facts *facts, struct decision *decision, const char *rule);

/* The account as the message found it goes into the statement, and as it leaves it into the reply.
 */
void effect_balances(const struct facts *facts, struct decision *decision);

#endif
