#include "soap/tls.h"

#include <assert.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum {
    CHAIN_BYTES_MAX = 8200, /* of one certificate */
    CHAIN_DEPTH_MAX = 4,
    HANDSHAKE_BYTES_MAX = 16384,
    DENY_MAX = 100000, /* fingerprints */
};

struct fingerprint {
    uint8_t bytes[HASH_BYTES];
};

/* What one reading of the files gave. Read-only but for the count. */
struct tls_generation {
    atomic_int references;
    unsigned number;
    gnutls_certificate_credentials_t credentials;
    struct fingerprint *denied; /* sorted */
    size_t denied_count;
};

struct tls {
    struct tls_options options; /* texts borrowed for its life */
    gnutls_datum_t certificate_pem, key_pem, ticket_key;
    pthread_mutex_t mutex; /* guards current */
    struct tls_generation *current;
    atomic_uint number; /* of current */
};

static void generation_put(struct tls_generation *generation)
{
    if (generation != NULL && atomic_fetch_sub(&generation->references, 1) == 1) {
        gnutls_certificate_free_credentials(generation->credentials);
        free(generation->denied);
        free(generation);
    }
}

static struct tls_generation *generation_get(struct tls *tls)
{
    pthread_mutex_lock(&tls->mutex);
    struct tls_generation *generation = tls->current;
    atomic_fetch_add(&generation->references, 1);
    pthread_mutex_unlock(&tls->mutex);
    return generation;
}

