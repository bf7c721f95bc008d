/*
 * What holds a command where no cgroup does: limits that the kernel keeps for each process, and a look at all of them twenty times a
 * second. A look sees what was taken since the last one only after it was taken, so a command may pass its limit by as much
 * as it can touch in that time; then it is killed. Where a cgroup holds memory and processes, only file names are watched.
 */
#define _GNU_SOURCE
#include "init.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { EVERY_MS = 50, SPARE = 20 /* at most a twentieth of a processor */, DESCRIPTORS_MAX = 20000, SEEN_MAX = 4096 };

static struct guard guard;
static int64_t next_look;
static uint64_t low_water; /* of the whole machine's memory: below, the command goes before the machine does */

static bool read_file(const char *path, char *text, size_t size) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    ssize_t length = read(file, text, size - 1);
    close(file);
    if (length <= 0) return false;
    text[length] = '\0';
    return true;
}

static uint64_t field_after(const char *text, const char *name) {
    const char *at = strstr(text, name);
    return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

void guard_start(const struct guard *wanted) {
    char text[4096];
    guard = *wanted;
    if (guard.memory == 0 || !read_file("/proc/meminfo", text, sizeof text)) return;
    uint64_t total = field_after(text, "MemTotal:") * 1024;
    low_water = total / 20 < (512u << 20) ? total / 20 : 512u << 20;
}

/* In the child, before exec. The limit of processes counts those of one user in one user namespace: this sandbox's. */
int guard_limit_child(void) {
    if (guard.processes > 0) {
        struct rlimit limit = {guard.processes, guard.processes};
        if (setrlimit(RLIMIT_NPROC, &limit) != 0) return errno;
    }
    if (guard.nice > 0 && setpriority(PRIO_PROCESS, 0, guard.nice) != 0) return errno;
    return 0;
}

/* ---- a look ---- */

static struct {
    uint64_t seen[SEEN_MAX]; /* inodes of memory files, so that inherited ones count once */
    size_t count, descriptors;
} files;

static bool seen_before(uint64_t inode) {
    for (size_t i = 0, at = inode % SEEN_MAX; i < SEEN_MAX; i++, at = (at + 1) % SEEN_MAX) {
        if (files.seen[at] == inode) return true;
        if (files.seen[at] != 0) continue;
        if (files.count++ < SEEN_MAX / 2) files.seen[at] = inode;
        return false;
    }
    return false;
}

/* Files in memory that have no name take room on no disk of the sandbox. */
static uint64_t nameless_files(const char *pid) {
    char path[64], target[16];
    snprintf(path, sizeof path, "/proc/%.16s/fd", pid);
    DIR *directory = opendir(path);
    if (!directory) return 0;
    uint64_t sum = 0;
    for (struct dirent *entry; (entry = readdir(directory)) && files.descriptors < DESCRIPTORS_MAX; files.descriptors++) {
        struct stat file;
        if (readlinkat(dirfd(directory), entry->d_name, target, sizeof target) < 7 || memcmp(target, "/memfd:", 7) != 0) continue;
        if (fstatat(dirfd(directory), entry->d_name, &file, 0) == 0 && !seen_before(file.st_ino)) sum += (uint64_t)file.st_blocks * 512;
    }
    closedir(directory);
    return sum;
}

struct use {
    uint64_t own, shared, nameless, segments, tasks; /* bytes, and processes with their threads */
};

/*
 * Pages that processes share count for each of them here, and once in their proportional size, which costs more to read: it is asked for
 * when there seems to be too much.
 */
static void add_memory(const char *pid, bool proportional, struct use *use) {
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%.16s/smaps_rollup", pid);
    if (proportional && read_file(path, text, sizeof text)) {
        use->own += field_after(text, "\nPss_Anon:") * 1024;
        use->shared += field_after(text, "\nPss_Shmem:") * 1024;
        return;
    }
    snprintf(path, sizeof path, "/proc/%.16s/status", pid);
    if (!read_file(path, text, sizeof text)) return;
    use->own += field_after(text, "\nRssAnon:") * 1024;
    use->shared += field_after(text, "\nRssShmem:") * 1024;
}

static uint64_t threads(const char *pid) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%.16s/stat", pid);
    if (!read_file(path, text, sizeof text)) return 1;
    char *rest = strrchr(text, ')'); /* the name before may hold anything */
    for (int field = 2; rest && field < 20; field++) rest = strchr(rest + 1, ' ');
    return rest ? strtoull(rest, NULL, 10) : 1;
}

