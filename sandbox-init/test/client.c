#define _GNU_SOURCE
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { OTHER_USER = 64007 };

char scratch[200], self_path[256];
int passed, failed, skipped;
struct payload out;

void check_at(bool good, const char *what, const char *file, int line) {
    if (good) {
        passed++;
        return;
    }
    failed++;
    fprintf(stderr, "FAILED %s:%d: %s\n", file, line, what);
}

int64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint32_t requests_epoch(void) { return 0; }
const uint8_t *lease_key(void) { return NULL; }

/* ---- life ---- */

static void become_the_other_user(void) {
    if (getuid() != 0) return;
    if (setgroups(0, NULL) != 0 || setgid(OTHER_USER) != 0 || setuid(OTHER_USER) != 0) _exit(99);
}

static void make_directory(const char *path) {
    mkdir(path, 0755);
    if (getuid() == 0 && chown(path, OTHER_USER, OTHER_USER) != 0) _exit(99);
}

static int relay(pid_t pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

static void execute(const struct init *init, const struct options *options, int in, int out_) {
    char binary[256], fds[32];
    snprintf(binary, sizeof binary, "%s/sandbox-init", scratch);
    snprintf(fds, sizeof fds, "%d,%d", options->use_fifos ? in : 0, options->use_fifos ? out_ : 1);
    if (options->as_pid_1) {
        if (unshare(CLONE_NEWPID | CLONE_NEWNS) != 0) _exit(98);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pid_t pid = fork();
        if (pid != 0) {
            close(in); /* the test's end must see when init is gone */
            close(out_);
            close(0);
            close(1);
            _exit(relay(pid));
        }
        if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || mount("proc", "/proc", "proc", 0, NULL) != 0) _exit(98);
    }
    if (!options->use_fifos) {
        dup2(in, 0);
        dup2(out_, 1);
    }
    become_the_other_user();
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* no test leaves an init behind; a change of uid would clear it */
    if (options->boot_id)
        execl(binary, "sandbox-init", "--workspace", init->workspace, "--input", init->input, "--boot-id", options->boot_id, (char *)NULL);
    else if (options->use_fifos)
        execl(binary, "sandbox-init", "--workspace", init->workspace, "--input", init->input, "--fds", fds, (char *)NULL);
    else
        execl(binary, "sandbox-init", "--workspace", init->workspace, "--input", init->input, "--idle-minutes",
              options->idle_minutes ? options->idle_minutes : "10", (char *)NULL);
    _exit(97);
}

void start_init(struct init *init, const struct options *options) {
    static int serial;
    static const struct options none;
    if (!options) options = &none;
    memset(init, 0, sizeof *init);
    init->epoch = 1;
    serial++;
    snprintf(init->workspace, sizeof init->workspace, "%s/workspace%d", scratch, serial);
    snprintf(init->input, sizeof init->input, "%s/input%d", scratch, serial);
    make_directory(init->workspace);
    make_directory(init->input);
    if (options->small_disk && mount("tmpfs", init->workspace, "tmpfs", 0, "size=64k,mode=0777") != 0) exit(99);
    int to[2] = {-1, -1}, from[2] = {-1, -1};
    if (options->use_fifos) {
        char path[256];
        snprintf(path, sizeof path, "%s/fifo-in", scratch);
        mkfifo(path, 0600);
        to[0] = open(path, O_RDONLY | O_NONBLOCK);
        to[1] = open(path, O_WRONLY | O_CLOEXEC);
        snprintf(path, sizeof path, "%s/fifo-out", scratch);
        mkfifo(path, 0600);
        from[0] = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        from[1] = open(path, O_WRONLY);
    } else if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) {
        exit(99);
    }
    init->pid = fork();
    if (init->pid == 0) execute(init, options, to[0], from[1]);
    close(to[0]);
    close(from[1]);
    init->to = to[1];
    init->from = from[0];
    fcntl(init->to, F_SETFL, O_NONBLOCK);
}

int end_init(struct init *init) {
    int status = 0;
    for (int64_t end = clock_ms() + 20000; clock_ms() < end;) {
        if (waitpid(init->pid, &status, WNOHANG) == init->pid) {
            close(init->to);
            close(init->from);
            return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
        }
        poll(NULL, 0, 5);
    }
    kill_init(init);
    return -1;
}

void kill_init(struct init *init) {
    kill(init->pid, SIGKILL);
    waitpid(init->pid, NULL, 0);
    close(init->to);
    close(init->from);
}

/* ---- requests ---- */

uint64_t begin(void) {
    static uint64_t request = 0xA11C000000000000ull;
    out.size = 0;
    number(++request, 8);
    return request;
}

void number(uint64_t value, int size) {
    for (int i = 0; i < size; i++) out.bytes[out.size++] = (uint8_t)(value >> (8 * i));
}

void raw(const void *at, size_t size) {
    memcpy(out.bytes + out.size, at, size);
    out.size += size;
}

void str8(const char *text) {
    number(strlen(text), 1);
    raw(text, strlen(text));
}

