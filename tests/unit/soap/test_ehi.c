#include "soap/ehi.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static struct ehi ehi;

static void init(void)
{
    field_init();
    ehi_begin(&ehi, MESSAGE_TRANSACTION);
}

TestSuite(ehi, .init = init);

static void say(const char *name, const char *value)
{
    const struct field *field = field_find(ehi.message.operation, name, strlen(name));
    cr_assert_not_null(field, "%s", name);
    ehi_element(&ehi, field, value, strlen(value), true);
}

/* A complete request, whose elements a test may have said before (the first value stands). */
static void complete(void)
{
    static const char *const elements[][2] = {
        {"TXn_ID",            "91000004711"},
        {"Token",             "700100318"  },
        {"MTID",              "0100"       },
        {"Txn_Type",          "A"          },
        {"Authorised_by_GPS", "N"          },
        {"Txn_Stat_Code",     "A"          },
        {"Proc_Code",         "000000"     },
        {"Bill_Amt",          "-23.4500"   },
        {"Bill_Ccy",          "826"        },
        {"Txn_Amt",           "23.4500"    },
        {"Txn_CCy",           "826"        },
    };
    for (size_t i = 0; i < COUNT(elements); i++) {
        const struct field *field =
            field_find(MESSAGE_TRANSACTION, elements[i][0], strlen(elements[i][0]));
        if (!ehi.has[field->number]) {
            say(elements[i][0], elements[i][1]);
        }
    }
    ehi_end(&ehi);
}

Test(ehi, a_request_fills_the_message)
{
    say("Auth_Code_DE38", "402217");
    say("POS_Termnl_DE41", "T44100  ");
    say("Merch_ID_DE42", "HB0000000417   ");
    say("traceid_lifecycle", " BNET-20220622-MC 003852 ");
    say("Network_Transaction_ID", " MC 0038520622  ");
    say("GPS_POS_Data", "     00  00 0 x000");
    say("Fee_Fixed", "1.5");
    say("MCC_Code", "5942");
    say("ProductID", "70123");
    say("Matching_Txn_ID", "0");
    say("Resp_Code_DE39", "00");
    say("Message_Why", "56");
    say("auth_type", "P");
    complete();

    const struct message *message = &ehi.message;
    cr_expect_null(message->malformed_field, "%s", message->malformed_field);
    cr_expect(ehi.readable);
    cr_expect_eq(message->txn_id, 91000004711);
    cr_expect_eq(message->token, 700100318);
    cr_expect_eq(message->mtid, 100);
    cr_expect_eq(message->type, 'A');
    cr_expect_eq(message->authorised_by, 'N');
    cr_expect_eq(message->bill_e4, -234500);
    cr_expect_eq(message->bill_currency, 826);
    cr_expect_eq(message->fee_fixed_e4, 15000);
    cr_expect_eq(message->proc, 0);
    cr_expect_str_eq(message->proc_code, "000000");
    cr_expect_eq(message->mcc, 5942);
    cr_expect_eq(message->product, 70123);
    cr_expect_eq(message->message_why, 56);
    cr_expect_eq(message->auth_type, 'P');
    cr_expect_str_eq(message->terminal, "T44100");
    cr_expect_str_eq(message->merchant_id, "HB0000000417");
    cr_expect_str_eq(message->trace, "BNET-20220622-MC 003852");
    cr_expect_str_eq(message->network_txn_id, " MC 0038520622  ");
    cr_expect_str_eq(message->pos_data, "     00  00 0 x000");
}

