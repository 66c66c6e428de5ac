#include "authz/match.h"

#include "authz/classify.h"

/* Weights, ordered as the guide orders its rules. What both sides have and what differs speaks
 * against a pair; what one side lacks says nothing. */
enum {
    SCORE_ID = 100,
    SCORE_TRACE = 60,
    SCORE_TRACE_DIFFERS = -60,
    SCORE_REFERENCE = 60,
    SCORE_LINK = 30,
    SCORE_LINK_ALONE = 60, /* where one side has no trace */
    SCORE_AUTH_CODE = 20,
    SCORE_AMOUNT = 10,
    SCORE_MERCHANT = 5,
    SCORE_TERMINAL = 5,
    SCORE_ENOUGH = 60,
    SCORE_LEAD = 20,
    CANDIDATES_MAX = 32,
};

struct candidate {
    uint64_t payment;
    int score;
    const char *rule;
    bool named;  /* Matching_Txn_ID points into it */
    bool traced; /* its trace is the message's */
};

struct candidates {
    size_t count;
    bool overflow;
    struct candidate list[CANDIDATES_MAX];
};

bool match_row_authorises(enum message_row row)
{
    static const enum message_row rows[] = {
        ROW_A1_AUTHORISATION,   ROW_A3_PRE_AUTHORISATION, ROW_A4_FUEL,      ROW_A5_REPEAT,
        ROW_A6_ACCOUNT_CHECK,   ROW_A7_BALANCE_ENQUIRY,   ROW_A8_CASH,      ROW_A9_CASHBACK,
        ROW_A13_FUNDING,        ROW_A16_DECLINED,         ROW_A17_APPROVED, ROW_J1_ADVICE_APPROVED,
        ROW_J2_ADVICE_DECLINED,
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i] == row) {
            return true;
        }
    }
    return false;
}

/* Whether a statement is what reversals, advices and presentments can be about. */
static bool is_authorisation(const struct statement *statement)
{
    return match_row_authorises(statement->row) && statement->type != 'M';
}

static bool same(int64_t a, int64_t b)
{
    return a != 0 && a == b;
}

static bool differ(int64_t a, int64_t b)
{
    return a != 0 && b != 0 && a != b;
}

/* A fuel reversal carries its trace in the message's own field only. */
static int64_t trace_of(const struct statement *statement)
{
    return statement->trace_key != 0 ? statement->trace_key : statement->trace_message_key;
}

static bool same_amount(const struct statement *a, const struct statement *b)
{
    return a->txn_currency == b->txn_currency && a->txn_e4 != 0 && a->txn_e4 == b->txn_e4;
}

static int score_links(const struct statement *a, const struct statement *b)
{
    if (!same(a->link_key, b->link_key)) {
        return 0;
    }
    return trace_of(a) == 0 || trace_of(b) == 0 ? SCORE_LINK_ALONE : SCORE_LINK;
}

/* What besides the references speaks for or against the pair. */
static int score_signs(const struct statement *a, const struct statement *b, bool traced)
{
    int score = 0;

    if (same(a->auth_code_key, b->auth_code_key)) {
        score += SCORE_AUTH_CODE;
    } else if (differ(a->auth_code_key, b->auth_code_key) && !traced) {
        score -= SCORE_AUTH_CODE; /* each authorisation of one trace has a code of its own */
    }
    score += same_amount(a, b) ? SCORE_AMOUNT : 0;
    score += same(a->merchant_key, b->merchant_key) ? SCORE_MERCHANT : 0;
    score += same(a->terminal_key, b->terminal_key) ? SCORE_TERMINAL : 0;
    return score;
}

/* False when nothing ties the two together, or when they cannot belong together. */
static bool score_pair(const struct statement *message, const struct payment_entry *entry,
                       struct candidate *candidate)
{
    const struct statement *other = &entry->statement;
    bool named = message->matching_txn_id != 0 && message->matching_txn_id == other->txn_id;
    bool traced = same(trace_of(message), trace_of(other));
    bool referred = same(message->acquirer_ref_key, other->acquirer_ref_key);
    int link = score_links(message, other);

    if (!is_authorisation(other) || (!named && !traced && !referred && link == 0) ||
        (message->txn_currency != other->txn_currency && !named && !traced)) {
        return false;
    }
    int score = (named ? SCORE_ID : 0) + (traced ? SCORE_TRACE : 0) +
                (referred ? SCORE_REFERENCE : 0) + link + score_signs(message, other, traced);
    if (differ(trace_of(message), trace_of(other))) {
        score += SCORE_TRACE_DIFFERS;
    }
    *candidate = (struct candidate){
        .payment = entry->payment,
        .score = score,
        .rule = named      ? "id"
                : traced   ? "trace"
                : referred ? "reference"
                           : "link",
        .named = named,
        .traced = traced,
    };
    return true;
}

