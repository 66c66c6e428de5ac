#include "ledger/event_json.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/money.h"

enum { TEXT_BYTES = 192 };

static void add_text(struct json *json, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        json_text(json, name, text);
    }
}

static void add_currency(struct json *json, uint16_t currency)
{
    char number[8];
    const char *alpha = money_alpha(currency);
    snprintf(number, sizeof(number), "%03u", (unsigned)currency % 1000);
    json_text(json, "currency", alpha != NULL ? alpha : number);
}

static void add_id(struct json *json, const char *name, uint64_t id)
{
    char text[24];
    if (id != 0) {
        snprintf(text, sizeof(text), "%" PRIu64, id);
        json_text(json, name, text);
    }
}

/* Nine digits, leading zeros included: how the processor writes it. */
static void add_token(struct json *json, int32_t token)
{
    char text[16];
    snprintf(text, sizeof(text), "%09" PRId32, token);
    json_text(json, "token", text);
}

static void add_merchant(struct json *json, const struct batch_message *message)
{
    char mcc[8];
    json_object_begin(json, "merchant");
    add_text(json, "name", message->merchant_name);
    add_text(json, "country", message->merchant_country);
    if (message->mcc != 0) {
        snprintf(mcc, sizeof(mcc), "%04u", (unsigned)message->mcc % 10000);
        json_text(json, "mcc", mcc);
    }
    json_object_end(json);
}

static const char *decision_of(const struct batch_message *message)
{
    if (!message->is_decision) {
        return "noted";
    }
    return message->approved ? "approved" : "declined";
}

static void add_data(struct json *json, const struct batch_event *event)
{
    const struct batch_message *message = event->message;
    json_object_begin(json, "data");
    add_id(json, "txn_id", message->txn_id);
    add_token(json, message->token);
    add_id(json, "account", (uint64_t)event->account);
    add_id(json, "payment", message->payment);
    add_text(json, "kind", message->kind);
    json_number_text(json, "amount", message->amount_minor);
    if (message->approved_minor != 0) {
        json_number_text(json, "approved_amount", message->approved_minor);
    }
    add_currency(json, event->currency);
    json_text(json, "decision", decision_of(message));
    add_text(json, "response", message->response);
    add_text(json, "reason", message->reason);
    add_text(json, "scheme", message->scheme);
    json_number_text(json, "posted", event->posted);
    json_number_text(json, "held", event->held);
    json_number_text(json, "available", event->available);
    add_merchant(json, message);
    add_text(json, "actor", message->actor);
    add_text(json, "request", message->request_id);
    json_object_end(json);
}

bool event_json_render(const struct batch_event *event, const char *source, char *buffer,
                       size_t bytes)
{
    struct json json;
    char text[TEXT_BYTES], time[CLOCK_TEXT_BYTES];

    json_init(&json, buffer, bytes);
    json_object_begin(&json, NULL);
    json_text(&json, "specversion", "1.0");
    snprintf(text, sizeof(text), "%" PRId64 "-%" PRId64, event->account, event->event_version);
    json_text(&json, "id", text);
    snprintf(text, sizeof(text), "/holdfast/%s", source);
    json_text(&json, "source", text);
    snprintf(text, sizeof(text), "io.holdfast.%s", event->type);
    json_text(&json, "type", text);
    snprintf(text, sizeof(text), "account/%" PRId64, event->account);
    json_text(&json, "subject", text);
    json_text(&json, "time", clock_format_utc(event->at_us, time));
    json_text(&json, "datacontenttype", "application/json");
    snprintf(text, sizeof(text), "%020" PRId64, event->event_version);
    json_text(&json, "sequence", text);
    snprintf(text, sizeof(text), "%" PRId64, event->account);
    json_text(&json, "partitionkey", text);
    add_text(&json, "traceparent", event->message->traceparent);
    add_data(&json, event);
    json_object_end(&json);
    return !json.overflow;
}
