/* The list of verify's checks against its files. */
#include "ledger/verify.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/embedded.h"

extern const struct embedded ledger_sql[];
extern const size_t ledger_sql_count;

Test(verify, every_check_says_in_words_what_must_hold)
{
    for (size_t i = 0; i < verify_count(); i++) {
        char sentence[VERIFY_SENTENCE_BYTES];
        verify_sentence(verify_name(i), sentence);
        cr_expect_gt(strlen(sentence), 10, "%s", verify_name(i));
        cr_expect_lt(strlen(sentence), VERIFY_SENTENCE_BYTES - 1, "%s is cut", verify_name(i));
        cr_expect_null(strchr(sentence, '\n'), "%s", verify_name(i));
    }
    char buffer[VERIFY_SENTENCE_BYTES] = "x";
    cr_expect_str_eq(verify_sentence("pineapple", buffer), "");
}

Test(verify, every_file_of_a_check_is_in_the_list)
{
    size_t files = 0;

    for (size_t f = 0; f < ledger_sql_count; f++) {
        bool listed = false;
        if (strncmp(ledger_sql[f].name, "verify_", 7) != 0) {
            continue;
        }
        files++;
        for (size_t i = 0; i < verify_count(); i++) {
            const size_t bytes = strlen(verify_name(i));
            listed = listed || (strncmp(ledger_sql[f].name + 7, verify_name(i), bytes) == 0 &&
                                strcmp(ledger_sql[f].name + 7 + bytes, ".sql") == 0);
        }
        cr_expect(listed, "%s is never run", ledger_sql[f].name);
    }
    cr_expect_eq(files, verify_count());
}