static uint64_t shared_segments(void) {
    static char text[65536];
    if (!read_file("/proc/sysvipc/shm", text, sizeof text)) return 0;
    uint64_t sum = 0;
    for (char *line = strchr(text, '\n'); line; line = strchr(line + 1, '\n')) {
        unsigned long long rss;
        if (sscanf(line + 1, "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu", &rss) == 1) sum += rss;
    }
    return sum;
}

static void look_at_processes(bool proportional, struct use *use) {
    *use = (struct use){.segments = shared_segments()};
    memset(&files, 0, sizeof files);
    DIR *processes = opendir("/proc");
    if (!processes) return;
    for (struct dirent *entry; (entry = readdir(processes));) {
        if (!isdigit((unsigned char)*entry->d_name)) continue;
        use->tasks += threads(entry->d_name);
        if (strcmp(entry->d_name, "1") == 0) continue;
        add_memory(entry->d_name, proportional, use);
        use->nameless += nameless_files(entry->d_name);
    }
    closedir(processes);
}

static uint64_t bytes_on(const char *path) {
    struct statvfs space;
    return statvfs(path, &space) == 0 ? (uint64_t)(space.f_blocks - space.f_bfree) * space.f_frsize : 0;
}

/* Mapped shared memory is of files on the disk, which is bounded by itself, of nameless files, of segments, or of nothing else that counts. */
static uint64_t memory_of(const struct use *use) {
    uint64_t elsewhere = use->nameless + use->segments + bytes_on(guard.workspace) + bytes_on(guard.temporary);
    uint64_t unnamed = use->shared > elsewhere ? use->shared - elsewhere : 0;
    return use->own + use->nameless + use->segments + unnamed;
}

static bool machine_runs_short(void) {
    char text[4096];
    return low_water > 0 && read_file("/proc/meminfo", text, sizeof text) && strstr(text, "MemAvailable:") &&
           field_after(text, "MemAvailable:") * 1024 < low_water;
}

static bool has_too_many_files(const char *path) {
    struct statvfs space;
    return guard.inodes > 0 && statvfs(path, &space) == 0 && space.f_files - space.f_ffree > guard.inodes;
}

/* What the command meets now, as suspects; *over says whether that goes beyond what the kernel would have refused. */
uint8_t guard_suspects(bool *over) {
    uint8_t suspects = 0;
    *over = false;
    if (has_too_many_files(guard.workspace) || has_too_many_files(guard.temporary)) {
        suspects |= SUSPECT_DISK;
        *over = true;
    }
    if (guard.memory == 0) return suspects;
    struct use use;
    look_at_processes(false, &use);
    if (memory_of(&use) > guard.memory) look_at_processes(true, &use);
    if (memory_of(&use) > guard.memory || machine_runs_short()) {
        suspects |= SUSPECT_MEMORY;
        *over = true;
    }
    if (use.tasks + 1 >= guard.processes) suspects |= SUSPECT_PIDS; /* a command that has just ended counts no more */
    if (use.tasks > guard.processes + guard.processes / 4) *over = true; /* an old kernel counts other processes, or none */
    return suspects;
}

uint8_t guard_knows(void) {
    return (guard.inodes > 0 ? SUSPECT_DISK : 0) | (guard.memory > 0 ? SUSPECT_MEMORY | SUSPECT_PIDS : 0);
}

int64_t guard_wake_at(void) {
    return guard_knows() != 0 && command_running() ? next_look : 0;
}

void guard_look(void) {
    int64_t now = clock_ms();
    if (guard_knows() == 0 || !command_running() || now < next_look) return;
    bool over;
    uint8_t suspects = guard_suspects(&over);
    command_suspect(suspects);
    if (over) command_stop(CAUSE_LIMIT);
    int64_t took = clock_ms() - now;
    next_look = now + took + (took * SPARE > EVERY_MS ? took * SPARE : EVERY_MS);
}
