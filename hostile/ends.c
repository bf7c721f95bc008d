/* How a command ends: exit codes, time-outs, and what it leaves behind. */
#define _GNU_SOURCE
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RED = 7, LIFE_MS = 9000 /* of what must be ended from outside: long after that, it gives up */ };

static void ignore_all_signals(void) {
    for (int i = 1; i < 65; i++) signal(i, SIG_IGN);
}

static enum verdict live_on(void) {
    sleep_ms(LIFE_MS);
    return breached("nobody ended it for %d s", LIFE_MS / 1000);
}

static enum verdict sleep_for_ever(void) {
    return live_on();
}

static enum verdict ignore_signals(void) {
    ignore_all_signals();
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    return live_on();
}

static enum verdict spin(void) {
    for (int64_t end = now_ms() + LIFE_MS; now_ms() < end;) {}
    return breached("nobody ended it for %d s", LIFE_MS / 1000);
}

static enum verdict stop_itself(void) {
    pid_t self = getpid();
    pid_t waker = fork(); /* so that it does not stay stopped where nobody ends it */
    if (waker == 0) {
        sleep_ms(LIFE_MS);
        kill(self, SIGCONT);
        _exit(0);
    }
    kill(self, SIGSTOP);
    return breached("it was stopped and nobody ended it");
}

static enum verdict hang_in_vfork(void) {
    pid_t child = vfork(); /* the parent waits in the kernel until the child has gone */
    if (child == 0) {
        sleep_ms(LIFE_MS);
        _exit(0);
    }
    return breached("nobody ended it for %d s", LIFE_MS / 1000);
}

/* ---- what is left behind ---- */

/* In a session of its own, twice forked, deaf to all signals; until `work` returns. */
static void daemon_that(void (*work)(void)) {
    int ready[2];
    if (pipe(ready) != 0) _exit(1);
    if (fork() == 0) {
        setsid();
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        if (fork() == 0) {
            ignore_all_signals();
            if (write(ready[1], "x", 1) < 0) _exit(1);
            work();
            _exit(0);
        }
        _exit(0);
    }
    char byte;
    if (read(ready[0], &byte, 1) < 0) _exit(1);
}

static void await_end_of_command(pid_t command) {
    for (int i = 0; i < 500 && kill(command, 0) == 0; i++) sleep_ms(10);
}

static pid_t command;

static void only_live(void) {
    sleep_ms(LIFE_MS);
}

static void write_late(void) {
    await_end_of_command(command);
    for (int i = 0; i < 40; i++) {
        if (write(1, "late\n", 5) < 0) { /* and on */ }
        int file = open("late", O_WRONLY | O_CREAT, 0644);
        if (file >= 0) close(file);
        sleep_ms(50);
    }
}

static enum verdict daemonize(void) {
    daemon_that(only_live);
    _exit(RED);
}

static enum verdict late_child(void) {
    command = getpid();
    daemon_that(write_late);
    _exit(0);
}

static enum verdict wait_race(void) {
    daemon_that(only_live); /* holds our standard output */
    if (write(1, "x", 1) < 0) _exit(1);
    _exit(RED);
}

static int sibling(void *unused) {
    (void)unused;
    sleep_ms(100);
    _exit(0);
}

static enum verdict clone_parent(void) {
    static char stack[65536] __attribute__((aligned(16)));
    pid_t made = clone(sibling, stack + sizeof stack, CLONE_PARENT | SIGCHLD, NULL);
    sleep_ms(300); /* its end, with exit code 0, reaches process 1 before ours */
    if (made < 0) _exit(RED);
    _exit(RED);
}

static void *end_later(void *unused) {
    (void)unused;
    sleep_ms(300);
    _exit(RED);
}

static enum verdict leader_gone(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, end_later, NULL) != 0) return unsupported("no thread");
    syscall(SYS_exit, 0); /* of this thread alone: the process is a zombie by its state, and lives */
    return BREACHED;
}

static void forge_child_signal(void) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = SIGCHLD;
    info.si_code = SI_QUEUE;
    info.si_pid = getpid();
    for (int i = 0; i < 1000; i++) syscall(SYS_rt_sigqueueinfo, getppid(), SIGCHLD, &info);
}

