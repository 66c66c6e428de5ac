#include "authz/match.h"

#include <criterion/criterion.h>
#include <string.h>

#include "authz/classify.h"
#include "book.h"

static struct statement state(const struct message *message)
{
    struct classification classification = classify(message);
    struct statement statement;

    statement_of_message(message, classification.role, classification.row, SCHEME_UNKNOWN,
                         &statement);
    return statement;
}

static struct payment_entry entry_of(uint64_t payment, const struct message *message)
{
    return (struct payment_entry){.payment = payment, .n = 1, .statement = state(message)};
}

#define ENTRY(payment, ...) entry_of(payment, &(const struct message)__VA_ARGS__)

/* clang-format off */
Test(match, finds_what_a_reversal_is_about)
{
    static const struct {
        const char *name;
        struct message message;
        enum match_kind kind;
        uint64_t payment;
        const char *rule;
    } rows[] = {
        {"by id", REVERSE(9, 50000, .matching_txn_id = 2), MATCH_FOUND, 2, "id"},
        {"by trace", REVERSE(9, 50000, .trace = "t1"), MATCH_FOUND, 1, "trace"},
        {"by a link alone", REVERSE(9, 50000, .link = "l2"), MATCH_FOUND, 2, "link"},
        {"by the trace of the message", REVERSE(9, 50000, .trace_message = "t1"), MATCH_FOUND, 1, "trace"},
        {"by a link two share", REVERSE(9, 50000, .link = "l"), MATCH_UNRELIABLE, 0, "link"},
        {"by nothing", REVERSE(9, 50000), MATCH_NONE, 0, "none"},
        {"by a trace nobody has", REVERSE(9, 50000, .trace = "t9"), MATCH_NONE, 0, "none"},
        {"id and trace disagree", REVERSE(9, 50000, .matching_txn_id = 2, .trace = "t1"), MATCH_UNRELIABLE, 0, "id"},
        {"another currency by link", REVERSE(9, 50000, .link = "l2", .txn_currency = EUR), MATCH_NONE, 0, "none"},
        {"another currency by trace", REVERSE(9, 50000, .trace = "t1", .txn_currency = EUR), MATCH_FOUND, 1, "trace"},
        {"a link, and a trace that differs", REVERSE(9, 50000, .link = "l3", .trace = "t9"), MATCH_NONE, 0, "none"},
    };
    const struct payment_entry entries[] = {
        ENTRY(1, ASK(1, 50000, .trace = "t1", .link = "l")),
        ENTRY(2, ASK(2, 50000, .link = "l2")),
        ENTRY(3, ASK(3, 50000, .trace = "t3", .link = "l3")),
        ENTRY(4, ASK(4, 50000, .link = "l")),
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct statement message = state(&rows[i].message);
        struct match got = match_find(&message, entries, sizeof entries / sizeof entries[0]);
        cr_expect_eq(got.kind, rows[i].kind, "%s: kind %d, score %d", rows[i].name, (int)got.kind, got.score);
        cr_expect_eq(got.payment, rows[i].payment, "%s", rows[i].name);
        cr_expect_str_eq(got.rule, rows[i].rule, "%s: %s", rows[i].name, got.rule);
    }
}

Test(match, joins_authorisations_by_identity_trace_or_name_only)
{
    static const struct {
        const char *name;
        struct message message;
        uint64_t payment;
    } rows[] = {
        {"its own closing advice", TOLD(1, 'A', 50000), 1},
        {"by trace", ASK(9, 80000, .trace = "t1"), 1},
        {"by trace in another currency", ASK(9, 80000, .trace = "t1", .txn_currency = EUR), 0},
        {"by trace of another card", ASK(9, 80000, .trace = "t1", .token = 5), 0},
        {"by link", ASK(9, 80000, .link = "l1"), 0},
        {"by name", ASK(9, 80000, .matching_txn_id = 1), 1},
        {"by name, recurring", ASK(9, 80000, .matching_txn_id = 1, .pos_data = "4"), 0},
        {"by trace, recurring", ASK(9, 80000, .trace = "t1", .pos_data = "4"), 1},
        {"named by an advice that came first", TOLD(7, 'A', 80000), 2},
        {"by the trace of a refund", ASK(9, 80000, .trace = "t3"), 0},
    };
    const struct payment_entry entries[] = {
        ENTRY(1, ASK(1, 50000, .trace = "t1", .link = "l1")),
        ENTRY(2, ADVICE(2, 50000, .matching_txn_id = 7)),
        ENTRY(3, TOLD(3, 'A', -50000, .proc = 20, .trace = "t3")),
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct statement message = state(&rows[i].message);
        struct match got = match_authorisation(&message, entries, sizeof entries / sizeof entries[0]);
        cr_expect_eq(got.payment, rows[i].payment, "%s: %lu", rows[i].name, (unsigned long)got.payment);
    }
}

#define STAMPS(t, r, at) .trace = t, .retrieval_ref = r, .sent_at_de07 = at

Test(match, knows_a_repeat_from_an_incremental)
{
    static const struct {
        const char *name;
        struct message message;
        uint64_t original; /* 0: none */
    } rows[] = {
        {"0101 with all the same", ASK(9, 50000, .mtid = 101, STAMPS("t", "R1", "1125031401")), 1},
        {"0101 without stamps, same amount", ASK(9, 50000, .mtid = 101, .trace = "t"), 1},
        {"0101 without stamps, other amount", ASK(9, 60000, .mtid = 101, .trace = "t"), 0},
        {"0101 with another reference", ASK(9, 50000, .mtid = 101, STAMPS("t", "R9", "1125031401")), 0},
        {"0101 of another trace", ASK(9, 50000, .mtid = 101, STAMPS("u", "R1", "1125031401")), 0},
        {"0100 with all the same", ASK(9, 50000, STAMPS("t", "R1", "1125031401")), 1},
        {"0100 without stamps", ASK(9, 50000, .trace = "t"), 0},
        {"0100 of another amount", ASK(9, 60000, STAMPS("t", "R1", "1125031401")), 0},
        {"0100 sent later", ASK(9, 50000, STAMPS("t", "R1", "1125031402")), 0},
    };
    const struct payment_entry entries[] = {ENTRY(1, ASK(1, 50000, STAMPS("t", "R1", "1125031401")))};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct statement message = state(&rows[i].message);
        const struct payment_entry *got = match_repeat(&message, entries, 1);
        cr_expect_eq(got != NULL ? got->statement.txn_id : 0, rows[i].original, "%s", rows[i].name);
    }
}
/* clang-format on */

Test(match, finds_the_0101_that_came_before_its_0100)
{
    const struct payment_entry entries[] = {ENTRY(2, ASK(2, 50000, .mtid = 101, .trace = "t"))};
    const struct message request = ASK(1, 50000, .trace = "t");
    struct statement statement = state(&request);
    const struct payment_entry *got = match_repeat(&statement, entries, 1);

    cr_assert_not_null(got);
    cr_expect_eq(got->statement.txn_id, 2);
}

Test(match, gives_a_0101_to_the_newest_original_before_it)
{
    const struct payment_entry entries[] = {
        ENTRY(1, ASK(1, 50000, .trace = "t")),
        ENTRY(1, ASK(4, 50000, .trace = "t")),
        ENTRY(1, ASK(9, 50000, .trace = "t")),
    };
    const struct message repeat = ASK(5, 50000, .mtid = 101, .trace = "t");
    struct statement statement = state(&repeat);
    const struct payment_entry *got = match_repeat(&statement, entries, 3);

    cr_assert_not_null(got);
    cr_expect_eq(got->statement.txn_id, 4);
}
