#include "soap/parse.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define SOAP_NS     "http://schemas.xmlsoap.org/soap/envelope/"
#define OPEN                                                                                       \
    "<s:Envelope xmlns:s=\"" SOAP_NS "\"><s:Body><GetTransaction xmlns=\"http://tempuri.org/\">"
#define CLOSE  "</GetTransaction></s:Body></s:Envelope>"
#define ENOUGH "<TXn_ID>1</TXn_ID><Token>700100318</Token>"

static struct parse *parse;

static void init(void)
{
    struct error error;
    parse_start();
    cr_assert(parse_create(&parse, &error));
}

static void finish(void)
{
    parse_destroy(parse);
}

TestSuite(parse, .init = init, .fini = finish);

static struct parse_result run(const char *text, size_t bytes, size_t step)
{
    parse_begin(parse);
    for (size_t at = 0; at < bytes; at += step) {
        parse_feed(parse, text + at, at + step > bytes ? bytes - at : step);
    }
    return parse_end(parse);
}

static char *read_example(const char *name, size_t *bytes)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", EXAMPLES, name);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    char *text = calloc(1, 20000);
    *bytes = fread(text, 1, 19999, file);
    fclose(file);
    return text;
}

Test(parse, the_examples_of_the_guide_are_read)
{
    static const struct {
        const char *file;
        uint64_t txn_id;
        int64_t bill_e4;
        uint16_t mtid;
        char type;
    } rows[] = {
        {"purchase.request.xml",         91000004711, -234500,  100,  'A'},
        {"atm_declined.request.xml",     91000005220, -2000000, 100,  'A'},
        {"presentment.request.xml",      91000009877, -234500,  1240, 'P'},
        {"partial_reversal.request.xml", 91000004902, 80000,    400,  'D'},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t bytes;
        char *text = read_example(rows[i].file, &bytes);
        for (size_t step = 1; step <= bytes; step = step * 7 + 1) {
            struct parse_result result = run(text, bytes, step);
            cr_assert_eq(result.verdict, PARSE_MESSAGE, "%s: %s", rows[i].file, result.rule);
            cr_expect_eq(result.elements_unknown, 0);
            const struct message *message = &parse_ehi(parse)->message;
            cr_expect_null(message->malformed_field, "%s", message->malformed_field);
            cr_expect_eq(message->txn_id, rows[i].txn_id);
            cr_expect_eq(message->bill_e4, rows[i].bill_e4);
            cr_expect_eq(message->mtid, rows[i].mtid);
            cr_expect_eq(message->type, rows[i].type);
        }
        free(text);
    }
}

Test(parse, the_example_of_a_cut_off_is_read)
{
    size_t bytes;
    char *text = read_example("cut_off.request.xml", &bytes);
    cr_assert_eq(run(text, bytes, bytes).verdict, PARSE_MESSAGE);
    cr_expect_eq(parse_ehi(parse)->message.operation, MESSAGE_CUT_OFF);
    cr_expect_eq(parse_ehi(parse)->message.cutoff_id, 4711);
    free(text);
}

