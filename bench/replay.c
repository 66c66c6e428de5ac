#include <assert.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"
#include "base/clock.h"
#include "base/money.h"
#include "commands.h"
#include "dice.h"
#include "renumber.h"
#include "results.h"
#include "schedule.h"
#include "target.h"
#include "traffic.h"

enum { DEFAULT_CONNECTIONS = 16, LIVE_TTY_US = 200000, LIVE_PLAIN_US = 5000000, GIVE_UP_S = 30 };
#define SECOND_US INT64_C(1000000)
#define DAY_US    (86400 * SECOND_US)

enum pace { PACE_SPEED, PACE_RATE, PACE_ASAP };

struct options {
    struct target target;
    const char *file, *json, *hgrm;
    enum pace pace;
    double speed, rate;
    double duration_s; /* 0: one pass over the file */
    double count;      /* 0: all of the file */
    bool verbatim, quiet, help;
    int32_t token_shift;
};

struct replay {
    struct options options;
    struct traffic traffic;
    struct renumber_index *indexes; /* of each message */
    uint64_t least_id, id_range;
    struct client *client;
    struct schedule *schedule;
    struct renumber renumber;
    struct results results;
    int64_t *intended_us; /* of messages under way */
    size_t due;           /* messages of this pass that were added to the schedule */
    size_t under_way;
    uint64_t sent, limit; /* limit: how many in all; 0: no limit but time */
    int pass;
    int64_t pass_began_us, ends_us, last_live_us;
    char body[CLIENT_BODY_BYTES + 24 * RENUMBER_FIELDS_MAX];
};

/* --- what is sent --- */

static void begin_pass(struct replay *replay, int64_t now_us)
{
    const struct traffic *traffic = &replay->traffic;
    struct renumber *renumber = &replay->renumber;
    int64_t wall_us = clock_wall_us();
    renumber->key = dice_mix((uint64_t)wall_us + (uint64_t)replay->pass);
    renumber->old_id_base = replay->least_id;
    /* 14 digits that grow by 100,000 a second: no two runs meet, nor two passes of one. */
    uint64_t base = (uint64_t)((wall_us - INT64_C(1577836800) * SECOND_US) / 10);
    if (base <= renumber->new_id_base + replay->id_range && replay->pass > 0) {
        base = renumber->new_id_base + replay->id_range + 1;
    }
    renumber->new_id_base = base;
    renumber->day_shift = (int)(wall_us / DAY_US - traffic->messages[0].at_us / DAY_US);
    renumber->token_shift = replay->options.token_shift;
    renumber->first_token = traffic->card_count ? traffic->cards[0].token : 0;
    renumber->last_token =
        traffic->card_count ? traffic->cards[traffic->card_count - 1].token : 999999999;
    replay->pass_began_us = now_us;
    replay->due = 0;
    schedule_reset(replay->schedule);
}

static void send_message(struct replay *replay, size_t number, int64_t intended_us)
{
    const struct traffic_message *message = &replay->traffic.messages[number];
    const char *body = message->body;
    size_t bytes = message->body_bytes;
    if (!replay->options.verbatim) {
        bytes =
            renumber_write(&replay->renumber, body, bytes, &replay->indexes[number], replay->body);
        body = replay->body;
    }
    replay->intended_us[number] = intended_us;
    replay->under_way++;
    replay->sent++;
    client_send(replay->client, message->soapaction, body, bytes, number);
}

static void send_ready(struct replay *replay)
{
    size_t number;
    int64_t intended_us;
    while (client_idle(replay->client) > 0 &&
           schedule_take(replay->schedule, &number, &intended_us)) {
        bool asap = replay->options.pace == PACE_ASAP;
        send_message(replay, number, asap ? clock_mono_us() : intended_us);
    }
}

/* When message i of this pass should leave. */
static int64_t intended_of(const struct replay *replay, size_t number)
{
    const struct traffic_message *messages = replay->traffic.messages;
    double offset_us = 0;
    switch (replay->options.pace) {
    case PACE_SPEED:
        offset_us = (double)(messages[number].at_us - messages[0].at_us) / replay->options.speed;
        break;
    case PACE_RATE:
        offset_us = (double)number * 1e6 / replay->options.rate;
        break;
    case PACE_ASAP:
        break;
    }
    return replay->pass_began_us + (int64_t)offset_us;
}

