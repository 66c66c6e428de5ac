#include "soap/reply.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"

#define HEAD                                                                                       \
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>"                                                   \
    "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>"
#define TAIL "</soap:Body></soap:Envelope>"

enum { AMOUNT_BYTES = 32 };

struct text {
    char *buffer;
    size_t used;
};

static PRINTF_LIKE(2, 3) void add(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(text->buffer + text->used, REPLY_BYTES - text->used, format, arguments);
    va_end(arguments);
    assert(count >= 0);
    text->used += (size_t)count;
    assert(text->used < REPLY_BYTES); /* every part is bounded */
}

/* "12.34", "1200.00", "1.234": the currency's digits, at least two places. */
static const char *amount(int64_t minor, uint16_t currency, char buffer[AMOUNT_BYTES])
{
    static const uint64_t powers[] = {1, 10, 100, 1000, 10000};
    int exponent = currency == 0 ? 2 : money_exponent(currency);
    if (exponent < 0) {
        exponent = 2; /* an unknown currency has no account, and so no amounts */
    }
    uint64_t magnitude = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
    uint64_t whole = magnitude / powers[exponent];
    uint64_t rest = magnitude % powers[exponent];
    int digits = exponent;
    for (; digits < 2; digits++) {
        rest *= 10;
    }
    snprintf(buffer, AMOUNT_BYTES, "%s%" PRIu64 ".%0*" PRIu64, minor < 0 ? "-" : "", whole, digits,
             rest);
    return buffer;
}

/* Digits and capitals only, whatever was put there. */
static void add_response(struct text *text, const struct reply *reply)
{
    assert(strlen(reply->response) == 2);
    assert(strspn(reply->response, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2);
    add(text, "<Responsestatus>%s</Responsestatus>", reply->response);
}

static void add_balances(struct text *text, const struct reply *reply)
{
    char posted[AMOUNT_BYTES];
    char available[AMOUNT_BYTES];
    add(text, "<CurBalance>%s</CurBalance><AvlBalance>%s</AvlBalance>",
        amount(reply->has_balances ? reply->posted_minor : 0, reply->currency, posted),
        amount(reply->has_balances ? reply->available_minor : 0, reply->currency, available));
}

static void add_rest(struct text *text, const struct reply *reply)
{
    char approved[AMOUNT_BYTES];
    char zero[AMOUNT_BYTES];
    amount(0, reply->currency, zero);
    add(text,
        "<LoadAmount>%s</LoadAmount><Bill_Amt_Approved>%s</Bill_Amt_Approved>"
        "<Update_Balance>0</Update_Balance>"
        "<New_Balance_Sequence_Exthost>0</New_Balance_Sequence_Exthost>"
        "<CurBalance_GPS_STIP>%s</CurBalance_GPS_STIP><AvlBalance_GPS_STIP>%s</"
        "AvlBalance_GPS_STIP>",
        zero, amount(reply->approved_minor, reply->currency, approved), zero, zero);
}

static void add_transaction(struct text *text, const struct reply_form *form,
                            const struct reply *reply)
{
    int acknowledged = reply->acknowledged;
    if (form->shape_message) {
        add(text,
            "<tns:GetTransactionResponse xmlns:tns=\"%s\"><ResponseMsg>"
            "<Acknowledgement>%d</Acknowledgement>",
            form->namespace, acknowledged);
        add_response(text, reply);
        add_balances(text, reply);
        add_rest(text, reply);
        add(text, "</ResponseMsg></tns:GetTransactionResponse>");
        return;
    }
    add(text, "<GetTransactionResponse xmlns=\"%s\"><GetTransactionResult>", form->namespace);
    add_response(text, reply);
    add_balances(text, reply);
    add(text, "<Acknowledgement>%d</Acknowledgement>", acknowledged);
    add_rest(text, reply);
    add(text, "</GetTransactionResult></GetTransactionResponse>");
}

size_t reply_render(const struct reply_form *form, const struct reply *reply,
                    char buffer[REPLY_BYTES])
{
    struct text text = {.buffer = buffer};
    assert(strlen(form->namespace) <= REPLY_NAMESPACE_MAX);
    add(&text, "%s", HEAD);
    if (reply->cut_off) {
        add(&text,
            "<Cut_OffResponse xmlns=\"%s\"><Cut_OffResult>%d</Cut_OffResult></Cut_OffResponse>",
            form->namespace, reply->acknowledged);
    } else {
        add_transaction(&text, form, reply);
    }
    add(&text, "%s", TAIL);
    return text.used;
}

size_t reply_render_fault(enum parse_fault fault, const char *sentence, char buffer[REPLY_BYTES])
{
    static const char *const codes[] = {"Client", "Server", "VersionMismatch", "MustUnderstand"};
    struct text text = {.buffer = buffer};
    assert(strpbrk(sentence, "<>&") == NULL); /* our own words */
    add(&text,
        "%s<soap:Fault><faultcode>soap:%s</faultcode><faultstring>%s</faultstring></soap:Fault>%s",
        HEAD, codes[fault], sentence, TAIL);
    return text.used;
}
