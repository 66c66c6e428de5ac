#include "authz/statement.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "base/money.h"

/* The bytes: little-endian fields one after another, in the order of write_fields. A field that is
 * added later goes to the end under a new version; the ones that are here never move. */

enum {
    FLAG_RECURRING = 1,
    FLAG_INCREMENTAL_HINT = 2,
    FLAG_AFD_CONFIRMATION = 4,
    FLAG_APPROVED = 8,
    FLAGS_ALL = 15,
    WHY_INCREMENTAL = 56,
    WHY_AFD_CONFIRMATION = 34,
    REASON_ID_INCREMENTAL = 3900,
    POS_DATA_RECURRING = '4',
    ENCODED_BYTES = 230, /* of a statement of this version */
};
static_assert((int)ENCODED_BYTES <= (int)STATEMENT_BYTES, "a statement has to fit into its room");

/* One walk serves both ways, so that reading and writing cannot disagree. */
struct walk {
    uint8_t *out;      /* NULL while reading */
    const uint8_t *in; /* NULL while writing */
    size_t at;
};

static uint64_t walk_bytes(struct walk *walk, uint64_t value, size_t bytes)
{
    uint64_t got = 0;

    assert(walk->at + bytes <= STATEMENT_BYTES);
    for (size_t i = 0; i < bytes; i++) {
        if (walk->out != NULL) {
            walk->out[walk->at + i] = (uint8_t)(value >> (8 * i));
        } else {
            got |= (uint64_t)walk->in[walk->at + i] << (8 * i);
        }
    }
    walk->at += bytes;
    return walk->out != NULL ? value : got;
}

static void walk_u64(struct walk *walk, uint64_t *field)
{
    *field = walk_bytes(walk, *field, 8);
}

static void walk_i64(struct walk *walk, int64_t *field)
{
    *field = (int64_t)walk_bytes(walk, (uint64_t)*field, 8);
}

static void walk_u16(struct walk *walk, uint16_t *field)
{
    *field = (uint16_t)walk_bytes(walk, *field, 2);
}

static void walk_u8(struct walk *walk, uint8_t *field)
{
    *field = (uint8_t)walk_bytes(walk, *field, 1);
}

static void walk_char(struct walk *walk, char *field)
{
    *field = (char)walk_bytes(walk, (unsigned char)*field, 1);
}

static void walk_code(struct walk *walk, char code[3])
{
    walk_char(walk, &code[0]);
    walk_char(walk, &code[1]);
    code[2] = '\0';
}

static uint8_t flags_of(const struct statement *statement)
{
    return (uint8_t)((statement->recurring ? FLAG_RECURRING : 0) |
                     (statement->incremental_hint ? FLAG_INCREMENTAL_HINT : 0) |
                     (statement->afd_confirmation ? FLAG_AFD_CONFIRMATION : 0) |
                     (statement->approved ? FLAG_APPROVED : 0));
}

static void walk_said(struct walk *walk, struct statement *s)
{
    uint8_t role = (uint8_t)s->role, row = (uint8_t)s->row, scheme = (uint8_t)s->scheme;
    uint64_t token = (uint32_t)s->token;

    walk_u64(walk, &s->txn_id);
    walk_u64(walk, &s->matching_txn_id);
    walk_u8(walk, &role);
    walk_u8(walk, &row);
    walk_u8(walk, &scheme);
    s->role = (enum message_role)role;
    s->row = (enum message_row)row;
    s->scheme = (enum message_scheme)scheme;
    s->token = (int32_t)(uint32_t)walk_bytes(walk, token, 4);
    walk_u16(walk, &s->mtid);
    walk_char(walk, &s->type);
    walk_char(walk, &s->authorised_by);
    walk_char(walk, &s->stat);
    walk_char(walk, &s->auth_type);
    walk_code(walk, s->response);
    walk_u8(walk, &s->proc);
    walk_u16(walk, &s->mcc);
    walk_i64(walk, &s->product);
    walk_u8(walk, &s->attempt);
    walk_i64(walk, &s->bill_e4);
    walk_i64(walk, &s->txn_e4);
    walk_u16(walk, &s->bill_currency);
    walk_u16(walk, &s->txn_currency);
    walk_i64(walk, &s->fee_fixed_e4);
    walk_i64(walk, &s->fee_rate_e4);
    walk_i64(walk, &s->fx_pad_e4);
    walk_i64(walk, &s->mcc_pad_e4);
}

static void walk_keys(struct walk *walk, struct statement *s)
{
    walk_i64(walk, &s->trace_key);
    walk_i64(walk, &s->link_key);
    walk_i64(walk, &s->trace_message_key);
    walk_i64(walk, &s->network_key);
    walk_i64(walk, &s->retrieval_key);
    walk_i64(walk, &s->acquirer_ref_key);
    walk_i64(walk, &s->merchant_key);
    walk_i64(walk, &s->terminal_key);
    walk_i64(walk, &s->sent_at_key);
    walk_i64(walk, &s->auth_code_key);
}

/* Returns the flags, which the caller spreads (reading) or has already made (writing). */
static uint8_t walk_answer(struct walk *walk, struct statement *s)
{
    uint8_t flags = flags_of(s);

    walk_u8(walk, &flags);
    walk_code(walk, s->answer);
    walk_u8(walk, &s->reason);
    walk_i64(walk, &s->approved_minor);
    walk_u64(walk, &s->repeat_of);
    walk_i64(walk, &s->decided_at_us);
    walk_i64(walk, &s->posted_minor);
    walk_i64(walk, &s->held_minor);
    walk_i64(walk, &s->overdraft_minor);
    walk_u8(walk, &s->card_status);
    walk_u8(walk, &s->account_status);
    return flags;
}

