#include "authz/statement.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "book.h"

/* Tables of messages are laid out by hand; clang-format 14 crashes on some. */
/* clang-format off */
static struct statement of(const struct message *message)
{
    struct statement statement;

    statement_of_message(message, ROLE_REQUEST, ROW_A1_AUTHORISATION, SCHEME_VISA, &statement);
    return statement;
}

static const struct message full = ASK(
    UINT64_MAX, 123456789, .matching_txn_id = 77, .proc = 9, .mcc = 5411, .product = 70123,
    .attempt = 3, .auth_type = 'F', .txn_e4 = 987, .txn_currency = USD, .fee_fixed_e4 = 1,
    .fee_rate_e4 = 2, .fx_pad_e4 = 3, .mcc_pad_e4 = 4, .trace = "BNET-20251125-MC 003852",
    .link = "L", .trace_message = "TM", .network_txn_id = "N", .retrieval_ref = "R",
    .acquirer_ref = "A", .merchant_id = "M", .terminal = "T", .sent_at_de07 = "1125031415",
    .auth_code = "C", .pos_data = "4", .message_why = 56);

static struct statement full_statement(void)
{
    struct statement statement = of(&full);

    statement.approved = true;
    memcpy(statement.answer, "10", 3);
    statement.reason = 1;
    statement.approved_minor = 4711;
    statement.repeat_of = 12;
    statement.decided_at_us = INT64_C(1764041652000000);
    statement.posted_minor = -5;
    statement.held_minor = 6;
    statement.overdraft_minor = 7;
    statement.card_status = 1;
    statement.account_status = 2;
    return statement;
}

Test(statement, comes_back_from_its_bytes_as_it_was)
{
    uint8_t bytes[STATEMENT_BYTES], again[STATEMENT_BYTES];
    struct statement written = full_statement(), read;

    size_t count = statement_encode(&written, bytes);
    cr_assert_leq(count, STATEMENT_BYTES);
    cr_assert(statement_decode(bytes, count, &read));
    cr_assert_eq(statement_encode(&read, again), count);
    cr_expect_arr_eq(bytes, again, count);
    cr_expect_eq(read.txn_id, UINT64_MAX);
    cr_expect_eq(read.token, BOOK_TOKEN);
    cr_expect_eq(read.bill_e4, -123456789);
    cr_expect_eq(read.posted_minor, -5);
    cr_expect_str_eq(read.answer, "10");
    cr_expect_str_eq(read.response, "00");
    cr_expect(read.approved);
    cr_expect(read.recurring);
    cr_expect(read.incremental_hint);
    cr_expect(!read.afd_confirmation);
    cr_expect_eq(read.trace_key, written.trace_key);
    cr_expect_eq(read.auth_code_key, written.auth_code_key);
    cr_expect_eq(read.account_status, 2);
}

Test(statement, is_not_read_from_other_bytes)
{
    uint8_t bytes[STATEMENT_BYTES];
    struct statement written = full_statement(), read = {.txn_id = 5};
    size_t count = statement_encode(&written, bytes);

    cr_expect(!statement_decode(bytes, 0, &read));
    cr_expect(!statement_decode(bytes, count - 1, &read));
    cr_expect(!statement_decode(bytes, count + 1, &read));
    bytes[0]++;
    cr_expect(!statement_decode(bytes, count, &read), "another version");
    bytes[0]--;
    bytes[17] = 9;
    cr_expect(!statement_decode(bytes, count, &read), "no such role");
    cr_expect_eq(read.txn_id, 5, "the output was touched");
}

Test(statement, says_which_sendings_cannot_be_the_same_message)
{
    static const struct {
        const char *name;
        struct message other;
        bool conflicts;
    } rows[] = {
        {"the same", ASK(1, 10000, .trace = "t"), false},
        {"another attempt, balance, state", ASK(1, 10000, .trace = "t", .attempt = 2, .stat = 'I'),
         false},
        {"re-rated", ASK(1, 10000, .trace = "t", .bill_e4 = -11000), false},
        {"without a trace", ASK(1, 10000), false},
        {"another trace", ASK(1, 10000, .trace = "u"), true},
        {"a link that came later", ASK(1, 10000, .trace = "t", .link = "l"), false},
        {"another card", ASK(1, 10000, .trace = "t", .token = 1), true},
        {"another MTID", ASK(1, 10000, .trace = "t", .mtid = 101), true},
        {"another code", ASK(1, 10000, .trace = "t", .proc = 1), true},
        {"another billing currency", ASK(1, 10000, .trace = "t", .bill_currency = EUR), true},
        {"another merchant's currency", ASK(1, 10000, .trace = "t", .txn_currency = EUR), true},
        {"another merchant's amount", ASK(1, 10000, .trace = "t", .txn_e4 = 9000), true},
        {"another merchant's amount, in part",
         ASK(1, 10000, .trace = "t", .txn_e4 = 9000, .response = "10"), false},
    };
    const struct message first = ASK(1, 10000, .trace = "t");
    const struct message linked = ASK(1, 10000, .link = "l"), relinked = ASK(1, 10000, .link = "m");
    struct statement one = of(&linked), other = of(&relinked);
    cr_expect(statement_conflicts(&one, &other), "another link");

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct statement a = of(&first), b = of(&rows[i].other);
        cr_expect_eq(statement_conflicts(&a, &b), rows[i].conflicts, "%s", rows[i].name);
        cr_expect_eq(statement_conflicts(&b, &a), rows[i].conflicts, "%s, the other way",
                     rows[i].name);
    }
}
