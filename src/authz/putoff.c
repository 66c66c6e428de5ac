#include "authz/putoff.h"

#include <assert.h>

void putoff_add(struct putoff *putoff, struct request *request)
{
    assert(request->state->account != 0);
    request->state->next = NULL;
    *(putoff->last != NULL ? &putoff->last->state->next : &putoff->first) = request;
    putoff->last = request;
    putoff->count++;
}

/* Takes out those that belong to the account (or do not, for the rest), in order. */
static void split(struct putoff *from, int64_t account, struct putoff *of_account,
                  struct putoff *others)
{
    struct request *request = from->first;

    while (request != NULL) {
        struct request *next = request->state->next;
        putoff_add(request->state->account == account ? of_account : others, request);
        request = next;
    }
}

void putoff_return(struct putoff *putoff, struct request *request)
{
    struct putoff behind = {0}, others = {0};

    split(putoff, request->state->account, &behind, &others);
    putoff_add(&others, request);
    for (struct request *each = behind.first; each != NULL;) {
        struct request *next = each->state->next;
        putoff_add(&others, each);
        each = next;
    }
    *putoff = others;
}

static bool is_among(struct request *const *requests, size_t count, int64_t account)
{
    for (size_t i = 0; i < count; i++) {
        if (requests[i]->state->account == account) {
            return true;
        }
    }
    return false;
}

size_t putoff_probe(struct putoff *putoff, struct request **requests, size_t max)
{
    struct putoff rest = {0};
    struct request *request = putoff->first;
    size_t count = 0;

    while (request != NULL) {
        struct request *next = request->state->next;
        if (count < max && !is_among(requests, count, request->state->account)) {
            request->state->next = NULL;
            requests[count++] = request;
        } else {
            putoff_add(&rest, request);
        }
        request = next;
    }
    *putoff = rest;
    return count;
}

bool putoff_has(const struct putoff *putoff, int64_t account)
{
    for (struct request *request = putoff->first; request != NULL; request = request->state->next) {
        if (request->state->account == account) {
            return true;
        }
    }
    return false;
}

/* Last first, so that putting each at the front keeps their order. The list is short. */
static void put_back_reversed(struct request *request, struct queue *queue)
{
    struct request *reversed = NULL;

    while (request != NULL) {
        struct request *next = request->state->next;
        request->state->next = reversed;
        reversed = request;
        request = next;
    }
    while (reversed != NULL) {
        struct request *next = reversed->state->next;
        queue_put_back(queue, reversed);
        reversed = next;
    }
}

void putoff_release(struct putoff *putoff, int64_t account, struct queue *queue)
{
    struct putoff freed = {0}, others = {0};

    if (!putoff_has(putoff, account)) {
        return;
    }
    split(putoff, account, &freed, &others);
    *putoff = others;
    put_back_reversed(freed.first, queue);
}
