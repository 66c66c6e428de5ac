#include "traffic.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/money.h"

void traffic_init(struct traffic *traffic)
{
    *traffic = (struct traffic){0};
}

void traffic_finish(struct traffic *traffic)
{
    for (size_t i = 0; i < traffic->count; i++) {
        free(traffic->messages[i].body);
    }
    free(traffic->messages);
    free(traffic->cards);
    *traffic = (struct traffic){0};
}

/* Room for one more. */
static void *grown(void *list, size_t count, size_t *room, size_t size)
{
    if (count < *room) {
        return list;
    }
    *room = *room ? 2 * *room : 64;
    list = reallocarray(list, *room, size);
    assert(list);
    return list;
}

void traffic_add(struct traffic *traffic, const struct traffic_message *message)
{
    traffic->messages =
        grown(traffic->messages, traffic->count, &traffic->room, sizeof *traffic->messages);
    struct traffic_message *added = &traffic->messages[traffic->count++];
    *added = *message;
    added->body = malloc(message->body_bytes + 1);
    assert(added->body);
    memcpy(added->body, message->body, message->body_bytes);
    added->body[message->body_bytes] = '\0';
}

void traffic_add_card(struct traffic *traffic, const struct traffic_card *card)
{
    traffic->cards =
        grown(traffic->cards, traffic->card_count, &traffic->card_room, sizeof *traffic->cards);
    traffic->cards[traffic->card_count++] = *card;
}

/* --- reading --- */

