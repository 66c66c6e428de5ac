#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "authz/spill.h"

static char path[64];
static const struct spill_note unavailable = {.told = REASON_UNAVAILABLE, .response = "05"};
static uint8_t kept[MESSAGE_FIELDS_MAX], taken[MESSAGE_FIELDS_MAX];

static void setup(void)
{
    snprintf(path, sizeof path, "/tmp/test_spill.%d", (int)getpid());
    unlink(path);
}

static void teardown(void)
{
    unlink(path);
}

static struct spill *open_spill(void)
{
    struct spill *spill = NULL;
    struct error error;
    bool opened = spill_open(path, &spill, &error);

    cr_assert(opened);
    return spill;
}

static struct message message_of(uint64_t txn_id, uint32_t fields_bytes)
{
    struct message message = {.txn_id = txn_id, .token = 123456789, .fields = kept};

    memset(kept, (int)('a' + txn_id % 26), fields_bytes);
    message.fields_bytes = fields_bytes;
    return message;
}

static void put(struct spill *spill, uint64_t txn_id, uint32_t fields_bytes)
{
    struct message message = message_of(txn_id, fields_bytes);
    bool fine = spill_put(spill, &message, &unavailable);

    cr_assert(fine);
}

static void expect_taken(struct spill *spill, uint64_t txn_id, uint32_t fields_bytes)
{
    struct message message;
    struct spill_note note;

    cr_assert(spill_take(spill, &message, taken, &note), "nothing to take");
    cr_expect_eq(message.txn_id, txn_id);
    cr_expect_eq(message.token, 123456789);
    cr_expect_eq(note.told, REASON_UNAVAILABLE);
    cr_expect_str_eq(note.response, "05");
    cr_expect_not(note.maybe_stored);
    cr_expect_eq(message.fields, taken);
    cr_assert_eq(message.fields_bytes, fields_bytes);
    for (uint32_t i = 0; i < fields_bytes; i++) {
        cr_assert_eq(taken[i], (uint8_t)('a' + txn_id % 26));
    }
}

static bool takes_nothing(struct spill *spill)
{
    struct message message;
    struct spill_note note;

    return !spill_take(spill, &message, taken, &note);
}

static off_t file_bytes(void)
{
    struct stat status;

    cr_assert_eq(stat(path, &status), 0);
    return status.st_size;
}

TestSuite(spill, .init = setup, .fini = teardown);

Test(spill, gives_back_what_was_put_in_order)
{
    struct spill *spill = open_spill();

    cr_expect_not(spill_is_waiting(spill));
    put(spill, 1, 100);
    put(spill, 2, 0);
    put(spill, 3, MESSAGE_FIELDS_MAX);
    cr_expect(spill_is_waiting(spill));
    expect_taken(spill, 1, 100);
    expect_taken(spill, 2, 0);
    expect_taken(spill, 3, MESSAGE_FIELDS_MAX);
    cr_expect(takes_nothing(spill));
    spill_close(spill);
}

Test(spill, is_emptied_when_all_that_was_taken_is_settled)
{
    struct spill *spill = open_spill();

    put(spill, 1, 10);
    put(spill, 2, 10);
    expect_taken(spill, 1, 10);
    spill_settle(spill);
    cr_expect_gt(file_bytes(), 0, "one still waits");
    expect_taken(spill, 2, 10);
    spill_settle(spill);
    cr_expect_eq(file_bytes(), 0);
    put(spill, 3, 10);
    expect_taken(spill, 3, 10);
    spill_close(spill);
}

Test(spill, what_was_not_settled_is_there_for_the_next_process)
{
    struct spill *spill = open_spill();

    put(spill, 1, 10);
    put(spill, 2, 20);
    expect_taken(spill, 1, 10);
    spill_close(spill);
    spill = open_spill();
    expect_taken(spill, 1, 10);
    expect_taken(spill, 2, 20);
    spill_close(spill);
}

Test(spill, a_torn_end_is_cut_off)
{
    struct spill *spill = open_spill();

    put(spill, 1, 10);
    off_t whole = file_bytes();
    put(spill, 2, 20);
    spill_close(spill);
    cr_assert_eq(truncate(path, file_bytes() - 1), 0);
    spill = open_spill();
    cr_expect_eq(file_bytes(), whole);
    expect_taken(spill, 1, 10);
    cr_expect(takes_nothing(spill));
    spill_close(spill);
}

Test(spill, a_file_of_something_else_is_refused_and_left_alone)
{
    FILE *file = fopen(path, "w");

    cr_assert_not_null(file);
    for (int i = 0; i < 1000; i++) {
        fputs("this is no spill\n", file);
    }
    fclose(file);
    off_t before = file_bytes();
    struct spill *spill;
    struct error error;
    bool opened = spill_open(path, &spill, &error);
    cr_expect_not(opened);
    cr_expect_eq(error.code, ERROR_CONFLICT);
    cr_expect_eq(file_bytes(), before);
}

Test(spill, is_bounded)
{
    struct spill *spill = open_spill();
    struct message message = message_of(1, MESSAGE_FIELDS_MAX);
    long count = 0;

    while (spill_put(spill, &message, &unavailable)) {
        cr_assert_lt(++count, SPILL_BYTES_MAX / MESSAGE_FIELDS_MAX);
    }
    cr_expect_leq(file_bytes(), SPILL_BYTES_MAX);
    cr_expect_gt(file_bytes(), SPILL_BYTES_MAX - 2 * MESSAGE_FIELDS_MAX);
    const struct spill_note doubt = {.told = REASON_LATE, .response = "05", .maybe_stored = true};
    cr_expect(spill_put(spill, &message, &doubt), "it may hold somebody's money");
    spill_close(spill);
}

Test(spill, without_a_path_keeps_nothing)
{
    struct spill *spill;
    struct error error;
    struct message message = message_of(1, 10);
    bool opened = spill_open("", &spill, &error);

    cr_assert(opened);
    bool fine = spill_put(spill, &message, &unavailable);
    cr_expect_not(fine);
    cr_expect(takes_nothing(spill));
    spill_close(spill);
    spill_close(NULL);
}

Test(spill, belongs_to_one_and_is_readable_by_its_owner_only)
{
    struct spill *spill = open_spill(), *second;
    struct error error;
    struct stat status;
    bool opened = spill_open(path, &second, &error);

    cr_expect_not(opened);
    cr_expect_eq(error.code, ERROR_CONFLICT);
    cr_assert_eq(stat(path, &status), 0);
    cr_expect_eq(status.st_mode & 0777, 0600);
    spill_close(spill);
}
