/* Starts the real binary, speaks the protocol to it and checks the rules of PROTOCOL.md that show outside a container. */
#define _GNU_SOURCE
#include "client.h"
#include "hostile.h"
#include "tunnels.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static struct init init;
static uint8_t big[2 << 20], back[2 << 20];

static void start_leased(const struct options *options, uint64_t cap) {
    start_init(&init, options);
    check(take_lease_of(&init, "lease", 1, 600000, cap) == 0);
}

static void release(void) {
    uint64_t request = begin();
    str8("lease");
    check(call(&init, RELEASE, request) && init.reply_type == (RELEASE | REPLY));
    check(end_init(&init) == 0);
}

static bool gone(pid_t pid) {
    for (int64_t end = clock_ms() + 5000; clock_ms() < end; poll(NULL, 0, 2))
        if (kill(pid, 0) != 0 && errno == ESRCH) return true;
    return false;
}

static bool exists_soon(const char *path) {
    for (int64_t end = clock_ms() + 5000; clock_ms() < end; poll(NULL, 0, 2))
        if (access(path, F_OK) == 0) return true;
    return false;
}

static const char *in_workspace(const char *name) {
    static char path[2][600];
    static int which;
    which = !which;
    snprintf(path[which], sizeof path[which], "%s/%s", init.workspace, name);
    return path[which];
}

/* ---- frames, hello, lease ---- */

static int hello_state(void) {
    uint64_t request = begin();
    if (!call(&init, HELLO, request) || init.reply_type != (HELLO | REPLY)) return -1;
    struct reader *in = &init.reply;
    check(read_u16(in) == PROTOCOL);
    read_str8(in);
    return read_u8(in);
}

static void hello_and_lease(void) {
    start_init(&init, NULL);
    check(hello_state() == 0);
    check(state_of(&init, "x").error == NOT_LEASED);
    check(put_kind(&init, 0, 1, "d", "") == NOT_LEASED);
    uint64_t request = begin();
    str8("t");
    for (int i = 0; i < DIGEST_SIZE; i++) number(0, 1);
    str8("00000000-0000-0000-0000-000000000000");
    number(1000, 8);
    number(0, 8);
    check(call(&init, LEASE, request) && error_of(&init) == WRONG_BOOT);
    check(take_lease_of(&init, "", 1, 1000, 0) == BAD_REQUEST);
    check(take_lease_of(&init, "lease", 1, 0, 0) == BAD_REQUEST);
    check(take_lease_of(&init, "lease", 1, 600000, 5000) == 0 && read_u8(&init.reply) == 0);
    check(take_lease_of(&init, "lease", 1, 1000, 99) == 0 && read_u8(&init.reply) == 1);
    check(read_u64(&init.reply) > 500000); /* asking again changes no deadline */
    check(take_lease_of(&init, "other", 1, 600000, 0) == REFUSED);
    check(take_lease_of(&init, "lease", 2, 600000, 0) == REFUSED);
    check(hello_state() == 1);
    request = begin();
    str8("other");
    number(1000, 8);
    check(call(&init, EXTEND, request) && error_of(&init) == REFUSED);
    request = begin();
    check(call(&init, 0x33, request) && error_of(&init) == UNKNOWN_TYPE);
    request = begin();
    check(call(&init, 0x4F, request) && error_of(&init) == UNKNOWN_TYPE);
    for (uint8_t type = LEASE; type < TYPE_END; type++) { /* every payload cut after the id */
        request = begin();
        check(call(&init, type, request) && error_of(&init) == (type == KILL ? NOT_FOUND : BAD_REQUEST));
    }
    request = begin();
    str8("not the lease");
    check(call(&init, RELEASE, request) && error_of(&init) == REFUSED);
    release();
}

static void bad_frames(void) {
    start_leased(NULL, 0);
    static uint8_t frame[FRAME_MAX], noise[300];
    for (size_t i = 0; i < sizeof noise; i++) noise[i] = (uint8_t)("ALK1"[i % 5 % 4] + (i % 7 == 0));
    uint64_t lost = begin();
    size_t size = make_frame(frame, HELLO, 1, 0);
    frame[size - 1] ^= 1; /* a wrong checksum: no answer */
    send_bytes(&init, frame, size);
    send_bytes(&init, noise, sizeof noise);
    uint64_t request = begin();
    check(call(&init, HELLO, request));
    check(!await(&init, lost, 50));
    request = begin();
    size = make_frame(frame, HELLO, 1, 7);
    for (size_t i = 0; i < size; i++) send_bytes(&init, frame + i, 1);
    check(await(&init, request, 5000) && init.taken[12] == 7); /* the stream is repeated */
    make_frame(frame, HELLO, 1, 0);
    frame[16] = frame[17] = 0xFF; /* promises 65535 bytes that never come: given up after 2 s */
    frame[18] = frame[19] = 0;
    send_bytes(&init, frame, HEADER_SIZE);
    request = begin();
    int64_t start = clock_ms();
    check(call(&init, HELLO, request));
    check(clock_ms() - start < 4000);
    frame[18] = 2; /* a length past the maximum costs nothing */
    send_bytes(&init, frame, HEADER_SIZE);
    request = begin();
    start = clock_ms();
    check(call(&init, HELLO, request) && clock_ms() - start < 1000);
    release();
}

