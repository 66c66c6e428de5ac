/* Each invariant is refused by the database itself, tried as the role that could break it. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/ledger/fixture.h"

TestSuite(invariants, .init = fixture_begin, .fini = fixture_end, .timeout = 120);

/* In the statements: ACCOUNT is the card's account (token 1, GBP, 100.00, a hold of 10.00 open),
 * OTHER another customer's, YEN one in JPY. T(…) fills a whole transfer, each field replaceable. */
struct attempt {
    const char *name, *role, *sql, *sqlstate;
};

#define WRITER   "holdfast_writer"
#define OPERATOR "holdfast_operator"
#define ADMIN    "holdfast_admin"
/* A sound row after the fixture's two: 1.00 more held. */
#define TRANSFER(id, layer, debit, credit, amount, currency, code, account, version, hold, posted, \
                 held)                                                                             \
    "INSERT INTO transfer (id, journal_id, layer, debit, credit, amount, currency, code, "         \
    "account_id, "                                                                                 \
    "account_version, hold_txn_id, hold_generation, posted_after, held_after, overdraft_at, "      \
    "lane, batch, at, "                                                                            \
    "business_date) VALUES (" id ", 1, " layer ", " debit ", " credit ", " amount ", " currency    \
    ", " code ", " account ", " version ", " hold ", " posted ", " held                            \
    ", 0, 1, 9, now(), current_date)"
#define HELD "(3 << 10 | 826)"
#define BANK "(1 << 10 | 826)"
#define FEES "(5 << 10 | 826)"

