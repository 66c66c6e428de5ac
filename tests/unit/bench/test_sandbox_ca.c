#include <criterion/criterion.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ops/sandbox_ca.h"

static char directory[] = "/tmp/sandbox-ca-XXXXXX";

static void make_directory(void)
{
    cr_assert(mkdtemp(directory));
}

static void remove_directory(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    cr_assert_eq(system(command), 0);
}

TestSuite(sandbox_ca, .init = make_directory, .fini = remove_directory);

static gnutls_x509_crt_t certificate_of(const char *name)
{
    char path[128];
    gnutls_datum_t pem;
    gnutls_x509_crt_t certificate;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    cr_assert_eq(gnutls_load_file(path, &pem), 0, "%s", name);
    gnutls_x509_crt_init(&certificate);
    cr_assert_eq(gnutls_x509_crt_import(certificate, &pem, GNUTLS_X509_FMT_PEM), 0);
    gnutls_free(pem.data);
    return certificate;
}

static bool is_good(const char *name, const char *purpose, const char *host)
{
    unsigned problems = 1;
    gnutls_x509_trust_list_t trusted;
    gnutls_x509_crt_t authority = certificate_of("ca.pem"), leaf = certificate_of(name);
    gnutls_typed_vdata_st wanted[2] = {
        {GNUTLS_DT_KEY_PURPOSE_OID, (void *)(uintptr_t)purpose, 0},
        {GNUTLS_DT_DNS_HOSTNAME,    (void *)(uintptr_t)host,    0}
    };
    gnutls_x509_trust_list_init(&trusted, 0);
    gnutls_x509_trust_list_add_cas(trusted, &authority, 1, 0);
    int status = gnutls_x509_trust_list_verify_crt2(trusted, &leaf, 1, wanted, host ? 2 : 1, 0,
                                                    &problems, NULL);
    gnutls_x509_crt_deinit(leaf);
    gnutls_x509_trust_list_deinit(trusted, 1);
    return status == 0 && problems == 0;
}

Test(sandbox_ca, its_certificates_are_good_for_their_purpose_and_no_other)
{
    struct error error;
    bool made = false;
    cr_assert(sandbox_ca_make(directory, &made, &error), "%s", error.message);
    cr_assert(made);
    cr_expect(is_good("server.pem", GNUTLS_KP_TLS_WWW_SERVER, "localhost"));
    cr_expect(is_good("server.pem", GNUTLS_KP_TLS_WWW_SERVER, "127.0.0.1"));
    cr_expect(is_good("server.pem", GNUTLS_KP_TLS_WWW_SERVER, "::1"));
    cr_expect_not(is_good("server.pem", GNUTLS_KP_TLS_WWW_SERVER, "example.org"));
    cr_expect_not(is_good("server.pem", GNUTLS_KP_TLS_WWW_CLIENT, NULL));
    cr_expect(is_good("client.pem", GNUTLS_KP_TLS_WWW_CLIENT, NULL));
    cr_expect_not(is_good("client.pem", GNUTLS_KP_TLS_WWW_SERVER, NULL));
}

Test(sandbox_ca, what_is_there_stays_and_keys_are_nobody_elses)
{
    struct error error;
    bool made = true;
    struct stat before, after;
    char path[128];
    cr_assert(sandbox_ca_make(directory, NULL, &error));
    snprintf(path, sizeof path, "%s/server.key", directory);
    cr_assert_eq(stat(path, &before), 0);
    cr_assert_eq(before.st_mode & 0777, 0600);
    cr_assert(sandbox_ca_make(directory, &made, &error));
    cr_assert_not(made);
    cr_assert_eq(stat(path, &after), 0);
    cr_assert_eq(before.st_ino, after.st_ino);
}

Test(sandbox_ca, a_half_made_set_is_made_anew)
{
    struct error error;
    bool made = false;
    char path[128];
    cr_assert(sandbox_ca_make(directory, NULL, &error));
    snprintf(path, sizeof path, "%s/ca.pem", directory);
    unlink(path);
    cr_assert(sandbox_ca_make(directory, &made, &error));
    cr_assert(made);
    cr_assert(is_good("client.pem", GNUTLS_KP_TLS_WWW_CLIENT, NULL));
}

Test(sandbox_ca, a_directory_that_is_not_there_is_an_error)
{
    struct error error;
    cr_assert_not(sandbox_ca_make("/nonexistent/tls", NULL, &error));
    cr_assert_eq(error.code, ERROR_UNAVAILABLE);
}
