#include "soap/gate.h"

#include <string.h>
#include <strings.h>

enum gate_target gate_target_of(const char *target, const char *paths)
{
    size_t bytes = strcspn(target, "?");
    bool known = false;
    for (const char *path = paths; *path != '\0' && !known;) {
        size_t path_bytes = strcspn(path, ",");
        known = path_bytes == bytes && memcmp(path, target, bytes) == 0;
        path += path_bytes + (path[path_bytes] == ',');
    }
    if (!known) {
        return GATE_NOWHERE;
    }
    if (target[bytes] == '\0') {
        return GATE_PATH;
    }
    return strcasecmp(target + bytes, "?wsdl") == 0 ? GATE_WSDL : GATE_NOWHERE;
}

void gate_begin(struct gate *gate)
{
    memset(gate, 0, sizeof *gate);
}

static bool is_token(const char *text, size_t bytes)
{
    static const char special[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < bytes; i++) {
        char c = text[i];
        bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!word && (c == '\0' || strchr(special, c) == NULL)) {
            return false;
        }
    }
    return bytes > 0;
}

static bool is_visible(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F) {
            return false;
        }
    }
    return true;
}

static bool equals(const char *text, size_t bytes, const char *expected)
{
    return strlen(expected) == bytes && strncasecmp(text, expected, bytes) == 0;
}

static void length_header(struct gate *gate, const char *value, size_t bytes)
{
    gate->lengths++;
    gate->bad_length |= bytes == 0;
    for (size_t i = 0; i < bytes; i++) {
        if (value[i] < '0' || value[i] > '9') {
            gate->bad_length = true;
            return;
        }
        if (__builtin_mul_overflow(gate->length, 10, &gate->length) ||
            __builtin_add_overflow(gate->length, value[i] - '0', &gate->length)) {
            gate->length = INT64_MAX; /* larger than any limit: 413 */
            return;
        }
    }
}

/* application/xml or text/xml, alone or with charset=utf-8 (quoted or not). */
static bool is_xml_type(const char *value, size_t bytes)
{
    size_t type = 0;
    while (type < bytes && value[type] != ';' && value[type] != ' ' && value[type] != '\t') {
        type++;
    }
    if (!equals(value, type, "application/xml") && !equals(value, type, "text/xml")) {
        return false;
    }
    size_t at = type;
    while (at < bytes && (value[at] == ' ' || value[at] == '\t' || value[at] == ';')) {
        at++;
    }
    size_t end = bytes;
    while (end > at && (value[end - 1] == ' ' || value[end - 1] == '\t' || value[end - 1] == ';')) {
        end--;
    }
    return at == end || equals(value + at, end - at, "charset=utf-8") ||
           equals(value + at, end - at, "charset=\"utf-8\"");
}

static void keep(char to[GATE_TEXT_MAX], const char *value, size_t bytes)
{
    if (bytes < GATE_TEXT_MAX) {
        memcpy(to, value, bytes);
        to[bytes] = '\0';
    }
}

void gate_header(struct gate *gate, const char *name, size_t name_bytes, const char *value,
                 size_t value_bytes)
{
    gate->headers++;
    if (!is_token(name, name_bytes) || !is_visible(value, value_bytes)) {
        gate->bad_header = true;
        return;
    }
    if (equals(name, name_bytes, "host")) {
        gate->hosts++;
        keep(gate->host, value, value_bytes);
    } else if (equals(name, name_bytes, "content-length")) {
        length_header(gate, value, value_bytes);
    } else if (equals(name, name_bytes, "transfer-encoding")) {
        gate->transfer_encoding = true;
    } else if (equals(name, name_bytes, "content-type")) {
        gate->types++;
        gate->bad_type |= !is_xml_type(value, value_bytes);
    } else if (equals(name, name_bytes, "content-encoding")) {
        gate->bad_coding |= !equals(value, value_bytes, "identity");
    } else if (equals(name, name_bytes, "expect")) {
        gate->bad_expectation |= !equals(value, value_bytes, "100-continue");
    } else if (equals(name, name_bytes, "soapaction")) {
        keep(gate->soap_action, value, value_bytes);
    } else if (equals(name, name_bytes, "traceparent")) {
        keep(gate->trace_parent, value, value_bytes);
    }
}

static struct gate_verdict judge_head(const struct gate *gate, const char *version)
{
    if (strcmp(version, "HTTP/1.1") != 0) {
        return (struct gate_verdict){505, "version"};
    }
    if (gate->headers > GATE_HEADERS_MAX) {
        return (struct gate_verdict){431, "header_count"};
    }
    if (gate->bad_header) {
        return (struct gate_verdict){400, "header"};
    }
    if (gate->hosts != 1) {
        return (struct gate_verdict){400, "host"};
    }
    if (gate->lengths > 1 || gate->bad_length) {
        return (struct gate_verdict){400, "content_length"};
    }
    if (gate->transfer_encoding) {
        return gate->lengths > 0 ? (struct gate_verdict){400, "content_length"}
                                 : (struct gate_verdict){411, "transfer_encoding"};
    }
    if (gate->bad_expectation) {
        return (struct gate_verdict){417, "expect"};
    }
    return (struct gate_verdict){0, ""};
}

static struct gate_verdict judge_body(const struct gate *gate, int64_t body_max)
{
    if (gate->lengths == 0) {
        return (struct gate_verdict){411, "no_content_length"};
    }
    if (gate->length > body_max) {
        return (struct gate_verdict){413, "body_size"};
    }
    if (gate->types != 1 || gate->bad_type) {
        return (struct gate_verdict){415, "content_type"};
    }
    if (gate->bad_coding) {
        return (struct gate_verdict){415, "content_encoding"};
    }
    if (gate->length == 0) {
        return (struct gate_verdict){400, "empty_body"};
    }
    return (struct gate_verdict){0, ""};
}

struct gate_verdict gate_judge(const struct gate *gate, const char *method, const char *version,
                               enum gate_target target, int64_t body_max)
{
    struct gate_verdict verdict = judge_head(gate, version);
    if (verdict.status != 0) {
        return verdict;
    }
    bool get = strcmp(method, "GET") == 0;
    if (target == GATE_NOWHERE) {
        return (struct gate_verdict){404, "path"};
    }
    if (get ? target != GATE_WSDL : target != GATE_PATH || strcmp(method, "POST") != 0) {
        return (struct gate_verdict){405, "method"};
    }
    if (get) {
        return gate->length > 0 ? (struct gate_verdict){400, "body_of_get"}
                                : (struct gate_verdict){0, ""};
    }
    return judge_body(gate, body_max);
}

static bool is_hex(const char *text, size_t bytes)
{
    bool all_zero = true;
    for (size_t i = 0; i < bytes; i++) {
        if (!((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f'))) {
            return false;
        }
        all_zero &= text[i] == '0';
    }
    return !all_zero;
}

bool gate_trace_id(const char *trace_parent, char trace_id[33])
{
    if (strlen(trace_parent) != 55 || memcmp(trace_parent, "00-", 3) != 0 ||
        trace_parent[35] != '-' || trace_parent[52] != '-' || !is_hex(trace_parent + 3, 32) ||
        !is_hex(trace_parent + 36, 16) || strspn(trace_parent + 53, "0123456789abcdef") != 2) {
        return false;
    }
    memcpy(trace_id, trace_parent + 3, 32);
    trace_id[32] = '\0';
    return true;
}