static const struct attempt transfers[] = {
    {"a sound row is taken",                          WRITER,
     TRANSFER("1", "1", "ACCOUNT",         HELD,                   "100",              "826", "10", "ACCOUNT",              "3", "7001, 1",    "10000",
     "1100"),
     "00000"},
    {"1: an amount of zero",                          WRITER,
     TRANSFER("1", "1", "ACCOUNT",         HELD,                   "0",                "826", "10", "ACCOUNT",              "3", "7001, 1",    "10000",
     "1000"),
     "23514"},
    {"1: a negative amount",                          WRITER,
     TRANSFER("1", "1", "ACCOUNT",         HELD,                   "-5",               "826", "10", "ACCOUNT",              "3", "7001, 1",    "10000",
     "1000"),
     "23514"},
    {"1: more than 10^15 - 1",                        WRITER,
     TRANSFER("1", "0", BANK,              "ACCOUNT",              "1000000000000000", "826", "40", "ACCOUNT",              "3",
     "NULL, NULL",                                                                                                                             "1000000000010000", "1000"),
     "23514"},
    {"2: debit is credit",                            WRITER,
     TRANSFER("1", "0", "ACCOUNT",         "ACCOUNT",              "5",                "826", "22", "ACCOUNT",              "3", "NULL, NULL",
     "10000",                                                                                                                                                      "1000"),
     "23514"},
    {"3: across currencies",                          WRITER,
     TRANSFER("1", "0", BANK,              "YEN",                  "5",                "826", "40", "YEN",                  "1", "NULL, NULL", "5",                "0"),
     "23514"},
    {"3: a row in another currency",                  WRITER,
     TRANSFER("1", "0", BANK,              "ACCOUNT",              "5",                "392", "40", "ACCOUNT",              "3", "NULL, NULL", "10005",
     "1000"),
     "23514"},
    {"4: a customer that is not there",               WRITER,
     TRANSFER("1", "0", BANK,              "(999999 << 10 | 826)", "5",                "826", "40", "(999999 << 10 | 826)", "1",
     "NULL, NULL",                                                                                                                             "5",                "0"),
     "23503"},
    {"4: an internal account of no known kind",       WRITER,
     TRANSFER("1", "0", "(2 << 10 | 826)", "ACCOUNT",              "5",                "826", "40", "ACCOUNT",              "3",
     "NULL, NULL",                                                                                                                             "10005",            "1000"),
     "23514"},
    {"6: two customers",                              WRITER,
     TRANSFER("1", "0", "ACCOUNT",         "OTHER",                "5",                "826", "50", "ACCOUNT",              "3", "NULL, NULL", "9995",
     "1000"),
     "23514"},
    {"7: an account that is no side",                 WRITER,
     TRANSFER("1", "0", BANK,              "ACCOUNT",              "5",                "826", "40", "OTHER",                "1", "NULL, NULL", "5",                "0"),
     "23514"},
    {"7: the internal side numbers a customer's row", WRITER,
     TRANSFER("1", "0", BANK,              "ACCOUNT",              "5",                "826", "40", BANK,                   "1", "NULL, NULL", "5",                "0"),
     "23514"},
    {"13: a version twice",                           WRITER,
     TRANSFER("1", "0", BANK,              "ACCOUNT",              "5",                "826", "40", "ACCOUNT",              "2", "NULL, NULL", "10005",
     "1000"),
     "23505"},
    {"13: a version of zero",                         WRITER,
     TRANSFER("1", "0", BANK,              "ACCOUNT",              "5",                "826", "40", "ACCOUNT",              "0", "NULL, NULL", "10005",
     "1000"),
     "23514"},
    {"15: an authorisation below zero",               WRITER,
     TRANSFER("1", "1", "ACCOUNT",         HELD,                   "9001",             "826", "10", "ACCOUNT",              "3", "7001, 1",    "10000",
     "10001"),
     "23514"},
    {"16: a held fee below zero",                     WRITER,
     TRANSFER("1", "1", "ACCOUNT",         HELD,                   "9001",             "826", "15", "ACCOUNT",              "3", "7001, 1",    "10000",
     "10001"),
     "23514"},
    {"16: a forced hold may go below zero",           WRITER,
     TRANSFER("1", "1", "ACCOUNT",         HELD,                   "9001",             "826", "11", "ACCOUNT",              "3", "7001, 1",    "10000",
     "10001"),
     "00000"},
    {"16: a load onto a negative account is taken",   WRITER,
     TRANSFER("1", "0", BANK,              "ACCOUNT",              "5",                "826", "40", "ACCOUNT",              "3", "NULL, NULL", "-900",
     "1000"),
     "00000"},
    {"10: held below zero",                           WRITER,
     TRANSFER("1", "1", HELD,              "ACCOUNT",              "1001",             "826", "12", "ACCOUNT",              "3", "7001, 1",    "10000",
     "-1"),
     "23514"},
    {"21: a pending row without its hold",            WRITER,
     TRANSFER("1", "1", "ACCOUNT",         HELD,                   "100",              "826", "10", "ACCOUNT",              "3", "NULL, NULL", "10000",
     "1100"),
     "23514"},
    {"22: the counter account in the posted layer",   WRITER,
     TRANSFER("1", "0", "ACCOUNT",         HELD,                   "100",              "826", "22", "ACCOUNT",              "3", "NULL, NULL", "9900",
     "1000"),
     "23514"},
    {"22: a pending row elsewhere",                   WRITER,
     TRANSFER("1", "1", "ACCOUNT",         FEES,                   "100",              "826", "11", "ACCOUNT",              "3", "7001, 1",    "10000",
     "1100"),
     "23514"},
    {"a layer of two",                                WRITER,
     TRANSFER("1", "2", "ACCOUNT",         HELD,                   "100",              "826", "10", "ACCOUNT",              "3", "7001, 1",    "10000",
     "1100"),
     "23514"},
    {"a code nobody knows",                           WRITER,
     TRANSFER("1", "1", "ACCOUNT",         HELD,                   "100",              "826", "77", "ACCOUNT",              "3", "7001, 1",    "10000",
     "1100"),
     "23514"},
};

