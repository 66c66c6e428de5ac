/* Any sequence of messages for one account: the decisions never approve beyond what is available,
 * never release what is not held, book exactly what the sets say, and answer a repeat as before.
 * The book checks all that after each message. */
#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/authz/book.h"
#include "base/money.h"

enum { MESSAGES_MAX = 48 };

struct input {
    const uint8_t *bytes;
    size_t left;
};

static uint8_t take(struct input *input)
{
    if (input->left == 0) {
        return 0;
    }
    input->left--;
    return *input->bytes++;
}

/* Small amounts mostly, and now and then the largest there are. */
static int64_t take_amount(struct input *input)
{
    uint8_t size = take(input);

    if (size == 255) {
        return MONEY_E4_MAX;
    }
    return size >= 250 ? (int64_t)take(input) : ((int64_t)size << (take(input) % 32));
}

static char take_of(struct input *input, const char *list)
{
    return list[take(input) % strlen(list)];
}

static void take_text(struct input *input, const char *prefix, char *text, size_t bytes)
{
    uint8_t which = take(input) % 8;

    if (which < 4) {
        snprintf(text, bytes, "%s%u", prefix, (unsigned)which);
    }
}

static struct message take_message(struct input *input)
{
    static const uint16_t mtids[] = {100, 100, 100, 101, 120, 400, 420, 0, 200, 220, 1240, 5, 620};
    static const uint8_t procs[] = {0, 0, 0, 0, 1, 9, 20, 26, 30, 33, 34, 39, 55, PROC_NONE};
    static const uint16_t currencies[] = {GBP, GBP, GBP, EUR, JPY, 0, 990};
    struct message message = {
        .txn_id = 1 + take(input) % 12,
        .token = BOOK_TOKEN,
        .mtid = mtids[take(input) % (sizeof mtids / sizeof mtids[0])],
        .type = take_of(input, "AAAAADDDJJMQVPEX"),
        .authorised_by = take_of(input, "NNY"),
        .stat = take_of(input, "AAAIVC"),
        .proc = procs[take(input) % sizeof procs],
        .auth_type = take_of(input, "0000PVF"),
        .bill_currency = currencies[take(input) % (sizeof currencies / sizeof currencies[0])],
        .txn_currency = currencies[take(input) % (sizeof currencies / sizeof currencies[0])],
        .product = -1,
        .matching_txn_id = take(input) % 24,
    };
    uint8_t flags = take(input);

    message.bill_e4 = message.type == 'A' ? -take_amount(input) : take_amount(input);
    message.txn_e4 = (flags & 1) != 0      ? take_amount(input)
                     : message.bill_e4 < 0 ? -message.bill_e4
                                           : message.bill_e4;
    message.fee_fixed_e4 = (flags & 2) != 0 ? take_amount(input) : 0;
    message.mcc_pad_e4 = (flags & 4) != 0 ? take_amount(input) : 0;
    message.pos_capability[0] = (flags & 8) != 0 ? '1' : '0';
    memcpy(message.response, (flags & 16) != 0 ? "10" : (flags & 32) != 0 ? "51" : "00", 3);
    message.mcc = (flags & 64) != 0 ? 5542 : 5411;
    message.malformed_field = flags == 255 ? "Bill_Amt" : NULL;
    take_text(input, "BNET-", message.trace, sizeof message.trace);
    take_text(input, "link", message.link, sizeof message.link);
    take_text(input, "R", message.retrieval_ref, sizeof message.retrieval_ref);
    take_text(input, "1125", message.sent_at_de07, sizeof message.sent_at_de07);
    memcpy(message.note, "fee", 4);
    return message;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct input input = {bytes, count};
    struct book *book = book_create(GBP, (int64_t)take(&input) * 100, take(&input) % 5);

    book->account.overdraft_minor = take(&input) % 2 * 1000;
    for (int i = 0; i < MESSAGES_MAX && input.left > 0; i++) {
        struct message message = take_message(&input);
        book->too_late = take(&input) == 77;
        const struct decision *got = book_send(book, &message);
        if (got->disposition == DISPOSE_STORE && got->statement.role == ROLE_REQUEST &&
            got->statement.approved && take(&input) == 99) {
            book_void(book, message.txn_id);
        }
    }
    book_destroy(book);
    return 0;
}
