#include "ehi.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the order of the WSDL of version 5.2, with what stands there when there is nothing to say. */
static const struct {
    const char *name, *empty;
} elements[] = {
    {"Acquirer_id_DE32",                    ""      },
    {"ActBal",                              "0.0000"},
    {"Additional_Amt_DE54",                 ""      },
    {"Amt_Tran_Fee_DE28",                   ""      },
    {"Auth_Code_DE38",                      ""      },
    {"Avl_Bal",                             "0.0000"},
    {"Bill_Amt",                            ""      },
    {"Bill_Ccy",                            ""      },
    {"BlkAmt",                              "0.0000"},
    {"Cust_Ref",                            ""      },
    {"FX_Pad",                              "0.0000"},
    {"Fee_Fixed",                           "0.0000"},
    {"Fee_Rate",                            "0.0000"},
    {"LoadSRC",                             ""      },
    {"LoadType",                            ""      },
    {"MCC_Code",                            ""      },
    {"MCC_Desc",                            ""      },
    {"MCC_Pad",                             "0.0000"},
    {"Merch_ID_DE42",                       ""      },
    {"Merch_Name_DE43",                     ""      },
    {"Note",                                ""      },
    {"POS_Data_DE22",                       ""      },
    {"POS_Data_DE61",                       ""      },
    {"POS_Termnl_DE41",                     ""      },
    {"POS_Time_DE12",                       ""      },
    {"Proc_Code",                           ""      },
    {"Resp_Code_DE39",                      ""      },
    {"Ret_Ref_No_DE37",                     ""      },
    {"Settle_Amt",                          ""      },
    {"Settle_Ccy",                          ""      },
    {"Status_Code",                         "00"    },
    {"Token",                               ""      },
    {"Trans_link",                          ""      },
    {"Txn_Amt",                             ""      },
    {"Txn_CCy",                             ""      },
    {"Txn_Ctry",                            ""      },
    {"Txn_Desc",                            ""      },
    {"Txn_GPS_Date",                        ""      },
    {"TXn_ID",                              ""      },
    {"Txn_Stat_Code",                       ""      },
    {"TXN_Time_DE07",                       ""      },
    {"Txn_Type",                            ""      },
    {"Additional_Data_DE48",                ""      },
    {"Authorised_by_GPS",                   ""      },
    {"AVS_Result",                          ""      },
    {"CU_Group",                            ""      },
    {"InstCode",                            "HFT"   },
    {"MTID",                                ""      },
    {"ProductID",                           ""      },
    {"Record_Data_DE120",                   ""      },
    {"SubBIN",                              ""      },
    {"TLogIDOrg",                           "0"     },
    {"VL_Group",                            ""      },
    {"EHIVersion",                          ""      },
    {"Dom_Fee_Fixed",                       "0.0000"},
    {"Non_Dom_Fee_Fixed",                   "0.0000"},
    {"Fx_Fee_Fixed",                        "0.0000"},
    {"Other_Fee_Amt",                       "0.0000"},
    {"Fx_Fee_Rate",                         "0.0000"},
    {"Dom_Fee_Rate",                        "0.0000"},
    {"Non_Dom_Fee_Rate",                    "0.0000"},
    {"Additional_Data_DE124",               ""      },
    {"CVV2",                                ""      },
    {"Expiry_Date",                         ""      },
    {"PAN_Sequence_Number",                 ""      },
    {"PIN",                                 "0"     },
    {"PIN_Enc_Algorithm",                   ""      },
    {"PIN_Format",                          ""      },
    {"PIN_Key_Index",                       ""      },
    {"SendingAttemptCount",                 "0"     },
    {"source_bank_ctry",                    ""      },
    {"source_bank_account_format",          ""      },
    {"source_bank_account",                 ""      },
    {"dest_bank_ctry",                      ""      },
    {"dest_bank_account_format",            ""      },
    {"dest_bank_account",                   ""      },
    {"GPS_POS_Capability",                  ""      },
    {"GPS_POS_Data",                        ""      },
    {"Acquirer_Reference_Data_031",         ""      },
    {"Response_Source",                     ""      },
    {"Response_Source_Why",                 "0"     },
    {"Message_Source",                      ""      },
    {"Message_Why",                         "0"     },
    {"traceid_lifecycle",                   ""      },
    {"Balance_Sequence",                    "0"     },
    {"Balance_Sequence_Exthost",            "0"     },
    {"PaymentToken_id",                     ""      },
    {"PaymentToken_creator",                ""      },
    {"PaymentToken_expdate",                ""      },
    {"PaymentToken_type",                   ""      },
    {"PaymentToken_status",                 ""      },
    {"PaymentToken_creatorStatus",          " "     },
    {"PaymentToken_wallet",                 ""      },
    {"PaymentToken_deviceType",             ""      },
    {"PaymentToken_lang",                   "  "    },
    {"PaymentToken_deviceTelNum",           ""      },
    {"PaymentToken_deviceIp",               ""      },
    {"PaymentToken_deviceId",               ""      },
    {"PaymentToken_deviceName",             ""      },
    {"PaymentToken_activationCode",         ""      },
    {"PaymentToken_activationExpiry",       ""      },
    {"PaymentToken_activationMethodData",   ""      },
    {"PaymentToken_activationMethod",       ""      },
    {"ICC_System_Related_Data_DE55",        ""      },
    {"Merch_Name",                          ""      },
    {"Merch_Street",                        ""      },
    {"Merch_City",                          ""      },
    {"Merch_Region",                        ""      },
    {"Merch_Postcode",                      ""      },
    {"Merch_Country",                       ""      },
    {"Merch_Tel",                           ""      },
    {"Merch_URL",                           ""      },
    {"Merch_Name_Other",                    ""      },
    {"Merch_Net_id",                        ""      },
    {"Merch_Tax_id",                        ""      },
    {"Merch_Contact",                       ""      },
    {"auth_type",                           "0"     },
    {"auth_expdate_utc",                    ""      },
    {"Matching_Txn_ID",                     ""      },
    {"Reason_ID",                           ""      },
    {"Dispute_Condition",                   ""      },
    {"Network_Chargeback_Reference_Id",     ""      },
    {"Acquirer_Forwarder_ID",               ""      },
    {"Currency_Code_Fee",                   ""      },
    {"Currency_Code_Fee_Settlement",        ""      },
    {"Interchange_Amount_Fee",              ""      },
    {"Interchange_Amount_Fee_Settlement",   ""      },
    {"Clearing_Process_Date",               ""      },
    {"Settlement_Date",                     ""      },
    {"DCC_Indicator",                       "0"     },
    {"multi_part_txn",                      "0"     },
    {"multi_part_txn_final",                "0"     },
    {"multi_part_number",                   ""      },
    {"multi_part_count",                    ""      },
    {"SettlementIndicator",                 ""      },
    {"Network_TxnAmt_To_BillAmt_Rate",      ""      },
    {"Network_TxnAmt_To_BaseAmt_Rate",      ""      },
    {"Network_BaseAmt_To_BillAmt_Rate",     ""      },
    {"POS_Date_DE13",                       ""      },
    {"Traceid_Message",                     ""      },
    {"Traceid_Original",                    ""      },
    {"Network_Currency_Conversion_Date",    ""      },
    {"Mastercard_AdviceReasonCode_DE60",    ""      },
    {"Network_Original_Data_Elements_DE90", ""      },
    {"Visa_ResponseInfo_DE44",              ""      },
    {"Visa_STIP_Reason_Code",               ""      },
    {"Network_Issuer_Settle_ID",            ""      },
    {"Network_Replacement_Amounts_DE95",    ""      },
    {"Visa_POS_Data_DE60",                  ""      },
    {"Network_Transaction_ID",              ""      },
    {"Misc_TLV_Data",                       ""      },
    {"Acquirer_Country",                    ""      },
    {"PaymentToken_PanSource",              ""      },
    {"ClearingFileID",                      ""      },
    {"Network_Fraud_Data",                  ""      },
    {"SenderData",                          ""      },
    {"ReceiverData",                        ""      },
    {"AuthenticationAmountUpper",           "0.0000"},
    {"AuthenticationCurrency",              ""      },
    {"AuthenticationMerchantHash",          ""      },
    {"FxProviderCardholderRate",            "0.0"   },
    {"SchemeTransactionIdentifier",         ""      },
    {"TokenUniqueReference",                ""      },
    {"PaymentTokenPan",                     ""      },
    {"FleetData",                           ""      },
};
static_assert(sizeof elements / sizeof elements[0] == EHI_ELEMENTS, "the count in ehi.h is old");

