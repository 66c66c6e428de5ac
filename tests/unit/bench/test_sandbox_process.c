#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ops/sandbox_process.h"

#define SECOND_US INT64_C(1000000)

Test(sandbox_process, a_program_that_does_not_exist_is_an_error_at_once)
{
    const char *const argv[] = {"/nonexistent/program", NULL};
    struct sandbox_process process = {.argv = argv, .death_signal = SIGKILL};
    struct error error;
    pid_t pid = 0;
    cr_assert_not(sandbox_process_start(&process, &pid, &error));
    cr_assert_eq(error.code, ERROR_UNAVAILABLE);
    cr_assert(strstr(error.message, "No such file"));
}

Test(sandbox_process, a_run_gets_its_input_and_tells_failure)
{
    const char *const good[] = {"/bin/grep", "-q", "hello", NULL};
    struct sandbox_process process = {.argv = good, .input = "hello\n", .death_signal = SIGKILL};
    struct error error;
    cr_assert(sandbox_process_run(&process, 10 * SECOND_US, &error), "%s", error.message);
    process.input = "goodbye\n";
    cr_assert_not(sandbox_process_run(&process, 10 * SECOND_US, &error));
}

Test(sandbox_process, one_that_does_not_end_is_late_and_one_that_will_not_is_killed)
{
    const char *const sleeps[] = {"/bin/sleep", "60", NULL};
    const char *const stubborn[] = {"/bin/sh", "-c", "trap '' TERM; echo; sleep 60 & wait; wait",
                                    NULL};
    struct sandbox_process process = {.argv = sleeps, .death_signal = SIGKILL};
    struct error error;
    pid_t pid = 0;
    cr_assert_not(sandbox_process_run(&process, 50000, &error));
    cr_assert_eq(error.code, ERROR_LATE);
    process.argv = stubborn;
    process.log_path = "/dev/null";
    cr_assert(sandbox_process_start(&process, &pid, &error));
    usleep(100000);
    pid_t group = pid;
    cr_assert_not(sandbox_process_stop(&pid, SIGTERM, 100000));
    cr_assert_eq(pid, 0);
    kill(-group, SIGKILL); /* its sleep */
}

Test(sandbox_process, it_gets_its_signal_when_we_die)
{
    int report[2];
    pid_t child = 0;
    cr_assert_eq(pipe(report), 0);
    pid_t parent = fork();
    if (parent == 0) {
        const char *const argv[] = {"/bin/sleep", "60", NULL};
        struct sandbox_process process = {
            .argv = argv, .identity = sandbox_process_identity(), .death_signal = SIGTERM};
        struct error error;
        pid_t pid = 0;
        if (sandbox_process_start(&process, &pid, &error)) {
            ssize_t ignored = write(report[1], &pid, sizeof pid);
            (void)ignored;
        }
        raise(SIGKILL);
    }
    cr_assert_eq(read(report[0], &child, sizeof child), (ssize_t)sizeof child);
    waitpid(parent, NULL, 0);
    bool ended = false;
    for (int i = 0; i < 500 && !ended; i++) {
        char path[64], state = 0;
        snprintf(path, sizeof path, "/proc/%ld/stat", (long)child);
        FILE *file = fopen(path, "r");
        ended = !file || (fscanf(file, "%*d (%*[^)]) %c", &state) == 1 && state == 'Z');
        if (file) {
            fclose(file);
        }
        usleep(10000);
    }
    cr_assert(ended);
}
