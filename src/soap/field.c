#include "soap/field.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#define AT(member) offsetof(struct message, member), sizeof(((struct message *)0)->member)
#define KEPT       FIELD_USE_KEEP, 0, 0

/* clang-format off */
const struct field field_table[] = {
    {1, "Acquirer_id_DE32", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, KEPT,
     "acquirer's institution number"},
    {2, "ActBal", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, KEPT,
     "actual balance of the card as the processor holds it"},
    {3, "Additional_Amt_DE54", FIELD_TYPE_STRING, FIELD_KIND_TLV, FIELD_PLAIN, KEPT,
     "1-6 blocks of 20 characters with further amounts (cashback)"},
    {4, "Amt_Tran_Fee_DE28", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "acquirer's fee, not part of Bill_Amt; own format, scale unsure"},
    {5, "Auth_Code_DE38", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, FIELD_USE_AUTH_CODE, AT(auth_code),
     "approval code of the authorisation"},
    {6, "Avl_Bal", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, KEPT,
     "available balance at the processor (ActBal + BlkAmt)"},
    {7, "Bill_Amt", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, FIELD_USE_AMOUNT, AT(bill_e4),
     "amount in card currency, signed from the cardholder's view"},
    {8, "Bill_Ccy", FIELD_TYPE_STRING, FIELD_KIND_CURRENCY, FIELD_PLAIN, FIELD_USE_KNOWN_CURRENCY, AT(bill_currency),
     "card (billing) currency"},
    {9, "BlkAmt", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, KEPT,
     "sum of blocked amounts at the processor, negative"},
    {10, "Cust_Ref", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, KEPT,
     "programme's own reference of the customer"},
    {11, "FX_Pad", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, FIELD_USE_AMOUNT, AT(fx_pad_e4),
     "padding added for exchange rate risk"},
    {12, "Fee_Fixed", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, FIELD_USE_AMOUNT, AT(fee_fixed_e4),
     "total of fixed fees; on a decline the decline fee"},
    {13, "Fee_Rate", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, FIELD_USE_AMOUNT, AT(fee_rate_e4),
     "total of percentage fees as an amount in billing currency"},
    {14, "LoadSRC", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "where a load came from"},
    {15, "LoadType", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "kind of load; list not read"},
    {16, "MCC_Code", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, FIELD_USE_MCC, AT(mcc),
     "merchant category"},
    {17, "MCC_Desc", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "name of the merchant category; may hold odd bytes"},
    {18, "MCC_Pad", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, FIELD_USE_AMOUNT, AT(mcc_pad_e4),
     "padding added for the merchant category"},
    {19, "Merch_ID_DE42", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, FIELD_USE_TEXT, AT(merchant_id),
     "merchant id of the acquirer, often blank-padded"},
    {20, "Merch_Name_DE43", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "name and place of merchant, fixed positions (40) in authorisations, backslash-separated in Mastercard clearing"},
    {21, "Note", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, FIELD_USE_TEXT, AT(note),
     "free remark by the processor (decline reason, adjustment text)"},
    {22, "POS_Data_DE22", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "entry mode and PIN capability; 3 or 4 digits in authorisations, 12 characters in Mastercard clearing"},
    {23, "POS_Data_DE61", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "raw Mastercard point-of-service data; may be blanks"},
    {24, "POS_Termnl_DE41", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, FIELD_USE_TEXT, AT(terminal),
     "terminal id, often blank-padded; one example misspells the element POS_Termnl_DE4"},
    {25, "POS_Time_DE12", FIELD_TYPE_STRING, FIELD_KIND_DATETIME, FIELD_PLAIN, KEPT,
     "terminal's local time"},
    {26, "Proc_Code", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, FIELD_USE_PROC, AT(proc_code),
     "processing code: what kind of money movement"},
    {27, "Resp_Code_DE39", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, FIELD_USE_RESPONSE, AT(response),
     "processor's or network's answer code so far, or reason of reversal"},
    {28, "Ret_Ref_No_DE37", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, FIELD_USE_TEXT, AT(retrieval_ref),
     "retrieval reference number"},
    {29, "Settle_Amt", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, FIELD_USE_AMOUNT, AT(settle_e4),
     "amount in settlement currency; signed only in clearing"},
    {30, "Settle_Ccy", FIELD_TYPE_STRING, FIELD_KIND_CURRENCY, FIELD_PLAIN, FIELD_USE_CURRENCY, AT(settle_currency),
     "settlement currency, may be empty"},
    {31, "Status_Code", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, FIELD_USE_TEXT, AT(card_status),
     "status of the card"},
    {32, "Token", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, FIELD_USE_TOKEN, AT(token),
     "processor's public token of the card (not a PAN); key of the card"},
    {33, "Trans_link", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, FIELD_USE_TEXT, AT(link),
     "legacy link of related messages (date + references)"},
    {34, "Txn_Amt", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, FIELD_USE_AMOUNT, AT(txn_e4),
     "amount in the merchant's currency, unsigned"},
    {35, "Txn_CCy", FIELD_TYPE_STRING, FIELD_KIND_CURRENCY, FIELD_PLAIN, FIELD_USE_CURRENCY, AT(txn_currency),
     "currency of Txn_Amt"},
    {36, "Txn_Ctry", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "country of the merchant"},
    {37, "Txn_Desc", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "description of the transaction; may begin with a blank, may hold odd bytes"},
    {38, "Txn_GPS_Date", FIELD_TYPE_STRING, FIELD_KIND_DATETIME, FIELD_PLAIN, KEPT,
     "time at the processor"},
    {39, "TXn_ID", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, FIELD_USE_ID, AT(txn_id),
     "processor's unique number of this transaction; key for duplicates"},
    {40, "Txn_Stat_Code", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, FIELD_USE_LETTER, AT(stat),
     "state of the transaction"},
    {41, "TXN_Time_DE07", FIELD_TYPE_STRING, FIELD_KIND_DATETIME, FIELD_PLAIN, FIELD_USE_TEXT, AT(sent_at_de07),
     "transmission time of the network message"},
    {42, "Txn_Type", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, FIELD_USE_LETTER, AT(type),
     "type of the message"},
    {43, "Additional_Data_DE48", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_SECRET, KEPT,
     "raw network data; may carry CVC2, token number and 3-D Secure data"},
    {44, "Authorised_by_GPS", FIELD_TYPE_STRING, FIELD_KIND_FLAG, FIELD_PLAIN, FIELD_USE_YES_NO, AT(authorised_by),
     "decision was taken by the processor"},
    {45, "AVS_Result", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "address check by the processor"},
    {46, "CU_Group", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "card usage group of the card"},
    {47, "InstCode", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "programme manager's code at the processor"},
    {48, "MTID", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, FIELD_USE_MTID, AT(mtid),
     "message type; empty for messages the processor makes; trailing blanks for Visa clearing"},
    {49, "ProductID", FIELD_TYPE_INT, FIELD_KIND_NUMBER, FIELD_PLAIN, FIELD_USE_PRODUCT, AT(product),
     "product at the processor"},
    {50, "Record_Data_DE120", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PERSONAL, KEPT,
     "raw record data (may hold the cardholder's address)"},
    {51, "SubBIN", FIELD_TYPE_INT, FIELD_KIND_NUMBER, FIELD_PLAIN, KEPT,
     "BIN and product digits of the card"},
    {52, "TLogIDOrg", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, KEPT,
     "number of the original log entry"},
    {53, "VL_Group", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "velocity limit group of the card"},
    {54, "EHIVersion", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "interface version; absent in every example read"},
    {55, "Dom_Fee_Fixed", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, KEPT,
     "domestic fixed fee"},
    {56, "Non_Dom_Fee_Fixed", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, KEPT,
     "non-domestic fixed fee"},
    {57, "Fx_Fee_Fixed", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, KEPT,
     "foreign exchange fixed fee"},
    {58, "Other_Fee_Amt", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, KEPT,
     "other fee"},
    {59, "Fx_Fee_Rate", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, KEPT,
     "foreign exchange percentage fee (as an amount, inferred)"},
    {60, "Dom_Fee_Rate", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, KEPT,
     "domestic percentage fee (amount or percentage: examples disagree)"},
    {61, "Non_Dom_Fee_Rate", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, KEPT,
     "non-domestic percentage fee (as an amount, inferred)"},
    {62, "Additional_Data_DE124", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_SECRET, KEPT,
     "raw network data, token provisioning details and activation codes"},
    {63, "CVV2", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_SECRET, KEPT,
     "CVV2 the cardholder gave (encrypted, by the dynamic CVV2 page); only if switched on"},
    {64, "Expiry_Date", FIELD_TYPE_STRING, FIELD_KIND_DATE, FIELD_SECRET, KEPT,
     "expiry date of the card; only if switched on"},
    {65, "PAN_Sequence_Number", FIELD_TYPE_STRING, FIELD_KIND_NUMBER, FIELD_SECRET, KEPT,
     "sequence number of the card; only if switched on"},
    {66, "PIN", FIELD_TYPE_STRING, FIELD_KIND_HEX, FIELD_SECRET, KEPT,
     "encrypted PIN block; only if switched on"},
    {67, "PIN_Enc_Algorithm", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "algorithm of the PIN block (triple DES is named)"},
    {68, "PIN_Format", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "format of the PIN block"},
    {69, "PIN_Key_Index", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "which key encrypts the PIN"},
    {70, "SendingAttemptCount", FIELD_TYPE_STRING, FIELD_KIND_NUMBER, FIELD_PLAIN, FIELD_USE_NUMBER, AT(attempt),
     "how often this message was sent before"},
    {71, "source_bank_ctry", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "country of the source account (bank transfer loads)"},
    {72, "source_bank_account_format", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "format of the source account"},
    {73, "source_bank_account", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PERSONAL, KEPT,
     "source bank account"},
    {74, "dest_bank_ctry", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "country of the destination account"},
    {75, "dest_bank_account_format", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "format of the destination account"},
    {76, "dest_bank_account", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PERSONAL, KEPT,
     "destination bank account"},
    {77, "GPS_POS_Capability", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, FIELD_USE_RAW, AT(pos_capability),
     "what the terminal can do, position-coded (49 today, may be shorter or longer)"},
    {78, "GPS_POS_Data", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, FIELD_USE_RAW, AT(pos_data),
     "what happened at the terminal, position-coded (32 today, may be shorter or longer)"},
    {79, "Acquirer_Reference_Data_031", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, FIELD_USE_TEXT, AT(acquirer_ref),
     "acquirer reference number, clearing only"},
    {80, "Response_Source", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "who answered the terminal; may have a trailing blank"},
    {81, "Response_Source_Why", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, FIELD_USE_NUMBER, AT(response_why),
     "why that party answered"},
    {82, "Message_Source", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "who made this message"},
    {83, "Message_Why", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, FIELD_USE_NUMBER, AT(message_why),
     "why it was made"},
    {84, "traceid_lifecycle", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, FIELD_USE_TEXT, AT(trace),
     "id common to all messages of one transaction; first key for matching"},
    {85, "Balance_Sequence", FIELD_TYPE_STRING, FIELD_KIND_NUMBER, FIELD_PLAIN, FIELD_USE_NUMBER, AT(balance_sequence),
     "processor's balance sequence number"},
    {86, "Balance_Sequence_Exthost", FIELD_TYPE_STRING, FIELD_KIND_NUMBER, FIELD_PLAIN, FIELD_USE_SEQUENCE_HOST, AT(balance_sequence_exthost),
     "host's balance sequence number as last stored at the processor"},
    {87, "PaymentToken_id", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_SECRET, KEPT,
     "processor's number of the payment token"},
    {88, "PaymentToken_creator", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "token service provider"},
    {89, "PaymentToken_expdate", FIELD_TYPE_STRING, FIELD_KIND_DATE, FIELD_SECRET, KEPT,
     "expiry date of the token"},
    {90, "PaymentToken_type", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "kind of token"},
    {91, "PaymentToken_status", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "state of the token at the processor"},
    {92, "PaymentToken_creatorStatus", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "state of the token at its creator; blank possible"},
    {93, "PaymentToken_wallet", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "wallet"},
    {94, "PaymentToken_deviceType", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "form of the device"},
    {95, "PaymentToken_lang", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "language of the device; may be two blanks"},
    {96, "PaymentToken_deviceTelNum", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PERSONAL, KEPT,
     "phone number of the device (or its last digits)"},
    {97, "PaymentToken_deviceIp", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PERSONAL, KEPT,
     "IP address of the device"},
    {98, "PaymentToken_deviceId", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_SECRET, KEPT,
     "id of the device or secure element"},
    {99, "PaymentToken_deviceName", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PERSONAL, KEPT,
     "name of the device"},
    {100, "PaymentToken_activationCode", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_SECRET, KEPT,
     "one-time activation code"},
    {101, "PaymentToken_activationExpiry", FIELD_TYPE_STRING, FIELD_KIND_DATETIME, FIELD_PLAIN, KEPT,
     "end of validity of that code"},
    {102, "PaymentToken_activationMethodData", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PERSONAL, KEPT,
     "phone number, address or URL for the activation"},
    {103, "PaymentToken_activationMethod", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "way of activation"},
    {104, "ICC_System_Related_Data_DE55", FIELD_TYPE_STRING, FIELD_KIND_HEX, FIELD_SECRET, KEPT,
     "chip data (EMV TLV in hex)"},
    {105, "Merch_Name", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, FIELD_USE_TEXT, AT(merchant_name),
     "merchant name, cleaned by the processor"},
    {106, "Merch_Street", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "merchant street"},
    {107, "Merch_City", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "merchant city (or phone, URL)"},
    {108, "Merch_Region", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "merchant state or region"},
    {109, "Merch_Postcode", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "merchant postcode"},
    {110, "Merch_Country", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, FIELD_USE_TEXT, AT(merchant_country),
     "merchant country"},
    {111, "Merch_Tel", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "merchant phone"},
    {112, "Merch_URL", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "merchant web address"},
    {113, "Merch_Name_Other", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "other merchant name"},
    {114, "Merch_Net_id", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, KEPT,
     "merchant id at the network"},
    {115, "Merch_Tax_id", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, KEPT,
     "merchant tax number"},
    {116, "Merch_Contact", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "merchant contact"},
    {117, "auth_type", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, FIELD_USE_CHARACTER, AT(auth_type),
     "kind of authorisation"},
    {118, "auth_expdate_utc", FIELD_TYPE_STRING, FIELD_KIND_DATETIME, FIELD_PLAIN, FIELD_USE_TEXT, AT(expires_at),
     "when the block ends; padded with blanks"},
    {119, "Matching_Txn_ID", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, FIELD_USE_ID_OR_ZERO, AT(matching_txn_id),
     "TXn_ID of the transaction the processor matched"},
    {120, "Reason_ID", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, FIELD_USE_NUMBER, AT(reason_id),
     "reason of a chargeback, or 3900 incremental (Visa)"},
    {121, "Dispute_Condition", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "refines Reason_ID for Visa chargebacks (C, H)"},
    {122, "Network_Chargeback_Reference_Id", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, KEPT,
     "network's number of the chargeback"},
    {123, "Acquirer_Forwarder_ID", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, KEPT,
     "institution that forwarded the message"},
    {124, "Currency_Code_Fee", FIELD_TYPE_STRING, FIELD_KIND_CURRENCY, FIELD_PLAIN, KEPT,
     "currency of the interchange fee"},
    {125, "Currency_Code_Fee_Settlement", FIELD_TYPE_STRING, FIELD_KIND_CURRENCY, FIELD_PLAIN, KEPT,
     "the same in settlement"},
    {126, "Interchange_Amount_Fee", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, KEPT,
     "interchange fee"},
    {127, "Interchange_Amount_Fee_Settlement", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, KEPT,
     "interchange fee in settlement currency"},
    {128, "Clearing_Process_Date", FIELD_TYPE_STRING, FIELD_KIND_DATE, FIELD_PLAIN, KEPT,
     "date the clearing file was processed"},
    {129, "Settlement_Date", FIELD_TYPE_STRING, FIELD_KIND_DATE, FIELD_PLAIN, KEPT,
     "settlement date"},
    {130, "DCC_Indicator", FIELD_TYPE_STRING, FIELD_KIND_FLAG, FIELD_PLAIN, KEPT,
     "dynamic currency conversion; list not read"},
    {131, "multi_part_txn", FIELD_TYPE_STRING, FIELD_KIND_FLAG, FIELD_PLAIN, KEPT,
     "one of several presentments"},
    {132, "multi_part_txn_final", FIELD_TYPE_STRING, FIELD_KIND_FLAG, FIELD_PLAIN, KEPT,
     "last of them"},
    {133, "multi_part_number", FIELD_TYPE_STRING, FIELD_KIND_NUMBER, FIELD_PLAIN, KEPT,
     "number of this one (Visa)"},
    {134, "multi_part_count", FIELD_TYPE_STRING, FIELD_KIND_NUMBER, FIELD_PLAIN, KEPT,
     "how many there will be (Visa)"},
    {135, "SettlementIndicator", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "settlement kind; list not read"},
    {136, "Network_TxnAmt_To_BillAmt_Rate", FIELD_TYPE_STRING, FIELD_KIND_RATE, FIELD_PLAIN, KEPT,
     "network's rate from transaction to billing amount"},
    {137, "Network_TxnAmt_To_BaseAmt_Rate", FIELD_TYPE_STRING, FIELD_KIND_RATE, FIELD_PLAIN, KEPT,
     "rate from transaction to base amount"},
    {138, "Network_BaseAmt_To_BillAmt_Rate", FIELD_TYPE_STRING, FIELD_KIND_RATE, FIELD_PLAIN, KEPT,
     "rate from base to billing amount"},
    {139, "POS_Date_DE13", FIELD_TYPE_STRING, FIELD_KIND_DATE, FIELD_PLAIN, KEPT,
     "terminal's local date"},
    {140, "Traceid_Message", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, FIELD_USE_TEXT, AT(trace_message),
     "trace id of this very message"},
    {141, "Traceid_Original", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, KEPT,
     "trace id of the original (incremental, recurring)"},
    {142, "Network_Currency_Conversion_Date", FIELD_TYPE_STRING, FIELD_KIND_DATE, FIELD_PLAIN, KEPT,
     "date of the network's rate"},
    {143, "Mastercard_AdviceReasonCode_DE60", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "why a Mastercard advice was made"},
    {144, "Network_Original_Data_Elements_DE90", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "raw data of the original message"},
    {145, "Visa_ResponseInfo_DE44", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PERSONAL, KEPT,
     "raw Visa checks by position, leading blanks count; may hold last 4 PAN digits"},
    {146, "Visa_STIP_Reason_Code", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "why Visa stood in"},
    {147, "Network_Issuer_Settle_ID", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, KEPT,
     "issuer's settlement id at the network"},
    {148, "Network_Replacement_Amounts_DE95", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "raw replacement amounts (partial reversal)"},
    {149, "Visa_POS_Data_DE60", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "raw Visa point-of-service data by position"},
    {150, "Network_Transaction_ID", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, FIELD_USE_RAW, AT(network_txn_id),
     "network's transaction id; blanks inside and at the ends count"},
    {151, "Misc_TLV_Data", FIELD_TYPE_STRING, FIELD_KIND_TLV, FIELD_PERSONAL, KEPT,
     "rarely used data, incl. sender and receiver names"},
    {152, "Acquirer_Country", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "country of the acquirer"},
    {153, "PaymentToken_PanSource", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "how the PAN reached the token; list not read"},
    {154, "ClearingFileID", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, KEPT,
     "clearing file; trailing blanks"},
    {155, "Network_Fraud_Data", FIELD_TYPE_STRING, FIELD_KIND_CODE, FIELD_PLAIN, KEPT,
     "fraud scores by position"},
    {156, "SenderData", FIELD_TYPE_STRING, FIELD_KIND_TLV, FIELD_PERSONAL, KEPT,
     "sender of a money transfer"},
    {157, "ReceiverData", FIELD_TYPE_STRING, FIELD_KIND_TLV, FIELD_PERSONAL, KEPT,
     "receiver of a money transfer"},
    {158, "AuthenticationAmountUpper", FIELD_TYPE_STRING, FIELD_KIND_AMOUNT, FIELD_PLAIN, KEPT,
     "amount (or upper bound of it) authenticated by 3-D Secure"},
    {159, "AuthenticationCurrency", FIELD_TYPE_STRING, FIELD_KIND_CURRENCY, FIELD_PLAIN, KEPT,
     "currency of that amount; to compare with Txn_CCy"},
    {160, "AuthenticationMerchantHash", FIELD_TYPE_STRING, FIELD_KIND_HEX, FIELD_PLAIN, KEPT,
     "hash of the merchant's name at authentication"},
    {161, "FxProviderCardholderRate", FIELD_TYPE_DECIMAL, FIELD_KIND_RATE, FIELD_PLAIN, KEPT,
     "rate of an external exchange provider"},
    {162, "SchemeTransactionIdentifier", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, KEPT,
     "newer transaction id of the scheme"},
    {163, "TokenUniqueReference", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_SECRET, KEPT,
     "token reference of the token service"},
    {164, "PaymentTokenPan", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_SECRET, KEPT,
     "number of the payment token (a PAN-like number in clear)"},
    {165, "FleetData", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "fleet card data; form not read"},
    {166, "ElapsedTimeToLive", FIELD_TYPE_INT, FIELD_KIND_NUMBER, FIELD_PLAIN, KEPT,
     "5.3; meaning not read"},
    {167, "NumberOfTransactionsCount", FIELD_TYPE_INT, FIELD_KIND_NUMBER, FIELD_PLAIN, KEPT,
     "5.3; meaning not read"},
    {168, "TotalOfTransactionAmounts", FIELD_TYPE_DECIMAL, FIELD_KIND_AMOUNT, FIELD_PLAIN, KEPT,
     "5.3; meaning not read"},
    {169, "FlexEligibilityIndicator", FIELD_TYPE_INT, FIELD_KIND_FLAG, FIELD_PLAIN, KEPT,
     "5.4; flexible credential allowed"},
    {170, "FlexEligibleUseCaseIds", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "5.4; use cases allowed"},
    {171, "NetworkTransactionId2", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, KEPT,
     "5.5; second network transaction id"},
    {172, "NetworkRelatedTransactionId", FIELD_TYPE_STRING, FIELD_KIND_ID, FIELD_PLAIN, KEPT,
     "5.5; id of a related transaction"},
    {173, "NetworkLinkValidation", FIELD_TYPE_STRING, FIELD_KIND_TEXT, FIELD_PLAIN, KEPT,
     "5.5; meaning not read"},
    {174, "FxProviderBookedRate", FIELD_TYPE_STRING, FIELD_KIND_RATE, FIELD_PLAIN, KEPT,
     "rate booked at an external exchange provider; known from the JSON list only, not in any WSDL read"},
    {201, "CutoffID", FIELD_TYPE_INT, FIELD_KIND_ID, FIELD_PLAIN, FIELD_USE_COUNT, AT(cutoff_id),
     "number of this cut-off; key for duplicates"},
    {202, "ProductID", FIELD_TYPE_INT, FIELD_KIND_NUMBER, FIELD_PLAIN, FIELD_USE_PRODUCT, AT(product),
     "product that the counts are of"},
    {203, "CutoffDate", FIELD_TYPE_STRING, FIELD_KIND_DATETIME, FIELD_PLAIN, KEPT,
     "time of the cut-off"},
    {204, "FirstTxn_ID", FIELD_TYPE_LONG, FIELD_KIND_ID, FIELD_PLAIN, FIELD_USE_ID_OR_ZERO, AT(first_txn_id),
     "first TXn_ID of the period"},
    {205, "LastTxn_ID", FIELD_TYPE_LONG, FIELD_KIND_ID, FIELD_PLAIN, FIELD_USE_ID_OR_ZERO, AT(last_txn_id),
     "last TXn_ID of the period"},
    {206, "Auths_Acknowledged", FIELD_TYPE_INT, FIELD_KIND_NUMBER, FIELD_PLAIN, FIELD_USE_COUNT, AT(counts[0]),
     "authorisations that we acknowledged"},
    {207, "Auths_NotAcknowledged", FIELD_TYPE_INT, FIELD_KIND_NUMBER, FIELD_PLAIN, FIELD_USE_COUNT, AT(counts[1]),
     "authorisations sent and not acknowledged"},
    {208, "Financials_Acknowledged", FIELD_TYPE_INT, FIELD_KIND_NUMBER, FIELD_PLAIN, FIELD_USE_COUNT, AT(counts[2]),
     "financial messages that we acknowledged"},
    {209, "Financials_NotAcknowledged", FIELD_TYPE_INT, FIELD_KIND_NUMBER, FIELD_PLAIN, FIELD_USE_COUNT, AT(counts[3]),
     "financial messages sent and not acknowledged"},
    {210, "LoadsUnloads_Acknowledged", FIELD_TYPE_INT, FIELD_KIND_NUMBER, FIELD_PLAIN, FIELD_USE_COUNT, AT(counts[4]),
     "loads and unloads that we acknowledged"},
    {211, "LoadsUnloads_NotAcknowledged", FIELD_TYPE_INT, FIELD_KIND_NUMBER, FIELD_PLAIN, FIELD_USE_COUNT, AT(counts[5]),
     "loads and unloads sent and not acknowledged"},
    {212, "BalanceAdjustExpiry_Acknowledged", FIELD_TYPE_INT, FIELD_KIND_NUMBER, FIELD_PLAIN, FIELD_USE_COUNT, AT(counts[6]),
     "adjustments and expiries that we acknowledged"},
    {213, "BalanceAdjustExpiry_NotAcknowledged", FIELD_TYPE_INT, FIELD_KIND_NUMBER, FIELD_PLAIN, FIELD_USE_COUNT, AT(counts[7]),
     "adjustments and expiries sent and not acknowledged"},
};
/* clang-format on */
const size_t field_count = sizeof field_table / sizeof field_table[0];