static void epochs(void) {
    start_leased(NULL, 0);
    run_shell(&init, "sleeper", 60000, "sleep 60");
    uint64_t waiting = begin();
    str8("sleeper");
    number(0, 8);
    number(10, 4);
    number(30000, 4);
    send_request(&init, READ);
    init.epoch = 5;
    uint64_t request = begin();
    send_request(&init, HELLO);
    check(await(&init, waiting, 5000) && error_of(&init) == FENCED);
    check(await(&init, request, 5000) && init.reply_type == (HELLO | REPLY));
    init.epoch = 4;
    check(state_of(&init, "sleeper").error == FENCED);
    check(run_shell(&init, "late", 1000, "true").error == FENCED);
    init.epoch = 0;
    check(hello_state() == 1); /* a look is never fenced */
    init.epoch = 5;
    check(state_of(&init, "late").state == STATE_UNKNOWN);
    check(state_of(&init, "sleeper").state == STATE_RUNNING);
    release();
}

static void macs(void) {
    uint8_t key[KEY_SIZE], other[KEY_SIZE], mac[MAC_SIZE];
    for (int i = 0; i < KEY_SIZE; i++) key[i] = (uint8_t)i, other[i] = (uint8_t)(i + 1);
    /* HMAC-SHA-256 by another implementation: key 00..1f, 20 bytes "h" and 100 bytes "p". */
    static const uint8_t WANTED[MAC_SIZE] = {0xda, 0x38, 0x35, 0x09, 0xf6, 0xe0, 0x2f, 0xd0, 0x73, 0xf4, 0xc0, 0x0c, 0x52, 0x7f, 0xab, 0x65};
    uint8_t header[20], payload[100];
    memset(header, 'h', sizeof header);
    memset(payload, 'p', sizeof payload);
    mac_of(key, header, payload, sizeof payload, mac);
    check(memcmp(mac, WANTED, MAC_SIZE) == 0);

    start_init(&init, NULL);
    check(take_lease_with(&init, key) == 0 && init.authentic);
    uint64_t request = begin();
    init.key = key;
    check(call(&init, HELLO, request) && init.authentic && init.reply_type == (HELLO | REPLY));
    check(take_lease_of(&init, "lease", 1, 1000, 0) == 0 && init.authentic && read_u8(&init.reply) == 1);
    check(finish_shell(&init, "ok", "echo hi; exit 5").code == 5 && init.authentic);
    check(read_all(&init, "ok", back, sizeof back, 100) == 3 && init.authentic);
    check(state_of(&init, "none").state == STATE_UNKNOWN && init.authentic);
    check(run_shell(&init, "", 1000, "true").error == BAD_REQUEST && init.authentic);

    init.key = NULL; /* a forger in the sandbox: no MAC, a wrong one, a newer epoch */
    check(run_shell(&init, "forged", 1000, "true").error == NOT_AUTHENTIC);
    check(take_lease_of(&init, "lease", 1, 1000, 0) == REFUSED);
    check(take_lease_with(&init, other) == REFUSED);
    init.epoch = 99;
    check(hello_state() == 1 && !init.authentic);
    check(state_of(&init, "ok").error == NOT_AUTHENTIC);
    init.key = other;
    check(run_shell(&init, "forged", 1000, "true").error == NOT_AUTHENTIC && !init.authentic);
    init.key = key;
    init.epoch = 1; /* and nothing was raised by it */
    check(state_of(&init, "forged").state == STATE_UNKNOWN && init.authentic);

    static uint8_t frame[FRAME_MAX];
    request = begin();
    str8("ok");
    size_t size = make_authentic_frame(frame, STATE, 1, key);
    begin();
    frame[HEADER_SIZE + 9] ^= 1; /* the token changed, the checksum made good again */
    uint32_t crc = crc32c(crc32c(0, frame, 20), frame + HEADER_SIZE, size - HEADER_SIZE);
    for (int i = 0; i < 4; i++) frame[20 + i] = (uint8_t)(crc >> (8 * i));
    send_bytes(&init, frame, size);
    check(await(&init, request, 5000) && error_of(&init) == NOT_AUTHENTIC);
    release();
    check(init.authentic);

    start_leased(NULL, 0); /* no key in the lease */
    init.key = key;
    check(state_of(&init, "ok").error == NOT_AUTHENTIC && !init.authentic);
    init.key = NULL;
    release();
}

/* ---- commands ---- */

static void results(void) {
    start_leased(NULL, 0);
    struct status status = finish_shell(&init, "ok", "exit 0");
    check(status.state == STATE_ENDED && status.cause == CAUSE_EXITED && status.code == 0);
    status = finish_shell(&init, "red", "exit 3");
    check(status.cause == CAUSE_EXITED && status.code == 3);
    status = finish_shell(&init, "signal", "kill -SEGV $$");
    check(status.cause == CAUSE_SIGNALED && status.code == SIGSEGV);
    run_list(&init, "none", 1000, (const char *[]){"no-such-program", NULL});
    status = wait_end(&init, "none", 5000);
    check(status.cause == CAUSE_NOT_STARTED && status.code == ENOENT);
    run_list(&init, "dir", 1000, (const char *[]){"/etc", NULL});
    status = wait_end(&init, "dir", 5000);
    check(status.cause == CAUSE_NOT_STARTED && status.code == EACCES);
    check(status.known & SUSPECT_DISK && !(status.suspects & SUSPECT_DISK));

    finish_shell(&init, "env", "pwd; echo $MARK; env | wc -l; cat; echo err >&2; umask");
    long size = read_all(&init, "env", back, sizeof back, 65000);
    char wanted[400]; /* the shell adds PWD (and perhaps others) of its own, so only the first lines are compared */
    snprintf(wanted, sizeof wanted, "%s\nhere\n", init.workspace);
    check(size > 0 && strncmp((char *)back, wanted, strlen(wanted)) == 0);
    check(size > 9 && memcmp(back + size - 9, "err\n0022\n", 9) == 0);

    uint64_t request = begin();
    str8("t");
    number(1000, 8);
    str16("");
    number(1, 2);
    number(3, 2);
    raw("a\0b", 3);
    number(0, 2);
    check(call(&init, RUN, request) && error_of(&init) == BAD_REQUEST);
    check(state_of(&init, "t").state == STATE_UNKNOWN);
    release();
}

