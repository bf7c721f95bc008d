/*
 * Seeded mutated and random bytes through the real decoder and the real handlers, in this process, under the sanitizers.
 * Only fork is replaced: a mutated RUN must not run mutated programs on the machine of whoever runs the tests.
 */
#define _GNU_SOURCE
#include "../init.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SEEDS = 60, STREAM_MAX = 6 * FRAME_MAX / 4 };

int workspace_directory, input_directory, null_descriptor;
static int64_t now = 1000000;
static uint64_t state = 0x9E3779B97F4A7C15ull;
static struct {
    uint8_t bytes[8192];
    size_t size;
} seeds[SEEDS];
static size_t seed_count;
static char boot[37];

int64_t clock_ms(void) { return now; }
int64_t worked_ms(void) { return now; }

pid_t spawn(const struct launch *launch, int output, int status) {
    size_t length = 0; /* touch what a real child would */
    for (char **text = launch->arguments; *text; text++) length += strlen(*text);
    for (char **text = launch->environment; *text; text++) length += strlen(*text);
    length += strlen(launch->directory);
    if (length % 7 == 0) {
        errno = EAGAIN;
        return -1;
    }
    pid_t child = fork();
    if (child != 0) return child;
    char noise[900];
    memset(noise, 'o', sizeof noise);
    if (length % 5 == 0 && write(status, &(int){ENOENT}, sizeof(int)) < 0) _exit(1);
    if (write(output, noise, length % sizeof noise) < 0) _exit(1);
    _exit((int)(length % 3));
}

static uint32_t random_below(uint32_t limit) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % limit;
}

/* ---- seeds: one good frame of every kind ---- */

static uint8_t *at;
static void number(uint64_t value, int size) {
    for (int i = 0; i < size; i++) *at++ = (uint8_t)(value >> (8 * i));
}
static void text(const char *string, int size_of_size) {
    number(strlen(string), size_of_size);
    memcpy(at, string, strlen(string));
    at += strlen(string);
}

static void begin(uint8_t type, uint32_t epoch) {
    at = seeds[seed_count].bytes;
    memcpy(at, "ALK1", 4);
    at += 4;
    number(type, 1);
    number(0, 3);
    number(epoch, 4);
    number(0, 4);
    number(0, 8);
    number(seed_count + 7, 8);
}

static bool keyed;
static uint8_t key[KEY_SIZE + 1] = "0123456789abcdef0123456789abcdef";

static void seal(uint8_t *frame, size_t size) {
    at = frame + 16;
    number(size - HEADER_SIZE, 4);
    if (keyed && frame[5] & AUTHENTIC && size >= HEADER_SIZE + MAC_SIZE)
        mac_of(key, frame, frame + HEADER_SIZE, size - HEADER_SIZE - MAC_SIZE, frame + size - MAC_SIZE);
    at = frame + 20;
    number(crc32c(crc32c(0, frame, 20), frame + HEADER_SIZE, size - HEADER_SIZE), 4);
}

static void end(void) {
    uint8_t *frame = seeds[seed_count].bytes;
    if (keyed && frame[4] != LEASE) {
        frame[5] = AUTHENTIC;
        at += MAC_SIZE;
    }
    seeds[seed_count].size = (size_t)(at - seeds[seed_count].bytes);
    seal(seeds[seed_count].bytes, seeds[seed_count].size);
    seed_count++;
}

static void entry(int kind, const char *path, uint64_t offset, const char *data) {
    number((uint64_t)kind, 1);
    number(1, 1);
    text(path, 2);
    number(offset, 8);
    number(offset + strlen(data), 8);
    text(data, 4);
}

