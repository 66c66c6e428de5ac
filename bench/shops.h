/* Shops: where the generator's cardholders spend, by hour and kind.
 *
 * Invented names; merchant categories, currencies and amounts are plausible.
 *
 * Threads: constants.   Owns: nothing.   May include: libc only.
 */
#ifndef BENCH_SHOPS_H
#define BENCH_SHOPS_H

#include <stddef.h>
#include <stdint.h>

enum shop_kind {
    SHOP_IN_PERSON,
    SHOP_ONLINE,
    SHOP_CASH,
    SHOP_RESTAURANT,
    SHOP_HOTEL,
    SHOP_SUBSCRIPTION
};

struct shop {
    const char *name, *city, *country; /* ISO 3166 alpha-3 */
    const char *mcc_text;
    enum shop_kind kind;
    int32_t least_minor, most_minor; /* usual amounts, minor units of its currency */
    uint16_t currency;               /* ISO 4217 numeric */
    uint16_t mcc;
};

extern const struct shop shops[];
extern const size_t shops_count;

#endif
