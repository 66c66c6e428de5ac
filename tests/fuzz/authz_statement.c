/* Any bytes as stored statements: they are refused, or come back byte for byte, and holds can be
 * computed from them. */
#include "target.h"

#include <stdlib.h>
#include <string.h>

#include "authz/payment.h"

enum { ENTRIES_MAX = 32, ENTRY_BYTES = 230 };

static void check(bool condition)
{
    if (!condition) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static struct payment_entry entries[ENTRIES_MAX];
    static struct payment_holds holds;
    uint8_t again[STATEMENT_BYTES];
    struct statement statement = {.txn_id = 0};
    size_t entry_count = 0;

    check(!statement_decode(bytes, count, &statement) || count == ENTRY_BYTES);
    for (size_t at = 0; at + ENTRY_BYTES <= count && entry_count < ENTRIES_MAX; at += ENTRY_BYTES) {
        if (!statement_decode(bytes + at, ENTRY_BYTES, &statement)) {
            continue;
        }
        check(statement_encode(&statement, again) == ENTRY_BYTES);
        check(memcmp(again, bytes + at, ENTRY_BYTES) == 0);
        entries[entry_count] = (struct payment_entry){
            .payment = 1, .n = (uint32_t)entry_count + 1, .statement = statement};
        entry_count++;
    }
    payment_compute(entries, entry_count, 826, &holds);
    for (size_t i = 0; i < holds.count; i++) {
        check(holds.authorisations[i].hold_minor >= 0);
        check(holds.authorisations[i].fee_minor <= holds.authorisations[i].hold_minor);
    }
    return 0;
}