/* --- what is answered --- */

static void describe(const struct traffic_reply *reply, uint16_t currency, char *text, size_t bytes)
{
    char amount[MONEY_TEXT_BYTES], balances[3 * MONEY_TEXT_BYTES] = "";
    if (reply->has_balances) {
        char current[MONEY_TEXT_BYTES];
        snprintf(balances, sizeof balances, ", current %s, available %s",
                 money_format_plain(reply->current_minor, currency, current),
                 money_format_plain(reply->available_minor, currency, amount));
    }
    snprintf(text, bytes, "%s/%c%s%s%s", reply->response[0] ? reply->response : "any",
             reply->ack < 0 ? '?' : (char)('0' + reply->ack),
             reply->has_approved ? ", approved " : "",
             reply->has_approved ? money_format_plain(reply->approved_minor, currency, amount) : "",
             balances);
}

static void describe_e4(int64_t amount_e4, char text[32])
{
    int64_t size = amount_e4 < 0 ? -amount_e4 : amount_e4;
    snprintf(text, 32, "%s%lld.%04lld", amount_e4 < 0 ? "-" : "", (long long)(size / 10000),
             (long long)(size % 10000));
}

static bool same_amount(int64_t minor, uint16_t currency, int64_t amount_e4)
{
    int64_t expected_e4;
    return money_exponent(currency) >= 0 && money_e4_from_minor(minor, currency, &expected_e4) &&
           expected_e4 == amount_e4;
}

static bool is_expected(const struct traffic_message *message, const struct answer *answer)
{
    const struct traffic_reply *reply = &message->reply;
    uint16_t currency = message->currency;
    return (reply->response[0] == '\0' || strcmp(reply->response, answer->response) == 0) &&
           (reply->ack < 0 || reply->ack == answer->ack) &&
           (!reply->has_approved ||
            same_amount(reply->approved_minor, currency, answer->approved_e4)) &&
           (!reply->has_balances ||
            (same_amount(reply->current_minor, currency, answer->current_e4) &&
             same_amount(reply->available_minor, currency, answer->available_e4)));
}

/* Kinds that ask for a decision; the others are only taken. */
static bool asks(const struct traffic_message *message)
{
    return strstr(message->body, "<Authorised_by_GPS>N<") != NULL &&
           (strstr(message->body, "<Txn_Type>A<") != NULL ||
            strstr(message->body, "<Txn_Type>M<") != NULL) &&
           strstr(message->body, "<MTID>0") != NULL;
}

static enum results_outcome outcome_of(const struct traffic_message *message,
                                       const struct answer *answer)
{
    if (!asks(message)) {
        return answer->ack == 1 ? RESULTS_TAKEN : RESULTS_DECLINED;
    }
    return strcmp(answer->response, "00") == 0   ? RESULTS_APPROVED
           : strcmp(answer->response, "10") == 0 ? RESULTS_PARTIAL
                                                 : RESULTS_DECLINED;
}

static void note_difference(struct replay *replay, size_t number, const char *got)
{
    const struct traffic_message *message = &replay->traffic.messages[number];
    char expected[160], text[256];
    uint64_t id = renumber_id_of(message->body, &replay->indexes[number]);
    if (!replay->options.verbatim && id > 0) {
        id = replay->renumber.new_id_base + (id - replay->renumber.old_id_base);
    }
    describe(&message->reply, message->currency, expected, sizeof expected);
    snprintf(text, sizeof text,
             "message %zu (%.20s; %.24s) TXn_ID %llu token %d: expected %.60s, got %.60s",
             number + 1, message->kind, message->story, (unsigned long long)id,
             message->token + replay->options.token_shift, expected, got);
    results_add_difference(&replay->results, message->kind, text);
}