size_t statement_encode(const struct statement *statement, uint8_t bytes[STATEMENT_BYTES])
{
    struct walk walk = {.out = bytes};
    struct statement copy = *statement;

    walk_bytes(&walk, STATEMENT_VERSION, 1);
    walk_said(&walk, &copy);
    walk_keys(&walk, &copy);
    walk_answer(&walk, &copy);
    assert(walk.at == ENCODED_BYTES);
    return walk.at;
}

static bool is_wire_amount(int64_t e4)
{
    return e4 >= -MONEY_E4_MAX && e4 <= MONEY_E4_MAX;
}

/* What arithmetic later relies on: bytes that came from outside prove nothing about it. */
static bool is_sound(const struct statement *s)
{
    bool role = s->role == ROLE_REQUEST || s->role == ROLE_OUTCOME || s->role == ROLE_VOID;

    return role && s->row <= ROW_VOID && s->scheme <= SCHEME_VISA && is_wire_amount(s->bill_e4) &&
           is_wire_amount(s->txn_e4) && is_wire_amount(s->fee_fixed_e4) &&
           is_wire_amount(s->fee_rate_e4) && is_wire_amount(s->fx_pad_e4) &&
           is_wire_amount(s->mcc_pad_e4) && s->approved_minor >= 0 &&
           s->approved_minor <= MONEY_MINOR_MAX;
}

bool statement_decode(const uint8_t *bytes, size_t count, struct statement *statement)
{
    struct walk walk = {.in = bytes};
    struct statement read = {.txn_id = 0};

    if (count != ENCODED_BYTES || walk_bytes(&walk, 0, 1) != STATEMENT_VERSION) {
        return false;
    }
    walk_said(&walk, &read);
    walk_keys(&walk, &read);
    uint8_t flags = walk_answer(&walk, &read);
    if (flags > FLAGS_ALL || !is_sound(&read)) {
        return false;
    }
    read.recurring = (flags & FLAG_RECURRING) != 0;
    read.incremental_hint = (flags & FLAG_INCREMENTAL_HINT) != 0;
    read.afd_confirmation = (flags & FLAG_AFD_CONFIRMATION) != 0;
    read.approved = (flags & FLAG_APPROVED) != 0;
    *statement = read;
    return true;
}

static int64_t key_of(const char *text)
{
    return hash_key(text, strlen(text));
}

void statement_of_message(const struct message *message, enum message_role role,
                          enum message_row row, enum message_scheme scheme,
                          struct statement *statement)
{
    *statement = (struct statement){
        .txn_id = message->txn_id,
        .matching_txn_id = message->matching_txn_id,
        .role = role,
        .row = row,
        .scheme = scheme,
        .token = message->token,
        .mtid = message->mtid,
        .type = message->type,
        .authorised_by = message->authorised_by,
        .stat = message->stat,
        .auth_type = message->auth_type,
        .response = {message->response[0], message->response[1], '\0'},
        .proc = message->proc,
        .mcc = message->mcc,
        .product = message->product,
        .attempt = (uint8_t)(message->attempt < 0     ? 0
                             : message->attempt > 255 ? 255
                                                      : message->attempt),
        .bill_e4 = message->bill_e4,
        .txn_e4 = message->txn_e4,
        .bill_currency = message->bill_currency,
        .txn_currency = message->txn_currency,
        .fee_fixed_e4 = message->fee_fixed_e4,
        .fee_rate_e4 = message->fee_rate_e4,
        .fx_pad_e4 = message->fx_pad_e4,
        .mcc_pad_e4 = message->mcc_pad_e4,
        .trace_key = key_of(message->trace),
        .link_key = key_of(message->link),
        .trace_message_key = key_of(message->trace_message),
        .network_key = key_of(message->network_txn_id),
        .retrieval_key = key_of(message->retrieval_ref),
        .acquirer_ref_key = key_of(message->acquirer_ref),
        .merchant_key = key_of(message->merchant_id),
        .terminal_key = key_of(message->terminal),
        .sent_at_key = key_of(message->sent_at_de07),
        .auth_code_key = key_of(message->auth_code),
        .recurring = message->pos_data[0] == POS_DATA_RECURRING,
        .incremental_hint = message->message_why == WHY_INCREMENTAL ||
                            message->response_why == WHY_INCREMENTAL ||
                            message->reason_id == REASON_ID_INCREMENTAL,
        .afd_confirmation = message->message_why == WHY_AFD_CONFIRMATION,
    };
}

static bool differ_where_both_have(int64_t a, int64_t b)
{
    return a != 0 && b != 0 && a != b;
}

static bool is_partial(const struct statement *statement)
{
    return strcmp(statement->response, "10") == 0;
}

bool statement_conflicts(const struct statement *a, const struct statement *b)
{
    if (a->token != b->token || a->mtid != b->mtid || a->type != b->type || a->proc != b->proc ||
        a->bill_currency != b->bill_currency || a->txn_currency != b->txn_currency) {
        return true;
    }
    if (a->txn_e4 != b->txn_e4 && !is_partial(a) && !is_partial(b)) {
        return true;
    }
    return differ_where_both_have(a->trace_key, b->trace_key) ||
           differ_where_both_have(a->link_key, b->link_key);
}
