#include "soap/wsdl.h"

#include <criterion/criterion.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#include "soap/field.h"

static char *text;
static size_t bytes;

static void init(void)
{
    text = wsdl_render("https://host.example:8443/ehi?a&\"<b", "http://tempuri.org/", &bytes);
    cr_assert_not_null(text);
}

static void finish(void)
{
    free(text);
}

TestSuite(wsdl, .init = init, .fini = finish);

Test(wsdl, it_is_well_formed_and_the_address_is_escaped)
{
    xmlDocPtr document = xmlReadMemory(text, (int)bytes, NULL, NULL, XML_PARSE_NONET);
    cr_expect_not_null(document);
    xmlFreeDoc(document);
    cr_expect_not_null(
        strstr(text, "location=\"https://host.example:8443/ehi?a&amp;&quot;&lt;b\""));
}

Test(wsdl, every_element_of_the_table_is_in_it)
{
    for (size_t i = 0; i < field_count; i++) {
        char element[128];
        snprintf(element, sizeof element, " name=\"%s\" type=", field_table[i].name);
        cr_expect_not_null(strstr(text, element), "%s", field_table[i].name);
    }
}
