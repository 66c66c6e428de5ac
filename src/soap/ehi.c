#include "soap/ehi.h"

#include <assert.h>
#include <string.h>

#include "base/money.h"
#include "base/utf8.h"

/* The value of an element, ends trimmed; raw keeps them. */
struct value {
    const char *text;
    size_t bytes;
    const char *raw;
    size_t raw_bytes;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct value value_of(const char *raw, size_t bytes)
{
    struct value value = {.text = raw, .bytes = bytes, .raw = raw, .raw_bytes = bytes};
    while (value.bytes > 0 && is_blank(value.text[0])) {
        value.text++;
        value.bytes--;
    }
    while (value.bytes > 0 && is_blank(value.text[value.bytes - 1])) {
        value.bytes--;
    }
    return value;
}

static void *member(struct ehi *ehi, const struct field *field)
{
    return (char *)&ehi->message + field->offset;
}

/* Digits only, at most 2^63-1. */
static bool read_digits(const struct value *value, int64_t *number)
{
    int64_t sum = 0;
    for (size_t i = 0; i < value->bytes; i++) {
        if (!is_digit(value->text[i]) || __builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_add_overflow(sum, value->text[i] - '0', &sum)) {
            return false;
        }
    }
    *number = sum;
    return value->bytes > 0 && value->bytes <= 19;
}

static bool read_digits_exactly(const struct value *value, size_t digits, int64_t *number)
{
    return value->bytes == digits && read_digits(value, number);
}

static bool read_id(const struct value *value, bool zero_allowed, uint64_t *id)
{
    int64_t number;
    if (!read_digits(value, &number) || (number == 0 && !zero_allowed)) {
        return false;
    }
    *id = (uint64_t)number;
    return true;
}

static bool read_token(const struct value *value, int32_t *token)
{
    int64_t number;
    if (!read_digits_exactly(value, 9, &number) || number == 0) {
        return false;
    }
    *token = (int32_t)number;
    return true;
}

static bool read_currency(const struct value *value, bool must_be_known, uint16_t *currency)
{
    int64_t number;
    if (!read_digits_exactly(value, 3, &number) ||
        (must_be_known && money_exponent((uint16_t)number) < 0)) {
        return false;
    }
    *currency = (uint16_t)number;
    return true;
}

static bool read_mtid(const struct value *value, uint16_t *mtid)
{
    int64_t number;
    if (!read_digits_exactly(value, 4, &number) && !read_digits_exactly(value, 2, &number)) {
        return false;
    }
    *mtid = (uint16_t)number;
    return true;
}

static bool read_letter(const struct value *value, const char *allowed, char *letter)
{
    if (value->bytes != 1 || strchr(allowed, value->text[0]) == NULL || value->text[0] == '\0') {
        return false;
    }
    *letter = value->text[0];
    return true;
}

static bool read_response(const struct value *value, char response[3])
{
    for (size_t i = 0; i < value->bytes; i++) {
        if (!is_digit(value->text[i]) && !(value->text[i] >= 'A' && value->text[i] <= 'Z')) {
            return false;
        }
    }
    if (value->bytes != 2) {
        return false;
    }
    memcpy(response, value->text, 2);
    return true;
}

/* A wrong code is no error yet: ehi_end knows whether money moves by it. */
static void read_proc(struct ehi *ehi, const struct value *value)
{
    int64_t number;
    if (!read_digits_exactly(value, 6, &number)) {
        ehi->proc_malformed = true;
        return;
    }
    memcpy(ehi->message.proc_code, value->text, 6);
    ehi->message.proc = (uint8_t)(number / 10000);
}

/* Copies what fits, never half a character. */
static void copy_text(const char *text, size_t bytes, char *to, size_t room)
{
    size_t used = 0;
    while (used < bytes) {
        size_t length = utf8_length(text + used, bytes - used);
        if (length == 0 || used + length >= room) {
            break;
        }
        used += length;
    }
    memcpy(to, text, used);
    to[used] = '\0';
}

static void read_auth_code(const struct value *value, char *to, size_t room)
{
    if (value->bytes == 6 && memcmp(value->text, "000000", 6) == 0) {
        return;
    }
    copy_text(value->text, value->bytes, to, room);
}

/* What does not decide: a wrong value is none. */
static void read_lenient(struct ehi *ehi, const struct field *field, const struct value *value)
{
    void *to = member(ehi, field);
    int64_t number = 0;
    switch (field->use) {
    case FIELD_USE_CHARACTER:
        *(char *)to = value->bytes == 1 ? value->text[0] : '\0';
        break;
    case FIELD_USE_MCC:
        *(uint16_t *)to = read_digits_exactly(value, 4, &number) ? (uint16_t)number : 0;
        break;
    case FIELD_USE_PRODUCT:
        *(int64_t *)to = read_digits(value, &number) ? number : -1;
        break;
    case FIELD_USE_NUMBER:
    case FIELD_USE_SEQUENCE_HOST:
        *(int64_t *)to = read_digits(value, &number) ? number : 0;
        break;
    case FIELD_USE_AUTH_CODE:
        read_auth_code(value, to, field->size);
        break;
    case FIELD_USE_TEXT:
        copy_text(value->text, value->bytes, to, field->size);
        break;
    case FIELD_USE_RAW:
        copy_text(value->raw, value->raw_bytes, to, field->size);
        break;
    case FIELD_USE_KEEP:
    case FIELD_USE_AMOUNT:
    case FIELD_USE_CURRENCY:
    case FIELD_USE_KNOWN_CURRENCY:
    case FIELD_USE_ID:
    case FIELD_USE_ID_OR_ZERO:
    case FIELD_USE_TOKEN:
    case FIELD_USE_MTID:
    case FIELD_USE_LETTER:
    case FIELD_USE_YES_NO:
    case FIELD_USE_RESPONSE:
    case FIELD_USE_PROC:
    case FIELD_USE_COUNT:
        break;
    }
}

/* What decides. NULL when the value is good, else what was expected. */
static const char *read_strict(struct ehi *ehi, const struct field *field,
                               const struct value *value)
{
    void *to = member(ehi, field);
    switch (field->use) {
    case FIELD_USE_AMOUNT:
        return money_parse_e4(value->text, value->bytes, to)
                   ? NULL
                   : "an amount: 1 to 13 digits, a point and up to 4 more";
    case FIELD_USE_CURRENCY:
        return read_currency(value, false, to) ? NULL : "a currency of three digits";
    case FIELD_USE_KNOWN_CURRENCY:
        return read_currency(value, true, to) ? NULL : "an ISO 4217 currency of three digits";
    case FIELD_USE_ID:
        return read_id(value, false, to) ? NULL : "an id of 1 to 19 digits, not zero";
    case FIELD_USE_ID_OR_ZERO:
        return read_id(value, true, to) ? NULL : "an id of 1 to 19 digits";
    case FIELD_USE_TOKEN:
        return read_token(value, to) ? NULL : "a token of nine digits";
    case FIELD_USE_MTID:
        return read_mtid(value, to) ? NULL : "a message type of two or four digits";
    case FIELD_USE_LETTER:
        return read_letter(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", to) ? NULL : "one letter, A to Z";
    case FIELD_USE_YES_NO:
        return read_letter(value, "YN", to) ? NULL : "Y or N";
    case FIELD_USE_RESPONSE:
        return read_response(value, to) ? NULL : "two digits or capitals";
    case FIELD_USE_COUNT: {
        int64_t number;
        bool good = read_digits(value, &number);
        *(int64_t *)to = good ? number : 0;
        return good ? NULL : "a number of digits";
    }
    case FIELD_USE_PROC:
        read_proc(ehi, value);
        return NULL;
    case FIELD_USE_KEEP:
    case FIELD_USE_CHARACTER:
    case FIELD_USE_MCC:
    case FIELD_USE_PRODUCT:
    case FIELD_USE_NUMBER:
    case FIELD_USE_SEQUENCE_HOST:
    case FIELD_USE_AUTH_CODE:
    case FIELD_USE_TEXT:
    case FIELD_USE_RAW:
        break;
    }
    assert(false); /* only elements that decide come here */
    return NULL;
}

static void malformed(struct ehi *ehi, const struct field *field, const char *expected)
{
    if (ehi->message.malformed_field == NULL) {
        ehi->message.malformed_field = field->name;
        ehi->message.malformed_expected = expected;
    }
    if (field->use == FIELD_USE_TOKEN) {
        ehi->message.token_malformed = true;
        ehi->message.token = 0;
    } else if (field->number == FIELD_TXN_ID) {
        ehi->message.txn_id = 0; /* two ids are none */
    } else if (field->number == FIELD_CUT_OFF_FIRST) {
        ehi->message.cutoff_id = 0;
    }
}

/* Elements whose 0 says that there is none; a mask would make a datum of it. */
static bool is_zero_for_none(const struct field *field, const struct value *value)
{
    return field->mask == FIELD_SECRET && value->bytes == 1 && value->text[0] == '0';
}

static void keep(struct ehi *ehi, const struct field *field, const struct value *value)
{
    bool decides = field_decides(field);
    const char *text = value->raw;
    size_t bytes = value->raw_bytes;
    if (field->mask != FIELD_PLAIN) {
        if (is_zero_for_none(field, value)) {
            return;
        }
        text = "***";
        bytes = 3;
        ehi->masked++;
    } else if (decides) {
        text = value->text;
        bytes = value->bytes < EHI_DECIDING_MAX ? value->bytes : EHI_DECIDING_MAX;
    }
    uint32_t used = ehi->message.fields_bytes;
    size_t room = MESSAGE_FIELDS_MAX - used - (decides ? 0 : EHI_RESERVE);
    size_t written = used > MESSAGE_FIELDS_MAX - EHI_RESERVE && !decides
                         ? 0
                         : field_encode(field->number, text, bytes, ehi->fields + used, room);
    if (written == 0) {
        ehi->dropped++;
        return;
    }
    if (field->mask == FIELD_PLAIN && field->kind == FIELD_KIND_TEXT) {
        ehi->masked +=
            (uint32_t)field_mask_card_numbers((char *)ehi->fields + used + written - bytes, bytes);
    }
    ehi->kept_at[field->number] = (uint16_t)(used + 1);
    ehi->message.fields_bytes = used + (uint32_t)written;
}

static bool kept_value(const struct ehi *ehi, unsigned number, struct field_item *item)
{
    size_t at = ehi->kept_at[number];
    return at-- > 0 && field_decode(ehi->fields, ehi->message.fields_bytes, &at, item);
}

/* The element had a value before. The same again is fine. */
static void repeated(struct ehi *ehi, const struct field *field, const struct value *value)
{
    struct field_item before;
    if (!field_decides(field)) {
        if (field->mask == FIELD_PLAIN && field->kind != FIELD_KIND_TEXT &&
            kept_value(ehi, field->number, &before) &&
            (before.value_bytes != value->raw_bytes ||
             memcmp(before.value, value->raw, value->raw_bytes) != 0)) {
            ehi->repeated_differing++;
        }
        return;
    }
    if (!kept_value(ehi, field->number, &before) || before.value_bytes != value->bytes ||
        memcmp(before.value, value->text, value->bytes) != 0) {
        ehi->repeated_differing++;
        malformed(ehi, field, "one value, and it came with two");
    }
}

void ehi_begin(struct ehi *ehi, enum message_operation operation)
{
    memset(&ehi->message, 0, sizeof ehi->message);
    memset(ehi->kept_at, 0, sizeof ehi->kept_at);
    memset(ehi->has, 0, sizeof ehi->has);
    ehi->proc_malformed = ehi->readable = false;
    ehi->repeated_differing = ehi->dropped = ehi->masked = 0;
    ehi->message.operation = operation;
    ehi->message.proc = PROC_NONE;
    ehi->message.product = -1;
    ehi->message.fields = ehi->fields;
}

void ehi_element(struct ehi *ehi, const struct field *field, const char *raw, size_t bytes,
                 bool whole)
{
    struct value value = value_of(raw, bytes);
    if (value.bytes == 0 && (whole || !field_decides(field))) {
        return; /* absent, empty and blank are one thing */
    }
    if (ehi->has[field->number]) {
        repeated(ehi, field, &value);
        return;
    }
    ehi->has[field->number] = true;
    keep(ehi, field, &value);
    if (!field_decides(field)) {
        read_lenient(ehi, field, &value);
        return;
    }
    const char *expected = whole ? read_strict(ehi, field, &value) : "text alone, and not so long";
    if (expected != NULL) {
        malformed(ehi, field, expected);
    }
}

/* Balance enquiry, token events, account checks, PIN and card data: no money by the code. */
static bool is_without_money(uint8_t proc)
{
    return (proc >= 30 && proc <= 39) || (proc >= 70 && proc <= 72) || proc == 89 || proc == 91 ||
           proc == 92;
}

/* Whether money moves, or a decision about money is asked, by this message's own amounts. */
static bool needs_amounts(const struct ehi *ehi)
{
    const struct message *message = &ehi->message;
    bool of_authorisation = message->mtid >= 100 && message->mtid < 600;
    if (!of_authorisation && !(message->mtid == 0 && message->type == 'D')) {
        return false;
    }
    return message->type != '\0' && strchr("AMDVQJ", message->type) != NULL &&
           !is_without_money(message->proc);
}

static void require(struct ehi *ehi, unsigned number, const char *expected)
{
    if (!ehi->has[number]) {
        malformed(ehi, field_by_number(number), expected);
    }
}

/* Merch_Name is the processor's clean form; without it, the name's part of the raw one: up to two
 * blanks or a backslash, at most 25 bytes. */
static void name_from_de43(struct ehi *ehi)
{
    struct field_item item;
    if (ehi->message.merchant_name[0] != '\0' || !kept_value(ehi, FIELD_MERCH_NAME_DE43, &item)) {
        return;
    }
    size_t end = 0;
    while (end < item.value_bytes && end < 25 && item.value[end] != '\\' &&
           !(item.value[end] == ' ' && end + 1 < item.value_bytes && item.value[end + 1] == ' ')) {
        end++;
    }
    struct value name = value_of(item.value, end);
    copy_text(name.text, name.bytes, ehi->message.merchant_name, sizeof ehi->message.merchant_name);
}

static void country_from_txn(struct ehi *ehi)
{
    struct field_item item;
    if (ehi->message.merchant_country[0] == '\0' && kept_value(ehi, FIELD_TXN_CTRY, &item)) {
        struct value country = value_of(item.value, item.value_bytes);
        copy_text(country.text, country.bytes, ehi->message.merchant_country,
                  sizeof ehi->message.merchant_country);
    }
}

static void transaction_end(struct ehi *ehi)
{
    struct message *message = &ehi->message;
    bool moves = needs_amounts(ehi);
    require(ehi, FIELD_TOKEN, "a token of nine digits");
    if (ehi->proc_malformed && moves) {
        malformed(ehi, field_by_number(FIELD_PROC_CODE), "six digits");
    }
    if (moves) {
        require(ehi, FIELD_BILL_AMT, "an amount");
        if (message->type == 'A' || message->type == 'M') {
            require(ehi, FIELD_PROC_CODE, "six digits");
        }
        if (message->bill_e4 != 0) {
            require(ehi, FIELD_BILL_CCY, "an ISO 4217 currency of three digits");
        }
        if (message->txn_e4 != 0) {
            require(ehi, FIELD_TXN_CCY, "a currency of three digits");
        }
    }
    /* The processor's own sequence starts at 1: its 0 is "none" (and the host's is 0 before the
     * first answer). */
    message->has_balance_sequences =
        message->balance_sequence > 0 && ehi->has[FIELD_BALANCE_SEQUENCE_EXTHOST];
    field_mask_card_numbers(message->merchant_name, strlen(message->merchant_name));
    field_mask_card_numbers(message->note, strlen(message->note));
    name_from_de43(ehi);
    country_from_txn(ehi);
    ehi->readable = message->txn_id != 0;
}

void ehi_end(struct ehi *ehi)
{
    if (ehi->message.operation == MESSAGE_CUT_OFF) {
        ehi->readable = ehi->message.cutoff_id != 0;
    } else {
        transaction_end(ehi);
    }
    assert(ehi->message.fields_bytes <= MESSAGE_FIELDS_MAX);
}
