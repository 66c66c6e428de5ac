/* Any bytes as the body of a request: the first byte says in pieces of which size they come. The
 * verdict may not depend on that, the kept fields must decode, and a message is always within its
 * bounds. */
#include "target.h"

#include <stdlib.h>
#include <string.h>

#include "soap/parse.h"

static void check(bool condition)
{
    if (!condition) {
        abort();
    }
}

static struct parse_result read_in_pieces(struct parse *parse, const char *bytes, size_t count,
                                          size_t step)
{
    parse_begin(parse);
    for (size_t at = 0; at < count; at += step) {
        parse_feed(parse, bytes + at, count - at < step ? count - at : step);
    }
    return parse_end(parse);
}

static void check_message(const struct ehi *ehi)
{
    const struct message *message = &ehi->message;
    struct field_item item;
    size_t at = 0;
    check(message->fields_bytes <= MESSAGE_FIELDS_MAX);
    while (field_decode(message->fields, message->fields_bytes, &at, &item)) {
        check(item.field != NULL);
        check(item.field->mask == FIELD_PLAIN ||
              (item.value_bytes == 3 && memcmp(item.value, "***", 3) == 0));
    }
    check(at == message->fields_bytes);
    check(message->token >= 0 && message->token <= 999999999);
    check(strlen(message->merchant_name) < sizeof message->merchant_name);
    check(strlen(message->trace) < sizeof message->trace);
    check((message->malformed_field == NULL) == (message->malformed_expected == NULL));
    check(!ehi->readable || message->txn_id != 0 || message->cutoff_id != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static struct parse *parsers[2];
    struct error error;
    if (parsers[0] == NULL) {
        parse_start();
        check(parse_create(&parsers[0], &error) && parse_create(&parsers[1], &error));
    }
    size_t step = count > 0 ? (size_t)bytes[0] % 64 + 1 : 1;
    const char *text = (const char *)bytes;
    struct parse_result whole = read_in_pieces(parsers[0], text, count, count + 1);
    struct parse_result pieces = read_in_pieces(parsers[1], text, count, step);
    check(whole.verdict == pieces.verdict);
    if (whole.verdict == PARSE_MESSAGE) {
        const struct ehi *a = parse_ehi(parsers[0]);
        const struct ehi *b = parse_ehi(parsers[1]);
        check_message(a);
        check(a->message.fields_bytes == b->message.fields_bytes);
        check(memcmp(a->fields, b->fields, a->message.fields_bytes) == 0);
        check(a->message.txn_id == b->message.txn_id && a->message.bill_e4 == b->message.bill_e4);
    }
    return 0;
}