static int compare_fingerprints(const void *a, const void *b)
{
    return memcmp(a, b, HASH_BYTES);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* 64 hex digits, colons between them allowed. */
static bool parse_fingerprint(const char *line, size_t bytes, struct fingerprint *fingerprint)
{
    size_t digits = 0;
    for (size_t i = 0; i < bytes; i++) {
        int digit = hex_digit(line[i]);
        if (line[i] == ':') {
            continue;
        }
        if (digit < 0 || digits == 2 * HASH_BYTES) {
            return false;
        }
        uint8_t *byte = &fingerprint->bytes[digits / 2];
        *byte = (uint8_t)(digits % 2 == 0 ? digit << 4 : *byte | digit);
        digits++;
    }
    return digits == 2 * HASH_BYTES;
}

static bool deny_line(const char *line, size_t bytes, int number, const char *path,
                      struct tls_generation *generation, struct error *error)
{
    bytes = bytes > 0 && memchr(line, '#', bytes) != NULL
                ? (size_t)((const char *)memchr(line, '#', bytes) - line)
                : bytes;
    while (bytes > 0 && strchr(" \t\r", line[bytes - 1]) != NULL) {
        bytes--;
    }
    while (bytes > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        bytes--;
    }
    if (bytes == 0) {
        return true;
    }
    if (generation->denied_count == DENY_MAX) {
        return error_set(error, ERROR_LIMIT, "tls.deny", "%s: more than %d fingerprints", path,
                         DENY_MAX);
    }
    if (!parse_fingerprint(line, bytes, &generation->denied[generation->denied_count])) {
        return error_set(error, ERROR_INVALID, "tls.deny",
                         "%s:%d: expected a SHA-256 fingerprint of 64 hex digits", path, number);
    }
    generation->denied_count++;
    return true;
}

static bool read_deny_list(const char *path, struct tls_generation *generation, struct error *error)
{
    gnutls_datum_t file;
    if (path[0] == '\0') {
        return true;
    }
    if (gnutls_load_file(path, &file) < 0) {
        return error_set(error, ERROR_NOT_FOUND, "tls.deny", "%s cannot be read", path);
    }
    size_t lines = 1;
    for (unsigned i = 0; i < file.size; i++) {
        lines += file.data[i] == '\n';
    }
    generation->denied = calloc(lines < DENY_MAX ? lines : DENY_MAX, sizeof *generation->denied);
    bool good = generation->denied != NULL;
    const char *text = (const char *)file.data;
    size_t at = 0;
    for (int number = 1; good && at < file.size; number++) {
        const char *end = memchr(text + at, '\n', file.size - at);
        size_t bytes = end == NULL ? file.size - at : (size_t)(end - text) - at;
        good = deny_line(text + at, bytes, number, path, generation, error);
        at += bytes + 1;
    }
    gnutls_free(file.data);
    if (good) {
        qsort(generation->denied, generation->denied_count, HASH_BYTES, compare_fingerprints);
    }
    return good;
}

static bool load_file(const char *path, const char *field, gnutls_datum_t *file,
                      struct error *error)
{
    if (gnutls_load_file(path, file) < 0) {
        return error_set(error, ERROR_NOT_FOUND, field, "%s cannot be read", path);
    }
    return true;
}

static bool set_credentials(struct tls *tls, struct tls_generation *generation, struct error *error)
{
    const struct tls_options *options = &tls->options;
    gnutls_datum_t certificate = {0};
    gnutls_datum_t key = {0};
    bool good = load_file(options->certificate, "tls.certificate", &certificate, error) &&
                load_file(options->key, "tls.key", &key, error);
    int failed = good ? gnutls_certificate_set_x509_key_mem(generation->credentials, &certificate,
                                                            &key, GNUTLS_X509_FMT_PEM)
                      : 0;
    if (failed < 0) {
        good = error_set(error, ERROR_INVALID, "tls.certificate", "%s and %s: %s",
                         options->certificate, options->key, gnutls_strerror(failed));
    }
    if (good && gnutls_certificate_set_x509_trust_file(generation->credentials, options->client_ca,
                                                       GNUTLS_X509_FMT_PEM) <= 0) {
        good = error_set(error, ERROR_INVALID, "tls.client_ca",
                         "%s: expected a readable PEM file with at least one certificate",
                         options->client_ca);
    }
    if (good && tls->certificate_pem.data == NULL) {
        tls->certificate_pem = certificate;
        tls->key_pem = key;
        return true;
    }
    if (key.data != NULL) {
        explicit_bzero(key.data, key.size);
    }
    gnutls_free(certificate.data);
    gnutls_free(key.data);
    return good;
}

/* NULL on failure. */
static struct tls_generation *generation_create(struct tls *tls, struct error *error)
{
    struct tls_generation *generation = calloc(1, sizeof *generation);
    if (generation == NULL ||
        gnutls_certificate_allocate_credentials(&generation->credentials) < 0) {
        free(generation);
        (void)error_set(error, ERROR_LIMIT, "tls", "no memory for credentials");
        return NULL;
    }
    atomic_init(&generation->references, 1);
    generation->number = atomic_load(&tls->number) + 1;
    if (!set_credentials(tls, generation, error) ||
        !read_deny_list(tls->options.deny, generation, error)) {
        generation_put(generation);
        return NULL;
    }
    gnutls_certificate_set_verify_limits(generation->credentials, CHAIN_BYTES_MAX, CHAIN_DEPTH_MAX);
    return generation;
}

static bool check_priorities(const char *priorities, struct error *error)
{
    gnutls_priority_t cache;
    const char *at = "";
    if (gnutls_priority_init(&cache, priorities, &at) < 0) {
        return error_set(error, ERROR_INVALID, "tls.priorities",
                         "expected a GnuTLS priority string, it stops making sense at '%s'", at);
    }
    gnutls_priority_deinit(cache);
    return true;
}

bool tls_create(const struct tls_options *options, struct tls **ret_tls, struct error *error)
{
    struct tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL) {
        return error_set(error, ERROR_LIMIT, "tls", "no memory");
    }
    tls->options = *options;
    pthread_mutex_init(&tls->mutex, NULL);
    if (!check_priorities(options->priorities, error) || !tls_reload(tls, error)) {
        tls_destroy(tls);
        return false;
    }
    if (options->tickets && gnutls_session_ticket_key_generate(&tls->ticket_key) < 0) {
        tls_destroy(tls);
        return error_set(error, ERROR_INTERNAL, "tls.tickets", "no key could be made");
    }
    *ret_tls = tls;
    return true;
}

