/* Plants a few payments through the ledger's own batch, as a lane would, for the command line to
 * show:
 *
 *     plant CONNINFO TOKEN          (as the writer; the card's account needs GBP 10.00)
 *
 *     700000000001  approved, GBP 2.00 held, then 0.50 of it reversed by 700000000004
 *     700000000002  declined, insufficient funds
 *     700000000003  approved but never told: taken back
 *     700000000005  a reversal that waits for its original, in the inbox
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "authz/codes.h"
#include "authz/decide.h"
#include "base/clock.h"
#include "ledger/ledger.h"
#include "soap/field.h"

enum { WAIT_US = 5000000, GBP = 826, FIELDS_BYTES = 512 };

struct planter {
    struct ledger *ledger;
    struct batch *batch;
    struct batch_account *account;
    int32_t token;
    uint8_t facts[STATEMENT_BYTES], fields[FIELDS_BYTES];
};

static void must(bool done, const struct error *error, const char *what)
{
    if (!done) {
        fprintf(stderr, "plant: %s: %s %s\n", what, error->field, error->message);
        exit(1);
    }
}

static size_t elements(struct planter *planter, uint64_t txn_id)
{
    const struct field *id = field_find(MESSAGE_TRANSACTION, "TXn_ID", 6);
    char text[24];
    const int bytes = snprintf(text, sizeof text, "%llu", (unsigned long long)txn_id);
    size_t used = field_encode(id->number, text, (size_t)bytes, planter->fields, FIELDS_BYTES);
    return used + field_encode(FIELD_MERCH_NAME_DE43, "CAF\xC3\x89 NERO   LONDON  GB", 23,
                               planter->fields + used, FIELDS_BYTES - used);
}

/* One message, stored with the answer `response`. */
static void say(struct planter *planter, uint64_t txn_id, uint64_t payment, enum message_role role,
                enum message_row row, enum reason reason, const char *response, int64_t amount)
{
    const bool approved = reason == REASON_APPROVED;
    struct statement statement = {
        .txn_id = txn_id,
        .role = role,
        .row = row,
        .scheme = SCHEME_MASTERCARD,
        .token = planter->token,
        .mtid = 100,
        .type = 'A',
        .bill_e4 = -amount * 100,
        .bill_currency = GBP,
        .txn_e4 = amount * 100,
        .txn_currency = GBP,
        .approved = approved,
        .reason = (uint8_t)reason,
        .decided_at_us = batch_at_us(planter->batch),
        .posted_minor = planter->account->posted,
        .held_minor = planter->account->held,
        .card_status = CARD_ACTIVE,
        .account_status = ACCOUNT_ACTIVE,
    };
    memcpy(statement.answer, response, 3);
    struct batch_message message = {
        .txn_id = txn_id,
        .role = (int)role,
        .row = (int)row,
        .account = planter->account->id,
        .token = planter->token,
        .payment = payment,
        .kind = message_row_kind(row),
        .reason = reason_name(reason),
        .rule = "planted",
        .scheme = "mastercard",
        .is_decision = role == ROLE_REQUEST,
        .approved = approved,
        .acknowledged = true,
        .currency = GBP,
        .amount_minor = amount,
        .posted_minor = planter->account->posted,
        .available_minor = batch_available(planter->account),
        .match_score = -1,
        .match_rule = "",
        .repair = role == ROLE_OUTCOME ? "R1" : NULL,
        .request_id = "0af7651916cd43dd8448eb211c80319c",
        .traceparent = "",
        .facts = planter->facts,
        .facts_bytes = statement_encode(&statement, planter->facts),
        .fields = planter->fields,
        .fields_bytes = elements(planter, txn_id),
        .merchant_name = "Caf\xC3\xA9 Nero",
        .merchant_country = "GB",
        .mcc = 5814,
        .actor = "host",
    };
    memcpy(message.response, response, 3);
    const struct batch_key key = {.txn_id = txn_id, .token = planter->token};
    const struct error none = {.message = "the batch is full"};

    must(batch_begin_journal(planter->batch, &message), &none, "journal");
    if (payment != 0) {
        must(batch_add_entry(planter->batch, planter->account, payment, &key, (int)role,
                             planter->facts, message.facts_bytes),
             &none, "entry");
    }
}