static void run_is_idempotent(void) {
    start_leased(NULL, 0);
    const char *script = "echo x >> count; while [ ! -e go ]; do sleep 0.01; done";
    check(run_shell(&init, "once", 20000, script).state == STATE_RUNNING);
    check(run_shell(&init, "once", 20000, script).state == STATE_RUNNING);
    check(run_shell(&init, "two", 20000, "true").error == BUSY);
    check(put_file_at(&init, 0, "go", "", 0, false) == 0);
    check(wait_end(&init, "once", 10000).code == 0);
    check(run_shell(&init, "once", 20000, script).state == STATE_ENDED);
    struct stat status;
    check(stat(in_workspace("count"), &status) == 0 && status.st_size == 2);
    check(finish_shell(&init, "two", "exit 4").code == 4);
    release();
}

static void output_is_gapless(void) {
    start_leased(NULL, 0);
    for (size_t i = 0; i < 1500000; i++) big[i] = (uint8_t)((i * 2654435761u) >> 13);
    check(put_file_at(&init, 1, "data", big, 1500000, false) == 0);
    char script[400];
    snprintf(script, sizeof script, "cat %s/data", init.input);
    run_shell(&init, "cat", 20000, script);
    check(read_all(&init, "cat", back, sizeof back, 7777) == 1500000 && memcmp(big, back, 1500000) == 0);
    check(read_all(&init, "cat", back, sizeof back, 0xFFFFFFFF) == 1500000 && memcmp(big, back, 1500000) == 0);
    check(state_of(&init, "cat").output == 1500000);

    run_shell(&init, "drip", 20000, "while [ ! -e go ]; do sleep 0.01; done; echo first; while [ ! -e more ]; do sleep 0.01; done");
    uint64_t request = begin();
    str8("drip");
    number(0, 8);
    number(100, 4);
    number(30, 4);
    check(call(&init, READ, request)); /* nothing comes: empty after 30 ms */
    read_u64(&init.reply);
    read_u64(&init.reply);
    check(read_u8(&init.reply) == STATE_RUNNING && read_u32(&init.reply) == 0);
    request = begin();
    str8("drip");
    number(0, 8);
    number(100, 4);
    number(60000, 4);
    send_request(&init, READ);
    check(put_file_at(&init, 0, "go", "", 0, false) == 0); /* a younger request is answered meanwhile */
    check(await(&init, request, 10000));
    read_u64(&init.reply);
    check(read_u64(&init.reply) == 6);
    uint64_t reads[20]; /* more long polls than there are places: none is lost */
    for (int i = 0; i < 20; i++) {
        reads[i] = begin();
        str8("drip");
        number(6, 8);
        number(100, 4);
        number(60000, 4);
        send_request(&init, READ);
    }
    check(await(&init, reads[16], 5000) && await(&init, reads[19], 5000));
    put_file_at(&init, 0, "more", "", 0, false);
    check(wait_end(&init, "drip", 5000).state == STATE_ENDED);
    release();
}

static void output_is_bounded(void) {
    start_leased(NULL, 100000);
    struct status status = finish_shell(&init, "yes", "yes; exit 0");
    check(status.cause == CAUSE_OUTPUT && status.flags == FLAG_TRUNCATED && status.output == 100000);
    check(read_all(&init, "yes", back, sizeof back, 65000) == 100000 && memcmp(back + 99990, "y\ny\ny\ny\ny\n", 10) == 0);
    status = finish_shell(&init, "exact", "head -c 100000 /dev/zero");
    check(status.cause == CAUSE_EXITED && status.code == 0 && status.flags == 0 && status.output == 100000);
    check(state_of(&init, "yes").flags == (FLAG_TRUNCATED | FLAG_DISCARDED));
    check(read_all(&init, "yes", back, sizeof back, 10) == -1 && error_of(&init) == GONE);
    status = finish_shell(&init, "one more", "head -c 100001 /dev/zero");
    check(status.cause == CAUSE_OUTPUT && status.output == 100000);
    status = finish_shell(&init, "closed", "exec >&- 2>&-; sleep 0.05; exit 5");
    check(status.cause == CAUSE_EXITED && status.code == 5);
    for (int i = 0; i < 20; i++) {
        char token[8];
        snprintf(token, sizeof token, "small%d", i);
        finish_shell(&init, token, "echo hello");
    }
    check(state_of(&init, "small3").flags == FLAG_DISCARDED);
    check(state_of(&init, "small4").flags == 0 && read_all(&init, "small4", back, sizeof back, 10) == 6);
    release();
}

