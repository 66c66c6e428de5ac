#include "soap/scrub.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define FFFD        "\xEF\xBF\xBD"

struct sink {
    char text[4096];
    size_t used;
};

static void collect(void *context, const char *bytes, size_t count)
{
    struct sink *sink = context;
    cr_assert(sink->used + count < sizeof sink->text);
    memcpy(sink->text + sink->used, bytes, count);
    sink->used += count;
    sink->text[sink->used] = '\0';
}

struct row {
    const char *name, *in;
    size_t bytes; /* 0: strlen */
    const char *out;
    uint32_t replaced;
};

static const struct row rows[] = {
    {"plain text",                 "<a>b\t\r\n c</a>",                  0, "<a>b\t\r\n c</a>",       0},
    {"a NUL",                      "a\0b",                              3, "a" FFFD "b",             1},
    {"control characters",         "\x01\x1F\x0B",                      0, FFFD FFFD FFFD,           3},
    {"DEL is allowed",             "\x7F",                              0, "\x7F",                   0},
    {"two, three and four bytes",  "é€𝄞",                         0, "é€𝄞",              0},
    {"Latin-1",                    "Caf\xE9 <",                         0, "Caf" FFFD " <",          1},
    {"overlong",                   "\xC0\xBC",                          0, FFFD FFFD,                2},
    {"a surrogate",                "\xED\xA0\x80",                      0, FFFD,                     1},
    {"above U+10FFFF",             "\xF4\x90\x80\x80",                  0, FFFD,                     1},
    {"U+FFFE",                     "\xEF\xBF\xBE",                      0, FFFD,                     1},
    {"U+FFFD itself",              FFFD,                                0, FFFD,                     0},
    {"a lead without its rest",
     "\xE2\x82"
     "a",                                                               0, FFFD "a",                 1},
    {"a lead before another",      "\xE2\xC3\xA9",                      0, FFFD "é",                1},
    {"a lead at the end",          "a\xF0\x9D",                         0, "a" FFFD,                 1},
    {"the five entities",          "&lt;&amp;&gt;",                     0, "&lt;&amp;&gt;",          0},
    {"good references",            "&#65;&#x20AC;&#x1D11E;",            0, "&#65;&#x20AC;&#x1D11E;", 0},
    {"a NUL by reference",         "&#0;&#x0;",                         0, FFFD FFFD,                2},
    {"a control by reference",     "&#1;&#x1f;",                        0, FFFD FFFD,                2},
    {"too large a reference",      "&#x110000;&#99999999999999999999;", 0, FFFD FFFD,                2},
    {"leading zeros",              "&#000000000000000000000065;",       0, "&#65;",                  0},
    {"a surrogate by reference",   "&#xD800;",                          0, FFFD,                     1},
    {"no digits: the parser's",    "&#;&#x;",                           0, "&#;&#x;",                0},
    {"no end: the parser's",       "&#12 ",                             0, "&#12 ",                  0},
    {"X is not x: the parser's",   "&#X41;",                            0, "&#X41;",                 0},
    {"a bad byte in a reference",  "&#1\x01;",                          0, "&#1" FFFD ";",           1},
    {"an ampersand at the end",    "a&",                                0, "a&",                     0},
    {"a reference cut at the end", "a&#6",                              0, "a&#6",                   0},
    {"two ampersands",             "&&amp;",                            0, "&&amp;",                 0},
};

static void expect(const struct row *row, size_t step)
{
    struct sink sink = {.used = 0};
    struct scrub scrub;
    size_t bytes = row->bytes == 0 ? strlen(row->in) : row->bytes;
    scrub_begin(&scrub, collect, &sink);
    for (size_t at = 0; at < bytes; at += step) {
        scrub_feed(&scrub, row->in + at, at + step > bytes ? bytes - at : step);
    }
    scrub_end(&scrub);
    cr_expect_str_eq(sink.text, row->out, "%s, %zu bytes at a time: %s", row->name, step,
                     sink.text);
    cr_expect_eq(scrub.replaced, row->replaced, "%s: %u replaced", row->name, scrub.replaced);
}

Test(scrub, what_xml_forbids_becomes_one_replacement_character)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        expect(&rows[i], 1000);
    }
}

Test(scrub, it_does_not_matter_where_the_pieces_are_cut)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t step = 1; step <= 5; step++) {
            expect(&rows[i], step);
        }
    }
}
