#include "ops/sandbox.h"

#include <getopt.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/config.h"
#include "ledger/migrate.h"
#include "ops/sandbox_ca.h"
#include "ops/sandbox_cluster.h"
#include "ops/sandbox_home.h"
#include "ops/sandbox_probe.h"
#include "ops/sandbox_process.h"
#include "ops/sandbox_programme.h"
#include "ops/sandbox_settings.h"

enum {
    STATUS_OK = 0,
    STATUS_FAILED = 1,
    STATUS_USAGE = 2,
    STATUS_UNREACHABLE = 5,
    ASSIGNMENTS_MAX = 64,
    PORT_DEFAULT = 8443,
    ADMIN_PORT_DEFAULT = 9443,
    CONNINFO_BYTES = 2 * PATH_MAX + 128,
};
#define SECOND_US INT64_C(1000000)

struct options {
    const char *directory;
    const char *assignments[ASSIGNMENTS_MAX + 1]; /* of --set, in order, NULL-ended */
    int assignment_count;
    int port, admin_port; /* -1: not given; 0: any free one */
    int64_t cards;        /* 0: not given */
    bool json, help;
};

struct sandbox {
    struct options options;
    struct sandbox_home home;
    struct sandbox_cluster cluster;
    struct sandbox_settings settings;
    char config_path[PATH_MAX];
    int port, admin_port; /* as configured */
    pid_t daemon;         /* 0: not running */
    sigset_t signals;
};

static void print_help(void)
{
    fputs("holdfast sandbox                       a sandbox in ./sandbox\n"
          "holdfast sandbox /tmp/s --port 18443 --admin-port 19443 --cards 600\n"
          "holdfast sandbox --set lanes.count=1 --set 'product 70123.mode=4'\n"
          "\n"
          "Makes a private PostgreSQL, certificates and a programme of cards under DIR, starts "
          "holdfastd\n"
          "on them and runs until Ctrl-C. Started again on the same DIR it carries on.\n"
          "\n"
          "  DIR                     where everything stands (default ./sandbox)\n"
          "  --port N                SOAP endpoint (default 8443; 0: any free port)\n"
          "  --admin-port N          metrics and health (default 9443; 0: any free port)\n"
          "  --cards N               cards to have, a third each in GBP, EUR and JPY (default 12)\n"
          "  --set SECTION.KEY=VALUE any setting of holdfast.conf; may be repeated\n"
          "  --json                  say what is ready as one JSON object\n"
          "  --help                  this text\n",
          stdout);
}

static bool parse_number(const char *text, const char *option, int64_t least, int64_t most,
                         int64_t *number, struct error *error)
{
    char *end;
    long long value = strtoll(text, &end, 10);
    if (*text == '\0' || *end != '\0' || value < least || value > most) {
        return error_set(error, ERROR_INVALID, option,
                         "expected a number from %lld to %lld, found %s", (long long)least,
                         (long long)most, text);
    }
    *number = value;
    return true;
}

static bool take_option(struct options *options, int option, struct error *error)
{
    int64_t number = 0;
    switch (option) {
    case 'p':
        if (!parse_number(optarg, "--port", 0, 65535, &number, error)) {
            return false;
        }
        options->port = (int)number;
        return true;
    case 'a':
        if (!parse_number(optarg, "--admin-port", 0, 65535, &number, error)) {
            return false;
        }
        options->admin_port = (int)number;
        return true;
    case 'c':
        return parse_number(optarg, "--cards", 1, SANDBOX_CARDS_MAX, &options->cards, error);
    case 's':
        if (options->assignment_count == ASSIGNMENTS_MAX) {
            return error_set(error, ERROR_LIMIT, "--set", "at most %d times", ASSIGNMENTS_MAX);
        }
        options->assignments[options->assignment_count++] = optarg;
        return true;
    case 'j':
        options->json = true;
        return true;
    case 'h':
        options->help = true;
        return true;
    default:
        return error_set(error, ERROR_INVALID, "sandbox",
                         "unknown option or missing value; holdfast sandbox --help lists all");
    }
}