static void check(struct replay *replay, size_t number, const struct client_result *result,
                  int64_t latency_us)
{
    const struct traffic_message *message = &replay->traffic.messages[number];
    struct answer answer;
    char got[160], approved[32], current[32], available[32];
    if (result->status != 200 || !answer_parse(result->body, result->body_bytes, &answer)) {
        snprintf(got, sizeof got, "%s (HTTP %d)", result->problem ? result->problem : "no answer",
                 result->status);
        results_add(&replay->results, message->kind, RESULTS_FAILED, "", latency_us);
        note_difference(replay, number, got);
        return;
    }
    results_add(&replay->results, message->kind, outcome_of(message, &answer), answer.response,
                latency_us);
    /* A later pass meets other balances; only the first is checked. */
    if (replay->pass == 0 && !is_expected(message, &answer)) {
        describe_e4(answer.approved_e4, approved);
        describe_e4(answer.current_e4, current);
        describe_e4(answer.available_e4, available);
        snprintf(got, sizeof got, "%s/%d, approved %s, current %s, available %s", answer.response,
                 answer.ack, approved, current, available);
        note_difference(replay, number, got);
    }
}

static void on_result(void *context, const struct client_result *result)
{
    struct replay *replay = context;
    size_t number = (size_t)result->tag;
    int64_t now_us = clock_mono_us();
    replay->under_way--;
    check(replay, number, result, now_us - replay->intended_us[number]);
    schedule_done(replay->schedule, number, now_us);
    send_ready(replay);
}

/* --- the run --- */

static void print_live(struct replay *replay, int64_t now_us, bool last)
{
    bool tty = isatty(STDERR_FILENO) == 1;
    if (replay->options.quiet ||
        (!last && now_us - replay->last_live_us < (tty ? LIVE_TTY_US : LIVE_PLAIN_US))) {
        return;
    }
    const struct results_kind *total = &replay->results.total;
    double seconds = (double)(now_us - replay->results.began_mono_us) / 1e6;
    uint64_t all = replay->limit ? replay->limit : replay->traffic.count;
    replay->last_live_us = now_us;
    fprintf(stderr,
            "%s  %llu of %llu sent, %llu answered, %.0f/s, p99 %.1f ms, unexpected %llu  %s",
            tty ? "\r" : "", (unsigned long long)replay->sent, (unsigned long long)all,
            (unsigned long long)total->count, seconds > 0 ? (double)total->count / seconds : 0,
            (double)histogram_at(&total->latency, 990000) / 1000,
            (unsigned long long)total->different, tty && !last ? "" : "\n");
}

static bool wants_more(const struct replay *replay, int64_t now_us)
{
    if (replay->ends_us > 0) {
        return now_us < replay->ends_us;
    }
    return replay->sent + schedule_waiting(replay->schedule) < replay->limit;
}

/* Adds to the schedule what is due by now; returns how long nothing more is due. */
static int64_t add_due(struct replay *replay, int64_t now_us)
{
    /* As fast as possible: enough that no connection waits, not the whole file at once. */
    size_t ahead = 4 * (size_t)replay->options.target.client.connections;
    while (replay->due < replay->traffic.count && wants_more(replay, now_us)) {
        int64_t intended_us = intended_of(replay, replay->due);
        if (intended_us > now_us) {
            return intended_us - now_us;
        }
        if (replay->options.pace == PACE_ASAP && schedule_waiting(replay->schedule) >= ahead) {
            break;
        }
        schedule_add(replay->schedule, replay->due++, intended_us);
    }
    return 100000;
}

