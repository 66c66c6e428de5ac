#include "authz/doubt.h"

#include <assert.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define DOUBT_MAGIC UINT64_C(0x3130627564667368) /* "hsfdub01", and what it means in memory */

enum {
    DOUBT_NONE = 0,  /* request_state.doubt: a request without a slot */
    DOUBT_OVER = -1, /* settled: a note that comes after it is none */
    SLOT_BYTES = 24576,
};

/* Written as it is in memory, as the spill's records are. The magic is written last: a slot without
 * it is free. */
struct slot {
    uint64_t magic;
    uint32_t bytes; /* of this struct */
    uint32_t fields_bytes;
    struct spill_note note;
    struct message message; /* its pointers mean nothing */
};
static_assert(sizeof(struct slot) + MESSAGE_FIELDS_MAX <= SLOT_BYTES, "a slot holds any message");

struct doubts {
    pthread_mutex_t mutex; /* guards all below, and every request's state->doubt */
    int fd;                /* -1: nothing is kept */
    int32_t *free;         /* slots that were used and are free, latest first */
    int free_count, fresh, used, count;
    struct slot slot; /* room for one */
    uint8_t fields[MESSAGE_FIELDS_MAX];
};

static off_t place_of(int64_t number)
{
    return (off_t)(number - 1) * SLOT_BYTES;
}

/* --- what an earlier process left --- */

/* False when it is not readable, which is refused rather than lost. */
static bool hand_over_one(struct doubts *doubts, int64_t number, const char *path,
                          struct spill *spill, size_t *count, struct error *error)
{
    struct slot *slot = &doubts->slot;
    ssize_t bytes = pread(doubts->fd, slot, sizeof *slot, place_of(number));

    if (bytes < (ssize_t)sizeof slot->magic || slot->magic == 0) {
        return true;
    }
    if (slot->magic != DOUBT_MAGIC) {
        return error_set(error, ERROR_CONFLICT, "authorisation.spill",
                         "%s is there and not of holdfastd; name another spill", path);
    }
    if (bytes != (ssize_t)sizeof *slot || slot->bytes != sizeof *slot ||
        slot->fields_bytes > MESSAGE_FIELDS_MAX ||
        pread(doubts->fd, doubts->fields, slot->fields_bytes,
              place_of(number) + (off_t)sizeof *slot) != (ssize_t)slot->fields_bytes) {
        return error_set(error, ERROR_CONFLICT, "authorisation.spill",
                         "%s was left by another version; let that one settle it", path);
    }
    slot->message.fields = doubts->fields;
    slot->message.malformed_field = NULL;
    slot->message.malformed_expected = NULL;
    (*count)++;
    return spill_put(spill, &slot->message, &slot->note) ||
           error_set(error, ERROR_UNAVAILABLE, "authorisation.spill", "cannot take what is in %s",
                     path);
}

static bool hand_over(struct doubts *doubts, const char *path, off_t size, struct spill *spill,
                      struct error *error)
{
    size_t count = 0;

    for (int64_t number = 1; place_of(number) < size; number++) {
        if (!hand_over_one(doubts, number, path, spill, &count, error)) {
            return false;
        }
    }
    if (ftruncate(doubts->fd, 0) != 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "authorisation.spill", "cannot empty %s",
                               path);
    }
    if (count > 0) {
        log_warning("doubts_left", log_number("declines", (int64_t)count));
    }
    return true;
}

static bool open_file(struct doubts *doubts, const char *spill_path, struct spill *spill,
                      struct error *error)
{
    char path[PATH_MAX];
    struct stat status;

    if (snprintf(path, sizeof path, "%s.told", spill_path) >= (int)sizeof path) {
        return error_set(error, ERROR_LIMIT, "authorisation.spill", "the path is too long");
    }
    doubts->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (doubts->fd < 0 || fstat(doubts->fd, &status) != 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, "authorisation.spill", "cannot open %s",
                               path);
    }
    if (flock(doubts->fd, LOCK_EX | LOCK_NB) != 0) {
        return error_set_errno(error, ERROR_CONFLICT, "authorisation.spill",
                               "%s belongs to another daemon that runs", path);
    }
    return hand_over(doubts, path, status.st_size, spill, error);
}

