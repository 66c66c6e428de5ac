#include "soap/field.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static void init(void)
{
    field_init();
}

TestSuite(field, .init = init);

Test(field, every_element_has_its_place_and_is_found_by_name_and_number)
{
    cr_assert_eq(field_count, 187);
    for (size_t i = 0; i < field_count; i++) {
        const struct field *field = &field_table[i];
        enum message_operation operation =
            field->number >= FIELD_CUT_OFF_FIRST ? MESSAGE_CUT_OFF : MESSAGE_TRANSACTION;
        cr_expect_eq(field_by_number(field->number), field, "%s", field->name);
        cr_expect_eq(field_find(operation, field->name, strlen(field->name)), field, "%s",
                     field->name);
        cr_expect(strlen(field->name) <= FIELD_NAME_MAX);
        cr_expect((size_t)field->offset + field->size <= sizeof(struct message));
        cr_expect_eq(field->use == FIELD_USE_KEEP, field->size == 0, "%s", field->name);
    }
}

Test(field, names_are_found_leniently)
{
    static const struct {
        const char *name;
        enum message_operation operation;
        unsigned number; /* 0: unknown */
    } rows[] = {
        {"TXn_ID",            MESSAGE_TRANSACTION, 39 },
        {"txn_id",            MESSAGE_TRANSACTION, 39 },
        {"traceID_lifecycle", MESSAGE_TRANSACTION, 84 },
        {"POS_Termnl_DE4",    MESSAGE_TRANSACTION, 24 },
        {"POS_Termnl_DE41",   MESSAGE_TRANSACTION, 24 },
        {"TXn_ID ",           MESSAGE_TRANSACTION, 0  },
        {"TXn_I",             MESSAGE_TRANSACTION, 0  },
        {"",                  MESSAGE_TRANSACTION, 0  },
        {"CutoffID",          MESSAGE_TRANSACTION, 0  },
        {"CutoffID",          MESSAGE_CUT_OFF,     201},
        {"ProductID",         MESSAGE_CUT_OFF,     202},
        {"ProductID",         MESSAGE_TRANSACTION, 49 },
        {"Token",             MESSAGE_CUT_OFF,     0  },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct field *field =
            field_find(rows[i].operation, rows[i].name, strlen(rows[i].name));
        cr_expect_eq(field == NULL ? 0 : field->number, rows[i].number, "%s", rows[i].name);
    }
    char *longer = calloc(1, 100000);
    memset(longer, 'x', 99999);
    cr_expect_null(field_find(MESSAGE_TRANSACTION, longer, 99999));
    free(longer);
}

Test(field, secrets_of_the_card_are_secret)
{
    static const char *const secrets[] = {"CVV2",
                                          "PIN",
                                          "Expiry_Date",
                                          "PAN_Sequence_Number",
                                          "PaymentTokenPan",
                                          "ICC_System_Related_Data_DE55",
                                          "Additional_Data_DE48",
                                          "Additional_Data_DE124",
                                          "PaymentToken_activationCode",
                                          "PaymentToken_id",
                                          "TokenUniqueReference"};
    static const char *const personal[] = {
        "Record_Data_DE120", "source_bank_account", "dest_bank_account",        "Misc_TLV_Data",
        "SenderData",        "ReceiverData",        "PaymentToken_deviceTelNum"};

    for (size_t i = 0; i < COUNT(secrets); i++) {
        const struct field *field = field_find(MESSAGE_TRANSACTION, secrets[i], strlen(secrets[i]));
        cr_expect_eq(field->mask, FIELD_SECRET, "%s", secrets[i]);
        cr_expect_eq(field->use, FIELD_USE_KEEP, "%s", secrets[i]);
    }
    for (size_t i = 0; i < COUNT(personal); i++) {
        const struct field *field =
            field_find(MESSAGE_TRANSACTION, personal[i], strlen(personal[i]));
        cr_expect_eq(field->mask, FIELD_PERSONAL, "%s", personal[i]);
    }
}

Test(field, what_is_encoded_is_decoded)
{
    uint8_t bytes[1000];
    char value[400];
    memset(value, 'v', sizeof value);
    size_t used = field_encode(39, "91000004711", 11, bytes, sizeof bytes);
    used += field_encode(213, value, sizeof value, bytes + used, sizeof bytes - used);
    used += field_encode(7, "", 0, bytes + used, sizeof bytes - used);

    struct field_item item;
    size_t at = 0;
    cr_assert(field_decode(bytes, used, &at, &item));
    cr_expect_eq(item.number, 39);
    cr_expect_str_eq(item.field->name, "TXn_ID");
    cr_expect(item.value_bytes == 11 && memcmp(item.value, "91000004711", 11) == 0);
    cr_assert(field_decode(bytes, used, &at, &item));
    cr_expect_eq(item.number, 213);
    cr_expect_eq(item.value_bytes, sizeof value);
    cr_assert(field_decode(bytes, used, &at, &item));
    cr_expect_eq(item.value_bytes, 0);
    cr_expect_not(field_decode(bytes, used, &at, &item));
    cr_expect_eq(at, used);
}

Test(field, damaged_bytes_end_the_decoding)
{
    struct field_item item;
    size_t at = 0;
    cr_expect_not(field_decode((const uint8_t *)"\x27\x05"
                                                "zz",
                               4, &at, &item),
                  "value cut");
    cr_expect_not(field_decode((const uint8_t *)"\x27", 1, &at, &item), "length missing");
    cr_expect_not(field_decode((const uint8_t *)"\xFF\xFF\xFF\xFF\x01", 5, &at, &item), "no end");
    cr_expect_eq(at, 0);
    cr_assert(field_decode((const uint8_t *)"\xC0\x01\x01z", 4, &at, &item), "newer number");
    cr_expect_null(item.field);
    cr_expect_eq(item.number, 192);
}

Test(field, no_room_writes_nothing)
{
    uint8_t bytes[16] = {0};
    cr_expect_eq(field_encode(1, "0123456789", 10, bytes, 15), 0);
    cr_expect_eq(bytes[0], 0);
    cr_expect_eq(field_encode(1, "0123456789", 10, bytes, 16), 12);
}

Test(field, card_numbers_are_masked_and_other_numbers_are_not)
{
    static const struct {
        const char *text, *masked;
    } rows[] = {
        {"card 4111111111111111 refused",    "card **************** refused"   },
        {"4111 1111 1111 1111",              "**** **** **** ****"             },
        {"5500-0000-0000-0004.",             "****-****-****-****."            },
        {"4222222222222",                    "*************"                   },
        {"4111111111111112",                 "4111111111111112"                },
        {"tel 442079460123",                 "tel 442079460123"                },
        {"12345678901234567890 (20 digits)", "12345678901234567890 (20 digits)"},
        {"no digits",                        "no digits"                       },
        {"",                                 ""                                },
        {"4111111111111111",                 "****************"                },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", rows[i].text);
        int masked = field_mask_card_numbers(text, strlen(text));
        cr_expect_str_eq(text, rows[i].masked);
        cr_expect_eq(masked, strcmp(rows[i].text, rows[i].masked) != 0);
    }
}
