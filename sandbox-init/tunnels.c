/* The requests of the sandbox's way out: listen, what is new, bytes to a connection, close. What is carried is not understood here. */
#include "init.h"

#include <string.h>

enum { WAIT_MAX_MS = 60000, HEAD_MAX = 400, ENTRY_KNOWS_END = 1, ENTRY_WANTS_ROOM = 2, COUNT_REFUSALS = 1 };
enum record { OPENED = 1, DATA, ENDED, ROOM, BROKEN };

static const struct bytes NOTHING = {NULL, 0};

static struct asked { /* a TUNNELS that waits for something new; there is one at a time */
    bool open;
    struct address to;
    int64_t until;
    size_t max, count;
    uint8_t flags;
    struct entry { /* what the client has of a tunnel that it knows */
        uint32_t id, window;
        uint64_t received;
        uint8_t flags;
    } entries[TUNNELS_MAX];
} waiting;

void tunnel_proxy(struct reader *in, const struct address *to, int64_t now) {
    (void)now;
    uint16_t port = read_u16(in), connections = read_u16(in);
    if (in->bad || connections == 0 || connections > TUNNELS_MAX) {
        reply_error(to, BAD_REQUEST, 0, NOTHING, "PROXY: connections out of range");
        return;
    }
    int error = proxy_listen(port, connections);
    if (error != 0) {
        reply_error(to, IO, error, NOTHING, strerror(error));
    } else if (port != 0 && port != proxy_port()) {
        reply_error(to, REFUSED, 0, NOTHING, "the proxy listens already, at another port");
    } else {
        reply_begin(to);
        write_number(proxy_port(), 2);
        reply_end();
    }
}

/* ---- what is new ---- */

static const struct entry *entry_of(const struct asked *asked, uint32_t id) {
    for (size_t i = 0; i < asked->count; i++)
        if (asked->entries[i].id == id) return &asked->entries[i];
    return NULL;
}

static uint64_t end_of(const struct tunnel *tunnel) {
    return tunnel->received + tunnel->in_size;
}

static size_t room_in(const struct tunnel *tunnel) {
    return TUNNEL_BUFFER - tunnel->out_size;
}

static size_t left_for(const struct tunnel *tunnel, const struct entry *entry) {
    bool kept = entry->received >= tunnel->received && entry->received < end_of(tunnel);
    uint64_t left = kept ? end_of(tunnel) - entry->received : 0;
    return left < entry->window ? (size_t)left : entry->window;
}

static bool tells_end(const struct tunnel *tunnel, const struct entry *entry) {
    return tunnel->ended && !tunnel->broken && !(entry->flags & ENTRY_KNOWS_END);
}

/* What came before it broke is handed over first. */
static bool tells_break(const struct tunnel *tunnel, const struct entry *entry) {
    return tunnel->broken && entry->received >= end_of(tunnel);
}

static bool tells_room(const struct tunnel *tunnel, const struct entry *entry) {
    return entry->flags & ENTRY_WANTS_ROOM && !tunnel->broken && room_in(tunnel) > 0;
}

static bool is_ready(const struct asked *asked, int64_t now) {
    if (now >= asked->until) return true;
    for (size_t i = 0; i < TUNNELS_MAX; i++) {
        const struct tunnel *tunnel = proxy_tunnel_at(i);
        if (tunnel && !entry_of(asked, tunnel->id)) return true;
    }
    for (size_t i = 0; i < asked->count; i++) {
        const struct entry *entry = &asked->entries[i];
        const struct tunnel *tunnel = proxy_tunnel(entry->id);
        if (!tunnel || left_for(tunnel, entry) > 0 || tells_end(tunnel, entry) || tells_break(tunnel, entry) || tells_room(tunnel, entry))
            return true;
    }
    return false;
}

static void write_record(enum record kind, uint32_t id) {
    write_number(kind, 1);
    write_number(id, 4);
}

static void write_opened(const struct tunnel *tunnel) {
    const struct peer *peer = &tunnel->peer;
    write_record(OPENED, tunnel->id);
    struct bytes token = command_running_token();
    write_str8(token.at, token.size);
    write_number(peer->pid, 4);
    write_str8(peer->name, peer->name_size);
    write_number(peer->command_size, 2);
    write_bytes(peer->command, peer->command_size);
}

static void write_known(const struct asked *asked, size_t *space) {
    static size_t first; /* another one each time, or the first would take all the space for ever */
    first++;
    for (size_t i = 0; i < asked->count; i++) {
        const struct entry *entry = &asked->entries[(first + i) % asked->count];
        const struct tunnel *tunnel = proxy_tunnel(entry->id);
        if (!tunnel) {
            write_record(BROKEN, entry->id);
            continue;
        }
        size_t count = left_for(tunnel, entry);
        if (count > *space) count = *space;
        if (count > 0) {
            write_record(DATA, entry->id);
            write_number(entry->received, 8);
            write_number(count, 4);
            write_bytes(tunnel->in + (entry->received - tunnel->received), count);
            *space -= count;
        }
        if (tells_end(tunnel, entry)) {
            write_record(ENDED, entry->id);
            write_number(end_of(tunnel), 8);
        }
        if (tells_room(tunnel, entry)) {
            write_record(ROOM, entry->id);
            write_number(room_in(tunnel), 4);
        }
        if (tells_break(tunnel, entry)) write_record(BROKEN, entry->id);
    }
}

