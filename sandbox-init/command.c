/*
 * The one running command: start, output into a bounded memfd, end, and the death of everything it left behind.
 * An exit code comes from waitpid only; a result is ENDED only when no other process is left.
 */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RETRY_MS = 5, READ_SIZE = 65536, READS_AT_ONCE = 8 };

static struct command commands[COMMANDS_MAX]; /* a ring: the oldest is at first */
static size_t first, count;
static uint64_t total, forgotten; /* ever; the highest number of a command that is not kept any more */

static struct {
    struct command *command; /* NULL: nothing runs and nothing is left */
    pid_t pid;               /* 0: waited for, the rest is being killed */
    int output, status;      /* our ends of the pipes, or -1 */
    uint64_t cap;
    int64_t deadline;
    uint8_t stopped_by; /* enum cause */
    uint64_t oom_kills, fork_refusals;
} running = {.output = -1, .status = -1};

static void end_main_process(int wait_status, const struct rusage *usage, int64_t now);
static void keep_output(const uint8_t *at, size_t size);

/* ---- what the cgroup counts ---- */

static int memory_events = -1, pids_events = -1;

void commands_start(int given_memory_events, int given_pids_events) {
    memory_events = given_memory_events;
    pids_events = given_pids_events;
    if (memory_events < 0) memory_events = open("/sys/fs/cgroup/memory.events", O_RDONLY | O_CLOEXEC);
    if (memory_events < 0) memory_events = open("/sys/fs/cgroup/memory/memory.oom_control", O_RDONLY | O_CLOEXEC);
    if (pids_events < 0) pids_events = open("/sys/fs/cgroup/pids.events", O_RDONLY | O_CLOEXEC);
    if (pids_events < 0) pids_events = open("/sys/fs/cgroup/pids/pids.events", O_RDONLY | O_CLOEXEC);
}

static bool read_counter(int file, const char *name, uint64_t *value) {
    char text[1024] = "\n";
    if (file < 0) return false;
    ssize_t size = pread(file, text + 1, sizeof text - 2, 0);
    if (size <= 0) return false;
    text[size + 1] = '\0';
    const char *line = strstr(text, name); /* the name begins with a newline and ends with a blank */
    if (!line) return false;
    *value = strtoull(line + strlen(name), NULL, 10);
    return true;
}

void command_suspect(uint8_t suspects) {
    if (running.command) running.command->suspects |= suspects;
}

static void suspect(struct command *command) {
    uint64_t value;
    bool over;
    command->suspects_known |= guard_knows();
    if (guard_knows() != 0) command->suspects |= guard_suspects(&over);
    if (read_counter(memory_events, "\noom_kill ", &value)) {
        command->suspects_known |= SUSPECT_MEMORY;
        if (value > running.oom_kills) command->suspects |= SUSPECT_MEMORY;
    }
    if (read_counter(pids_events, "\nmax ", &value)) {
        command->suspects_known |= SUSPECT_PIDS;
        if (value > running.fork_refusals) command->suspects |= SUSPECT_PIDS;
    }
    struct statvfs space;
    if (fstatvfs(workspace_directory, &space) == 0) {
        command->suspects_known |= SUSPECT_DISK;
        if ((space.f_blocks > 0 && space.f_bavail == 0) || (space.f_files > 0 && space.f_favail == 0))
            command->suspects |= SUSPECT_DISK;
    }
}

/* ---- results ---- */

static struct command *at(size_t index) {
    return &commands[(first + index) % COMMANDS_MAX];
}

struct command *command_find(struct bytes token) {
    for (size_t i = 0; i < count; i++)
        if (commands[i].token_size == token.size && memcmp(commands[i].token, token.at, token.size) == 0) return &commands[i];
    return NULL;
}

const struct command *command_at(size_t index) {
    return at(index);
}

size_t commands_count(void) {
    return count;
}

uint64_t commands_total(void) {
    return total;
}

/* The number in "NAME.NUMBER", from 1; 0 if there is none. */
static uint64_t number_of(struct bytes token) {
    uint64_t number = 0, weight = 1;
    size_t digits = 0;
    while (digits < token.size && token.at[token.size - 1 - digits] >= '0' && token.at[token.size - 1 - digits] <= '9') {
        if (digits == 18) return 0;
        number += weight * (uint64_t)(token.at[token.size - 1 - digits] - '0');
        weight *= 10;
        digits++;
    }
    bool named = digits > 0 && digits < token.size && token.at[token.size - 1 - digits] == '.';
    return named && token.at[token.size - digits] != '0' ? number : 0;
}

