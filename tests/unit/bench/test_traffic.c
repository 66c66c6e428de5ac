#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "traffic.h"

static void fill(struct traffic *traffic)
{
    struct traffic_card card = {.token = 100000001, .currency = 826, .load_minor = 5000};
    struct traffic_message message = {
        .at_us = 17,
        .body = (char[]){"<a>\"quoted\" & \xC3\xA9</a>"},
        .body_bytes = sizeof "<a>\"quoted\" & \xC3\xA9</a>" - 1,
        .soapaction = "\"x\"",
        .reply = { .response = "10", .ack = 1, .has_approved = true, .approved_minor = 3000},
        .token = 100000001,
        .currency = 826,
        .kind = "cash",
        .story = "partly approved"
    };
    traffic_init(traffic);
    traffic->seed = 9;
    traffic_add_card(traffic, &card);
    traffic_add(traffic, &message);
    message.reply = (struct traffic_reply){.ack = -1};
    traffic_add(traffic, &message);
}

static void round_trip(const char *name)
{
    char path[64];
    struct traffic written, read;
    struct error error;
    snprintf(path, sizeof path, "/tmp/bench-traffic-%ld-%s", (long)getpid(), name);
    fill(&written);
    traffic_init(&read);
    cr_assert(traffic_write(&written, path, &error), "%s", error.message);
    cr_assert(traffic_read(&read, path, &error), "%s: %s", error.field, error.message);
    unlink(path);
    cr_assert_eq(read.count, 2);
    cr_assert_eq(read.card_count, 1);
    cr_expect_eq(read.seed, 9);
    cr_expect_eq(read.cards[0].load_minor, 5000);
    cr_expect_str_eq(read.messages[0].body, written.messages[0].body);
    cr_expect_str_eq(read.messages[0].reply.response, "10");
    cr_expect_eq(read.messages[0].reply.approved_minor, 3000);
    cr_expect_str_eq(read.messages[0].story, "partly approved");
    cr_expect_eq(read.messages[1].reply.ack, -1);
    cr_expect_str_empty(read.messages[1].reply.response);
    traffic_finish(&written);
    traffic_finish(&read);
}

Test(bench_traffic, what_is_written_is_read_again)
{
    round_trip("plain.jsonl");
}

Test(bench_traffic, also_when_it_is_compressed)
{
    round_trip("packed.jsonl.gz");
}

Test(bench_traffic, an_error_names_the_line)
{
    static const struct {
        const char *name, *text, *field;
    } rows[] = {
        {"no JSON",            "{\"at_us\": 1, \"body\": \"x\"}\nnonsense\n",            "line 2"},
        {"no body",            "{\"at_us\": 1}\n",                                       "line 1"},
        {"no time",            "{\"at_us\": \"1\", \"body\": \"x\"}\n",                  "line 1"},
        {"a card of no money", "{\"cards\": [{\"token\": 1, \"currency\": \"XXX\"}]}\n", "line 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[] = "/tmp/bench-traffic-XXXXXX";
        struct traffic traffic;
        struct error error;
        int fd = mkstemp(path);
        cr_assert(write(fd, rows[i].text, strlen(rows[i].text)) > 0);
        close(fd);
        traffic_init(&traffic);
        cr_expect_not(traffic_read(&traffic, path, &error), "%s", rows[i].name);
        cr_expect_str_eq(error.field, rows[i].field);
        traffic_finish(&traffic);
        unlink(path);
    }
}

Test(bench_traffic, a_file_that_is_not_there_is_not_found)
{
    struct traffic traffic;
    struct error error;
    traffic_init(&traffic);
    cr_assert_not(traffic_read(&traffic, "/nonexistent/day.jsonl", &error));
    cr_assert_eq(error.code, ERROR_NOT_FOUND);
    traffic_finish(&traffic);
}
