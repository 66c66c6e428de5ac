#include "ops/sandbox_home.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK ".holdfast-sandbox"
enum { LONGEST_NAME = 64 };

const char *sandbox_home_path(const struct sandbox_home *home, const char *name,
                              char path[PATH_MAX])
{
    int bytes = snprintf(path, PATH_MAX, "%s/%s", home->directory, name);
    assert(bytes > 0 && bytes < PATH_MAX);
    return path;
}

static bool is_empty(const char *path)
{
    DIR *directory = opendir(path);
    const struct dirent *entry;
    bool empty = directory != NULL;
    while (directory && (entry = readdir(directory)) != NULL) {
        empty = empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    }
    if (directory) {
        closedir(directory);
    }
    return empty;
}

static bool make_directory(const char *path, struct error *error)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "sandbox", "cannot make %s", path);
    }
    return true;
}

static bool take_lock(struct sandbox_home *home, bool fresh, struct error *error)
{
    char path[PATH_MAX], text[64] = "";
    home->lock =
        open(sandbox_home_path(home, MARK, path), O_RDWR | O_CLOEXEC | (fresh ? O_CREAT : 0), 0600);
    if (home->lock < 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "sandbox", "cannot open %s", path);
    }
    if (flock(home->lock, LOCK_EX | LOCK_NB) != 0) {
        return error_set(error, ERROR_CONFLICT, "sandbox",
                         "a sandbox is running in %.120s; stop it first, or give another directory",
                         home->directory);
    }
    ssize_t bytes = pread(home->lock, text, sizeof text - 1, 0);
    long cards = bytes > 0 ? strtol(text, NULL, 10) : 0;
    home->card_count = cards > 0 ? cards : 0;
    return true;
}

bool sandbox_home_open(struct sandbox_home *home, const char *directory, struct error *error)
{
    char path[PATH_MAX];
    home->lock = -1;
    home->card_count = 0;
    if (!make_directory(directory, error)) {
        return false;
    }
    if (!realpath(directory, home->directory) ||
        strlen(home->directory) + LONGEST_NAME >= PATH_MAX) {
        return error_set_errno(error, ERROR_INVALID, "sandbox", "%.160s is no usable directory",
                               directory);
    }
    bool fresh = access(sandbox_home_path(home, MARK, path), F_OK) != 0;
    if (fresh && !is_empty(home->directory)) {
        return error_set(error, ERROR_CONFLICT, "sandbox",
                         "%.120s is not empty and not a sandbox; give a directory that does not "
                         "exist yet",
                         home->directory);
    }
    return take_lock(home, fresh, error) &&
           make_directory(sandbox_home_path(home, "log", path), error) &&
           make_directory(sandbox_home_path(home, "tls", path), error);
}

void sandbox_home_close(struct sandbox_home *home)
{
    if (home->lock >= 0) {
        close(home->lock);
        home->lock = -1;
    }
}

bool sandbox_home_save(struct sandbox_home *home, int64_t card_count, struct error *error)
{
    char text[32];
    int bytes = snprintf(text, sizeof text, "%-20lld\n", (long long)card_count);
    if (pwrite(home->lock, text, (size_t)bytes, 0) != bytes || fdatasync(home->lock) != 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "sandbox", "cannot write %s in %.160s",
                               MARK, home->directory);
    }
    home->card_count = card_count;
    return true;
}
