/* What a command may try against init. Each case exits 0 if it was denied as it must be, or if it may do what it must be able to. */
#define _GNU_SOURCE
#include "hostile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t init;

/* Both: the call failed, and with this error. */
static int denied(long result, int error) {
    if (result < 0 && errno == error) return 0;
    printf("got %ld, errno %d (%s), wanted errno %d\n", result, errno, strerror(errno), error);
    return 1;
}

static int limits(void) {
    struct rlimit limit = {1, 1};
    return denied(syscall(SYS_prlimit64, init, RLIMIT_CPU, &limit, NULL), EPERM) |
           denied(syscall(SYS_prlimit64, init, RLIMIT_NOFILE, NULL, &limit), EPERM) |
           denied(syscall(SYS_prlimit64, 0xFFFFFFFF00000000ul | (unsigned long)init, RLIMIT_CPU, &limit, NULL), EPERM);
}

static int priority(void) {
    int bad = denied(setpriority(PRIO_PROCESS, (id_t)init, 19), EPERM) | denied(setpriority(PRIO_USER, 0, 19), EPERM) |
              denied(setpriority(PRIO_PGRP, 0, 19), EPERM) | denied(setpriority(PRIO_USER, getuid(), 19), EPERM);
    return bad | denied(syscall(SYS_ioprio_set, 1, init, 3 << 13), EPERM) | denied(syscall(SYS_ioprio_set, 2, 0, 3 << 13), EPERM) |
           denied(syscall(SYS_ioprio_set, 3, 0, 3 << 13), EPERM);
}

static int scheduling(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    struct sched_param parameter = {0};
    char attributes[64] = {48};
    return denied(sched_setaffinity(init, sizeof set, &set), EPERM) | denied(sched_setscheduler(init, SCHED_IDLE, &parameter), EPERM) |
           denied(sched_setparam(init, &parameter), EPERM) | denied(syscall(SYS_sched_setattr, init, attributes, 0), EPERM) |
           denied(syscall(SYS_migrate_pages, init, 0, NULL, NULL), EPERM) | denied(syscall(SYS_move_pages, init, 0, NULL, NULL, NULL, 0), EPERM) |
           denied(prctl(62 /* PR_SCHED_CORE */, 3, init, 0, 0), EPERM);
}

static int memory(void) {
    char buffer[8];
    struct iovec here = {buffer, 8}, there = {(void *)0x400000, 8};
    return denied(ptrace(PTRACE_ATTACH, init, 0, 0), EPERM) | denied(process_vm_readv(init, &here, 1, &there, 1, 0), EPERM) |
           denied(process_vm_writev(init, &here, 1, &there, 1, 0), EPERM) | denied(syscall(SYS_kcmp, init, getpid(), 0, 0, 0), EPERM) |
           denied(syscall(438 /* pidfd_getfd */, 0, 0, 0), EPERM) | denied(syscall(440 /* process_madvise */, 0, 0, 0, 0, 0), EPERM);
}

static int signals(void) {
    siginfo_t info = {.si_signo = SIGTERM, .si_code = SI_QUEUE};
    return denied(kill(init, SIGKILL), EPERM) | denied(kill(1, SIGSTOP), EPERM) | denied(kill(-1, 0), EPERM) |
           denied(kill(-init, SIGTERM), EPERM) | denied(syscall(SYS_tkill, init, SIGTERM), EPERM) |
           denied(syscall(SYS_tgkill, init, init, SIGTERM), EPERM) | denied(syscall(SYS_rt_sigqueueinfo, init, SIGTERM, &info), EPERM) |
           denied(syscall(SYS_rt_tgsigqueueinfo, init, init, SIGTERM, &info), EPERM) | denied(syscall(434 /* pidfd_open */, init, 0), EPERM) |
           denied(syscall(424 /* pidfd_send_signal */, 0, SIGTERM, NULL, 0), ENOSYS) |
           denied(syscall(SYS_kill, 0xFFFFFFFF00000000ul | (unsigned long)init, SIGTERM), EPERM);
}

static int owner(void) {
    int pair[2], pid = init;
    struct f_owner_ex owner = {F_OWNER_PID, init};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return 1;
    return denied(fcntl(pair[0], F_SETOWN, init), EPERM) | denied(fcntl(pair[0], F_SETOWN_EX, &owner), EPERM) |
           denied(fcntl(pair[0], F_SETSIG, SIGKILL), EPERM) | denied(ioctl(pair[0], 0x8901, &pid), EPERM) |
           denied(ioctl(pair[0], 0x8902, &pid), EPERM) | (fcntl(pair[0], F_SETOWN, getpid()) != 0);
}

static int sockets(void) {
    return denied(socket(AF_VSOCK, SOCK_STREAM, 0), EAFNOSUPPORT) | denied(socket(AF_NETLINK, SOCK_RAW, 0), EAFNOSUPPORT) |
           denied(socket(AF_INET, SOCK_STREAM, 262), EPROTONOSUPPORT) | denied(socket(AF_INET, SOCK_DGRAM, 1), EPROTONOSUPPORT) |
           denied(socket(AF_INET6, SOCK_DGRAM, 136), EPROTONOSUPPORT) | (socket(AF_INET, SOCK_STREAM, 0) < 0) | (socket(AF_UNIX, SOCK_STREAM, 0) < 0);
}

