/* What a command leaves in its workspace: each tree is collected, and the hostile entries are refused one by one. */
#define _GNU_SOURCE
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

static void write_file(const char *name, const char *text) {
    int file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0 || write(file, text, strlen(text)) < 0) _exit(4);
    close(file);
}

static void directory(const char *name) {
    if (mkdir(name, 0755) != 0 && errno != EEXIST) _exit(4);
}

/* Beside every hostile entry stands an honest one, which must come through. */
static _Noreturn void done(void) {
    write_file("honest", "honest\n");
    _exit(0);
}

static void link_to(const char *target, const char *name) {
    if (symlink(target, name) != 0) _exit(4);
}

static enum verdict link_out(void) {
    link_to("/etc/passwd", "absolute");
    link_to("../../etc/passwd", "above");
    link_to("/proc/self/root/etc", "magic");
    directory("a");
    link_to("a", "inside");
    link_to("inside/../../etc", "through");
    done();
}

static enum verdict link_parent(void) {
    directory("real");
    write_file("real/file", "x");
    link_to("/tmp", "parent");
    write_file("parent/outside", "never collected");
    done();
}

static enum verdict link_git(void) {
    link_to(".git/config", "togit");
    done();
}

static enum verdict hard_link(void) {
    write_file("first", "twice\n");
    if (link("first", "second") != 0) _exit(4);
    /* Of a file outside: the kernel refuses it across file systems, and across owners. */
    if (link("/etc/passwd", "passwd") == 0) return breached("a second name for /etc/passwd");
    done();
}

static enum verdict fifo(void) {
    if (mkfifo("fifo", 0666) != 0) _exit(4);
    done();
}

static enum verdict socket_file(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int handle = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(handle, (struct sockaddr *)&address, sizeof address) != 0) _exit(4);
    done();
}

static enum verdict backslash(void) {
    write_file("back\\slash", "x");
    write_file("..\\..\\evil", "x");
    done();
}

static enum verdict drive(void) {
    write_file("C:evil", "x");
    done();
}

static enum verdict deep(void) {
    directory("deep");
    if (chdir("deep") != 0) _exit(4);
    for (int i = 0; i < 2000; i++)
        if (mkdir("d", 0755) != 0 || chdir("d") != 0) break;
    write_file("bottom", "x");
    if (chdir("/workspace") != 0 && chdir(getenv("PWD") ? getenv("PWD") : "/") != 0) _exit(4);
    done();
}

static enum verdict long_path(void) {
    char name[201];
    memset(name, 'n', 200);
    name[200] = '\0';
    directory("long");
    if (chdir("long") != 0) _exit(4);
    for (int i = 0; i < 8; i++)
        if (mkdir(name, 0755) != 0 || chdir(name) != 0) break;
    write_file("bottom", "x");
    if (chdir("/workspace") != 0 && chdir(getenv("PWD") ? getenv("PWD") : "/") != 0) _exit(4);
    done();
}

static enum verdict many(void) {
    write_file("honest", "honest\n");
    directory("many");
    for (int i = 0; i < 6000; i++) {
        char name[64];
        snprintf(name, sizeof name, "many/%d", i);
        int file = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        if (file < 0) break;
        close(file);
    }
    _exit(0);
}

static enum verdict case_fold(void) {
    write_file("Case", "1");
    write_file("case", "2");
    done();
}

static enum verdict nfc(void) {
    write_file("caf\xc3\xa9", "composed");
    write_file("cafe\xcc\x81", "decomposed");
    done();
}

static enum verdict git_directory(void) {
    directory(".git");
    directory(".git/hooks");
    write_file(".git/hooks/post-checkout", "#!/bin/sh\n");
    directory("src");
    directory("src/.GIT");
    write_file("src/.GIT/config", "[core]\n");
    done();
}

static enum verdict git_short(void) {
    directory("git~1");
    write_file("git~1/config", "[core]\n");
    directory("a");
    directory("a/.git ");
    write_file("a/.git /config", "[core]\n");
    done();
}

static enum verdict git_zero_width(void) {
    directory(".g\xe2\x80\x8bit");
    write_file(".g\xe2\x80\x8bit/config", "[core]\n");
    done();
}

static enum verdict attributes(void) {
    write_file(".gitattributes", "* filter=evil\n");
    done();
}

static enum verdict submodules(void) {
    write_file(".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = -u./evil\n");
    done();
}

static enum verdict suid_file(void) {
    write_file("suid", "x");
    if (chmod("suid", 06755) != 0) _exit(4);
    done();
}

/* Holes up to the size that a file may have: more bytes than the disk holds when read. */
static enum verdict sparse(void) {
    for (int i = 0; i < 4; i++) {
        char name[16];
        snprintf(name, sizeof name, "holes-%d", i);
        int file = open(name, O_WRONLY | O_CREAT, 0644);
        if (file < 0 || ftruncate(file, 30 << 20) != 0) _exit(4);
    }
    done();
}

