/* What a case found, as one JSON object, and the small things that many cases do. */
#define _GNU_SOURCE
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char detail[600], first_through[400];
static int refusals, last_error;

static void say(const char *format, va_list arguments) {
    vsnprintf(detail, sizeof detail, format, arguments);
}

#define VERDICT(name, value)                                                                                                         \
    enum verdict name(const char *format, ...) {                                                                                     \
        va_list arguments;                                                                                                           \
        va_start(arguments, format);                                                                                                 \
        say(format, arguments);                                                                                                      \
        va_end(arguments);                                                                                                           \
        return value;                                                                                                                \
    }
VERDICT(contained, CONTAINED)
VERDICT(breached, BREACHED)
VERDICT(unsupported, UNSUPPORTED)

void json_string(const char *text) {
    putchar('"');
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (*at == '"' || *at == '\\')
            printf("\\%c", *at);
        else if (*at < 0x20 || *at >= 0x7f)
            printf("\\u%04x", *at);
        else
            putchar(*at);
    }
    putchar('"');
}

void report_write(const char *name, enum verdict verdict) {
    static const char *const words[] = {"contained", "breached", "", "unsupported"};
    printf("{\"case\":");
    json_string(name);
    printf(",\"verdict\":\"%s\",\"detail\":", words[verdict]);
    json_string(detail);
    printf(",\"errno\":%d}\n", last_error);
    fflush(stdout);
}

/* ---- attempts ---- */

void through(const char *format, ...) {
    if (first_through[0] != '\0') return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(first_through, sizeof first_through, format, arguments);
    va_end(arguments);
}

static bool no_right(int error) {
    return error == EPERM || error == EACCES || error == ENOSYS || error == EROFS || error == EAFNOSUPPORT || error == EPROTONOSUPPORT ||
           error == ESOCKTNOSUPPORT || error == EOPNOTSUPP;
}

static bool no_thing(int error) {
    return error == ENOENT || error == ENXIO || error == ENODEV || error == ENOTDIR || error == ELOOP;
}

static void count(const char *what, long result, bool refused) {
    int error = errno;
    if (result < 0 && refused) {
        refusals++;
        last_error = error;
    } else if (result < 0) {
        through("%s came as far as \"%s\"", what, strerror(error));
    } else {
        through("%s was allowed", what);
    }
}

void call(const char *what, long result) {
    count(what, result, no_right(errno));
}

void path(const char *what, long result) {
    count(what, result, no_right(errno) || no_thing(errno));
}

void refused_with(const char *what, long result, int error) {
    count(what, result, no_right(errno) || errno == error);
}

enum verdict judge(void) {
    if (first_through[0] != '\0') return breached("%s", first_through);
    if (refusals == 0) return contained("nothing got through");
    return contained("%d attempts refused, the last with \"%s\"", refusals, strerror(last_error));
}

void try_open(const char *file, int flags) {
    char what[300];
    int opened = open(file, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    snprintf(what, sizeof what, "opening %s%s", file, (flags & O_ACCMODE) == O_RDONLY ? "" : " for writing");
    path(what, opened);
    if (opened >= 0) close(opened);
}

void try_write(const char *file, const char *value) {
    char what[300];
    int opened = open(file, O_WRONLY | O_CLOEXEC);
    snprintf(what, sizeof what, "writing %s", file);
    path(what, opened < 0 ? opened : write(opened, value, strlen(value)));
    if (opened >= 0) close(opened);
}

ssize_t slurp(const char *file, char *text, size_t size) {
    int opened = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (opened < 0) return -1;
    size_t length = 0;
    ssize_t got;
    while (length < size - 1 && (got = read(opened, text + length, size - 1 - length)) > 0) length += (size_t)got;
    close(opened);
    text[length] = '\0';
    return (ssize_t)length;
}

/* ---- processes ---- */

pid_t start_child(void (*work)(void *), void *argument) {
    fflush(stdout);
    pid_t child = fork();
    if (child != 0) return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(30);
    work(argument);
    _exit(0);
}

void pause_for_ever(void *unused) {
    (void)unused;
    for (;;) pause();
}

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return status;
}

void sleep_ms(long milliseconds) {
    struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {}
}

int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void *shared_page(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) abort();
    return page;
}

void hold_for_neighbour(void) {
    printf("ready\n");
    fflush(stdout);
    for (int64_t end = now_ms() + 12000; now_ms() < end && access("go-on", F_OK) != 0;) sleep_ms(20);
}
