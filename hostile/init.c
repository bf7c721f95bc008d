/* Process 1: it cannot be read, steered, starved or felled by what it watches. */
#define _GNU_SOURCE
#include "hostile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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
#include <unistd.h>

enum { INIT = 1, RED = 9 };

/* Where we are process 1 ourselves there is nothing to attack. */
#define REQUIRE_INIT() \
    if (getpid() == INIT) return unsupported("it is process 1 itself")

static void open_each(const char *const *names, int flags) {
    for (; *names; names++) {
        char file[64];
        snprintf(file, sizeof file, "/proc/1/%s", *names);
        try_open(file, flags);
    }
}

static enum verdict init_fd(void) {
    REQUIRE_INIT();
    open_each((const char *const[]){"fd/0", "fd/1", "fd/2", "fd/3", "fd/4", "fd", "fdinfo/0", NULL}, O_RDONLY);
    open_each((const char *const[]){"fd/0", "fd/1", "fd/2", "fd/3", "fd/4", NULL}, O_WRONLY);
    return judge();
}

static enum verdict init_mem(void) {
    REQUIRE_INIT();
    open_each((const char *const[]){"mem", NULL}, O_RDWR);
    open_each((const char *const[]){"mem", "maps", "smaps", "pagemap", "auxv", "stack", "syscall", NULL}, O_RDONLY);
    return judge();
}

/* Some of it opens on some kernels, and then says nothing. */
static enum verdict init_environ(void) {
    REQUIRE_INIT();
    char text[256];
    ssize_t size = slurp("/proc/1/environ", text, sizeof text);
    if (size > 0) return breached("its environment can be read: %.60s", text);
    open_each((const char *const[]){"root/etc", "cwd/.", "task/1/environ", NULL}, O_RDONLY);
    return judge();
}

static enum verdict init_exe(void) {
    REQUIRE_INIT();
    open_each((const char *const[]){"exe", NULL}, O_RDONLY);
    open_each((const char *const[]){"exe", NULL}, O_WRONLY);
    return judge();
}

static enum verdict init_write(void) {
    REQUIRE_INIT();
    open_each((const char *const[]){"oom_score_adj", "oom_adj", "comm", "autogroup", "clear_refs", "coredump_filter", "loginuid",
                                    "uid_map", "gid_map", "setgroups", "sched", "make-it-fail", NULL},
              O_WRONLY);
    try_write("/proc/1/timerslack_ns", "50001");
    try_write("/proc/1/attr/exec", "unconfined");
    return judge();
}

static enum verdict init_ptrace(void) {
    REQUIRE_INIT();
    long attached = ptrace(PTRACE_ATTACH, INIT, 0, 0);
    call("PTRACE_ATTACH", attached);
    long seized = ptrace(PTRACE_SEIZE, INIT, 0, 0);
    call("PTRACE_SEIZE", seized);
    if (attached == 0 || seized == 0) ptrace(PTRACE_DETACH, INIT, 0, 0);
    return judge();
}

static enum verdict init_vm(void) {
    REQUIRE_INIT();
    char bytes[8];
    struct iovec here = {bytes, sizeof bytes}, there = {(void *)0x400000, sizeof bytes};
    call("process_vm_readv", process_vm_readv(INIT, &here, 1, &there, 1, 0));
    call("process_vm_writev", process_vm_writev(INIT, &here, 1, &there, 0, 0));
    call("kcmp", syscall(SYS_kcmp, INIT, getpid(), 0, 0, 0));
    call("process_madvise", syscall(440, INIT, NULL, 0, 0, 0));
    call("move_pages", syscall(SYS_move_pages, INIT, 0, NULL, NULL, NULL, 0));
    call("migrate_pages", syscall(SYS_migrate_pages, INIT, 0, NULL, NULL));
    return judge();
}

