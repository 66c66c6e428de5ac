#include "ops/roots.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 2 * HASH_BYTES, LINE_BYTES = 65536 };

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Exactly 64 digits, and no 65th. */
static bool parse_root(const char *text, struct verify_root *root)
{
    for (size_t i = 0; i < DIGITS; i++) {
        if (hex_value(text[i]) < 0) {
            return false;
        }
    }
    if (hex_value(text[DIGITS]) >= 0) {
        return false;
    }
    for (size_t i = 0; i < HASH_BYTES; i++) {
        root->bytes[i] = (uint8_t)(hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]));
    }
    return true;
}

static bool keep(struct roots *roots, const struct verify_root *root, struct error *error)
{
    if (roots->count == ROOTS_MAX) {
        return error_set(error, ERROR_LIMIT, "--anchor", "more than %d roots", ROOTS_MAX);
    }
    if (roots->count == roots->max) {
        const size_t max = roots->max == 0 ? 64 : 2 * roots->max;
        struct verify_root *items = reallocarray(roots->items, max, sizeof *items);
        if (items == NULL) {
            return error_set(error, ERROR_LIMIT, "memory", "none left");
        }
        roots->items = items;
        roots->max = max;
    }
    roots->items[roots->count++] = *root;
    return true;
}

/* Where a root may begin: at the line's start, after a blank, "root=" or a quote. */
static bool may_begin(const char *line, size_t at)
{
    static const char *const before[] = {" ", "\t", "root=", "\"root\":\"", "\"root\": \""};

    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        const size_t bytes = strlen(before[i]);
        if (at >= bytes && memcmp(line + at - bytes, before[i], bytes) == 0) {
            return true;
        }
    }
    return at == 0;
}

static bool add_line(struct roots *roots, const char *line, struct error *error)
{
    const size_t bytes = strlen(line);
    struct verify_root root;

    for (size_t at = 0; at + DIGITS <= bytes; at++) {
        if (may_begin(line, at) && parse_root(line + at, &root) && !keep(roots, &root, error)) {
            return false;
        }
    }
    return true;
}

static bool add_file(struct roots *roots, const char *path, struct error *error)
{
    const size_t before = roots->count;
    char *line = malloc(LINE_BYTES);
    FILE *file = fopen(path, "re");
    bool ok = true;

    if (file == NULL || line == NULL) {
        ok = false;
        (void)error_set_errno(error, ERROR_INVALID, "--anchor",
                              "%s is neither 64 hexadecimal digits nor a file that can be read",
                              path);
    }
    while (ok && fgets(line, LINE_BYTES, file) != NULL) {
        ok = add_line(roots, line, error);
    }
    if (ok && roots->count == before) {
        ok = error_set(error, ERROR_INVALID, "--anchor", "%s has no anchor's root in it", path);
    }
    free(line);
    if (file != NULL) {
        fclose(file);
    }
    return ok;
}

bool roots_add(struct roots *roots, const char *hex_or_path, struct error *error)
{
    struct verify_root root;

    if (strlen(hex_or_path) == DIGITS && parse_root(hex_or_path, &root)) {
        return keep(roots, &root, error);
    }
    return add_file(roots, hex_or_path, error);
}

void roots_finish(struct roots *roots)
{
    free(roots->items);
    *roots = (struct roots){0};
}
