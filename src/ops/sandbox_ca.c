#include "ops/sandbox_ca.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PEM_BYTES = 8192, SERIAL_BYTES = 16 };
#define VALID_S (10 * 365 * 86400L)

struct identity {
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t certificate;
};

static const char *const files[] = {"ca.pem", "server.pem", "server.key", "client.pem",
                                    "client.key"};

static void identity_finish(struct identity *identity)
{
    if (identity->certificate) {
        gnutls_x509_crt_deinit(identity->certificate);
    }
    if (identity->key) {
        gnutls_x509_privkey_deinit(identity->key);
    }
}

/* Key, names, dates and serial number: what every certificate has. Returns gnutls' status. */
static int identity_begin(struct identity *identity, const char *name)
{
    unsigned char serial[SERIAL_BYTES];
    time_t now = time(NULL);
    int status = gnutls_x509_privkey_init(&identity->key);
    if (status == 0) {
        status = gnutls_x509_privkey_generate(identity->key, GNUTLS_PK_ECDSA,
                                              GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    }
    if (status == 0) {
        status = gnutls_x509_crt_init(&identity->certificate);
    }
    if (status == 0) {
        status = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);
    }
    if (status != 0) {
        return status;
    }
    serial[0] = (serial[0] & 0x7F) | 0x40; /* positive, and never with a leading zero byte */
    gnutls_x509_crt_t certificate = identity->certificate;
    const int steps[] = {
        gnutls_x509_crt_set_version(certificate, 3),
        gnutls_x509_crt_set_serial(certificate, serial, sizeof serial),
        gnutls_x509_crt_set_activation_time(certificate, now - 86400),
        gnutls_x509_crt_set_expiration_time(certificate, now + VALID_S),
        gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_ORGANIZATION_NAME, 0,
                                      "holdfast sandbox", sizeof "holdfast sandbox" - 1),
        gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                      (unsigned)strlen(name)),
        gnutls_x509_crt_set_key(certificate, identity->key),
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i] != 0) {
            return steps[i];
        }
    }
    return 0;
}

static int make_authority(struct identity *authority)
{
    int status = identity_begin(authority, "holdfast sandbox development authority");
    if (status == 0) {
        status = gnutls_x509_crt_set_basic_constraints(authority->certificate, 1, 0);
    }
    if (status == 0) {
        status = gnutls_x509_crt_set_key_usage(authority->certificate,
                                               GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);
    }
    if (status == 0) {
        status = gnutls_x509_crt_sign2(authority->certificate, authority->certificate,
                                       authority->key, GNUTLS_DIG_SHA256, 0);
    }
    return status;
}

static int add_server_names(gnutls_x509_crt_t certificate)
{
    unsigned char v4[4], v6[16];
    inet_pton(AF_INET, "127.0.0.1", v4);
    inet_pton(AF_INET6, "::1", v6);
    int status = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, "localhost",
                                                      sizeof "localhost" - 1, GNUTLS_FSAN_SET);
    if (status == 0) {
        status = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, v4,
                                                      sizeof v4, GNUTLS_FSAN_APPEND);
    }
    if (status == 0) {
        status = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, v6,
                                                      sizeof v6, GNUTLS_FSAN_APPEND);
    }
    return status;
}

static int make_leaf(struct identity *leaf, const struct identity *authority, const char *name,
                     const char *purpose)
{
    int status = identity_begin(leaf, name);
    if (status == 0) {
        status = gnutls_x509_crt_set_basic_constraints(leaf->certificate, 0, -1);
    }
    if (status == 0) {
        status = gnutls_x509_crt_set_key_usage(leaf->certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
    }
    if (status == 0) {
        status = gnutls_x509_crt_set_key_purpose_oid(leaf->certificate, purpose, 0);
    }
    if (status == 0 && strcmp(purpose, GNUTLS_KP_TLS_WWW_SERVER) == 0) {
        status = add_server_names(leaf->certificate);
    }
    if (status == 0) {
        status = gnutls_x509_crt_sign2(leaf->certificate, authority->certificate, authority->key,
                                       GNUTLS_DIG_SHA256, 0);
    }
    return status;
}

/* Written beside its place and moved there, so that a kill leaves no half a file. */
static bool write_whole(const char *directory, const char *name, const char *text, size_t bytes,
                        struct error *error)
{
    char path[PATH_MAX], temporary[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", directory, name) >= (int)sizeof path ||
        snprintf(temporary, sizeof temporary, "%s/.%s.new", directory, name) >=
            (int)sizeof temporary) {
        return error_set(error, ERROR_LIMIT, name, "the path is too long");
    }
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, name, "cannot write %s", temporary);
    }
    bool written = write(fd, text, bytes) == (ssize_t)bytes;
    if (close(fd) != 0 || !written || rename(temporary, path) != 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, name, "cannot write %s", path);
    }
    return true;
}

static bool write_certificate(const char *directory, const char *name, gnutls_x509_crt_t crt,
                              struct error *error)
{
    char pem[PEM_BYTES];
    size_t bytes = sizeof pem;
    int status = gnutls_x509_crt_export(crt, GNUTLS_X509_FMT_PEM, pem, &bytes);
    if (status != 0) {
        return error_set(error, ERROR_INTERNAL, name, "%s", gnutls_strerror(status));
    }
    return write_whole(directory, name, pem, bytes, error);
}

static bool write_key(const char *directory, const char *name, gnutls_x509_privkey_t key,
                      struct error *error)
{
    char pem[PEM_BYTES];
    size_t bytes = sizeof pem;
    int status = gnutls_x509_privkey_export_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                                  pem, &bytes);
    if (status != 0) {
        return error_set(error, ERROR_INTERNAL, name, "%s", gnutls_strerror(status));
    }
    bool written = write_whole(directory, name, pem, bytes, error);
    gnutls_memset(pem, 0, sizeof pem);
    return written;
}

static bool all_there(const char *directory)
{
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[PATH_MAX];
        struct stat status;
        if (snprintf(path, sizeof path, "%s/%s", directory, files[i]) >= (int)sizeof path ||
            stat(path, &status) != 0 || status.st_size == 0) {
            return false;
        }
    }
    return true;
}

bool sandbox_ca_make(const char *directory, bool *made, struct error *error)
{
    if (made) {
        *made = false;
    }
    if (all_there(directory)) {
        return true;
    }
    SCOPED(identity_finish) struct identity authority = {0};
    SCOPED(identity_finish) struct identity server = {0};
    SCOPED(identity_finish) struct identity client = {0};
    int status = make_authority(&authority);
    if (status == 0) {
        status = make_leaf(&server, &authority, "localhost", GNUTLS_KP_TLS_WWW_SERVER);
    }
    if (status == 0) {
        status =
            make_leaf(&client, &authority, "holdfast sandbox client", GNUTLS_KP_TLS_WWW_CLIENT);
    }
    if (status != 0) {
        return error_set(error, ERROR_INTERNAL, "tls", "cannot make certificates: %s",
                         gnutls_strerror(status));
    }
    /* The authority last: while it is missing nothing counts as there. */
    if (!write_key(directory, "server.key", server.key, error) ||
        !write_certificate(directory, "server.pem", server.certificate, error) ||
        !write_key(directory, "client.key", client.key, error) ||
        !write_certificate(directory, "client.pem", client.certificate, error) ||
        !write_certificate(directory, "ca.pem", authority.certificate, error)) {
        return false;
    }
    if (made) {
        *made = true;
    }
    return true;
}