static const struct attempt history[] = {
    {"8: a transfer is changed",            WRITER,   "UPDATE transfer SET amount = 1",                                "42501"},
    {"8: a transfer is deleted",            WRITER,   "DELETE FROM transfer",                                          "42501"},
    {"8: the transfers are emptied",        WRITER,   "TRUNCATE transfer",                                             "42501"},
    {"8: even by the owner: changed",       ADMIN,    "UPDATE transfer SET amount = 1",                                "23000"},
    {"8: even by the owner: deleted",       ADMIN,    "DELETE FROM transfer",                                          "23000"},
    {"8: even by the owner: emptied",       ADMIN,    "TRUNCATE transfer",                                             "23000"},
    {"8: even behind the triggers' back",   ADMIN,
     "SET session_replication_role = replica; DELETE FROM transfer",                                                   "23000"},
    {"23: a message twice",                 WRITER,   "INSERT INTO message SELECT * FROM message WHERE txn_id = 7001",
     "23505"                                                                                                                  },
    {"24: a message is changed",            WRITER,   "UPDATE message SET response = '05'",                            "42501"},
    {"24: even by the owner",               ADMIN,    "UPDATE message SET response = '05'",                            "23000"},
    {"24: a refused message is taken back", WRITER,   "DELETE FROM message_refused",                                   "42501"},
    {"24: an answer told is changed",       WRITER,   "UPDATE told SET response = '00'",                               "42501"},
    {"27: a chain forks",                   WRITER,
     "INSERT INTO chain SELECT lane, batch + 100, n, at, prev, hash FROM chain WHERE batch = 1",                       "23505"},
    {"27: a batch twice",                   WRITER,
     "INSERT INTO chain SELECT lane, batch, n, at, hash, hash FROM chain WHERE batch = 1",                             "23505"},
    {"27: a seal is changed",               WRITER,   "UPDATE chain SET n = 0",                                        "42501"},
    {"27: even by the owner",               ADMIN,    "DELETE FROM chain",                                             "23000"},
    {"29: an anchor is raised",             WRITER,   "DELETE FROM anchor",                                            "42501"},
    {"29: even by the owner",               ADMIN,    "DELETE FROM anchor",                                            "23000"},
    {"30: an event is changed",             WRITER,   "UPDATE outbox SET type = 'io.holdfast.x'",                      "42501"},
    {"31: an event's number twice",         WRITER,
     "INSERT INTO outbox SELECT account_id, event_version, nextval('outbox_seq'), journal_id, at, "
     "type, payload "
     "FROM outbox",                                                                                                    "23505"},
    {"an entry in two payments",            WRITER,
     "INSERT INTO entry (account_id, payment, n, txn_id, role) VALUES (ACCOUNT, 9, 1, 7001, 1)",                       "23505"},
    {"an audit row is changed",             OPERATOR, "UPDATE audit SET who = 'nobody'",                               "42501"},
};

static const struct attempt holds[] = {
    {"17: released beyond the amount",             WRITER, "UPDATE hold SET released = 1001",              "23514"},
    {"17: cleared and released beyond the amount", WRITER,
     "UPDATE hold SET cleared = 600, released = 600",                                                      "23514"},
    {"17: cleared below zero",                     WRITER,
     "INSERT INTO hold (account_id, txn_id, generation, payment, token, amount, cleared, "
     "opened_at, expires_at) "
     "VALUES (ACCOUNT, 8, 1, 8, 1, 5, -1, now(), now())",                                                  "23514"},
    {"18: closed while something remains",         WRITER, "UPDATE hold SET state = 3, closed_at = now()",
     "23514"                                                                                                      },
    {"18: open while nothing remains",             WRITER, "UPDATE hold SET released = 1000",              "23514"},
    {"18: closed without a time",                  WRITER, "UPDATE hold SET released = 1000, state = 3",   "23514"},
    {"19: the amount falls",                       WRITER, "UPDATE hold SET amount = 900",                 "23000"},
    {"19: what was released falls",                WRITER,
     "UPDATE hold SET released = 5; UPDATE hold SET released = 4",                                         "23000"},
    {"19: a closed hold reopens",                  WRITER,
     "UPDATE hold SET released = 1000, state = 3, closed_at = now(); "
     "UPDATE hold SET amount = 2000, state = 1, closed_at = NULL",                                         "23000"},
    {"19: a closed hold changes at all",           WRITER,
     "UPDATE hold SET released = 1000, state = 3, closed_at = now(); UPDATE hold SET state = 4",           "23000"},
    {"a second open hold of one authorisation",    WRITER,
     "INSERT INTO hold (account_id, txn_id, generation, payment, token, amount, opened_at, "
     "expires_at) "
     "VALUES (ACCOUNT, 7001, 2, 7001, 1, 5, now(), now())",                                                "23000"},
    {"a second hold once the first is closed",     WRITER,
     "UPDATE hold SET released = 1000, state = 3, closed_at = now(); "
     "INSERT INTO hold (account_id, txn_id, generation, payment, token, amount, opened_at, "
     "expires_at) "
     "VALUES (ACCOUNT, 7001, 2, 7001, 1, 5, now(), now())",                                                "00000"},
    {"a generation without the one before",        WRITER,
     "UPDATE hold SET released = 1000, state = 3, closed_at = now(); "
     "INSERT INTO hold (account_id, txn_id, generation, payment, token, amount, opened_at, "
     "expires_at) "
     "VALUES (ACCOUNT, 7001, 3, 7001, 1, 5, now(), now())",                                                "23000"},
    {"a generation twice",                         WRITER,
     "UPDATE hold SET released = 1000, state = 3, closed_at = now(); "
     "INSERT INTO hold (account_id, txn_id, generation, payment, token, amount, opened_at, "
     "expires_at) "
     "VALUES (ACCOUNT, 7001, 1, 7001, 1, 5, now(), now())",                                                "23505"},
    {"a hold is deleted",                          WRITER, "DELETE FROM hold",                             "42501"},
    {"a hold changes its owner",                   WRITER, "UPDATE hold SET account_id = OTHER",           "42501"},
};

