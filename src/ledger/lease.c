#include <assert.h>
#include <string.h>

#include "ledger/chain.h"
#include "ledger/ledger_state.h"
#include "ledger/result.h"

/* One statement, alone in its round trip. */
static bool run_one(struct ledger *ledger, const char *statement,
                    const struct array_value *parameters, size_t count, int64_t deadline_mono_us,
                    struct session_results *results, struct error *error)
{
    session_send_once(ledger->session, statement, parameters, count);
    return session_run(ledger->session, deadline_mono_us, results, error);
}

static bool take_free(struct ledger *ledger, int64_t deadline_mono_us, bool *found,
                      struct error *error)
{
    struct session_results results;
    bool ran = run_one(ledger, "lease_lane", NULL, 0, deadline_mono_us, &results, error);
    *found = ran && PQntuples(results.results[0]) == 1;
    if (*found) {
        ledger->lane = result_number(results.results[0], 0, 0);
    }
    session_clear(&results);
    return ran;
}

static bool read_head(struct ledger *ledger, int64_t deadline_mono_us, bool *found,
                      struct error *error)
{
    struct session_results results;
    array_reset(&ledger->wire);
    struct array_value lane = array_number(&ledger->wire, ARRAY_INT8, ledger->lane);
    bool ran = run_one(ledger, "chain_head", &lane, 1, deadline_mono_us, &results, error);
    *found = ran && PQntuples(results.results[0]) == 1;
    if (*found) {
        size_t bytes;
        const uint8_t *hash = result_bytes(results.results[0], 0, 1, &bytes);
        ledger->batch_number = result_number(results.results[0], 0, 0);
        if (bytes == HASH_BYTES) {
            memcpy(ledger->head, hash, HASH_BYTES);
        } else {
            ran = error_set(error, ERROR_INVALID, "chain", "expected a hash of %d bytes, found %zu",
                            HASH_BYTES, bytes);
        }
    }
    session_clear(&results);
    return ran;
}

/* Checks a head's hash and copies the head. */
static bool read_one_head(const PGresult *result, int row, struct chain_head *head,
                          struct error *error)
{
    size_t bytes;
    const uint8_t *hash = result_bytes(result, row, 3, &bytes);
    if (bytes != HASH_BYTES) {
        return error_set(error, ERROR_INVALID, "chain", "expected a hash of %d bytes, found %zu",
                         HASH_BYTES, bytes);
    }
    head->lane = result_number(result, row, 1);
    head->batch = result_number(result, row, 2);
    memcpy(head->hash, hash, HASH_BYTES);
    return true;
}

static void write_heads(const struct chain_head *heads, size_t count, struct array_value columns[3],
                        struct array_writer *wire)
{
    array_begin(wire, ARRAY_INT8);
    for (size_t i = 0; i < count; i++) {
        array_add_number(wire, heads[i].lane);
    }
    columns[0] = array_end(wire);
    array_begin(wire, ARRAY_INT8);
    for (size_t i = 0; i < count; i++) {
        array_add_number(wire, heads[i].batch);
    }
    columns[1] = array_end(wire);
    array_begin(wire, ARRAY_BYTES);
    for (size_t i = 0; i < count; i++) {
        array_add_bytes(wire, heads[i].hash, HASH_BYTES);
    }
    columns[2] = array_end(wire);
}

/* Writes the heads' columns and the root over them. */
static bool read_heads(const PGresult *result, struct ledger *ledger, struct array_value columns[3],
                       uint8_t root[HASH_BYTES], struct error *error)
{
    int count = result_is_null(result, 0, 1) ? 0 : PQntuples(result);
    if (count > LEDGER_HEADS_MAX) {
        return error_set(error, ERROR_LIMIT, "lane", "expected at most %d chains, found %d",
                         LEDGER_HEADS_MAX, count);
    }
    for (int row = 0; row < count; row++) {
        if (!read_one_head(result, row, &ledger->heads[row], error)) {
            return false;
        }
    }
    write_heads(ledger->heads, (size_t)count, columns, &ledger->wire);
    chain_root(ledger->heads, (size_t)count, root);
    return true;
}

bool lease_anchor(struct ledger *ledger, int64_t deadline_mono_us, uint8_t root[HASH_BYTES],
                  int64_t *at_us, struct error *error)
{
    struct session_results results;
    struct array_value parameters[5];
    array_reset(&ledger->wire);
    bool ran = run_one(ledger, "chain_heads", NULL, 0, deadline_mono_us, &results, error);
    if (ran) {
        ran = read_heads(results.results[0], ledger, &parameters[2], root, error);
        *at_us = result_time_us(results.results[0], 0, 0);
    }
    session_clear(&results);
    if (!ran) {
        return false;
    }
    parameters[0] = array_number(&ledger->wire, ARRAY_TIME, *at_us);
    parameters[1] = array_bytes(&ledger->wire, root, HASH_BYTES);
    session_send_once(ledger->session, "anchor", parameters, 5);
    return true;
}

/* A new chain's first link hashes the heads of all chains there are, so that a whole chain cannot
 * vanish unseen either. */
static bool begin_chain(struct ledger *ledger, int64_t deadline_mono_us, struct error *error)
{
    struct session_results results;
    struct chain_header header = {.lane = ledger->lane, .batch = 0, .n = 0};
    struct chain_hash hash;

    session_send(ledger->session, "begin", NULL, 0);
    if (!lease_anchor(ledger, deadline_mono_us, header.prev, &header.at_us, error)) {
        return false;
    }
    chain_begin(&hash, &header);
    chain_end(&hash, ledger->head);
    const struct array_value parameters[] = {
        array_number(&ledger->wire, ARRAY_INT8, ledger->lane),
        array_number(&ledger->wire, ARRAY_INT8, 0),
        array_number(&ledger->wire, ARRAY_INT4, 0),
        array_number(&ledger->wire, ARRAY_TIME, header.at_us),
        array_bytes(&ledger->wire, header.prev, HASH_BYTES),
        array_bytes(&ledger->wire, ledger->head, HASH_BYTES),
    };
    session_send(ledger->session, "commit_chain", parameters,
                 sizeof(parameters) / sizeof(parameters[0]));
    session_send(ledger->session, "commit", NULL, 0);
    bool begun = session_run(ledger->session, deadline_mono_us, &results, error);
    session_clear(&results);
    ledger->batch_number = 0;
    return begun;
}

bool lease_take(struct ledger *ledger, int64_t deadline_mono_us, struct error *error)
{
    struct session_results results;
    bool found;
    if (!take_free(ledger, deadline_mono_us, &found, error)) {
        return false;
    }
    if (!found) {
        if (!run_one(ledger, "lease_new_lane", NULL, 0, deadline_mono_us, &results, error)) {
            session_clear(&results);
            return false;
        }
        ledger->lane = result_number(results.results[0], 0, 0);
        session_clear(&results);
    }
    if (!read_head(ledger, deadline_mono_us, &found, error)) {
        return false;
    }
    return found || begin_chain(ledger, deadline_mono_us, error);
}
