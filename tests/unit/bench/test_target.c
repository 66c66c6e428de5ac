#include <criterion/criterion.h>
#include <string.h>

#include "target.h"

static struct target target;

Test(bench_target, urls_are_taken_apart)
{
    static const struct {
        const char *url, *host;
        int port;
        const char *path;
    } rows[] = {
        {"https://localhost:8443/ehi", "localhost",    8443, "/ehi"},
        {"https://host.example",       "host.example", 443,  "/"   },
        {"https://[::1]:9/a/b",        "::1",          9,    "/a/b"},
        {"https://127.0.0.1/x",        "127.0.0.1",    443,  "/x"  },
    };
    struct error error;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        target_init(&target, 1);
        cr_assert(target_set(&target, "url", rows[i].url, &error), "%s", rows[i].url);
        cr_expect_str_eq(target.host, rows[i].host);
        cr_expect_eq(target.client.port, rows[i].port);
        cr_expect_str_eq(target.path, rows[i].path);
    }
}

Test(bench_target, what_is_no_url_or_number_is_refused_by_name)
{
    static const char *const urls[] = {"http://localhost/", "https://",       "https://h:0/",
                                       "https://h:99999/",  "https://h:12x/", "localhost"};
    struct error error;
    target_init(&target, 1);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        cr_expect_not(target_set(&target, "url", urls[i], &error), "%s", urls[i]);
        cr_expect_str_eq(error.field, "--url");
    }
    cr_expect_not(target_set(&target, "connections", "0", &error));
    cr_expect_not(target_set(&target, "connections", "many", &error));
    cr_expect_str_eq(error.field, "--connections");
}