Test(ehi, what_decides_is_checked_hard)
{
    static const struct {
        const char *name, *value;
    } rows[] = {
        {"Token",             "70010031"            },
        {"Token",             "7001003180"          },
        {"Token",             "70010031x"           },
        {"Token",             "000000000"           },
        {"Token",             "\xEF\xBC\x97"
                  "00100318"       },
        {"TXn_ID",            "0"                   },
        {"TXn_ID",            "9223372036854775808" },
        {"TXn_ID",            "12345678901234567890"},
        {"TXn_ID",            "-1"                  },
        {"TXn_ID",            "+1"                  },
        {"Matching_Txn_ID",   "x"                   },
        {"Bill_Amt",          "+1"                  },
        {"Bill_Amt",          "1e3"                 },
        {"Bill_Amt",          "1.23456"             },
        {"Bill_Amt",          "0x10"                },
        {"Bill_Amt",          "NaN"                 },
        {"Bill_Amt",          "1,50"                },
        {"Bill_Amt",          "12345678901234.00"   },
        {"Bill_Amt",          "1 2"                 },
        {"Bill_Amt",          "2\xEF\xBF\xBD.00"    },
        {"Fee_Rate",          "null"                },
        {"Bill_Ccy",          "000"                 },
        {"Bill_Ccy",          "GBP"                 },
        {"Bill_Ccy",          "0826"                },
        {"Bill_Ccy",          "82"                  },
        {"Txn_CCy",           "EUR"                 },
        {"Settle_Ccy",        "8 6"                 },
        {"Proc_Code",         "00000"               },
        {"Proc_Code",         "0000000"             },
        {"Proc_Code",         "00000A"              },
        {"Txn_Type",          "AA"                  },
        {"Txn_Type",          "a"                   },
        {"Txn_Type",          "1"                   },
        {"MTID",              "010"                 },
        {"MTID",              "01O0"                },
        {"MTID",              "00100"               },
        {"Txn_Stat_Code",     "AC"                  },
        {"Authorised_by_GPS", "X"                   },
        {"Authorised_by_GPS", "1"                   },
        {"Resp_Code_DE39",    "0"                   },
        {"Resp_Code_DE39",    "0a"                  },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        init();
        say(rows[i].name, rows[i].value);
        complete();
        cr_expect_not_null(ehi.message.malformed_field, "%s = %s", rows[i].name, rows[i].value);
        cr_expect_str_eq(ehi.message.malformed_field, rows[i].name);
        cr_expect_not_null(ehi.message.malformed_expected);
        cr_expect_eq(ehi.message.token_malformed, strcmp(rows[i].name, "Token") == 0);
        cr_expect_eq(ehi.readable, strcmp(rows[i].name, "TXn_ID") != 0, "%s", rows[i].value);
    }
}

Test(ehi, good_values_of_what_decides)
{
    static const struct {
        const char *name, *value;
    } rows[] = {
        {"Token",                    " 700100318\n"       },
        {"TXn_ID",                   "9223372036854775807"},
        {"TXn_ID",                   "1"                  },
        {"Bill_Amt",                 "-2.00"              },
        {"Bill_Amt",                 "0.0"                },
        {"Bill_Amt",                 "-9999999999999.9999"},
        {"Bill_Amt",                 "5"                  },
        {"Bill_Ccy",                 "036"                },
        {"Txn_CCy",                  "999"                },
        {"MTID",                     "05  "               },
        {"MTID",                     "1240"               },
        {"Txn_Type",                 "Z"                  },
        {"Resp_Code_DE39",           "1A"                 },
        {"Matching_Txn_ID",          "91000004711"        },
        {"SendingAttemptCount",      "x"                  },
        {"ProductID",                "none"               },
        {"MCC_Code",                 "59"                 },
        {"auth_type",                "PP"                 },
        {"Reason_ID",                "-5"                 },
        {"FxProviderCardholderRate", ""                   },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        init();
        say(rows[i].name, rows[i].value);
        complete();
        cr_expect_null(ehi.message.malformed_field, "%s = %s", rows[i].name, rows[i].value);
    }
}

Test(ehi, absent_empty_and_blank_are_one_thing)
{
    static const char *const blanks[] = {"", " ", "    \t\n"};
    for (size_t i = 0; i < COUNT(blanks); i++) {
        init();
        say("Auth_Code_DE38", blanks[i]);
        say("Settle_Ccy", blanks[i]);
        say("Token", blanks[i]);
        complete();
        cr_expect_null(ehi.message.malformed_field);
        cr_expect_str_empty(ehi.message.auth_code);
        cr_expect_eq(ehi.message.token, 700100318);
    }
}