static bool parse_options(struct options *options, int argc, char **argv, struct error *error)
{
    static const struct option known[] = {
        {"port",       required_argument, NULL, 'p'},
        {"admin-port", required_argument, NULL, 'a'},
        {"cards",      required_argument, NULL, 'c'},
        {"set",        required_argument, NULL, 's'},
        {"json",       no_argument,       NULL, 'j'},
        {"help",       no_argument,       NULL, 'h'},
        {NULL,         0,                 NULL, 0  },
    };
    int option;
    *options = (struct options){.directory = "sandbox", .port = -1, .admin_port = -1};
    optind = 1;
    opterr = 0;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (!take_option(options, option, error)) {
            return false;
        }
    }
    if (argc - optind > 1) {
        return error_set(error, ERROR_INVALID, "sandbox", "expected one directory, found %d",
                         argc - optind);
    }
    if (argc > optind) {
        options->directory = argv[optind];
    }
    return true;
}

static void say(const struct sandbox *sandbox, const char *line)
{
    if (!sandbox->options.json) {
        printf("  %s\n", line);
        fflush(stdout);
    }
}

static bool set_number(struct sandbox *sandbox, const char *section, int port, struct error *error)
{
    char text[16];
    snprintf(text, sizeof text, "%d", port);
    return sandbox_settings_set(&sandbox->settings, section, "port", text, error);
}

static bool set_database(struct sandbox *sandbox, struct error *error)
{
    static const char *const keys[] = {"writer", "reader", "operator", "admin"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char role[32], conninfo[CONNINFO_BYTES];
        snprintf(role, sizeof role, "holdfast_%s", keys[i]);
        sandbox_cluster_conninfo(&sandbox->cluster, role, conninfo, sizeof conninfo);
        if (!sandbox_settings_set(&sandbox->settings, "database", keys[i], conninfo, error)) {
            return false;
        }
    }
    return true;
}

static bool write_first_settings(struct sandbox *sandbox, struct error *error)
{
    struct sandbox_settings *settings = &sandbox->settings;
    snprintf(settings->text, sizeof settings->text, "%s",
             "# holdfast.conf of a sandbox. Edit it and start the sandbox again; `holdfast sandbox "
             "--set` does the same.\n"
             "# The connections are kept right by the sandbox. Every key: holdfast.conf(5).\n");
    settings->bytes = strlen(settings->text);
    return sandbox_settings_set(settings, "listen", "address", "127.0.0.1", error) &&
           set_number(sandbox, "listen", PORT_DEFAULT, error) &&
           sandbox_settings_set(settings, "tls", "certificate", "tls/server.pem", error) &&
           sandbox_settings_set(settings, "tls", "key", "tls/server.key", error) &&
           sandbox_settings_set(settings, "tls", "client_ca", "tls/ca.pem", error) &&
           sandbox_settings_set(settings, "admin", "address", "127.0.0.1", error) &&
           set_number(sandbox, "admin", ADMIN_PORT_DEFAULT, error) &&
           sandbox_settings_set(settings, "authorisation", "spill", "holdfast.spill", error) &&
           sandbox_settings_set(settings, "product default", "mode", "1", error);
}

/* holdfast.conf: made at first, later only what was asked for changes. */
static bool write_settings(struct sandbox *sandbox, struct error *error)
{
    struct options *options = &sandbox->options;
    bool found;
    if (!sandbox_settings_read(&sandbox->settings, sandbox->config_path, &found, error) ||
        (!found && !write_first_settings(sandbox, error)) || !set_database(sandbox, error)) {
        return false;
    }
    if (options->port >= 0 &&
        !set_number(sandbox, "listen", options->port > 0 ? options->port : sandbox_probe_any(),
                    error)) {
        return false;
    }
    if (options->admin_port >= 0 &&
        !set_number(sandbox, "admin",
                    options->admin_port > 0 ? options->admin_port : sandbox_probe_any(), error)) {
        return false;
    }
    return sandbox_settings_write(&sandbox->settings, sandbox->config_path, error);
}

