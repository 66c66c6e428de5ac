/* Table: text in aligned columns, for people.
 *
 * Cells are UTF-8; a column is as wide as its widest cell. Control characters never reach the
 * terminal: what merchants and files contain is not to move anybody's cursor.
 *
 * Threads: one owner.   Owns: copies of its cells.   May include: base.
 */
#ifndef OPS_TABLE_H
#define OPS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TABLE_COLUMNS_MAX = 16, TABLE_CELL_BYTES = 256 };
enum table_align { TABLE_LEFT, TABLE_RIGHT };

struct table;

struct table *table_create(void);        /* aborts when memory is out */
void table_destroy(struct table *table); /* NULL is fine */
/* Before the first row; the title is copied. */
void table_add_column(struct table *table, const char *title, enum table_align align);
/* The next cell, row by row; one of over TABLE_CELL_BYTES is cut. */
void table_add_cell(struct table *table, const char *text);
size_t table_row_count(const struct table *table);
/* Titles (in bold when asked) and rows. */
void table_print(const struct table *table, FILE *out, bool bold);
/* Rows alone. */
void table_print_rows(const struct table *table, FILE *out);
/* Columns one character wide each, as a terminal shows them: characters, not bytes. */
size_t table_width(const char *text);

#endif