static const struct attempt accounts[] = {
    {"10: held below zero",                     WRITER,            "UPDATE account SET held = -1 WHERE id = ACCOUNT",  "23514"},
    {"33: an internal account has a balance",   WRITER,
     "UPDATE account SET posted = 5 WHERE id = " BANK,                                                                 "23514"},
    {"33: an internal account has a version",   WRITER,
     "UPDATE account SET version = 1 WHERE id = " BANK,                                                                "23514"},
    {"36: an account's id changes",             ADMIN,
     "UPDATE account SET id = 5000 << 10 | 826 WHERE id = OTHER",                                                      "23000"},
    {"36: an account's currency changes",       ADMIN,             "UPDATE account SET currency = 392",                "428C9"},
    {"36: an account's kind changes",           ADMIN,             "UPDATE account SET kind = 2 WHERE id = OTHER",
     "23000"                                                                                                                  },
    {"36: as the writer",                       WRITER,            "UPDATE account SET kind = 2 WHERE id = OTHER",     "42501"},
    {"a customer's id for an internal account", OPERATOR,
     "INSERT INTO account (id, kind, normal) VALUES (5000 << 10 | 826, 2, 'D')",                                       "23514"},
    {"an internal id for a customer",           OPERATOR,
     "INSERT INTO account (id, kind, normal) VALUES (7 << 10 | 999, 1, 'C')",                                          "23514"},
    {"37: closed with a balance",               OPERATOR,          "UPDATE account SET status = 9 WHERE id = ACCOUNT",
     "23514"                                                                                                                  },
    {"37: closed and empty is taken",           OPERATOR,          "UPDATE account SET status = 9 WHERE id = OTHER",
     "00000"                                                                                                                  },
    {"38: the writer opens an account",         WRITER,
     "INSERT INTO account (id, kind, normal) VALUES (5000 << 10 | 826, 1, 'C')",                                       "42501"},
    {"38: the writer lends",                    WRITER,            "UPDATE account SET overdraft = 5",                 "42501"},
    {"38: the writer blocks",                   WRITER,            "UPDATE account SET status = 2",                    "42501"},
    {"38: the writer adds a card",              WRITER,
     "INSERT INTO card (token, account_id) VALUES (9, ACCOUNT)",                                                       "42501"},
    {"38: the writer freezes a card",           WRITER,            "UPDATE card SET status = 3",                       "42501"},
    {"38: the reader writes",                   "holdfast_reader",
     "INSERT INTO told VALUES (1, 1, '05', true, now())",                                                              "42501"},
    {"38: the relay moves a balance",           "holdfast_relay",  "UPDATE account SET posted = 1",                    "42501"},
    {"38: a worker reads messages",             "holdfast_worker", "SELECT fields FROM message",                       "42501"},
    {"38: the writer makes internal accounts",  WRITER,            "SELECT add_internal_accounts(978)",
     "42501"                                                                                                                  },
    {"a card of an internal account",           OPERATOR,
     "INSERT INTO card (token, account_id) VALUES (9, " BANK ")",                                                      "23514"},
    {"a lost card comes back",                  OPERATOR,
     "UPDATE card SET status = 5 WHERE token = 2; UPDATE card SET status = 1 WHERE token = 2",                         "23000"},
    {"a token moves to another account",        ADMIN,
     "UPDATE card SET account_id = OTHER WHERE token = 1",                                                             "23000"},
};

