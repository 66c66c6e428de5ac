/* Any bytes as request target and headers: lines of "name: value"; the first line is the target. */
#include "target.h"

#include <stdlib.h>
#include <string.h>

#include "soap/gate.h"

static void check(bool condition)
{
    if (!condition) {
        abort();
    }
}

/* The next line, which ends before the returned place. */
static const char *line_end(const char *at, const char *end)
{
    const char *found = memchr(at, '\n', (size_t)(end - at));
    return found == NULL ? end : found;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    const char *at = (const char *)bytes;
    const char *end = at + count;
    char target[300] = "";
    struct gate gate;
    char trace_id[33] = "";

    const char *stop = line_end(at, end);
    size_t length = (size_t)(stop - at) < sizeof target ? (size_t)(stop - at) : sizeof target - 1;
    memcpy(target, at, length);
    gate_begin(&gate);
    for (at = stop; at < end; at = stop) {
        at++;
        stop = line_end(at, end);
        const char *colon = memchr(at, ':', (size_t)(stop - at));
        const char *name_end = colon == NULL ? stop : colon;
        const char *value = colon == NULL ? stop : colon + 1;
        gate_header(&gate, at, (size_t)(name_end - at), value, (size_t)(stop - value));
    }
    enum gate_target where = gate_target_of(target, "/ehi,/ehi/cutoff");
    struct gate_verdict verdict = gate_judge(&gate, "POST", "HTTP/1.1", where, 65536);
    check(verdict.status == 0 || (verdict.status >= 400 && verdict.status < 600));
    if (verdict.status == 0) { /* what passes has one length, one host, one type, and no coding */
        check(where == GATE_PATH && gate.hosts == 1 && gate.lengths == 1 && gate.types == 1);
        check(gate.length > 0 && gate.length <= 65536 && !gate.transfer_encoding);
    }
    check(!gate_trace_id(gate.trace_parent, trace_id) || strlen(trace_id) == 32);
    return 0;
}
