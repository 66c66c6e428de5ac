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

#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

struct config;

/* Reads and checks `path`. `overrides` is a NULL-ended list of "section.key=value" (the sandbox's
 * --set; "product 70123.mode=4" for products), may be NULL; they win over the file. */
MUST_USE bool config_load(const char *path, const char *const *overrides, struct config **ret_config,
                          struct error *error);
void config_destroy(struct config *config);

/* The value of a key that is in the table (asserted), or its default. Text is never NULL ("" when
 * unset) and borrowed from config. Paths come absolute. */
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