bool doubts_open(const char *spill_path, int slots, struct spill *spill, struct doubts **ret_doubts,
                 struct error *error)
{
    struct doubts *doubts = calloc(1, sizeof *doubts);

    assert(slots >= 1);
    if (doubts == NULL) {
        return error_set_errno(error, ERROR_LIMIT, "authorisation.spill", "no memory");
    }
    doubts->fd = -1;
    doubts->count = slots;
    doubts->free = calloc((size_t)slots, sizeof *doubts->free);
    pthread_mutex_init(&doubts->mutex, NULL);
    if (doubts->free == NULL) {
        doubts_close(doubts);
        return error_set_errno(error, ERROR_LIMIT, "authorisation.spill", "no memory");
    }
    if (spill_path != NULL && spill_path[0] != '\0' &&
        !open_file(doubts, spill_path, spill, error)) {
        doubts_close(doubts);
        return false;
    }
    *ret_doubts = doubts;
    return true;
}

void doubts_close(struct doubts *doubts)
{
    if (doubts == NULL) {
        return;
    }
    if (doubts->fd >= 0) {
        close(doubts->fd);
    }
    pthread_mutex_destroy(&doubts->mutex);
    free(doubts->free);
    free(doubts);
}

/* --- one doubt --- */

static int32_t take_slot_locked(struct doubts *doubts)
{
    if (doubts->free_count > 0) {
        return doubts->free[--doubts->free_count];
    }
    return doubts->fresh < doubts->count ? ++doubts->fresh : DOUBT_NONE;
}

static bool write_locked(struct doubts *doubts, int32_t number, const struct message *message,
                         const struct spill_note *note)
{
    struct slot *slot = &doubts->slot;
    const uint64_t magic = DOUBT_MAGIC;
    off_t at = place_of(number);

    memset(slot, 0, sizeof *slot);
    slot->bytes = sizeof *slot;
    slot->fields_bytes = message->fields_bytes;
    slot->note = *note;
    slot->message = *message;
    slot->message.fields = NULL;
    slot->message.malformed_field = NULL;
    slot->message.malformed_expected = NULL;
    return pwrite(doubts->fd, slot, sizeof *slot, at) == (ssize_t)sizeof *slot &&
           pwrite(doubts->fd, message->fields, message->fields_bytes, at + (off_t)sizeof *slot) ==
               (ssize_t)message->fields_bytes &&
           pwrite(doubts->fd, &magic, sizeof magic, at) == (ssize_t)sizeof magic;
}

bool doubts_note(struct doubts *doubts, const struct request *request,
                 const struct spill_note *note)
{
    struct request_state *state = request->state;
    bool kept = true;

    if (doubts->fd < 0) {
        return true; /* as the configuration has it */
    }
    pthread_mutex_lock(&doubts->mutex);
    if (state->doubt == DOUBT_NONE) {
        int32_t number = take_slot_locked(doubts);
        kept = number != DOUBT_NONE && write_locked(doubts, number, &request->message, note);
        state->doubt = number;
        doubts->used += number != DOUBT_NONE;
    }
    pthread_mutex_unlock(&doubts->mutex);
    return kept;
}

void doubts_forget(struct doubts *doubts, const struct request *request)
{
    struct request_state *state = request->state;
    const uint64_t nothing = 0;

    pthread_mutex_lock(&doubts->mutex);
    if (state->doubt > DOUBT_NONE) {
        doubts->used--;
        doubts->free[doubts->free_count++] = state->doubt;
        /* One that stays is looked up once more by the next process, which finds it settled. */
        (void)!pwrite(doubts->fd, &nothing, sizeof nothing, place_of(state->doubt));
        if (doubts->used == 0) {
            (void)!ftruncate(doubts->fd, 0);
        }
    }
    state->doubt = DOUBT_OVER;
    pthread_mutex_unlock(&doubts->mutex);
}
