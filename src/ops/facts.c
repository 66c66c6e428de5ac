#include "ops/facts.h"

#include <stdio.h>

#include "authz/classify.h"
#include "authz/codes.h"
#include "authz/statement.h"
#include "base/clock.h"
#include "base/money.h"
#include "ops/names.h"
#include "soap/field.h"

static void add_text(json_t *facts, const char *name, const char *text)
{
    if (text[0] != '\0') {
        json_object_set_new(facts, name, json_string(text));
    }
}

static void add_letter(json_t *facts, const char *name, char letter)
{
    const char text[] = {letter, '\0'};
    add_text(facts, name, text);
}

/* Ids are texts: they exceed what some readers of JSON can count. */
static void add_id(json_t *facts, const char *name, uint64_t id)
{
    if (id != 0) {
        json_object_set_new(facts, name, json_sprintf("%llu", (unsigned long long)id));
    }
}

static void add_number(json_t *facts, const char *name, int64_t number)
{
    if (number != 0) {
        json_object_set_new(facts, name, json_integer(number));
    }
}

static void add_currency(json_t *facts, const char *name, uint16_t currency)
{
    const char *alpha = money_alpha(currency);
    if (currency != 0) {
        json_object_set_new(facts, name,
                            alpha != NULL ? json_string(alpha) : json_sprintf("%03d", currency));
    }
}

/* What the processor said. Amounts of the wire are in 10^-4 of the major unit. */
static void add_said(json_t *facts, const struct statement *statement)
{
    char proc[4];

    json_object_set_new(facts, "row", json_string(message_row_name(statement->row)));
    json_object_set_new(facts, "role", json_string(message_role_name(statement->role)));
    add_id(facts, "matching_txn_id", statement->matching_txn_id);
    json_object_set_new(facts, "mtid", json_sprintf("%04d", statement->mtid));
    add_letter(facts, "type", statement->type);
    add_letter(facts, "authorised_by", statement->authorised_by);
    add_letter(facts, "stat", statement->stat);
    add_letter(facts, "auth_type", statement->auth_type);
    add_text(facts, "response", statement->response);
    if (statement->proc != PROC_NONE) {
        snprintf(proc, sizeof proc, "%02d", statement->proc);
        add_text(facts, "processing", proc);
    }
    add_number(facts, "attempt", statement->attempt);
    add_number(facts, "bill_e4", statement->bill_e4);
    add_currency(facts, "bill_currency", statement->bill_currency);
    add_number(facts, "txn_e4", statement->txn_e4);
    add_currency(facts, "txn_currency", statement->txn_currency);
    add_number(facts, "fee_fixed_e4", statement->fee_fixed_e4);
    add_number(facts, "fee_rate_e4", statement->fee_rate_e4);
    add_number(facts, "fx_pad_e4", statement->fx_pad_e4);
    add_number(facts, "mcc_pad_e4", statement->mcc_pad_e4);
    json_object_set_new(facts, "recurring", json_boolean(statement->recurring));
    json_object_set_new(facts, "incremental_hint", json_boolean(statement->incremental_hint));
}

/* What was known when it was decided, and the answer. */
static void add_known(json_t *facts, const struct statement *statement)
{
    char at[CLOCK_TEXT_BYTES];

    if (statement->decided_at_us != 0) {
        json_object_set_new(facts, "decided_at",
                            json_string(clock_format_utc(statement->decided_at_us, at)));
    }
    if (statement->account_status != 0) {
        json_object_set_new(facts, "card_status",
                            json_string(names_card_status(statement->card_status)));
        json_object_set_new(facts, "account_status",
                            json_string(names_account_status(statement->account_status)));
        json_object_set_new(facts, "posted", json_integer(statement->posted_minor));
        json_object_set_new(facts, "held", json_integer(statement->held_minor));
        json_object_set_new(facts, "overdraft", json_integer(statement->overdraft_minor));
        json_object_set_new(facts, "available",
                            json_integer(statement->posted_minor - statement->held_minor +
                                         statement->overdraft_minor));
    }
    json_object_set_new(facts, "approved", json_boolean(statement->approved));
    add_text(facts, "answer", statement->answer);
    json_object_set_new(facts, "reason", json_string(reason_name((enum reason)statement->reason)));
    add_number(facts, "approved_minor", statement->approved_minor);
    add_id(facts, "repeat_of", statement->repeat_of);
}

json_t *facts_of_statement(const uint8_t *bytes, size_t count)
{
    struct statement statement;

    if (!statement_decode(bytes, count, &statement)) {
        return json_null();
    }
    json_t *facts = json_object();
    add_said(facts, &statement);
    add_known(facts, &statement);
    return facts;
}

json_t *facts_of_elements(const uint8_t *bytes, size_t count)
{
    json_t *elements = json_object();
    struct field_item item;
    size_t at = 0;

    while (field_decode(bytes, count, &at, &item)) {
        char name[FIELD_NAME_MAX + 1];
        if (item.field != NULL) {
            snprintf(name, sizeof name, "%s", item.field->name);
        } else { /* of a newer version */
            snprintf(name, sizeof name, "element_%u", item.number);
        }
        json_t *value = json_stringn(item.value, item.value_bytes);
        json_object_set_new(elements, name, value != NULL ? value : json_string("(not UTF-8)"));
    }
    return elements;
}