static void scrub(gnutls_datum_t *datum)
{
    if (datum->data != NULL) {
        explicit_bzero(datum->data, datum->size);
        gnutls_free(datum->data);
    }
}

void tls_destroy(struct tls *tls)
{
    if (tls != NULL) {
        generation_put(tls->current);
        scrub(&tls->ticket_key);
        scrub(&tls->key_pem);
        gnutls_free(tls->certificate_pem.data);
        pthread_mutex_destroy(&tls->mutex);
        free(tls);
    }
}

bool tls_reload(struct tls *tls, struct error *error)
{
    struct tls_generation *generation = generation_create(tls, error);
    if (generation == NULL) {
        return false;
    }
    pthread_mutex_lock(&tls->mutex);
    struct tls_generation *before = tls->current;
    tls->current = generation;
    atomic_store(&tls->number, generation->number);
    pthread_mutex_unlock(&tls->mutex);
    generation_put(before);
    return true;
}

const char *tls_certificate_pem(const struct tls *tls)
{
    return (const char *)tls->certificate_pem.data;
}

const char *tls_key_pem(const struct tls *tls)
{
    return (const char *)tls->key_pem.data;
}

static bool is_denied(const struct tls_generation *generation, const uint8_t *fingerprint)
{
    return generation->denied_count > 0 &&
           bsearch(fingerprint, generation->denied, generation->denied_count, HASH_BYTES,
                   compare_fingerprints) != NULL;
}

/* The leaf's fingerprint and expiry. NULL, or why it cannot be a client's. */
static const char *look_at_leaf(gnutls_session_t session, struct tls_session *peer)
{
    unsigned count = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &count);
    gnutls_x509_crt_t leaf;
    if (chain == NULL || count == 0) {
        return "no_certificate";
    }
    if (gnutls_x509_crt_init(&leaf) < 0) {
        return "bad_certificate";
    }
    const char *why = NULL;
    if (gnutls_x509_crt_import(leaf, &chain[0], GNUTLS_X509_FMT_DER) < 0 ||
        gnutls_x509_crt_get_ca_status(leaf, NULL) > 0) {
        why = "bad_certificate"; /* unreadable, or an authority's own */
    } else {
        peer->expires_at_s = (int64_t)gnutls_x509_crt_get_expiration_time(leaf);
        hash_sha256(chain[0].data, chain[0].size, peer->fingerprint);
    }
    gnutls_x509_crt_deinit(leaf);
    return why;
}

/* Chain, dates and purpose. NULL, or why not. */
static const char *verify_chain(gnutls_session_t session)
{
    gnutls_typed_vdata_st purpose = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
                                     .data = (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT};
    unsigned status = 0;
    if (gnutls_certificate_verify_peers(session, &purpose, 1, &status) < 0) {
        return "bad_certificate";
    }
    if (status & GNUTLS_CERT_SIGNER_NOT_FOUND) {
        return "unknown_ca";
    }
    if (status & (GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED)) {
        return "expired";
    }
    return status == 0 ? NULL : "bad_certificate";
}

static gnutls_alert_description_t alert_for(const char *why, gnutls_protocol_t version)
{
    if (strcmp(why, "no_certificate") == 0) {
        return version == GNUTLS_TLS1_3 ? GNUTLS_A_CERTIFICATE_REQUIRED
                                        : GNUTLS_A_HANDSHAKE_FAILURE;
    }
    if (strcmp(why, "unknown_ca") == 0) {
        return GNUTLS_A_UNKNOWN_CA;
    }
    if (strcmp(why, "expired") == 0) {
        return GNUTLS_A_CERTIFICATE_EXPIRED;
    }
    return strcmp(why, "denied") == 0 ? GNUTLS_A_CERTIFICATE_REVOKED : GNUTLS_A_BAD_CERTIFICATE;
}

