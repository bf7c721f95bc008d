/* Between fork and exec: a fresh session, fresh descriptors, the highest OOM score, no new privileges, the filter. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __NR_close_range
#define __NR_close_range 436
#endif

enum { STATUS = 3 };

static void fail(int error) {
    /* Init reads this after waitpid; nothing of the command has run yet, so nobody else can have written it. */
    if (write(STATUS, &error, sizeof error) < 0) _exit(126);
    _exit(127);
}

/* stdin, stdout, stderr and the status pipe (closed by exec) stay; all else goes. */
static void keep_four_descriptors(int output, int status) {
    /* First out of the way of 0 to 3, then into place. */
    int null_copy = fcntl(null_descriptor, F_DUPFD, 10);
    int output_copy = fcntl(output, F_DUPFD, 10);
    int workspace_copy = fcntl(workspace_directory, F_DUPFD, 10);
    int status_copy = fcntl(status, F_DUPFD, 10);
    if (null_copy < 0 || output_copy < 0 || workspace_copy < 0 || status_copy < 0) _exit(126);
    if (dup3(status_copy, STATUS, O_CLOEXEC) < 0) _exit(126);
    if (fchdir(workspace_copy) != 0) fail(errno);
    if (dup2(null_copy, 0) < 0 || dup2(output_copy, 1) < 0 || dup2(output_copy, 2) < 0) fail(errno);
    if (syscall(__NR_close_range, STATUS + 1, ~0u, 0) == 0) return;
    struct rlimit limit;
    int last = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? (int)limit.rlim_cur : 65536;
    for (int descriptor = STATUS + 1; descriptor < last; descriptor++) close(descriptor);
}

static void default_signals(void) {
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void be_the_first_to_go(void) {
    prctl(PR_SET_DUMPABLE, 1); /* a non-dumpable process's own files below /proc belong to root */
    int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (score < 0) return; /* no /proc, no help for it */
    if (write(score, "1000", 4) < 0) { /* the engine's score stays */ }
    close(score);
}

pid_t spawn(const struct launch *launch, int output, int status) {
    pid_t init = getpid(), init_group = getpgrp();
    pid_t child = fork();
    if (child != 0) return child;

    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != init && init != 1) _exit(126);
    keep_four_descriptors(output, status);
    be_the_first_to_go();
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    default_signals();
    int limits = guard_limit_child();
    if (limits != 0) fail(limits);
    if (launch->directory[0] != '\0' && chdir(launch->directory) != 0) fail(errno);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail(errno);
    int error = filter_install(init, init_group);
    if (error != 0) fail(error);
    environ = launch->environment;
    execvp(launch->arguments[0], launch->arguments);
    fail(errno);
    return -1;
}
