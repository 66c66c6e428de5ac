/* The host's answer: what matters of a SOAP reply.
 *
 * Looks for leaf names, as the processor seems to, so both shapes of the reply are understood.
 *
 * Threads: pure.   Owns: nothing.   May include: base/money.h.
 */
#ifndef BENCH_ANSWER_H
#define BENCH_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answer {
    char response[3];                              /* Responsestatus, "" when absent */
    int ack;                                       /* Acknowledgement, -1 when absent */
    int64_t current_e4, available_e4, approved_e4; /* 0 when absent */
};

/* False when the text is no answer (a fault, something else, no Acknowledgement). */
bool answer_parse(const char *body, size_t bytes, struct answer *answer);

#endif
