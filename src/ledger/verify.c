#include "ledger/verify.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "ledger/chain.h"
#include "ledger/session.h"

enum { ANCHOR_HEADS_MAX = 4096, NAME_BYTES = 64 };

static void note(struct verify_check *check, const char *what)
{
    if (check->violations++ == 0) {
        snprintf(check->first, sizeof check->first, "%s", what);
    }
}

static bool run_statement(struct report *report, const char *name, struct verify_check *check,
                          struct error *error)
{
    char statement[NAME_BYTES];
    bool row = false;

    snprintf(statement, sizeof statement, "verify_%s", name);
    if (!report_run(report, statement, NULL, 0, error) || !report_next(report, &row, error)) {
        return false;
    }
    if (!row) {
        return error_set(error, ERROR_INTERNAL, statement, "the check has no result");
    }
    check->rows = report_number(report, report_column(report, "rows"));
    check->violations = report_number(report, report_column(report, "violations"));
    snprintf(check->first, sizeof check->first, "%s",
             report_text(report, report_column(report, "first")));
    return true;
}

/* --- the chain --- */

static int64_t number(struct report *report, const char *name)
{
    return report_number(report, report_column(report, name));
}

static int64_t number_or_null(struct report *report, const char *name)
{
    const int column = report_column(report, name);
    return report_is_null(report, column) ? CHAIN_NULL : report_number(report, column);
}

/* 32 bytes, or zeros where there is NULL; false when it is something else. */
static bool digest(struct report *report, const char *name, uint8_t bytes[HASH_BYTES])
{
    size_t count = 0;
    memset(bytes, 0, HASH_BYTES);
    return report_bytes(report, report_column(report, name), bytes, HASH_BYTES, &count) &&
           (count == HASH_BYTES || count == 0);
}

/* A batch that is being hashed again. */
struct sealed {
    struct chain_header header;
    struct chain_hash hash;
    uint8_t expected[HASH_BYTES];
    uint32_t rows;
    bool open, readable;
};

static void begin_batch(struct report *report, struct sealed *sealed)
{
    *sealed = (struct sealed){
        .header = {.lane = number(report, "lane"),
                   .batch = number(report, "batch"),
                   .n = (uint32_t)number(report, "n"),
                   .at_us = number(report, "chain_at_us")},
        .open = true,
    };
    sealed->readable =
        digest(report, "prev", sealed->header.prev) && digest(report, "hash", sealed->expected);
    chain_begin(&sealed->hash, &sealed->header);
}

static void add_transfer(struct report *report, struct sealed *sealed)
{
    struct chain_row row = {
        .id = number(report, "id"),
        .journal_id = number(report, "journal_id"),
        .layer = (int16_t)number(report, "layer"),
        .debit = number(report, "debit"),
        .credit = number(report, "credit"),
        .amount = number(report, "amount"),
        .currency = (int16_t)number(report, "currency"),
        .code = (int16_t)number(report, "code"),
        .account = number(report, "account_id"),
        .version = number(report, "account_version"),
        .hold_txn_id = number_or_null(report, "hold_txn_id"),
        .hold_generation = (int16_t)number_or_null(report, "hold_generation"),
        .reverses = number_or_null(report, "reverses"),
        .posted_after = number(report, "posted_after"),
        .held_after = number(report, "held_after"),
        .overdraft_at = number(report, "overdraft_at"),
        .at_us = number(report, "at_us"),
        .business_date = (int32_t)number(report, "business_day"),
    };
    sealed->readable = digest(report, "message", row.message) && sealed->readable;
    chain_add(&sealed->hash, &row);
    sealed->rows++;
}

static void end_batch(struct sealed *sealed, struct verify_check *check)
{
    uint8_t found[HASH_BYTES];
    char what[64];

    if (!sealed->open) {
        return;
    }
    sealed->open = false;
    check->rows++;
    chain_end(&sealed->hash, found);
    if (!sealed->readable || sealed->rows != sealed->header.n ||
        memcmp(found, sealed->expected, HASH_BYTES) != 0) {
        snprintf(what, sizeof what, "%lld/%lld", (long long)sealed->header.lane,
                 (long long)sealed->header.batch);
        note(check, what);
    }
}