static enum verdict unreadable(void) {
    write_file("closed", "x");
    directory("locked");
    write_file("locked/file", "x");
    if (chmod("closed", 0) != 0 || chmod("locked", 0) != 0) _exit(4);
    done();
}

static enum verdict locked_root(void) {
    write_file("honest", "honest\n");
    _exit(chmod(".", 0) == 0 ? 0 : 4);
}

static enum verdict evil_name(void) {
    write_file("esc\x1b[2J", "x");
    write_file("new\nline", "x");
    write_file("turn\xe2\x80\xaegpj.exe", "x");
    done();
}

static enum verdict bad_encoding(void) {
    write_file("not-utf8-\xff", "x");
    done();
}

static enum verdict whiteout_name(void) {
    write_file(".wh.README.md", "x");
    write_file(".wh..wh..opq", "x");
    done();
}

/* Directories and links change places all the time, also after the command's end if they can. */
static enum verdict swap_race(void) {
    directory("target");
    write_file("target/file", "inside\n");
    link_to("/etc", "other");
    write_file("honest", "honest\n");
    pid_t swapper = fork();
    if (swapper == 0) {
        setsid();
        for (int64_t end = now_ms() + 8000; now_ms() < end;) syscall(SYS_renameat2, AT_FDCWD, "target", AT_FDCWD, "other", 2 /* exchange */);
        _exit(0);
    }
    sleep_ms(100);
    _exit(0);
}

static enum verdict grow_while_read(void) {
    write_file("honest", "honest\n");
    if (fork() == 0) {
        setsid();
        int file = open("growing", O_WRONLY | O_CREAT | O_APPEND, 0644);
        for (int64_t end = now_ms() + 8000; now_ms() < end;)
            if (write(file, "more and more\n", 14) < 0) sleep_ms(1);
        _exit(0);
    }
    sleep_ms(100);
    _exit(0);
}

/* Whoever opens it waits until the lease is given back, or broken after 45 seconds. */
static enum verdict lease(void) {
    write_file("leased", "x");
    write_file("honest", "honest\n");
    int file = open("leased", O_RDWR);
    if (fcntl(file, F_SETLEASE, F_WRLCK) != 0) return unsupported("no leases here: %s", strerror(errno));
    if (fork() == 0) {
        setsid();
        signal(SIGIO, SIG_IGN);
        sleep_ms(8000);
        _exit(0);
    }
    _exit(0);
}

static enum verdict extended_attributes(void) {
    write_file("attributed", "x");
    setxattr("attributed", "user.evil", "x", 1, 0);
    setxattr("attributed", "user.overlay.opaque", "y", 1, 0);
    setxattr("attributed", "user.overlay.whiteout", "y", 1, 0);
    done();
}

static enum verdict replace_workspace(void) {
    directory("decoy");
    int root = open(".", O_RDONLY | O_DIRECTORY);
    refused_with("removing the workspace", rmdir("/workspace"), EBUSY);
    refused_with("moving the workspace", rename("/workspace", "/moved"), EBUSY);
    refused_with("a link in its place", symlink("/etc", "/workspace"), EEXIST);
    if (fchdir(root) != 0) _exit(4);
    write_file("honest", "honest\n");
    enum verdict verdict = judge();
    return verdict;
}

#define HONEST "honest"

