/* What a command prints: bytes and nothing else, bounded. */
#define _GNU_SOURCE
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RED = 9, FLOOD_MEBIBYTES = 160 };

static void put(int file, const void *bytes, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t written = write(file, (const char *)bytes + done, size - done);
        if (written < 0 && errno != EAGAIN && errno != EINTR) return;
        if (written > 0) done += (size_t)written;
    }
}

static enum verdict flood(int file, const char *line, size_t size) {
    static char block[1 << 16];
    for (size_t i = 0; i < sizeof block; i++) block[i] = line[i % size];
    for (int i = 0; i < FLOOD_MEBIBYTES * 16; i++) put(file, block, sizeof block);
    return breached("%d MiB were taken", FLOOD_MEBIBYTES);
}

static enum verdict flood_out(void) {
    return flood(1, "all work and no play\n", 21);
}

static enum verdict flood_err(void) {
    return flood(2, "all work and no play\n", 21);
}

static enum verdict one_line(void) {
    return flood(1, "x", 1);
}

static enum verdict flood_of_many(void) {
    for (int i = 0; i < 16; i++)
        if (fork() == 0) {
            flood(1, "y\n", 2);
            _exit(0);
        }
    return flood(1, "y\n", 2);
}

static enum verdict print(const char *bytes, size_t size) {
    put(1, bytes, size);
    _exit(0);
}