/* A payment scores as its best entry does. */
static void add_candidate(struct candidates *candidates, const struct candidate *found)
{
    for (size_t i = 0; i < candidates->count; i++) {
        struct candidate *known = &candidates->list[i];
        if (known->payment == found->payment) {
            bool named = known->named || found->named, traced = known->traced || found->traced;
            if (found->score > known->score) {
                *known = *found;
            }
            known->named = named;
            known->traced = traced;
            return;
        }
    }
    if (candidates->count == CANDIDATES_MAX) {
        candidates->overflow = true;
        return;
    }
    candidates->list[candidates->count++] = *found;
}

/* An id that points at one payment and a trace that points at another: somebody is wrong. */
static bool references_disagree(const struct candidates *candidates)
{
    uint64_t named = 0, traced = 0;

    for (size_t i = 0; i < candidates->count; i++) {
        named = candidates->list[i].named ? candidates->list[i].payment : named;
        traced = candidates->list[i].traced ? candidates->list[i].payment : traced;
    }
    for (size_t i = 0; i < candidates->count; i++) {
        if (candidates->list[i].named && candidates->list[i].traced) {
            return false;
        }
    }
    return named != 0 && traced != 0;
}

static struct match judge(const struct candidates *candidates)
{
    const struct candidate *best = NULL;
    int second = 0;

    for (size_t i = 0; i < candidates->count; i++) {
        const struct candidate *candidate = &candidates->list[i];
        if (best == NULL || candidate->score > best->score) {
            second = best != NULL ? best->score : 0;
            best = candidate;
        } else if (candidate->score > second) {
            second = candidate->score;
        }
    }
    if (best == NULL || best->score <= 0) {
        return (struct match){.kind = MATCH_NONE, .rule = "none"};
    }
    bool reliable = best->score >= SCORE_ENOUGH && best->score - second >= SCORE_LEAD &&
                    !candidates->overflow && !references_disagree(candidates);
    return (struct match){
        .kind = reliable ? MATCH_FOUND : MATCH_UNRELIABLE,
        .payment = reliable ? best->payment : 0,
        .score = best->score,
        .rule = best->rule,
    };
}

struct match match_find_with(const struct statement *message, const struct payment_entry *entries,
                             size_t count, const struct payment_entry *newcomer)
{
    struct candidates candidates = {.count = 0};
    struct candidate candidate;

    for (size_t i = 0; i < count; i++) {
        if (score_pair(message, &entries[i], &candidate)) {
            add_candidate(&candidates, &candidate);
        }
    }
    if (newcomer != NULL && score_pair(message, newcomer, &candidate)) {
        add_candidate(&candidates, &candidate);
    }
    return judge(&candidates);
}

struct match match_find(const struct statement *message, const struct payment_entry *entries,
                        size_t count)
{
    return match_find_with(message, entries, count, NULL);
}

/* --- authorisations: only identity, a name, or trace and currency count between two of them --- */

static bool is_credit(const struct statement *statement)
{
    return classify_direction(statement->proc, statement->bill_e4) == DIRECTION_CREDIT &&
           statement->type == 'A';
}

static bool has_same_id(const struct statement *message, const struct statement *other)
{
    return other->txn_id == message->txn_id;
}

static bool is_named_by(const struct statement *message, const struct statement *other)
{
    return other->matching_txn_id == message->txn_id && other->token == message->token;
}

static bool shares_trace(const struct statement *message, const struct statement *other)
{
    return same(message->trace_key, other->trace_key) && other->token == message->token &&
           message->txn_currency == other->txn_currency && !is_credit(other) &&
           (is_authorisation(other) || other->row == ROW_F0_DUMMY);
}

/* A subscription names its predecessor too, and is a payment of its own. */
static bool names(const struct statement *message, const struct statement *other)
{
    return message->matching_txn_id != 0 && message->matching_txn_id == other->txn_id &&
           other->token == message->token && !message->recurring && is_authorisation(other) &&
           !is_credit(other);
}