static void limits_of_time(void) {
    start_leased(NULL, 0);
    run_shell(&init, "slow", 200, "trap '' TERM INT HUP; while :; do sleep 1; done");
    struct status status = wait_end(&init, "slow", 5000);
    check(status.cause == CAUSE_TIMEOUT && status.code == SIGKILL && status.wall >= 200 && status.wall < 1200);
    run_shell(&init, "kill me", 60000, "sleep 60");
    uint64_t request = begin();
    str8("kill me");
    check(call(&init, KILL, request) && init.reply_type == (KILL | REPLY));
    check(wait_end(&init, "kill me", 5000).cause == CAUSE_KILLED);
    request = begin();
    str8("nobody");
    check(call(&init, KILL, request) && error_of(&init) == NOT_FOUND);
    release();
}

static void leftovers_die(const struct options *options) {
    start_leased(options, 0);
    run_list(&init, "daemon", 20000, (const char *[]){self_path, "--hostile", "daemonize", NULL});
    check(wait_end(&init, "daemon", 10000).code == 7);
    check(read_all(&init, "daemon", back, sizeof back, 100) > 1);
    if (!options) check(gone(atoi((char *)back)));
    int64_t start = clock_ms();
    struct status status = finish_shell(&init, "holder", "(sleep 0.3; echo late; touch late) & (exec sleep 60) & echo early; exit 6");
    check(status.code == 6 && clock_ms() - start < 2000); /* end-of-file is not waited for */
    check(read_all(&init, "holder", back, sizeof back, 100) == 6 && memcmp(back, "early\n", 6) == 0);
    run_list(&init, "storm", 20000, (const char *[]){self_path, "--hostile", "fork-storm", NULL});
    check(wait_end(&init, "storm", 20000).state == STATE_ENDED);
    if (options) { /* in a pid namespace of its own it is easy to see that nothing is left */
        status = finish_shell(&init, "count", "ls -d /proc/[0-9]* | wc -l");
        check(read_all(&init, "count", back, sizeof back, 100) > 0 && atoi((char *)back) <= 4); /* init, sh, ls, wc */
    }
    check(access(in_workspace("late"), F_OK) != 0);
    release();
}

static void too_many_commands(void) {
    start_leased(NULL, 0);
    char token[16];
    for (int i = 0; i < COMMANDS_MAX; i++) {
        snprintf(token, sizeof token, "c%d", i);
        run_list(&init, token, 20000, (const char *[]){"/bin/true", NULL});
        if (wait_end(&init, token, 20000).code != 0) check(!"a short command ends well");
    }
    check(run_shell(&init, "one more", 1000, "true").error == TOO_MANY);
    check(run_shell(&init, "c0", 1000, "true").state == STATE_ENDED);
    release();
}

static void numbered_commands(void) {
    start_leased(NULL, 0);
    char token[24];
    finish_shell(&init, "t.1", "echo once >> runs");
    for (int i = 2; i <= COMMANDS_MAX + 40; i++) {
        snprintf(token, sizeof token, "t.%d", i);
        run_list(&init, token, 20000, (const char *[]){"/bin/true", NULL});
        if (wait_end(&init, token, 20000).code != 0) check(!"a short command ends well");
    }
    check(run_shell(&init, "t.1", 1000, "echo twice >> runs").error == GONE); /* forgotten, and never run again */
    check(run_shell(&init, "other.40", 1000, "echo twice >> runs").error == GONE); /* as is whatever has such a number */
    check(state_of(&init, "t.1").error == GONE);
    check(run_shell(&init, "t.41", 1000, "echo twice >> runs").state == STATE_ENDED); /* the oldest that is kept */
    check(finish_shell(&init, "t.2000", "cat runs").code == 0);
    check(read_all(&init, "t.2000", back, sizeof back, 100) == 5 && memcmp(back, "once\n", 5) == 0);
    check(finish_shell(&init, "plain", "exit 3").code == 3); /* without a number, the oldest with one goes for it */
    check(finish_shell(&init, "t.01", "exit 4").code == 4);  /* that is no number */
    release();
}

static void stalled_reader(void) {
    start_leased(NULL, 0);
    for (size_t i = 0; i < 60000; i++) big[i] = (uint8_t)i;
    finish_shell(&init, "fill", "head -c 60000 /dev/zero");
    run_shell(&init, "victim", 400, "echo $$ > pid.new; mv pid.new pid; sleep 60");
    check(exists_soon(in_workspace("pid")));
    char text[32] = "";
    int file = open(in_workspace("pid"), O_RDONLY);
    check(read(file, text, sizeof text - 1) > 0);
    close(file);
    uint64_t requests[12]; /* 720 kB of replies, more than pipe and queue hold, and nobody reads */
    for (int i = 0; i < 12; i++) {
        requests[i] = begin();
        str8("fill");
        number(0, 8);
        number(60000, 4);
        number(0, 4);
        send_request(&init, READ);
    }
    check(gone(atoi(text))); /* the time-out was kept, and the dead were reaped */
    for (int i = 0; i < 12; i++) check(await(&init, requests[i], 5000));
    check(state_of(&init, "victim").cause == CAUSE_TIMEOUT);
    release();
}

static void forged_frames(void) {
    start_leased(NULL, 0);
    static uint8_t frame[FRAME_MAX];
    begin();
    number(2, 1);
    number(1, 1);
    size_t size = make_frame(frame, STATE | REPLY, 1, 0);
    check(put_file_at(&init, 0, "forged", frame, size, false) == 0);
    struct status status = finish_shell(&init, "forge", "cat forged forged; exit 1");
    check(status.cause == CAUSE_EXITED && status.code == 1 && status.output == 2 * size);
    check(read_all(&init, "forge", back, sizeof back, 65000) == (long)(2 * size) && memcmp(back, frame, size) == 0);
    check(init.filled == 0);
    struct pollfd event = {.fd = init.from, .events = POLLIN};
    check(poll(&event, 1, 50) == 0); /* nothing came that nobody asked for */
    release();
}

