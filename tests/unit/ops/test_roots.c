/* Roots from the command line and from logs. */
#include "ops/roots.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define A "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define B "ffeeddccbbaa99887766554433221100FFEEDDCCBBAA99887766554433221100"

static bool add_text(struct roots *roots, const char *text, struct error *error)
{
    char path[] = "/tmp/roots-XXXXXX";
    const int file = mkstemp(path);
    cr_assert_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    const bool added = roots_add(roots, path, error);
    unlink(path);
    return added;
}

Test(roots, takes_sixty_four_hexadecimal_digits)
{
    struct roots roots = {0};
    struct error error = {0};

    cr_assert(roots_add(&roots, A, &error));
    cr_assert(roots_add(&roots, B, &error));
    cr_expect_eq(roots.count, 2);
    cr_expect_eq(roots.items[0].bytes[1], 0x11);
    cr_expect_eq(roots.items[1].bytes[0], 0xff);
    cr_expect_eq(roots.items[1].bytes[17], 0xee);
    roots_finish(&roots);
}

static const struct {
    const char *name, *text;
    size_t count;
} files[] = {
    {"a root a line", A "\n" B "\n",                                                       2},
    {"logfmt",        "at=2026 event=anchored root=" A " chains=2\nat=2026 event=other\n", 1},
    {"JSON lines",    "{\"event\":\"anchored\",\"root\":\"" B "\"}\n",                     1},
    {"behind a time", "2026-11-25 " A "\n",                                                1},
};

Test(roots, finds_them_in_files)
{
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct roots roots = {0};
        struct error error = {0};
        cr_expect(add_text(&roots, files[i].text, &error), "%s: %s", files[i].name, error.message);
        cr_expect_eq(roots.count, files[i].count, "%s", files[i].name);
        roots_finish(&roots);
    }
}

Test(roots, does_not_take_other_hashes_for_roots)
{
    static const char *const texts[] = {
        "fingerprint=" A "\n", A "0\n", "root=" A "ff\n",
        "nothing here\n",      "",      "0011223344556677\n",
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct roots roots = {0};
        struct error error = {0};
        cr_expect_not(add_text(&roots, texts[i], &error), "%s", texts[i]);
        cr_expect_eq(roots.count, 0, "%s", texts[i]);
        roots_finish(&roots);
    }
}

Test(roots, says_that_there_is_no_such_file)
{
    struct roots roots = {0};
    struct error error = {0};

    cr_expect_not(roots_add(&roots, "/nonexistent/anchors", &error));
    cr_expect_eq(error.code, ERROR_INVALID);
    roots_finish(&roots);
}
