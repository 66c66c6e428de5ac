#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "authz/doubt.h"

enum { SLOTS = 3 };

static char path[64], told_path[80];
static struct pool *pool;
static struct spill *spill;
static struct doubts *doubts;
static const struct spill_note note = {.told = REASON_LATE, .response = "05", .maybe_stored = true};

static void open_all(void)
{
    struct error error;

    cr_assert(spill_open(path, &spill, &error));
    cr_assert(doubts_open(path, SLOTS, spill, &doubts, &error), "%s", error.message);
}

static void close_all(void)
{
    doubts_close(doubts);
    spill_close(spill);
}

static void setup(void)
{
    struct error error;

    snprintf(path, sizeof path, "/tmp/test_doubt.%d", (int)getpid());
    snprintf(told_path, sizeof told_path, "%s.told", path);
    unlink(path);
    unlink(told_path);
    cr_assert(pool_create(SLOTS, &pool, &error));
    open_all();
}

static void teardown(void)
{
    close_all();
    pool_destroy(pool);
    unlink(path);
    unlink(told_path);
}

static struct request *request_of(uint64_t txn_id)
{
    struct request *request = pool_take(pool, POOL_COMMON);

    cr_assert_not_null(request);
    request->message.txn_id = txn_id;
    request->message.fields_bytes = (uint32_t)(10 * txn_id);
    memset(request->fields, (int)txn_id, request->message.fields_bytes);
    return request;
}

/* The process is killed and its successor starts. */
static void be_killed(void)
{
    close_all();
    open_all();
}

static void expect_left(uint64_t txn_id)
{
    static uint8_t fields[MESSAGE_FIELDS_MAX];
    struct message message;
    struct spill_note left;

    cr_assert(spill_take(spill, &message, fields, &left), "%d is lost", (int)txn_id);
    cr_expect_eq(message.txn_id, txn_id);
    cr_assert_eq(message.fields_bytes, 10 * txn_id);
    cr_expect_eq(fields[message.fields_bytes - 1], txn_id);
    cr_expect_eq(left.told, REASON_LATE);
    cr_expect_str_eq(left.response, "05");
    cr_expect(left.maybe_stored);
}

static off_t file_bytes(void)
{
    struct stat status;

    cr_assert_eq(stat(told_path, &status), 0);
    return status.st_size;
}

TestSuite(doubt, .init = setup, .fini = teardown);

Test(doubt, what_was_noted_and_not_forgotten_is_the_successors)
{
    struct request *first = request_of(1), *second = request_of(2), *third = request_of(3);

    cr_expect(doubts_note(doubts, first, &note));
    cr_expect(doubts_note(doubts, second, &note));
    cr_expect(doubts_note(doubts, third, &note));
    doubts_forget(doubts, second);
    be_killed();
    expect_left(1);
    expect_left(3);
    cr_expect_not(spill_is_waiting(spill));
    cr_expect_eq(file_bytes(), 0, "the spill has them now");
}

Test(doubt, noted_twice_is_noted_once)
{
    struct request *request = request_of(1);

    cr_expect(doubts_note(doubts, request, &note));
    cr_expect(doubts_note(doubts, request, &note));
    be_killed();
    expect_left(1);
    cr_expect_not(spill_is_waiting(spill));
}

Test(doubt, a_note_that_comes_after_the_end_is_none)
{
    struct request *request = request_of(1);

    doubts_forget(doubts, request);
    cr_expect(doubts_note(doubts, request, &note));
    cr_expect_eq(file_bytes(), 0);
}

Test(doubt, slots_are_used_again_and_the_file_is_emptied)
{
    for (uint64_t i = 1; i <= 20; i++) {
        struct request *request = request_of(i);
        cr_assert(doubts_note(doubts, request, &note), "%d", (int)i);
        cr_expect_gt(file_bytes(), 0);
        doubts_forget(doubts, request);
        pool_put(pool, request, 1);
        cr_expect_eq(file_bytes(), 0);
    }
}

Test(doubt, a_file_of_something_else_is_refused_and_left_alone)
{
    struct error error;
    struct doubts *none = NULL;

    doubts_close(doubts);
    doubts = NULL;
    FILE *file = fopen(told_path, "w");
    cr_assert_not_null(file);
    fputs("this is no file of ours\n", file);
    fclose(file);
    const off_t before = file_bytes();
    cr_expect_not(doubts_open(path, SLOTS, spill, &none, &error));
    cr_expect_eq(error.code, ERROR_CONFLICT);
    cr_expect_eq(file_bytes(), before);
}

Test(doubt, without_a_path_nothing_is_kept)
{
    struct error error;
    struct doubts *none = NULL;

    cr_assert(doubts_open("", SLOTS, spill, &none, &error));
    struct request *request = request_of(1);
    cr_expect(doubts_note(none, request, &note), "as the configuration has it");
    doubts_forget(none, request);
    doubts_close(none);
    doubts_close(NULL);
}
