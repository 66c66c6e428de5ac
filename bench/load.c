#include <assert.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "base/clock.h"
#include "commands.h"
#include "dice.h"
#include "ehi.h"
#include "results.h"
#include "target.h"

enum { WARM_UP_MS = 500, GIVE_UP_S = 30, FIRST_TOKEN = 100000001 };
#define SECOND_US INT64_C(1000000)

struct options {
    struct target target;
    double seconds, count, cards;
    const char *json, *hgrm;
    bool quiet, help;
};

/* Where the values stand that differ from message to message; each has its full width. */
struct places {
    size_t id, token, trace, trace_message, link, reference, network, sent_at, currency[3];
};

struct load {
    struct options options;
    struct client *client;
    struct results results;
    struct dice dice;
    char body[EHI_BODY_BYTES];
    size_t body_bytes;
    struct places places;
    uint64_t next_id;
    int64_t *sent_us; /* of each slot; a slot is a connection's worth of messages */
    uint64_t slot_count;
    uint64_t sent, under_way, limit;
    int64_t measure_from_us, ends_us;
    bool stopping;
};

static size_t place_of(const struct load *load, const char *element)
{
    char tag[64];
    snprintf(tag, sizeof tag, "<%s>", element);
    const char *at = strstr(load->body, tag);
    assert(at);
    return (size_t)(at - load->body) + strlen(tag);
}

/* A small purchase, all elements present, as the processor sends them. */
static void make_template(struct load *load)
{
    struct ehi ehi;
    ehi_init(&ehi);
    static const char *const values[][2] = {
        {"Acquirer_id_DE32",       "070551"                                           },
        {"Auth_Code_DE38",         "402217"                                           },
        {"Bill_Amt",               "-1.0000"                                          },
        {"Bill_Ccy",               "826"                                              },
        {"Cust_Ref",               "HF-000318"                                        },
        {"MCC_Code",               "5814"                                             },
        {"MCC_Desc",               "Fast Food Restaurants"                            },
        {"Merch_ID_DE42",          "CF0000000417   "                                  },
        {"Merch_Name_DE43",        "CORNER COFFEE          LONDON        GBR"         },
        {"POS_Data_DE22",          "071"                                              },
        {"POS_Termnl_DE41",        "T4410072"                                         },
        {"POS_Time_DE12",          "141907"                                           },
        {"Proc_Code",              "000000"                                           },
        {"Resp_Code_DE39",         "00"                                               },
        {"Ret_Ref_No_DE37",        "000000000000"                                     },
        {"Settle_Amt",             "1.0000"                                           },
        {"Settle_Ccy",             "826"                                              },
        {"Token",                  "100000001"                                        },
        {"Trans_link",             "000000000000000000"                               },
        {"Txn_Amt",                "1.0000"                                           },
        {"Txn_CCy",                "826"                                              },
        {"Txn_Ctry",               "GBR"                                              },
        {"Txn_Desc",               "CORNER COFFEE          LONDON        GBR"         },
        {"Txn_GPS_Date",           "2026-02-03 14:19:08.214"                          },
        {"TXn_ID",                 "0000000000000000"                                 },
        {"Txn_Stat_Code",          "A"                                                },
        {"TXN_Time_DE07",          "0203141907"                                       },
        {"Txn_Type",               "A"                                                },
        {"Authorised_by_GPS",      "N"                                                },
        {"CU_Group",               "HFT-CU-001"                                       },
        {"MTID",                   "0100"                                             },
        {"ProductID",              "70123"                                            },
        {"SubBIN",                 "99990001"                                         },
        {"GPS_POS_Capability",     "00001001000000000000000100000110000000000001134CR"},
        {"GPS_POS_Data",           "0170000000000Nx002211N0C0NCUXXU0"                 },
        {"traceid_lifecycle",      "BNET-20260203-000000000000000"                    },
        {"Traceid_Message",        "BNET-20260203-000000000000000"                    },
        {"Merch_Name",             "CORNER COFFEE"                                    },
        {"Merch_City",             "LONDON"                                           },
        {"Merch_Country",          "GBR"                                              },
        {"POS_Date_DE13",          "2026-02-03"                                       },
        {"Network_Transaction_ID", "000000000000000"                                  },
        {"Acquirer_Country",       "GBR"                                              },
    };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        ehi_set(&ehi, values[i][0], "%s", values[i][1]);
    }
    load->body_bytes = ehi_write(&ehi, EHI_FULL, load->body);
    struct places *places = &load->places;
    places->id = place_of(load, "TXn_ID");
    places->token = place_of(load, "Token");
    places->trace = place_of(load, "traceid_lifecycle") + sizeof "BNET-20260203-" - 1;
    places->trace_message = place_of(load, "Traceid_Message") + sizeof "BNET-20260203-" - 1;
    places->link = place_of(load, "Trans_link");
    places->reference = place_of(load, "Ret_Ref_No_DE37");
    places->network = place_of(load, "Network_Transaction_ID");
    places->currency[0] = place_of(load, "Bill_Ccy");
    places->currency[1] = place_of(load, "Txn_CCy");
    places->currency[2] = place_of(load, "Settle_Ccy");
}