static void make_seeds(void) {
    begin(HELLO, 0), end();
    begin(LEASE, 1), text("lease", 1), number(1, 8), number(0, 8), number(0, 8), number(0, 8), text(boot, 1), number(1000000, 8), number(3000, 8), text(keyed ? (const char *)key : "", 1), end();
    begin(EXTEND, 1), text("lease", 1), number(2000000, 8), end();
    begin(PUT, 1), number(0, 1), entry(1, "dir/sub", 0, ""), entry(2, "dir/file", 0, "content"), entry(3, "dir/link", 0, "file"), end();
    begin(PUT, 1), number(1, 1), entry(2, "dir/file", 7, "more"), end();
    begin(PUT, 1), number(0, 1), entry(2, "../../escape", 0, "x"), end();
    static const char *const tokens[] = {"t1", "t2", "t3", "t4"};
    for (int i = 0; i < 4; i++) {
        begin(RUN, 1), text(tokens[i], 1), number(500, 8), text("dir", 2), number(2, 2), text("sh", 2), text("-c", 2), number(1, 2), text("A=b", 2), end();
        begin(STATE, 1), text(tokens[i], 1), end();
        begin(READ, 1), text(tokens[i], 1), number(3, 8), number(100, 4), number(i % 2 * 5000, 4), end();
        begin(KILL, 1), text(tokens[i], 1), end();
    }
    begin(COLLECT, 1), number(9, 4), number(100000, 8), number(100, 4), number(1000, 4), number(20, 2), number(200, 2), number(1000, 2), number(2, 2), text("**/*", 2), text("!dir/*b", 2), end();
    begin(COLLECT, 1), number(9, 4), number(100000, 8), number(100, 4), number(1000, 4), number(20, 2), number(200, 2), number(1000, 2), number(0, 2), end();
    for (int i = 1; i < 5; i++) begin(NEXT, 1), number(9, 4), number(i, 4), number(16384 + i * 9000, 4), end();
    begin(RELEASE, 1), text("wrong", 1), end();
    begin(HELLO, 2), end();
    begin(0x45, 1), end();
    begin(PROXY, 1), number(0, 2), number(8, 2), end();
    for (int i = 0; i < 4; i++) {
        begin(TUNNELS, 1), number(i % 2 * 4000, 4), number(40000, 4), number(i == 3, 1), number(i, 2);
        for (int n = 0; n < i; n++) number(n + i, 4), number(i * n, 8), number(i == 2 ? 3 : 30000, 4), number(n % 4, 1);
        end();
    }
    for (int i = 1; i < 5; i++) begin(SEND, 1), number(i, 4), number(i % 2 * 8, 8), number(i == 4, 1), text("to the proxy's client", 4), end();
    begin(CLOSE, 1), number(1, 4), number(0, 1), end();
    begin(CLOSE, 1), number(2, 4), number(1, 1), end();
    begin(HELLO | REPLY, 1), end();
}

/* ---- the other ends of tunnels, which send, read, shut and reset as they like ---- */

static int ends[12];
static unsigned long dialled;

static void use_tunnels(void) {
    int *end = &ends[random_below(12)];
    static char noise[20000];
    if (*end <= 0) {
        struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(proxy_port()), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        if (proxy_port() == 0 || proxy_is_full()) return; /* the backlog would be full some time, and then connect waits */
        *end = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(*end, (struct sockaddr *)&to, sizeof to) != 0) abort();
        dialled++;
        return;
    }
    struct linger reset = {.l_onoff = 1};
    switch (random_below(8)) {
    case 0: shutdown(*end, SHUT_WR); return;
    case 1: setsockopt(*end, SOL_SOCKET, SO_LINGER, &reset, sizeof reset); /* fall through */
    case 2:
        close(*end);
        *end = 0;
        return;
    case 3: (void)!recv(*end, noise, random_below(sizeof noise), MSG_DONTWAIT); return;
    default: (void)!send(*end, noise, random_below(sizeof noise), MSG_DONTWAIT | MSG_NOSIGNAL); return;
    }
}

/* ---- one round ---- */

static uint8_t stream[STREAM_MAX];

