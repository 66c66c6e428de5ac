#include "soap/gate.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

enum { BODY_MAX = 65536 };

/* Headers as "name: value" lines; NULL ends the list. */
static void read_headers(struct gate *gate, const char *const *lines)
{
    gate_begin(gate);
    for (; *lines != NULL; lines++) {
        size_t name = strcspn(*lines, ":");
        const char *value = *lines + name + 2;
        gate_header(gate, *lines, name, value, strlen(value));
    }
}

#define HOST   "host: a"
#define TYPE   "content-type: application/xml"
#define LENGTH "content-length: 5"

static const struct {
    const char *name, *method, *version;
    enum gate_target target;
    const char *headers[6];
    int status;
    const char *rule;
} rows[] = {
    {"an ordinary post",     "POST", "HTTP/1.1", GATE_PATH,    {HOST, TYPE, LENGTH},                                       0,   ""                 },
    {"names in any case",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {"HOST: a", "Content-TYPE: TEXT/XML", LENGTH},
     0,                                                                                                                         ""                 },
    {"a charset",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, "content-type: text/xml; charset=UTF-8", LENGTH},
     0,                                                                                                                         ""                 },
    {"a quoted charset",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, "content-type: text/xml;charset=\"utf-8\"", LENGTH},
     0,                                                                                                                         ""                 },
    {"100-continue",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, LENGTH, "expect: 100-continue"},
     0,                                                                                                                         ""                 },
    {"identity coding",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, LENGTH, "content-encoding: identity"},
     0,                                                                                                                         ""                 },
    {"the largest body",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, "content-length: 65536"},
     0,                                                                                                                         ""                 },
    {"the WSDL",             "GET",  "HTTP/1.1", GATE_WSDL,    {HOST},                                                     0,   ""                 },
    {"HTTP/1.0",             "POST", "HTTP/1.0", GATE_PATH,    {HOST, TYPE, LENGTH},                                       505, "version"          },
    {"HTTP/1.2",             "POST", "HTTP/1.2", GATE_PATH,    {HOST, TYPE, LENGTH},                                       505, "version"          },
    {"no host",              "POST", "HTTP/1.1", GATE_PATH,    {TYPE, LENGTH},                                             400, "host"             },
    {"two hosts",            "POST", "HTTP/1.1", GATE_PATH,    {HOST, HOST, TYPE, LENGTH},                                 400, "host"             },
    {"another path",         "POST", "HTTP/1.1", GATE_NOWHERE, {HOST, TYPE, LENGTH},                                       404, "path"             },
    {"a get",                "GET",  "HTTP/1.1", GATE_PATH,    {HOST},                                                     405, "method"           },
    {"a put",                "PUT",  "HTTP/1.1", GATE_PATH,    {HOST, TYPE, LENGTH},                                       405, "method"           },
    {"lower case",           "post", "HTTP/1.1", GATE_PATH,    {HOST, TYPE, LENGTH},                                       405, "method"           },
    {"a post to the WSDL",   "POST", "HTTP/1.1", GATE_WSDL,    {HOST, TYPE, LENGTH},                                       405, "method"           },
    {"a head of the WSDL",   "HEAD", "HTTP/1.1", GATE_WSDL,    {HOST},                                                     405, "method"           },
    {"a get with a body",    "GET",  "HTTP/1.1", GATE_WSDL,    {HOST, LENGTH},                                             400, "body_of_get"      },
    {"two lengths",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, LENGTH, LENGTH},
     400,                                                                                                                       "content_length"   },
    {"a signed length",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, "content-length: +5"},
     400,                                                                                                                       "content_length"   },
    {"a hexadecimal length",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, "content-length: 0x5"},
     400,                                                                                                                       "content_length"   },
    {"a list of lengths",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, "content-length: 5, 5"},
     400,                                                                                                                       "content_length"   },
    {"an empty length",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, "content-length: "},
     400,                                                                                                                       "content_length"   },
    {"a length and chunks",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, LENGTH, "transfer-encoding: chunked"},
     400,                                                                                                                       "content_length"   },
    {"chunks",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, "transfer-encoding: chunked"},
     411,                                                                                                                       "transfer_encoding"},
    {"no length",            "POST", "HTTP/1.1", GATE_PATH,    {HOST, TYPE},                                               411, "no_content_length"},
    {"one byte too many",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, "content-length: 65537"},
     413,                                                                                                                       "body_size"        },
    {"2^64 - 1",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, "content-length: 18446744073709551615"},
     413,                                                                                                                       "body_size"        },
    {"no bytes",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, "content-length: 0"},
     400,                                                                                                                       "empty_body"       },
    {"no type",              "POST", "HTTP/1.1", GATE_PATH,    {HOST, LENGTH},                                             415, "content_type"     },
    {"two types",            "POST", "HTTP/1.1", GATE_PATH,    {HOST, TYPE, TYPE, LENGTH},                                 415, "content_type"     },
    {"JSON",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, "content-type: application/json", LENGTH},
     415,                                                                                                                       "content_type"     },
    {"SOAP 1.2",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, "content-type: application/soap+xml", LENGTH},
     415,                                                                                                                       "content_type"     },
    {"UTF-16",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, "content-type: text/xml; charset=utf-16", LENGTH},
     415,                                                                                                                       "content_type"     },
    {"a type with more",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, "content-type: text/xmlx", LENGTH},
     415,                                                                                                                       "content_type"     },
    {"gzip",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, LENGTH, "content-encoding: gzip"},
     415,                                                                                                                       "content_encoding" },
    {"another expectation",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, LENGTH, "expect: banana"},
     417,                                                                                                                       "expect"           },
    {"a name that is none",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, LENGTH, "content length: 3"},
     400,                                                                                                                       "header"           },
    {"a control character",
     "POST",                         "HTTP/1.1",
     GATE_PATH,                                                {HOST, TYPE, LENGTH, "x: a\x01"},
     400,                                                                                                                       "header"           },
};

