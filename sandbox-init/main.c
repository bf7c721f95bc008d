/* The event loop: one thread, one poll; every wait has an end, every write may be refused, nothing depends on a reader. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_RELEASED = 0, EXIT_USAGE = 2, EXIT_START = 3, EXIT_DEADLINE = 70, EXIT_IDLE = 71 };
enum { GRACE_MS = 10000, RETRY_INPUT_MS = 250, GOODBYE_MS = 500, KILL_RETRY_MS = 5, LONGEST_SLEEP_MS = 60000, OWN_EVENTS = 4 };

int workspace_directory, input_directory, null_descriptor;

static int in = STDIN_FILENO, out = STDOUT_FILENO, signals;
static int64_t input_retry_at, idle_deadline;

static void read_options(int count, char **arguments);
static void start(void);
static void wait_for_events(void);
static void read_input(int64_t now);
static void handle_input(int64_t now);
static void write_output(void);
static void enforce_lease(int64_t now);
static void leave(void);

static const char *workspace = "/workspace", *input = "/input", *boot_id;
static int64_t idle_minutes = 10;
static int memory_events = -1, pids_events = -1;
static struct guard guard;

int main(int count, char **arguments) {
    prctl(PR_SET_DUMPABLE, 0);
    read_options(count, arguments);
    start();
    for (;;) {
        int64_t now = clock_ms();
        read_input(now);
        handle_input(now);
        command_read_output();
        command_reap(now);
        now = clock_ms();
        command_check_deadline(now);
        guard_look();
        enforce_lease(now);
        proxy_work(now);
        requests_answer_waiting(now);
        tunnels_answer_waiting(now);
        write_output();
        if (release_asked()) leave();
        wait_for_events();
    }
}

static int64_t ms_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_ms(void) {
    return ms_of(CLOCK_BOOTTIME);
}

int64_t worked_ms(void) {
    return ms_of(CLOCK_PROCESS_CPUTIME_ID);
}

/* ---- start ---- */

static _Noreturn void usage(void) {
    fputs("usage: sandbox-init [--workspace DIR] [--input DIR] [--fds IN,OUT] [--boot-id ID] [--idle-minutes N]\n"
          "                    [--events MEMORY,PIDS] [--watch MEMORY,PROCESSES] [--inodes N] [--nice N] | --version\n", stderr);
    exit(EXIT_USAGE);
}

static uint64_t large_number(const char *text, char **rest) {
    errno = 0;
    unsigned long long value = strtoull(text, rest, 10);
    if (*rest == text || *text == '-' || errno != 0) usage();
    return value;
}

static long number(const char *text, char **rest, long most) {
    errno = 0;
    long value = strtol(text, rest, 10);
    if (*rest == text || errno != 0 || value < 0 || value > most) usage();
    return value;
}

static void read_options(int count, char **arguments) {
    for (int i = 1; i < count; i++) {
        char *rest = "";
        if (strcmp(arguments[i], "--version") == 0) {
            printf("sandbox-init %s protocol %d\n", INIT_VERSION, PROTOCOL);
            exit(0);
        }
        if (i + 1 == count) usage();
        const char *name = arguments[i++];
        if (strcmp(name, "--workspace") == 0) {
            workspace = arguments[i];
        } else if (strcmp(name, "--input") == 0) {
            input = arguments[i];
        } else if (strcmp(name, "--boot-id") == 0) {
            boot_id = arguments[i];
        } else if (strcmp(name, "--idle-minutes") == 0) {
            idle_minutes = number(arguments[i], &rest, 24 * 60);
        } else if (strcmp(name, "--fds") == 0) {
            in = (int)number(arguments[i], &rest, 1 << 20);
            if (*rest != ',') usage();
            out = (int)number(rest + 1, &rest, 1 << 20);
        } else if (strcmp(name, "--events") == 0) {
            memory_events = (int)number(arguments[i], &rest, 1 << 20);
            if (*rest != ',') usage();
            pids_events = (int)number(rest + 1, &rest, 1 << 20);
        } else if (strcmp(name, "--watch") == 0) {
            guard.memory = large_number(arguments[i], &rest);
            if (*rest != ',') usage();
            guard.processes = large_number(rest + 1, &rest);
        } else if (strcmp(name, "--inodes") == 0) {
            guard.inodes = large_number(arguments[i], &rest);
        } else if (strcmp(name, "--nice") == 0) {
            guard.nice = (int)number(arguments[i], &rest, 19);
        } else {
            usage();
        }
        if (*rest != '\0') usage();
    }
}

static _Noreturn void cannot_start(const char *what) {
    fprintf(stderr, "sandbox-init: cannot start: %s: %s\n", what, strerror(errno));
    exit(EXIT_START);
}

static int open_directory(const char *path) {
    mkdir(path, 0755);
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0) cannot_start(path);
    return directory;
}

/*
 * As hard to choose for the OOM killer as an unprivileged process may be. The file belongs to root while we are not
 * dumpable, so for these few calls we are; nobody else lives in the sandbox yet and no input has been read.
 */
static void lower_oom_score(void) {
    prctl(PR_SET_DUMPABLE, 1);
    int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    prctl(PR_SET_DUMPABLE, 0);
    if (score < 0) return;
    if (write(score, "0", 1) < 0) { /* the engine's score stays */ }
    close(score);
}

