/* The endpoint alone, with a stand-in behind it that approves what it can read: what the wire tests
 * drive. It listens on a free port, says so on its standard output, says there what it was given,
 * and takes commands from its standard input: delay MS, slots N, reload, quiesce, metrics, quit.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "soap/soap.h"

enum { SLOTS = 512 };

struct slot {
    struct request request;
    int64_t due_mono_us;
    struct slot *next;
};

/* The stand-in for authz/: a queue and a thread that answers when a message is due. */
struct authz {
    pthread_mutex_t mutex;
    pthread_cond_t more;
    struct slot slots[SLOTS];
    struct slot *free;
    struct slot *first, *last;
    int64_t delay_us;
    bool none_left, ending;
};

struct request *authz_request_take(struct authz *authz, const struct message *message)
{
    (void)message;
    pthread_mutex_lock(&authz->mutex);
    struct slot *slot = authz->none_left ? NULL : authz->free;
    if (slot != NULL) {
        authz->free = slot->next;
    }
    pthread_mutex_unlock(&authz->mutex);
    return slot == NULL ? NULL : &slot->request;
}

static void put_locked(struct authz *authz, struct slot *slot)
{
    slot->next = authz->free;
    authz->free = slot;
}

void authz_request_put(struct authz *authz, struct request *request)
{
    pthread_mutex_lock(&authz->mutex);
    put_locked(authz, (struct slot *)request);
    pthread_mutex_unlock(&authz->mutex);
}

void authz_submit(struct authz *authz, struct request *request)
{
    struct slot *slot = (struct slot *)request;
    slot->next = NULL;
    pthread_mutex_lock(&authz->mutex);
    slot->due_mono_us = clock_mono_us() + authz->delay_us;
    *(authz->first == NULL ? &authz->first : &authz->last->next) = slot;
    authz->last = slot;
    pthread_cond_signal(&authz->more);
    pthread_mutex_unlock(&authz->mutex);
}

static bool is_request(const struct message *message)
{
    return (message->type == 'A' || message->type == 'M') && message->authorised_by != 'Y' &&
           message->mtid < 300 && message->mtid >= 100;
}

struct reply authz_refusal(const struct authz *authz, const struct message *message,
                           enum reason reason)
{
    (void)authz;
    (void)reason;
    struct reply reply = {.response = "05", .acknowledged = true};
    if (!is_request(message)) {
        memcpy(reply.response, "96", 3);
        reply.acknowledged = false;
    }
    reply.cut_off = message->operation == MESSAGE_CUT_OFF;
    return reply;
}

static struct reply answer(const struct authz *authz, const struct message *message)
{
    if (message->malformed_field != NULL) {
        return authz_refusal(authz, message, REASON_MALFORMED);
    }
    return (struct reply){.response = "00",
                          .acknowledged = true,
                          .has_balances = true,
                          .currency = message->bill_currency,
                          .posted_minor = 25000,
                          .available_minor = 22655,
                          .cut_off = message->operation == MESSAGE_CUT_OFF};
}

static void say(const struct request *request)
{
    const struct message *message = &request->message;
    printf("message txn_id=%llu cutoff_id=%lld token=%d unreadable=%d malformed=%s request=%s "
           "waited_us=%lld fields=%u merchant=\"%s\"\n",
           (unsigned long long)message->txn_id, (long long)message->cutoff_id, message->token,
           request->unreadable, message->malformed_field == NULL ? "-" : message->malformed_field,
           message->request_id, (long long)(request->parsed_mono_us - request->arrived_mono_us),
           message->fields_bytes, message->merchant_name);
    fflush(stdout);
}

static void *answer_all(void *context)
{
    struct authz *authz = context;
    pthread_mutex_lock(&authz->mutex);
    while (!authz->ending || authz->first != NULL) {
        struct slot *slot = authz->first;
        if (slot == NULL) {
            pthread_cond_wait(&authz->more, &authz->mutex);
            continue;
        }
        authz->first = slot->next;
        pthread_mutex_unlock(&authz->mutex);
        for (int64_t left; (left = slot->due_mono_us - clock_mono_us()) > 0;) {
            usleep((useconds_t)(left < 100000 ? left : 100000));
        }
        say(&slot->request);
        struct reply reply = answer(authz, &slot->request.message);
        if (slot->request.on_reply != NULL) {
            slot->request.on_reply(slot->request.context, &reply, REASON_APPROVED);
        }
        pthread_mutex_lock(&authz->mutex);
        put_locked(authz, slot);
    }
    pthread_mutex_unlock(&authz->mutex);
    return NULL;
}