Test(gate, doubts_are_refused_by_rule)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct gate gate;
        read_headers(&gate, rows[i].headers);
        struct gate_verdict verdict =
            gate_judge(&gate, rows[i].method, rows[i].version, rows[i].target, BODY_MAX);
        cr_expect_eq(verdict.status, rows[i].status, "%s: %d", rows[i].name, verdict.status);
        cr_expect_str_eq(verdict.rule, rows[i].rule, "%s: %s", rows[i].name, verdict.rule);
    }
}

Test(gate, sixty_four_headers_and_no_more)
{
    struct gate gate;
    gate_begin(&gate);
    gate_header(&gate, "host", 4, "a", 1);
    gate_header(&gate, "content-type", 12, "text/xml", 8);
    gate_header(&gate, "content-length", 14, "5", 1);
    for (int i = 3; i < GATE_HEADERS_MAX; i++) {
        gate_header(&gate, "x", 1, "y", 1);
    }
    cr_expect_eq(gate_judge(&gate, "POST", "HTTP/1.1", GATE_PATH, BODY_MAX).status, 0);
    gate_header(&gate, "x", 1, "y", 1);
    cr_expect_eq(gate_judge(&gate, "POST", "HTTP/1.1", GATE_PATH, BODY_MAX).status, 431);
}

Test(gate, a_nul_in_a_value_is_seen)
{
    struct gate gate;
    gate_begin(&gate);
    gate_header(&gate, "x", 1, "a\0b", 3);
    cr_expect(gate.bad_header);
}

Test(gate, targets_match_exactly)
{
    static const struct {
        const char *target;
        enum gate_target expected;
    } targets[] = {
        {"/ehi",             GATE_PATH   },
        {"/ehi/cutoff",      GATE_PATH   },
        {"/ehi?wsdl",        GATE_WSDL   },
        {"/ehi?WSDL",        GATE_WSDL   },
        {"/",                GATE_NOWHERE},
        {"/ehi/",            GATE_NOWHERE},
        {"//ehi",            GATE_NOWHERE},
        {"/EHI",             GATE_NOWHERE},
        {"/ehi?x=1",         GATE_NOWHERE},
        {"/ehi?wsdl=1",      GATE_NOWHERE},
        {"/eh",              GATE_NOWHERE},
        {"/./ehi",           GATE_NOWHERE},
        {"/%65hi",           GATE_NOWHERE},
        {"http://a/ehi",     GATE_NOWHERE},
        {"*",                GATE_NOWHERE},
        {"",                 GATE_NOWHERE},
        {"/ehi,/ehi/cutoff", GATE_NOWHERE},
    };
    for (size_t i = 0; i < COUNT(targets); i++) {
        cr_expect_eq(gate_target_of(targets[i].target, "/ehi,/ehi/cutoff"), targets[i].expected,
                     "%s", targets[i].target);
    }
}

Test(gate, what_is_echoed_is_kept_when_it_fits)
{
    struct gate gate;
    char longer[GATE_TEXT_MAX + 1];
    memset(longer, 'x', sizeof longer);
    gate_begin(&gate);
    gate_header(&gate, "SOAPAction", 10, "\"http://tempuri.org/Cut_Off\"", 28);
    gate_header(&gate, "traceparent", 11, longer, GATE_TEXT_MAX);
    cr_expect_str_eq(gate.soap_action, "\"http://tempuri.org/Cut_Off\"");
    cr_expect_str_empty(gate.trace_parent);
}

Test(gate, only_a_valid_traceparent_names_a_request)
{
    static const struct {
        const char *text;
        bool valid;
    } traces[] = {
        {"00-5f1c0a7be2d94c38a6b01d2e3f405162-7a1b2c3d4e5f6071-00", true },
        {"00-5f1c0a7be2d94c38a6b01d2e3f405162-7a1b2c3d4e5f6071-0",  false},
        {"01-5f1c0a7be2d94c38a6b01d2e3f405162-7a1b2c3d4e5f6071-00", false},
        {"00-5F1C0A7BE2D94C38A6B01D2E3F405162-7a1b2c3d4e5f6071-00", false},
        {"00-00000000000000000000000000000000-7a1b2c3d4e5f6071-00", false},
        {"00-5f1c0a7be2d94c38a6b01d2e3f405162-0000000000000000-00", false},
        {"00-5f1c0a7be2d94c38a6b01d2e3f405162_7a1b2c3d4e5f6071-00", false},
        {"",                                                        false},
    };
    for (size_t i = 0; i < COUNT(traces); i++) {
        char trace_id[33] = "";
        cr_expect_eq(gate_trace_id(traces[i].text, trace_id), traces[i].valid, "%s",
                     traces[i].text);
        cr_expect_str_eq(trace_id, traces[i].valid ? "5f1c0a7be2d94c38a6b01d2e3f405162" : "");
    }
}