static void hostile_commands(const struct options *options) {
    static const char *const names[] = {"limits", "priority", "scheduling", "memory", "signals", "owner",
                                        "sockets", "kernel", "proc-of-init", "descriptors", "self"};
    start_leased(options, 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        run_list(&init, names[i], 20000, (const char *[]){self_path, "--hostile", names[i], NULL});
        struct status status = wait_end(&init, names[i], 20000);
        bool good = status.cause == CAUSE_EXITED && status.code == 0;
        check_at(good, names[i], __FILE__, __LINE__);
        if (good) continue;
        long size = read_all(&init, names[i], back, sizeof back, 65000);
        fprintf(stderr, "cause %d code %d: %.*s\n", status.cause, status.code, size > 0 ? (int)size : 0, (char *)back);
    }
    release();
}

/* ---- files ---- */

static struct {
    char text[200000]; /* "kind flags path[=content]\n" per entry, in the order of arrival */
    size_t size;
    int capped, entries, refused, batches;
    uint64_t bytes;
} got;

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    got.size += (size_t)vsnprintf(got.text + got.size, sizeof got.text - got.size, format, arguments);
    va_end(arguments);
    if (got.size >= sizeof got.text) got.size = sizeof got.text - 1;
}

static int begin_collect(uint64_t bytes, uint32_t entries, uint32_t visited, int depth, const char *const *patterns) {
    uint64_t request = begin();
    number(9, 4);
    number(bytes, 8);
    number(entries, 4);
    number(visited, 4);
    number((uint64_t)depth, 2);
    number(200, 2);
    number(1000, 2);
    int count = 0;
    while (patterns && patterns[count]) count++;
    number((uint64_t)count, 2);
    for (int i = 0; i < count; i++) str16(patterns[i]);
    if (!call(&init, COLLECT, request)) return -1;
    return error_of(&init);
}

static int ask_next(uint32_t sequence, uint32_t max) {
    uint64_t request = begin();
    number(9, 4);
    number(sequence, 4);
    number(max, 4);
    if (!call(&init, NEXT, request)) return -1;
    if (error_of(&init) != 0) return error_of(&init);
    read_u32(&init.reply);
    read_u32(&init.reply);
    return 0;
}

/* Reads the records of one reply into `got`; true at the end record. */
static bool read_records(void) {
    struct reader *in = &init.reply;
    while (in->at < in->end && !in->bad) {
        uint8_t kind = read_u8(in);
        if (kind == 5) {
            struct bytes bytes = read_bytes(in, read_u32(in));
            say("%.*s", bytes.size < 40 ? (int)bytes.size : 0, (const char *)bytes.at);
            memcpy(back + got.bytes, bytes.at, bytes.size); /* only the last big one is looked at */
            got.bytes += bytes.size;
            continue;
        }
        if (kind == 6) {
            uint8_t status = read_u8(in);
            say(" %d %d\n", status, (int)read_u64(in));
            continue;
        }
        if (kind == 7) {
            got.capped = read_u8(in);
            got.entries = (int)read_u32(in);
            got.refused = (int)read_u32(in);
            check(read_u64(in) == got.bytes);
            return true;
        }
        int flags = kind == 2 ? read_u8(in) : 0;
        struct bytes path = read_str16(in);
        say("%d %d %.*s", kind, flags, (int)path.size, (const char *)path.at);
        if (kind == 2) {
            read_u64(in);
            say("=");
        } else if (kind == 3) {
            struct bytes target = read_str16(in);
            say("=%.*s\n", (int)target.size, (const char *)target.at);
        } else if (kind == 4) {
            uint8_t reason = read_u8(in);
            say(" reason %d\n", reason);
            read_u16(in);
        } else {
            say("\n");
        }
    }
    check(!in->bad);
    return false;
}

static int collect_with(uint64_t bytes, uint32_t entries, uint32_t visited, int depth, const char *const *patterns) {
    memset(&got, 0, sizeof got);
    int error = begin_collect(bytes, entries, visited, depth, patterns);
    if (error != 0) return error;
    for (uint32_t sequence = 1;; sequence++) {
        error = ask_next(sequence, 65000);
        if (error != 0) return error;
        got.batches++;
        if (read_records()) return 0;
    }
}

static int collect_all(void) {
    return collect_with(1 << 30, 10000, 100000, 32, NULL);
}

static bool has(const char *line) {
    char wanted[2000];
    snprintf(wanted, sizeof wanted, "\n%s\n", line);
    return strstr(got.text, wanted) || strncmp(got.text, wanted + 1, strlen(wanted) - 1) == 0;
}