static int64_t number_of(const json_t *object, const char *name, int64_t otherwise)
{
    const json_t *value = json_object_get(object, name);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

static void copy_text(const json_t *object, const char *name, char *text, size_t bytes)
{
    const char *value = json_string_value(json_object_get(object, name));
    snprintf(text, bytes, "%s", value ? value : "");
}

static void read_reply(const json_t *object, struct traffic_reply *reply)
{
    copy_text(object, "response", reply->response, sizeof reply->response);
    reply->ack = (int)number_of(object, "ack", -1);
    reply->has_approved = json_object_get(object, "approved") != NULL;
    reply->approved_minor = number_of(object, "approved", 0);
    reply->has_balances = json_object_get(object, "available") != NULL;
    reply->current_minor = number_of(object, "current", 0);
    reply->available_minor = number_of(object, "available", 0);
}

static uint16_t currency_of(const json_t *object)
{
    const char *code = json_string_value(json_object_get(object, "currency"));
    return code ? money_currency(code) : 0;
}

static bool read_header(struct traffic *traffic, const json_t *line, struct error *error)
{
    const json_t *cards = json_object_get(line, "cards");
    traffic->seed = (uint64_t)number_of(line, "seed", 0);
    for (size_t i = 0; i < json_array_size(cards); i++) {
        const json_t *object = json_array_get(cards, i);
        struct traffic_card card = {.token = (int32_t)number_of(object, "token", 0),
                                    .currency = currency_of(object),
                                    .load_minor = number_of(object, "load_minor", 0)};
        if (card.token <= 0 || card.currency == 0 || card.load_minor < 0) {
            return error_set(error, ERROR_INVALID, "line 1",
                             "card %zu: expected a token, a currency and load_minor", i + 1);
        }
        traffic_add_card(traffic, &card);
    }
    return true;
}

static bool read_message(struct traffic *traffic, const json_t *line, size_t number,
                         struct error *error)
{
    struct traffic_message message = {0};
    const json_t *body = json_object_get(line, "body");
    const json_t *about = json_object_get(line, "about");
    char field[32];
    snprintf(field, sizeof field, "line %zu", number);
    if (!json_is_string(body) || !json_is_integer(json_object_get(line, "at_us"))) {
        return error_set(error, ERROR_INVALID, field, "expected at_us and body");
    }
    if (traffic->count >= TRAFFIC_MESSAGES_MAX) {
        return error_set(error, ERROR_LIMIT, field, "at most %d messages", TRAFFIC_MESSAGES_MAX);
    }
    message.at_us = number_of(line, "at_us", 0);
    message.body_bytes = json_string_length(body);
    message.body = (char *)(uintptr_t)json_string_value(body); /* traffic_add copies it */
    message.token = (int32_t)number_of(about, "token", 0);
    message.currency = currency_of(about);
    copy_text(line, "soapaction", message.soapaction, sizeof message.soapaction);
    copy_text(about, "kind", message.kind, sizeof message.kind);
    copy_text(about, "story", message.story, sizeof message.story);
    read_reply(json_object_get(line, "reply"), &message.reply);
    traffic_add(traffic, &message);
    return true;
}

static bool read_line(struct traffic *traffic, const char *text, size_t number, struct error *error)
{
    json_error_t problem;
    char field[32];
    json_t *line = json_loads(text, 0, &problem);
    if (!json_is_object(line)) {
        json_decref(line);
        snprintf(field, sizeof field, "line %zu", number);
        return error_set(error, ERROR_INVALID, field, "expected a JSON object: %s", problem.text);
    }
    bool is_header = number == 1 && json_object_get(line, "cards") != NULL;
    bool read =
        is_header ? read_header(traffic, line, error) : read_message(traffic, line, number, error);
    json_decref(line);
    return read;
}

bool traffic_read(struct traffic *traffic, const char *path, struct error *error)
{
    gzFile file = gzopen(path, "rb"); /* reads plain files too */
    if (!file) {
        return error_set_errno(error, ERROR_NOT_FOUND, "traffic", "cannot read %.180s", path);
    }
    char *text = malloc(TRAFFIC_LINE_BYTES);
    assert(text);
    bool good = true;
    for (size_t number = 1; good && gzgets(file, text, TRAFFIC_LINE_BYTES); number++) {
        size_t bytes = strlen(text);
        if (bytes > 1) {
            good = read_line(traffic, text, number, error);
        }
    }
    int status = Z_OK;
    const char *problem = gzerror(file, &status);
    if (good && status != Z_OK && status != Z_STREAM_END) {
        good = error_set(error, ERROR_INVALID, "traffic", "%.150s: %s", path, problem);
    }
    free(text);
    gzclose(file);
    return good;
}

/* --- writing --- */

static json_t *json_of_reply(const struct traffic_reply *reply)
{
    json_t *object = json_object();
    if (reply->response[0] != '\0') {
        json_object_set_new(object, "response", json_string(reply->response));
    }
    if (reply->ack >= 0) {
        json_object_set_new(object, "ack", json_integer(reply->ack));
    }
    if (reply->has_approved) {
        json_object_set_new(object, "approved", json_integer(reply->approved_minor));
    }
    if (reply->has_balances) {
        json_object_set_new(object, "current", json_integer(reply->current_minor));
        json_object_set_new(object, "available", json_integer(reply->available_minor));
    }
    return object;
}

static json_t *json_of_message(const struct traffic_message *message)
{
    json_t *object = json_object(), *about = json_object();
    json_object_set_new(about, "kind", json_string(message->kind));
    json_object_set_new(about, "story", json_string(message->story));
    json_object_set_new(about, "token", json_integer(message->token));
    if (message->currency) {
        json_object_set_new(about, "currency", json_string(money_alpha(message->currency)));
    }
    json_object_set_new(object, "at_us", json_integer(message->at_us));
    json_object_set_new(object, "soapaction", json_string(message->soapaction));
    json_object_set_new(object, "body", json_stringn(message->body, message->body_bytes));
    json_object_set_new(object, "reply", json_of_reply(&message->reply));
    json_object_set_new(object, "about", about);
    return object;
}

static json_t *json_of_header(const struct traffic *traffic)
{
    json_t *object = json_object(), *cards = json_array();
    for (size_t i = 0; i < traffic->card_count; i++) {
        const struct traffic_card *card = &traffic->cards[i];
        json_t *entry = json_object();
        json_object_set_new(entry, "token", json_integer(card->token));
        json_object_set_new(entry, "currency", json_string(money_alpha(card->currency)));
        json_object_set_new(entry, "load_minor", json_integer(card->load_minor));
        json_array_append_new(cards, entry);
    }
    json_object_set_new(object, "traffic", json_integer(1));
    json_object_set_new(object, "seed", json_integer((json_int_t)traffic->seed));
    json_object_set_new(object, "cards", cards);
    return object;
}

/* Takes the object over. */
static bool write_object(gzFile file, json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    bool written = text && gzputs(file, text) > 0 && gzputc(file, '\n') == '\n';
    free(text);
    return written;
}

bool traffic_write(const struct traffic *traffic, const char *path, struct error *error)
{
    size_t bytes = strlen(path);
    bool compressed = bytes > 3 && strcmp(path + bytes - 3, ".gz") == 0;
    const char *mode = compressed ? "wb9" : "wbT";
    gzFile file = strcmp(path, "-") == 0 ? gzdopen(1, mode) : gzopen(path, mode);
    if (!file) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "traffic", "cannot write %.180s", path);
    }
    bool written = write_object(file, json_of_header(traffic));
    for (size_t i = 0; written && i < traffic->count; i++) {
        written = write_object(file, json_of_message(&traffic->messages[i]));
    }
    if (gzclose(file) != Z_OK || !written) {
        return error_set(error, ERROR_UNAVAILABLE, "traffic", "cannot write %.180s", path);
    }
    return true;
}
