#include <criterion/criterion.h>
#include <string.h>

#include "day.h"
#include "stories.h"

static const struct day_options options = {.seed = 7,
                                           .message_count = 2400,
                                           .card_count = 60,
                                           .first_token = 100000001,
                                           .load_major = 100000,
                                           .load_jpy = 10000000};

static struct traffic generate(uint64_t seed)
{
    struct day_options wanted = options;
    struct traffic traffic;
    wanted.seed = seed;
    traffic_init(&traffic);
    day_generate(&wanted, &traffic);
    return traffic;
}

static bool same(const struct traffic *a, const struct traffic *b)
{
    bool equal = a->count == b->count;
    for (size_t i = 0; equal && i < a->count; i++) {
        equal = a->messages[i].at_us == b->messages[i].at_us &&
                strcmp(a->messages[i].body, b->messages[i].body) == 0 &&
                strcmp(a->messages[i].reply.response, b->messages[i].reply.response) == 0;
    }
    return equal;
}

Test(bench_day, the_same_seed_gives_the_same_day_and_another_another)
{
    struct traffic first = generate(7), again = generate(7), other = generate(8);
    cr_assert(same(&first, &again));
    cr_assert_not(same(&first, &other));
    traffic_finish(&first);
    traffic_finish(&again);
    traffic_finish(&other);
}

Test(bench_day, it_is_large_enough_and_in_the_order_of_time)
{
    struct traffic traffic = generate(7);
    cr_assert_geq(traffic.count, 2000);
    cr_assert_geq(traffic.card_count, 50);
    for (size_t i = 1; i < traffic.count; i++) {
        cr_assert_leq(traffic.messages[i - 1].at_us, traffic.messages[i].at_us);
    }
    traffic_finish(&traffic);
}

Test(bench_day, every_kind_of_story_is_told)
{
    struct traffic traffic = generate(7);
    for (size_t kind = 0; kind < stories_count; kind++) {
        size_t count = 0;
        for (size_t i = 0; i < traffic.count; i++) {
            count += strcmp(traffic.messages[i].story, stories[kind].name) == 0;
        }
        cr_expect_gt(count, 0, "%s", stories[kind].name);
    }
    traffic_finish(&traffic);
}

Test(bench_day, both_schemes_three_currencies_and_every_answer_occur)
{
    static const char *const wanted[] = {"<traceid_lifecycle>BNET-",
                                         "<traceid_lifecycle>VIS1-",
                                         "<Bill_Ccy>826<",
                                         "<Bill_Ccy>978<",
                                         "<Bill_Ccy>392<",
                                         "<MTID>0101<",
                                         "<MTID>0120<",
                                         "<MTID>0400<",
                                         "<MTID>0420<"};
    static const char *const answers[] = {"00", "10", "51", "05", "14", "58", "62"};
    struct traffic traffic = generate(7);
    for (size_t w = 0; w < sizeof wanted / sizeof wanted[0]; w++) {
        bool found = false;
        for (size_t i = 0; !found && i < traffic.count; i++) {
            found = strstr(traffic.messages[i].body, wanted[w]) != NULL;
        }
        cr_expect(found, "%s", wanted[w]);
    }
    for (size_t w = 0; w < sizeof answers / sizeof answers[0]; w++) {
        bool found = false;
        for (size_t i = 0; !found && i < traffic.count; i++) {
            found = strcmp(traffic.messages[i].reply.response, answers[w]) == 0;
        }
        cr_expect(found, "%s", answers[w]);
    }
    traffic_finish(&traffic);
}