static void put_and_collect(void) {
    start_leased(NULL, 0);
    for (size_t i = 0; i < 300001; i++) big[i] = (uint8_t)(i * i >> 7);
    check(put_kind(&init, 0, 1, "a/b/c", "") == 0);
    check(put_kind(&init, 0, 1, "a/b/c", "") == 0);
    check(put_file_at(&init, 0, "a/run.sh", "echo hi", 7, true) == 0);
    check(put_file_at(&init, 0, "empty", "", 0, false) == 0);
    check(put_file_at(&init, 0, "odd/\x1b[31m\n\xff", "odd", 3, false) == 0);
    check(put_kind(&init, 0, 3, "link", "../../etc/passwd") == 0);
    check(put_kind(&init, 0, 3, "a/out", "/tmp") == 0);
    check(collect_all() == 0 && got.capped == 0 && got.refused == 0 && got.entries == 9);
    check(has("1 0 a") && has("1 0 a/b") && has("1 0 a/b/c") && has("2 1 a/run.sh=echo hi 0 7") && has("2 0 empty= 0 0"));
    check(has("2 0 odd/\x1b[31m\n\xff=odd 0 3") && has("3 0 link=../../etc/passwd") && has("3 0 a/out=/tmp"));

    check(put_file_at(&init, 0, "large", big, 300001, false) == 0);
    check(put_file_at(&init, 0, "large", big, 300000, false) == 0); /* again, and shorter: it is replaced */
    check(collect_with(1 << 30, 10, 1000, 32, (const char *[]){"large", NULL}) == 0);
    check(got.bytes == 300000 && memcmp(big, back, 300000) == 0 && got.batches > 3);
    release();
}

static void put_is_careful(void) {
    start_leased(NULL, 0);
    static const char *const bad[] = {"", "/etc/x", "../x", "a/../x", "a//b", "a/", ".", "./a", "a/.", "a/.."};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) check(put_file_at(&init, 0, bad[i], "x", 1, false) == BAD_PATH);
    static char name[1100];
    memset(name, 'n', 256);
    check(put_file_at(&init, 0, name, "x", 1, false) == BAD_PATH);
    for (size_t i = 0; i < 1098; i += 2) memcpy(name + i, "d/", 3);
    name[129] = '\0';
    check(put_kind(&init, 0, 1, name, "") == BAD_PATH); /* 65 components */
    name[127] = '\0';
    check(put_kind(&init, 0, 1, name, "") == 0); /* 64 */

    char outside[300];
    snprintf(outside, sizeof outside, "%s/outside", scratch);
    mkdir(outside, 0777);
    chmod(outside, 0777);
    check(put_kind(&init, 0, 3, "way-out", outside) == 0);
    check(put_file_at(&init, 0, "way-out/x", "x", 1, false) == IO);
    check(put_kind(&init, 0, 1, "way-out/d/e", "") == IO);
    strcat(outside, "/target");
    int file = open(outside, O_CREAT | O_WRONLY, 0666);
    fchmod(file, 0666);
    close(file);
    check(put_kind(&init, 0, 3, "alias", outside) == 0);
    check(put_file_at(&init, 0, "alias", "through", 7, false) == 0); /* replaces the link, never writes through it */
    struct stat status;
    check(stat(outside, &status) == 0 && status.st_size == 0);
    check(lstat(in_workspace("alias"), &status) == 0 && S_ISREG(status.st_mode));
    check(put_kind(&init, 0, 1, "alias", "") == 0); /* a directory replaces a file */
    check(put_file_at(&init, 0, "alias", "x", 1, false) == IO); /* but not the other way round */
    struct reader copy = init.reply;
    read_u16(&copy);
    check(read_u16(&copy) == EISDIR);
    read_u32(&copy);
    struct bytes path = read_str16(&copy);
    check(path.size == 5 && memcmp(path.at, "alias", 5) == 0);

    uint64_t request = begin(); /* a chunk past a gap */
    number(0, 1);
    number(2, 1);
    number(0, 1);
    str16("gap");
    number(10, 8);
    number(20, 8);
    number(1, 4);
    raw("x", 1);
    check(call(&init, PUT, request) && error_of(&init) == IO);
    request = begin(); /* more than it says */
    number(0, 1);
    number(2, 1);
    number(0, 1);
    str16("liar");
    number(0, 8);
    number(1, 8);
    number(2, 4);
    raw("xy", 2);
    check(call(&init, PUT, request) && error_of(&init) == BAD_REQUEST);
    request = begin(); /* two in one frame */
    number(1, 1);
    for (int i = 0; i < 2; i++) {
        number(2, 1);
        number(0, 1);
        str16(i == 0 ? "task.md" : "attempt");
        number(0, 8);
        number(1, 8);
        number(1, 4);
        raw("1", 1);
    }
    check(call(&init, PUT, request) && error_of(&init) == 0 && read_u32(&init.reply) == 2);
    request = begin();
    number(2, 1);
    check(call(&init, PUT, request) && error_of(&init) == BAD_REQUEST);
    check(collect_with(1000, 1000, 1000, 64, (const char *[]){"*", NULL}) == 0 && !strstr(got.text, "task.md"));
    release();
}

static void full_disk(void) {
    if (getuid() != 0 || unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        skipped++;
        fprintf(stderr, "skipped the full disk: needs root and mounts\n");
        return;
    }
    start_leased(&(struct options){.small_disk = true}, 0);
    check(put_file_at(&init, 0, "big", big, 300000, false) == IO);
    struct reader copy = init.reply;
    read_u16(&copy);
    check(read_u16(&copy) == ENOSPC);
    read_u32(&copy);
    struct bytes path = read_str16(&copy);
    check(path.size == 3 && memcmp(path.at, "big", 3) == 0);
    struct status status = finish_shell(&init, "fill", "head -c 100000 /dev/zero > more");
    check(status.cause == CAUSE_EXITED && status.code != 0 && status.suspects & SUSPECT_DISK);
    release();
}

