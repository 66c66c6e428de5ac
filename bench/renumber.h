/* Renumbering: the same message as another one, with ids, traces, links, references and dates that
 * the host has never seen, consistently: what was equal stays equal, what was different stays
 * different.
 *
 * TXn_IDs keep their order. Texts keep their shape: a digit becomes a digit, a letter a letter, by
 * a hash of the old text and the run's key; a trace keeps its network. Dates move by whole days, so
 * that the traffic's first day becomes today. Tokens of the file's own cards may be moved by a
 * fixed number.
 *
 * Threads: pure.   Owns: the index of a body.   May include: bench/.
 */
#ifndef BENCH_RENUMBER_H
#define BENCH_RENUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RENUMBER_FIELDS_MAX = 24 };

enum renumber_kind {
    RENUMBER_ID,        /* TXn_ID, Matching_Txn_ID */
    RENUMBER_TRACE,     /* traceid_lifecycle and its kin: NET-yyyymmdd-… */
    RENUMBER_REFERENCE, /* links, retrieval references: all of it */
    RENUMBER_DATE,      /* yyyy-mm-dd … */
    RENUMBER_DATE_DE07, /* mmdd… */
    RENUMBER_TOKEN,
};

/* Where in a body the values stand that change. */
struct renumber_index {
    size_t count;
    struct {
        enum renumber_kind kind;
        uint32_t start, bytes;
    } fields[RENUMBER_FIELDS_MAX]; /* in the order of their places */
};

/* A run: what is added, mixed in, shifted. */
struct renumber {
    uint64_t key;         /* of the run; another pass over the file has another */
    uint64_t old_id_base; /* the smallest TXn_ID of the file */
    uint64_t new_id_base;
    int day_shift;
    int32_t token_shift;
    int32_t first_token, last_token; /* those that are shifted */
};

void renumber_index(const char *body, size_t bytes, struct renumber_index *index);
/* The value of TXn_ID in a body, 0 when there is none. */
uint64_t renumber_id_of(const char *body, const struct renumber_index *index);
/* Writes the renumbered body; returns its bytes, at most `bytes` + 12 a field. */
size_t renumber_write(const struct renumber *renumber, const char *body, size_t bytes,
                      const struct renumber_index *index, char *out);
/* One text, for tests: `text` is changed in place. */
void renumber_text(uint64_t key, enum renumber_kind kind, char *text, size_t bytes);

#endif
