#include "authz/decide_again.h"

#include <string.h>

#include "authz/set.h"
#include "base/money.h"

/* What the outcome of a stored request says: 'Y' approved, 'N' declined, 0 nothing yet. *ret_own is
 * the request's authorisation as the set has it now, or NULL. */
static char outcome_of(const struct facts *facts, struct decide_scratch *scratch, char code[3],
                       const struct authorisation **ret_own)
{
    const struct statement *outcome = &facts->outcome->statement;
    uint64_t txn_id = facts->statement->txn_id;

    *ret_own = NULL;
    for (size_t i = 0; facts->account != NULL && i < facts->entry_count; i++) {
        if (facts->entries[i].statement.txn_id == txn_id) {
            set_begin(&scratch->set, facts, facts->entries[i].payment);
            const struct authorisation *own = payment_find(&scratch->set.before, txn_id);
            *ret_own = own;
            const struct statement *word =
                own != NULL && own->by_advice
                    ? set_find(&scratch->set, own->word_txn_id, ROLE_OUTCOME)
                    : NULL;
            if (word != NULL) {
                codes_echo(word->response, code);
                return word->row == ROW_J1_ADVICE_APPROVED ? 'Y' : 'N';
            }
            break;
        }
    }
    if (facts->outcome->known && outcome->row == ROW_A17_APPROVED) {
        return 'Y';
    }
    if (facts->outcome->known && outcome->row == ROW_A16_DECLINED) {
        codes_echo(outcome->response, code);
        return 'N';
    }
    return 0;
}

static bool is_voided(const struct facts *facts)
{
    for (size_t i = 0; i < facts->entry_count; i++) {
        const struct statement *statement = &facts->entries[i].statement;
        if (statement->row == ROW_VOID && statement->txn_id == facts->statement->txn_id) {
            return true;
        }
    }
    return false;
}

/* Approved elsewhere: the whole or a part, whatever we had answered. */
static void approve_again(const struct authorisation *own, bool approving,
                          struct decision *decision)
{
    struct reply *reply = &decision->reply;
    int64_t part_minor = own != NULL ? own->partial_minor : 0;

    if (own == NULL && approving) {
        return; /* of no payment: nobody knows better than what is stored */
    }
    const char *code = part_minor > 0 ? "10" : "00";
    if (strcmp(reply->response, code) == 0 && reply->approved_minor == part_minor) {
        return;
    }
    memcpy(reply->response, code, 3);
    reply->approved_minor = part_minor;
    decision->reason = part_minor > 0 ? REASON_APPROVED_PARTIALLY : REASON_APPROVED;
    decision->rule = "seen before; its outcome rules";
}

/* The stored answer must not approve what stands declined, nor the other way round, nor more than
 * stands. */
void decide_again(const struct facts *facts, struct decide_scratch *scratch,
                  struct decision *decision)
{
    char code[3] = "05";
    const struct authorisation *own = NULL;
    char outcome = facts->account != NULL && money_exponent(facts->account->currency) >= 0
                       ? outcome_of(facts, scratch, code, &own)
                       : (char)0;
    struct reply *reply = &decision->reply;

    *reply = facts->request->reply;
    decision->disposition = DISPOSE_REPEAT;
    decision->statement = facts->request->statement;
    decision->reason = (enum reason)facts->request->statement.reason;
    decision->rule = "seen before";
    decision->actor = "host";
    bool approving = strcmp(reply->response, "00") == 0 || strcmp(reply->response, "10") == 0;
    if (outcome == 'Y') {
        approve_again(own, approving, decision);
    } else if (outcome == 'N' && approving) {
        memcpy(reply->response, code, sizeof code);
        reply->approved_minor = 0;
        decision->reason = REASON_PROCESSOR;
        decision->rule = "seen before; its outcome rules";
    } else if (outcome == 0 && approving && is_voided(facts)) {
        memcpy(reply->response,
               codes_decline(REASON_UNTOLD, facts->statement->scheme,
                             facts->classification->direction == DIRECTION_CREDIT),
               3);
        reply->approved_minor = 0;
        decision->reason = REASON_UNTOLD;
        decision->rule = "seen before; taken back";
    }
}