static bool run_chain_hash(struct report *report, struct verify_check *check, struct error *error)
{
    struct sealed sealed = {.open = false};
    bool row = false;

    if (!report_run(report, "verify_chain_hash", NULL, 0, error)) {
        return false;
    }
    while (report_next(report, &row, error)) {
        if (!row) {
            end_batch(&sealed, check);
            return true;
        }
        if (!sealed.open || sealed.header.lane != number(report, "lane") ||
            sealed.header.batch != number(report, "batch")) {
            end_batch(&sealed, check);
            begin_batch(report, &sealed);
        }
        if (!report_is_null(report, report_column(report, "id"))) {
            add_transfer(report, &sealed);
        }
    }
    return false;
}

/* --- anchors --- */

struct anchored {
    int64_t id;
    uint8_t root[HASH_BYTES];
    struct chain_head heads[ANCHOR_HEADS_MAX];
    size_t head_count;
    bool open, readable, present;
};

/* Is told of each anchor whether it is sound. */
typedef void on_anchor(void *context, const struct anchored *anchor, bool sound);

static void end_anchor(struct anchored *anchor, on_anchor *tell, void *context)
{
    uint8_t root[HASH_BYTES];

    if (!anchor->open) {
        return;
    }
    anchor->open = false;
    if (anchor->readable) {
        chain_root(anchor->heads, anchor->head_count, root);
    }
    tell(context, anchor,
         anchor->readable && anchor->present && memcmp(root, anchor->root, HASH_BYTES) == 0);
}

static void add_head(struct report *report, struct anchored *anchor)
{
    if (report_is_null(report, report_column(report, "lane"))) {
        return;
    }
    const int64_t lane = number(report, "lane");
    /* Lanes rise in what we wrote; chain_root relies on it, so what was changed is caught here. */
    if (anchor->head_count == ANCHOR_HEADS_MAX ||
        (anchor->head_count > 0 && anchor->heads[anchor->head_count - 1].lane >= lane)) {
        anchor->readable = false;
        return;
    }
    struct chain_head *head = &anchor->heads[anchor->head_count++];
    head->lane = lane;
    head->batch = number(report, "batch");
    anchor->readable = digest(report, "hash", head->hash) && anchor->readable;
    anchor->present = report_flag(report, report_column(report, "present")) && anchor->present;
}

static bool walk_anchors(struct report *report, on_anchor *tell, void *context, struct error *error)
{
    static struct anchored anchor; /* 200 kB: too much for a stack; one command, one thread */
    bool row = false;

    anchor.open = false;
    if (!report_run(report, "verify_anchor_root", NULL, 0, error)) {
        return false;
    }
    while (report_next(report, &row, error)) {
        if (!row) {
            end_anchor(&anchor, tell, context);
            return true;
        }
        if (!anchor.open || anchor.id != number(report, "id")) {
            end_anchor(&anchor, tell, context);
            anchor.id = number(report, "id");
            anchor.head_count = 0;
            anchor.open = anchor.present = true;
            anchor.readable = digest(report, "root", anchor.root);
        }
        add_head(report, &anchor);
    }
    return false;
}

static void note_anchor(void *context, const struct anchored *anchor, bool sound)
{
    struct verify_check *check = context;
    char what[32];

    check->rows++;
    if (!sound) {
        snprintf(what, sizeof what, "%lld", (long long)anchor->id);
        note(check, what);
    }
}

/* Which of the given roots were found, and sound. */
struct search {
    const struct verify_root *roots;
    size_t count;
    uint8_t *found; /* one byte a root */
};

static void search_anchor(void *context, const struct anchored *anchor, bool sound)
{
    struct search *search = context;

    for (size_t i = 0; sound && i < search->count; i++) {
        if (memcmp(search->roots[i].bytes, anchor->root, HASH_BYTES) == 0) {
            search->found[i] = 1;
        }
    }
}

enum { ROOTS_AT_ONCE = 256 };

