#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "ehi.h"

static char body[EHI_BODY_BYTES];

Test(bench_ehi, the_full_form_has_every_element_and_the_compact_one_those_with_a_value)
{
    struct ehi ehi;
    ehi_init(&ehi);
    ehi_set(&ehi, "Token", "100000001");
    size_t full = ehi_write(&ehi, EHI_FULL, body);
    cr_assert(strstr(body, "<LoadSRC />"));
    cr_assert(strstr(body, "<Token>100000001</Token>"));
    cr_assert(strstr(body, "<Fee_Fixed>0.0000</Fee_Fixed>"));
    cr_assert_gt(full, 4000);
    size_t compact = ehi_write(&ehi, EHI_COMPACT, body);
    cr_assert_not(strstr(body, "<LoadSRC"));
    cr_assert_eq(compact, strlen(body));
    cr_assert_lt(compact, full);
}

Test(bench_ehi, what_xml_reserves_is_escaped)
{
    struct ehi ehi;
    ehi_init(&ehi);
    ehi_set(&ehi, "Merch_Name", "A&B <C>");
    ehi_write(&ehi, EHI_COMPACT, body);
    cr_assert(strstr(body, "<Merch_Name>A&amp;B &lt;C&gt;</Merch_Name>"));
}

Test(bench_ehi, amounts_have_four_digits_and_their_sign)
{
    struct ehi ehi;
    ehi_init(&ehi);
    ehi_set_e4(&ehi, "Bill_Amt", -234500);
    cr_assert_str_eq(ehi_get(&ehi, "Bill_Amt"), "-23.4500");
    ehi_set_e4(&ehi, "Bill_Amt", -50);
    cr_assert_str_eq(ehi_get(&ehi, "Bill_Amt"), "-0.0050");
}

Test(bench_ehi, an_element_that_does_not_exist_is_a_programmers_mistake, .signal = SIGABRT)
{
    struct ehi ehi;
    ehi_init(&ehi);
    ehi_set(&ehi, "Txn_Id", "1");
}
