/* Files in: every path is walked component by component below a held directory; a link is never followed. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE_MAX = 1024, NAME_SIZE_MAX = 255, DEPTH_MAX = 64, TARGET_MAX = 4095 };
enum { DIRECTORY = 1, PLAIN_FILE, LINK };

static int open_parent(int root, struct bytes path, char name[NAME_SIZE_MAX + 1]);
static int put_directory(int parent, const char *name);
static int put_file(int parent, const char *name, bool executable, uint64_t offset, struct bytes data);
static int put_link(int parent, const char *name, struct bytes target);

bool path_is_good(struct bytes path) {
    if (path.size == 0 || path.size > PATH_SIZE_MAX || memchr(path.at, 0, path.size)) return false;
    size_t depth = 0;
    for (size_t start = 0; start <= path.size;) {
        const uint8_t *component = path.at + start;
        const uint8_t *slash = memchr(component, '/', path.size - start);
        size_t size = slash ? (size_t)(slash - component) : path.size - start;
        if (size == 0 || size > NAME_SIZE_MAX || ++depth > DEPTH_MAX) return false;
        if (component[0] == '.' && (size == 1 || (size == 2 && component[1] == '.'))) return false;
        start += size + 1;
        if (!slash) return true;
    }
    return false; /* ended in a slash */
}

/* Returns 0 or an errno. The path is good already. */
int put_entry(int root, uint8_t kind, bool executable, struct bytes path, uint64_t offset, struct bytes data) {
    char name[NAME_SIZE_MAX + 1];
    int parent = open_parent(root, path, name);
    if (parent < 0) return errno;
    int error = kind == DIRECTORY ? put_directory(parent, name)
              : kind == LINK      ? put_link(parent, name, data)
                                  : put_file(parent, name, executable, offset, data);
    close(parent);
    return error;
}

static int open_or_make(int parent, const char *name) {
    const int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int next = openat(parent, name, flags);
    if (next >= 0 || errno != ENOENT) return next;
    if (mkdirat(parent, name, 0755) != 0 && errno != EEXIST) return -1;
    return openat(parent, name, flags);
}

static int open_parent(int root, struct bytes path, char name[NAME_SIZE_MAX + 1]) {
    int directory = fcntl(root, F_DUPFD_CLOEXEC, 3);
    const uint8_t *component = path.at, *end = path.at + path.size;
    while (directory >= 0) {
        const uint8_t *slash = memchr(component, '/', (size_t)(end - component));
        size_t size = (size_t)((slash ? slash : end) - component);
        memcpy(name, component, size);
        name[size] = '\0';
        if (!slash) return directory;
        component = slash + 1;
        int next = open_or_make(directory, name);
        int error = errno;
        close(directory);
        errno = error;
        directory = next;
    }
    return -1;
}

static int remove_other(int parent, const char *name) {
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT) return 0;
    int error = errno;
    struct stat status;
    if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode)) return EISDIR;
    return error;
}

static int put_directory(int parent, const char *name) {
    for (int attempt = 0; attempt < 2; attempt++) {
        if (mkdirat(parent, name, 0755) == 0) return 0;
        if (errno != EEXIST) return errno;
        struct stat status;
        if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return errno;
        if (S_ISDIR(status.st_mode)) return 0;
        int error = remove_other(parent, name);
        if (error != 0) return error;
    }
    return EEXIST;
}

static int put_link(int parent, const char *name, struct bytes target) {
    char text[TARGET_MAX + 1];
    if (target.size == 0 || target.size > TARGET_MAX || memchr(target.at, 0, target.size)) return EINVAL;
    memcpy(text, target.at, target.size);
    text[target.size] = '\0';
    int error = remove_other(parent, name);
    if (error != 0) return error;
    return symlinkat(text, parent, name) == 0 ? 0 : errno;
}

static int open_file(int parent, const char *name, bool executable, uint64_t offset) {
    if (offset > 0) return openat(parent, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int error = remove_other(parent, name); /* never written through: it may be linked elsewhere */
    if (error != 0) {
        errno = error;
        return -1;
    }
    return openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, executable ? 0755 : 0644);
}

static int write_all(int file, struct bytes data, uint64_t offset) {
    for (size_t done = 0; done < data.size;) {
        ssize_t size = pwrite(file, data.at + done, data.size - done, (off_t)(offset + done));
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return errno;
        if (size == 0) return ENOSPC;
        done += (size_t)size;
    }
    return 0;
}

static int put_file(int parent, const char *name, bool executable, uint64_t offset, struct bytes data) {
    int file = open_file(parent, name, executable, offset);
    if (file < 0) return errno;
    struct stat status;
    int error = 0;
    if (fstat(file, &status) != 0)
        error = errno;
    else if (!S_ISREG(status.st_mode) || (uint64_t)status.st_size < offset)
        error = EINVAL;
    else
        error = write_all(file, data, offset);
    close(file);
    return error;
}
