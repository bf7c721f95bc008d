/*
 * The sandbox's one way out: a listener on its loopback, whose connections are carried to the client as bytes and not understood.
 * Everything is bounded and nothing blocks: so many connections, so many bytes of each in each direction; what finds no room waits in
 * the kernel, and there its sender.
 */
#define _GNU_SOURCE
#include "init.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 128, ACCEPTS_AT_ONCE = 4, LOOK_MS = 5, CLOSING_MS = 10000 };

static int listener = -1;
static uint16_t own_port;
static size_t most;
static uint32_t last_id;
static struct tunnel tunnels[TUNNELS_MAX];

static void drop(struct tunnel *tunnel) {
    close(tunnel->socket);
    tunnel->id = 0;
}

/* ---- listening ---- */

int proxy_listen(uint16_t port, size_t connections) {
    if (listener >= 0) return 0;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0) return errno;
    int yes = 1;
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(made, (struct sockaddr *)&address, sizeof address) != 0 || listen(made, BACKLOG) != 0 ||
        getsockname(made, (struct sockaddr *)&address, &size) != 0) {
        int error = errno;
        close(made);
        return error;
    }
    listener = made;
    own_port = ntohs(address.sin_port);
    most = connections < TUNNELS_MAX ? connections : TUNNELS_MAX;
    return 0;
}

uint16_t proxy_port(void) {
    return own_port;
}

static struct tunnel *free_tunnel(void) {
    if (listener < 0) return NULL;
    for (size_t i = 0; i < most; i++)
        if (tunnels[i].id == 0) return &tunnels[i];
    return NULL;
}

static bool accept_one(int64_t look_until) {
    struct tunnel *tunnel = free_tunnel();
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    int made = tunnel ? accept4(listener, (struct sockaddr *)&from, &size, SOCK_CLOEXEC | SOCK_NONBLOCK) : -1;
    if (made < 0) return false;
    tunnel->socket = made;
    tunnel->id = ++last_id == 0 ? ++last_id : last_id;
    tunnel->ended = tunnel->broken = tunnel->end_wanted = false;
    tunnel->closing_until = 0;
    tunnel->received = tunnel->accepted = 0;
    tunnel->in_size = tunnel->out_size = 0;
    int64_t until = worked_ms() + LOOK_MS;
    if (until > look_until) until = look_until;
    peer_find(from.sin_addr.s_addr, ntohs(from.sin_port), htonl(INADDR_LOOPBACK), own_port, until, &tunnel->peer);
    return true;
}

static void accept_some(size_t at_once) {
    int64_t look_until = worked_ms() + ACCEPTS_AT_ONCE * LOOK_MS; /* together: the deadline must not wait for looks */
    while (at_once-- > 0 && accept_one(look_until)) {}
}

void proxy_accept_all(void) {
    accept_some(TUNNELS_MAX);
}

bool proxy_is_full(void) {
    return listener >= 0 && !free_tunnel();
}

/* ---- bytes ---- */

static void break_off(struct tunnel *tunnel) {
    tunnel->broken = tunnel->ended = true;
    tunnel->out_size = 0;
}

static void read_some(struct tunnel *tunnel) {
    static uint8_t thrown_away[4096];
    bool closing = tunnel->closing_until != 0;
    while (!tunnel->ended && (closing || tunnel->in_size < TUNNEL_BUFFER)) {
        ssize_t size = closing ? recv(tunnel->socket, thrown_away, sizeof thrown_away, 0)
                               : recv(tunnel->socket, tunnel->in + tunnel->in_size, TUNNEL_BUFFER - tunnel->in_size, 0);
        if (size > 0) {
            if (!closing) tunnel->in_size += (size_t)size;
            if (closing) return; /* one piece a round: somebody who never stops must not keep us here */
        } else if (size == 0) {
            tunnel->ended = true;
        } else {
            if (errno != EAGAIN && errno != EINTR) break_off(tunnel);
            return;
        }
    }
}