static bool run(struct replay *replay)
{
    int64_t now_us = clock_mono_us(), last_answer_us = now_us;
    uint64_t answered = 0;
    replay->results.began_mono_us = now_us;
    replay->ends_us =
        replay->options.duration_s > 0 ? now_us + (int64_t)(replay->options.duration_s * 1e6) : 0;
    begin_pass(replay, now_us);
    for (;;) {
        int64_t wait_us = add_due(replay, now_us);
        send_ready(replay);
        client_poll(replay->client, wait_us < 100000 ? wait_us : 100000, on_result, replay);
        now_us = clock_mono_us();
        print_live(replay, now_us, false);
        if (replay->results.total.count != answered || replay->under_way == 0) {
            answered = replay->results.total.count;
            last_answer_us = now_us;
        } else if (now_us - last_answer_us > GIVE_UP_S * SECOND_US) {
            fprintf(stderr, "holdfast-bench: nothing was answered for %d s\n", GIVE_UP_S);
            break;
        }
        if (replay->under_way > 0 || schedule_waiting(replay->schedule) > 0) {
            continue;
        }
        if (!wants_more(replay, now_us)) {
            break;
        }
        if (replay->due == replay->traffic.count) {
            replay->pass++;
            begin_pass(replay, now_us);
        }
    }
    replay->results.ended_mono_us = now_us;
    print_live(replay, now_us, true);
    return replay->under_way == 0;
}

static void index_messages(struct replay *replay)
{
    struct traffic *traffic = &replay->traffic;
    int32_t *tokens = calloc(traffic->count, sizeof *tokens);
    uint64_t most = 0;
    replay->indexes = calloc(traffic->count, sizeof *replay->indexes);
    replay->intended_us = calloc(traffic->count, sizeof *replay->intended_us);
    assert(tokens && replay->indexes && replay->intended_us);
    replay->least_id = UINT64_MAX;
    for (size_t i = 0; i < traffic->count; i++) {
        const struct traffic_message *message = &traffic->messages[i];
        renumber_index(message->body, message->body_bytes, &replay->indexes[i]);
        uint64_t id = renumber_id_of(message->body, &replay->indexes[i]);
        if (id > 0) {
            replay->least_id = id < replay->least_id ? id : replay->least_id;
            most = id > most ? id : most;
        }
        tokens[i] = message->token;
    }
    replay->id_range = most > replay->least_id ? most - replay->least_id : 0;
    replay->schedule = schedule_create(tokens, traffic->count);
    replay->limit = replay->options.count > 0 ? (uint64_t)replay->options.count : traffic->count;
    free(tokens);
}

/* --- the command --- */

static void print_help(void)
{
    printf(
        "holdfast-bench replay bench/traffic/day.jsonl.gz --sandbox ./sandbox --speed 1440\n"
        "holdfast-bench replay day.jsonl.gz --sandbox ./sandbox --asap --json result.json\n"
        "\n"
        "Sends the file's messages, each at its time, checks every reply, and measures from the\n"
        "moment a message should have been sent. Exit status 4: replies differ from the expected.\n"
        "\n%s"
        "  --speed X           X times as fast as recorded (default 1440: a day in a minute)\n"
        "  --rate N            N messages a second, evenly\n"
        "  --asap              as fast as answers come\n"
        "  --duration S        for so many seconds, over and over; only the first pass is checked\n"
        "  --count N           so many messages\n"
        "  --fresh             with ids, traces, links and dates never seen before (default)\n"
        "  --verbatim          exactly as in the file\n"
        "  --token-shift N     with cards whose tokens are N higher\n"
        "  --json FILE         the results as JSON; - is standard output\n"
        "  --hgrm FILE         the latencies as an HdrHistogram percentile file\n"
        "  --quiet             no progress line, no tables\n",
        target_help);
}

