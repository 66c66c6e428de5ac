#include "base/hash.h"

#include <criterion/criterion.h>
#include <stdio.h>

Test(hash, sha_256_of_abc_is_the_standards_example)
{
    uint8_t digest[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];

    hash_sha256("abc", 3, digest);
    hash_hex(digest, hex);
    cr_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hash_sha256("", 0, digest);
    hash_hex(digest, hex);
    cr_assert_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

Test(hash, the_key_is_the_first_63_bits)
{
    cr_assert_eq(hash_key("abc", 3), INT64_C(0x5d3c0b5fc780e7f5));
}

Test(hash, an_empty_text_is_absent_and_no_other_is)
{
    char text[16];

    cr_assert_eq(hash_key("", 0), 0);
    for (int i = 0; i < 1000; i++) {
        int bytes = snprintf(text, sizeof text, "%d", i);
        cr_assert_gt(hash_key(text, (size_t)bytes), 0);
    }
    cr_assert_neq(hash_key("a", 1), hash_key("a\0", 2));
}
