/* holdfast-bench: traffic for holdfast, and what came of it. */
#include <stdio.h>
#include <string.h>

#include "commands.h"

static const struct {
    const char *name, *sentence;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"generate", "make a day of traffic with the replies that are expected",      generate_main},
    {"cards",    "the cards that a traffic file needs, for holdfast card import", cards_main   },
    {"replay",   "send a traffic file, check every reply, measure",               replay_main  },
    {"load",     "send simple authorisations as fast as they are answered",       load_main    },
};

static void print_help(FILE *out)
{
    fputs("holdfast-bench generate --seed 1 day.jsonl.gz\n"
          "holdfast-bench replay day.jsonl.gz --sandbox ./sandbox --speed 1440\n"
          "holdfast-bench load --sandbox ./sandbox --connections 64 --seconds 10\n\n",
          out);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].sentence);
    }
    fputs("\n`holdfast-bench COMMAND --help` lists its options. See bench/README.md.\n", out);
}

int main(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(argc < 2 ? stderr : stdout);
        return argc < 2 ? COMMAND_USAGE : COMMAND_OK;
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    fprintf(stderr, "holdfast-bench: unknown command %s\n\n", argv[1]);
    print_help(stderr);
    return COMMAND_USAGE;
}