static void run_command(const char *line, struct authz *authz, struct endpoint *endpoint,
                        struct metrics *metrics)
{
    struct error error;
    char word[32] = "";
    long number = 0;
    sscanf(line, "%31s %ld", word, &number);
    pthread_mutex_lock(&authz->mutex);
    if (strcmp(word, "delay") == 0) {
        authz->delay_us = number * 1000;
    } else if (strcmp(word, "slots") == 0) {
        authz->none_left = number == 0;
    }
    pthread_mutex_unlock(&authz->mutex);
    if (strcmp(word, "metrics") == 0) {
        metrics_print(metrics, stdout, 0);
    } else if (strcmp(word, "quiesce") == 0) {
        endpoint_quiesce(endpoint);
    } else if (strcmp(word, "reload") == 0 && !endpoint_reload(endpoint, &error)) {
        printf("error %s: %s\n", error.field, error.message);
    }
    printf("done %s\n", word);
    fflush(stdout);
}

/* "name=value" from the command line, or what is usual. */
static const char *argument(char **arguments, const char *name, const char *usual)
{
    size_t bytes = strlen(name);
    for (; *arguments != NULL; arguments++) {
        if (strncmp(*arguments, name, bytes) == 0 && (*arguments)[bytes] == '=') {
            return *arguments + bytes + 1;
        }
    }
    return usual;
}

static int64_t number(char **arguments, const char *name, const char *usual)
{
    return strtoll(argument(arguments, name, usual), NULL, 10);
}

static struct endpoint_options options_from(char **arguments)
{
    return (struct endpoint_options){
        .address = argument(arguments, "address", "127.0.0.1"),
        .paths = argument(arguments, "paths", "/ehi,/ehi/cutoff"),
        .threads = (int)number(arguments, "threads", "2"),
        .connections_max = (int)number(arguments, "connections_max", "64"),
        .body_max = number(arguments, "body_max", "65536"),
        .header_us = number(arguments, "header_ms", "1000") * 1000,
        .body_us = number(arguments, "body_ms", "1000") * 1000,
        .idle_us = number(arguments, "idle_ms", "5000") * 1000,
        .certificate = argument(arguments, "certificate", "server.pem"),
        .key = argument(arguments, "key", "server.key"),
        .client_ca = argument(arguments, "client_ca", "ca.pem"),
        .deny = argument(arguments, "deny", ""),
        .priorities = argument(arguments, "priorities",
                               "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"),
        .tickets = number(arguments, "tickets", "1") != 0,
        .reply_host = argument(arguments, "reply_host", ""),
        .reply_shape_message = number(arguments, "shape_message", "0") != 0,
        .reply_namespace = argument(arguments, "namespace", "http://tempuri.org/"),
    };
}

int main(int count, char **arguments)
{
    static struct authz authz = {.mutex = PTHREAD_MUTEX_INITIALIZER,
                                 .more = PTHREAD_COND_INITIALIZER};
    struct endpoint *endpoint = NULL;
    struct error error;
    pthread_t thread;
    char line[256];

    (void)count;
    log_configure(LOG_LEVEL_DEBUG, LOG_FORMAT_LOGFMT, "wire-server");
    for (size_t i = 0; i < SLOTS; i++) {
        put_locked(&authz, &authz.slots[i]);
    }
    struct endpoint_options options = options_from(arguments + 1);
    options.authz = &authz;
    options.metrics = metrics_create();
    if (!endpoint_create(&options, &endpoint, &error)) {
        printf("error %s: %s\n", error.field, error.message);
        metrics_destroy(options.metrics);
        return 2;
    }
    if (pthread_create(&thread, NULL, answer_all, &authz) != 0) {
        return 1;
    }
    printf("port %d\n", endpoint_port(endpoint));
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL && strncmp(line, "quit", 4) != 0) {
        run_command(line, &authz, endpoint, options.metrics);
    }
    endpoint_destroy(endpoint);
    pthread_mutex_lock(&authz.mutex);
    authz.ending = true;
    pthread_cond_signal(&authz.more);
    pthread_mutex_unlock(&authz.mutex);
    pthread_join(thread, NULL);
    metrics_destroy(options.metrics);
    puts("stopped");
    return 0;
}