static void keep_private(int descriptor) {
    int status = fcntl(descriptor, F_GETFL);
    if (status < 0) cannot_start("--fds: no such descriptor");
    if (fcntl(descriptor, F_SETFL, status | O_NONBLOCK) != 0 || fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0)
        cannot_start("descriptor flags");
}

static void keep_from_child(int descriptor) {
    if (descriptor >= 0 && fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) cannot_start("--events: no such descriptor");
}

static void start(void) {
    if (getpid() == 1) lower_oom_score();
    umask(022);
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (getpid() != 1 && prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) cannot_start("PR_SET_CHILD_SUBREAPER");

    sigset_t all;
    sigfillset(&all);
    if (sigprocmask(SIG_SETMASK, &all, NULL) != 0) cannot_start("sigprocmask");
    signal(SIGCHLD, SIG_DFL); /* an inherited SIG_IGN would reap for us and lose the exit code */
    signals = signalfd(-1, &all, SFD_NONBLOCK | SFD_CLOEXEC);
    if (signals < 0) cannot_start("signalfd");

    null_descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null_descriptor < 0) cannot_start("/dev/null");
    workspace_directory = open_directory(workspace);
    input_directory = open_directory(input);
    keep_private(in);
    keep_private(out);
    if (!requests_start(boot_id)) usage();
    keep_from_child(memory_events);
    keep_from_child(pids_events);
    commands_start(memory_events, pids_events);
    guard.workspace = workspace;
    guard.temporary = "/tmp";
    guard_start(&guard);
    idle_deadline = clock_ms() + idle_minutes * 60000;
}

/* ---- the loop's parts ---- */

static int milliseconds_until(int64_t at, int64_t now) {
    if (at == 0 || at - now > LONGEST_SLEEP_MS) return LONGEST_SLEEP_MS;
    return at <= now ? 0 : (int)(at - now);
}

static int64_t lease_wake_at(int64_t now) {
    int64_t deadline = lease_deadline();
    if (deadline == 0) return idle_deadline;
    return now < deadline ? deadline : deadline + GRACE_MS;
}

static void wait_for_events(void) {
    const uint8_t *unused;
    int64_t now = clock_ms();
    int64_t wake = earlier(lease_wake_at(now), earlier(command_wake_at(now), requests_wake_at()));
    bool listening = output_has_room() && now >= input_retry_at;
    wake = earlier(wake, earlier(guard_wake_at(), earlier(proxy_wake_at(), tunnels_wake_at())));
    if (now < input_retry_at) wake = earlier(wake, input_retry_at);
    if (listening) wake = earlier(wake, input_stale_at());
    struct pollfd events[OWN_EVENTS + 1 + TUNNELS_MAX] = {
        {.fd = signals, .events = POLLIN},
        {.fd = listening ? in : -1, .events = POLLIN},
        {.fd = output_pending(&unused) > 0 ? out : -1, .events = POLLOUT},
        {.fd = command_output_descriptor(), .events = POLLIN},
    };
    poll(events, OWN_EVENTS + proxy_events(events + OWN_EVENTS), milliseconds_until(wake, now));
    /* Signals only wake us: what they say can be forged, so waitpid is asked every time. */
    struct signalfd_siginfo ignored[16];
    while (read(signals, ignored, sizeof ignored) > 0) {}
}

static void read_input(int64_t now) {
    if (now < input_retry_at || !output_has_room()) return;
    size_t space;
    uint8_t *at = input_space(&space);
    ssize_t size = space > 0 ? read(in, at, space) : -1;
    if (size > 0)
        input_added((size_t)size, now);
    else if (size == 0 || (space > 0 && errno != EAGAIN && errno != EINTR))
        input_retry_at = now + RETRY_INPUT_MS; /* nobody writes at the moment; somebody may come back */
}

static void handle_input(int64_t now) {
    struct frame frame;
    while (output_has_room() && !release_asked() && input_next(&frame, now)) {
        request_handle(&frame, now);
        write_output();
    }
}

static void write_output(void) {
    const uint8_t *at;
    size_t size;
    while ((size = output_pending(&at)) > 0) {
        ssize_t written = write(out, at, size);
        if (written >= 0)
            output_written((size_t)written);
        else if (errno != EINTR) {
            if (errno != EAGAIN) output_drop(); /* the reader is gone for good; a new one asks again */
            return;
        }
    }
}

static _Noreturn void kill_all_and_exit(int code) {
    int64_t end = clock_ms() + GOODBYE_MS;
    while (!kill_everything() && clock_ms() < end) poll(NULL, 0, KILL_RETRY_MS);
    exit(code);
}

static void enforce_lease(int64_t now) {
    int64_t deadline = lease_deadline();
    if (deadline == 0) {
        if (now >= idle_deadline) kill_all_and_exit(EXIT_IDLE);
    } else if (now >= deadline + GRACE_MS) {
        kill_all_and_exit(EXIT_DEADLINE);
    } else if (now >= deadline) {
        command_stop(CAUSE_LEASE);
    }
}

static void leave(void) {
    int64_t end = clock_ms() + GOODBYE_MS;
    while (!kill_everything() && clock_ms() < end) poll(NULL, 0, KILL_RETRY_MS);
    release_answer();
    const uint8_t *unused;
    while (output_pending(&unused) > 0 && clock_ms() < end + GOODBYE_MS) {
        write_output();
        struct pollfd event = {.fd = out, .events = POLLOUT};
        if (output_pending(&unused) > 0) poll(&event, 1, KILL_RETRY_MS);
    }
    exit(EXIT_RELEASED);
}
