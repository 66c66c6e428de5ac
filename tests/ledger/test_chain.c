/* The seal over the books: it can be computed again from the tables, continues, and cannot fork. */
#include <criterion/criterion.h>
#include <libpq-fe.h>
#include <string.h>

#include "ledger/chain.h"
#include "ledger/result.h"
#include "tests/ledger/fixture.h"

TestSuite(chain, .init = fixture_begin, .fini = fixture_end, .timeout = 60);

static PGresult *ask(PGconn *connection, const char *sql)
{
    PGresult *result = PQexecParams(connection, sql, 0, NULL, NULL, NULL, NULL, 1);
    cr_assert_eq(PQresultStatus(result), PGRES_TUPLES_OK, "%s", PQerrorMessage(connection));
    return result;
}

static const char transfers_sql[] =
    "SELECT t.lane, t.batch, id, t.journal_id, layer, debit, credit, t.amount, t.currency, code, "
    "t.account_id, "
    "account_version, coalesce(hold_txn_id, -1), coalesce(hold_generation, -1), coalesce(reverses, "
    "-1), "
    "posted_after, held_after, overdraft_at, t.at, (business_date - '1970-01-01'::date)::int4, "
    "sha256(m.facts) "
    "FROM transfer t LEFT JOIN message m ON m.journal_id = t.journal_id "
    "ORDER BY t.lane, t.batch, t.account_id, account_version";

static struct chain_row row_of(const PGresult *r, int row)
{
    struct chain_row out = {
        .id = result_number(r, row, 2),
        .journal_id = result_number(r, row, 3),
        .layer = (int16_t)result_number(r, row, 4),
        .debit = result_number(r, row, 5),
        .credit = result_number(r, row, 6),
        .amount = result_number(r, row, 7),
        .currency = (int16_t)result_number(r, row, 8),
        .code = (int16_t)result_number(r, row, 9),
        .account = result_number(r, row, 10),
        .version = result_number(r, row, 11),
        .hold_txn_id = result_number(r, row, 12),
        .hold_generation = (int16_t)result_number(r, row, 13),
        .reverses = result_number(r, row, 14),
        .posted_after = result_number(r, row, 15),
        .held_after = result_number(r, row, 16),
        .overdraft_at = result_number(r, row, 17),
        .at_us = result_time_us(r, row, 18),
        .business_date = (int32_t)result_number(r, row, 19),
    };
    size_t bytes;
    const uint8_t *digest = result_bytes(r, row, 20, &bytes);
    cr_assert_eq(bytes, HASH_BYTES);
    memcpy(out.message, digest, HASH_BYTES);
    return out;
}

/* Walks every chain against the transfers; how many batches were sound. */
static int sound_batches(void)
{
    PGconn *connection = PQconnectdb(fixture_conninfo("holdfast_reader"));
    PGresult *chain =
        ask(connection, "SELECT lane, batch, n, at, prev, hash FROM chain ORDER BY lane, batch");
    PGresult *rows = ask(connection, transfers_sql);
    int next = 0, sound = 0;
    for (int i = 0; i < PQntuples(chain); i++) {
        struct chain_header header = {.lane = result_number(chain, i, 0),
                                      .batch = result_number(chain, i, 1),
                                      .n = (uint32_t)result_number(chain, i, 2),
                                      .at_us = result_time_us(chain, i, 3)};
        struct chain_hash hash;
        uint8_t digest[HASH_BYTES];
        size_t bytes;
        memcpy(header.prev, result_bytes(chain, i, 4, &bytes), HASH_BYTES);
        chain_begin(&hash, &header);
        for (; next < PQntuples(rows) && result_number(rows, next, 0) == header.lane &&
               result_number(rows, next, 1) == header.batch;
             next++) {
            struct chain_row row = row_of(rows, next);
            chain_add(&hash, &row);
        }
        chain_end(&hash, digest);
        sound += memcmp(digest, result_bytes(chain, i, 5, &bytes), HASH_BYTES) == 0 ? 1 : 0;
    }
    cr_expect_eq(next, PQntuples(rows), "every transfer belongs to a batch");
    PQclear(chain);
    PQclear(rows);
    PQfinish(connection);
    return sound;
}

static void authorise_some(int32_t token, uint64_t first)
{
    struct ledger *ledger = fixture_ledger();
    struct batch *batch = batch_create();
    for (uint64_t i = 0; i < 3; i++) {
        fixture_authorise(ledger, batch, first + i, token, 100);
    }
    batch_destroy(batch);
    ledger_close(ledger);
}

Test(chain, the_hashes_can_be_computed_again)
{
    fixture_card(101, GBP, 10000);
    authorise_some(101, 1000);
    cr_expect_eq(sound_batches(), 5); /* genesis, load, three authorisations */
    cr_expect_eq(fixture_number("SELECT count(*) FROM chain"), 5);
    cr_expect_eq(
        fixture_number(
            "SELECT count(*) FROM (SELECT prev, lag(hash) OVER (PARTITION BY lane ORDER BY "
            "batch) h FROM chain) x WHERE h IS NOT NULL AND prev <> h"),
        0);
}

