#include "ops/sandbox_settings.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_BYTES = 128 };

/* A line without its end, and where it and the next one start. */
struct line {
    size_t start, bytes, next;
};

static bool next_line(const struct sandbox_settings *settings, size_t from, struct line *line)
{
    if (from >= settings->bytes) {
        return false;
    }
    size_t bytes = strcspn(settings->text + from, "\n");
    line->start = from;
    line->bytes = bytes;
    line->next = from + bytes + (settings->text[from + bytes] == '\n');
    return true;
}

static bool is_section(const char *text, size_t bytes)
{
    return bytes > 2 && text[0] == '[';
}

static bool is_section_named(const char *text, size_t bytes, const char *section)
{
    size_t wanted = strlen(section);
    return bytes >= wanted + 2 && text[0] == '[' && memcmp(text + 1, section, wanted) == 0 &&
           text[wanted + 1] == ']';
}

static bool is_key(const char *text, size_t bytes, const char *key)
{
    size_t wanted = strlen(key);
    if (bytes <= wanted || memcmp(text, key, wanted) != 0) {
        return false;
    }
    size_t blank = strspn(text + wanted, " \t");
    return text[wanted + blank] == '=' || text[wanted + blank] == ':';
}

/* Puts `text` in the place of the bytes from `start` to `end`. */
static bool put_between(struct sandbox_settings *settings, size_t start, size_t end,
                        const char *text, struct error *error)
{
    size_t bytes = strlen(text);
    if (settings->bytes - (end - start) + bytes >= SANDBOX_SETTINGS_BYTES) {
        return error_set(error, ERROR_LIMIT, "holdfast.conf", "the file would be over %d bytes",
                         SANDBOX_SETTINGS_BYTES);
    }
    memmove(settings->text + start + bytes, settings->text + end, settings->bytes - end + 1);
    memcpy(settings->text + start, text, bytes);
    settings->bytes = settings->bytes - (end - start) + bytes;
    return true;
}

bool sandbox_settings_set(struct sandbox_settings *settings, const char *section, const char *key,
                          const char *value, struct error *error)
{
    char text[8192];
    struct line line;
    size_t at = 0, insert = 0;
    bool inside = false, found = false;
    int bytes = snprintf(text, sizeof text, "%s = %s\n", key, value);
    if (bytes < 0 || (size_t)bytes >= sizeof text || strpbrk(value, "\r\n")) {
        return error_set(error, ERROR_INVALID, key, "the value is too long or has a line break");
    }
    for (; next_line(settings, at, &line); at = line.next) {
        const char *content = settings->text + line.start;
        if (is_section(content, line.bytes)) {
            inside = is_section_named(content, line.bytes, section);
            found = found || inside;
        } else if (inside && is_key(content, line.bytes, key)) {
            return put_between(settings, line.start, line.next, text, error);
        }
        if (inside && line.bytes > 0) {
            insert = line.next; /* behind the section's last line that is not empty */
        }
    }
    if (found) {
        return put_between(settings, insert, insert, text, error);
    }
    char heading[NAME_BYTES + 8];
    snprintf(heading, sizeof heading, "%s[%.*s]\n", settings->bytes > 0 ? "\n" : "", NAME_BYTES,
             section);
    return put_between(settings, settings->bytes, settings->bytes, heading, error) &&
           put_between(settings, settings->bytes, settings->bytes, text, error);
}

bool sandbox_settings_assign(struct sandbox_settings *settings, const char *assignment,
                             struct error *error)
{
    char name[NAME_BYTES];
    const char *equals = strchr(assignment, '=');
    size_t bytes = equals ? (size_t)(equals - assignment) : 0;
    if (bytes == 0 || bytes >= sizeof name) {
        return error_set(error, ERROR_INVALID, "--set", "expected section.key=value, found %.80s",
                         assignment);
    }
    memcpy(name, assignment, bytes);
    name[bytes] = '\0';
    char *dot = strrchr(name, '.');
    if (!dot || dot == name || dot[1] == '\0' || strpbrk(name, "[]\r\n")) {
        return error_set(error, ERROR_INVALID, "--set", "expected section.key=value, found %.80s",
                         assignment);
    }
    *dot = '\0';
    return sandbox_settings_set(settings, name, dot + 1, equals + 1, error);
}

bool sandbox_settings_read(struct sandbox_settings *settings, const char *path, bool *found,
                           struct error *error)
{
    settings->bytes = 0;
    settings->text[0] = '\0';
    *found = false;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ||
               error_set_errno(error, ERROR_UNAVAILABLE, "holdfast.conf", "cannot read %s", path);
    }
    ssize_t bytes = read(fd, settings->text, sizeof settings->text - 1);
    close(fd);
    if (bytes < 0 || (size_t)bytes >= sizeof settings->text - 1) {
        return error_set(error, ERROR_LIMIT, "holdfast.conf",
                         "%s cannot be read or is over %d bytes", path, SANDBOX_SETTINGS_BYTES - 2);
    }
    settings->bytes = (size_t)bytes;
    settings->text[bytes] = '\0';
    settings->bytes = strlen(settings->text);
    if (settings->bytes > 0 && settings->text[settings->bytes - 1] != '\n') {
        settings->text[settings->bytes++] = '\n';
        settings->text[settings->bytes] = '\0';
    }
    *found = true;
    return true;
}

bool sandbox_settings_write(const struct sandbox_settings *settings, const char *path,
                            struct error *error)
{
    char temporary[PATH_MAX];
    if (snprintf(temporary, sizeof temporary, "%s.new", path) >= (int)sizeof temporary) {
        return error_set(error, ERROR_LIMIT, "holdfast.conf", "the path is too long");
    }
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "holdfast.conf", "cannot write %s",
                               temporary);
    }
    bool written = write(fd, settings->text, settings->bytes) == (ssize_t)settings->bytes;
    if (close(fd) != 0 || !written || rename(temporary, path) != 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "holdfast.conf", "cannot write %s", path);
    }
    return true;
}