enum {
    BUCKETS = 1024, /* several for each name: most look-ups compare once */
};

/* Written by field_init only; index into field_table plus one. */
static uint16_t buckets[2][BUCKETS];

static const struct {
    const char *misspelt;
    unsigned number;
} aliases[] = {
    {"POS_Termnl_DE4", 24},
};

/* Names share long beginnings (PaymentToken_…), so the ends and the middle are looked at. */
static unsigned bucket_of(const char *name, size_t bytes)
{
    const unsigned char *at = (const unsigned char *)name;
    unsigned hash = (unsigned)bytes * 31 + at[bytes - 1];
    hash = hash * 31 + at[bytes / 2];
    hash = hash * 31 + at[bytes > 3 ? bytes - 4 : 0];
    hash = hash * 31 + at[0];
    hash = hash * 31 + at[bytes > 5 ? bytes - 6 : 0];
    return (hash ^ (hash >> 10)) % BUCKETS;
}

static void bucket_add(size_t index)
{
    const struct field *field = &field_table[index];
    uint16_t *table = buckets[field->number >= FIELD_CUT_OFF_FIRST];
    unsigned bucket = bucket_of(field->name, strlen(field->name));
    while (table[bucket] != 0) {
        bucket = (bucket + 1) % BUCKETS;
    }
    table[bucket] = (uint16_t)(index + 1);
}

