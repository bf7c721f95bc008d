/*
 * Files out: an iterative walk of the workspace, asked for in batches, when everything else in the sandbox is dead.
 * What is neither directory, plain file nor link is reported and never opened.
 */
#define _GNU_SOURCE
#include "init.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { DEPTH_MAX = 64, PATH_SIZE = 4096 + 256, PATTERNS_MAX = 256, PATTERNS_SIZE = 8192 + PATTERNS_MAX };
enum { NAMES_SIZE = 4096, NAME_SIZE_MAX = 255, VISITS_AT_ONCE = 4096, TARGET_MAX = 4095 };
/* The longest record beside CONTENT: a link with the longest path and target. */
enum { RECORD_MAX = 1 + 2 + PATH_SIZE + 2 + TARGET_MAX };

enum record { DIRECTORY = 1, PLAIN_FILE, LINK, REFUSED_ENTRY, CONTENT, DONE, END };
enum reason {
    DEVICE = 1, SOCKET, FIFO, WHITEOUT, NAME_TOO_LONG, PATH_TOO_LONG, TOO_DEEP, TOO_BIG, UNREADABLE, OTHER_FILESYSTEM, UNKNOWN,
};
enum { EXECUTABLE = 1, LINKED = 2, SPECIAL_BITS = 4 };
enum { WHOLE, SHORT, READ_ERROR };
enum { CAPPED_ENTRIES = 1, CAPPED_VISITED = 2 };

struct entry64 { /* struct linux_dirent64 */
    uint64_t inode;
    int64_t next;
    unsigned short size;
    unsigned char kind;
    char name[];
};

struct level {
    int directory;
    size_t path_size; /* of this directory, with its slash */
    long at, filled;
    _Alignas(8) uint8_t names[NAMES_SIZE];
};

static struct {
    bool active, finished;
    uint32_t id, sequence;
    struct collect_caps caps;
    char patterns[PATTERNS_SIZE];
    uint16_t pattern_at[PATTERNS_MAX];
    size_t pattern_count;
    bool anything_but;
    dev_t device;
    int depth; /* of the open directories; levels[depth - 1] is being read */
    struct level levels[DEPTH_MAX + 1];
    char path[PATH_SIZE + 1];
    int file;
    uint64_t file_size, file_done;
    uint32_t entries, refused, visited;
    uint64_t bytes;
    uint8_t records[DATA_MAX];
    size_t size, max;
    int root_error;
} walk = {.file = -1};

static void visit(const char *name);
static void refuse(size_t path_size, enum reason reason, int error);
static void end_walk(uint8_t capped);
static bool matches(const char *pattern, const char *path);

/* ---- begin, next, drop ---- */

void collect_drop(void) {
    if (!walk.active) return;
    while (walk.depth > 0) close(walk.levels[--walk.depth].directory);
    if (walk.file >= 0) close(walk.file);
    walk.file = -1;
    walk.active = false;
}

static bool keep_patterns(const struct bytes *patterns, size_t count) {
    size_t used = 0;
    walk.anything_but = true;
    for (size_t i = 0; i < count; i++) {
        if (used + patterns[i].size + 1 > PATTERNS_SIZE) return false;
        walk.pattern_at[i] = (uint16_t)used;
        memcpy(walk.patterns + used, patterns[i].at, patterns[i].size);
        walk.patterns[used + patterns[i].size] = '\0';
        if (walk.patterns[used] != '!') walk.anything_but = false;
        used += patterns[i].size + 1;
    }
    walk.pattern_count = count;
    return true;
}

static void enter(int directory, size_t path_size) {
    struct level *level = &walk.levels[walk.depth++];
    level->directory = directory;
    level->path_size = path_size;
    level->at = level->filled = 0;
}

/* The command may have taken the permissions of the workspace itself away; it has our uid, so they can be given back. */
static void open_root(void) {
    struct stat status;
    walk.root_error = 0;
    if (fstat(workspace_directory, &status) == 0) {
        walk.device = status.st_dev;
        if ((status.st_mode & 0700) != 0700 && fchmod(workspace_directory, (status.st_mode & 07777) | 0700) != 0)
            errno = 0; /* opening it will tell */
    }
    int root = openat(workspace_directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root >= 0)
        enter(root, 0);
    else
        walk.root_error = errno; /* the first batch says so */
}

bool collect_begin(uint32_t id, const struct collect_caps *caps, const struct bytes *patterns, size_t count) {
    collect_drop();
    if (count > PATTERNS_MAX || !keep_patterns(patterns, count)) return false;
    walk.active = true;
    walk.finished = false;
    walk.id = id;
    walk.sequence = 0;
    walk.caps = *caps;
    walk.entries = walk.refused = walk.visited = 0;
    walk.bytes = 0;
    walk.size = 0;
    open_root();
    return true;
}

bool collect_exists(uint32_t id) {
    return walk.active && walk.id == id;
}

static uint8_t *record_space(size_t size) {
    uint8_t *at = walk.records + walk.size;
    walk.size += size;
    return at;
}

