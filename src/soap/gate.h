/* The HTTP gate: what must be true of a request before a byte of its body is looked at.
 *
 * libmicrohttpd is lenient (two lengths, a length and chunks, no Host, HTTP/1.2 all pass it), and
 * each such leniency is a way to smuggle a second request. So everything is checked here, in the
 * first call of the access handler, and a doubt always closes the connection.
 *
 * Threads: pure.   Owns: nothing.   May include: base.
 */
#ifndef SOAP_GATE_H
#define SOAP_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GATE_HEADERS_MAX = 64,
    GATE_TEXT_MAX = 256, /* bytes of a header value that we keep, NUL included */
};

enum gate_target { GATE_NOWHERE, GATE_PATH, GATE_WSDL };

struct gate {
    int headers, hosts, lengths, types;
    bool transfer_encoding, bad_header, bad_length, bad_type, bad_coding, bad_expectation;
    int64_t length;
    char host[GATE_TEXT_MAX];        /* "" when absent or too long */
    char soap_action[GATE_TEXT_MAX]; /* as received, quotes included */
    char trace_parent[GATE_TEXT_MAX];
};

struct gate_verdict {
    int status;       /* 0: go on */
    const char *rule; /* for metrics and log, "" when status is 0 */
};

/* Where a raw request target leads; `paths` is a comma-separated list. Exact match only; `?wsdl`
 * (any case) is the one query that we know. */
enum gate_target gate_target_of(const char *target, const char *paths);

void gate_begin(struct gate *gate);
void gate_header(struct gate *gate, const char *name, size_t name_bytes, const char *value,
                 size_t value_bytes);
/* The first rule broken, or status 0. */
struct gate_verdict gate_judge(const struct gate *gate, const char *method, const char *version,
                               enum gate_target target, int64_t body_max);

/* True for a W3C traceparent of version 00; trace_id then gets its 32 hex digits and a NUL. */
bool gate_trace_id(const char *trace_parent, char trace_id[33]);

#endif
