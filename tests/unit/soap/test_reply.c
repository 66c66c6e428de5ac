#include "soap/reply.h"

#include <criterion/criterion.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

enum { GBP = 826, JPY = 392, KWD = 414, CLF = 990 };

static const struct reply_form form = {.namespace = "http://tempuri.org/"};
static char buffer[REPLY_BYTES];

/* The example without the line breaks and blanks between its elements. */
static void read_compact(const char *name, char *text, size_t room)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", EXAMPLES, name);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    size_t used = 0;
    bool between = true;
    for (int c = fgetc(file); c != EOF && used + 1 < room; c = fgetc(file)) {
        if (between && (c == ' ' || c == '\n')) {
            continue;
        }
        between = c == '>';
        text[used++] = (char)c;
    }
    text[used] = '\0';
    fclose(file);
}

Test(reply, a_decline_is_the_example_of_the_guide_to_the_byte)
{
    char expected[2048];
    struct reply reply = {.response = "51",
                          .acknowledged = true,
                          .has_balances = true,
                          .currency = GBP,
                          .posted_minor = 8410,
                          .available_minor = 6135};
    read_compact("atm_declined.response.xml", expected, sizeof expected);
    size_t bytes = reply_render(&form, &reply, buffer);
    cr_expect_str_eq(buffer, expected);
    cr_expect_eq(bytes, strlen(expected));
}

Test(reply, an_acknowledged_presentment_is_the_example_of_the_guide_to_the_byte)
{
    char expected[2048];
    struct reply reply = {.response = "00",
                          .acknowledged = true,
                          .has_balances = true,
                          .currency = GBP,
                          .posted_minor = 22655,
                          .available_minor = 22655};
    read_compact("presentment.response.xml", expected, sizeof expected);
    reply_render(&form, &reply, buffer);
    cr_expect_str_eq(buffer, expected);
}

Test(reply, amounts_are_plain_decimals_of_their_currency)
{
    static const struct {
        uint16_t currency;
        int64_t minor;
        const char *text;
    } rows[] = {
        {GBP, 0,               "0.00"            },
        {GBP, 5,               "0.05"            },
        {GBP, -5,              "-0.05"           },
        {GBP, 123456,          "1234.56"         },
        {JPY, 1200,            "1200.00"         },
        {JPY, -1,              "-1.00"           },
        {KWD, 1234,            "1.234"           },
        {CLF, 12345,           "1.2345"          },
        {0,   0,               "0.00"            },
        {GBP, 999999999999999, "9999999999999.99"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char expected[128];
        struct reply reply = {.response = "00",
                              .has_balances = true,
                              .currency = rows[i].currency,
                              .available_minor = rows[i].minor};
        snprintf(expected, sizeof expected, "<AvlBalance>%s</AvlBalance>", rows[i].text);
        reply_render(&form, &reply, buffer);
        cr_expect_not_null(strstr(buffer, expected), "%s in %s", expected, buffer);
    }
}

Test(reply, every_numeric_element_is_there_even_without_balances)
{
    static const char *const elements[] = {
        "<CurBalance>0.00<",          "<AvlBalance>0.00<",
        "<LoadAmount>0.00<",          "<Bill_Amt_Approved>0.00<",
        "<Update_Balance>0<",         "<New_Balance_Sequence_Exthost>0<",
        "<CurBalance_GPS_STIP>0.00<", "<AvlBalance_GPS_STIP>0.00<",
        "<Acknowledgement>0<",        "<Responsestatus>96<"};
    struct reply reply = {.response = "96", .posted_minor = 5};
    reply_render(&form, &reply, buffer);
    for (size_t i = 0; i < COUNT(elements); i++) {
        cr_expect_not_null(strstr(buffer, elements[i]), "%s", elements[i]);
    }
    cr_expect_null(strstr(buffer, "null"));
}

Test(reply, a_partial_approval_says_how_much)
{
    struct reply reply = {.response = "10",
                          .acknowledged = true,
                          .has_balances = true,
                          .currency = KWD,
                          .approved_minor = 1500};
    reply_render(&form, &reply, buffer);
    cr_expect_not_null(strstr(buffer, "<Bill_Amt_Approved>1.500</Bill_Amt_Approved>"));
}

Test(reply, a_cut_off_is_answered_with_one_or_zero)
{
    struct reply reply = {.response = "00", .acknowledged = true, .cut_off = true};
    reply_render(&form, &reply, buffer);
    cr_expect_not_null(strstr(buffer, "<Cut_OffResponse xmlns=\"http://tempuri.org/\">"
                                      "<Cut_OffResult>1</Cut_OffResult></Cut_OffResponse>"));
    reply.acknowledged = false;
    reply_render(&form, &reply, buffer);
    cr_expect_not_null(strstr(buffer, "<Cut_OffResult>0<"));
}

Test(reply, the_other_shape_has_the_acknowledgement_first_and_no_namespace_inside)
{
    const struct reply_form other = {.namespace = "http://tempuri.org", .shape_message = true};
    struct reply reply = {.response = "00", .acknowledged = true};
    reply_render(&other, &reply, buffer);
    cr_expect_not_null(strstr(buffer,
                              "<tns:GetTransactionResponse xmlns:tns=\"http://tempuri.org\">"
                              "<ResponseMsg><Acknowledgement>1</Acknowledgement>"
                              "<Responsestatus>00</Responsestatus>"));
}

Test(reply, everything_is_well_formed_at_its_largest)
{
    char namespace[REPLY_NAMESPACE_MAX + 1];
    memset(namespace, 'n', REPLY_NAMESPACE_MAX);
    namespace[REPLY_NAMESPACE_MAX] = '\0';
    struct reply reply = {.response = "10",
                          .acknowledged = true,
                          .has_balances = true,
                          .currency = JPY,
                          .posted_minor = INT64_MIN,
                          .available_minor = INT64_MAX,
                          .approved_minor = INT64_MAX};
    for (int shape = 0; shape < 2; shape++) {
        struct reply_form largest = {.namespace = namespace, .shape_message = shape};
        size_t bytes = reply_render(&largest, &reply, buffer);
        xmlDocPtr document = xmlReadMemory(buffer, (int)bytes, NULL, NULL, XML_PARSE_NONET);
        cr_expect_not_null(document);
        xmlFreeDoc(document);
    }
}

Test(reply, faults_name_their_code)
{
    static const struct {
        enum parse_fault fault;
        const char *code;
    } rows[] = {
        {FAULT_CLIENT,           "soap:Client<"         },
        {FAULT_SERVER,           "soap:Server<"         },
        {FAULT_VERSION_MISMATCH, "soap:VersionMismatch<"},
        {FAULT_MUST_UNDERSTAND,  "soap:MustUnderstand<" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t bytes = reply_render_fault(rows[i].fault, "a sentence", buffer);
        cr_expect_not_null(strstr(buffer, rows[i].code));
        cr_expect_not_null(strstr(buffer, "<faultstring>a sentence</faultstring>"));
        cr_expect_eq(bytes, strlen(buffer));
    }
}
