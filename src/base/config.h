/* Configuration: one INI file, one table of keys, and precise errors.
 *
 * The table (config.c) has for each key: section, key, kind, range, default, one sentence. Parser,
 * `holdfastd -t`, holdfast.conf(5) and the shipped example are all made from it. An unknown key, a
 * bad value or a missing file is an error whose field is "FILE:LINE section.key" and whose message
 * says what was expected. Relative paths are relative to the file. Sections `[product default]` and
 * `[product N]` hold the keys of a product.
 *
 * Threads: written before threads start, read-only after.   Owns: its strings.
 * May include: base, inih.
 */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

struct config;

enum {
    CONFIG_FILE_BYTES = 1 << 20,
    CONFIG_LINE_BYTES = 4096,
    CONFIG_PRODUCTS_MAX = 256,
    CONFIG_WHERE_BYTES = 64,
};

/* Reads and checks `path`. `overrides` is a NULL-ended list of "section.key=value" (the sandbox's
 * --set; "product 70123.mode=4" for products), may be NULL; they win over the file. */
MUST_USE bool config_load(const char *path, const char *const *overrides,
                          struct config **ret_config, struct error *error);
/* The same from memory: `name` stands for the file in errors, and its folder is where relative
 * paths begin. At most CONFIG_FILE_BYTES. */
MUST_USE bool config_parse(const char *name, const char *text, size_t bytes,
                           const char *const *overrides, struct config **ret_config,
                           struct error *error);
/* Accepts NULL. */
void config_destroy(struct config *config);
/* Where a key's value stands, for errors of those who use it: "holdfast.conf:12 lanes.count", or
 * "holdfast.conf lanes.count" when it is a default. Returns buffer. */
const char *config_where(const struct config *config, const char *section, const char *key,
                         char buffer[CONFIG_WHERE_BYTES]);

/* The value of a key that is in the table (asserted), or its default. Text is never NULL ("" when
 * unset) and borrowed from config. Paths come absolute. The number of a choice is its index in the
 * table's list, that of a duration is in milliseconds. */
const char *config_text(const struct config *config, const char *section, const char *key);
int64_t config_number(const struct config *config, const char *section, const char *key);
bool config_flag(const struct config *config, const char *section, const char *key);

/* Products: "default" first when the file has it. */
int config_product_count(const struct config *config);
/* The number of the i-th product section, or 0 for "default". */
int64_t config_product_number(const struct config *config, int i);
/* A key of `[product N]` (i-th section): its own value, else that of `[product default]`, else the
 * table's default. */
const char *config_product_text(const struct config *config, int i, const char *key);
int64_t config_product_number_of(const struct config *config, int i, const char *key);
bool config_product_flag(const struct config *config, int i, const char *key);

/* A ready-to-edit file with every key, its default and its sentence. */
void config_print_example(FILE *out);
/* The body of holdfast.conf(5) in roff. */
void config_print_man(FILE *out);

#endif
