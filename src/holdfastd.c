/* holdfastd: the daemon. Loads the configuration, makes the rooms bottom-up, runs until a signal,
 * drains, and ends them top-down. Nothing is decided here. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>

#include "authz/authz.h"
#include "base/config.h"
#include "base/log.h"
#include "ledger/ledger.h"
#include "ops/admin.h"
#include "ops/housekeeping.h"
#include "soap/soap.h"

enum { EXIT_OK = 0, EXIT_CONFIGURATION = 2 };
#define US_PER_DAY INT64_C(86400000000)

enum { OVERRIDES_MAX = 64, PRODUCTS_MAX = 256, US_PER_MS = 1000, PATIENCE_US = 5000000 };

static const char usage[] =
    "usage: holdfastd -c FILE [-t] [--set SECTION.KEY=VALUE]...\n"
    "\n"
    "  holdfastd -c /etc/holdfast/holdfast.conf\n"
    "\n"
    "  -c, --config FILE   the configuration; else HOLDFAST_CONFIG names it\n"
    "  -t, --test          check the configuration and exit\n"
    "      --set S.K=V     one setting, before the file's (repeatable)\n"
    "      --example       print a configuration with every key and its default\n"
    "      --man           print holdfast.conf(5)\n"
    "  -h, --help          this text\n"
    "  -V, --version       the version\n"
    "\n"
    "SIGTERM and SIGINT answer what is in flight and end it; SIGHUP reads the certificates again.\n"
    "Exit status: 0 ended as asked, 2 wrong usage or configuration.\n";

struct arguments {
    const char *config;
    const char *overrides[OVERRIDES_MAX + 1];
    int override_count;
    bool only_test;
};

struct rooms {
    struct metrics *metrics;
    struct authz *authz;
    struct endpoint *endpoint;
    struct admin *admin;
    struct housekeeping *housekeeping;
    struct product_settings products[PRODUCTS_MAX];
};

/* Returns the exit status, or -1 to go on. */
static int parse_arguments(int argc, char **argv, struct arguments *arguments)
{
    static const struct option options[] = {
        {"config",  required_argument, NULL, 'c'},
        {"test",    no_argument,       NULL, 't'},
        {"set",     required_argument, NULL, 's'},
        {"example", no_argument,       NULL, 'e'},
        {"man",     no_argument,       NULL, 'm'},
        {"help",    no_argument,       NULL, 'h'},
        {"version", no_argument,       NULL, 'V'},
        {NULL,      0,                 NULL, 0  },
    };
    int option;

    arguments->config = getenv("HOLDFAST_CONFIG");
    while ((option = getopt_long(argc, argv, "c:thV", options, NULL)) != -1) {
        if (option == 'c') {
            arguments->config = optarg;
        } else if (option == 't') {
            arguments->only_test = true;
        } else if (option == 's' && arguments->override_count < OVERRIDES_MAX) {
            arguments->overrides[arguments->override_count++] = optarg;
        } else if (option == 'h') {
            fputs(usage, stdout);
            return EXIT_OK;
        } else if (option == 'e') {
            config_print_example(stdout);
            return EXIT_OK;
        } else if (option == 'm') {
            fputs(".TH HOLDFAST.CONF 5 \"\" \"holdfast " HOLDFAST_VERSION "\"\n"
                  ".SH NAME\nholdfast.conf \\- configuration of holdfast\n.SH DESCRIPTION\n",
                  stdout);
            config_print_man(stdout);
            return EXIT_OK;
        } else if (option == 'V') {
            puts("holdfastd " HOLDFAST_VERSION);
            return EXIT_OK;
        } else {
            fputs("holdfastd --help says what can be given\n", stderr);
            return EXIT_CONFIGURATION;
        }
    }
    if (optind < argc || arguments->config == NULL) {
        fputs(usage, stderr);
        return EXIT_CONFIGURATION;
    }
    return -1;
}

/* A start-up error: what, where, and what to do about it. */
static int refuse(const char *config, const struct error *error)
{
    fprintf(stderr, "holdfastd: %s: %s: %s\n", config, error->field, error->message);
    return EXIT_CONFIGURATION;
}

/* Settings without which nothing can run, and for which there is no default. */
static bool check_complete(const struct config *config, struct error *error)
{
    static const struct {
        const char *section, *key, *remedy;
    } needed[] = {
        {"tls",      "certificate", "name the PEM file with the server's certificate"                    },
        {"tls",      "key",         "name the PEM file with the server's private key"                    },
        {"tls",      "client_ca",   "name the PEM file with the authority of the processor's certificate"},
        {"database", "writer",      "give the connection string of the writer role"                      },
    };

    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (config_text(config, needed[i].section, needed[i].key)[0] == '\0') {
            char field[sizeof error->field];
            snprintf(field, sizeof field, "%s.%s", needed[i].section, needed[i].key);
            return error_set(error, ERROR_INVALID, field, "is not set: %s", needed[i].remedy);
        }
    }
    return true;
}

/* Connection strings that no server could ever take; whether one answers is seen when it is asked.
 */