static bool take_option(struct options *options, int option, struct error *error)
{
    double number = 0;
    switch (option) {
    case 's':
        options->pace = PACE_SPEED;
        return target_number("--speed", optarg, 0.001, 1e9, &options->speed, error);
    case 'r':
        options->pace = PACE_RATE;
        return target_number("--rate", optarg, 0.001, 1e6, &options->rate, error);
    case 'a':
        options->pace = PACE_ASAP;
        return true;
    case 'd':
        return target_number("--duration", optarg, 0.1, 1e6, &options->duration_s, error);
    case 'n':
        return target_number("--count", optarg, 1, 1e9, &options->count, error);
    case 't':
        if (!target_number("--token-shift", optarg, 0, 899999999, &number, error)) {
            return false;
        }
        options->token_shift = (int32_t)number;
        return true;
    case 'v':
    case 'f':
        options->verbatim = option == 'v';
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
        return error_set(error, ERROR_INVALID, "replay",
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
        {"speed",       required_argument, NULL, 's'},
        {"rate",        required_argument, NULL, 'r'},
        {"asap",        no_argument,       NULL, 'a'},
        {"duration",    required_argument, NULL, 'd'},
        {"count",       required_argument, NULL, 'n'},
        {"token-shift", required_argument, NULL, 't'},
        {"verbatim",    no_argument,       NULL, 'v'},
        {"fresh",       no_argument,       NULL, 'f'},
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
    if (!options->help && argc - optind != 1) {
        return error_set(error, ERROR_INVALID, "replay", "expected one FILE; --help lists all");
    }
    options->file = argv[optind];
    return true;
}

static void print_results(const struct replay *replay)
{
    const struct results *results = &replay->results;
    if (!replay->options.quiet) {
        FILE *out =
            replay->options.json && strcmp(replay->options.json, "-") == 0 ? stderr : stdout;
        fprintf(out, "\nOutcomes\n");
        results_print_outcomes(results, out);
        fprintf(out, "\nLatency, from the intended time of sending\n");
        results_print_latency(results, out);
        fflush(out);
    }
    if (results->total.different > 0) {
        fprintf(stderr, "\n%llu replies differ from what is expected:\n",
                (unsigned long long)results->total.different);
        results_print_differences(results, stderr);
    }
}

static bool prepare(struct replay *replay, struct error *error)
{
    if (!traffic_read(&replay->traffic, replay->options.file, error)) {
        return false;
    }
    if (replay->traffic.count == 0) {
        return error_set(error, ERROR_INVALID, "traffic", "%.180s has no messages",
                         replay->options.file);
    }
    for (size_t i = 0; i < replay->traffic.count; i++) {
        if (replay->traffic.messages[i].body_bytes > CLIENT_BODY_BYTES) {
            return error_set(error, ERROR_LIMIT, "traffic", "message %zu is over %d bytes", i + 1,
                             CLIENT_BODY_BYTES);
        }
    }
    index_messages(replay);
    /* Connections are made when a message needs one, as the processor does: the first pays for it.
     */
    return client_create(&replay->options.target.client, &replay->client, error);
}

static int status_of(const struct error *error)
{
    return error->code == ERROR_UNAVAILABLE || error->code == ERROR_LATE ? COMMAND_UNREACHABLE
                                                                         : COMMAND_FAILED;
}

static int finish(struct replay *replay, int status)
{
    client_destroy(replay->client);
    schedule_destroy(replay->schedule);
    traffic_finish(&replay->traffic);
    free(replay->indexes);
    free(replay->intended_us);
    return status;
}

int replay_main(int argc, char **argv)
{
    static struct replay replay; /* histograms of every kind: too large for a stack */
    struct error error = {0};
    replay.options.speed = 1440;
    target_init(&replay.options.target, DEFAULT_CONNECTIONS);
    traffic_init(&replay.traffic);
    if (!parse(&replay.options, argc, argv, &error)) {
        fprintf(stderr, "holdfast-bench: %s: %s\n", error.field, error.message);
        return COMMAND_USAGE;
    }
    if (replay.options.help) {
        print_help();
        return COMMAND_OK;
    }
    if (!prepare(&replay, &error)) {
        fprintf(stderr, "holdfast-bench: %s: %s\n", error.field, error.message);
        return finish(&replay, status_of(&error));
    }
    bool complete = run(&replay);
    print_results(&replay);
    bool written = true;
    if (replay.options.json) {
        written = results_write_json(&replay.results, replay.options.json, &error);
    }
    if (written && replay.options.hgrm) {
        written = results_write_hgrm(&replay.results, replay.options.hgrm, &error);
    }
    if (!written) {
        fprintf(stderr, "holdfast-bench: %s: %s\n", error.field, error.message);
    }
    int status = !complete                            ? COMMAND_UNREACHABLE
                 : replay.results.total.different > 0 ? COMMAND_DIFFERENT
                 : written                            ? COMMAND_OK
                                                      : COMMAND_FAILED;
    return finish(&replay, status);
}