/* --set: tried on the file first, since a wrong one must not stay in it. */
static bool apply_assignments(struct sandbox *sandbox, struct error *error)
{
    const struct options *options = &sandbox->options;
    struct config *config = NULL;
    if (options->assignment_count == 0) {
        return true;
    }
    if (!config_load(sandbox->config_path, options->assignments, &config, error)) {
        return false;
    }
    config_destroy(config);
    for (int i = 0; i < options->assignment_count; i++) {
        if (!sandbox_settings_assign(&sandbox->settings, options->assignments[i], error)) {
            return false;
        }
    }
    return sandbox_settings_write(&sandbox->settings, sandbox->config_path, error);
}

static bool check_config(struct sandbox *sandbox, struct error *error)
{
    struct config *config = NULL;
    if (!config_load(sandbox->config_path, NULL, &config, error)) {
        return false;
    }
    sandbox->port = (int)config_number(config, "listen", "port");
    sandbox->admin_port = (int)config_number(config, "admin", "port");
    config_destroy(config);
    return sandbox_probe_free(sandbox->port, "--port", error) &&
           sandbox_probe_free(sandbox->admin_port, "--admin-port", error);
}

/* A taken port is said before anything is made, where we know it by then. */
static bool check_ports(const struct sandbox *sandbox, struct error *error)
{
    const struct options *options = &sandbox->options;
    bool fresh = access(sandbox->config_path, F_OK) != 0;
    int port = options->port >= 0 || !fresh ? options->port : PORT_DEFAULT;
    int admin_port = options->admin_port >= 0 || !fresh ? options->admin_port : ADMIN_PORT_DEFAULT;
    return (port <= 0 || sandbox_probe_free(port, "--port", error)) &&
           (admin_port <= 0 || sandbox_probe_free(admin_port, "--admin-port", error));
}

static bool prepare_database(struct sandbox *sandbox, struct error *error)
{
    char conninfo[CONNINFO_BYTES], line[160];
    int applied = 0;
    sandbox_cluster_conninfo(&sandbox->cluster, "holdfast_admin", conninfo, sizeof conninfo);
    if (!migrate_run(conninfo, &applied, error)) {
        return false;
    }
    if (applied > 0) {
        snprintf(line, sizeof line, "schema       %d migrations applied", applied);
        say(sandbox, line);
    }
    int64_t before = sandbox->home.card_count;
    int64_t wanted = sandbox->options.cards;
    if (wanted == 0 && before < SANDBOX_CARDS_DEFAULT) {
        wanted = SANDBOX_CARDS_DEFAULT;
    }
    sandbox_cluster_conninfo(&sandbox->cluster, "holdfast_operator", conninfo, sizeof conninfo);
    if (!sandbox_programme_make(&sandbox->home, conninfo, wanted, error)) {
        return false;
    }
    snprintf(line, sizeof line, "cards        %lld, tokens %d to %lld (%lld new)",
             (long long)sandbox->home.card_count, SANDBOX_FIRST_TOKEN,
             (long long)(SANDBOX_FIRST_TOKEN + sandbox->home.card_count - 1),
             (long long)(sandbox->home.card_count - before));
    say(sandbox, line);
    return true;
}

/* Beside this program, or where a package puts it: bin/ beside sbin/. */
static bool find_daemon(char program[PATH_MAX], struct error *error)
{
    static const char *const places[] = {"/holdfastd", "/../sbin/holdfastd"};
    char here[PATH_MAX];
    ssize_t bytes = readlink("/proc/self/exe", here, sizeof here - 1);
    here[bytes > 0 ? bytes : 0] = '\0';
    const char *slash = bytes > 0 ? memrchr(here, '/', (size_t)bytes) : NULL;
    if (!slash) {
        return error_set_errno(error, ERROR_NOT_FOUND, "holdfastd", "cannot tell where we are");
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        int used = snprintf(program, PATH_MAX, "%.*s%s", (int)(slash - here), here, places[i]);
        if (used < PATH_MAX && access(program, X_OK) == 0) {
            return true;
        }
    }
    return error_set(error, ERROR_NOT_FOUND, "holdfastd", "expected beside this program, in %.160s",
                     dirname(here));
}

