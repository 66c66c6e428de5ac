/* Events are CloudEvents 1.0, money as text of minor units. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "ledger/event_json.h"
#include "tests/ledger/fixture.h"

static const struct batch_message *message_of(uint64_t txn_id)
{
    static struct batch_message message;
    message = fixture_message(txn_id, 1, 1000 << 10 | GBP, 7, 2345);
    message.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    return &message;
}

static json_t *render(const struct batch_event *event)
{
    char buffer[4096];
    cr_assert(event_json_render(event, "one", buffer, sizeof(buffer)));
    json_error_t error;
    json_t *root = json_loads(buffer, 0, &error);
    cr_assert_not_null(root, "%s in %s", error.text, buffer);
    return root;
}

static const char *text(json_t *root, const char *path)
{
    char name[64];
    json_t *at = root;
    while (at != NULL && *path != '\0') {
        size_t length = strcspn(path, "/");
        snprintf(name, sizeof(name), "%.*s", (int)length, path);
        at = json_object_get(at, name);
        path += length + (path[length] == '/' ? 1 : 0);
    }
    return json_is_string(at) ? json_string_value(at) : "(none)";
}

Test(event_json, an_event_has_its_envelope_and_what_happened)
{
    const struct batch_event event = {.message = message_of(77),
                                      .journal_id = 3,
                                      .account = 1000 << 10 | GBP,
                                      .event_version = 12,
                                      .at_us = 1700000000000001,
                                      .currency = GBP,
                                      .posted = 10000,
                                      .held = 2345,
                                      .available = -5,
                                      .type = "authorisation.approved"};
    static const char *const rows[][2] = {
        {"specversion",           "1.0"                                                    },
        {"id",                    "1024826-12"                                             },
        {"source",                "/holdfast/one"                                          },
        {"type",                  "io.holdfast.authorisation.approved"                     },
        {"subject",               "account/1024826"                                        },
        {"time",                  "2023-11-14T22:13:20.000001Z"                            },
        {"datacontenttype",       "application/json"                                       },
        {"sequence",              "00000000000000000012"                                   },
        {"partitionkey",          "1024826"                                                },
        {"traceparent",           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
        {"data/txn_id",           "77"                                                     },
        {"data/token",            "000000007"                                              },
        {"data/account",          "1024826"                                                },
        {"data/payment",          "77"                                                     },
        {"data/kind",             "authorisation"                                          },
        {"data/amount",           "2345"                                                   },
        {"data/currency",         "GBP"                                                    },
        {"data/decision",         "approved"                                               },
        {"data/response",         "00"                                                     },
        {"data/reason",           "approved"                                               },
        {"data/posted",           "10000"                                                  },
        {"data/held",             "2345"                                                   },
        {"data/available",        "-5"                                                     },
        {"data/merchant/name",    "Café \"Zoë\""                                         },
        {"data/merchant/country", "GBR"                                                    },
        {"data/merchant/mcc",     "5812"                                                   },
        {"data/actor",            "host"                                                   },
        {"data/request",          "r-1"                                                    },
    };
    json_t *root = render(&event);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_str_eq(text(root, rows[i][0]), rows[i][1], "%s: %s", rows[i][0],
                         text(root, rows[i][0]));
    }
    json_decref(root);
}

Test(event_json, an_event_that_does_not_fit_is_refused)
{
    const struct batch_event event = {.message = message_of(77), .account = 1, .type = "x"};
    char buffer[100];
    cr_expect_not(event_json_render(&event, "one", buffer, sizeof(buffer)));
}
