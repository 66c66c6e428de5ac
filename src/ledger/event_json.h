/* Event JSON: a CloudEvents 1.0 envelope around what a message did to an account.
 *
 * Money is a string of minor units, because JSON numbers of other people lose digits; `sequence` is
 * the account's event number in 20 digits, so that it sorts as text. It is rendered here, not at
 * delivery, because it commits with the money.
 *
 * Threads: pure.   Owns: nothing.   May include: base, ledger/batch_state.h.
 */
#ifndef LEDGER_EVENT_JSON_H
#define LEDGER_EVENT_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/batch_state.h"

/* Renders into buffer, NUL-ended. False when it does not fit. `source` names the instance
 * ("holdfast" gives "/holdfast/holdfast"). */
bool event_json_render(const struct batch_event *event, const char *source, char *buffer,
                       size_t bytes);

#endif