static enum verdict forged_end(void) {
    forge_child_signal();
    sleep_ms(200);
    _exit(RED);
}

static enum verdict suicide(void) {
    kill(getpid(), SIGKILL); /* as the kernel does when memory is short */
    return BREACHED;
}

static void fork_storm(void) {
    for (int64_t end = now_ms() + LIFE_MS; now_ms() < end;) {
        pid_t next = fork();
        if (next > 0) _exit(0); /* the new one goes on, under a new number */
        if (next < 0) sleep_ms(1);
    }
}

static enum verdict pid_grabbers(void) {
    for (int i = 0; i < 4; i++)
        if (fork() == 0) {
            setsid();
            fork_storm();
            _exit(0);
        }
    sleep_ms(50);
    _exit(RED);
}

static void *exec_from_thread(void *unused) {
    (void)unused;
    execl("/proc/self/exe", "hostile", "probe", "red", (char *)NULL);
    _exit(1);
}

static enum verdict thread_exec(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, exec_from_thread, NULL) != 0) return unsupported("no thread");
    pause(); /* the other thread's program takes over our number */
    return BREACHED;
}

static const struct hostile_case cases[] = {
    {"sleep-forever", "sleeps and never ends", "killed at its time-out", sleep_for_ever, {.end = "TIMEOUT", .seconds = STUCK, .then = "alone"}, false},
    {"ignore-signals", "ignores and blocks all 64 signals", "killed at its time-out", ignore_signals, {.end = "TIMEOUT", .seconds = STUCK, .then = "alone"}, false},
    {"spin", "never leaves user space", "killed at its time-out", spin, {.end = "TIMEOUT", .seconds = STUCK, .then = "alone"}, false},
    {"stop-itself", "stops itself", "killed at its time-out", stop_itself, {.end = "TIMEOUT", .seconds = STUCK, .then = "alone"}, false},
    {"vfork-hang", "waits in the kernel for a child that sleeps", "killed at its time-out", hang_in_vfork, {.end = "TIMEOUT", .seconds = STUCK, .then = "alone"}, false},
    {"daemonize", "leaves a deaf daemon in a session of its own", "dead when the command has ended", daemonize, {.end = "exit 7", .within = 4000, .then = "alone"}, false, PLAIN_OWN},
    {"late-child", "leaves a daemon that writes after the command's end", "nothing of it in output or files", late_child, {.end = "exit 0", .within = 4000, .never = "late", .dropped = "late", .then = "alone"}, false, PLAIN_OWN},
    {"wait-race", "ends while a grandchild holds its standard output", "ends with it, not with the grandchild", wait_race, {.end = "exit 7", .within = 4000, .output = "x", .then = "alone"}, false, PLAIN_OWN},
    {"clone-parent", "makes itself a sibling that process 1 must reap, which ends with 0", "its own exit code counts", clone_parent, {.end = "exit 7", .then = "alone"}, false, PLAIN_OWN},
    {"leader-gone", "ends its main thread with 0 while another lives", "the process's exit code counts", leader_gone, {.end = "exit 7", .then = "alone"}, false, PLAIN_OWN},
    {"forged-end", "tells process 1 a thousand times that a child ended", "its own exit code counts", forged_end, {.end = "exit 7", .then = "alone"}, false, PLAIN_OWN},
    {"fake-oom", "kills itself as the kernel does when memory is short", "an ordinary death, no limit named", suicide, {.end = "exit 137"}, false, PLAIN_OWN},
    {"pid-grabbers", "leaves processes that take every number that is freed", "dead when the command has ended", pid_grabbers, {.end = "exit 7|PIDS", .within = 6000, .then = "alone"}, false, PLAIN_OWN},
    {"thread-exec", "another thread becomes another program", "that one's exit code counts", thread_exec, {.end = "exit 7", .then = "alone"}, false, PLAIN_OWN},
};
GROUP(ends_group, "ends", "how a command ends, and what it leaves behind", cases);