static void hold(struct planter *planter, uint64_t payment, uint64_t txn_id, int64_t delta,
                 int code, const char *event)
{
    const struct error none = {.message = "the batch is full"};
    must(batch_change_hold(planter->batch, planter->account, payment, txn_id, planter->token, delta,
                           0, code, 0),
         &none, "hold");
    must(batch_add_event(planter->batch, planter->account, event), &none, "event");
}

/* Each message in a batch of its own: facts are borrowed until the commit. */
static void begin(struct planter *planter, uint64_t txn_id, uint64_t matching_txn_id)
{
    const struct batch_key key = {
        .txn_id = txn_id, .matching_txn_id = matching_txn_id, .token = planter->token};
    struct error error = {.message = "no such card"};

    batch_reset(planter->batch);
    must(batch_add_key(planter->batch, &key), &error, "key");
    must(ledger_fetch(planter->ledger, planter->batch, clock_mono_us() + WAIT_US, &error), &error,
         "fetch");
    const struct batch_card *card = batch_find_card(planter->batch, planter->token);
    must(card != NULL, &error, "card");
    planter->account = batch_find_account(planter->batch, card->account);
    must(planter->account != NULL, &error, "account");
}

static void commit(struct planter *planter)
{
    struct error error = {0};
    must(ledger_commit(planter->ledger, planter->batch, clock_mono_us() + WAIT_US, &error) ==
             LEDGER_DURABLE,
         &error, "commit");
}

static void plant(struct planter *planter)
{
    const struct error none = {.message = "the batch is full"};

    begin(planter, 700000000001, 0);
    say(planter, 700000000001, 700000000001, ROLE_REQUEST, ROW_A1_AUTHORISATION, REASON_APPROVED,
        "00", 200);
    hold(planter, 700000000001, 700000000001, 200, CODE_AUTHORISATION, "authorisation.approved");
    commit(planter);

    begin(planter, 700000000002, 0);
    say(planter, 700000000002, 700000000002, ROLE_REQUEST, ROW_A1_AUTHORISATION,
        REASON_INSUFFICIENT_FUNDS, "51", 999900);
    must(batch_add_event(planter->batch, planter->account, "authorisation.declined"), &none,
         "event");
    commit(planter);

    begin(planter, 700000000003, 0);
    say(planter, 700000000003, 700000000003, ROLE_REQUEST, ROW_A1_AUTHORISATION, REASON_APPROVED,
        "00", 300);
    hold(planter, 700000000003, 700000000003, 300, CODE_AUTHORISATION, "authorisation.approved");
    commit(planter);
    begin(planter, 700000000003, 0);
    say(planter, 700000000003, 700000000003, ROLE_VOID, ROW_VOID, REASON_UNTOLD, "05", 300);
    hold(planter, 700000000003, 700000000003, -300, CODE_VOIDED, "authorisation.voided");
    must(batch_add_told(planter->batch, 700000000003, ROLE_REQUEST, "05", true), &none, "told");
    commit(planter);

    begin(planter, 700000000004, 700000000001);
    say(planter, 700000000004, 700000000001, ROLE_OUTCOME, ROW_D1_REVERSAL, REASON_NOTED, "00", 50);
    hold(planter, 700000000001, 700000000001, -50, CODE_RELEASE, "hold.reduced");
    commit(planter);

    begin(planter, 700000000005, 0);
    say(planter, 700000000005, 0, ROLE_OUTCOME, ROW_D1_REVERSAL, REASON_NOTED, "00", 70);
    must(batch_add_inbox(planter->batch, INBOX_PARKED), &none, "inbox");
    commit(planter);
}

int main(int argc, char **argv)
{
    struct planter planter = {0};
    struct error error = {0};
    uint8_t root[32];

    if (argc != 3) {
        fputs("usage: plant CONNINFO TOKEN\n", stderr);
        return 2;
    }
    field_init();
    planter.token = (int32_t)strtol(argv[2], NULL, 10);
    const struct ledger_options options = {.conninfo = argv[1],
                                           .source = "holdfast",
                                           .program = "plant",
                                           .connect_timeout_us = WAIT_US};
    must(ledger_open(&options, &planter.ledger, &error), &error, "open");
    planter.batch = batch_create();
    plant(&planter);
    must(ledger_anchor(planter.ledger, clock_mono_us() + WAIT_US, root, &error), &error, "anchor");
    for (size_t i = 0; i < sizeof root; i++) {
        printf("%02x", root[i]);
    }
    putchar('\n');
    batch_destroy(planter.batch);
    ledger_close(planter.ledger);
    return 0;
}