static const struct {
    const char *name, *text;
    enum parse_verdict verdict;
    enum parse_fault fault;
    const char *rule;
} rows[] = {
    {"the least message",                OPEN ENOUGH CLOSE,                                                             PARSE_MESSAGE, 0,                      ""               },
    {"a byte order mark",                "\xEF\xBB\xBF" OPEN ENOUGH CLOSE,                                              PARSE_MESSAGE, 0,                      ""               },
    {"a mark and declaration",           "\xEF\xBB\xBF<?xml version=\"1.0\"?>" OPEN ENOUGH CLOSE,
     PARSE_MESSAGE,                                                                                                                    0,                      ""               },
    {"a declaration",                    "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n" OPEN ENOUGH CLOSE,
     PARSE_MESSAGE,                                                                                                                    0,                      ""               },
    {"blanks before",                    "  \n" OPEN ENOUGH CLOSE,                                                      PARSE_MESSAGE, 0,                      ""               },
    {"comments",                         "<!-- a -->" OPEN "<!-- b -->" ENOUGH CLOSE "<!-- c -->\n",                    PARSE_MESSAGE, 0,                      ""               },
    {"CDATA",                            OPEN "<TXn_ID><![CDATA[1]]></TXn_ID>" CLOSE,                                   PARSE_MESSAGE, 0,                      ""               },
    {"an unknown element",               OPEN "<New_One a='b'><x/></New_One>" ENOUGH CLOSE,                             PARSE_MESSAGE, 0,                      ""               },
    {"text between elements",            OPEN "stray" ENOUGH CLOSE,                                                     PARSE_MESSAGE, 0,                      ""               },
    {"xsi:nil",
     OPEN "<Token xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='true'/>" ENOUGH CLOSE,
     PARSE_MESSAGE,                                                                                                                    0,                      ""               },
    {"no namespace",                     "<s:Envelope xmlns:s=\"" SOAP_NS "\"><s:Body><GetTransaction>" ENOUGH CLOSE,
     PARSE_MESSAGE,                                                                                                                    0,                      ""               },
    {"a header",
     "<s:Envelope xmlns:s=\"" SOAP_NS
     "\"><s:Header><x a='b'><s:Body/></x></s:Header><s:Body><GetTransaction>" ENOUGH CLOSE,
     PARSE_MESSAGE,                                                                                                                    0,                      ""               },
    {"control characters",               OPEN ENOUGH "<Merch_Name>a\x01\xE9</Merch_Name>" CLOSE,                        PARSE_MESSAGE, 0,
     ""                                                                                                                                                                         },
    {"a NUL by reference",               OPEN ENOUGH "<Merch_Name>a&#0;</Merch_Name>" CLOSE,                            PARSE_MESSAGE, 0,
     ""                                                                                                                                                                         },
    {"nothing",                          "",                                                                            PARSE_NOT_XML, 0,                      "not_xml"        },
    {"blanks alone",                     " \n ",                                                                        PARSE_NOT_XML, 0,                      "not_xml"        },
    {"JSON",                             "{\"TXn_ID\":1}",                                                              PARSE_NOT_XML, 0,                      "not_xml"        },
    {"a lone bracket",                   "<",                                                                           PARSE_NOT_XML, 0,                      "not_xml"        },
    {"UTF-16 with mark",                 "\xFF\xFE<",                                                                   PARSE_NOT_XML, 0,                      "not_xml"        },
    {"gzip",                             "\x1F\x8B\x08",                                                                PARSE_NOT_XML, 0,                      "not_xml"        },
    {"ISO-8859-1",                       "<?xml version='1.0' encoding='ISO-8859-1'?>" OPEN ENOUGH CLOSE,               PARSE_NOT_XML,
     0,                                                                                                                                                        "encoding"       },
    {"UTF-7",                            "<?xml version='1.0' encoding='UTF-7'?>" OPEN ENOUGH CLOSE,                    PARSE_NOT_XML, 0,
     "encoding"                                                                                                                                                                 },
    {"declared UTF-16",                  "<?xml version='1.0' encoding='UTF-16'?>" OPEN ENOUGH CLOSE,                   PARSE_NOT_XML,
     0,                                                                                                                                                        "encoding"       },
    {"XML 1.1",                          "<?xml version='1.1'?>" OPEN ENOUGH CLOSE,                                     PARSE_NOT_XML, 0,                      "xml_version"    },
    {"blank before the declaration",     " <?xml version='1.0'?>" OPEN ENOUGH CLOSE,                                    PARSE_NOT_XML, 0,
     "not_xml"                                                                                                                                                                  },
    {"a document type",                  "<!DOCTYPE s>" OPEN ENOUGH CLOSE,                                              PARSE_FAULT,   FAULT_CLIENT,           "doctype"        },
    {"an external entity",
     "<!DOCTYPE s [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>" OPEN "<TXn_ID>&x;</TXn_ID>" CLOSE,
     PARSE_FAULT,                                                                                                                      FAULT_CLIENT,           "doctype"        },
    {"an instruction",                   "<?xml-stylesheet href='a'?>" OPEN ENOUGH CLOSE,                               PARSE_FAULT,   FAULT_CLIENT,
     "instruction"                                                                                                                                                              },
    {"an unknown entity",                OPEN ENOUGH "<Note>&nbsp;</Note>" CLOSE,                                       PARSE_FAULT,   FAULT_CLIENT,
     "not_well_formed"                                                                                                                                                          },
    {"truncated",                        OPEN ENOUGH,                                                                   PARSE_FAULT,   FAULT_CLIENT,           "not_well_formed"},
    {"a second root",                    OPEN ENOUGH CLOSE "<a/>",                                                      PARSE_FAULT,   FAULT_CLIENT,           "not_well_formed"},
    {"junk behind",                      OPEN ENOUGH CLOSE "junk",                                                      PARSE_FAULT,   FAULT_CLIENT,           "not_well_formed"},
    {"an unbound prefix",                OPEN "<q:TXn_ID>1</q:TXn_ID>" CLOSE,                                           PARSE_FAULT,   FAULT_CLIENT,
     "not_well_formed"                                                                                                                                                          },
    {"wrong end",                        OPEN "<TXn_ID>1</Token>" CLOSE,                                                PARSE_FAULT,   FAULT_CLIENT,           "not_well_formed"},
    {"a doubled attribute",              OPEN "<New a='1' a='2'/>" CLOSE,                                               PARSE_FAULT,   FAULT_CLIENT,
     "not_well_formed"                                                                                                                                                          },
    {"a doubled attribute by namespace",
     OPEN "<New xmlns:a='u' xmlns:b='u' a:x='1' b:x='2'/>" CLOSE,                                                       PARSE_FAULT,   FAULT_CLIENT,
     "not_well_formed"                                                                                                                                                          },
    {"another root",                     "<html><body/></html>",                                                        PARSE_FAULT,   FAULT_CLIENT,           "root"           },
    {"SOAP 1.2",
     "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body/></s:Envelope>",                            PARSE_FAULT,   FAULT_VERSION_MISMATCH, "soap_version"   },
    {"no SOAP namespace",                "<Envelope><Body/></Envelope>",                                                PARSE_FAULT,   FAULT_VERSION_MISMATCH,
     "soap_version"                                                                                                                                                             },
    {"an attribute on the Envelope",
     "<s:Envelope s:encodingStyle='x' xmlns:s=\"" SOAP_NS "\"><s:Body/></s:Envelope>",                                  PARSE_FAULT,
     FAULT_CLIENT,                                                                                                                                             "attribute"      },
    {"an attribute on the operation",
     "<s:Envelope xmlns:s=\"" SOAP_NS "\"><s:Body><GetTransaction id='1'>" CLOSE,                                       PARSE_FAULT,
     FAULT_CLIENT,                                                                                                                                             "attribute"      },
    {"an attribute on an element",       OPEN "<TXn_ID type='x'>1</TXn_ID>" CLOSE,                                      PARSE_FAULT,
     FAULT_CLIENT,                                                                                                                                             "attribute"      },
    {"no Body",                          "<s:Envelope xmlns:s=\"" SOAP_NS "\"/>",                                       PARSE_FAULT,   FAULT_CLIENT,           "operation"      },
    {"an empty Body",                    "<s:Envelope xmlns:s=\"" SOAP_NS "\"><s:Body/></s:Envelope>",                  PARSE_FAULT,
     FAULT_CLIENT,                                                                                                                                             "operation"      },
    {"two Bodies",
     "<s:Envelope xmlns:s=\"" SOAP_NS "\"><s:Body><Cut_Off/></s:Body><s:Body/></s:Envelope>",
     PARSE_FAULT,                                                                                                                      FAULT_CLIENT,           "envelope"       },
    {"a Header after the Body",
     "<s:Envelope xmlns:s=\"" SOAP_NS "\"><s:Body><Cut_Off/></s:Body><s:Header/></s:Envelope>",
     PARSE_FAULT,                                                                                                                      FAULT_CLIENT,           "envelope"       },
    {"an element after the Body",
     "<s:Envelope xmlns:s=\"" SOAP_NS "\"><s:Body><Cut_Off/></s:Body><x/></s:Envelope>",
     PARSE_FAULT,                                                                                                                      FAULT_CLIENT,           "envelope"       },
    {"two operations",
     "<s:Envelope xmlns:s=\"" SOAP_NS "\"><s:Body><Cut_Off/><Cut_Off/></s:Body></s:Envelope>",
     PARSE_FAULT,                                                                                                                      FAULT_CLIENT,           "operation"      },
    {"another operation",
     "<s:Envelope xmlns:s=\"" SOAP_NS "\"><s:Body><Transfer/></s:Body></s:Envelope>",                                   PARSE_FAULT,
     FAULT_CLIENT,                                                                                                                                             "operation"      },
    {"a fault as request",
     "<s:Envelope xmlns:s=\"" SOAP_NS "\"><s:Body><s:Fault/></s:Body></s:Envelope>",                                    PARSE_FAULT,
     FAULT_CLIENT,                                                                                                                                             "operation"      },
    {"mustUnderstand",
     "<s:Envelope xmlns:s=\"" SOAP_NS
     "\"><s:Header><x s:mustUnderstand='1'/></s:Header><s:Body><GetTransaction>" ENOUGH CLOSE,
     PARSE_FAULT,                                                                                                                      FAULT_MUST_UNDERSTAND,  "must_understand"},
    {"mustUnderstand 0",
     "<s:Envelope xmlns:s=\"" SOAP_NS
     "\"><s:Header><x s:mustUnderstand='0'/></s:Header><s:Body><GetTransaction>" ENOUGH CLOSE,
     PARSE_MESSAGE,                                                                                                                    0,                      ""               },
    {"an odd byte in a name",            OPEN ENOUGH "<Bill\x01_Amt>1</Bill\x01_Amt>" CLOSE,                            PARSE_FAULT,
     FAULT_CLIENT,                                                                                                                                             "name"           },
    {"a NUL between elements",           OPEN ENOUGH "\x02" CLOSE,                                                      PARSE_MESSAGE, 0,                      ""               },
    {"a control before the root",        "\x01" OPEN ENOUGH CLOSE,                                                      PARSE_NOT_XML, 0,                      "not_xml"        },
    {"a control after the root",         OPEN ENOUGH CLOSE "\x01",                                                      PARSE_FAULT,   FAULT_CLIENT,
     "not_well_formed"                                                                                                                                                          },
};