static size_t place_of(const char *element)
{
    for (size_t i = 0; i < EHI_ELEMENTS; i++) {
        if (strcmp(elements[i].name, element) == 0) {
            return i;
        }
    }
    fprintf(stderr, "%s is no element of EHI 5.2\n", element);
    abort(); /* a programmer's mistake */
}

void ehi_init(struct ehi *ehi)
{
    memset(ehi, 0, sizeof *ehi);
    for (size_t i = 0; i < EHI_ELEMENTS; i++) {
        snprintf(ehi->values[i], EHI_VALUE_BYTES, "%s", elements[i].empty);
    }
}

__attribute__((format(printf, 2, 0))) static void fill(char value[EHI_VALUE_BYTES],
                                                       const char *format, va_list arguments)
{
    int bytes = vsnprintf(value, EHI_VALUE_BYTES, format, arguments);
    assert(bytes >= 0 && bytes < EHI_VALUE_BYTES);
}

void ehi_set(struct ehi *ehi, const char *element, const char *format, ...)
{
    va_list arguments;
    char *value = ehi->values[place_of(element)];
    va_start(arguments, format);
    fill(value, format, arguments);
    va_end(arguments);
}

const char *ehi_get(const struct ehi *ehi, const char *element)
{
    return ehi->values[place_of(element)];
}