void proxy_write(struct tunnel *tunnel) {
    size_t done = 0;
    while (done < tunnel->out_size) {
        ssize_t size = send(tunnel->socket, tunnel->out + done, tunnel->out_size - done, MSG_NOSIGNAL);
        if (size > 0) {
            done += (size_t)size;
            continue;
        }
        if (size < 0 && errno != EAGAIN && errno != EINTR) {
            break_off(tunnel);
            return;
        }
        break;
    }
    tunnel->out_size -= done;
    memmove(tunnel->out, tunnel->out + done, tunnel->out_size);
    if (tunnel->out_size > 0 || !tunnel->end_wanted) return;
    tunnel->end_wanted = false;
    shutdown(tunnel->socket, SHUT_WR);
}

void proxy_work(int64_t now) {
    if (listener < 0) return;
    accept_some(ACCEPTS_AT_ONCE);
    for (size_t i = 0; i < most; i++) {
        struct tunnel *tunnel = &tunnels[i];
        if (tunnel->id == 0) continue;
        if (!tunnel->broken) proxy_write(tunnel);
        if (!tunnel->broken) read_some(tunnel);
        bool over = tunnel->ended && tunnel->out_size == 0;
        if (tunnel->closing_until != 0 && (over || now >= tunnel->closing_until)) drop(tunnel);
    }
}

/* The client needs no more of it: what it sent goes out, what the peer still sends is thrown away, so that no reset overtakes the rest. */
void proxy_close(struct tunnel *tunnel, bool at_once, int64_t now) {
    if (at_once || tunnel->broken) {
        struct linger reset = {.l_onoff = 1};
        setsockopt(tunnel->socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        drop(tunnel);
        return;
    }
    tunnel->in_size = 0;
    tunnel->end_wanted = true;
    tunnel->closing_until = now + CLOSING_MS;
    proxy_write(tunnel);
}

void proxy_close_all(void) {
    for (size_t i = 0; i < TUNNELS_MAX; i++)
        if (tunnels[i].id != 0) proxy_close(&tunnels[i], true, 0);
}

/* ---- for the requests and the loop ---- */

struct tunnel *proxy_tunnel(uint32_t id) {
    for (size_t i = 0; i < TUNNELS_MAX && id != 0; i++)
        if (tunnels[i].id == id && tunnels[i].closing_until == 0) return &tunnels[i];
    return NULL;
}

/* NULL when that place is free or its tunnel the client's no more. */
struct tunnel *proxy_tunnel_at(size_t index) {
    struct tunnel *tunnel = &tunnels[index];
    return tunnel->id != 0 && tunnel->closing_until == 0 ? tunnel : NULL;
}

size_t proxy_open(void) {
    size_t open = 0;
    for (size_t i = 0; i < TUNNELS_MAX; i++) open += tunnels[i].id != 0;
    return open;
}

size_t proxy_events(struct pollfd *events) {
    if (listener < 0) return 0;
    size_t count = 0;
    events[count++] = (struct pollfd){.fd = free_tunnel() ? listener : -1, .events = POLLIN};
    for (size_t i = 0; i < most; i++) {
        const struct tunnel *tunnel = &tunnels[i];
        if (tunnel->id == 0 || tunnel->broken) continue;
        bool reads = !tunnel->ended && (tunnel->closing_until != 0 || tunnel->in_size < TUNNEL_BUFFER);
        short wanted = (short)((reads ? POLLIN : 0) | (tunnel->out_size > 0 ? POLLOUT : 0));
        if (wanted != 0) events[count++] = (struct pollfd){.fd = tunnel->socket, .events = wanted};
    }
    return count;
}

int64_t proxy_wake_at(void) {
    int64_t at = 0;
    for (size_t i = 0; i < TUNNELS_MAX; i++)
        if (tunnels[i].id != 0) at = earlier(at, tunnels[i].closing_until);
    return at;
}
