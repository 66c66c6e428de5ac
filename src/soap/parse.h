/* The parser: bytes of a body, as they come → a message, or what is wrong with them.
 *
 * A SAX2 push parser behind the byte gate (scrub.h). No tree is built, no entity is resolved,
 * nothing is fetched; a DOCTYPE, a processing instruction, another encoding, SOAP 1.2, attributes
 * where none belong, depth, truncation and a second root end it at once. The context is reused:
 * that halves the cost of a message. One parser serves one document at a time.
 *
 * Threads: one owner at a time; parse_start once, before all.   Owns: its context and buffers (60
 * kB). May include: base, libxml2.
 */
#ifndef SOAP_PARSE_H
#define SOAP_PARSE_H

#include "base/error.h"
#include "soap/ehi.h"

struct parse;

enum {
    PARSE_DEPTH_MAX = 32,
    PARSE_ELEMENTS_MAX = 1024,
    PARSE_VALUE_MAX = 16384, /* bytes of one element; more is cut, and then decides nothing */
};

enum parse_verdict {
    PARSE_MESSAGE, /* parse_ehi() has it; whether it is readable is another question */
    PARSE_FAULT,   /* XML, but nothing that we take: SOAP fault, HTTP 500 */
    PARSE_NOT_XML, /* HTTP 400 */
};
enum parse_fault { FAULT_CLIENT, FAULT_SERVER, FAULT_VERSION_MISMATCH, FAULT_MUST_UNDERSTAND };

struct parse_result {
    enum parse_verdict verdict;
    enum parse_fault fault;
    const char *rule; /* short name for metrics and log, "" for a message */
    const char *text; /* one sentence for the sender; holds nothing of what was sent */
    uint32_t bytes_replaced, elements_unknown, texts_stray;
};

/* Prepares libxml2 for the process: before threads start. */
void parse_start(void);

MUST_USE bool parse_create(struct parse **ret_parse, struct error *error);
void parse_destroy(struct parse *parse); /* NULL is fine */

void parse_begin(struct parse *parse);
void parse_feed(struct parse *parse, const char *bytes, size_t count);
struct parse_result parse_end(struct parse *parse);
/* The message of the last document, valid until the next parse_begin. Only after PARSE_MESSAGE. */
const struct ehi *parse_ehi(const struct parse *parse);

#endif