static bool start_daemon(struct sandbox *sandbox, struct error *error)
{
    char program[PATH_MAX], log_path[PATH_MAX];
    if (!find_daemon(program, error)) {
        return false;
    }
    const char *const argv[] = {program, "-c", sandbox->config_path, NULL};
    struct sandbox_process process = {
        .argv = argv,
        .log_path = sandbox_home_path(&sandbox->home, "log/holdfastd.log", log_path),
        .death_signal = SIGTERM,
    };
    return sandbox_process_start(&process, &sandbox->daemon, error);
}

/* False with ERROR_NONE: a signal asked us to stop meanwhile. */
static bool await_daemon(struct sandbox *sandbox, struct error *error)
{
    char body[256] = "";
    int64_t deadline_mono_us = clock_mono_us() + 60 * SECOND_US;
    while (clock_mono_us() < deadline_mono_us) {
        if (sandbox_process_ended(sandbox->daemon, 0, NULL)) {
            sandbox->daemon = 0;
            return error_set(error, ERROR_UNAVAILABLE, "holdfastd",
                             "ended at once; the reason is at the end of %.120s/log/holdfastd.log",
                             sandbox->home.directory);
        }
        if (sandbox_probe_get(sandbox->admin_port, "/readyz", body, sizeof body) == 200) {
            return true;
        }
        struct timespec wait = {.tv_nsec = 20000000};
        sigset_t stop = sandbox->signals;
        sigdelset(&stop, SIGCHLD);
        if (sigtimedwait(&stop, NULL, &wait) > 0) {
            error->code = ERROR_NONE;
            return false;
        }
    }
    return error_set(error, ERROR_LATE, "holdfastd",
                     "not ready after a minute: %.100s; see %.60s/log/holdfastd.log", body,
                     sandbox->home.directory);
}

static void print_json(const struct sandbox *sandbox)
{
    /* A path may have quotes; JSON wants them escaped. */
    char directory[2 * PATH_MAX];
    size_t used = 0;
    for (const char *c = sandbox->home.directory; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            directory[used++] = '\\';
        }
        directory[used++] = *c;
    }
    directory[used] = '\0';
    printf("{\"directory\": \"%s\", \"config\": \"%s/holdfast.conf\", \"soap\": "
           "\"https://localhost:%d/ehi\", \"admin\": \"http://localhost:%d\", \"cards\": %lld, "
           "\"ready\": true}\n",
           directory, directory, sandbox->port, sandbox->admin_port,
           (long long)sandbox->home.card_count);
    fflush(stdout);
}

static void print_ready(const struct sandbox *sandbox)
{
    const char *directory = sandbox->home.directory;
    if (sandbox->options.json) {
        print_json(sandbox);
        return;
    }
    printf(
        "  ready        https://localhost:%d/ehi (SOAP), http://localhost:%d (/metrics /livez "
        "/readyz)\n\n"
        "A first authorisation, GBP 4.20 on card %d:\n\n"
        "  curl --cacert '%s/tls/ca.pem' --cert '%s/tls/client.pem' --key '%s/tls/client.key' \\\n"
        "    -H 'Content-Type: application/xml' \\\n"
        "    -H 'SOAPAction: \"http://tempuri.org/IEndpointVersion52/GetTransaction\"' \\\n"
        "    --data-binary '@%s/first-authorisation.xml' https://localhost:%d/ehi\n\n"
        "Then look at it:\n\n"
        "  export HOLDFAST_CONFIG='%s/holdfast.conf'\n"
        "  holdfast card show %d\n"
        "  holdfast auth list\n\n"
        "Ctrl-C stops everything.\n",
        sandbox->port, sandbox->admin_port, SANDBOX_FIRST_TOKEN, directory, directory, directory,
        directory, sandbox->port, directory, SANDBOX_FIRST_TOKEN);
    fflush(stdout);
}