void str16(const char *text) {
    number(strlen(text), 2);
    raw(text, strlen(text));
}

static void store(uint8_t *at, uint64_t value, int size) {
    for (int i = 0; i < size; i++) at[i] = (uint8_t)(value >> (8 * i));
}

size_t make_frame(uint8_t *frame, uint8_t type, uint32_t epoch, uint32_t stream) {
    memset(frame, 0, HEADER_SIZE);
    memcpy(frame, "ALK1", 4);
    frame[4] = type;
    store(frame + 8, epoch, 4);
    store(frame + 12, stream, 4);
    store(frame + 16, out.size, 4);
    memcpy(frame + HEADER_SIZE, out.bytes, out.size);
    store(frame + 20, crc32c(crc32c(0, frame, 20), out.bytes, out.size), 4);
    return HEADER_SIZE + out.size;
}

size_t make_authentic_frame(uint8_t *frame, uint8_t type, uint32_t epoch, const uint8_t *key) {
    memset(frame, 0, HEADER_SIZE);
    memcpy(frame, "ALK1", 4);
    frame[4] = type;
    frame[5] = AUTHENTIC;
    store(frame + 8, epoch, 4);
    store(frame + 16, out.size + MAC_SIZE, 4);
    memcpy(frame + HEADER_SIZE, out.bytes, out.size);
    mac_of(key, frame, out.bytes, out.size, frame + HEADER_SIZE + out.size);
    store(frame + 20, crc32c(crc32c(0, frame, 20), frame + HEADER_SIZE, out.size + MAC_SIZE), 4);
    return HEADER_SIZE + out.size + MAC_SIZE;
}

void send_bytes(struct init *init, const void *at, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t written = write(init->to, (const uint8_t *)at + done, size - done);
        if (written > 0) {
            done += (size_t)written;
            continue;
        }
        struct pollfd event = {.fd = init->to, .events = POLLOUT};
        if (errno != EAGAIN || poll(&event, 1, 20000) <= 0) {
            fprintf(stderr, "cannot write to sandbox-init: %s\n", strerror(errno));
            return;
        }
    }
}

void send_request(struct init *init, uint8_t type) {
    static uint8_t frame[FRAME_MAX];
    size_t size = init->key ? make_authentic_frame(frame, type, init->epoch, init->key) : make_frame(frame, type, init->epoch, 0);
    send_bytes(init, frame, size);
}

/* ---- replies ---- */

static uint64_t load(const uint8_t *at, int size) {
    uint64_t value = 0;
    for (int i = size - 1; i >= 0; i--) value = value << 8 | at[i];
    return value;
}

/* Init never writes a bad frame: a wrong magic, length or checksum here is a failure. */
static bool take_frame(struct init *init, uint64_t *request) {
    if (init->filled < HEADER_SIZE) return false;
    size_t length = load(init->buffer + 16, 4);
    if (memcmp(init->buffer, "ALK1", 4) != 0 || length > PAYLOAD_MAX || length < 8) {
        check(!"a good header from sandbox-init");
        exit(1);
    }
    if (init->filled < HEADER_SIZE + length) return false;
    if (crc32c(crc32c(0, init->buffer, 20), init->buffer + HEADER_SIZE, length) != load(init->buffer + 20, 4)) {
        check(!"a good checksum from sandbox-init");
        exit(1);
    }
    memcpy(init->taken, init->buffer, HEADER_SIZE + length);
    init->filled -= HEADER_SIZE + length;
    memmove(init->buffer, init->buffer + HEADER_SIZE + length, init->filled);
    init->reply_type = init->taken[4];
    init->authentic = false;
    if (init->taken[5] & AUTHENTIC && length >= 8 + MAC_SIZE) {
        uint8_t mac[MAC_SIZE];
        length -= MAC_SIZE;
        if (init->key) mac_of(init->key, init->taken, init->taken + HEADER_SIZE, length, mac);
        init->authentic = init->key && mac_equal(mac, init->taken + HEADER_SIZE + length, MAC_SIZE);
    }
    init->reply = (struct reader){init->taken + HEADER_SIZE, init->taken + HEADER_SIZE + length, false};
    *request = read_u64(&init->reply);
    return true;
}

bool await(struct init *init, uint64_t request, int milliseconds) {
    int64_t end = clock_ms() + milliseconds;
    for (;;) {
        uint64_t got;
        while (take_frame(init, &got))
            if (got == request) return true;
        int64_t left = end - clock_ms();
        struct pollfd event = {.fd = init->from, .events = POLLIN};
        if (left <= 0 || poll(&event, 1, (int)left) <= 0) return false;
        ssize_t size = read(init->from, init->buffer + init->filled, sizeof init->buffer - init->filled);
        if (size == 0) return false;
        if (size > 0) init->filled += (size_t)size;
    }
}

bool call(struct init *init, uint8_t type, uint64_t request) {
    send_request(init, type);
    return await(init, request, 20000);
}

int error_of(struct init *init) {
    if (init->reply_type != ERROR) return 0;
    struct reader copy = init->reply;
    return read_u16(&copy);
}

/* ---- whole conversations ---- */