/* A mutated epoch fences all that come after; without this nearly every answer would be FENCED. */
static void use_current_epoch(uint8_t *frame) {
    at = frame + 8;
    number(requests_epoch(), 4);
}

/* Ids are never used twice, so the seeds' own would soon be nobody's. */
static void use_live_tunnels(uint8_t *frame) {
    uint8_t *entry = frame + HEADER_SIZE + 8;
    int count = frame[4] == SEND || frame[4] == CLOSE ? 1 : 0;
    if (frame[4] == TUNNELS) {
        count = entry[9];
        entry += 11;
    }
    for (int i = 0; i < count; i++, entry += 17) {
        const struct tunnel *tunnel = proxy_tunnel_at(random_below(8));
        if (!tunnel || random_below(20) == 0) continue;
        at = entry;
        number(tunnel->id, 4);
        if (frame[4] == SEND) number(tunnel->accepted - (random_below(4) == 0), 8);
        if (frame[4] == TUNNELS) number(tunnel->received + random_below((uint32_t)tunnel->in_size + 1), 8);
    }
}

static size_t mutate(uint8_t *frame, size_t size) {
    uint32_t changes = random_below(4);
    for (uint32_t i = 0; i < changes && size > 0; i++) {
        size_t place = random_below((uint32_t)size);
        switch (random_below(6)) {
        case 0: frame[place] ^= (uint8_t)(1u << random_below(8)); break;
        case 1: frame[place] = (uint8_t)random_below(256); break;
        case 2: frame[place] = random_below(2) ? 0xFF : 0; break;
        case 3: size = place; break;
        case 4: memmove(frame + place, frame + place / 2, size - place); break;
        default:
            for (size_t n = 0; n < 2 + random_below(8) && place + n < size; n++) frame[place + n] = (uint8_t)random_below(256);
        }
    }
    bool keeps_checksum = random_below(8) != 0; /* most get past the checksum, or only the decoder would be tested */
    if (keeps_checksum && size >= HEADER_SIZE) {
        memcpy(frame, "ALK1", 4);
        if (random_below(60) != 0) use_current_epoch(frame);
        seal(frame, size);
    }
    return size;
}

static size_t make_stream(void) {
    size_t size = 0;
    uint32_t frames = 1 + random_below(6);
    for (uint32_t i = 0; i < frames; i++) {
        uint32_t kind = random_below(20);
        if (kind == 0) {
            size_t noise = random_below(kind + 3000);
            for (size_t n = 0; n < noise; n++) stream[size++] = (uint8_t)random_below(256);
        } else {
            size_t seed = random_below((uint32_t)seed_count);
            memcpy(stream + size, seeds[seed].bytes, seeds[seed].size);
            use_live_tunnels(stream + size);
            if (kind < 6) {
                use_current_epoch(stream + size);
                seal(stream + size, seeds[seed].size);
                size += seeds[seed].size;
            } else {
                size += mutate(stream + size, seeds[seed].size);
            }
        }
    }
    return size;
}

/* Every reply must be a good frame; what init writes is read with the same care as by a client. */
static unsigned long replies, replies_of[256];
static void check_output(void) {
    const uint8_t *out;
    size_t left = output_pending(&out), total = left;
    while (left > 0) {
        size_t length = out[16] | (size_t)out[17] << 8 | (size_t)out[18] << 16 | (size_t)out[19] << 24;
        uint32_t crc = (uint32_t)out[20] | (uint32_t)out[21] << 8 | (uint32_t)out[22] << 16 | (uint32_t)out[23] << 24;
        if (left < HEADER_SIZE || memcmp(out, "ALK1", 4) != 0 || length > PAYLOAD_MAX || left < HEADER_SIZE + length ||
            !(out[4] & REPLY) || crc32c(crc32c(0, out, 20), out + HEADER_SIZE, length) != crc) {
            fprintf(stderr, "a bad frame was written\n");
            abort();
        }
        replies_of[out[4]]++;
        out += HEADER_SIZE + length;
        left -= HEADER_SIZE + length;
        replies++;
    }
    output_written(total);
}