/* Runs until told to stop (0), or until one of the processes ends by itself (1). */
static int watch(struct sandbox *sandbox)
{
    for (;;) {
        const struct timespec second = {.tv_sec = 1};
        int number = sigtimedwait(&sandbox->signals, NULL, &second);
        if (number > 0 && number != SIGCHLD) {
            return STATUS_OK;
        }
        const char *name = NULL;
        if (sandbox_process_ended(sandbox->daemon, 0, NULL)) {
            sandbox->daemon = 0;
            name = "holdfastd";
        } else if (sandbox_process_ended(sandbox->cluster.server, 0, NULL)) {
            sandbox->cluster.server = 0;
            name = "postgres";
        }
        if (name) {
            fprintf(stderr, "holdfast: %s ended by itself; see %s/log/%s.log\n", name,
                    sandbox->home.directory, name);
            return STATUS_FAILED;
        }
    }
}

static bool bring_up(struct sandbox *sandbox, struct error *error)
{
    char path[PATH_MAX], line[PATH_MAX + 64];
    bool made;
    if (!sandbox_home_open(&sandbox->home, sandbox->options.directory, error)) {
        return false;
    }
    sandbox_home_path(&sandbox->home, "holdfast.conf", sandbox->config_path);
    if (!sandbox->options.json) {
        printf("holdfast sandbox in %s\n", sandbox->home.directory);
    }
    if (!check_ports(sandbox, error) ||
        !sandbox_ca_make(sandbox_home_path(&sandbox->home, "tls", path), &made, error) ||
        !sandbox_cluster_start(&sandbox->cluster, sandbox->home.directory, &made, error)) {
        return false;
    }
    snprintf(line, sizeof line, "postgresql   %s, %s", sandbox->cluster.binaries,
             made ? "a new cluster" : "as it was left");
    say(sandbox, line);
    return write_settings(sandbox, error) && apply_assignments(sandbox, error) &&
           check_config(sandbox, error) && prepare_database(sandbox, error) &&
           sandbox_programme_write_example(
               sandbox_home_path(&sandbox->home, "first-authorisation.xml", path), error) &&
           start_daemon(sandbox, error) && await_daemon(sandbox, error);
}

/* The daemon first, so that it finishes what it has begun while the database is there. */
static bool take_down(struct sandbox *sandbox)
{
    bool clean = sandbox_process_stop(&sandbox->daemon, SIGTERM, 30 * SECOND_US);
    if (!clean) {
        fprintf(stderr, "holdfast: holdfastd did not end within 30 s and was killed\n");
    }
    sandbox_cluster_stop(&sandbox->cluster);
    sandbox_home_close(&sandbox->home);
    return clean;
}

static int status_of(const struct error *error)
{
    switch (error->code) {
    case ERROR_NONE:
        return STATUS_OK;
    case ERROR_INVALID:
        return STATUS_USAGE;
    case ERROR_UNAVAILABLE:
    case ERROR_LATE:
        return STATUS_UNREACHABLE;
    case ERROR_NOT_FOUND:
    case ERROR_CONFLICT:
    case ERROR_LIMIT:
    case ERROR_INTERNAL:
        return STATUS_FAILED;
    }
    return STATUS_FAILED;
}

int sandbox_main(int argc, char **argv)
{
    static struct sandbox sandbox; /* its settings are too large for a stack */
    struct error error = {.code = ERROR_NONE};
    sandbox.home.lock = -1;
    if (!parse_options(&sandbox.options, argc, argv, &error)) {
        fprintf(stderr, "holdfast: %s: %s\n", error.field, error.message);
        return STATUS_USAGE;
    }
    if (sandbox.options.help) {
        print_help();
        return STATUS_OK;
    }
    sigemptyset(&sandbox.signals);
    sigaddset(&sandbox.signals, SIGINT);
    sigaddset(&sandbox.signals, SIGTERM);
    sigaddset(&sandbox.signals, SIGHUP);
    sigaddset(&sandbox.signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &sandbox.signals, NULL);
    int status;
    if (bring_up(&sandbox, &error)) {
        print_ready(&sandbox);
        status = watch(&sandbox);
    } else {
        status = status_of(&error);
        if (status != STATUS_OK) {
            fprintf(stderr, "holdfast: %s: %s\n", error.field, error.message);
        }
    }
    bool clean = take_down(&sandbox);
    return status == STATUS_OK && !clean ? STATUS_FAILED : status;
}
