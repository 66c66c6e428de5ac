#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ops/sandbox_home.h"

static char scratch[] = "/tmp/sandbox-home-XXXXXX";
static char directory[64];

static void make_scratch(void)
{
    cr_assert(mkdtemp(scratch));
    snprintf(directory, sizeof directory, "%s/sandbox", scratch);
}

static void remove_scratch(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch);
    cr_assert_eq(system(command), 0);
}

TestSuite(sandbox_home, .init = make_scratch, .fini = remove_scratch);

Test(sandbox_home, is_made_and_taken_over_again_with_its_count)
{
    struct sandbox_home home;
    struct error error;
    cr_assert(sandbox_home_open(&home, directory, &error), "%s", error.message);
    cr_assert_eq(home.card_count, 0);
    cr_assert(sandbox_home_save(&home, 3000, &error));
    cr_assert(sandbox_home_save(&home, 12, &error));
    sandbox_home_close(&home);
    cr_assert(sandbox_home_open(&home, directory, &error), "%s", error.message);
    cr_assert_eq(home.card_count, 12);
    sandbox_home_close(&home);
}

Test(sandbox_home, has_one_user_at_a_time)
{
    struct sandbox_home first, second;
    struct error error;
    cr_assert(sandbox_home_open(&first, directory, &error));
    cr_assert_not(sandbox_home_open(&second, directory, &error));
    cr_assert_eq(error.code, ERROR_CONFLICT);
    sandbox_home_close(&second);
    sandbox_home_close(&first);
    cr_assert(sandbox_home_open(&second, directory, &error));
    sandbox_home_close(&second);
}

Test(sandbox_home, a_directory_of_other_things_is_not_touched)
{
    struct sandbox_home home;
    struct error error;
    char path[128];
    snprintf(path, sizeof path, "%s/letter", scratch);
    FILE *file = fopen(path, "w");
    cr_assert(file);
    fclose(file);
    cr_assert_not(sandbox_home_open(&home, scratch, &error));
    cr_assert_eq(error.code, ERROR_CONFLICT);
    snprintf(path, sizeof path, "%s/log", scratch);
    cr_assert_neq(access(path, F_OK), 0);
}
