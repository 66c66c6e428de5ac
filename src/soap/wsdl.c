#include "soap/wsdl.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soap/field.h"

/* GetTransactionResult, in order: what reply.c writes and what the guide adds for schemes. */
static const struct {
    const char *name, *type;
    bool optional;
} result_elements[] = {
    {"FlexPaymentCredential",        "string", true },
    {"FlexSelectedUseCaseId",        "string", true },
    {"MerchantAdvice",               "string", true },
    {"Responsestatus",               "string", true },
    {"CurBalance",                   "double", false},
    {"AvlBalance",                   "double", false},
    {"Acknowledgement",              "string", true },
    {"LoadAmount",                   "double", false},
    {"Bill_Amt_Approved",            "double", false},
    {"Update_Balance",               "int",    false},
    {"New_Balance_Sequence_Exthost", "long",   false},
    {"CVV2_Result",                  "string", true },
    {"CurBalance_GPS_STIP",          "double", false},
    {"AvlBalance_GPS_STIP",          "double", false},
};

static const struct {
    const char *name, *action;
} operations[] = {
    {"GetTransaction", "IEndpointVersion55/GetTransaction"},
    {"Cut_Off",        "Cut_Off"                          },
};

static void print_escaped(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

static void print_element(FILE *out, const char *name, const char *type, bool optional)
{
    fprintf(out, "<xs:element minOccurs=\"%d\" maxOccurs=\"1\" name=\"%s\" type=\"%s\"/>\n",
            optional ? 0 : 1, name, type);
}

static void print_request(FILE *out, bool cut_off)
{
    static const char *const types[] = {"xs:string", "xs:int", "xs:long", "xs:decimal"};
    fprintf(out, "<xs:element name=\"%s\"><xs:complexType><xs:sequence>\n",
            cut_off ? "Cut_Off" : "GetTransaction");
    for (size_t i = 0; i < field_count; i++) {
        if ((field_table[i].number >= FIELD_CUT_OFF_FIRST) == cut_off) {
            print_element(out, field_table[i].name, types[field_table[i].type], true);
        }
    }
    fputs("</xs:sequence></xs:complexType></xs:element>\n", out);
}

static void print_types(FILE *out, const char *namespace)
{
    fputs("<wsdl:types><xs:schema elementFormDefault=\"qualified\" targetNamespace=\"", out);
    print_escaped(out, namespace);
    fputs("\">\n", out);
    print_request(out, false);
    fputs("<xs:complexType name=\"EndpointResponse\"><xs:sequence>\n", out);
    for (size_t i = 0; i < sizeof result_elements / sizeof result_elements[0]; i++) {
        char type[16];
        snprintf(type, sizeof type, "xs:%s", result_elements[i].type);
        print_element(out, result_elements[i].name, type, result_elements[i].optional);
    }
    fputs("</xs:sequence></xs:complexType>\n"
          "<xs:element name=\"GetTransactionResponse\"><xs:complexType><xs:sequence>\n",
          out);
    print_element(out, "GetTransactionResult", "tns:EndpointResponse", true);
    fputs("</xs:sequence></xs:complexType></xs:element>\n", out);
    print_request(out, true);
    fputs("<xs:element name=\"Cut_OffResponse\"><xs:complexType><xs:sequence>\n", out);
    print_element(out, "Cut_OffResult", "xs:string", true);
    fputs("</xs:sequence></xs:complexType></xs:element>\n</xs:schema></wsdl:types>\n", out);
}

static void print_interface(FILE *out, const char *namespace)
{
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        const char *name = operations[i].name;
        fprintf(out,
                "<wsdl:message name=\"%sIn\"><wsdl:part name=\"parameters\" element=\"tns:%s\"/>"
                "</wsdl:message>\n<wsdl:message name=\"%sOut\"><wsdl:part name=\"parameters\" "
                "element=\"tns:%sResponse\"/></wsdl:message>\n",
                name, name, name, name);
    }
    fputs("<wsdl:portType name=\"Endpoint\">\n", out);
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        const char *name = operations[i].name;
        fprintf(out,
                "<wsdl:operation name=\"%s\"><wsdl:input message=\"tns:%sIn\"/>"
                "<wsdl:output message=\"tns:%sOut\"/></wsdl:operation>\n",
                name, name, name);
    }
    fputs("</wsdl:portType>\n<wsdl:binding name=\"EndpointSoap\" type=\"tns:Endpoint\">\n"
          "<soap:binding transport=\"http://schemas.xmlsoap.org/soap/http\"/>\n",
          out);
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        fprintf(out, "<wsdl:operation name=\"%s\"><soap:operation soapAction=\"",
                operations[i].name);
        print_escaped(out, namespace);
        fprintf(out,
                "%s\" style=\"document\"/><wsdl:input><soap:body use=\"literal\"/></wsdl:input>"
                "<wsdl:output><soap:body use=\"literal\"/></wsdl:output></wsdl:operation>\n",
                operations[i].action);
    }
    fputs("</wsdl:binding>\n", out);
}

char *wsdl_render(const char *address, const char *namespace, size_t *ret_bytes)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_bytes);
    if (out == NULL) {
        return NULL;
    }
    fputs("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
          "<wsdl:definitions xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" "
          "xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" "
          "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:tns=\"",
          out);
    print_escaped(out, namespace);
    fputs("\" name=\"ExternalHost\" targetNamespace=\"", out);
    print_escaped(out, namespace);
    fputs("\">\n", out);
    print_types(out, namespace);
    print_interface(out, namespace);
    fputs("<wsdl:service name=\"ExternalHost\"><wsdl:port name=\"Endpoint\" "
          "binding=\"tns:EndpointSoap\"><soap:address location=\"",
          out);
    print_escaped(out, address);
    fputs("\"/></wsdl:port></wsdl:service>\n</wsdl:definitions>\n", out);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