void ehi_set_e4(struct ehi *ehi, const char *element, int64_t amount_e4)
{
    int64_t size = amount_e4 < 0 ? -amount_e4 : amount_e4;
    ehi_set(ehi, element, "%s%lld.%04lld", amount_e4 < 0 ? "-" : "", (long long)(size / 10000),
            (long long)(size % 10000));
}

struct out {
    char *body;
    size_t used;
};

static void put(struct out *out, const char *text)
{
    size_t bytes = strlen(text);
    assert(out->used + bytes < EHI_BODY_BYTES);
    memcpy(out->body + out->used, text, bytes + 1);
    out->used += bytes;
}

static void put_escaped(struct out *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            put(out, "&amp;");
            break;
        case '<':
            put(out, "&lt;");
            break;
        case '>':
            put(out, "&gt;");
            break;
        default:
            assert(out->used + 1 < EHI_BODY_BYTES);
            out->body[out->used++] = *text;
            out->body[out->used] = '\0';
        }
    }
}

size_t ehi_write(const struct ehi *ehi, enum ehi_form form, char body[EHI_BODY_BYTES])
{
    struct out out = {.body = body};
    put(&out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
              "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
              "<GetTransaction xmlns=\"http://tempuri.org/\">");
    for (size_t i = 0; i < EHI_ELEMENTS; i++) {
        if (ehi->values[i][0] == '\0') {
            if (form == EHI_FULL) {
                put(&out, "<");
                put(&out, elements[i].name);
                put(&out, " />");
            }
            continue;
        }
        put(&out, "<");
        put(&out, elements[i].name);
        put(&out, ">");
        put_escaped(&out, ehi->values[i]);
        put(&out, "</");
        put(&out, elements[i].name);
        put(&out, ">");
    }
    put(&out, "</GetTransaction></s:Body></s:Envelope>");
    return out.used;
}