Test(chain, a_changed_amount_is_seen)
{
    fixture_card(101, GBP, 10000);
    authorise_some(101, 1000);
    fixture_do("ALTER TABLE transfer DISABLE TRIGGER transfer_never_changes;"
               "UPDATE transfer SET amount = 99 WHERE code = 10 AND account_version = 2");
    cr_expect_eq(sound_batches(), 4);
}

Test(chain, a_second_writer_takes_another_chain_and_a_later_one_goes_on)
{
    fixture_card(101, GBP, 10000);
    fixture_card(102, GBP, 10000);
    struct ledger *first = fixture_ledger();
    authorise_some(102, 2000); /* while the first one lives */
    ledger_close(first);
    authorise_some(101, 1000);
    cr_expect_eq(fixture_number("SELECT count(*) FROM lane"), 2);
    cr_expect_eq(fixture_number("SELECT count(*) FROM chain WHERE batch = 0"), 2);
    cr_expect_eq(sound_batches(), 2 + 2 + 3 + 3);
    cr_expect_eq(
        fixture_number(
            "SELECT count(*) FROM chain c WHERE batch = 0 AND NOT EXISTS (SELECT FROM anchor a "
            "WHERE a.root = c.prev)"),
        0, "a genesis hashes the heads of all chains");
}

/* A backend ends a moment after its client has left. */
static void await_free_chains(void)
{
    int64_t taken = 1;
    for (int i = 0; i < 1000 && taken > 0; i++) {
        taken = fixture_number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'");
    }
    cr_assert_eq(taken, 0);
}

/* Six chains are free; with statistics and without, a session takes the oldest and leaves the rest.
 */
Test(chain, a_session_takes_one_chain_however_many_are_free)
{
    struct ledger *writers[6];
    for (size_t i = 0; i < 6; i++) {
        writers[i] = fixture_ledger();
    }
    for (size_t i = 0; i < 6; i++) {
        ledger_close(writers[i]);
    }
    for (int analysed = 0; analysed < 2; analysed++) {
        await_free_chains();
        struct ledger *ledger = fixture_ledger();
        cr_expect_eq(fixture_number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"),
                     1);
        cr_expect_eq(fixture_number("SELECT min(objid::bigint) FROM pg_locks WHERE locktype = "
                                    "'advisory'"),
                     fixture_number("SELECT min(lane) FROM lane"));
        ledger_close(ledger);
        fixture_do("VACUUM ANALYZE lane");
    }
    cr_expect_eq(fixture_number("SELECT count(*) FROM lane"), 6);
}

Test(chain, an_anchor_keeps_all_heads)
{
    fixture_card(101, GBP, 10000);
    authorise_some(101, 1000);
    struct ledger *ledger = fixture_ledger();
    uint8_t root[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];
    struct error error;
    cr_assert(ledger_anchor(ledger, fixture_deadline(), root, &error), "%s", error.message);
    hash_hex(root, hex);
    cr_expect_str_eq(
        fixture_value("SELECT encode(root, 'hex') FROM anchor ORDER BY id DESC LIMIT 1"), hex);
    cr_expect_eq(
        fixture_number(
            "SELECT count(*) FROM (SELECT unnest(lanes) lane, unnest(batches) batch, "
            "unnest(hashes) hash FROM anchor) a WHERE NOT EXISTS (SELECT FROM chain c WHERE "
            "(c.lane, c.batch, c.hash) = (a.lane, a.batch, a.hash))"),
        0);
    cr_expect_eq(fixture_number("SELECT batches[1] FROM anchor ORDER BY id DESC LIMIT 1"), 4);
    ledger_close(ledger);
}

Test(chain, the_encoding_is_what_it_was)
{
    /* A digest computed by hand (Python's hashlib) over the documented form: it must never change.
     */
    struct chain_header header = {.lane = 1, .batch = 2, .n = 1, .at_us = 1700000000000001};
    struct chain_row row = {.id = 3,
                            .journal_id = 4,
                            .layer = 1,
                            .debit = 1024826,
                            .credit = 3898,
                            .amount = 2500,
                            .currency = 826,
                            .code = 10,
                            .account = 1024826,
                            .version = 5,
                            .hold_txn_id = 7001,
                            .hold_generation = 1,
                            .reverses = CHAIN_NULL,
                            .posted_after = 10000,
                            .held_after = 2500,
                            .at_us = 1700000000000001,
                            .business_date = 19675};
    struct chain_hash hash;
    uint8_t digest[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];
    memset(header.prev, 0xaa, HASH_BYTES);
    memset(row.message, 0xbb, HASH_BYTES);
    chain_begin(&hash, &header);
    chain_add(&hash, &row);
    chain_end(&hash, digest);
    hash_hex(digest, hex);
    cr_expect_str_eq(hex, "9ee214af64ceb57100fab72e6ac7bf6f121004769f02febced0333e13f52dbab");
}
