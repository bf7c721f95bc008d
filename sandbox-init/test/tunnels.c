/* The sandbox's way out: what is carried, what is bounded, what a lost reply, a stalled end and a newer client mean. */
#define _GNU_SOURCE
#include "tunnels.h"
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct init init;
static uint16_t port;

struct known { /* what this client has of a tunnel */
    uint32_t id, window;
    uint64_t received;
    uint8_t flags;
};

struct told { /* one reply to TUNNELS */
    int error, open;
    bool full;
    uint32_t opened[TUNNELS_MAX], pid, room, broken;
    size_t opened_count, size;
    char token[65], name[17], command[300];
    size_t command_size;
    uint64_t offset, end;
    uint8_t data[TUNNELS_DATA_MAX];
};
static struct told told;

static void copy_text(char *to, struct bytes text) {
    if (text.size > 0) memcpy(to, text.at, text.size);
    to[text.size] = '\0';
}

static void take_records(struct reader *in) {
    while (in->at < in->end && !in->bad) {
        uint8_t kind = read_u8(in);
        uint32_t id = read_u32(in);
        switch (kind) {
        case 1:
            told.opened[told.opened_count++] = id;
            copy_text(told.token, read_str8(in));
            told.pid = read_u32(in);
            copy_text(told.name, read_str8(in));
            struct bytes command = read_str16(in);
            told.command_size = command.size;
            copy_text(told.command, command);
            break;
        case 2:
            told.offset = read_u64(in);
            struct bytes data = read_bytes(in, read_u32(in));
            if (!in->bad) memcpy(told.data + told.size, data.at, data.size);
            told.size += data.size;
            break;
        case 3: told.end = read_u64(in); break;
        case 4: told.room = read_u32(in); break;
        case 5: told.broken = id; break;
        default: check(!"a record of a known kind");
        }
    }
    check(!in->bad);
}

static void take_told(void) {
    memset(&told, 0, sizeof told);
    told.error = error_of(&init);
    if (told.error != 0) return;
    check(init.reply_type == (TUNNELS | REPLY));
    told.open = read_u16(&init.reply);
    told.full = read_u8(&init.reply) == 1;
    read_bytes(&init.reply, 9);
    take_records(&init.reply);
}

static uint64_t send_tunnels(const struct known *known, size_t count, uint32_t wait, uint32_t max) {
    uint64_t request = begin();
    number(wait, 4);
    number(max, 4);
    number(0, 1);
    number(count, 2);
    for (size_t i = 0; i < count; i++) {
        number(known[i].id, 4);
        number(known[i].received, 8);
        number(known[i].window, 4);
        number(known[i].flags, 1);
    }
    send_request(&init, TUNNELS);
    return request;
}

static void ask(const struct known *known, size_t count, uint32_t wait) {
    check(await(&init, send_tunnels(known, count, wait, 65000), 20000));
    take_told();
}

static int proxy(uint16_t wanted, uint16_t most) {
    uint64_t request = begin();
    number(wanted, 2);
    number(most, 2);
    if (!call(&init, PROXY, request)) return -1;
    if (error_of(&init) != 0) return error_of(&init);
    port = read_u16(&init.reply);
    return 0;
}

struct sent {
    int error;
    uint64_t accepted;
    uint32_t room;
};

static struct sent send_to(uint32_t id, uint64_t offset, const void *at, size_t size, bool last) {
    uint64_t request = begin();
    number(id, 4);
    number(offset, 8);
    number(last, 1);
    number(size, 4);
    raw(at, size);
    struct sent sent = {-1, 0, 0};
    if (!call(&init, SEND, request)) return sent;
    sent.error = error_of(&init);
    if (sent.error != 0) return sent;
    sent.accepted = read_u64(&init.reply);
    sent.room = read_u32(&init.reply);
    return sent;
}

static void close_tunnel(uint32_t id, bool at_once) {
    uint64_t request = begin();
    number(id, 4);
    number(at_once, 1);
    check(call(&init, CLOSE, request) && error_of(&init) == 0);
}

static int dial(uint16_t to) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(to), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(made, (struct sockaddr *)&address, sizeof address) == 0) return made;
    close(made);
    return -1;
}

static struct known open_one(int *end) {
    *end = dial(port);
    check(*end >= 0);
    ask(NULL, 0, 5000);
    check(told.opened_count == 1);
    return (struct known){.id = told.opened[0], .window = 60000};
}

static void start(uint16_t most) {
    start_init(&init, NULL);
    check(take_lease_of(&init, "lease", 1, 600000, 0) == 0);
    check(proxy(0, most) == 0 && port != 0);
}