/* sql with ACCOUNT, OTHER and YEN replaced. */
static void spell(const char *sql, const int64_t ids[3], char *out, size_t bytes)
{
    static const char *const names[] = {"ACCOUNT", "OTHER", "YEN"};
    size_t used = 0;
    while (*sql != '\0') {
        size_t i = 0;
        while (i < 3 && strncmp(sql, names[i], strlen(names[i])) != 0) {
            i++;
        }
        if (i == 3) {
            cr_assert_lt(used + 1, bytes);
            out[used++] = *sql++;
            continue;
        }
        int written = snprintf(out + used, bytes - used, "%" PRId64, ids[i]);
        cr_assert(written > 0 && (size_t)written < bytes - used);
        used += (size_t)written;
        sql += strlen(names[i]);
    }
    out[used] = '\0';
}

static void check(const struct attempt *attempts, size_t count)
{
    int64_t ids[3] = {fixture_card(1, GBP, 10000), fixture_card(2, GBP, 0),
                      fixture_card(3, JPY, 0)};
    struct ledger *ledger = fixture_ledger();
    struct batch *batch = batch_create();
    fixture_authorise(ledger, batch, 7001, 1, 1000);
    batch_destroy(batch);
    ledger_close(ledger);
    for (size_t i = 0; i < count; i++) {
        char sql[2048], whole[2200];
        spell(attempts[i].sql, ids, sql, sizeof(sql));
        /* Taken back each time, so that the attempts do not see each other. */
        snprintf(whole, sizeof(whole), "BEGIN; %s; ROLLBACK", sql);
        const char *got = fixture_run(attempts[i].role, whole);
        cr_expect_str_eq(got, attempts[i].sqlstate, "%s: expected %s, got %s", attempts[i].name,
                         attempts[i].sqlstate, got);
    }
}

Test(invariants, the_database_refuses_unsound_transfers)
{
    check(transfers, sizeof(transfers) / sizeof(transfers[0]));
}

Test(invariants, the_database_refuses_to_change_history)
{
    check(history, sizeof(history) / sizeof(history[0]));
}

Test(invariants, the_database_refuses_unsound_holds)
{
    check(holds, sizeof(holds) / sizeof(holds[0]));
}

Test(invariants, the_database_refuses_unsound_accounts)
{
    check(accounts, sizeof(accounts) / sizeof(accounts[0]));
}

Test(invariants, constraints_are_validated_and_indexes_valid)
{
    cr_expect_eq(fixture_number("SELECT count(*) FROM pg_constraint WHERE NOT convalidated"), 0);
    cr_expect_eq(fixture_number("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), 0);
}

Test(invariants, every_guard_of_history_fires_always)
{
    cr_expect_eq(fixture_number(
                     "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A'"),
                 0);
    cr_expect_eq(
        fixture_number("SELECT count(*) FROM pg_trigger WHERE tgname = 'transfer_never_changes'"),
        1);
    cr_expect_eq(
        fixture_number(
            "SELECT count(*) FROM pg_trigger WHERE tgname = 'transfer_is_never_truncated'"),
        1);
}

Test(invariants, nothing_references_an_internal_account)
{
    fixture_card(1, GBP, 10000);
    cr_expect_eq(fixture_number("SELECT count(*) FROM transfer WHERE account_id >> 10 < 1000"), 0);
    cr_expect_eq(
        fixture_number("SELECT count(*) FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = "
                       "c.conrelid AND a.attnum = ANY (c.conkey) WHERE c.confrelid = "
                       "'account'::regclass AND a.attname <> 'account_id'"),
        0);
}