static uint64_t write_lease(const char *token, uint8_t digest, uint64_t remaining, uint64_t cap) {
    char boot[64] = "";
    int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY);
    if (read(file, boot, 36) != 36) boot[0] = '\0';
    close(file);
    uint64_t request = begin();
    str8(token);
    for (int i = 0; i < DIGEST_SIZE; i++) number(digest, 1);
    str8(boot);
    number(remaining, 8);
    number(cap, 8);
    return request;
}

int take_lease_of(struct init *init, const char *token, uint8_t digest, uint64_t remaining, uint64_t cap) {
    uint64_t request = write_lease(token, digest, remaining, cap);
    if (!call(init, LEASE, request)) return -1;
    return error_of(init);
}

int take_lease_with(struct init *init, const uint8_t *key) {
    uint64_t request = write_lease("lease", 1, 600000, 0);
    number(KEY_SIZE, 1);
    raw(key, KEY_SIZE);
    send_request(init, LEASE); /* without a MAC; the reply has one */
    init->key = key;
    bool answered = await(init, request, 20000);
    init->key = NULL;
    return answered ? error_of(init) : -1;
}

static struct status read_status(struct init *init, bool answered) {
    struct status status = {.state = -1};
    if (!answered) return status;
    status.error = error_of(init);
    if (status.error != 0) return status;
    struct reader *in = &init->reply;
    status.state = read_u8(in);
    status.cause = read_u8(in);
    status.code = (int32_t)read_u32(in);
    status.flags = read_u8(in);
    status.suspects = read_u8(in);
    status.known = read_u8(in);
    status.output = read_u64(in);
    status.wall = read_u64(in);
    return status;
}

struct status run_list(struct init *init, const char *token, uint64_t timeout, const char *const *list) {
    uint64_t request = begin();
    str8(token);
    number(timeout, 8);
    str16("");
    int count = 0;
    while (list[count]) count++;
    number((uint64_t)count, 2);
    for (int i = 0; i < count; i++) str16(list[i]);
    number(2, 2);
    str16("PATH=/usr/bin:/bin");
    str16("MARK=here");
    bool answered = call(init, RUN, request);
    return read_status(init, answered);
}

struct status run_shell(struct init *init, const char *token, uint64_t timeout, const char *script) {
    return run_list(init, token, timeout, (const char *[]){"sh", "-c", script, NULL});
}

struct status state_of(struct init *init, const char *token) {
    uint64_t request = begin();
    str8(token);
    bool answered = call(init, STATE, request);
    return read_status(init, answered);
}

struct status wait_end(struct init *init, const char *token, int milliseconds) {
    int64_t end = clock_ms() + milliseconds;
    for (;;) { /* a READ is answered at once when many wait already, so it may take several */
        uint64_t request = begin();
        str8(token);
        number(0, 8);
        number(0, 4);
        number((uint64_t)milliseconds, 4);
        send_request(init, READ);
        await(init, request, milliseconds + 5000);
        struct status status = state_of(init, token);
        if (status.state != STATE_RUNNING || clock_ms() >= end) return status;
    }
}

struct status finish_shell(struct init *init, const char *token, const char *script) {
    run_shell(init, token, 20000, script);
    return wait_end(init, token, 20000);
}

long read_all(struct init *init, const char *token, uint8_t *at, size_t size, uint32_t window) {
    for (size_t done = 0;;) {
        uint64_t request = begin();
        str8(token);
        number(done, 8);
        number(window, 4);
        number(5000, 4);
        if (!call(init, READ, request) || error_of(init) != 0) return -1;
        uint64_t offset = read_u64(&init->reply), total = read_u64(&init->reply);
        uint8_t state = read_u8(&init->reply);
        struct bytes bytes = read_bytes(&init->reply, read_u32(&init->reply));
        if (init->reply.bad || offset != done || done + bytes.size > size) return -1;
        memcpy(at + done, bytes.at, bytes.size);
        done += bytes.size;
        if (state == STATE_ENDED && done == total) return (long)done;
    }
}

int put_file_at(struct init *init, int root, const char *path, const void *at, size_t size, bool executable) {
    size_t done = 0;
    do {
        size_t chunk = size - done < 60000 ? size - done : 60000;
        uint64_t request = begin();
        number((uint64_t)root, 1);
        number(2, 1);
        number(executable, 1);
        str16(path);
        number(done, 8);
        number(size, 8);
        number(chunk, 4);
        raw((const uint8_t *)at + done, chunk);
        if (!call(init, PUT, request)) return -1;
        if (error_of(init) != 0) return error_of(init);
        done += chunk;
    } while (done < size);
    return 0;
}

int put_kind(struct init *init, int root, int kind, const char *path, const char *target) {
    uint64_t request = begin();
    number((uint64_t)root, 1);
    number((uint64_t)kind, 1);
    number(0, 1);
    str16(path);
    number(0, 8);
    number(strlen(target), 8);
    number(strlen(target), 4);
    raw(target, strlen(target));
    if (!call(init, PUT, request)) return -1;
    return error_of(init);
}
