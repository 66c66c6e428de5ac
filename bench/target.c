#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/config.h"

const char target_help[] =
    "  --sandbox DIR       the sandbox of that directory: its port and its certificates\n"
    "  --url URL           https://HOST:PORT/PATH (default https://localhost:8443/ehi)\n"
    "  --ca, --cert, --key PEM files (default those of ./sandbox/tls)\n"
    "  --connections N     kept connections\n";

static void set_certificates(struct target *target, const char *directory)
{
    snprintf(target->ca, sizeof target->ca, "%s/tls/ca.pem", directory);
    snprintf(target->certificate, sizeof target->certificate, "%s/tls/client.pem", directory);
    snprintf(target->key, sizeof target->key, "%s/tls/client.key", directory);
}

void target_init(struct target *target, int connections)
{
    *target = (struct target){.host = "localhost", .path = "/ehi"};
    set_certificates(target, "sandbox");
    target->client = (struct client_options){.host = target->host,
                                             .path = target->path,
                                             .port = 8443,
                                             .ca = target->ca,
                                             .certificate = target->certificate,
                                             .key = target->key,
                                             .connections = connections};
}

static bool set_sandbox(struct target *target, const char *directory, struct error *error)
{
    char path[PATH_MAX];
    struct config *config = NULL;
    snprintf(path, sizeof path, "%s/holdfast.conf", directory);
    if (!config_load(path, NULL, &config, error)) {
        return false;
    }
    target->client.port = (int)config_number(config, "listen", "port");
    config_destroy(config);
    set_certificates(target, directory);
    return true;
}

/* https://HOST[:PORT][/PATH]; an IPv6 address stands in brackets. */
static bool set_url(struct target *target, const char *url, struct error *error)
{
    const char *host = url + sizeof "https://" - 1;
    if (strncmp(url, "https://", sizeof "https://" - 1) != 0) {
        return error_set(error, ERROR_INVALID, "--url", "expected https://HOST:PORT/PATH, found %s",
                         url);
    }
    bool bracket = *host == '[';
    host += bracket;
    size_t bytes = strcspn(host, bracket ? "]" : ":/");
    const char *rest = host + bytes + (bracket && host[bytes] == ']');
    long port = 443;
    if (*rest == ':') {
        char *end;
        port = strtol(rest + 1, &end, 10);
        rest = end;
    }
    if (bytes == 0 || bytes >= sizeof target->host || port < 1 || port > 65535 ||
        strlen(rest) >= sizeof target->path || (*rest != '\0' && *rest != '/')) {
        return error_set(error, ERROR_INVALID, "--url", "expected https://HOST:PORT/PATH, found %s",
                         url);
    }
    snprintf(target->host, sizeof target->host, "%.*s", (int)bytes, host);
    snprintf(target->path, sizeof target->path, "%s", *rest ? rest : "/");
    target->client.port = (int)port;
    return true;
}

bool target_number(const char *option, const char *text, double least, double most, double *number,
                   struct error *error)
{
    char *end;
    double value = strtod(text, &end);
    if (*text == '\0' || *end != '\0' || !(value >= least && value <= most)) {
        return error_set(error, ERROR_INVALID, option, "expected a number from %g to %g, found %s",
                         least, most, text);
    }
    *number = value;
    return true;
}

bool target_set(struct target *target, const char *option, const char *value, struct error *error)
{
    double number = 0;
    if (strcmp(option, "url") == 0) {
        return set_url(target, value, error);
    }
    if (strcmp(option, "sandbox") == 0) {
        return set_sandbox(target, value, error);
    }
    if (strcmp(option, "connections") == 0) {
        if (!target_number("--connections", value, 1, CLIENT_CONNECTIONS_MAX, &number, error)) {
            return false;
        }
        target->client.connections = (int)number;
        return true;
    }
    char *path = strcmp(option, "ca") == 0     ? target->ca
                 : strcmp(option, "cert") == 0 ? target->certificate
                                               : target->key;
    snprintf(path, PATH_MAX, "%s", value);
    return true;
}