void field_init(void)
{
    static bool ready;
    if (ready) {
        return;
    }
    ready = true;
    for (size_t i = 0; i < field_count; i++) {
        assert(field_by_number(field_table[i].number) == &field_table[i]);
        bucket_add(i);
    }
}

const struct field *field_by_number(unsigned number)
{
    if (number >= 1 && number <= FIELD_TRANSACTION_LAST) {
        return &field_table[number - 1];
    }
    if (number >= FIELD_CUT_OFF_FIRST && number < FIELD_NUMBER_END) {
        return &field_table[FIELD_TRANSACTION_LAST + number - FIELD_CUT_OFF_FIRST];
    }
    return NULL;
}

static const struct field *find_leniently(bool cut_off, const char *name, size_t bytes)
{
    for (size_t i = 0; i < field_count; i++) {
        const struct field *field = &field_table[i];
        if ((field->number >= FIELD_CUT_OFF_FIRST) == cut_off && strlen(field->name) == bytes &&
            strncasecmp(field->name, name, bytes) == 0) {
            return field;
        }
    }
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        if (!cut_off && strlen(aliases[i].misspelt) == bytes &&
            strncasecmp(aliases[i].misspelt, name, bytes) == 0) {
            return field_by_number(aliases[i].number);
        }
    }
    return NULL;
}