static bool check_conninfos(const struct config *config, struct error *error)
{
    static const char *const keys[] = {"writer", "operator", "reader", "admin"};

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char where[CONFIG_WHERE_BYTES];
        if (!ledger_check_conninfo(config_text(config, "database", keys[i]),
                                   config_where(config, "database", keys[i], where), error)) {
            return false;
        }
    }
    return true;
}

static void configure_log(const struct config *config)
{
    static const char *const levels[] = {"debug", "info", "warning", "error"};
    enum log_level level = LOG_LEVEL_INFO;

    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        if (strcmp(config_text(config, "log", "level"), levels[i]) == 0) {
            level = (enum log_level)i;
        }
    }
    log_configure(level,
                  strcmp(config_text(config, "log", "format"), "json") == 0 ? LOG_FORMAT_JSON
                                                                            : LOG_FORMAT_LOGFMT,
                  "holdfastd");
}

/* As many descriptors as we may have; no core file, which would hold what the log never says. */
static void set_limits(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* Signals are taken by sigwait in serve(); every thread made later inherits the mask. */
static sigset_t block_signals(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signals;
}

static enum message_scheme parse_scheme(const char *text)
{
    if (strcmp(text, "mastercard") == 0) {
        return SCHEME_MASTERCARD;
    }
    return strcmp(text, "visa") == 0 ? SCHEME_VISA : SCHEME_UNKNOWN;
}

static struct product_settings read_product(const struct config *config, int i)
{
    return (struct product_settings){
        .number = config_product_number(config, i),
        .mode = (int)config_product_number_of(config, i, "mode"),
        .scheme = parse_scheme(config_product_text(config, i, "scheme")),
        .show_overdraft = config_product_flag(config, i, "show_overdraft"),
        .stand_in = config_product_flag(config, i, "stand_in"),
        .partial_min_minor = config_product_number_of(config, i, "partial_min_minor"),
    };
}

/* The default comes first; without a section of its own it is mode 1 and the table's defaults. */
static bool read_products(const struct config *config, struct product_settings *products,
                          int *count, struct error *error)
{
    int sections = config_product_count(config);

    products[0] = (struct product_settings){.mode = 1, .partial_min_minor = 100};
    *count = 1;
    if (sections >= PRODUCTS_MAX) {
        return error_set(error, ERROR_LIMIT, "product", "more than %d products", PRODUCTS_MAX - 1);
    }
    for (int i = 0; i < sections; i++) {
        if (config_product_number(config, i) == 0) {
            products[0] = read_product(config, i);
        } else {
            products[(*count)++] = read_product(config, i);
        }
    }
    return true;
}

static bool make_authz(const struct config *config, struct rooms *rooms, struct error *error)
{
    struct authz_options options = {
        .writer_conninfo = config_text(config, "database", "writer"),
        .instance = config_text(config, "instance", "name"),
        .spill_path = config_text(config, "authorisation", "spill"),
        .lane_count = (int)config_number(config, "lanes", "count"),
        .batch_max = (int)config_number(config, "lanes", "batch_max"),
        .queue_max = (int)config_number(config, "lanes", "queue_max"),
        .cache_cards = config_number(config, "lanes", "cache"),
        .budget_us = config_number(config, "authorisation", "budget_ms") * US_PER_MS,
        .database_timeout_us = config_number(config, "database", "timeout_ms") * US_PER_MS,
        .products = rooms->products,
        .metrics = rooms->metrics,
    };

    if (options.spill_path[0] == '\0') {
        log_warning("no_spill", log_text("setting", "authorisation.spill"),
                    log_text("message", "declines that cannot be stored at once, and approvals to "
                                        "be taken back, do not outlive the process"));
    }
    return read_products(config, rooms->products, &options.product_count, error) &&
           authz_create(&options, &rooms->authz, error);
}

static struct endpoint_options read_endpoint(const struct config *config)
{
    return (struct endpoint_options){
        .address = config_text(config, "listen", "address"),
        .port = (int)config_number(config, "listen", "port"),
        .paths = config_text(config, "listen", "path"),
        .threads = (int)config_number(config, "listen", "threads"),
        .connections_max = (int)config_number(config, "listen", "connections_max"),
        .body_max = config_number(config, "listen", "body_max"),
        .header_us = config_number(config, "listen", "header_ms") * US_PER_MS,
        .body_us = config_number(config, "listen", "body_ms") * US_PER_MS,
        .idle_us = config_number(config, "listen", "idle_ms") * US_PER_MS,
        .certificate = config_text(config, "tls", "certificate"),
        .key = config_text(config, "tls", "key"),
        .client_ca = config_text(config, "tls", "client_ca"),
        .deny = config_text(config, "tls", "deny"),
        .priorities = config_text(config, "tls", "priorities"),
        .tickets = config_flag(config, "tls", "tickets"),
        .reply_host = config_text(config, "listen", "reply_host"),
        .reply_shape_message = strcmp(config_text(config, "listen", "reply_shape"), "message") == 0,
        .reply_namespace = config_text(config, "listen", "reply_namespace"),
    };
}

static bool make_endpoint(const struct config *config, struct rooms *rooms, struct error *error)
{
    struct endpoint_options options = read_endpoint(config);

    options.authz = rooms->authz;
    options.metrics = rooms->metrics;
    return endpoint_create(&options, &rooms->endpoint, error);
}

static bool make_admin(const struct config *config, struct rooms *rooms, struct error *error)
{
    struct admin_options options = {
        .address = config_text(config, "admin", "address"),
        .port = (int)config_number(config, "admin", "port"),
        .authz = rooms->authz,
        .metrics = rooms->metrics,
    };

    return admin_create(&options, &rooms->admin, error);
}

static bool make_housekeeping(const struct config *config, struct rooms *rooms, struct error *error)
{
    int64_t timeout_us = config_number(config, "database", "timeout_ms") * US_PER_MS;
    struct housekeeping_options options = {
        .ledger = {.conninfo = config_text(config, "database", "writer"),
                   .source = config_text(config, "instance", "name"),
                   .program = "holdfastd housekeeping",
                   .connect_timeout_us = timeout_us},
        .timeout_us = timeout_us,
        .park_us = config_number(config, "authorisation", "park_days") * US_PER_DAY,
        .authz = rooms->authz,
        .metrics = rooms->metrics,
    };

    return housekeeping_create(&options, &rooms->housekeeping, error);
}

static bool make_rooms(const struct config *config, struct rooms *rooms, struct error *error)
{
    rooms->metrics = metrics_create();
    struct metric *build = metric_make(rooms->metrics, METRIC_GAUGE, "holdfast_build_info",
                                       "version", "1, labelled with the version that runs");
    metric_set(build, 1, HOLDFAST_VERSION, NULL, NULL);
    return make_authz(config, rooms, error) && make_endpoint(config, rooms, error) &&
           make_housekeeping(config, rooms, error) && make_admin(config, rooms, error);
}

/* Every request in flight is answered before its connection ends, and stored before its lane does.
 */
static void drain(struct rooms *rooms)
{
    if (rooms->admin != NULL) {
        admin_drain(rooms->admin);
    }
    if (rooms->endpoint != NULL) {
        endpoint_quiesce(rooms->endpoint);
    }
    endpoint_destroy(rooms->endpoint);
    admin_destroy(rooms->admin);
    housekeeping_stop(rooms->housekeeping);
    authz_destroy(rooms->authz, PATIENCE_US);
    housekeeping_destroy(rooms->housekeeping);
    metrics_destroy(rooms->metrics);
}

static void reload(struct endpoint *endpoint)
{
    struct error error;

    (void)sd_notify(0, "RELOADING=1");
    if (endpoint_reload(endpoint, &error)) {
        log_info("certificates_reloaded", log_text("signal", "SIGHUP"));
    } else {
        log_error_of("reload_failed", &error);
    }
    (void)sd_notify(0, "READY=1");
}

static void serve(const struct rooms *rooms, const sigset_t *signals)
{
    int signal_number = 0;

    log_info("listening", log_number("port", endpoint_port(rooms->endpoint)),
             log_number("admin_port", admin_port(rooms->admin)));
    (void)sd_notify(0, "READY=1\nSTATUS=deciding");
    while (sigwait(signals, &signal_number) != 0 || signal_number == SIGHUP) {
        if (signal_number == SIGHUP) {
            reload(rooms->endpoint);
        }
    }
    log_info("draining", log_text("signal", signal_number == SIGTERM ? "SIGTERM" : "SIGINT"));
    (void)sd_notify(0, "STOPPING=1\nSTATUS=draining");
}

/* The daemon's life; returns the exit status. */
static int run(const char *path, const struct config *config)
{
    static struct rooms rooms;
    struct error error;
    int status = EXIT_OK;

    configure_log(config);
    set_limits();
    sigset_t signals = block_signals();
    if (make_rooms(config, &rooms, &error)) {
        serve(&rooms, &signals);
    } else {
        status = refuse(path, &error);
    }
    drain(&rooms);
    if (status == EXIT_OK) {
        log_info("ended", log_number("status", status));
    }
    return status;
}

/* Everything that can be known to be wrong without a database and a port. */
static bool check(const struct config *config, struct error *error)
{
    struct endpoint_options endpoint = read_endpoint(config);

    return check_complete(config, error) && check_conninfos(config, error) &&
           endpoint_check(&endpoint, error);
}

int main(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct config *config;
    struct error error;

    int status = parse_arguments(argc, argv, &arguments);
    if (status >= 0) {
        return status;
    }
    if (!config_load(arguments.config, arguments.overrides, &config, &error)) {
        return refuse(arguments.config, &error);
    }
    if (!check(config, &error)) {
        status = refuse(arguments.config, &error);
    } else if (arguments.only_test) {
        printf("%s: fine\n", arguments.config);
        status = EXIT_OK;
    } else {
        status = run(arguments.config, config);
    }
    config_destroy(config);
    return status;
}