static void put_number(char *text, int width, uint64_t number)
{
    for (int i = width - 1; i >= 0; i--) {
        text[i] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* 1.00 of a random card's money (1 yen is as good). */
static void send_one(struct load *load)
{
    static const char currencies[3][4] = {"826", "978", "392"};
    uint64_t id = load->next_id++;
    uint64_t card = dice_next(&load->dice) % (uint64_t)load->options.cards;
    char *body = load->body;
    const struct places *places = &load->places;
    put_number(body + places->id, 16, id);
    put_number(body + places->token, 9, FIRST_TOKEN + card);
    put_number(body + places->trace, 15, id);
    put_number(body + places->trace_message, 15, id);
    put_number(body + places->link, 18, id);
    put_number(body + places->reference, 12, id);
    put_number(body + places->network, 15, id);
    for (size_t i = 0; i < 3; i++) {
        memcpy(body + places->currency[i], currencies[card % 3], 3);
    }
    uint64_t slot = load->sent++ % load->slot_count;
    load->sent_us[slot] = clock_mono_us();
    load->under_way++;
    client_send(load->client, EHI_SOAPACTION, body, load->body_bytes, slot);
}

static void send_all(struct load *load)
{
    while (!load->stopping && client_idle(load->client) > 0 &&
           (load->limit == 0 || load->sent < load->limit)) {
        send_one(load);
    }
}

static void on_result(void *context, const struct client_result *result)
{
    struct load *load = context;
    int64_t now_us = clock_mono_us(), sent_us = load->sent_us[result->tag];
    struct answer answer;
    load->under_way--;
    if (sent_us < load->measure_from_us) {
        /* warming up */
    } else if (result->status != 200 || !answer_parse(result->body, result->body_bytes, &answer)) {
        results_add(&load->results, "authorisation", RESULTS_FAILED, "", 0);
        results_add_difference(&load->results, "authorisation",
                               result->problem ? result->problem : "no answer");
    } else {
        bool approved = strcmp(answer.response, "00") == 0;
        results_add(&load->results, "authorisation", approved ? RESULTS_APPROVED : RESULTS_DECLINED,
                    answer.response, now_us - sent_us);
    }
    if (load->results.total.failed < 1000) {
        send_all(load);
    }
}

static bool run(struct load *load)
{
    int64_t now_us = clock_mono_us(), last_answer_us = now_us;
    uint64_t under_way = 0, sent = 0;
    load->measure_from_us = load->limit ? now_us : now_us + WARM_UP_MS * 1000;
    load->results.began_mono_us = load->measure_from_us;
    load->ends_us = load->measure_from_us + (int64_t)(load->options.seconds * 1e6);
    for (;;) {
        load->stopping = load->limit == 0 && now_us >= load->ends_us;
        send_all(load);
        client_poll(load->client, 50000, on_result, load);
        now_us = clock_mono_us();
        if (load->under_way != under_way || load->sent != sent) {
            under_way = load->under_way;
            sent = load->sent;
            last_answer_us = now_us;
        }
        bool all_sent = load->stopping || (load->limit > 0 && load->sent >= load->limit) ||
                        load->results.total.failed >= 1000;
        if ((all_sent && load->under_way == 0) || now_us - last_answer_us > GIVE_UP_S * SECOND_US) {
            break;
        }
    }
    load->results.ended_mono_us = now_us;
    return load->under_way == 0 && load->results.total.failed == 0;
}

static void print_help(void)
{
    printf("holdfast-bench load --sandbox ./sandbox --connections 64 --seconds 10\n"
           "holdfast-bench load --sandbox ./sandbox --connections 1 --count 1000\n"
           "\n"
           "Each connection sends an authorisation of 1.00, waits for its answer, sends the next.\n"
           "\n%s"
           "  --seconds S         how long, after half a second of warming up (default 10)\n"
           "  --count N           so many messages instead\n"
           "  --cards N           cards 100000001 and on (default 12)\n"
           "  --handshake         a new connection with a full TLS handshake for each message\n"
           "  --resume            a new connection for each, resumed by ticket\n"
           "  --json FILE         the results as JSON; - is standard output\n"
           "  --hgrm FILE         the latencies as an HdrHistogram percentile file\n"
           "  --quiet             no table\n",
           target_help);
}

static bool take_option(struct options *options, int option, struct error *error)
{
    switch (option) {
    case 's':
        return target_number("--seconds", optarg, 0.1, 1e5, &options->seconds, error);
    case 'n':
        return target_number("--count", optarg, 1, 1e9, &options->count, error);
    case 'c':
        return target_number("--cards", optarg, 1, 1e7, &options->cards, error);
    case 'H':
        options->target.client.handshake = CLIENT_FULL;
        return true;
    case 'R':
        options->target.client.handshake = CLIENT_RESUME;
        return true;
    case 'j':
        options->json = optarg;
        return true;
    case 'g':
        options->hgrm = optarg;
        return true;
    case 'q':
        options->quiet = true;
        return true;
    case 'h':
        options->help = true;
        return true;
    default:
        return error_set(error, ERROR_INVALID, "load",
                         "unknown option or missing value; --help lists all");
    }
}

static bool parse(struct options *options, int argc, char **argv, struct error *error)
{
    static const struct option known[] = {
        {"url",         required_argument, NULL, 1  },
        {"ca",          required_argument, NULL, 1  },
        {"cert",        required_argument, NULL, 1  },
        {"key",         required_argument, NULL, 1  },
        {"sandbox",     required_argument, NULL, 1  },
        {"connections", required_argument, NULL, 1  },
        {"seconds",     required_argument, NULL, 's'},
        {"count",       required_argument, NULL, 'n'},
        {"cards",       required_argument, NULL, 'c'},
        {"handshake",   no_argument,       NULL, 'H'},
        {"resume",      no_argument,       NULL, 'R'},
        {"json",        required_argument, NULL, 'j'},
        {"hgrm",        required_argument, NULL, 'g'},
        {"quiet",       no_argument,       NULL, 'q'},
        {"help",        no_argument,       NULL, 'h'},
        {NULL,          0,                 NULL, 0  },
    };
    int option, place = 0;
    optind = 1;
    opterr = 0;
    while ((option = getopt_long(argc, argv, "h", known, &place)) != -1) {
        bool taken = option == 1 ? target_set(&options->target, known[place].name, optarg, error)
                                 : take_option(options, option, error);
        if (!taken) {
            return false;
        }
    }
    return argc == optind ||
           error_set(error, ERROR_INVALID, "load", "unknown argument %.100s", argv[optind]);
}

static void print_results(const struct load *load, FILE *out)
{
    fprintf(out, "%.0f authorisations/s over %d connections\n",
            (double)load->results.total.count / results_seconds(&load->results),
            load->options.target.client.connections);
    results_print_outcomes(&load->results, out);
    results_print_latency(&load->results, out);
    results_print_differences(&load->results, stderr);
}

static int measure(struct load *load)
{
    struct error error;
    make_template(load);
    dice_init(&load->dice, (uint64_t)clock_wall_us());
    load->next_id = (uint64_t)clock_wall_us(); /* 16 digits, more than any run before has used */
    load->limit = (uint64_t)load->options.count;
    load->slot_count = CLIENT_CONNECTIONS_MAX;
    load->sent_us = calloc(load->slot_count, sizeof *load->sent_us);
    assert(load->sent_us);
    if (!client_create(&load->options.target.client, &load->client, &error) ||
        (load->options.target.client.handshake == CLIENT_KEEP &&
         !client_connect_all(load->client, 20 * SECOND_US, &error))) {
        fprintf(stderr, "holdfast-bench: %s: %s\n", error.field, error.message);
        return COMMAND_UNREACHABLE;
    }
    bool complete = run(load);
    if (!load->options.quiet) {
        print_results(load, load->options.json ? stderr : stdout);
    }
    if ((load->options.json && !results_write_json(&load->results, load->options.json, &error)) ||
        (load->options.hgrm && !results_write_hgrm(&load->results, load->options.hgrm, &error))) {
        fprintf(stderr, "holdfast-bench: %s: %s\n", error.field, error.message);
        return COMMAND_FAILED;
    }
    return complete ? COMMAND_OK : COMMAND_FAILED;
}

int load_main(int argc, char **argv)
{
    static struct load load; /* body and histograms: too large for a stack */
    struct error error = {0};
    load.options.seconds = 10;
    load.options.cards = 12;
    target_init(&load.options.target, 8);
    if (!parse(&load.options, argc, argv, &error)) {
        fprintf(stderr, "holdfast-bench: %s: %s\n", error.field, error.message);
        return COMMAND_USAGE;
    }
    if (load.options.help) {
        print_help();
        return COMMAND_OK;
    }
    int status = measure(&load);
    client_destroy(load.client);
    free(load.sent_us);
    return status;
}