/* Called by gnutls within the handshake, not when a session is resumed. */
static int verify(gnutls_session_t session)
{
    struct tls_session *peer = gnutls_db_get_ptr(session);
    const char *why = look_at_leaf(session, peer);
    if (why == NULL) {
        why = verify_chain(session);
    }
    if (why == NULL && is_denied(peer->generation, peer->fingerprint)) {
        why = "denied";
    }
    if (why == NULL) {
        peer->known = true;
        peer->checked_by = peer->generation->number;
        return 0;
    }
    peer->refused = true;
    metric_add(peer->tls->options.handshakes, 1, why, NULL, NULL);
    log_warning("handshake_refused", log_text("rule", why));
    gnutls_alert_send(session, GNUTLS_AL_FATAL,
                      alert_for(why, gnutls_protocol_get_version(session)));
    return GNUTLS_E_CERTIFICATE_ERROR;
}

static int on_handshake_message(gnutls_session_t session, unsigned type, unsigned when,
                                unsigned incoming, const gnutls_datum_t *message)
{
    struct tls_session *peer = gnutls_db_get_ptr(session);
    (void)type;
    (void)when;
    (void)message;
    if (incoming) {
        peer->on_finished(peer->context);
    }
    return 0;
}

bool tls_session_begin(struct tls *tls, gnutls_session_t session,
                       void (*on_finished)(void *context), void *context, struct tls_session *peer)
{
    *peer = (struct tls_session){.tls = tls,
                                 .generation = generation_get(tls),
                                 .on_finished = on_finished,
                                 .context = context};
    if (gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, peer->generation->credentials) <
        0) {
        return false;
    }
    /* Not GNUTLS_CERT_REQUIRE: gnutls would end the handshake without a word to the client, whereas
     * verify() is asked in either case, refuses who shows nothing, and says why. */
    gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST);
    gnutls_db_set_ptr(session, peer); /* the one pointer that libmicrohttpd leaves alone */
    gnutls_session_set_verify_function(session, verify);
    gnutls_handshake_set_max_packet_length(session, HANDSHAKE_BYTES_MAX);
    gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_FINISHED, GNUTLS_HOOK_POST,
                                       on_handshake_message);
    return tls->ticket_key.data == NULL ||
           gnutls_session_ticket_enable_server(session, &tls->ticket_key) >= 0;
}

void tls_session_end(struct tls_session *peer)
{
    if (peer->tls != NULL && !peer->met && !peer->refused) {
        metric_add(peer->tls->options.handshakes, 1, peer->known ? "unused" : "failed", NULL, NULL);
    }
    generation_put(peer->generation);
    *peer = (struct tls_session){.tls = NULL};
}

/* The first request of a connection: a resumed session was not verified in the handshake. */
static const char *meet(struct tls_session *peer, gnutls_session_t session)
{
    bool resumed = gnutls_session_is_resumed(session) != 0;
    const char *why = NULL;
    peer->met = true;
    if (resumed || !peer->known) {
        why = look_at_leaf(session, peer);
        if (why == NULL) {
            why = verify_chain(session);
        }
        peer->checked_by = 0; /* the deny list is still to be asked */
    }
    metric_add(peer->tls->options.handshakes, 1,
               why != NULL ? why
               : resumed   ? "resumed"
                           : "full",
               NULL, NULL);
    peer->known = why == NULL;
    return why;
}

const char *tls_session_check(struct tls_session *peer, gnutls_session_t session, int64_t now_s)
{
    const char *why = peer->met ? NULL : meet(peer, session);
    if (why != NULL) {
        return why;
    }
    if (now_s > peer->expires_at_s) {
        return "expired";
    }
    if (peer->checked_by != atomic_load_explicit(&peer->tls->number, memory_order_relaxed)) {
        struct tls_generation *generation = generation_get(peer->tls);
        bool denied = is_denied(generation, peer->fingerprint);
        peer->checked_by = denied ? 0 : generation->number;
        generation_put(generation);
        return denied ? "denied" : NULL;
    }
    return NULL;
}