static void put(uint64_t value, int size) {
    uint8_t *at = record_space((size_t)size);
    for (int i = 0; i < size; i++) at[i] = (uint8_t)(value >> (8 * i));
}

static void put_string(const char *text, size_t size) {
    put(size, 2);
    memcpy(record_space(size), text, size);
}

/* ---- one batch ---- */

static void finish_file(uint8_t status) {
    put(DONE, 1);
    put(status, 1);
    put(walk.file_done, 8);
    walk.bytes -= walk.file_size - walk.file_done; /* it was counted whole when it began */
    close(walk.file);
    walk.file = -1;
}

static void continue_file(void) {
    uint64_t left = walk.file_size - walk.file_done;
    size_t room = walk.max - walk.size - 5 - 10;
    if (left == 0) {
        finish_file(WHOLE);
        return;
    }
    size_t wanted = left < room ? (size_t)left : room;
    ssize_t size = pread(walk.file, walk.records + walk.size + 5, wanted, (off_t)walk.file_done);
    if (size < 0 && errno == EINTR) return;
    if (size <= 0) {
        finish_file(size < 0 ? READ_ERROR : SHORT);
        return;
    }
    put(CONTENT, 1);
    put((uint64_t)size, 4);
    walk.size += (size_t)size;
    walk.file_done += (uint64_t)size;
}

static void next_name(void) {
    struct level *level = &walk.levels[walk.depth - 1];
    if (level->at >= level->filled) {
        level->filled = syscall(SYS_getdents64, level->directory, level->names, NAMES_SIZE);
        level->at = 0;
        if (level->filled <= 0) {
            close(level->directory);
            walk.depth--;
            return;
        }
    }
    const struct entry64 *entry = (const struct entry64 *)(level->names + level->at);
    level->at += entry->size;
    if (strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0) return;
    if (walk.visited == walk.caps.visited) {
        end_walk(CAPPED_VISITED);
        return;
    }
    walk.visited++;
    visit(entry->name);
}

bool collect_next(uint32_t sequence, size_t max, struct bytes *records) {
    if (sequence == walk.sequence + 1) {
        walk.sequence = sequence;
        walk.size = 0;
        walk.max = max < DATA_MAX ? max : DATA_MAX;
        if (walk.finished) end_walk(0xFF);
        if (walk.root_error != 0) refuse(0, UNREADABLE, walk.root_error);
        walk.root_error = 0;
        for (int visits = 0; !walk.finished && walk.max - walk.size >= RECORD_MAX && visits < VISITS_AT_ONCE; visits++) {
            if (walk.file >= 0)
                continue_file();
            else if (walk.depth > 0)
                next_name();
            else
                end_walk(0);
        }
    } else if (sequence != walk.sequence || sequence == 0) {
        return false;
    }
    *records = (struct bytes){walk.records, walk.size};
    return true;
}

/* Called again with 0xFF to repeat what was said at the end. */
static void end_walk(uint8_t capped) {
    static uint8_t said;
    if (capped != 0xFF) said = capped;
    walk.finished = true;
    put(END, 1);
    put(said, 1);
    put(walk.entries, 4);
    put(walk.refused, 4);
    put(walk.bytes, 8);
    put(walk.visited, 4);
}

/* ---- one entry ---- */

/* False when the entry may not be counted any more: the walk has been ended then. */
static bool count_entry(void) {
    if (walk.entries == walk.caps.entries) {
        end_walk(CAPPED_ENTRIES);
        return false;
    }
    walk.entries++;
    return true;
}

static void refuse(size_t path_size, enum reason reason, int error) {
    if (!count_entry()) return;
    walk.refused++;
    put(REFUSED_ENTRY, 1);
    put_string(walk.path, path_size < walk.caps.path ? path_size : walk.caps.path);
    put(reason, 1);
    put((uint64_t)error, 2);
}

static void begin_file(int directory, const char *name, size_t path_size) {
    int file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        int error = errno;
        if (file >= 0) close(file);
        refuse(path_size, UNREADABLE, error);
        return;
    }
    if (!count_entry()) {
        close(file);
        return;
    }
    put(PLAIN_FILE, 1);
    put((status.st_mode & 0111 ? EXECUTABLE : 0) | (status.st_nlink > 1 ? LINKED : 0) |
        (status.st_mode & (S_ISUID | S_ISGID | S_ISVTX) ? SPECIAL_BITS : 0), 1);
    put_string(walk.path, path_size);
    put((uint64_t)status.st_size, 8);
    walk.file = file;
    walk.file_size = (uint64_t)status.st_size;
    walk.file_done = 0;
    walk.bytes += walk.file_size;
}

static void deliver_link(int directory, const char *name, size_t path_size) {
    char target[TARGET_MAX + 1];
    ssize_t size = readlinkat(directory, name, target, sizeof target);
    if (size < 0 || size > TARGET_MAX) {
        refuse(path_size, UNREADABLE, size < 0 ? errno : ENAMETOOLONG);
        return;
    }
    if (!count_entry()) return;
    put(LINK, 1);
    put_string(walk.path, path_size);
    put_string(target, (size_t)size);
}

