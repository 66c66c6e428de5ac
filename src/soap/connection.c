#include "soap/connection.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { DESCRIPTORS_MAX = 1 << 20 };

struct connections {
    pthread_mutex_t mutex;
    struct connection *slots;
    int maximum, count;
    struct connection *free;
    struct connection **by_fd;
    int fd_end;
};

bool connections_create(struct endpoint *endpoint, int maximum, struct connections **ret_table,
                        struct error *error)
{
    struct rlimit limit = {.rlim_cur = 1024};
    struct connections *table = calloc(1, sizeof *table);
    getrlimit(RLIMIT_NOFILE, &limit);
    if (table == NULL) {
        return error_set(error, ERROR_LIMIT, "listen.connections_max", "no memory");
    }
    table->maximum = maximum;
    table->fd_end = limit.rlim_cur < DESCRIPTORS_MAX ? (int)limit.rlim_cur : DESCRIPTORS_MAX;
    table->slots = calloc((size_t)maximum, sizeof *table->slots);
    table->by_fd = calloc((size_t)table->fd_end, sizeof(struct connection *));
    pthread_mutex_init(&table->mutex, NULL);
    if (table->slots == NULL || table->by_fd == NULL) {
        connections_destroy(table);
        return error_set(error, ERROR_LIMIT, "listen.connections_max",
                         "no memory for %d connections", maximum);
    }
    for (int i = maximum - 1; i >= 0; i--) {
        table->slots[i].magic = CONNECTION_MAGIC;
        table->slots[i].endpoint = endpoint;
        table->slots[i].table = table;
        table->slots[i].next_free = table->free;
        table->free = &table->slots[i];
    }
    *ret_table = table;
    return true;
}

void connections_destroy(struct connections *table)
{
    if (table != NULL) {
        pthread_mutex_destroy(&table->mutex);
        free(table->by_fd);
        free(table->slots);
        free(table);
    }
}

static void put_locked(struct connections *table, struct connection *connection)
{
    assert(connection->state != CONNECTION_FREE);
    table->by_fd[connection->fd] = NULL;
    connection->state = CONNECTION_FREE;
    connection->next_free = table->free;
    table->free = connection;
    table->count--;
}

struct connection *connections_take(struct connections *table, int fd, int64_t now_mono_us)
{
    struct connection *connection = NULL;
    pthread_mutex_lock(&table->mutex);
    if (fd < table->fd_end && table->by_fd[fd] != NULL) {
        put_locked(table, table->by_fd[fd]);
    }
    if (fd < table->fd_end && table->free != NULL) {
        connection = table->free;
        table->free = connection->next_free;
        table->by_fd[fd] = connection;
        table->count++;
        connection->fd = fd;
        connection->state = CONNECTION_ACCEPTED;
        connection->accepted_mono_us = now_mono_us;
        connection->handshake_us = 0;
        connection->begun = false;
        connection->mhd = NULL;
        connection->parse = NULL;
        atomic_store(&connection->phase, REQUEST_NONE);
        atomic_store(&connection->deadline_mono_us, 0);
    }
    pthread_mutex_unlock(&table->mutex);
    return connection;
}

struct connection *connections_open(struct connections *table, int fd)
{
    struct connection *connection = NULL;
    pthread_mutex_lock(&table->mutex);
    if (fd < table->fd_end && table->by_fd[fd] != NULL) {
        connection = table->by_fd[fd];
        connection->state = CONNECTION_OPEN;
    }
    pthread_mutex_unlock(&table->mutex);
    return connection;
}

void connections_put(struct connection *connection)
{
    struct connections *table = connection->table;
    pthread_mutex_lock(&table->mutex);
    put_locked(table, connection);
    pthread_mutex_unlock(&table->mutex);
}

void connections_forget(struct connections *table, struct connection *connection, int fd)
{
    pthread_mutex_lock(&table->mutex);
    if (connection->state == CONNECTION_ACCEPTED && connection->fd == fd &&
        table->by_fd[fd] == connection) {
        put_locked(table, connection);
    }
    pthread_mutex_unlock(&table->mutex);
}

int connections_count(struct connections *table)
{
    pthread_mutex_lock(&table->mutex);
    int count = table->count;
    pthread_mutex_unlock(&table->mutex);
    return count;
}

/* Under the mutex, so that no descriptor is closed, and given to somebody else, meanwhile. */
int connections_reap(struct connections *table, int64_t now_mono_us)
{
    int reaped = 0;
    pthread_mutex_lock(&table->mutex);
    for (int i = 0; i < table->maximum; i++) {
        struct connection *connection = &table->slots[i];
        int64_t deadline = atomic_load(&connection->deadline_mono_us);
        if (connection->state == CONNECTION_OPEN && deadline != 0 && now_mono_us > deadline) {
            shutdown(connection->fd, SHUT_RDWR);
            atomic_store(&connection->deadline_mono_us, 0);
            reaped++;
        }
    }
    pthread_mutex_unlock(&table->mutex);
    return reaped;
}
