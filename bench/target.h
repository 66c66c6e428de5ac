/* The host that is measured: the options that replay and load share.
 *
 *     --sandbox DIR | --url https://HOST:PORT/PATH --ca FILE --cert FILE --key FILE
 *     --connections N
 *
 * Threads: one.   Owns: its texts.   May include: base, bench/client.h.
 */
#ifndef BENCH_TARGET_H
#define BENCH_TARGET_H

#include <limits.h>

#include "client.h"

struct target {
    struct client_options client;
    char host[256], path[256];
    char ca[PATH_MAX], certificate[PATH_MAX], key[PATH_MAX];
};

/* localhost:8443/ehi, the certificates of ./sandbox, `connections` of them. */
void target_init(struct target *target, int connections);
/* Takes "url", "ca", "cert", "key", "sandbox" or "connections". */
MUST_USE bool target_set(struct target *target, const char *option, const char *value,
                         struct error *error);
extern const char target_help[];

/* A number of an option, or an error that names it. */
MUST_USE bool target_number(const char *option, const char *text, double least, double most,
                            double *number, struct error *error);

#endif
