#include "ops/sandbox_probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { ANSWER_BYTES = 4096 };

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool sandbox_probe_free(int port, const char *option, struct error *error)
{
    struct sockaddr_in address = loopback(port);
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return error_set_errno(error, ERROR_UNAVAILABLE, option, "cannot make a socket");
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bool bound = bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    if (!bound) {
        error_set_errno(error, ERROR_CONFLICT, option,
                        "port %d of this machine cannot be taken; choose another with %s", port,
                        option);
    }
    close(fd);
    return bound;
}

int sandbox_probe_any(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t bytes = sizeof address;
    int port = 0;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return 0;
    }
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &bytes) == 0) {
        port = ntohs(address.sin_port);
    }
    close(fd);
    return port;
}

static size_t read_all(int fd, char *text, size_t bytes)
{
    size_t used = 0;
    while (used < bytes - 1) {
        ssize_t got = recv(fd, text + used, bytes - 1 - used, 0);
        if (got <= 0) {
            break;
        }
        used += (size_t)got;
    }
    text[used] = '\0';
    return used;
}

int sandbox_probe_get(int port, const char *path, char *body, size_t body_bytes)
{
    struct sockaddr_in address = loopback(port);
    struct timeval second = {.tv_sec = 1};
    char text[ANSWER_BYTES];
    int status = 0;
    body[0] = '\0';
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return 0;
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second);
    int bytes = snprintf(text, sizeof text,
                         "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
        send(fd, text, (size_t)bytes, MSG_NOSIGNAL) == bytes &&
        read_all(fd, text, sizeof text) > 12 && strncmp(text, "HTTP/1.", 7) == 0) {
        status = (int)strtol(text + 9, NULL, 10);
        const char *content = strstr(text, "\r\n\r\n");
        snprintf(body, body_bytes, "%s", content ? content + 4 : "");
    }
    close(fd);
    return status;
}