Test(ehi, what_a_decision_needs_must_be_there)
{
    static const struct {
        const char *name, *mtid, *type, *proc, *missing; /* NULL: nothing is missing */
    } rows[] = {
        {"a request without amount",     "0100", "A", "000000", "Bill_Amt" },
        {"a financial request",          "0200", "M", "000000", "Bill_Amt" },
        {"a reversal",                   "0400", "D", "000000", "Bill_Amt" },
        {"an automatic reversal",        "",     "D", "000000", "Bill_Amt" },
        {"an advice of a purchase",      "0120", "J", "000000", "Bill_Amt" },
        {"an advice of a token event",   "0120", "J", "360000", NULL       },
        {"a balance enquiry",            "0100", "A", "300000", NULL       },
        {"a token request",              "0100", "A", "330000", NULL       },
        {"a code nobody knows",          "0100", "A", "550000", "Bill_Amt" },
        {"a request without code",       "0100", "A", "",       "Proc_Code"},
        {"a presentment without amount", "1240", "P", "000000", NULL       },
        {"an unknown kind",              "9999", "Z", "",       NULL       },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        init();
        say("TXn_ID", "1");
        say("Token", "700100318");
        say("MTID", rows[i].mtid);
        say("Txn_Type", rows[i].type);
        say("Proc_Code", rows[i].proc);
        if (rows[i].proc[0] == '\0') {
            say("Bill_Amt", "0.00");
        }
        ehi_end(&ehi);
        if (rows[i].missing == NULL) {
            cr_expect_null(ehi.message.malformed_field, "%s", rows[i].name);
        } else {
            cr_assert_not_null(ehi.message.malformed_field, "%s", rows[i].name);
            cr_expect_str_eq(ehi.message.malformed_field, rows[i].missing, "%s", rows[i].name);
        }
    }
}

Test(ehi, a_missing_token_is_malformed)
{
    say("TXn_ID", "1");
    ehi_end(&ehi);
    cr_expect_str_eq(ehi.message.malformed_field, "Token");
    cr_expect(ehi.message.token_malformed);
    cr_expect(ehi.readable);
}

Test(ehi, an_odd_processing_code_only_matters_where_money_moves_by_it)
{
    say("TXn_ID", "1");
    say("Token", "700100318");
    say("Txn_Type", "L");
    say("Proc_Code", "22");
    ehi_end(&ehi);
    cr_expect_null(ehi.message.malformed_field);
    cr_expect_eq(ehi.message.proc, PROC_NONE);
}

Test(ehi, the_same_value_twice_is_fine_and_another_is_malformed)
{
    say("Bill_Amt", "-23.4500");
    say("Bill_Amt", " -23.4500 ");
    say("Bill_Amt", "");
    complete();
    cr_expect_null(ehi.message.malformed_field);

    init();
    say("Bill_Amt", "-23.45");
    say("Bill_Amt", "-23.4500");
    complete();
    cr_expect_str_eq(ehi.message.malformed_field, "Bill_Amt");

    init();
    say("MCC_Code", "5942");
    say("MCC_Code", "5943");
    complete();
    cr_expect_null(ehi.message.malformed_field);
    cr_expect_eq(ehi.message.mcc, 5942, "the first stands");
    cr_expect_eq(ehi.repeated_differing, 1);
}

Test(ehi, two_ids_are_none)
{
    say("TXn_ID", "1");
    say("TXn_ID", "2");
    complete();
    cr_expect_not(ehi.readable);
    cr_expect_eq(ehi.message.txn_id, 0);
}

Test(ehi, a_value_that_is_not_whole_decides_nothing)
{
    ehi_element(&ehi, field_by_number(FIELD_BILL_AMT), "1", 1, false);
    complete();
    cr_expect_str_eq(ehi.message.malformed_field, "Bill_Amt");
}

static bool kept_contains(const char *text)
{
    return memmem(ehi.fields, ehi.message.fields_bytes, text, strlen(text)) != NULL;
}

Test(ehi, everything_is_kept_and_secrets_are_not)
{
    say("CVV2", "987");
    say("PIN", "A1B2C3D4E5F60718");
    say("Expiry_Date", "2304");
    say("PaymentTokenPan", "4111111111111111");
    say("SenderData", "0104Adam");
    say("Note", "card 5500000000000004 was refused");
    say("Additional_Data_DE48", "92 123");
    say("PaymentToken_id", "0");
    say("Txn_GPS_Date", "2026-02-03 14:19:08.214");
    complete();

    static const char *const hidden[] = {
        "987", "A1B2", "2304", "4111111111111111", "Adam", "5500000000000004", "92 123"};
    for (size_t i = 0; i < COUNT(hidden); i++) {
        cr_expect_not(kept_contains(hidden[i]), "%s", hidden[i]);
    }
    cr_expect(kept_contains("2026-02-03 14:19:08.214"));
    cr_expect(kept_contains("91000004711"));
    cr_expect_str_eq(ehi.message.note, "card **************** was refused");

    struct field_item item;
    size_t at = 0;
    int masked = 0;
    int count = 0;
    while (field_decode(ehi.fields, ehi.message.fields_bytes, &at, &item)) {
        masked += item.value_bytes == 3 && memcmp(item.value, "***", 3) == 0;
        cr_expect_neq(item.number, 87, "a zero is no token");
        count++;
    }
    cr_expect_eq(masked, 6);
    cr_expect_eq(count, 11 + 8);
    cr_expect_eq(at, ehi.message.fields_bytes);
}

