/* Traffic files: JSON Lines, one message a line, gzip allowed (docs/bench.md).
 *
 *     {"traffic": 1, "cards": [{"token": 100000001, "currency": "GBP", "load_minor": 10000000}, …],
 * …}
 *     {"at_us": …, "soapaction": "…", "body": "<?xml …", "reply": {"response": "00", "ack": 1},
 * "about": {…}}
 *
 * The first line is a header, and may be missing (a recording has none). "reply" is what is
 * expected; each of its members may be missing, and is then not looked at.
 *
 * Threads: one.   Owns: the messages while it lives.   May include: base, jansson, zlib.
 */
#ifndef BENCH_TRAFFIC_H
#define BENCH_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { TRAFFIC_NAME_BYTES = 48, TRAFFIC_MESSAGES_MAX = 5000000, TRAFFIC_LINE_BYTES = 1 << 20 };

struct traffic_reply {
    char response[3]; /* "": any */
    int ack;          /* 0 or 1; -1: any */
    bool has_approved, has_balances;
    int64_t approved_minor, current_minor, available_minor;
};

struct traffic_message {
    int64_t at_us; /* wall clock of the day */
    char *body;
    size_t body_bytes;
    char soapaction[96];
    struct traffic_reply reply;
    int32_t token;                  /* 0: not known */
    uint16_t currency;              /* of the reply's amounts; 0: not known */
    char kind[TRAFFIC_NAME_BYTES];  /* "authorisation", "reversal", … */
    char story[TRAFFIC_NAME_BYTES]; /* why it was sent: "lost answer" */
};

struct traffic_card {
    int32_t token;
    uint16_t currency;
    int64_t load_minor;
};

struct traffic {
    struct traffic_message *messages;
    size_t count, room;
    struct traffic_card *cards;
    size_t card_count, card_room;
    uint64_t seed;
};

void traffic_init(struct traffic *traffic);
void traffic_finish(struct traffic *traffic);
/* Adds a copy of the message; its body is copied too. */
void traffic_add(struct traffic *traffic, const struct traffic_message *message);
void traffic_add_card(struct traffic *traffic, const struct traffic_card *card);

/* Reads all of it; an error names the line. */
MUST_USE bool traffic_read(struct traffic *traffic, const char *path, struct error *error);
/* Writes it, compressed when the name ends in ".gz"; "-" is standard output. The same traffic gives
 * the same bytes. */
MUST_USE bool traffic_write(const struct traffic *traffic, const char *path, struct error *error);

#endif