struct match match_authorisation(const struct statement *message,
                                 const struct payment_entry *entries, size_t count)
{
    static const struct {
        bool (*holds)(const struct statement *message, const struct statement *other);
        const char *rule;
        int score;
    } rules[] = {
        {has_same_id,  "same id",  MATCH_CERTAIN},
        {is_named_by,  "named by", SCORE_ID     },
        {shares_trace, "trace",    SCORE_TRACE  },
        {names,        "id",       SCORE_ID     },
    };

    for (size_t r = 0; r < sizeof rules / sizeof rules[0]; r++) {
        uint64_t payment = 0; /* the oldest by id, should there be several */
        for (size_t i = 0; i < count; i++) {
            if (rules[r].holds(message, &entries[i].statement) &&
                (payment == 0 || entries[i].payment < payment)) {
                payment = entries[i].payment;
            }
        }
        if (payment != 0) {
            return (struct match){MATCH_FOUND, payment, rules[r].score, rules[r].rule};
        }
    }
    return (struct match){.kind = MATCH_NONE, .rule = "none"};
}

/* --- repeats: messages that are one authorisation under several ids --- */

static bool is_repeatable(const struct statement *statement)
{
    return statement->type == 'A' && is_authorisation(statement) && !is_credit(statement) &&
           statement->bill_e4 != 0 && statement->role != ROLE_VOID;
}

static bool is_stamped_alike(const struct statement *a, const struct statement *b)
{
    return same(a->retrieval_key, b->retrieval_key) && same(a->sent_at_key, b->sent_at_key);
}

/* How surely `repeat` says `original` again: 0 not at all, 1 likely (a 0101 whose stamps nobody
 * sent, of the same amount), 2 surely. */
static int repeats(const struct statement *repeat, const struct statement *original)
{
    if (repeat->txn_id == original->txn_id || !same(repeat->trace_key, original->trace_key) ||
        repeat->token != original->token || repeat->txn_currency != original->txn_currency ||
        !is_repeatable(repeat) || !is_repeatable(original)) {
        return 0;
    }
    bool stamped = is_stamped_alike(repeat, original), amount = same_amount(repeat, original);
    if ((repeat->mtid == 101) == (original->mtid == 101)) {
        return stamped && amount ? 2 : 0;
    }
    if (differ(repeat->link_key, original->link_key) ||
        differ(repeat->retrieval_key, original->retrieval_key) ||
        differ(repeat->sent_at_key, original->sent_at_key) ||
        differ(repeat->terminal_key, original->terminal_key)) {
        return 0;
    }
    return stamped ? 2 : amount ? 1 : 0;
}

/* Of two originals of one repeat: the surer; then the newest before the repeat; then the oldest. */
static bool is_better(const struct statement *repeat, const struct statement *a,
                      const struct statement *b)
{
    int sure_a = repeats(repeat, a), sure_b = repeats(repeat, b);
    bool before_a = a->txn_id < repeat->txn_id, before_b = b->txn_id < repeat->txn_id;

    if (sure_a != sure_b) {
        return sure_a > sure_b;
    }
    if (before_a != before_b) {
        return before_a;
    }
    return before_a ? a->txn_id > b->txn_id : a->txn_id < b->txn_id;
}

/* The best entry of the wanted MTID that `repeat` says again. */
static const struct payment_entry *find_original(const struct statement *repeat, uint16_t mtid,
                                                 const struct payment_entry *entries, size_t count)
{
    const struct payment_entry *best = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct statement *other = &entries[i].statement;
        if (other->mtid == mtid && repeats(repeat, other) > 0 &&
            (best == NULL || is_better(repeat, other, &best->statement))) {
            best = &entries[i];
        }
    }
    return best;
}

/* A 0101 that came before this 0100, and of which no other 0100 is a better original. */
static const struct payment_entry *find_early_repeat(const struct statement *original,
                                                     const struct payment_entry *entries,
                                                     size_t count)
{
    const struct payment_entry *found = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct statement *repeat = &entries[i].statement;
        if (repeat->mtid != 101 || repeats(repeat, original) == 0) {
            continue;
        }
        const struct payment_entry *rival = find_original(repeat, 100, entries, count);
        bool ours = rival == NULL || rival->statement.txn_id == original->txn_id ||
                    is_better(repeat, original, &rival->statement);
        if (ours && (found == NULL || repeat->txn_id < found->statement.txn_id)) {
            found = &entries[i];
        }
    }
    return found;
}

const struct payment_entry *match_repeat(const struct statement *request,
                                         const struct payment_entry *entries, size_t count)
{
    const struct payment_entry *found = find_original(request, 100, entries, count);

    if (found == NULL) {
        found = request->mtid == 101 ? find_original(request, 101, entries, count)
                                     : find_early_repeat(request, entries, count);
    }
    return found;
}