const struct field *field_find(enum message_operation operation, const char *name, size_t bytes)
{
    if (bytes == 0 || bytes > FIELD_NAME_MAX) {
        return NULL;
    }
    bool cut_off = operation == MESSAGE_CUT_OFF;
    const uint16_t *table = buckets[cut_off];
    for (unsigned bucket = bucket_of(name, bytes); table[bucket] != 0;
         bucket = (bucket + 1) % BUCKETS) {
        const struct field *field = &field_table[table[bucket] - 1];
        if (strncmp(field->name, name, bytes) == 0 && field->name[bytes] == '\0') {
            return field;
        }
    }
    return find_leniently(cut_off, name, bytes);
}

bool field_decides(const struct field *field)
{
    return field->use >= FIELD_USE_AMOUNT && field->use <= FIELD_USE_COUNT;
}

const char *field_kind_name(enum field_kind kind)
{
    static const char *const names[] = {"text",     "id",   "code", "flag",     "number", "amount",
                                        "currency", "rate", "date", "datetime", "hex",    "tlv"};
    return names[kind];
}

const char *field_mask_name(enum field_mask mask)
{
    static const char *const names[] = {"plain", "personal", "secret"};
    return names[mask];
}

static size_t leb128_put(size_t value, uint8_t *to)
{
    size_t n = 0;
    for (; value >= 0x80; value >>= 7) {
        to[n++] = (uint8_t)(value | 0x80);
    }
    to[n++] = (uint8_t)value;
    return n;
}