static void hostile_tree(void) {
    start_leased(NULL, 0);
    check(put_file_at(&init, 0, "honest", "honest", 6, false) == 0);
    struct status status = finish_shell(&init, "make",
        "mkfifo fifo; ln honest hard; ln -s honest soft; touch .wh.gone; mkdir .wh.dir; touch .wh.dir/x;"
        "mkdir locked; touch locked/x; chmod 000 locked; echo x > dark; chmod 000 dark; truncate -s 1T sparse; echo s > suid; chmod 4755 suid;"
        "d=deep; for i in 1 2 3 4 5 6 7 8 9; do d=$d/d; done; mkdir -p $d; touch $d/x;"
        "touch $(printf %0201d 0); chmod 000 .");
    check(status.code == 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", in_workspace("socket"));
    int unix_socket = socket(AF_UNIX, SOCK_STREAM, 0);
    bool bound = bind(unix_socket, (struct sockaddr *)&address, sizeof address) == 0;
    bool nodes = mknod(in_workspace("whiteout"), S_IFCHR | 0600, makedev(0, 0)) == 0 &&
                 mknod(in_workspace("null"), S_IFCHR | 0600, makedev(1, 3)) == 0;
    int64_t start = clock_ms();
    check(collect_with(1 << 20, 1000, 10000, 8, NULL) == 0);
    check(clock_ms() - start < 2000);
    check(has("2 2 honest=honest 0 6") && has("2 2 hard=honest 0 6") && has("3 0 soft=honest"));
    check(has("4 0 fifo reason 3") && has("4 0 .wh.gone reason 4") && has("4 0 .wh.dir reason 4") && !strstr(got.text, ".wh.dir/x"));
    if (getuid() == 0) check(has("4 0 locked reason 9") && has("4 0 dark reason 9"));
    check(has("4 0 sparse reason 8") && has("2 5 suid=s\n 0 2"));
    check(has("1 0 deep/d/d/d/d/d/d") && has("4 0 deep/d/d/d/d/d/d/d reason 7") && !strstr(got.text, "deep/d/d/d/d/d/d/d/d"));
    check(strstr(got.text, "0000 reason 5\n") != NULL);
    if (bound) check(has("4 0 socket reason 2"));
    if (nodes) check(has("4 0 whiteout reason 4") && has("4 0 null reason 1"));
    if (!bound || !nodes) skipped++;
    close(unix_socket);
    check(got.capped == 0 && got.refused == 8 + bound + 2 * nodes);
    release();
}

static void collect_caps_and_order(void) {
    start_leased(NULL, 0);
    check(finish_shell(&init, "make", "mkdir -p src/x node_modules/y report/sub; for i in $(seq 200); do echo $i > src/x/f$i; done;"
                                      "echo a > report/a.xml; echo b > report/sub/b.xml; echo c > report/c.txt; echo m > node_modules/y/m.xml").code == 0);
    check(collect_with(1 << 20, 50, 10000, 32, NULL) == 0 && got.capped == 1 && got.entries == 50);
    check(collect_with(1 << 20, 1000, 50, 32, NULL) == 0 && got.capped == 2);
    check(collect_with(3, 1000, 1000, 32, (const char *[]){"report/**", NULL}) == 0 && got.refused == 2 && got.bytes == 2);
    check(collect_with(99, 10, 1000, 32, (const char *[]){"report/**", NULL}) == 0 && got.entries == 5);
    check(has("1 0 report") && has("2 0 report/sub/b.xml=b\n 0 2"));
    check(collect_with(99, 10, 1000, 32, (const char *[]){"**/*.xml", "!node_modules", NULL}) == 0 && got.entries == 2);
    check(collect_with(99, 10, 1000, 32, (const char *[]){"**/*.xml", NULL}) == 0 && got.entries == 3);
    check(collect_with(99, 10, 1000, 32, (const char *[]){"report/?.t*t", "src", NULL}) == 0 && got.entries == 2);
    check(collect_with(9999, 1000, 1000, 32, (const char *[]){"!src/x", NULL}) == 0 && got.entries == 9 && has("1 0 src"));

    check(begin_collect(1 << 20, 1000, 1000, 32, NULL) == 0);
    check(ask_next(2, 65000) == SEQUENCE);
    check(ask_next(1, 100) == BAD_REQUEST);
    check(ask_next(1, 16384) == 0);
    size_t size = (size_t)(init.reply.end - init.reply.at);
    memcpy(big, init.reply.at, size);
    check(ask_next(1, 16384) == 0 && (size_t)(init.reply.end - init.reply.at) == size && memcmp(big, init.reply.at, size) == 0);
    run_shell(&init, "sleep", 60000, "sleep 60");
    check(ask_next(2, 65000) == BUSY);
    check(begin_collect(1, 1, 1, 1, NULL) == BUSY);
    uint64_t request = begin();
    str8("sleep");
    call(&init, KILL, request);
    wait_end(&init, "sleep", 5000);
    check(ask_next(2, 65000) == NOT_FOUND); /* RUN dropped the walk */
    check(collect_all() == 0 && got.entries == 210);
    release();
}

/* Nobody in a sandbox is alive to do this; from outside it shows that the size said first is a bound and no promise. */
static void collect_what_changes(void) {
    start_leased(NULL, 0);
    for (int grows = 0; grows < 2; grows++) {
        check(put_file_at(&init, 0, "changing", big, 100000, false) == 0);
        memset(&got, 0, sizeof got);
        check(begin_collect(1 << 20, 10, 10, 8, NULL) == 0);
        check(ask_next(1, 16384) == 0 && !read_records());
        check(truncate(in_workspace("changing"), grows ? 200000 : 50000) == 0);
        for (uint32_t sequence = 2; ask_next(sequence, 65000) == 0 && !read_records(); sequence++) {}
        check(got.bytes == (grows ? 100000 : 50000) && strstr(got.text, grows ? " 0 100000\n" : " 1 50000\n"));
    }
    release();
}

/* ---- the end ---- */

static struct init leased_out; /* started first, looked at last: the grace takes ten seconds */

static void lease_runs_out(void) {
    start_init(&leased_out, NULL);
    check(take_lease_of(&leased_out, "short", 1, 300, 0) == 0);
    run_shell(&leased_out, "long", 60000, "echo kept; sleep 60");
    struct status status = wait_end(&leased_out, "long", 5000);
    check(status.cause == CAUSE_LEASE && status.wall >= 200 && status.wall < 1500);
    check(run_shell(&leased_out, "after", 1000, "true").error == EXPIRED);
    check(put_kind(&leased_out, 0, 1, "d", "") == EXPIRED);
    check(read_all(&leased_out, "long", back, sizeof back, 100) == 5); /* the grace is for reading */
    uint64_t request = begin();
    str8("short");
    number(1, 8);
    check(call(&leased_out, EXTEND, request) && error_of(&leased_out) == 0);
}

static void release_kills(void) {
    start_leased(NULL, 0);
    run_list(&init, "daemon", 60000, (const char *[]){"sh", "-c", "(sleep 60 & echo $!); echo $$; sleep 60", NULL});
    long size = 0;
    for (int64_t end = clock_ms() + 5000; clock_ms() < end && size < 3; size = (long)state_of(&init, "daemon").output) {}
    uint64_t request = begin();
    str8("daemon");
    number(0, 8);
    number(100, 4);
    number(0, 4);
    check(call(&init, READ, request));
    read_bytes(&init.reply, 17);
    struct bytes text = read_bytes(&init.reply, read_u32(&init.reply));
    pid_t pid = text.size > 0 ? atoi((const char *)text.at) : 0;
    release();
    check(pid > 0 && gone(pid));
}

static void idle_and_usage(void) {
    start_init(&init, &(struct options){.idle_minutes = "0"});
    check(end_init(&init) == 71);
    start_init(&init, &(struct options){.idle_minutes = "x"});
    check(end_init(&init) == 2);
}

static void boot_id_of_the_creator(void) {
    start_init(&init, &(struct options){.boot_id = "01234567-0123-0123-0123-012345678901"});
    check(take_lease_of(&init, "lease", 1, 60000, 0) == WRONG_BOOT); /* this kernel's, and not what the creator said */
    kill_init(&init);
    start_init(&init, &(struct options){.boot_id = "short"});
    check(end_init(&init) == 2);
}

/* The writer goes away and another comes back: no end, and the state is still there. */
static void fifos(void) {
    start_init(&init, &(struct options){.use_fifos = true});
    check(take_lease_of(&init, "lease", 1, 60000, 0) == 0);
    check(finish_shell(&init, "before", "exit 9").code == 9);
    close(init.to);
    char path[256];
    poll(NULL, 0, 300); /* init meets the end of file at least once; there is nothing to wait for */
    snprintf(path, sizeof path, "%s/fifo-in", scratch);
    init.to = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    check(init.to >= 0);
    init.epoch = 2;
    check(state_of(&init, "before").code == 9);
    release();
}

static bool can_be_pid_1(void) {
    if (getuid() != 0) return false;
    pid_t pid = fork();
    if (pid == 0) _exit(unshare(CLONE_NEWPID | CLONE_NEWNS) == 0 ? 0 : 1);
    int status;
    return waitpid(pid, &status, 0) == pid && status == 0;
}

int main(int count, char **arguments) {
    if (count == 3 && strcmp(arguments[1], "--hostile") == 0) return hostile(arguments[2]);
    if (count == 3 && strcmp(arguments[1], "--tunnel") == 0) return tunnel_command(arguments[2]);
    if (count != 2) {
        fprintf(stderr, "usage: protocol_test SCRATCH (with sandbox-init and protocol_test in it)\n");
        return 2;
    }
    snprintf(scratch, sizeof scratch, "%s", arguments[1]);
    snprintf(self_path, sizeof self_path, "%s/protocol_test", scratch);
    signal(SIGPIPE, SIG_IGN);
    alarm(240); /* an init that hangs is a failure, too */
    static const struct options pid_1 = {.as_pid_1 = true};

    lease_runs_out();
    hello_and_lease();
    bad_frames();
    epochs();
    macs();
    results();
    run_is_idempotent();
    output_is_gapless();
    output_is_bounded();
    limits_of_time();
    leftovers_die(NULL);
    stalled_reader();
    forged_frames();
    hostile_commands(NULL);
    put_and_collect();
    put_is_careful();
    hostile_tree();
    collect_caps_and_order();
    collect_what_changes();
    release_kills();
    idle_and_usage();
    boot_id_of_the_creator();
    fifos();
    too_many_commands();
    tunnel_tests();
    numbered_commands();
    if (can_be_pid_1()) {
        leftovers_die(&pid_1);
        hostile_commands(&pid_1);
    } else {
        skipped++;
        fprintf(stderr, "skipped the tests as process 1: they need root and a pid namespace\n");
    }
    full_disk();
    check(end_init(&leased_out) == 70);
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    return failed > 0;
}