static void answer(const struct asked *asked) {
    uint64_t refusals = 0;
    bool known = asked->flags & COUNT_REFUSALS && peer_refusals(&refusals);
    reply_begin(&asked->to);
    write_number(proxy_open(), 2);
    write_number(proxy_is_full(), 1);
    write_number(known, 1);
    write_number(refusals, 8);
    for (size_t i = 0; i < TUNNELS_MAX; i++) {
        const struct tunnel *tunnel = proxy_tunnel_at(i);
        if (tunnel && !entry_of(asked, tunnel->id)) write_opened(tunnel);
    }
    size_t space = asked->max;
    write_known(asked, &space);
    reply_end();
}

static bool read_asked(struct reader *in, struct asked *asked, int64_t now) {
    uint32_t wait = read_u32(in);
    asked->until = now + (wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS);
    asked->max = read_u32(in);
    if (asked->max > TUNNELS_DATA_MAX) asked->max = TUNNELS_DATA_MAX;
    asked->flags = read_u8(in);
    asked->count = read_u16(in);
    if (in->bad || asked->count > TUNNELS_MAX) return false;
    for (size_t i = 0; i < asked->count; i++) {
        struct entry *entry = &asked->entries[i];
        entry->id = read_u32(in);
        for (size_t before = 0; before < i; before++)
            if (asked->entries[before].id == entry->id) return false; /* it cannot have got two numbers of bytes */
        entry->received = read_u64(in);
        entry->window = read_u32(in);
        entry->flags = read_u8(in);
    }
    return !in->bad;
}

/* What the client has got is kept no longer; a number that nobody can have got is none. */
static bool forget_received(const struct asked *asked) {
    for (size_t i = 0; i < asked->count; i++) {
        const struct tunnel *tunnel = proxy_tunnel(asked->entries[i].id);
        if (tunnel && (asked->entries[i].received > end_of(tunnel) || asked->entries[i].received < tunnel->received)) return false;
    }
    for (size_t i = 0; i < asked->count; i++) {
        struct tunnel *tunnel = proxy_tunnel(asked->entries[i].id);
        if (!tunnel) continue;
        size_t gone = (size_t)(asked->entries[i].received - tunnel->received);
        tunnel->in_size -= gone;
        memmove(tunnel->in, tunnel->in + gone, tunnel->in_size);
        tunnel->received += gone;
    }
    return true;
}

void tunnel_next(struct reader *in, const struct address *to, int64_t now) {
    static struct asked asked;
    asked.open = true;
    asked.to = *to;
    if (!read_asked(in, &asked, now)) {
        reply_error(to, BAD_REQUEST, 0, NOTHING, "TUNNELS: does not parse, or a tunnel is listed twice");
        return;
    }
    if (waiting.open) { /* what it would have told is told to the newer one; ours may come before its next */
        waiting.open = false;
        waiting.count = 0;
        reply_begin(&waiting.to);
        write_number(proxy_open(), 2);
        write_number(0, 2);
        write_number(0, 8);
        reply_end();
    }
    if (!forget_received(&asked)) {
        reply_error(to, SEQUENCE, 0, NOTHING, "TUNNELS: bytes that were not given, or are not kept any more");
        return;
    }
    proxy_accept_all();
    proxy_work(now);
    if (is_ready(&asked, now))
        answer(&asked);
    else
        waiting = asked;
}

void tunnels_answer_waiting(int64_t now) {
    if (!waiting.open || !output_has_room() || !is_ready(&waiting, now)) return;
    waiting.open = false;
    answer(&waiting);
}

int64_t tunnels_wake_at(void) {
    return waiting.open && output_has_room() ? waiting.until : 0;
}

/* Whoever held the other ends is gone, so what was on its way is lost: the tunnels end, the listener stays. */
void tunnels_fence(void) {
    proxy_close_all();
    if (!waiting.open) return;
    waiting.open = false;
    reply_error(&waiting.to, FENCED, 0, NOTHING, "a newer client took over");
}

/* ---- to a connection ---- */

void tunnel_send(struct reader *in, const struct address *to, int64_t now) {
    (void)now;
    uint32_t id = read_u32(in);
    uint64_t offset = read_u64(in);
    uint8_t flags = read_u8(in);
    struct bytes data = read_bytes(in, read_u32(in));
    struct tunnel *tunnel = in->bad ? NULL : proxy_tunnel(id);
    if (in->bad) {
        reply_error(to, BAD_REQUEST, 0, NOTHING, "SEND: does not parse");
    } else if (!tunnel) {
        reply_error(to, NOT_FOUND, 0, NOTHING, "no such tunnel");
    } else if (tunnel->broken) {
        reply_error(to, GONE, 0, NOTHING, "the tunnel's peer is gone");
    } else if (offset > tunnel->accepted) {
        reply_error(to, SEQUENCE, 0, NOTHING, "SEND: bytes before these are missing");
    } else {
        uint64_t had = tunnel->accepted - offset;
        size_t fresh = data.size > had ? data.size - (size_t)had : 0;
        size_t taken = fresh < room_in(tunnel) ? fresh : room_in(tunnel);
        if (taken > 0) memcpy(tunnel->out + tunnel->out_size, data.at + had, taken);
        tunnel->out_size += taken;
        tunnel->accepted += taken;
        if (flags & 1 && taken == fresh) tunnel->end_wanted = true;
        proxy_write(tunnel);
        reply_begin(to);
        write_number(tunnel->accepted, 8);
        write_number(room_in(tunnel), 4);
        reply_end();
    }
}

void tunnel_close(struct reader *in, const struct address *to, int64_t now) {
    uint32_t id = read_u32(in);
    uint8_t flags = read_u8(in);
    if (in->bad) {
        reply_error(to, BAD_REQUEST, 0, NOTHING, "CLOSE: does not parse");
        return;
    }
    struct tunnel *tunnel = proxy_tunnel(id);
    if (tunnel) proxy_close(tunnel, flags & 1, now);
    reply_begin(to);
    reply_end();
}
