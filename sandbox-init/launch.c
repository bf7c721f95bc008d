/*
 * sandbox-launch: what no other program does on the way from the worker to bubblewrap. In this order: a session of its own, a cgroup,
 * descriptors, a private view of one directory, limits, another user; then it becomes the program that is named.
 *
 * The worker cannot do these itself: a JVM hands over three descriptors and no user. Everything comes from the worker, nothing from a
 * workload. Whatever fails ends it before the program starts: exit 3 and one line on stderr.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __NR_close_range
#define __NR_close_range 436
#endif

enum { EXIT_USAGE = 2, EXIT_START = 3 };
enum { DESCRIPTORS = 16, ASIDE = 100 }; /* 3 to 15 may be given; they are made above 100 first, out of each other's way */

static int made[DESCRIPTORS];
static long user = -1;

static _Noreturn void usage(void) {
    fputs("usage: sandbox-launch [--cgroup FILE]... [--fifo N PATH | --read N PATH | --write N PATH]... [--bind DIR PLACE]\n"
          "                      [--limit core|nofile|fsize|memlock|msgqueue|sigpending N]... [--nice N] [--user N] -- PROGRAM ARGUMENT...\n",
          stderr);
    exit(EXIT_USAGE);
}

static _Noreturn void fail(const char *what, const char *subject) {
    fprintf(stderr, "sandbox-launch: %s %s: %s\n", what, subject, strerror(errno));
    exit(EXIT_START);
}

static unsigned long long number(const char *text) {
    char *rest;
    errno = 0;
    unsigned long long value = strtoull(text, &rest, 10);
    if (*text < '0' || *text > '9' || *rest != '\0' || errno != 0) usage();
    return value;
}

/* ---- the parts ---- */

static void default_signals(void) {
    for (int signal_number = 1; signal_number < NSIG; signal_number++) signal(signal_number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void join_cgroup(const char *file) {
    int descriptor = open(file, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0 || write(descriptor, "0", 1) != 1) fail("cannot join the cgroup of", file);
    close(descriptor);
}

static void make_descriptor(const char *place, const char *path, int flags) {
    unsigned long long wanted = number(place);
    if (wanted < 3 || wanted >= DESCRIPTORS || made[wanted] != 0) usage();
    int descriptor = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) fail("cannot open", path);
    made[wanted] = fcntl(descriptor, F_DUPFD_CLOEXEC, ASIDE);
    if (made[wanted] < 0) fail("cannot keep", path);
    close(descriptor);
}

/* Read and write, so that it has a reader and a writer as long as the sandbox lives, whoever comes and goes. */
static void make_fifo(const char *place, const char *path) {
    if (mkfifo(path, 0600) != 0) fail("cannot make the fifo", path);
    make_descriptor(place, path, O_RDWR);
}

/* The directory at a place that every user reaches, for this process and what it becomes alone. */
static void bind_directory(const char *directory, const char *place) {
    if (unshare(CLONE_NEWNS) != 0) fail("cannot unshare mounts for", directory);
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail("cannot make mounts private for", directory);
    if (mount(directory, place, NULL, MS_BIND, NULL) != 0) fail("cannot bind", directory);
}

static void set_limit(const char *name, const char *value) {
    static const struct { const char *name; int resource; } LIMITS[] = {
        {"core", RLIMIT_CORE}, {"nofile", RLIMIT_NOFILE}, {"fsize", RLIMIT_FSIZE}, {"memlock", RLIMIT_MEMLOCK}, {"msgqueue", RLIMIT_MSGQUEUE},
        {"sigpending", RLIMIT_SIGPENDING},
    };
    for (size_t i = 0; i < sizeof LIMITS / sizeof *LIMITS; i++) {
        if (strcmp(name, LIMITS[i].name) != 0) continue;
        struct rlimit now, wanted;
        if (getrlimit(LIMITS[i].resource, &now) != 0) fail("cannot read the limit", name);
        wanted.rlim_cur = wanted.rlim_max = number(value);
        /* One that is lower already stays; raising it needs a privilege and helps nobody. */
        if (wanted.rlim_max > now.rlim_max) wanted.rlim_cur = wanted.rlim_max = now.rlim_max;
        if (setrlimit(LIMITS[i].resource, &wanted) != 0) fail("cannot set the limit", name);
        return;
    }
    usage();
}

static void become_user(void) {
    if (user < 0) return;
    char text[24];
    snprintf(text, sizeof text, "%ld", user);
    if (setgroups(0, NULL) != 0 || setresgid((gid_t)user, (gid_t)user, (gid_t)user) != 0 ||
        setresuid((uid_t)user, (uid_t)user, (uid_t)user) != 0)
        fail("cannot become user", text);
    /* The kernel forgets it at a change of user; bubblewrap writes its own maps below /proc. */
    prctl(PR_SET_DUMPABLE, 1);
}

static void place_descriptors(void) {
    for (int i = 3; i < DESCRIPTORS; i++) {
        close(i);
        if (made[i] != 0 && dup2(made[i], i) < 0) fail("cannot place a descriptor of", "the sandbox");
    }
    if (syscall(__NR_close_range, (unsigned)DESCRIPTORS, ~0u, 0) == 0) return;
    for (int i = DESCRIPTORS; i < 65536; i++) close(i);
}

/* ---- the whole ---- */

static int read_options(int count, char **arguments) {
    int i = 1;
    for (; i < count && strcmp(arguments[i], "--") != 0; i++) {
        const char *name = arguments[i];
        if (i + 1 >= count) usage();
        const char *first = arguments[++i];
        if (strcmp(name, "--cgroup") == 0) {
            join_cgroup(first);
        } else if (strcmp(name, "--user") == 0) {
            user = (long)number(first);
        } else if (strcmp(name, "--nice") == 0) {
            if (setpriority(PRIO_PROCESS, 0, (int)number(first)) != 0) fail("cannot set the priority", first);
        } else {
            if (i + 1 >= count) usage();
            const char *second = arguments[++i];
            if (strcmp(name, "--fifo") == 0)
                make_fifo(first, second);
            else if (strcmp(name, "--read") == 0)
                make_descriptor(first, second, O_RDONLY);
            else if (strcmp(name, "--write") == 0)
                make_descriptor(first, second, O_WRONLY | O_CREAT | O_APPEND);
            else if (strcmp(name, "--bind") == 0)
                bind_directory(first, second);
            else if (strcmp(name, "--limit") == 0)
                set_limit(first, second);
            else
                usage();
        }
    }
    if (i + 1 >= count) usage();
    return i + 1;
}

int main(int count, char **arguments) {
    default_signals();
    umask(077);
    /* No signal to the worker's group or terminal reaches the sandbox. */
    if (setsid() < 0 && getsid(0) != getpid()) fail("cannot begin", "a session");
    int program = read_options(count, arguments);
    become_user();
    place_descriptors();
    execv(arguments[program], arguments + program);
    fail("cannot run", arguments[program]);
}
