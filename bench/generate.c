#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/money.h"
#include "commands.h"
#include "day.h"

static void print_help(void)
{
    fputs("holdfast-bench generate --seed 1 day.jsonl.gz\n"
          "holdfast-bench generate --messages 20000 --cards 600 -\n"
          "\n"
          "  FILE            where to; compressed when it ends in .gz, - is standard output\n"
          "  --seed N        the same seed gives the same file (default 1)\n"
          "  --messages N    about so many messages (default 2400)\n"
          "  --cards N       cards 100000001 and on (default 60)\n"
          "  --load AMOUNT   what is on a GBP or EUR card at first (default 100000)\n"
          "  --load-jpy N    what is on a JPY card (default 10000000)\n",
          stdout);
}

static bool number_in(const char *text, int64_t least, int64_t most, int64_t *number)
{
    char *end;
    long long value = strtoll(text, &end, 10);
    if (*text == '\0' || *end != '\0' || value < least || value > most) {
        fprintf(stderr, "holdfast-bench: expected a number from %lld to %lld, found %s\n",
                (long long)least, (long long)most, text);
        return false;
    }
    *number = value;
    return true;
}

static bool parse(int argc, char **argv, struct day_options *options, bool *help)
{
    static const struct option known[] = {
        {"seed",     required_argument, NULL, 's'},
        {"messages", required_argument, NULL, 'm'},
        {"cards",    required_argument, NULL, 'c'},
        {"load",     required_argument, NULL, 'l'},
        {"load-jpy", required_argument, NULL, 'j'},
        {"help",     no_argument,       NULL, 'h'},
        {NULL,       0,                 NULL, 0  },
    };
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        int64_t number = 0;
        bool good = false;
        switch (option) {
        case 's':
            good = number_in(optarg, 0, INT64_MAX, &number);
            options->seed = (uint64_t)number;
            break;
        case 'm':
            good = number_in(optarg, 100, 1000000, &number);
            options->message_count = (int)number;
            break;
        case 'c':
            good = number_in(optarg, 6, 100000, &number);
            options->card_count = (int)number;
            break;
        case 'l':
            good = number_in(optarg, 1000, 10000000, &options->load_major);
            break;
        case 'j':
            good = number_in(optarg, 100000, 1000000000, &options->load_jpy);
            break;
        case 'h':
            *help = good = true;
            break;
        default:
            break;
        }
        if (!good) {
            return false;
        }
    }
    return true;
}

int generate_main(int argc, char **argv)
{
    struct day_options options = {.seed = 1,
                                  .message_count = 2400,
                                  .card_count = 60,
                                  .first_token = 100000001,
                                  .load_major = 100000,
                                  .load_jpy = 10000000};
    bool help = false;
    struct error error;
    if (!parse(argc, argv, &options, &help) || (!help && argc - optind != 1)) {
        fputs("holdfast-bench: generate takes one FILE; --help lists its options\n", stderr);
        return COMMAND_USAGE;
    }
    if (help) {
        print_help();
        return COMMAND_OK;
    }
    struct traffic traffic;
    traffic_init(&traffic);
    day_generate(&options, &traffic);
    bool written = traffic_write(&traffic, argv[optind], &error);
    if (!written) {
        fprintf(stderr, "holdfast-bench: %s: %s\n", error.field, error.message);
    } else {
        fprintf(stderr, "%zu messages over %zu cards, seed %llu\n", traffic.count,
                traffic.card_count, (unsigned long long)traffic.seed);
    }
    traffic_finish(&traffic);
    return written ? COMMAND_OK : COMMAND_FAILED;
}

int cards_main(int argc, char **argv)
{
    struct error error;
    struct traffic traffic;
    char load[MONEY_TEXT_BYTES];
    if (argc != 2 || argv[1][0] == '-') {
        fputs("holdfast-bench cards FILE > cards.csv; holdfast card import cards.csv\n",
              argc == 2 ? stdout : stderr);
        return argc == 2 ? COMMAND_OK : COMMAND_USAGE;
    }
    traffic_init(&traffic);
    if (!traffic_read(&traffic, argv[1], &error)) {
        fprintf(stderr, "holdfast-bench: %s: %s\n", error.field, error.message);
        traffic_finish(&traffic);
        return COMMAND_FAILED;
    }
    printf("token,currency,load\n");
    for (size_t i = 0; i < traffic.card_count; i++) {
        const struct traffic_card *card = &traffic.cards[i];
        printf("%d,%s,%s\n", card->token, money_alpha(card->currency),
               money_format_plain(card->load_minor, card->currency, load));
    }
    traffic_finish(&traffic);
    return COMMAND_OK;
}
