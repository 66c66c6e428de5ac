#include "answer.h"

#include <string.h>

#include "base/money.h"

/* The text between <name> and the next "<"; *bytes is its length. NULL: no such element with a
 * value. */
static const char *value_of(const char *body, size_t body_bytes, const char *name, size_t *bytes)
{
    size_t name_bytes = strlen(name);
    const char *end = body + body_bytes;
    const char *at = body;
    while ((at = memmem(at, (size_t)(end - at), name, name_bytes)) != NULL) {
        const char *value = at + name_bytes;
        if (at > body && at[-1] == '<' && value < end && *value == '>') {
            value++;
            const char *stop = memchr(value, '<', (size_t)(end - value));
            *bytes = stop ? (size_t)(stop - value) : 0;
            return stop ? value : NULL;
        }
        at = value;
    }
    return NULL;
}

static int64_t amount_of(const char *body, size_t body_bytes, const char *name)
{
    size_t bytes;
    int64_t amount_e4 = 0;
    const char *value = value_of(body, body_bytes, name, &bytes);
    return value && money_parse_e4(value, bytes, &amount_e4) ? amount_e4 : 0;
}

bool answer_parse(const char *body, size_t bytes, struct answer *answer)
{
    size_t value_bytes;
    *answer = (struct answer){.ack = -1};
    if (!memmem(body, bytes, "GetTransactionResponse", 22)) {
        return false;
    }
    const char *value = value_of(body, bytes, "Responsestatus", &value_bytes);
    if (value && value_bytes == 2) {
        memcpy(answer->response, value, 2);
    }
    value = value_of(body, bytes, "Acknowledgement", &value_bytes);
    if (!value || value_bytes != 1 || (*value != '0' && *value != '1')) {
        return false;
    }
    answer->ack = *value - '0';
    answer->current_e4 = amount_of(body, bytes, "CurBalance");
    answer->available_e4 = amount_of(body, bytes, "AvlBalance");
    answer->approved_e4 = amount_of(body, bytes, "Bill_Amt_Approved");
    return true;
}
