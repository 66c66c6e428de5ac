#include <criterion/criterion.h>
#include <ctype.h>
#include <string.h>

#include "renumber.h"

static const char body[] =
    "<GetTransaction><Ret_Ref_No_DE37>603414770215</Ret_Ref_No_DE37><Token>100000007</Token>"
    "<Trans_link>260203770215070551</Trans_link><Txn_GPS_Date>2026-02-28 "
    "14:19:08.214</Txn_GPS_Date>"
    "<TXn_ID>91000004711</TXn_ID><TXN_Time_DE07>0228141907</TXN_Time_DE07>"
    "<traceid_lifecycle>BNET-20260228-MHF7 2X4K</traceid_lifecycle>"
    "<Matching_Txn_ID>91000004700</Matching_Txn_ID>"
    "<Traceid_Message>BNET-20260228-MHF7 2X4K</Traceid_Message></GetTransaction>";

static const struct renumber run = {.key = 42,
                                    .old_id_base = 91000004700,
                                    .new_id_base = 5000,
                                    .day_shift = 2,
                                    .token_shift = 60,
                                    .first_token = 100000001,
                                    .last_token = 100000060};

static void write_with(const struct renumber *renumber, char *out)
{
    struct renumber_index index;
    renumber_index(body, sizeof body - 1, &index);
    out[renumber_write(renumber, body, sizeof body - 1, &index, out)] = '\0';
}

Test(bench_renumber, ids_move_together_dates_move_by_days_and_tokens_by_their_shift)
{
    char out[4096];
    write_with(&run, out);
    cr_expect(strstr(out, "<TXn_ID>5011</TXn_ID>"));
    cr_expect(strstr(out, "<Matching_Txn_ID>5000</Matching_Txn_ID>"));
    cr_expect(strstr(out, "<Token>100000067</Token>"));
    cr_expect(strstr(out, "<Txn_GPS_Date>2026-03-02 14:19:08.214</Txn_GPS_Date>"));
    cr_expect(strstr(out, "<TXN_Time_DE07>0302141907</TXN_Time_DE07>"));
    cr_expect(strstr(out, "<traceid_lifecycle>BNET-20260302-"));
    cr_expect_not(strstr(out, "MHF7 2X4K"));
    cr_expect_not(strstr(out, "260203770215070551"));
}

static void value_of(const char *text, const char *tag, char value[64])
{
    const char *start = strstr(text, tag) + strlen(tag);
    size_t bytes = strcspn(start, "<");
    memcpy(value, start, bytes);
    value[bytes] = '\0';
}

Test(bench_renumber, equal_traces_stay_equal_in_their_shape_and_another_run_has_others)
{
    char out[4096], again[4096], other[4096], lifecycle[64], message[64], different[64];
    struct renumber second = run;
    second.key = 43;
    write_with(&run, out);
    write_with(&run, again);
    write_with(&second, other);
    cr_assert_str_eq(out, again);
    value_of(out, "<traceid_lifecycle>", lifecycle);
    value_of(out, "<Traceid_Message>", message);
    value_of(other, "<traceid_lifecycle>", different);
    cr_assert_str_eq(lifecycle, message);
    cr_assert_str_neq(lifecycle, different);
    cr_assert_eq(strlen(lifecycle), strlen("BNET-20260228-MHF7 2X4K"));
    cr_assert_eq(lifecycle[18], ' ');
    cr_assert(isdigit((unsigned char)lifecycle[17]));
    cr_assert(isupper((unsigned char)lifecycle[14]));
}

Test(bench_renumber, a_token_that_is_not_the_files_own_stays)
{
    char out[4096];
    struct renumber narrow = run;
    narrow.last_token = 100000006;
    write_with(&narrow, out);
    cr_assert(strstr(out, "<Token>100000007</Token>"));
}

Test(bench_renumber, an_id_of_zero_means_none_and_stays)
{
    static const char zero[] = "<G><Matching_Txn_ID>0</Matching_Txn_ID></G>";
    char out[256];
    struct renumber_index index;
    renumber_index(zero, sizeof zero - 1, &index);
    out[renumber_write(&run, zero, sizeof zero - 1, &index, out)] = '\0';
    cr_assert_str_eq(out, zero);
}

Test(bench_renumber, a_body_without_references_is_copied)
{
    static const char plain[] = "<G><X>1</X><Token /></G>";
    char out[256];
    struct renumber_index index;
    renumber_index(plain, sizeof plain - 1, &index);
    cr_assert_eq(index.count, 0);
    cr_assert_eq(renumber_id_of(plain, &index), 0);
    out[renumber_write(&run, plain, sizeof plain - 1, &index, out)] = '\0';
    cr_assert_str_eq(out, plain);
}