static int kernel(void) {
    int bad = denied(syscall(SYS_io_uring_setup, 1, NULL), ENOSYS) | denied(syscall(SYS_bpf, 0, NULL, 0), EPERM) |
              denied(syscall(SYS_perf_event_open, NULL, 0, 0, 0, 0), EPERM) | denied(syscall(SYS_userfaultfd, 0), EPERM);
#if defined(__x86_64__)
    bad |= denied(syscall(0x40000000 | SYS_getpid), ENOSYS);
    long result; /* the 32-bit ABI: getpid is 20 there */
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory", "r8", "r9", "r10", "r11");
    if (result > 0) bad |= 1;
#endif
    return bad;
}

static int proc_of_init(void) {
    static const char *const names[] = {"fd/0", "fd/1", "fd", "mem", "environ", "maps", "root", "cwd", "exe"};
    if (getuid() == 0) return 0; /* a test host's root may read everything */
    int bad = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/%s", (int)init, names[i]);
        int file = open(path, O_RDONLY);
        if (file >= 0) {
            printf("%s opens\n", path);
            bad = 1;
        }
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/oom_score_adj", (int)init);
    return bad | denied(open(path, O_WRONLY), EACCES);
}

static int descriptors(void) {
    DIR *directory = opendir("/proc/self/fd");
    int bad = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        int number = atoi(entry->d_name);
        if (entry->d_name[0] != '.' && number > 2 && number != dirfd(directory)) {
            printf("descriptor %d was inherited\n", number);
            bad = 1;
        }
    }
    char target[64] = "";
    if (readlink("/proc/self/fd/0", target, sizeof target - 1) < 0 || strcmp(target, "/dev/null") != 0) bad = 1;
    return bad | (fcntl(1, F_GETFL) & O_NONBLOCK ? 1 : 0);
}

/* What the child finds set for itself, and what must still work. */
static int self(void) {
    char score[16] = "";
    int file = open("/proc/self/oom_score_adj", O_RDONLY), bad = 0;
    if (read(file, score, sizeof score - 1) < 0 || atoi(score) != 1000) bad |= 1;
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_max != 0) bad |= 2;
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || prctl(PR_GET_SECCOMP) != 2) bad |= 4;
    sigset_t mask;
    sigprocmask(SIG_SETMASK, NULL, &mask);
    for (int i = 1; i < 32; i++)
        if (sigismember(&mask, i)) bad |= 8;
    if (getsid(0) != getpid() || getpgrp() != getpid()) bad |= 16;
    if (setpriority(PRIO_PROCESS, 0, 1) != 0) bad |= 32;
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0 || sched_setaffinity(0, sizeof set, &set) != 0) bad |= 64;
    pid_t child = fork();
    if (child == 0) for (;;) pause();
    int status;
    if (kill(child, SIGTERM) != 0 || waitpid(child, &status, 0) != child || WTERMSIG(status) != SIGTERM) bad |= 128;
    if (bad) printf("self: %d\n", bad);
    return bad != 0;
}

/* Prints its grandchild's pid, which is in another session and would live for ever, and ends with 7. */
static int daemonize(void) {
    int ready[2];
    if (pipe(ready) != 0) return 1;
    if (fork() == 0) {
        setsid();
        pid_t grandchild = fork();
        if (grandchild == 0) {
            for (int i = 1; i < 65; i++) signal(i, SIG_IGN);
            pid_t self_ = getpid();
            char text[32];
            int size = snprintf(text, sizeof text, "%d\n", (int)self_);
            if (write(1, text, (size_t)size) < 0 || write(ready[1], "x", 1) < 0) return 1;
            for (;;) pause();
        }
        _exit(0);
    }
    char byte;
    return read(ready[0], &byte, 1) == 1 ? 7 : 1;
}

/* A tree that forks itself again and again until it is killed; the main process ends. */
static int fork_storm(void) {
    for (int i = 0; i < 4; i++)
        if (fork() == 0) {
            setsid();
            for (;;) {
                pid_t pid = fork();
                if (pid > 0) _exit(0); /* the new one goes on under a new pid */
                if (pid < 0) usleep(100);
            }
        }
    usleep(20000);
    return 0;
}

int hostile(const char *name) {
    static const struct {
        const char *name;
        int (*run)(void);
    } cases[] = {
        {"limits", limits}, {"priority", priority}, {"scheduling", scheduling}, {"memory", memory}, {"signals", signals},
        {"owner", owner}, {"sockets", sockets}, {"kernel", kernel}, {"proc-of-init", proc_of_init}, {"descriptors", descriptors},
        {"self", self}, {"daemonize", daemonize}, {"fork-storm", fork_storm},
    };
    init = getppid();
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (strcmp(name, cases[i].name) == 0) return cases[i].run();
    return 3;
}