Test(ehi, a_flood_of_text_cannot_push_out_what_decides)
{
    char *text = malloc(9001);
    memset(text, 'x', 9000);
    text[9000] = '\0';
    say("Txn_Desc", text);
    say("Note", text);
    say("Merch_Street", text);
    free(text);
    complete();
    cr_expect_null(ehi.message.malformed_field);
    cr_expect_eq(ehi.dropped, 2);
    cr_expect(kept_contains("91000004711"));
    cr_expect_eq(strlen(ehi.message.note), sizeof ehi.message.note - 1);
}

Test(ehi, texts_are_cut_between_characters)
{
    char text[201] = "";
    for (size_t i = 0; i < 100; i++) {
        memcpy(text + 2 * i, "é", 2);
    }
    say("Merch_Name", text);
    complete();
    cr_expect_eq(strlen(ehi.message.merchant_name), 98);
}

Test(ehi, the_merchant_comes_from_the_raw_field_when_there_is_no_clean_one)
{
    say("Merch_Name_DE43", "HEDGEROW BOOKS         SHREWSBURY    GBR");
    say("Txn_Ctry", "GBR");
    complete();
    cr_expect_str_eq(ehi.message.merchant_name, "HEDGEROW BOOKS");
    cr_expect_str_eq(ehi.message.merchant_country, "GBR");

    init();
    say("Merch_Name_DE43", "HEDGEROW BOOKS\\14 MARDOL\\SHREWSBURY\\SY1 1AA   GBRGBR");
    complete();
    cr_expect_str_eq(ehi.message.merchant_name, "HEDGEROW BOOKS");

    init();
    say("Merch_Name", "Clean");
    say("Merch_Name_DE43", "RAW");
    complete();
    cr_expect_str_eq(ehi.message.merchant_name, "Clean");
}

Test(ehi, balance_sequences_count_when_both_are_there)
{
    static const struct {
        const char *processor, *host;
        bool has;
    } rows[] = {
        {"41", "40", true },
        {"41", "0",  true },
        {"0",  "0",  false},
        {"41", "",   false},
        {"",   "40", false}
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        init();
        say("Balance_Sequence", rows[i].processor);
        say("Balance_Sequence_Exthost", rows[i].host);
        complete();
        cr_expect_eq(ehi.message.has_balance_sequences, rows[i].has, "row %zu", i);
    }
}

Test(ehi, zeros_for_none)
{
    say("Auth_Code_DE38", "000000");
    say("Matching_Txn_ID", "0");
    complete();
    cr_expect_str_empty(ehi.message.auth_code);
    cr_expect_eq(ehi.message.matching_txn_id, 0);
}

Test(ehi, a_cut_off_fills_its_counts)
{
    ehi_begin(&ehi, MESSAGE_CUT_OFF);
    say("CutoffID", "4711");
    say("ProductID", "70123");
    say("FirstTxn_ID", "91000000417");
    say("LastTxn_ID", "91000009903");
    say("Auths_Acknowledged", "412");
    say("Auths_NotAcknowledged", "3");
    say("BalanceAdjustExpiry_NotAcknowledged", "7");
    ehi_end(&ehi);
    cr_expect(ehi.readable);
    cr_expect_null(ehi.message.malformed_field);
    cr_expect_eq(ehi.message.cutoff_id, 4711);
    cr_expect_eq(ehi.message.product, 70123);
    cr_expect_eq(ehi.message.first_txn_id, 91000000417);
    cr_expect_eq(ehi.message.last_txn_id, 91000009903);
    cr_expect_eq(ehi.message.counts[0], 412);
    cr_expect_eq(ehi.message.counts[1], 3);
    cr_expect_eq(ehi.message.counts[7], 7);

    ehi_begin(&ehi, MESSAGE_CUT_OFF);
    say("CutoffID", "4711");
    say("Auths_Acknowledged", "-1");
    ehi_end(&ehi);
    cr_expect_str_eq(ehi.message.malformed_field, "Auths_Acknowledged");
}