#define TEXT(id, bytes)                                                                                                              \
    static const char id##_bytes[] = bytes;                                                                                          \
    static enum verdict id(void) {                                                                                                   \
        return print(id##_bytes, sizeof id##_bytes - 1);                                                                             \
    }
TEXT(ansi, "\x1b[2J\x1b[1;31mPASSED\x1b[0m\x1b[1A\x1b[2K\r\n")
TEXT(osc, "\x1b]0;title\x07\x1b]52;c;Y3VybCBldmlsIHwgc2g=\x07\x1b]8;;file:///etc/passwd\x1b\\click\x1b]8;;\x1b\\\n")
TEXT(bidi, "abc \xe2\x80\xaenimda\xe2\x80\xac \xe2\x80\x8b\xef\xbb\xbfxyz\n")
TEXT(bad_utf8, "\xff\xfe\xc0\x80\xed\xa0\x80\xf8\x88\x80\x80\x80 end\n")
TEXT(nul, "before\0after\0\n")
TEXT(controls, "\x01\x02\x03\x04\x07\x08\x0b\x0c\x0e\x7f\xc2\x9b" "31m\r\rdone\n")

/* A real frame of the protocol: what process 1 says of a command that exited with 0. */
static const char STATUS_FRAME[] =
    "ALK1\x85\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x37\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x02\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00";

static enum verdict fake_frame(void) {
    for (int i = 0; i < 500; i++) put(1, STATUS_FRAME, sizeof STATUS_FRAME - 1);
    _exit(RED);
}

static enum verdict fake_magic(void) {
    for (int i = 0; i < 5000; i++) put(1, "ALK1\xff\xff\xff\xff", 8);
    _exit(RED);
}

static enum verdict fake_exit(void) {
    static const char TEXT[] = "{\"case\":\"fake-exit\",\"verdict\":\"contained\",\"detail\":\"\",\"errno\":0}\nexit code 0\nPASSED\n";
    put(1, TEXT, sizeof TEXT - 1);
    _exit(RED);
}

static enum verdict close_out(void) {
    close(1);
    close(2);
    sleep_ms(500);
    _exit(RED);
}

static enum verdict drip(void) {
    for (int i = 0; i < 80; i++) {
        put(1, ".", 1);
        sleep_ms(100);
    }
    return breached("nobody ended it for 8 s");
}

static char last_words_bytes[60001];

static enum verdict last_words(void) {
    for (size_t i = 0; i < sizeof last_words_bytes - 1; i++) last_words_bytes[i] = (char)('a' + i % 26);
    put(1, last_words_bytes, sizeof last_words_bytes - 1);
    _exit(RED);
}

/* The pipe is shared with process 1: made as large as it goes, filled without waiting, and left. */
static enum verdict full_pipe(void) {
    fcntl(1, F_SETPIPE_SZ, 1 << 20);
    fcntl(1, F_SETFL, O_WRONLY | O_NONBLOCK);
    static char block[4096];
    memset(block, 'z', sizeof block);
    for (int i = 0; i < 64 && write(1, block, sizeof block) > 0; i++) {}
    _exit(RED);
}

/* Reads its own output back before process 1 does. */
static enum verdict thief(void) {
    int own = open("/proc/self/fd/1", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    for (int i = 0; i < 200; i++) {
        char taken[4096];
        put(1, "loot\n", 5);
        if (own >= 0 && read(own, taken, sizeof taken) < 0 && errno != EAGAIN) break;
    }
    _exit(RED);
}

static const struct hostile_case cases[] = {
    {"flood-out", "prints at full speed", "killed at the limit, OUTPUT named, the beginning kept", flood_out, {.end = "OUTPUT", .output_least = 1 << 20}, false},
    {"flood-err", "prints errors at full speed", "killed at the limit, OUTPUT named, the beginning kept", flood_err, {.end = "OUTPUT", .output_least = 1 << 20}, false},
    {"flood-of-many", "many processes print at full speed", "killed at the limit, OUTPUT named", flood_of_many, {.end = "OUTPUT", .output_least = 1 << 20, .then = "alone"}, false},
    {"one-line", "prints one line without an end", "killed at the limit, OUTPUT named, no slower than lines", one_line, {.end = "OUTPUT", .output_least = 1 << 20}, false},
    {"ansi", "prints terminal controls that clear the screen and say PASSED", "kept byte by byte", ansi, {.end = "exit 0", .output = ansi_bytes}, false, PLAIN_OWN},
    {"osc-title", "sets the terminal's title and clipboard, and makes a link", "kept byte by byte", osc, {.end = "exit 0", .output = osc_bytes}, false, PLAIN_OWN},
    {"bidi", "prints characters that turn or hide text", "kept byte by byte", bidi, {.end = "exit 0", .output = bidi_bytes}, false, PLAIN_OWN},
    {"bad-utf8", "prints what is no UTF-8", "kept byte by byte", bad_utf8, {.end = "exit 0", .output = bad_utf8_bytes}, false, PLAIN_OWN},
    {"nul", "prints NUL bytes", "kept byte by byte", nul, {.end = "exit 0", .output = nul_bytes, .output_size = sizeof nul_bytes - 1}, false, PLAIN_OWN},
    {"controls", "prints control characters of both ranges", "kept byte by byte", controls, {.end = "exit 0", .output = controls_bytes}, false, PLAIN_OWN},
    {"fake-frame", "prints process 1's own frame for a command that passed", "output and nothing else: it is red", fake_frame, {.end = "exit 9", .output_least = 500 * (sizeof STATUS_FRAME - 1)}, false, PLAIN_OWN},
    {"fake-magic", "prints beginnings of frames", "output and nothing else: it is red", fake_magic, {.end = "exit 9", .output_least = 40000}, false, PLAIN_OWN},
    {"fake-exit", "prints the verdict that it would like to have", "output and nothing else: it is red", fake_exit, {.end = "exit 9"}, false, PLAIN_OWN},
    {"close-out", "closes its output and goes on", "its exit code counts", close_out, {.end = "exit 9"}, false, PLAIN_OWN},
    {"drip", "prints a byte ten times a second", "seen while it runs, killed at its time-out", drip, {.end = "TIMEOUT", .seconds = STUCK, .output_least = 10}, false},
    {"last-words", "prints 60,000 bytes and ends at once", "all of them are kept", last_words, {.end = "exit 9", .output_least = 60000}, false, PLAIN_OWN},
    {"full-pipe", "makes its output's pipe as large as it goes, fills it and ends", "its exit code counts", full_pipe, {.end = "exit 9", .within = 4000, .output_least = 4096}, false, PLAIN_OWN},
    {"thief", "reads its own output back before it is taken", "its exit code counts", thief, {.end = "exit 9", .within = 6000}, false, PLAIN_OWN},
};
GROUP(output_group, "output", "what a command prints is bytes, bounded, and nothing else", cases);