static enum verdict init_pidfd(void) {
    REQUIRE_INIT();
    int directory = open("/proc/1", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int handle = (int)syscall(434 /* pidfd_open */, INIT, 0);
    if (handle < 0) handle = directory;
    call("pidfd_getfd", syscall(438, handle, 0, 0));
    call("pidfd_send_signal", syscall(424, handle, SIGTERM, NULL, 0));
    return judge();
}

/* ---- signals: that process 1 lives is seen by our exit code being seen ---- */

static enum verdict init_kill(void) {
    REQUIRE_INIT();
    long killed = kill(INIT, SIGKILL);
    sleep_ms(300);
    return contained("process 1 lives (%s)", killed == 0 ? "the call said it was done" : strerror(errno));
}

static enum verdict init_stop(void) {
    REQUIRE_INIT();
    long stopped = kill(INIT, SIGSTOP);
    sleep_ms(300);
    return contained("process 1 goes on (%s)", stopped == 0 ? "the call said it was done" : strerror(errno));
}

static enum verdict init_signals(void) {
    REQUIRE_INIT();
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_code = SI_QUEUE;
    for (int number = 1; number < 65; number++) {
        info.si_signo = number;
        if (number != SIGKILL && number != SIGSTOP) kill(INIT, number);
        syscall(SYS_tkill, INIT, number);
        syscall(SYS_tgkill, INIT, INIT, number);
        syscall(SYS_rt_sigqueueinfo, INIT, number, &info);
        syscall(SYS_rt_tgsigqueueinfo, INIT, INIT, number, &info);
    }
    sleep_ms(300);
    return contained("process 1 lives after 64 signals in 5 ways");
}

static enum verdict kill_all(void) {
    REQUIRE_INIT();
    signal(SIGTERM, SIG_IGN);
    for (int i = 0; i < 100; i++) kill(-1, SIGTERM), kill(-1, SIGKILL), kill(0, 0);
    sleep_ms(300);
    return contained("process 1 lives");
}

static enum verdict init_owner(void) {
    REQUIRE_INIT();
    int pair[2], pid = INIT;
    struct f_owner_ex owner = {F_OWNER_PID, INIT};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return unsupported("no socket pair");
    call("F_SETOWN", fcntl(pair[0], F_SETOWN, INIT));
    call("F_SETOWN_EX", fcntl(pair[0], F_SETOWN_EX, &owner));
    call("F_SETSIG", fcntl(pair[0], F_SETSIG, SIGKILL));
    call("FIOSETOWN", ioctl(pair[0], 0x8901, &pid));
    call("SIOCSPGRP", ioctl(pair[0], 0x8902, &pid));
    return judge();
}

/* ---- limits and scheduling ---- */

static long set_limit(int resource, rlim_t value) {
    struct rlimit limit = {value, value};
    return syscall(SYS_prlimit64, INIT, resource, &limit, NULL);
}

static enum verdict init_prlimit(void) {
    REQUIRE_INIT();
    struct rlimit limit;
    call("reading a limit of process 1", syscall(SYS_prlimit64, INIT, RLIMIT_NOFILE, NULL, &limit));
    call("RLIMIT_NOFILE", set_limit(RLIMIT_NOFILE, 3));
    call("RLIMIT_AS", set_limit(RLIMIT_AS, 1 << 24));
    call("RLIMIT_NPROC", set_limit(RLIMIT_NPROC, 0));
    call("RLIMIT_NOFILE by a number of 64 bits",
         syscall(SYS_prlimit64, 0xFFFFFFFF00000001ul, RLIMIT_NOFILE, NULL, &limit));
    return judge();
}

static enum verdict init_cpu_limit(void) {
    REQUIRE_INIT();
    call("RLIMIT_CPU", set_limit(RLIMIT_CPU, 1));
    call("RLIMIT_FSIZE", set_limit(RLIMIT_FSIZE, 1));
    return judge();
}

static enum verdict init_renice(void) {
    REQUIRE_INIT();
    call("of process 1", setpriority(PRIO_PROCESS, INIT, 19));
    call("of its group", setpriority(PRIO_PGRP, INIT, 19));
    call("of the own group, named 0", setpriority(PRIO_PGRP, 0, 19));
    call("of the user, named 0", setpriority(PRIO_USER, 0, 19));
    call("of the user", setpriority(PRIO_USER, getuid(), 19));
    return judge();
}

static enum verdict init_idle(void) {
    REQUIRE_INIT();
    struct sched_param parameter = {0};
    uint32_t attributes[12] = {48, 5 /* idle */};
    call("sched_setscheduler", sched_setscheduler(INIT, SCHED_IDLE, &parameter));
    call("sched_setparam", sched_setparam(INIT, &parameter));
    call("sched_setattr", syscall(SYS_sched_setattr, INIT, attributes, 0));
    call("PR_SCHED_CORE", prctl(62, 1, INIT, 0, 0));
    return judge();
}

static enum verdict init_affinity(void) {
    REQUIRE_INIT();
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    call("sched_setaffinity", sched_setaffinity(INIT, sizeof set, &set));
    return judge();
}

static enum verdict init_ionice(void) {
    REQUIRE_INIT();
    call("of process 1", syscall(SYS_ioprio_set, 1, INIT, 3 << 13));
    call("of its group", syscall(SYS_ioprio_set, 2, 0, 3 << 13));
    call("of the user", syscall(SYS_ioprio_set, 3, 0, 3 << 13));
    return judge();
}

/* ---- its channel ---- */

static enum verdict inherited_fds(void) {
    DIR *own = opendir("/proc/self/fd");
    if (!own) return unsupported("no /proc");
    for (struct dirent *entry; (entry = readdir(own));) {
        int number = atoi(entry->d_name);
        if (entry->d_name[0] != '.' && number > 2 && number != dirfd(own)) through("descriptor %d was inherited", number);
    }
    char target[64] = "";
    if (readlink("/proc/self/fd/0", target, sizeof target - 1) < 0 || strcmp(target, "/dev/null") != 0)
        through("standard input is %s", target);
    return judge();
}

/* What process 1 is asked comes over its standard input; ours must be another one, at its end. */
static enum verdict steal_requests(void) {
    char bytes[64];
    int flags = fcntl(0, F_GETFL);
    if (flags < 0) return contained("it is closed");
    fcntl(0, F_SETFL, flags | O_NONBLOCK);
    ssize_t size = read(0, bytes, sizeof bytes);
    return size > 0 ? breached("%zd bytes came", size) : contained("%s", size == 0 ? "it is at its end" : strerror(errno));
}

/* Readable whatever is done. */
static enum verdict command_line(void) {
    char text[4096];
    ssize_t size = slurp("/proc/1/cmdline", text, sizeof text);
    if (size < 0) return contained("%s", strerror(errno));
    for (ssize_t i = 0; i < size; i++)
        if (text[i] == '\0') text[i] = ' ';
    static const char *const secrets[] = {"token", "secret", "password", "key"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (strcasestr(text, secrets[i])) return breached("it speaks of a %s", secrets[i]);
    return contained("no secret in %.200s", text);
}

/* RUN, LEASE, RELEASE and RUN again with a made-up token, as a client would ask, wherever process 1 might listen. */
static enum verdict token_guess(void) {
    static const char HEAD[] = "ALK1";
    char frame[64] = {0};
    int reached = 0;
    for (int type = 1; type < 12; type++) {
        memcpy(frame, HEAD, 4);
        frame[4] = (char)type;
        frame[16] = 40;
        for (int descriptor = 0; descriptor < 16; descriptor++) {
            char file[32];
            snprintf(file, sizeof file, "/proc/1/fd/%d", descriptor);
            int channel = open(file, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
            if (channel < 0) continue;
            reached += write(channel, frame, sizeof frame) > 0;
            close(channel);
        }
        if (write(1, frame, sizeof frame) < 0 || write(0, frame, sizeof frame) < 0) continue;
    }
    _exit(reached > 0 ? 1 : RED);
}

static enum verdict exe_overwrite(void) {
    try_open("/sandbox-init", O_WRONLY);
    try_open("/proc/1/exe", O_WRONLY);
    path("another file in its place", rename("/sandbox-init", "/sandbox-init.old"));
    int made = open("/hostile-was-here", O_WRONLY | O_CREAT | O_EXCL, 0755);
    path("a file beside it", made);
    if (made >= 0) unlink("/hostile-was-here");
    return judge();
}

static const struct hostile_case cases[] = {
    {"init-fd", "opens process 1's descriptors", "refused", init_fd, {0}, true},
    {"init-mem", "opens process 1's memory", "refused", init_mem, {0}, true},
    {"init-environ", "reads process 1's environment, root and directory", "refused or empty", init_environ, {0}, true},
    {"init-exe", "opens process 1's program", "refused", init_exe, {0}, true},
    {"init-write", "opens what sets something of process 1, its OOM score first", "refused", init_write, {0}, true},
    {"init-ptrace", "traces process 1", "refused", init_ptrace, {0}, true},
    {"init-vm", "reads, writes, moves and compares process 1's memory", "refused", init_vm, {0}, true, PLAIN_FILTER},
    {"init-pidfd", "takes a descriptor from process 1, signals it by descriptor", "refused", init_pidfd, {0}, true},
    {"init-kill", "kills process 1", "process 1 lives and reports", init_kill, {.then = "alone"}, false, PLAIN_OWN},
    {"init-stop", "stops process 1", "process 1 goes on and reports", init_stop, {.then = "alone"}, false, PLAIN_OWN},
    {"init-signals", "sends process 1 every signal in five ways", "process 1 lives and reports", init_signals, {.then = "alone"}, false},
    {"kill-all", "kills everything it may", "process 1 lives and reports", kill_all, {.then = "alone"}, false, PLAIN_OWN},
    {"init-owner", "has the kernel send signals to process 1", "refused", init_owner, {0}, false},
    {"init-prlimit", "sets process 1's limits", "refused", init_prlimit, {0}, true},
    {"init-cpu-limit", "gives process 1 a second of processor time to live", "refused", init_cpu_limit, {0}, true},
    {"init-renice", "lowers process 1's priority, by process, group and user", "refused", init_renice, {0}, true},
    {"init-idle", "schedules process 1 only when all is idle", "refused", init_idle, {0}, true},
    {"init-affinity", "ties process 1 to one processor", "refused", init_affinity, {0}, true},
    {"init-ionice", "lowers process 1's priority of input and output", "refused", init_ionice, {0}, true},
    {"inherited-fds", "looks for descriptors above 2", "there are none, and /dev/null is standard input", inherited_fds, {0}, false, PLAIN_OWN},
    {"stdin", "reads what process 1 is asked", "its own standard input is at its end", steal_requests, {0}, false, PLAIN_OWN},
    {"init-cmdline", "reads process 1's command line", "no secret is in it", command_line, {0}, true, PLAIN_OWN},
    {"token-guess", "speaks process 1's protocol wherever it might listen", "no channel to speak on", token_guess, {.end = "exit 9", .then = "alone"}, false},
    {"exe-overwrite", "replaces process 1's program", "refused", exe_overwrite, {0}, true},
};
GROUP(init_group, "process-1", "process 1 cannot be read, steered, starved or felled", cases);
