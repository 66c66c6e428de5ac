#include "authz/spill.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SPILL_MAGIC UINT64_C(0x31306c6c69707368) /* "hspill01", and what it means in memory */

/* Written as it is in memory: the file belongs to one machine and, by `bytes`, to one layout. */
struct record {
    uint64_t magic;
    uint32_t bytes; /* of this struct */
    uint32_t fields_bytes;
    struct spill_note note;
    bool malformed;
    struct message message; /* its pointers mean nothing */
};

struct spill {
    pthread_mutex_t mutex; /* guards all below */
    int fd;                /* -1: nothing is kept */
    off_t end, taken;      /* bytes written; bytes taken from the front */
    size_t unsettled;      /* records taken and not settled */
    struct record record;  /* room for one */
};

static bool record_is_sound(const struct record *record)
{
    return record->magic == SPILL_MAGIC && record->bytes == sizeof *record &&
           record->fields_bytes <= MESSAGE_FIELDS_MAX;
}

static bool read_record(struct spill *spill, off_t at, off_t size)
{
    struct record *record = &spill->record;

    return pread(spill->fd, record, sizeof *record, at) == (ssize_t)sizeof *record &&
           record_is_sound(record) && at + (off_t)sizeof *record + record->fields_bytes <= size;
}

/* Finds the end of the last whole record. */
static void find_end(struct spill *spill, off_t size)
{
    while (spill->end < size && read_record(spill, spill->end, size)) {
        spill->end += (off_t)sizeof spill->record + spill->record.fields_bytes;
    }
    if (spill->end < size) {
        (void)!ftruncate(spill->fd, spill->end); /* what follows is read by nobody either way */
    }
}

/* A wrong path must not cost anybody a file. */
static bool check_kind(struct spill *spill, const char *path, off_t size, struct error *error)
{
    struct record *record = &spill->record;
    ssize_t bytes = pread(spill->fd, record, sizeof *record, 0);

    if (size == 0 || (bytes == (ssize_t)sizeof *record && record_is_sound(record))) {
        return true;
    }
    if (bytes == (ssize_t)sizeof *record && record->magic != SPILL_MAGIC) {
        return error_set(error, ERROR_CONFLICT, "authorisation.spill",
                         "%s is there and no spill; name another file", path);
    }
    if (bytes == (ssize_t)sizeof *record) {
        return error_set(error, ERROR_CONFLICT, "authorisation.spill",
                         "%s was left by another version; let that one store it, or move it away",
                         path);
    }
    return true; /* shorter than a record: the torn end of the first one */
}

static bool open_file(struct spill *spill, const char *path, struct error *error)
{
    struct stat status;

    spill->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (spill->fd < 0 || fstat(spill->fd, &status) != 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "authorisation.spill", "cannot open %s",
                               path);
    }
    if (flock(spill->fd, LOCK_EX | LOCK_NB) != 0) {
        return error_set_errno(error, ERROR_CONFLICT, "authorisation.spill",
                               "%s belongs to another daemon that runs", path);
    }
    if (!check_kind(spill, path, status.st_size, error)) {
        return false;
    }
    find_end(spill, status.st_size);
    return true;
}

bool spill_open(const char *path, struct spill **ret_spill, struct error *error)
{
    struct spill *spill = calloc(1, sizeof *spill);

    if (spill == NULL) {
        return error_set_errno(error, ERROR_LIMIT, "authorisation.spill", "no memory");
    }
    spill->fd = -1;
    pthread_mutex_init(&spill->mutex, NULL);
    if (path != NULL && path[0] != '\0' && !open_file(spill, path, error)) {
        spill_close(spill);
        return false;
    }
    *ret_spill = spill;
    return true;
}

void spill_close(struct spill *spill)
{
    if (spill == NULL) {
        return;
    }
    if (spill->fd >= 0) {
        close(spill->fd);
    }
    pthread_mutex_destroy(&spill->mutex);
    free(spill);
}

static bool write_locked(struct spill *spill, const struct message *message,
                         const struct spill_note *note)
{
    struct record *record = &spill->record;
    off_t bytes = (off_t)sizeof *record + message->fields_bytes;

    if (spill->fd < 0 || (!note->maybe_stored && spill->end + bytes > SPILL_BYTES_MAX)) {
        return false;
    }
    memset(record, 0, sizeof *record);
    record->magic = SPILL_MAGIC;
    record->bytes = sizeof *record;
    record->fields_bytes = message->fields_bytes;
    record->note = *note;
    record->malformed = message->malformed_field != NULL;
    record->message = *message;
    record->message.fields = NULL;
    record->message.malformed_field = NULL;
    record->message.malformed_expected = NULL;
    if (pwrite(spill->fd, record, sizeof *record, spill->end) != (ssize_t)sizeof *record ||
        pwrite(spill->fd, message->fields, message->fields_bytes,
               spill->end + (off_t)sizeof *record) != (ssize_t)message->fields_bytes) {
        return false;
    }
    spill->end += bytes;
    return true;
}

bool spill_put(struct spill *spill, const struct message *message, const struct spill_note *note)
{
    assert(message->fields_bytes <= MESSAGE_FIELDS_MAX);
    pthread_mutex_lock(&spill->mutex);
    bool put = write_locked(spill, message, note);
    pthread_mutex_unlock(&spill->mutex);
    return put;
}

static bool take_locked(struct spill *spill, struct message *message, uint8_t *fields,
                        struct spill_note *note)
{
    struct record *record = &spill->record;
    off_t fields_at = spill->taken + (off_t)sizeof *record;

    if (spill->taken == spill->end) {
        return false;
    }
    if (!read_record(spill, spill->taken, spill->end) ||
        pread(spill->fd, fields, record->fields_bytes, fields_at) != record->fields_bytes) {
        spill->taken = spill->end; /* nothing after it can be found */
        return false;
    }
    *message = record->message;
    message->fields = fields;
    if (record->malformed) {
        message->malformed_field = "unknown";
        message->malformed_expected = "what was logged when it came";
    }
    *note = record->note;
    spill->taken = fields_at + record->fields_bytes;
    spill->unsettled++;
    return true;
}

bool spill_take(struct spill *spill, struct message *message, uint8_t fields[MESSAGE_FIELDS_MAX],
                struct spill_note *note)
{
    pthread_mutex_lock(&spill->mutex);
    bool taken = take_locked(spill, message, fields, note);
    pthread_mutex_unlock(&spill->mutex);
    return taken;
}

void spill_settle(struct spill *spill)
{
    pthread_mutex_lock(&spill->mutex);
    assert(spill->unsettled > 0);
    spill->unsettled--;
    if (spill->unsettled == 0 && spill->taken == spill->end && ftruncate(spill->fd, 0) == 0) {
        spill->end = 0;
        spill->taken = 0;
    }
    pthread_mutex_unlock(&spill->mutex);
}

bool spill_is_waiting(struct spill *spill)
{
    pthread_mutex_lock(&spill->mutex);
    bool waiting = spill->taken < spill->end;
    pthread_mutex_unlock(&spill->mutex);
    return waiting;
}