static const struct hostile_case cases[] = {
    {"link-out", "leaves links that lead out of the workspace", "refused", link_out, {.end = "exit 0", .refused = "link-outside absolute\nlink-outside above\nlink-outside magic\nlink-outside through\nlink inside", .kept = HONEST, .dropped = "absolute\nabove\nmagic\nthrough"}, false},
    {"link-parent", "leaves a link in a directory's place and writes through it", "refused, nothing behind it collected", link_parent, {.end = "exit 0", .refused = "link-outside parent", .kept = "honest\nreal/file", .dropped = "parent\nparent/outside"}, false},
    {"link-git", "leaves a link into git's own directory", "refused", link_git, {.end = "exit 0", .refused = "link-git togit", .kept = HONEST, .dropped = "togit"}, false},
    {"hard-link", "leaves two names of one file, and one of a file outside", "plain copies; the other cannot be made", hard_link, {.end = "exit 0", .kept = "honest\nfirst\nsecond", .dropped = "passwd"}, false},
    {"fifo", "leaves a pipe that blocks who opens it", "refused without opening it", fifo, {.end = "exit 0", .refused = "fifo fifo", .kept = HONEST, .dropped = "fifo"}, false},
    {"socket-file", "leaves a socket", "refused", socket_file, {.end = "exit 0", .refused = "socket socket", .kept = HONEST, .dropped = "socket"}, false},
    {"backslash", "leaves names that are paths on other systems", "refused", backslash, {.end = "exit 0", .refused = "name back\\slash\nname ..\\..\\evil", .kept = HONEST, .dropped = "back\\slash\n..\\..\\evil"}, false},
    {"drive", "leaves a name with a drive letter", "refused", drive, {.end = "exit 0", .refused = "name C:evil", .kept = HONEST, .dropped = "C:evil"}, false},
    {"deep", "leaves directories two thousand deep", "refused at the cap, in bounded time", deep, {.end = "exit 0", .refused = "too-deep deep/d/d/", .kept = HONEST}, false},
    {"long-path", "leaves a path of 1,600 bytes", "refused", long_path, {.end = "exit 0", .refused = "path-too-long long/nnn", .kept = HONEST}, false},
    {"many", "leaves six thousand files", "taken within the cap, in bounded time", many, {.end = "exit 0", .kept = "honest\nmany/0"}, false, PLAIN_OWN},
    {"case-fold", "leaves names that differ in case alone", "one of them is refused", case_fold, {.end = "exit 0", .refused = "collision ", .kept = HONEST}, false},
    {"nfc", "leaves names that differ in their encoding alone", "one of them is refused", nfc, {.end = "exit 0", .refused = "collision ", .kept = HONEST}, false},
    {"git-dir", "leaves git's own directory, with hooks, in two spellings", "refused", git_directory, {.end = "exit 0", .refused = "git-directory .git\ngit-directory src/.GIT", .kept = HONEST, .dropped = ".git/hooks/post-checkout\nsrc/.GIT/config"}, false},
    {"git-short", "leaves it by the names that Windows gives it", "refused", git_short, {.end = "exit 0", .refused = "git-directory git~1\ngit-directory a/.git ", .kept = HONEST, .dropped = "git~1/config\na/.git /config"}, false},
    {"git-zero-width", "leaves it with a character that nobody sees", "refused", git_zero_width, {.end = "exit 0", .refused = "git-directory .g\\u{200b}it", .kept = HONEST}, false},
    {"attributes", "leaves attributes that make git run programs", "refused", attributes, {.end = "exit 0", .refused = "git-attributes .gitattributes", .kept = HONEST, .dropped = ".gitattributes"}, false},
    {"submodules", "leaves a list of submodules with a hostile address", "refused", submodules, {.end = "exit 0", .refused = "git-modules .gitmodules", .kept = HONEST, .dropped = ".gitmodules"}, false},
    {"suid-file", "leaves a set-user-id file", "the bit is dropped", suid_file, {.end = "exit 0", .refused = "mode suid", .kept = "honest\nsuid"}, false},
    {"sparse", "leaves files of holes, larger than the disk", "refused past the cap", sparse, {.end = "exit 0", .refused = "too-big holes-", .kept = HONEST}, false},
    {"unreadable", "leaves a file and a directory that cannot be read", "refused, the others stay", unreadable, {.end = "exit 0", .refused = "unreadable closed\nunreadable locked", .kept = HONEST, .dropped = "closed\nlocked/file"}, false},
    {"locked-root", "takes all rights from the workspace itself", "collected all the same", locked_root, {.end = "exit 0", .kept = HONEST}, false, PLAIN_OWN},
    {"evil-name", "leaves names with terminal controls, line breaks, turned text", "refused or escaped", evil_name, {.end = "exit 0", .refused = "name esc\\u{1b}[2J\nname new\\u{a}line", .kept = HONEST}, false},
    {"bad-encoding", "leaves a name that is no UTF-8", "refused", bad_encoding, {.end = "exit 0", .refused = "encoding not-utf8-", .kept = HONEST}, false},
    {"whiteout-name", "leaves names that hide files in image layers", "refused", whiteout_name, {.end = "exit 0", .refused = "whiteout .wh.README.md\nwhiteout .wh..wh..opq", .kept = HONEST, .dropped = ".wh.README.md"}, false},
    {"swap-race", "swaps a directory and a link while they are read", "collected when all is dead; nothing from outside", swap_race, {.end = "exit 0", .kept = HONEST, .dropped = "target/passwd\nother/passwd", .then = "alone"}, false, PLAIN_OWN},
    {"grow-while-read", "lets a file grow while it is read", "collected when all is dead", grow_while_read, {.end = "exit 0", .kept = HONEST, .then = "alone"}, false, PLAIN_OWN},
    {"lease", "holds a file so that who opens it waits for 45 seconds", "collected when all is dead", lease, {.end = "exit 0|verdict", .kept = HONEST, .then = "alone"}, false, PLAIN_OWN},
    {"xattr", "leaves extended attributes that mean something to overlay file systems", "left out", extended_attributes, {.end = "exit 0", .kept = "honest\nattributed"}, false, PLAIN_OWN},
    {"replace-workspace", "removes and replaces the workspace itself", "refused", replace_workspace, {.kept = HONEST}, false},
};
GROUP(files_group, "files-out", "what is left in the workspace is hostile", cases);
