/*
 * The hostile suite: programs that mean harm, each one case with a name. They run inside a sandbox and say themselves what they
 * got, where that can be told from inside; where it cannot, `outside` says what whoever started them must see.
 *
 * Every case is bounded by itself (in time, memory, processes, files), so that it harms nobody even where nothing contains it, and
 * none changes anything of the machine: what would be a change is tried in a way that cannot be carried out.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum verdict { CONTAINED = 0, BREACHED = 1, UNSUPPORTED = 3 }; /* exit codes too */

/* What must be seen from outside. */
struct outside {
    /* How it must end, alternatives separated by '|': `verdict` (it says so itself, the default), `exit N`, or a limit's name. */
    const char *end;
    int seconds; /* its time-out; 0 is DEFAULT_SECONDS */
    int within;  /* it must have ended after so many milliseconds; 0 is the time-out and a second */

    const char *output; /* all that it writes, byte by byte */
    size_t output_size; /* 0: up to the NUL */
    size_t output_least;
    const char *never; /* is not in its output */

    const char *refused; /* findings of the collection, one a line: RULE PATH */
    const char *kept;    /* paths that are in the collected tree, one a line */
    const char *dropped; /* paths that are not */

    const char *beside; /* a probe that must pass in a neighbour, from the line "ready" on until the file go-on is there */
    const char *then;   /* a probe that must pass in the same sandbox afterwards */
};

enum { DEFAULT_SECONDS = 20, STUCK = 3 /* seconds of a case that ends by its time-out */ };

struct hostile_case {
    const char *name, *does, *must;
    enum verdict (*run)(void);
    struct outside outside;
    bool quick; /* harmless, and done in a moment: part of a first look at an engine */
    const char *plain; /* why a plain container holds it too; NULL: it does not */
};

#define PLAIN_OWN "it is about process 1 and the collector, which a plain container does not have"
#define PLAIN_FILTER "docker's own filter and capabilities refuse it too"
#define PLAIN_COVERED "docker covers it, or does not bring it in, too"
#define PLAIN_EMPTY "there is nothing of the kind in a plain container of this image either"
#define PLAIN_FACT "it is accepted everywhere"

struct group {
    const char *name, *about;
    const struct hostile_case *cases;
    size_t count;
};

extern const struct group ends_group, limits_group, pools_group, output_group, init_group, calls_group, system_group, network_group,
    files_group;

#define GROUP(id, title, what, table) \
    const struct group id = {.name = title, .about = what, .cases = table, .count = sizeof table / sizeof *table}

/* report.c: the verdict of this process's one case. */
enum verdict contained(const char *format, ...) __attribute__((format(printf, 1, 2)));
enum verdict breached(const char *format, ...) __attribute__((format(printf, 1, 2)));
enum verdict unsupported(const char *format, ...) __attribute__((format(printf, 1, 2)));
void report_write(const char *name, enum verdict verdict);
void json_string(const char *text);

/*
 * For cases of several attempts: the first that gets through decides. An attempt's result is what the system call returned;
 * it was refused when that is -1 and errno says so: `call` for a missing right, `path` also for a missing thing.
 */
void call(const char *what, long result);
void path(const char *what, long result);
void refused_with(const char *what, long result, int error);
void through(const char *format, ...) __attribute__((format(printf, 1, 2)));
enum verdict judge(void);

/* Opens for that access, and closes again: nothing is read or written. */
void try_open(const char *file, int flags);
/* For files that anybody may open, and that ask for the right when they are written. */
void try_write(const char *file, const char *value);
/* Reads the beginning of it, at most size - 1 bytes, NUL-terminated; -1 when it cannot be opened or read. */
ssize_t slurp(const char *file, char *text, size_t size);

pid_t start_child(void (*work)(void *), void *argument); /* dies with us, and after 30 s in any case */
void pause_for_ever(void *unused);
int wait_for(pid_t child); /* the wait status */
void sleep_ms(long milliseconds);
int64_t now_ms(void);
void *shared_page(void);
/* Says "ready" and waits until the file go-on is there, or some seconds. */
void hold_for_neighbour(void);

#endif