bool command_forgotten(struct bytes token) {
    uint64_t number = number_of(token);
    return number > 0 && number <= forgotten && !command_find(token);
}

bool command_running(void) {
    return running.command != NULL;
}

struct bytes command_running_token(void) {
    if (!running.command) return (struct bytes){NULL, 0};
    return (struct bytes){running.command->token, running.command->token_size};
}

static void discard_output(struct command *command) {
    close(command->output);
    command->output = -1;
    command->flags |= FLAG_DISCARDED;
}

/* All outputs together stay below the cap, and few: the oldest go first, never the running one's. */
static void make_room(uint64_t wanted) {
    uint64_t kept = wanted;
    size_t outputs = 0;
    for (size_t i = 0; i < count; i++)
        if (commands[i].output >= 0) {
            kept += commands[i].output_bytes;
            outputs++;
        }
    for (size_t i = 0; i < count && (kept > running.cap || outputs > OUTPUTS_MAX); i++)
        if (at(i)->output >= 0 && at(i) != running.command) {
            kept -= at(i)->output_bytes;
            outputs--;
            discard_output(at(i));
        }
}

/* Only one whose number says, when its token comes again, that it was run. */
static bool forget_oldest(void) {
    struct command *oldest = at(0);
    uint64_t number = number_of((struct bytes){oldest->token, oldest->token_size});
    if (oldest->state != STATE_ENDED || number == 0) return false;
    requests_forget(oldest);
    if (oldest->output >= 0) discard_output(oldest);
    if (number > forgotten) forgotten = number;
    first = (first + 1) % COMMANDS_MAX;
    count--;
    return true;
}

/* ---- start ---- */

static void end_without_start(struct command *command, int error) {
    command->state = STATE_ENDED;
    command->cause = CAUSE_NOT_STARTED;
    command->code = error;
}

static int open_pipes(struct command *command, int output[2], int status[2]) {
    output[0] = output[1] = status[0] = status[1] = -1;
    command->output = memfd_create("output", MFD_CLOEXEC);
    if (command->output < 0) return errno;
    if (pipe2(output, O_CLOEXEC) != 0 || pipe2(status, O_CLOEXEC) != 0) return errno;
    /* Only our ends: O_NONBLOCK on the command's would surprise it. */
    if (fcntl(output[0], F_SETFL, O_NONBLOCK) != 0 || fcntl(status[0], F_SETFL, O_NONBLOCK) != 0) return errno;
    return 0;
}

enum error command_run(struct bytes token, const struct launch *launch, uint64_t timeout_ms, uint64_t cap, int64_t now) {
    if (running.command) return BUSY;
    if (command_forgotten(token)) return GONE;
    if (count == COMMANDS_MAX && !forget_oldest()) return TOO_MANY;
    struct command *command = at(count++);
    total++;
    *command = (struct command){.state = STATE_RUNNING, .started = now, .token_size = (uint8_t)token.size, .output = -1};
    memcpy(command->token, token.at, token.size);

    int output[2], status[2];
    int error = open_pipes(command, output, status);
    pid_t pid = 0;
    running.cap = cap;
    if (error == 0) {
        running.command = command;
        make_room(0);
        read_counter(memory_events, "\noom_kill ", &running.oom_kills);
        read_counter(pids_events, "\nmax ", &running.fork_refusals);
        pid = spawn(launch, output[1], status[1]);
        if (pid < 0) error = errno;
    }
    if (output[1] >= 0) close(output[1]);
    if (status[1] >= 0) close(status[1]);
    if (error != 0) {
        if (output[0] >= 0) close(output[0]);
        if (status[0] >= 0) close(status[0]);
        running.command = NULL;
        end_without_start(command, error);
        return 0;
    }
    running.pid = pid;
    running.output = output[0];
    running.status = status[0];
    running.deadline = now + (int64_t)timeout_ms;
    running.stopped_by = CAUSE_NONE;
    return 0;
}

/* ---- while it runs ---- */

int command_output_descriptor(void) {
    return running.output;
}

static void close_output(void) {
    if (running.output >= 0) close(running.output);
    running.output = -1;
}

void command_read_output(void) {
    static uint8_t buffer[READ_SIZE];
    for (int i = 0; i < READS_AT_ONCE && running.output >= 0; i++) {
        ssize_t size = read(running.output, buffer, sizeof buffer);
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (size <= 0) {
            close_output(); /* it closed its output and goes on; that is no end */
            return;
        }
        keep_output(buffer, (size_t)size);
    }
}