Test(parse, form_is_read_leniently_and_structure_strictly)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t step = 1; step <= 1000; step = step * 30 + 1) {
            struct parse_result result = run(rows[i].text, strlen(rows[i].text), step);
            cr_expect_eq(result.verdict, rows[i].verdict, "%s by %zu: %s", rows[i].name, step,
                         result.rule);
            cr_expect_str_eq(result.rule, rows[i].rule, "%s by %zu: %s", rows[i].name, step,
                             result.rule);
            cr_expect_eq(result.fault, rows[i].fault, "%s", rows[i].name);
        }
    }
}

Test(parse, what_was_put_right_is_counted)
{
    const char *text =
        OPEN ENOUGH "<Merch_Name>a\x01&#0;\xFF</Merch_Name><X/><Y>t</Y> stray " CLOSE;
    struct parse_result result = run(text, strlen(text), 1000);
    cr_assert_eq(result.verdict, PARSE_MESSAGE);
    cr_expect_eq(result.bytes_replaced, 3);
    cr_expect_eq(result.elements_unknown, 2);
    cr_expect_eq(result.texts_stray, 1);
    cr_expect_str_eq(parse_ehi(parse)->message.merchant_name,
                     "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

Test(parse, an_element_of_another_namespace_is_unknown)
{
    const char *text = OPEN ENOUGH "<q:Bill_Amt xmlns:q='urn:q'>-5.00</q:Bill_Amt>"
                                   "<Bill_Ccy xmlns=''>826</Bill_Ccy>" CLOSE;
    struct parse_result result = run(text, strlen(text), 1000);
    cr_assert_eq(result.verdict, PARSE_MESSAGE);
    cr_expect_eq(result.elements_unknown, 1);
    cr_expect_eq(parse_ehi(parse)->message.bill_e4, 0);
    cr_expect_eq(parse_ehi(parse)->message.bill_currency, 826);
}

Test(parse, values_in_pieces_are_one_value)
{
    const char *text = OPEN "<TXn_ID>12<!-- c -->34&#53;<![CDATA[6]]></TXn_ID>" CLOSE;
    cr_assert_eq(run(text, strlen(text), 3).verdict, PARSE_MESSAGE);
    cr_expect_eq(parse_ehi(parse)->message.txn_id, 123456);
}

Test(parse, an_element_inside_a_value_that_decides_is_malformed)
{
    const char *text = OPEN ENOUGH "<Bill_Amt>1<b>2</b></Bill_Amt>" CLOSE;
    cr_assert_eq(run(text, strlen(text), 1000).verdict, PARSE_MESSAGE);
    cr_expect_str_eq(parse_ehi(parse)->message.malformed_field, "Bill_Amt");
}

/* count times piece, between the two ends. */
static char *repeated(const char *before, const char *piece, size_t count, const char *after)
{
    size_t bytes = strlen(before) + strlen(piece) * count + strlen(after) + 1;
    char *text = calloc(1, bytes);
    FILE *out = fmemopen(text, bytes, "w");
    fputs(before, out);
    for (size_t i = 0; i < count; i++) {
        fputs(piece, out);
    }
    fputs(after, out);
    fclose(out);
    return text;
}

Test(parse, depth_and_count_of_elements_are_limited)
{
    char *deep = repeated(OPEN, "<a>", 1000, "");
    cr_expect_str_eq(run(deep, strlen(deep), 512).rule, "depth");
    free(deep);
    char *many = repeated(OPEN ENOUGH, "<a/>", PARSE_ELEMENTS_MAX, CLOSE);
    cr_expect_str_eq(run(many, strlen(many), 4096).rule, "depth");
    free(many);
    char *fits = repeated(OPEN ENOUGH, "<a/>", PARSE_ELEMENTS_MAX - 5, CLOSE);
    cr_expect_eq(run(fits, strlen(fits), 4096).verdict, PARSE_MESSAGE);
    free(fits);
}

Test(parse, a_value_too_long_is_cut_and_decides_nothing)
{
    char *text = repeated(OPEN ENOUGH "<Note>", "0123456789", 5000, "</Note>" CLOSE);
    cr_expect_eq(run(text, strlen(text), 4096).verdict, PARSE_MESSAGE);
    cr_expect_null(parse_ehi(parse)->message.malformed_field);
    free(text);
    text = repeated(OPEN ENOUGH "<Bill_Amt>", "          ", 5000, "1</Bill_Amt>" CLOSE);
    cr_expect_eq(run(text, strlen(text), 4096).verdict, PARSE_MESSAGE);
    cr_expect_str_eq(parse_ehi(parse)->message.malformed_field, "Bill_Amt");
    free(text);
}

Test(parse, a_parser_is_as_good_as_new_after_anything)
{
    const char *good = OPEN ENOUGH CLOSE;
    for (size_t i = 0; i < COUNT(rows); i++) {
        run(rows[i].text, strlen(rows[i].text), 1000);
        cr_assert_eq(run(good, strlen(good), 1000).verdict, PARSE_MESSAGE, "after %s",
                     rows[i].name);
        cr_expect_eq(parse_ehi(parse)->message.txn_id, 1);
        parse_begin(parse); /* a client that went away */
        parse_feed(parse, OPEN, strlen(OPEN) - 20);
    }
}

Test(parse, new_names_without_end_do_not_fill_the_dictionary)
{
    for (int document = 0; document < 300; document++) {
        char text[8000];
        int used = snprintf(text, sizeof text, "%s", OPEN ENOUGH);
        for (int i = 0; i < 100; i++) {
            used += snprintf(text + used, sizeof text - (size_t)used, "<n%d_%d/>", document, i);
        }
        used += snprintf(text + used, sizeof text - (size_t)used, "%s", CLOSE);
        cr_assert_eq(run(text, (size_t)used, 8000).verdict, PARSE_MESSAGE, "document %d", document);
    }
}