static void feed(size_t size) {
    for (size_t done = 0; done < size;) {
        size_t space;
        uint8_t *to = input_space(&space);
        size_t chunk = 1 + random_below(random_below(2) ? 20 : 5000);
        if (chunk > size - done) chunk = size - done;
        if (chunk > space) chunk = space;
        if (chunk == 0) {
            fprintf(stderr, "the input is full and nothing is taken out\n");
            abort();
        }
        memcpy(to, stream + done, chunk);
        done += chunk;
        input_added(chunk, now);
        struct frame frame;
        while (output_has_room() && input_next(&frame, now)) {
            /* A RELEASE with the right token would end it all long before the last round. */
            bool ends = frame.type == RELEASE && (frame.length < 13 || memmem(frame.payload, frame.length, "lease", 5));
            if (!ends) request_handle(&frame, now);
            if (random_below(50) != 0) check_output();
        }
        check_output();
    }
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    (void)kind;
    if (place->level > 1) remove(path);
    return 0;
}

int main(int count, char **arguments) {
    if (count != 5) {
        fprintf(stderr, "usage: fuzz SCRATCH ROUNDS SEED plain|keyed\n");
        return 2;
    }
    char path[2][300];
    for (int i = 0; i < 2; i++) {
        snprintf(path[i], sizeof path[i], "%s/fuzz%d", arguments[1], i);
        mkdir(path[i], 0755);
        strcat(path[i], "/root");
        char outer[300];
        snprintf(outer, sizeof outer, "%s/fuzz%d/root", arguments[1], i);
        mkdir(outer, 0755);
    }
    workspace_directory = open(path[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    input_directory = open(path[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    null_descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
    int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY);
    if (workspace_directory < 0 || input_directory < 0 || read(file, boot, 36) != 36) return 2;
    close(file);
    state ^= strtoull(arguments[3], NULL, 10) * 0x2545F4914F6CDD1Dull;
    keyed = strcmp(arguments[4], "keyed") == 0;
    requests_start(NULL);
    commands_start(-1, -1);
    make_seeds();

    long rounds = strtol(arguments[2], NULL, 10);
    for (long round = 0; round < rounds; round++) {
        feed(make_stream());
        now += random_below(200) == 0 ? 3000 : random_below(20);
        command_read_output();
        command_reap(now);
        command_check_deadline(now);
        if (random_below(8) == 0) use_tunnels();
        proxy_work(now);
        requests_answer_waiting(now);
        tunnels_answer_waiting(now);
        check_output();
        if (round % 500 == 0) {
            nftw(path[0], remove_entry, 20, FTW_DEPTH | FTW_PHYS);
            nftw(path[1], remove_entry, 20, FTW_DEPTH | FTW_PHYS);
        }
    }
    char escaped[300];
    snprintf(escaped, sizeof escaped, "%s/escape", arguments[1]);
    bool good = access(escaped, F_OK) != 0 && replies > 1000;
    /* Or the rounds have tested nothing. A LEASE is taken once, sometimes with a mutated token that no EXTEND meets. */
    for (int type = PUT; type < RELEASE; type++)
        if (replies_of[type | REPLY] < 20) {
            fprintf(stderr, "only %lu good answers of type %d\n", replies_of[type | REPLY], type);
            good = false;
        }
    for (int type = PROXY; type < TUNNEL_TYPE_END; type++)
        if (replies_of[type | REPLY] < 20 || dialled < 20) {
            fprintf(stderr, "only %lu good answers of type %d, %lu connections\n", replies_of[type | REPLY], type, dialled);
            good = false;
        }
    if (release_asked()) good = false;
    printf("fuzz %s: %ld rounds, %lu replies, %zu commands\n", arguments[4], rounds, replies, commands_count());
    return good ? 0 : 1;
}
