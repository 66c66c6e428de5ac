#include "ops/recompute.h"

#include <stdio.h>
#include <stdlib.h>

#include "authz/payment.h"
#include "base/money.h"

/* One payment while its rows come in. */
struct payment {
    int64_t account, id;
    bool open;
    bool damaged;  /* a statement that cannot be read, or more than a payment may have */
    bool computed; /* .holds is filled: its statements have all come */
    size_t count;
    struct payment_entry entries[PAYMENT_STATEMENTS_MAX];
    struct payment_holds holds;
};

static void note(struct verify_check *check, const struct payment *payment, int64_t txn_id)
{
    if (check->violations++ == 0) {
        snprintf(check->first, sizeof check->first, "%lld/%lld/%lld", (long long)payment->account,
                 (long long)payment->id, (long long)txn_id);
    }
}

static int64_t number(struct report *report, const char *name)
{
    return report_number(report, report_column(report, name));
}

static void add_statement(struct report *report, struct payment *payment)
{
    uint8_t facts[STATEMENT_BYTES];
    size_t bytes = 0;

    if (payment->count == PAYMENT_STATEMENTS_MAX) {
        payment->damaged = true;
        return;
    }
    struct payment_entry *entry = &payment->entries[payment->count++];
    *entry = (struct payment_entry){.payment = (uint64_t)payment->id,
                                    .n = (uint32_t)number(report, "n")};
    if (!report_bytes(report, report_column(report, "facts"), facts, sizeof facts, &bytes) ||
        !statement_decode(facts, bytes, &entry->statement)) {
        payment->damaged = true;
    }
}

static void compute(struct payment *payment)
{
    const uint16_t currency = (uint16_t)(payment->account & 1023);

    if (payment->computed) {
        return;
    }
    payment->computed = true;
    payment->holds.count = 0;
    if (!payment->damaged && money_exponent(currency) >= 0) {
        payment_compute(payment->entries, payment->count, currency, &payment->holds);
        payment->damaged = payment->holds.overflow;
    }
}

/* Takes a hold off what was computed: what is left at the end is missing in the books. */
static void match_hold(struct report *report, struct payment *payment, struct verify_check *check)
{
    const int64_t txn_id = number(report, "txn_id");
    const int64_t remaining = number(report, "remaining");

    compute(payment);
    if (payment->damaged) {
        return;
    }
    for (size_t i = 0; i < payment->holds.count; i++) {
        struct authorisation *authorisation = &payment->holds.authorisations[i];
        if (authorisation->txn_id == (uint64_t)txn_id && authorisation->hold_minor == remaining) {
            authorisation->hold_minor = 0;
            return;
        }
    }
    note(check, payment, txn_id);
}

static void end_payment(struct payment *payment, struct verify_check *check)
{
    if (!payment->open) {
        return;
    }
    payment->open = false;
    check->rows++;
    compute(payment);
    if (payment->damaged) {
        note(check, payment, 0);
        return;
    }
    for (size_t i = 0; i < payment->holds.count; i++) {
        if (payment->holds.authorisations[i].hold_minor != 0) {
            note(check, payment, (int64_t)payment->holds.authorisations[i].txn_id);
        }
    }
}

static void begin_payment(struct payment *payment, int64_t account, int64_t id)
{
    payment->account = account;
    payment->id = id;
    payment->open = true;
    payment->damaged = payment->computed = false;
    payment->count = 0;
}

static bool walk(struct report *report, struct payment *payment, struct verify_check *check,
                 struct error *error)
{
    bool row = false;

    if (!report_run(report, "report_payment_sets", NULL, 0, error)) {
        return false;
    }
    while (report_next(report, &row, error)) {
        if (!row) {
            end_payment(payment, check);
            return true;
        }
        const int64_t account = number(report, "account_id"), id = number(report, "payment");
        if (!payment->open || payment->account != account || payment->id != id) {
            end_payment(payment, check);
            begin_payment(payment, account, id);
        }
        if (report_is_null(report, report_column(report, "n"))) {
            match_hold(report, payment, check);
        } else {
            add_statement(report, payment);
        }
    }
    return false;
}

bool recompute_run(struct report *report, struct verify_check *check, struct error *error)
{
    struct payment *payment = calloc(1, sizeof *payment);

    *check = (struct verify_check){.name = RECOMPUTE_NAME};
    if (payment == NULL) {
        return error_set_errno(error, ERROR_LIMIT, RECOMPUTE_NAME, "no memory");
    }
    const bool ran = walk(report, payment, check, error);
    free(payment);
    return ran;
}