static bool leb128_get(const uint8_t *bytes, size_t count, size_t *at, size_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 21 && *at < count; shift += 7) {
        uint8_t byte = bytes[(*at)++];
        *value |= (size_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            return true;
        }
    }
    return false;
}

size_t field_encode(unsigned number, const char *value, size_t value_bytes, uint8_t *to,
                    size_t room)
{
    if (value_bytes > MESSAGE_FIELDS_MAX || room < FIELD_HEAD_MAX + value_bytes) {
        return 0;
    }
    size_t used = leb128_put(number, to);
    used += leb128_put(value_bytes, to + used);
    memcpy(to + used, value, value_bytes);
    return used + value_bytes;
}

bool field_decode(const uint8_t *bytes, size_t count, size_t *at, struct field_item *item)
{
    size_t number;
    size_t value_bytes;
    size_t next = *at;
    if (!leb128_get(bytes, count, &next, &number) ||
        !leb128_get(bytes, count, &next, &value_bytes) || value_bytes > count - next) {
        return false;
    }
    *item = (struct field_item){
        .number = (unsigned)number,
        .field = field_by_number((unsigned)number),
        .value = (const char *)bytes + next,
        .value_bytes = value_bytes,
    };
    *at = next + value_bytes;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The run of digits that starts at text; *digits of them, ends before the returned length. */
static size_t digit_run(const char *text, size_t bytes, int *digits, bool *luhn)
{
    int values[20];
    size_t end = 0;
    *digits = 0;
    for (size_t i = 0; i < bytes; i++) {
        if (is_digit(text[i])) {
            if (*digits < 20) {
                values[*digits] = text[i] - '0';
            }
            ++*digits;
            end = i + 1;
        } else if (!((text[i] == ' ' || text[i] == '-') && i + 1 < bytes &&
                     is_digit(text[i + 1]))) {
            break;
        }
    }
    int sum = 0;
    for (int i = *digits - 1, twice = 0; i >= 0 && *digits <= 19; i--, twice = !twice) {
        int value = values[i] * (twice ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    *luhn = *digits >= 13 && *digits <= 19 && sum % 10 == 0;
    return end;
}

int field_mask_card_numbers(char *text, size_t bytes)
{
    int masked = 0;
    for (size_t i = 0; i < bytes;) {
        if (!is_digit(text[i])) {
            i++;
            continue;
        }
        int digits;
        bool luhn;
        size_t run = digit_run(text + i, bytes - i, &digits, &luhn);
        for (size_t k = i; luhn && k < i + run; k++) {
            text[k] = is_digit(text[k]) ? '*' : text[k];
        }
        masked += luhn;
        i += run;
    }
    return masked;
}
