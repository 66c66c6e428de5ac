#include "ops/names.h"

#include <stddef.h>
#include <string.h>

#include "authz/decide.h"
#include "ledger/batch.h"

struct name {
    int64_t number;
    const char *name; /* NULL ends the list */
};

static const struct name card_statuses[] = {
    {CARD_ACTIVE,     "active"    },
    {CARD_NOT_ACTIVE, "not_active"},
    {CARD_FROZEN,     "frozen"    },
    {CARD_BLOCKED,    "blocked"   },
    {CARD_LOST,       "lost"      },
    {CARD_STOLEN,     "stolen"    },
    {CARD_EXPIRED,    "expired"   },
    {CARD_CLOSED,     "closed"    },
    {0,               NULL        },
};

static const struct name account_statuses[] = {
    {ACCOUNT_ACTIVE,  "active" },
    {ACCOUNT_BLOCKED, "blocked"},
    {ACCOUNT_CLOSING, "closing"},
    {ACCOUNT_CLOSED,  "closed" },
    {0,               NULL     },
};

static const struct name hold_states[] = {
    {HOLD_OPEN,     "open"    },
    {HOLD_CLEARED,  "cleared" },
    {HOLD_RELEASED, "released"},
    {HOLD_EXPIRED,  "expired" },
    {HOLD_VOIDED,   "voided"  },
    {0,             NULL      },
};

static const struct name layers[] = {
    {0, "posted" },
    {1, "pending"},
    {0, NULL     }
};

/* docs/ledger.md has what each means. */
static const struct name transfer_codes[] = {
    {10, "authorisation"       },
    {11, "forced_hold"         },
    {12, "release"             },
    {13, "expiry"              },
    {14, "void"                },
    {15, "held_fee"            },
    {19, "online_financial"    },
    {20, "clearing"            },
    {21, "clearing_release"    },
    {22, "fee"                 },
    {23, "refund"              },
    {24, "refund_taken_back"   },
    {30, "chargeback_withdrawn"},
    {31, "chargeback"          },
    {40, "load"                },
    {41, "unload"              },
    {50, "internal"            },
    {90, "correction"          },
    {0,  NULL                  },
};

static const char *find(const struct name *names, int64_t number)
{
    for (; names->name != NULL; names++) {
        if (names->number == number) {
            return names->name;
        }
    }
    return "unknown";
}

const char *names_card_status(int64_t status)
{
    return find(card_statuses, status);
}

bool names_parse_card_status(const char *name, int *status)
{
    for (const struct name *n = card_statuses; n->name != NULL; n++) {
        if (strcmp(n->name, name) == 0) {
            *status = (int)n->number;
            return true;
        }
    }
    return false;
}

const char *names_account_status(int64_t status)
{
    return find(account_statuses, status);
}

const char *names_hold_state(int64_t state)
{
    return find(hold_states, state);
}

const char *names_layer(int64_t layer)
{
    return find(layers, layer);
}

const char *names_transfer_code(int64_t code)
{
    return find(transfer_codes, code);
}
