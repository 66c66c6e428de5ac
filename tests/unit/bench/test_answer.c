#include <criterion/criterion.h>
#include <string.h>

#include "answer.h"

static bool parse(const char *text, struct answer *answer)
{
    return answer_parse(text, strlen(text), answer);
}

Test(bench_answer, reads_what_the_host_says)
{
    struct answer answer;
    cr_assert(
        parse("<x:GetTransactionResponse><GetTransactionResult><Responsestatus>10</Responsestatus>"
              "<CurBalance>-250.00</CurBalance><AvlBalance>1200</AvlBalance>"
              "<Acknowledgement>1</Acknowledgement><Bill_Amt_Approved>30.5</Bill_Amt_Approved>",
              &answer));
    cr_assert_str_eq(answer.response, "10");
    cr_assert_eq(answer.ack, 1);
    cr_assert_eq(answer.current_e4, -2500000);
    cr_assert_eq(answer.available_e4, 12000000);
    cr_assert_eq(answer.approved_e4, 305000);
}

Test(bench_answer, what_is_no_answer_is_refused)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"empty",                  ""                                                             },
        {"a fault",                "<s:Fault><faultstring>no</faultstring></s:Fault>"             },
        {"no acknowledgement",     "<GetTransactionResponse><Responsestatus>00</Responsestatus>"  },
        {"empty acknowledgement",  "<GetTransactionResponse><Acknowledgement></Acknowledgement>"  },
        {"a long acknowledgement", "<GetTransactionResponse><Acknowledgement>11</Acknowledgement>"},
        {"cut inside the value",   "<GetTransactionResponse><Acknowledgement>1"                   },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer answer;
        cr_expect_not(parse(rows[i].text, &answer), "%s", rows[i].name);
    }
}

Test(bench_answer, a_minimal_acknowledgement_is_an_answer)
{
    struct answer answer;
    cr_assert(
        parse("<GetTransactionResponse><R><Acknowledgement>0</Acknowledgement></R>", &answer));
    cr_assert_eq(answer.ack, 0);
    cr_assert_str_empty(answer.response);
}
