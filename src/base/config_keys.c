#include "base/config_keys.h"

#define PRIORITIES "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"

const struct config_section config_sections[] = {
    {"listen",
     "Where the processor's messages arrive, and how much of anything one caller may take."   },
    {"tls",           "Certificates. A caller must show one that client_ca has signed."       },
    {"database",
     "Connection strings (libpq), one for each role. A password belongs in a passfile."       },
    {"lanes",         "The worker threads that decide; each owns a share of the accounts."    },
    {"authorisation", "How long a decision may take."                                         },
    {"product",
     "Rules of a product: [product default], then [product N] with the processor's ProductID for "
     "those that differ. What [product N] does not say, [product default] says."              },
    {"admin",         "Health and metrics, plain HTTP: for the loopback or a private network."},
    {"log",           "What goes to standard error."                                          },
    {"record",        "Recording of traffic, masked, for replay."                             },
    {"instance",      "Who we are, in events."                                                },
};
const size_t config_sections_count = sizeof config_sections / sizeof config_sections[0];

/* One key: section, name, kind, min, max, choices, default, sentence. */
/* clang-format off */
const struct config_key config_keys[] = {
    {"listen", "address", CONFIG_TEXT, 0, 0, NULL, "127.0.0.1",
     "IPv4 or IPv6 address to listen on"},
    {"listen", "port", CONFIG_NUMBER, 0, 65535, NULL, "8443",
     "TCP port; 0 takes a free one and says which in the log"},
    {"listen", "path", CONFIG_URL_PATHS, 0, 0, NULL, "/ehi",
     "URL paths on which messages are taken, separated by commas"},
    {"listen", "connections_max", CONFIG_NUMBER, 1, 100000, NULL, "1024",
     "connections open at a time; more are closed at once"},
    {"listen", "body_max", CONFIG_NUMBER, 4096, 1048576, NULL, "65536",
     "largest message in bytes; a larger one is answered with 413"},
    {"listen", "header_ms", CONFIG_DURATION_MS, 10, 60000, NULL, "2000",
     "time for handshake and request headers, from the first byte"},
    {"listen", "body_ms", CONFIG_DURATION_MS, 10, 60000, NULL, "1000",
     "time for the body, from the end of the headers"},
    {"listen", "idle_ms", CONFIG_DURATION_MS, 100, 3600000, NULL, "30000",
     "a connection with nothing under way is closed after this"},
    {"listen", "threads", CONFIG_NUMBER, 1, 64, NULL, "2",
     "threads that read and write connections"},
    {"listen", "reply_host", CONFIG_TEXT, 0, 0, NULL, "",
     "value of a Host header added to replies; empty adds none"},
    {"listen", "reply_shape", CONFIG_CHOICE, 0, 0, "wsdl|message", "wsdl",
     "shape of the reply: as the processor's WSDL says, or the older ResponseMsg"},
    {"listen", "reply_namespace", CONFIG_TEXT, 0, 0, NULL, "http://tempuri.org/",
     "XML namespace of the reply"},

    {"tls", "certificate", CONFIG_FILE, 0, 0, NULL, "",
     "PEM file with the server's certificate and its chain"},
    {"tls", "key", CONFIG_FILE, 0, 0, NULL, "",
     "PEM file with the server's private key"},
    {"tls", "client_ca", CONFIG_FILE, 0, 0, NULL, "",
     "PEM file with the authorities that sign callers' certificates"},
    {"tls", "deny", CONFIG_FILE, 0, 0, NULL, "",
     "file of refused client certificates: SHA-256 fingerprints in hexadecimal, one a line"},
    {"tls", "tickets", CONFIG_FLAG, 0, 0, NULL, "yes",
     "session tickets: a known caller connects again without a full handshake"},
    {"tls", "priorities", CONFIG_TEXT, 0, 0, NULL, PRIORITIES,
     "GnuTLS priority string: protocol versions and ciphers"},

    {"database", "writer", CONFIG_TEXT, 0, 0, NULL, "",
     "connection of the lanes: may write messages, holds and transfers"},
    {"database", "reader", CONFIG_TEXT, 0, 0, NULL, "",
     "connection of commands that only look"},
    {"database", "operator", CONFIG_TEXT, 0, 0, NULL, "",
     "connection of commands that change cards and accounts"},
    {"database", "admin", CONFIG_TEXT, 0, 0, NULL, "",
     "connection of the schema's owner: migrations and partitions"},
    {"database", "timeout_ms", CONFIG_DURATION_MS, 10, 60000, NULL, "2000",
     "longest wait for the database before a connection is given up"},

    {"lanes", "count", CONFIG_NUMBER, 1, 64, NULL, "2",
     "lanes; each is a thread with a database connection of its own"},
    {"lanes", "batch_max", CONFIG_NUMBER, 1, 512, NULL, "64",
     "most messages that share one transaction"},
    {"lanes", "queue_max", CONFIG_NUMBER, 1, 1048576, NULL, "4096",
     "most messages that wait for a lane; more are refused at once"},
    {"lanes", "cache", CONFIG_NUMBER, 0, 16777216, NULL, "262144",
     "cards whose account a lane remembers"},

    {"authorisation", "budget_ms", CONFIG_DURATION_MS, 10, 1000, NULL, "100",
     "time from the last byte of a request to the first byte of its answer"},
    {"authorisation", "park_days", CONFIG_NUMBER, 1, 365, NULL, "7",
     "days that a reversal waits for its original before it is given up"},
    {"authorisation", "spill", CONFIG_PATH, 0, 0, NULL, "",
     "state file of this daemon alone, for declines given when nothing could be stored; empty: memory only"},

    {"product", "name", CONFIG_TEXT, 0, 0, NULL, "",
     "name for people"},
    {"product", "mode", CONFIG_NUMBER, 0, 4, "refuse", "1",
     "EHI mode 1 to 4 as agreed with the processor; 0 or refuse declines every request"},
    {"product", "scheme", CONFIG_CHOICE, 0, 0, "auto|mastercard|visa", "auto",
     "card scheme, which decides the codes of declines; auto looks at each message"},
    {"product", "show_overdraft", CONFIG_FLAG, 0, 0, NULL, "no",
     "balances in replies include the overdraft"},
    {"product", "partial_min_minor", CONFIG_NUMBER, 1, 1000000000, NULL, "100",
     "smallest amount approved in part, in minor units"},
    {"product", "stand_in", CONFIG_FLAG, 0, 0, NULL, "no",
     "mode 4: the processor may answer from the balance that it was given when we cannot"},

    {"admin", "address", CONFIG_TEXT, 0, 0, NULL, "127.0.0.1",
     "IPv4 or IPv6 address of /livez, /readyz and /metrics"},
    {"admin", "port", CONFIG_NUMBER, 0, 65535, NULL, "9443",
     "TCP port; 0 takes a free one and says which in the log"},

    {"log", "level", CONFIG_CHOICE, 0, 0, "debug|info|warning|error", "info",
     "the least important lines that are written"},
    {"log", "format", CONFIG_CHOICE, 0, 0, "logfmt|json", "logfmt",
     "form of a line"},

    {"record", "path", CONFIG_PATH, 0, 0, NULL, "",
     "file to which every exchange is appended, card data masked; empty records nothing"},

    {"instance", "name", CONFIG_TEXT, 0, 0, NULL, "holdfast",
     "source of the events (CloudEvents source)"},
};
/* clang-format on */
const size_t config_keys_count = sizeof config_keys / sizeof config_keys[0];