bool verify_roots(struct report *report, const struct verify_root *roots, size_t count,
                  struct verify_check *check, struct error *error)
{
    uint8_t found[ROOTS_AT_ONCE];
    char hex[2 * HASH_BYTES + 1];

    *check = (struct verify_check){.name = "anchor_given", .rows = (int64_t)count};
    for (size_t start = 0; start < count; start += ROOTS_AT_ONCE) {
        const size_t some = count - start < ROOTS_AT_ONCE ? count - start : ROOTS_AT_ONCE;
        memset(found, 0, sizeof found);
        struct search search = {.roots = roots + start, .count = some, .found = found};
        if (!walk_anchors(report, search_anchor, &search, error)) {
            return false;
        }
        for (size_t i = 0; i < some; i++) {
            if (found[i] == 0) {
                hash_hex(roots[start + i].bytes, hex);
                note(check, hex);
            }
        }
    }
    return true;
}

/* --- the list --- */

static bool run_anchor_root(struct report *report, struct verify_check *check, struct error *error)
{
    return walk_anchors(report, note_anchor, check, error);
}

/* In the order of docs/ledger.md; `run` NULL: the statement of that name says it all. */
static const struct {
    const char *name;
    bool (*run)(struct report *report, struct verify_check *check, struct error *error);
} checks[] = {
    {"amount_positive",       NULL           },
    {"sides_differ",          NULL           },
    {"one_currency",          NULL           },
    {"accounts_exist",        NULL           },
    {"trial_balance",         NULL           },
    {"one_customer",          NULL           },
    {"account_is_a_side",     NULL           },
    {"history_guarded",       NULL           },
    {"posted_sum",            NULL           },
    {"held_sum",              NULL           },
    {"hold_remaining",        NULL           },
    {"running_balance",       NULL           },
    {"version_dense",         NULL           },
    {"account_is_last_row",   NULL           },
    {"authorisation_covered", NULL           },
    {"below_zero",            NULL           },
    {"hold_within_amount",    NULL           },
    {"hold_state",            NULL           },
    {"hold_closed",           NULL           },
    {"pending_has_hold",      NULL           },
    {"pending_counter",       NULL           },
    {"message_once",          NULL           },
    {"message_refused",       NULL           },
    {"reversal_within",       NULL           },
    {"reversal_mirrors",      NULL           },
    {"chain_linked",          NULL           },
    {"chain_counts",          NULL           },
    {"chain_hash",            run_chain_hash },
    {"anchor_heads",          NULL           },
    {"anchor_root",           run_anchor_root},
    {"journal_has_event",     NULL           },
    {"event_dense",           NULL           },
    {"internal_empty",        NULL           },
    {"time_forward",          NULL           },
    {"account_identity",      NULL           },
    {"closed_is_empty",       NULL           },
    {"grants",                NULL           },
    {"catalogue_valid",       NULL           },
    {"durable",               NULL           },
    {"entry_dense",           NULL           },
    {"entry_has_message",     NULL           },
};

size_t verify_count(void)
{
    return sizeof checks / sizeof checks[0];
}

const char *verify_name(size_t i)
{
    assert(i < verify_count());
    return checks[i].name;
}

const char *verify_sentence(const char *name, char buffer[VERIFY_SENTENCE_BYTES])
{
    static const char start[] = "-- Check: ";
    char file[NAME_BYTES];

    snprintf(file, sizeof file, "verify_%s", name);
    const char *text = session_sql(file);
    const char *end = text != NULL ? strstr(text, " (docs/") : NULL;
    buffer[0] = '\0';
    if (end != NULL && strncmp(text, start, sizeof start - 1) == 0) {
        text += sizeof start - 1;
        snprintf(buffer, VERIFY_SENTENCE_BYTES, "%.*s", (int)(end - text), text);
    }
    return buffer;
}

bool verify_run(struct report *report, size_t i, struct verify_check *check, struct error *error)
{
    assert(i < verify_count());
    *check = (struct verify_check){.name = checks[i].name};
    return checks[i].run != NULL ? checks[i].run(report, check, error)
                                 : run_statement(report, checks[i].name, check, error);
}