static void visit_directory(int directory, const char *name, size_t path_size, const struct stat *status, bool wanted) {
    if (status->st_dev != walk.device) {
        refuse(path_size, OTHER_FILESYSTEM, 0);
        return;
    }
    if (walk.depth >= walk.caps.depth) {
        refuse(path_size, TOO_DEEP, 0);
        return;
    }
    int child = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (child < 0) {
        refuse(path_size, UNREADABLE, errno);
        return;
    }
    if (wanted) {
        if (!count_entry()) {
            close(child);
            return;
        }
        put(DIRECTORY, 1);
        put_string(walk.path, path_size);
    }
    walk.path[path_size] = '/';
    enter(child, path_size + 1);
}

static bool left_out(void) {
    for (size_t i = 0; i < walk.pattern_count; i++) {
        const char *pattern = walk.patterns + walk.pattern_at[i];
        if (pattern[0] == '!' && matches(pattern + 1, walk.path)) return true;
    }
    return false;
}

static bool asked_for(void) {
    if (walk.anything_but) return true;
    for (size_t i = 0; i < walk.pattern_count; i++) {
        const char *pattern = walk.patterns + walk.pattern_at[i];
        if (pattern[0] != '!' && matches(pattern, walk.path)) return true;
    }
    return false;
}

static enum reason special(mode_t mode, dev_t device) {
    if (S_ISCHR(mode) && device == makedev(0, 0)) return WHITEOUT;
    if (S_ISCHR(mode) || S_ISBLK(mode)) return DEVICE;
    if (S_ISSOCK(mode)) return SOCKET;
    if (S_ISFIFO(mode)) return FIFO;
    return UNKNOWN;
}

static void visit(const char *name) {
    const struct level *level = &walk.levels[walk.depth - 1];
    size_t name_size = strnlen(name, NAME_SIZE_MAX), path_size = level->path_size + name_size;
    memcpy(walk.path + level->path_size, name, name_size);
    walk.path[path_size] = '\0'; /* a longer name, if a file system had one, is cut and then not found: UNREADABLE */
    if (left_out()) return;
    bool wanted = asked_for();
    struct stat status;
    if (fstatat(level->directory, walk.path + level->path_size, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        refuse(path_size, UNREADABLE, errno);
        return;
    }
    bool directory = S_ISDIR(status.st_mode);
    if (!wanted && !directory) return;
    /* A directory that cannot be entered is named even if no pattern asks for it: something below might have matched. */
    if (strncmp(name, ".wh.", 4) == 0)
        refuse(path_size, WHITEOUT, 0);
    else if (name_size > walk.caps.name)
        refuse(path_size, NAME_TOO_LONG, 0);
    else if (path_size > walk.caps.path)
        refuse(path_size, PATH_TOO_LONG, 0);
    else if (directory)
        visit_directory(level->directory, name, path_size, &status, wanted);
    else if (S_ISLNK(status.st_mode))
        deliver_link(level->directory, name, path_size);
    else if (!S_ISREG(status.st_mode))
        refuse(path_size, special(status.st_mode, status.st_rdev), 0);
    else if ((uint64_t)status.st_size > walk.caps.bytes - walk.bytes)
        refuse(path_size, TOO_BIG, 0);
    else
        begin_file(level->directory, name, path_size);
}

/* ---- patterns: greedy with one way back, for stars in a component and for `**` among components; never exponential ---- */

static size_t component_size(const char *at) {
    return strcspn(at, "/");
}

static const char *next_component(const char *at) {
    at += component_size(at);
    return *at == '/' ? at + 1 : NULL;
}

static bool component_matches(const char *pattern, size_t pattern_size, const char *name, size_t name_size) {
    size_t p = 0, n = 0, star = SIZE_MAX, star_name = 0;
    while (n < name_size) {
        if (p < pattern_size && pattern[p] == '*') {
            star = p++;
            star_name = n;
        } else if (p < pattern_size && (pattern[p] == '?' || pattern[p] == name[n])) {
            p++;
            n++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            n = ++star_name;
        } else {
            return false;
        }
    }
    while (p < pattern_size && pattern[p] == '*') p++;
    return p == pattern_size;
}

static bool is_any_depth(const char *pattern) {
    return component_size(pattern) == 2 && pattern[0] == '*' && pattern[1] == '*';
}

static bool matches(const char *pattern, const char *path) {
    const char *back = NULL, *back_path = NULL;
    bool may_go_back = false;
    while (path) {
        if (pattern && is_any_depth(pattern)) {
            pattern = back = next_component(pattern);
            back_path = path;
            may_go_back = true;
            if (!pattern) return true;
        } else if (pattern && component_matches(pattern, component_size(pattern), path, component_size(path))) {
            pattern = next_component(pattern);
            path = next_component(path);
        } else if (may_go_back) {
            back_path = next_component(back_path);
            path = back_path;
            pattern = back;
        } else {
            return false;
        }
    }
    while (pattern && is_any_depth(pattern)) pattern = next_component(pattern);
    return !pattern;
}