static void finish(void) {
    uint64_t request = begin();
    str8("lease");
    check(call(&init, RELEASE, request) && end_init(&init) == 0);
}

static bool reads(int end, const char *wanted) {
    char text[200];
    size_t size = 0, want = strlen(wanted);
    struct pollfd event = {.fd = end, .events = POLLIN};
    while (size < want && poll(&event, 1, 5000) > 0) {
        ssize_t count = read(end, text + size, want - size);
        if (count <= 0) return false;
        size += (size_t)count;
    }
    return size == want && memcmp(text, wanted, want) == 0;
}

static bool ends(int end) {
    char byte;
    struct pollfd event = {.fd = end, .events = POLLIN};
    return poll(&event, 1, 5000) > 0 && read(end, &byte, 1) <= 0;
}

/* ---- the tests ---- */

static void listens_once(void) {
    start_init(&init, NULL);
    check(proxy(0, 8) == NOT_LEASED);
    check(take_lease_of(&init, "lease", 1, 600000, 0) == 0);
    check(proxy(0, 0) == BAD_REQUEST);
    check(proxy(0, TUNNELS_MAX + 1) == BAD_REQUEST);
    check(proxy(0, 8) == 0);
    uint16_t first = port;
    check(proxy(0, 8) == 0 && port == first);
    check(proxy(first, 8) == 0 && port == first);
    check(proxy(first == 1 ? 2 : 1, 8) == REFUSED);
    for (uint8_t type = PROXY; type < TUNNEL_TYPE_END; type++) { /* every payload cut after the id */
        uint64_t request = begin();
        check(call(&init, type, request) && error_of(&init) == BAD_REQUEST);
    }
    struct init other = init;
    uint16_t taken = port;
    start_init(&init, NULL);
    check(take_lease_of(&init, "lease", 1, 600000, 0) == 0);
    check(proxy(taken, 8) == IO); /* somebody listens there */
    finish();
    init = other;
    finish();
}

static void carries_both_ways(void) {
    int end;
    start(8);
    ask(NULL, 0, 0);
    check(told.open == 0 && told.opened_count == 0 && !told.full);
    struct known known = open_one(&end);
    check(told.open == 1);
    check(write(end, "request", 7) == 7);
    ask(&known, 1, 5000);
    check(told.size == 7 && told.offset == 0 && memcmp(told.data, "request", 7) == 0);
    ask(&known, 1, 5000); /* the reply was lost: the same again */
    check(told.size == 7 && told.offset == 0);
    ask(NULL, 0, 5000); /* and who knows nothing yet is told of the tunnel */
    check(told.opened_count == 1 && told.opened[0] == known.id && told.size == 0);
    known.received = 8;
    ask(&known, 1, 0);
    check(told.error == SEQUENCE);
    ask((struct known[]){{.id = known.id}, {.id = known.id, .received = 7}}, 2, 0);
    check(told.error == BAD_REQUEST);
    known.received = 7;
    ask(&known, 1, 0);
    check(told.error == 0 && told.size == 0);
    known.received = 6; /* given and forgotten */
    ask(&known, 1, 0);
    check(told.error == SEQUENCE);
    known.received = 7;

    struct sent sent = send_to(known.id, 0, "answer", 6, false);
    check(sent.error == 0 && sent.accepted == 6);
    sent = send_to(known.id, 0, "answer", 6, false); /* repeated: taken once */
    check(sent.error == 0 && sent.accepted == 6);
    check(send_to(known.id, 7, "x", 1, false).error == SEQUENCE);
    sent = send_to(known.id, 3, "wer and more", 12, true);
    check(sent.error == 0 && sent.accepted == 15);
    check(reads(end, "answer and more") && ends(end));

    check(shutdown(end, SHUT_WR) == 0);
    ask(&known, 1, 5000);
    check(told.end == 7);
    known.flags = 1;
    ask(&known, 1, 0);
    check(told.end == 0);
    close_tunnel(known.id, false);
    close_tunnel(known.id, false); /* closed is closed */
    check(send_to(known.id, 15, "x", 1, false).error == NOT_FOUND);
    ask(&known, 1, 0);
    check(told.broken == known.id);
    close(end);
    finish();
}

