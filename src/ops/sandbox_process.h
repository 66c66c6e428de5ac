/* Child processes of the sandbox: started with their output in a log file, in a process group of
 * their own (so that a Ctrl-C reaches the sandbox alone, which stops them in order), and with a
 * signal that the kernel sends them when the sandbox dies.
 *
 * PostgreSQL refuses to run as root. Where we are root it runs in a user namespace in which we are
 * an unprivileged user: outside, its files stay root's, so it may stand below a directory that only
 * root can enter. Where the kernel admits no user namespaces it runs as that user for real.
 *
 * Threads: one.   Owns: nothing.   May include: base.
 */
#ifndef OPS_SANDBOX_PROCESS_H
#define OPS_SANDBOX_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

enum sandbox_identity {
    SANDBOX_IDENTITY_OURS,      /* as we are */
    SANDBOX_IDENTITY_NAMESPACE, /* root: unprivileged in a user namespace */
    SANDBOX_IDENTITY_OTHER,     /* root, no namespaces: setuid to an unprivileged user */
};

struct sandbox_process {
    const char *const *argv; /* NULL-ended; argv[0] is a path */
    const char *log_path;    /* standard output and error are appended; NULL: inherited */
    const char *input;       /* text for standard input; NULL: /dev/null */
    enum sandbox_identity identity;
    int death_signal; /* sent to it when we die */
};

/* How a program that refuses root can run here. */
enum sandbox_identity sandbox_process_identity(void);
/* The unprivileged user's ids, for SANDBOX_IDENTITY_OTHER. False when the machine has none. */
bool sandbox_process_unprivileged(uid_t *uid, gid_t *gid);

/* Starts it. A program that cannot be executed is an error here, not an exit status later. */
MUST_USE bool sandbox_process_start(const struct sandbox_process *process, pid_t *ret_pid,
                                    struct error *error);
/* Starts it and waits until it ends; a status other than 0 is an error that names the log. */
MUST_USE bool sandbox_process_run(const struct sandbox_process *process, int64_t timeout_us,
                                  struct error *error);
/* Whether it has ended within timeout_us; *ret_status as waitpid() gives it (may be NULL). A
 * process that is not our child is watched by its id. */
bool sandbox_process_ended(pid_t pid, int64_t timeout_us, int *ret_status);
/* Sends `signal_number`, waits `patience_us`, then kills. *pid becomes 0; a pid of 0 is fine. False
 * when it had to be killed. */
bool sandbox_process_stop(pid_t *pid, int signal_number, int64_t patience_us);

#endif
