/* What the kernel shares out per user or per machine: one sandbox takes all of it, and its neighbour must not notice. */
#define _GNU_SOURCE
#include "hostile.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 3900 /* descriptors of one process, below its limit */, SIGNALS = 200000, PIPE_BYTES = 65536 };

/* ---- each pool: take one of it, or -1 ---- */

static int take_inotify(void) {
    return inotify_init1(IN_CLOEXEC);
}

static int take_signal(void) {
    union sigval value = {0};
    return sigqueue(getpid(), SIGRTMIN + 1, value);
}

static int take_timer(void) {
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 2};
    return timer_create(CLOCK_MONOTONIC, &event, &timer);
}

/* Of full size; past the user's share new ones are smaller. */
static int take_pipe(void) {
    int ends[2];
    if (pipe(ends) != 0) return -1;
    if (fcntl(ends[0], F_GETPIPE_SZ) >= PIPE_BYTES) return 0;
    errno = ENOBUFS;
    return -1;
}

static int in_flight[2] = {-1, -1};

/* A descriptor that is in no process: sent and never received. */
static int take_descriptor_in_flight(void) {
    if (in_flight[0] < 0 && socketpair(AF_UNIX, SOCK_DGRAM, 0, in_flight) != 0) return -1;
    char control[CMSG_SPACE(200 * sizeof(int))] = {0}, byte = 0;
    struct iovec data = {&byte, 1};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(200 * sizeof(int));
    for (int i = 0; i < 200; i++) ((int *)CMSG_DATA(header))[i] = 1;
    ssize_t sent = sendmsg(in_flight[0], &message, MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS)) { /* this socket is full: the next one */
        in_flight[0] = -1;
        return 0;
    }
    return sent < 0 ? -1 : 0;
}

static int take_terminal(void) {
    return open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static int take_aio(void) {
    unsigned long context = 0;
    return (int)syscall(SYS_io_setup, 4096, &context);
}

static int take_key(void) {
    static int number;
    char name[32];
    snprintf(name, sizeof name, "hostile-%d-%d", (int)getpid(), number++);
    return (int)syscall(SYS_add_key, "user", name, name, sizeof name, -2 /* the process's own keyring */);
}

static const struct pool {
    const char *name;
    int (*take)(void);
    int most, needed; /* what the attacker takes at most; what a neighbour needs */
} pools[] = {
    {"inotify", take_inotify, 1000, 8}, {"signals", take_signal, SIGNALS, 16},  {"timers", take_timer, SIGNALS, 16},
    {"pipes", take_pipe, MOST / 2, 8},  {"flight", take_descriptor_in_flight, SIGNALS / 100, 1}, {"terminals", take_terminal, MOST, 2},
    {"aio", take_aio, 100000, 1},       {"keys", take_key, 2000, 4},
};

static const struct pool *pool_of(const char *name) {
    for (size_t i = 0; i < sizeof pools / sizeof *pools; i++)
        if (strcmp(pools[i].name, name) == 0) return &pools[i];
    abort();
}

static void block_signals(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
}

static enum verdict drain(const char *name) {
    const struct pool *pool = pool_of(name);
    block_signals();
    int taken = 0;
    while (taken < pool->most && pool->take() >= 0) taken++;
    int error = errno;
    if (taken == 0) return contained("not to be had: %s", strerror(error));
    hold_for_neighbour();
    return contained("%d taken, then %s", taken, taken < pool->most ? strerror(error) : "no more tried");
}

static enum verdict inotify_drain(void) { return drain("inotify"); }
static enum verdict sigqueue_flood(void) { return drain("signals"); }
static enum verdict timer_flood(void) { return drain("timers"); }
static enum verdict pipe_drain(void) { return drain("pipes"); }
static enum verdict flight_drain(void) { return drain("flight"); }
static enum verdict terminal_drain(void) { return drain("terminals"); }
static enum verdict aio_drain(void) { return drain("aio"); }
static enum verdict key_drain(void) { return drain("keys"); }

static enum verdict huge_pages(void) {
    void *page = mmap(NULL, 2 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
    return page == MAP_FAILED ? contained("%s", strerror(errno)) : breached("took a huge page that the machine had set aside");
}

/* ---- what a neighbour, or the same sandbox later, asks ---- */

static int can_take(const struct pool *pool) {
    block_signals();
    for (int i = 0; i < pool->needed; i++)
        if (pool->take() < 0) {
            printf("%s: only %d of %d to be had: %s\n", pool->name, i, pool->needed, strerror(errno));
            return 1;
        }
    return 0;
}

/* Nobody but process 1, us, and whoever started us. */
static int alone(void) {
    DIR *processes = opendir("/proc");
    if (!processes) return 3;
    int others = 0;
    for (struct dirent *entry; (entry = readdir(processes));) {
        int pid = atoi(entry->d_name);
        if (!isdigit((unsigned char)*entry->d_name) || pid == 1 || pid == getpid() || pid == getppid()) continue;
        printf("process %d is here\n", pid);
        others++;
    }
    closedir(processes);
    return others > 0;
}

int probe(const char *name) {
    if (strcmp(name, "alone") == 0) return alone();
    if (strcmp(name, "red") == 0) return 7;
    for (size_t i = 0; i < sizeof pools / sizeof *pools; i++)
        if (strcmp(pools[i].name, name) == 0) return can_take(&pools[i]);
    fprintf(stderr, "hostile: there is no probe '%s'\n", name);
    return 2;
}

static const struct hostile_case cases[] = {
    {"inotify-drain", "takes all inotify instances of its user", "a neighbour has its own", inotify_drain, {.beside = "inotify"}, false},
    {"sigqueue-flood", "queues signals until none more is taken", "a neighbour has its own", sigqueue_flood, {.beside = "signals"}, false},
    {"timer-flood", "makes timers until none more is given", "a neighbour has its own", timer_flood, {.beside = "timers"}, false},
    {"pipe-drain", "takes all pipe pages of its user", "a neighbour's pipes have their full size", pipe_drain, {.beside = "pipes"}, false},
    {"flight-drain", "has as many descriptors in flight as its user may", "a neighbour can send its own", flight_drain, {.beside = "flight"}, false},
    {"terminal-drain", "opens terminals until the machine has no more", "a neighbour gets one, or nobody does", terminal_drain, {.beside = "terminals"}, false},
    {"aio-drain", "takes the machine's contexts for asynchronous input and output", "refused", aio_drain, {.beside = "aio"}, false},
    {"huge-pages", "takes huge pages that the machine has set aside", "refused, or there are none", huge_pages, {0}, true, PLAIN_EMPTY},
    {"key-drain", "fills its user's key rings", "refused", key_drain, {.beside = "keys"}, false, PLAIN_FILTER},
};
GROUP(pools_group, "neighbours", "what the kernel shares out per user or per machine", cases);