/* A megabyte through small windows; who sends waits meanwhile. */
static void bounded_in_both_directions(void) {
    static uint8_t content[1 << 20], back[1 << 20];
    int end;
    for (size_t i = 0; i < sizeof content; i++) content[i] = (uint8_t)(i * 7 + (i >> 9));
    start(8);
    struct known known = open_one(&end);
    fcntl(end, F_SETFL, O_NONBLOCK);
    known.window = 0;
    size_t sent = 0, got = 0;
    for (ssize_t size; sent < sizeof content && (size = write(end, content + sent, sizeof content - sent)) > 0;) sent += (size_t)size;
    ask(&known, 1, 50);
    check(told.size == 0); /* no window, no bytes, and no busy answer */
    known.window = 5000;
    while (got < sizeof content) {
        ask(&known, 1, 5000);
        check(told.size > 0 && told.size <= 5000 && told.offset == got);
        if (told.size == 0) break;
        memcpy(back + got, told.data, told.size);
        got += told.size;
        known.received = got;
        for (ssize_t size; sent < sizeof content && (size = write(end, content + sent, sizeof content - sent)) > 0;) sent += (size_t)size;
    }
    check(got == sizeof content && memcmp(content, back, sizeof back) == 0);

    uint64_t offset = 0;
    struct sent answer = {0};
    known.flags = 2;
    do { /* until neither the kernel, which makes its buffers larger as it goes, nor init takes more */
        do {
            answer = send_to(known.id, offset, content, 30000, false);
            offset = answer.accepted;
        } while (answer.error == 0 && answer.room > 0 && offset < 64u << 20);
        ask(&known, 1, 300);
    } while (told.room > 0 && offset < 64u << 20);
    check(answer.error == 0 && answer.room == 0 && told.room == 0);
    uint64_t request = send_tunnels(&known, 1, 20000, 65000);
    check(!await(&init, request, 50));
    while (read(end, back, sizeof back) > 0) {}
    check(await(&init, request, 5000));
    take_told();
    check(told.room > 0);
    close(end);
    finish();
}

static void waits_and_is_woken(void) {
    int end;
    start(8);
    uint64_t waiting = send_tunnels(NULL, 0, 30000, 65000);
    check(!await(&init, waiting, 50));
    end = dial(port);
    check(await(&init, waiting, 5000));
    take_told();
    check(told.opened_count == 1);
    struct known known = {.id = told.opened[0], .window = 100};
    waiting = send_tunnels(&known, 1, 30000, 65000);
    uint64_t newer = send_tunnels(&known, 1, 30000, 65000); /* the older one is let go at once */
    check(await(&init, waiting, 5000));
    take_told();
    check(told.error == 0 && told.open == 1 && told.opened_count == 0);
    check(write(end, "x", 1) == 1 && await(&init, newer, 5000));
    take_told();
    check(told.size == 1);
    waiting = send_tunnels(&(struct known){.id = known.id, .received = 1, .window = 100}, 1, 30000, 65000);
    init.epoch = 2; /* a newer client: the tunnels are over, the listener stays */
    uint64_t request = begin();
    send_request(&init, HELLO);
    check(await(&init, waiting, 5000) && error_of(&init) == FENCED);
    check(await(&init, request, 5000));
    check(ends(end));
    close(end);
    ask(&known, 1, 0);
    check(told.broken == known.id && told.open == 0);
    uint16_t before = port;
    check(proxy(0, 8) == 0 && port == before);
    known = open_one(&end);
    check(write(end, "again", 5) == 5);
    ask(&known, 1, 5000);
    check(told.size == 5);
    close(end);
    finish();
}

static void no_more_than_it_may(void) {
    int end[3];
    start(2);
    for (int i = 0; i < 3; i++) end[i] = dial(port);
    size_t opened = 0;
    struct known known[3] = {0};
    while (opened < 2) {
        ask(known, opened, 5000);
        for (size_t i = 0; i < told.opened_count; i++) known[opened++] = (struct known){.id = told.opened[i], .window = 10};
        if (told.opened_count == 0) break;
    }
    check(opened == 2);
    ask(known, 2, 50);
    check(told.full && told.open == 2 && told.opened_count == 0);
    close_tunnel(known[0].id, true);
    ask(&known[1], 1, 5000);
    check(told.opened_count == 1 && told.opened[0] != known[0].id && told.opened[0] != known[1].id);
    check(ends(end[0]));
    for (int i = 0; i < 3; i++) close(end[i]);
    finish();
}

