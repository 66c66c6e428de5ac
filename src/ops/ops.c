#include "ops/ops.h"

#include <stdio.h>
#include <string.h>

#include "ops/access.h"
#include "ops/arguments.h"
#include "ops/help.h"
#include "ops/verbs.h"

static enum exit_status help(const struct invocation *invocation, const char *noun)
{
    if (invocation->verb != NULL) {
        help_print_verb(invocation->verb, invocation->out);
    } else if (noun != NULL) {
        help_print_noun(verbs_table, noun, invocation->out);
    } else {
        help_print_all(verbs_table, invocation->out);
    }
    return EXIT_STATUS_OK;
}

static enum exit_status run(int argc, char **argv)
{
    struct invocation invocation = {.out = stdout, .err = stderr};
    struct error error = {0};
    const char *noun = NULL;

    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        return verbs_version(&invocation);
    }
    switch (arguments_parse(verbs_table, argc, argv, &invocation, &noun, &error)) {
    case ARGUMENTS_RUN:
        return invocation.verb->run(&invocation);
    case ARGUMENTS_HELP:
        return help(&invocation, noun);
    case ARGUMENTS_WRONG:
        break;
    }
    return access_fail_usage(&invocation, &error);
}

int ops_main(int argc, char **argv)
{
    if (argc < 2) {
        help_print_all(verbs_table, stderr);
        return EXIT_STATUS_USAGE;
    }
    enum exit_status status = run(argc, argv);
    /* A result that nobody could read is no success: a full disk, a closed pipe. */
    if ((fflush(stdout) != 0 || ferror(stdout) != 0) && status == EXIT_STATUS_OK) {
        fputs("holdfast: the result could not be written\n", stderr);
        status = EXIT_STATUS_FAILED;
    }
    return (int)status;
}