static void keep_output(const uint8_t *at, size_t size) {
    struct command *command = running.command;
    uint64_t room = running.cap - command->output_bytes;
    size_t wanted = size < room ? size : (size_t)room;
    make_room(wanted);
    size_t kept = 0;
    while (kept < wanted) {
        ssize_t written = pwrite(command->output, at + kept, wanted - kept, (off_t)command->output_bytes);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break; /* no memory, or the file size limit: as good as the cap */
        kept += (size_t)written;
        command->output_bytes += (uint64_t)written;
    }
    if (kept == size) return;
    command->flags |= FLAG_TRUNCATED;
    command_stop(CAUSE_OUTPUT);
}

void command_check_deadline(int64_t now) {
    if (running.command && running.stopped_by == CAUSE_NONE && running.pid != 0 && now >= running.deadline)
        command_stop(CAUSE_TIMEOUT);
}

/* The first cause counts. */
void command_stop(enum cause cause) {
    if (!running.command) return;
    if (running.stopped_by == CAUSE_NONE && (running.pid != 0 || cause == CAUSE_OUTPUT)) running.stopped_by = (uint8_t)cause;
    if (running.pid == 0) return;
    kill(-running.pid, SIGKILL);
    kill(running.pid, SIGKILL); /* before its setsid there is no such group */
    if (getpid() == 1) kill(-1, SIGKILL);
}

int64_t command_wake_at(int64_t now) {
    if (!running.command) return 0;
    if (running.pid == 0 || running.stopped_by != CAUSE_NONE) return now + RETRY_MS;
    return running.deadline;
}

/* ---- end ---- */

void command_reap(int64_t now) {
    struct rusage usage;
    int wait_status;
    pid_t pid;
    while ((pid = wait4(-1, &wait_status, WNOHANG, &usage)) > 0)
        if (running.command && pid == running.pid) end_main_process(wait_status, &usage, now);
    if (!running.command || running.pid != 0 || !kill_everything()) return;
    running.command->state = STATE_ENDED;
    running.command = NULL;
}

/* What was written before the end is in the pipe now; end-of-file is never waited for, a grandchild may hold it open. */
static void drain_output(void) {
    static uint8_t buffer[READ_SIZE];
    int left = 0;
    if (running.output >= 0 && ioctl(running.output, FIONREAD, &left) != 0) left = 0;
    while (left > 0) {
        ssize_t size = read(running.output, buffer, (size_t)left < sizeof buffer ? (size_t)left : sizeof buffer);
        if (size <= 0) break;
        keep_output(buffer, (size_t)size);
        left -= (int)size;
    }
    close_output();
}

static void end_main_process(int wait_status, const struct rusage *usage, int64_t now) {
    struct command *command = running.command;
    running.pid = 0;
    drain_output();
    suspect(command);
    command->wall_ms = (uint64_t)(now - command->started);
    command->cpu_ms = (uint64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000 +
                      (uint64_t)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1000;
    command->max_rss_kib = (uint64_t)usage->ru_maxrss;

    int error = 0;
    bool not_started = read(running.status, &error, sizeof error) == sizeof error;
    close(running.status);
    running.status = -1;
    command->code = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : WTERMSIG(wait_status);
    command->cause = WIFEXITED(wait_status) ? CAUSE_EXITED : CAUSE_SIGNALED;
    if (not_started) {
        command->cause = CAUSE_NOT_STARTED;
        command->code = error;
    }
    if (running.stopped_by != CAUSE_NONE) {
        command->cause = running.stopped_by;
        command->code = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0;
    }
}

/* Not process 1, so kill(-1) would reach strangers: as a subreaper, kill our children until none is left. */
static void kill_children(void) {
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    if (size <= 0) return;
    text[size] = '\0';
    if (size == (ssize_t)sizeof text - 1) *(strrchr(text, ' ') ? strrchr(text, ' ') : text) = '\0'; /* a cut number */
    char *rest = text;
    for (;;) {
        char *number = rest;
        long pid = strtol(number, &rest, 10);
        if (rest == number) return;
        if (pid > 1) kill((pid_t)pid, SIGKILL);
    }
}

/* Nothing comes before this after a command: whoever grabs every freed pid must be gone before anything can be started. */
bool kill_everything(void) {
    for (int round = 0; round < 64; round++) {
        if (getpid() == 1)
            kill(-1, SIGKILL);
        else
            kill_children();
        pid_t pid;
        while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
            if (pid == running.pid) running.pid = 0;
        if (pid < 0 && errno == ECHILD) return true;
    }
    return false;
}