/* Its peer resets: what came before is handed over, then it is told. */
static void broken_off(void) {
    int end;
    start(8);
    struct known known = open_one(&end);
    check(write(end, "last words", 10) == 10);
    ask(&known, 1, 5000);
    check(told.size == 10 && told.broken == 0);
    struct linger reset = {.l_onoff = 1};
    setsockopt(end, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(end);
    known.window = 4;
    while (known.received < 10) {
        ask(&known, 1, 5000);
        check(told.size == 4 || told.size == 2);
        check(told.broken == 0);
        known.received += told.size;
        if (told.size == 0) break;
    }
    ask(&known, 1, 5000);
    check(told.broken == known.id);
    check(send_to(known.id, 0, "x", 1, false).error == GONE);
    close_tunnel(known.id, false);
    ask(NULL, 0, 0);
    check(told.open == 0);
    finish();
}

/* What the client has given away goes out, though it has closed and the peer still sends. */
static void closing_loses_nothing(void) {
    int end;
    start(8);
    struct known known = open_one(&end);
    fcntl(end, F_SETFL, O_NONBLOCK);
    static uint8_t noise[400000];
    while (write(end, noise, sizeof noise) > 0) {}
    check(send_to(known.id, 0, "no", 2, false).error == 0);
    close_tunnel(known.id, false);
    char answer[2];
    int64_t until = clock_ms() + 5000;
    while (read(end, answer, 2) != 2 && clock_ms() < until) {
        if (write(end, noise, sizeof noise) < 0 && errno != EAGAIN) break;
        poll(NULL, 0, 1);
    }
    check(memcmp(answer, "no", 2) == 0);
    shutdown(end, SHUT_WR);
    check(ends(end));
    for (until = clock_ms() + 5000; clock_ms() < until; poll(NULL, 0, 2)) {
        ask(NULL, 0, 0);
        if (told.open == 0) break;
    }
    check(told.open == 0);
    close(end);
    finish();
}

static const char *text_of(uint16_t value) {
    static char text[8];
    snprintf(text, sizeof text, "%u", value);
    return text;
}

static void says_who_it_is(void) {
    start(8);
    run_list(&init, "the-token", 60000, (const char *[]){self_path, "--tunnel", text_of(port), NULL});
    struct known known = {.window = 100};
    ask(NULL, 0, 5000);
    check(told.opened_count == 1);
    known.id = told.opened[0];
    check(strcmp(told.token, "the-token") == 0);
    check(told.pid > 1 && strcmp(told.name, "protocol_test") == 0);
    check(strcmp(told.command, self_path) == 0 && told.command_size > strlen(self_path) + 10);
    check(strcmp(told.command + strlen(self_path) + 1, "--tunnel") == 0);
    while (told.size == 0 && told.error == 0) ask(&known, 1, 5000);
    check(told.size == 5 && memcmp(told.data, "hello", 5) == 0);
    check(send_to(known.id, 0, "good day\n", 9, true).error == 0);
    check(wait_end(&init, "the-token", 10000).code == 0);
    static uint8_t output[100];
    check(read_all(&init, "the-token", output, sizeof output, 100) == 9 && memcmp(output, "good day\n", 9) == 0);
    finish();
}

/* Nobody asks for the tunnels of a command that floods them: its deadline and everything else is kept all the same. */
static void nothing_waits_for_tunnels(void) {
    start(4);
    char script[500];
    snprintf(script, sizeof script,
             "for i in 1 2 3 4 5 6; do (%s --tunnel %u </dev/null >/dev/null 2>&1 &); done; echo on; sleep 60", self_path, port);
    int64_t begun = clock_ms();
    run_shell(&init, "hog", 700, script);
    struct status status = wait_end(&init, "hog", 10000);
    check(status.cause == CAUSE_TIMEOUT && clock_ms() - begun < 3000);
    check(state_of(&init, "hog").state == STATE_ENDED);
    finish();
}

static void with_a_key(void) {
    uint8_t key[KEY_SIZE] = "tunnels are sealed like the rest";
    start_init(&init, NULL);
    check(take_lease_with(&init, key) == 0);
    check(proxy(0, 8) == NOT_AUTHENTIC);
    init.key = key;
    check(proxy(0, 8) == 0 && init.authentic);
    int end = dial(port);
    ask(NULL, 0, 5000);
    check(init.authentic && told.opened_count == 1);
    check(send_to(told.opened[0], 0, "hi", 2, true).error == 0 && init.authentic);
    check(reads(end, "hi"));
    close(end);
    finish();
}

void tunnel_tests(void) {
    listens_once();
    carries_both_ways();
    bounded_in_both_directions();
    waits_and_is_woken();
    no_more_than_it_may();
    broken_off();
    closing_loses_nothing();
    says_who_it_is();
    nothing_waits_for_tunnels();
    with_a_key();
}

int tunnel_command(const char *to) {
    int end = dial((uint16_t)atoi(to));
    if (end < 0 || write(end, "hello", 5) != 5) return 1;
    char text[1000];
    for (ssize_t size; (size = read(end, text, sizeof text)) > 0;)
        if (write(1, text, (size_t)size) != size) return 1;
    return 0;
}
