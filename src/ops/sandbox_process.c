#include "ops/sandbox_process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum { POLL_US = 10000, EXIT_CANNOT_START = 127 };

static void sleep_us(int64_t us)
{
    struct timespec wait = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    nanosleep(&wait, NULL);
}

bool sandbox_process_unprivileged(uid_t *uid, gid_t *gid)
{
    static const char *const names[] = {"postgres", "nobody"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct passwd *user = getpwnam(names[i]);
        if (user && user->pw_uid != 0) {
            *uid = user->pw_uid;
            *gid = user->pw_gid;
            return true;
        }
    }
    return false;
}

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    return close(fd) == 0 && written;
}

/* Root outside is `uid` inside; everything root owns is then `uid`'s. */
static bool enter_namespace(uid_t uid, gid_t gid)
{
    char line[64];
    uid_t outer_uid = geteuid();
    gid_t outer_gid = getegid();
    if (unshare(CLONE_NEWUSER) != 0 || !write_file("/proc/self/setgroups", "deny")) {
        return false;
    }
    snprintf(line, sizeof line, "%u %u 1", (unsigned)gid, (unsigned)outer_gid);
    if (!write_file("/proc/self/gid_map", line)) {
        return false;
    }
    snprintf(line, sizeof line, "%u %u 1", (unsigned)uid, (unsigned)outer_uid);
    return write_file("/proc/self/uid_map", line);
}

static bool become(enum sandbox_identity identity)
{
    uid_t uid;
    gid_t gid;
    if (identity == SANDBOX_IDENTITY_OURS) {
        return true;
    }
    if (!sandbox_process_unprivileged(&uid, &gid)) {
        errno = ENOENT;
        return false;
    }
    if (identity == SANDBOX_IDENTITY_NAMESPACE) {
        return enter_namespace(uid, gid);
    }
    return setgroups(0, NULL) == 0 && setgid(gid) == 0 && setuid(uid) == 0;
}

enum sandbox_identity sandbox_process_identity(void)
{
    if (geteuid() != 0) {
        return SANDBOX_IDENTITY_OURS;
    }
    pid_t pid = fork();
    if (pid == 0) {
        _exit(become(SANDBOX_IDENTITY_NAMESPACE) ? 0 : 1);
    }
    int status = 1;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        return SANDBOX_IDENTITY_OTHER;
    }
    return SANDBOX_IDENTITY_NAMESPACE;
}

/* A file with the text, already unlinked: no pipe that could fill up while we wait. */
static int input_file(const char *text)
{
    char path[] = "/tmp/holdfast-input-XXXXXX";
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    unlink(path);
    if (write(fd, text, strlen(text)) != (ssize_t)strlen(text) || lseek(fd, 0, SEEK_SET) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool redirect(const struct sandbox_process *process)
{
    int in = process->input ? input_file(process->input) : open("/dev/null", O_RDONLY);
    if (in < 0 || dup2(in, STDIN_FILENO) < 0) {
        return false;
    }
    if (process->log_path) {
        int out = open(process->log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (out < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0) {
            return false;
        }
    }
    return true;
}

/* In the child. Only returns when something failed, with errno set. */
static void become_program(const struct sandbox_process *process, pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    if (!redirect(process) || !become(process->identity)) {
        return;
    }
    /* After the change of identity, which would clear it. */
    if (prctl(PR_SET_PDEATHSIG, process->death_signal) != 0) {
        return;
    }
    if (getppid() != parent) {
        _exit(EXIT_CANNOT_START); /* the sandbox died before the line above */
    }
    execv(process->argv[0], (char *const *)(uintptr_t)process->argv);
}

bool sandbox_process_start(const struct sandbox_process *process, pid_t *ret_pid,
                           struct error *error)
{
    int report[2]; /* closed by a successful exec, else carries errno */
    if (pipe2(report, O_CLOEXEC) != 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, process->argv[0], "cannot make a pipe");
    }
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        become_program(process, parent);
        int cause = errno;
        ssize_t ignored = write(report[1], &cause, sizeof cause);
        (void)ignored;
        _exit(EXIT_CANNOT_START);
    }
    close(report[1]);
    int cause = 0;
    ssize_t got = pid < 0 ? 0 : read(report[0], &cause, sizeof cause);
    close(report[0]);
    if (pid < 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, process->argv[0], "cannot fork");
    }
    if (got == (ssize_t)sizeof cause) {
        waitpid(pid, NULL, 0);
        errno = cause;
        return error_set_errno(error, ERROR_UNAVAILABLE, process->argv[0], "cannot be started");
    }
    *ret_pid = pid;
    return true;
}

bool sandbox_process_ended(pid_t pid, int64_t timeout_us, int *ret_status)
{
    int64_t deadline_mono_us = clock_mono_us() + timeout_us;
    for (;;) {
        int status = 0;
        pid_t got = waitpid(pid, &status, WNOHANG);
        if (got == pid || (got < 0 && errno == ECHILD && kill(pid, 0) != 0 && errno == ESRCH)) {
            if (ret_status) {
                *ret_status = status;
            }
            return true;
        }
        if (clock_mono_us() >= deadline_mono_us) {
            return false;
        }
        sleep_us(POLL_US);
    }
}

bool sandbox_process_stop(pid_t *pid, int signal_number, int64_t patience_us)
{
    if (*pid == 0) {
        return true;
    }
    kill(*pid, signal_number);
    bool ended = sandbox_process_ended(*pid, patience_us, NULL);
    if (!ended) {
        kill(*pid, SIGKILL);
        sandbox_process_ended(*pid, 5 * INT64_C(1000000), NULL);
    }
    *pid = 0;
    return ended;
}

bool sandbox_process_run(const struct sandbox_process *process, int64_t timeout_us,
                         struct error *error)
{
    pid_t pid = 0;
    if (!sandbox_process_start(process, &pid, error)) {
        return false;
    }
    int status = 0;
    if (!sandbox_process_ended(pid, timeout_us, &status)) {
        sandbox_process_stop(&pid, SIGTERM, 1000000);
        return error_set(error, ERROR_LATE, process->argv[0], "did not end within %lld s",
                         (long long)(timeout_us / 1000000));
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return true;
    }
    return error_set(error, ERROR_UNAVAILABLE, process->argv[0], "failed; its output is in %s",
                     process->log_path ? process->log_path : "the lines above");
}
