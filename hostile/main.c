/* hostile list | hostile run NAME... [-- MARK] | hostile probe NAME [-- MARK]; the mark is for who looks for us from outside */
#define _GNU_SOURCE
#include "hostile.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { USAGE = 2 };

static const struct group *const groups[] = {
    &ends_group, &limits_group, &pools_group, &output_group, &init_group, &calls_group, &system_group, &network_group, &files_group,
};

#define EACH(index, table) for (size_t index = 0; index < sizeof table / sizeof *table; index++)

/* ---- list ---- */

/* Members that are not there are left out; the first one of an object has no comma before it. */
static bool first_member;

static void name_of(const char *name) {
    printf("%s\"%s\":", first_member ? "" : ",", name);
    first_member = false;
}

static void begin_object(const char *name) {
    if (name) name_of(name);
    putchar('{');
    first_member = true;
}

static void end_object(void) {
    putchar('}');
    first_member = false;
}

static void text(const char *name, const char *value) {
    if (!value) return;
    name_of(name);
    json_string(value);
}

static void number(const char *name, long value) {
    if (value == 0) return;
    name_of(name);
    printf("%ld", value);
}

static void words(const char *name, const char *values, char separator) {
    if (!values) return;
    name_of(name);
    putchar('[');
    while (*values) {
        char word[512];
        size_t size = strcspn(values, (char[]){separator, '\0'});
        snprintf(word, sizeof word, "%.*s", (int)size, values);
        json_string(word);
        values += size;
        if (*values) {
            values++;
            putchar(',');
        }
    }
    putchar(']');
}

static void hexadecimal(const char *name, const char *bytes, size_t size) {
    if (!bytes) return;
    name_of(name);
    putchar('"');
    for (size_t i = 0; i < (size != 0 ? size : strlen(bytes)); i++) printf("%02x", (unsigned char)bytes[i]);
    putchar('"');
}

static void list_outside(const struct outside *outside) {
    begin_object("outside");
    words("end", outside->end ? outside->end : "verdict", '|');
    number("seconds", outside->seconds != 0 ? outside->seconds : DEFAULT_SECONDS);
    number("within", outside->within);
    begin_object("output");
    hexadecimal("whole", outside->output, outside->output_size);
    number("least", (long)outside->output_least);
    text("never", outside->never);
    end_object();
    begin_object("files");
    words("refused", outside->refused, '\n');
    words("kept", outside->kept, '\n');
    words("dropped", outside->dropped, '\n');
    end_object();
    begin_object("probes");
    text("beside", outside->beside);
    text("then", outside->then);
    end_object();
    end_object();
}

static void list_case(const struct group *group, const struct hostile_case *one) {
    begin_object(NULL);
    text("name", one->name);
    text("group", group->name);
    text("does", one->does);
    text("must", one->must);
    name_of("quick");
    printf("%s", one->quick ? "true" : "false");
    text("plain", one->plain);
    list_outside(&one->outside);
    end_object();
}

static void list(void) {
    printf("{\"groups\":[");
    EACH(i, groups) {
        printf("%s{\"name\":\"%s\",\"about\":", i == 0 ? "" : ",", groups[i]->name);
        json_string(groups[i]->about);
        putchar('}');
    }
    printf("],\"cases\":[");
    bool first = true;
    EACH(i, groups)
    for (size_t j = 0; j < groups[i]->count; j++) {
        printf("%s\n", first ? "" : ",");
        first = false;
        list_case(groups[i], &groups[i]->cases[j]);
    }
    printf("]}\n");
}

/* ---- run ---- */

static const struct hostile_case *find(const char *name) {
    EACH(i, groups)
    for (size_t j = 0; j < groups[i]->count; j++)
        if (strcmp(groups[i]->cases[j].name, name) == 0) return &groups[i]->cases[j];
    return NULL;
}

static _Noreturn void run(const struct hostile_case *one) {
    enum verdict verdict = one->run();
    report_write(one->name, verdict);
    _exit(verdict);
}

/* Each in a process of its own, so that none changes what the next one finds. */
static int run_all(const struct hostile_case **cases, int count) {
    int worst = CONTAINED;
    for (int i = 0; i < count; i++) {
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) run(cases[i]);
        int status = child < 0 ? 0x100 : wait_for(child);
        if (!WIFEXITED(status) || WEXITSTATUS(status) == BREACHED) worst = BREACHED;
    }
    return worst;
}

/* Cases are bounded, but nobody wants them on his own machine by mistake. */
static void require_a_sandbox(void) {
    struct stat init;
    if (stat("/sandbox-init", &init) == 0 || getenv("HOSTILE_ANYWHERE")) return;
    fputs("hostile: this is no sandbox of Airlock (there is no /sandbox-init); set HOSTILE_ANYWHERE=yes if you mean it\n", stderr);
    exit(USAGE);
}

/* ---- probes ---- */

extern int probe(const char *name);      /* pools.c */
extern int answer_on_loopback(void); /* network.c */

static _Noreturn void usage(void) {
    fputs("usage: hostile list | hostile run NAME... [-- MARK] | hostile probe NAME [-- MARK]\n", stderr);
    exit(USAGE);
}

int main(int count, char **arguments) {
    for (int i = 1; i < count; i++)
        if (strcmp(arguments[i], "--") == 0) count = i;
    if (count == 2 && strcmp(arguments[1], "list") == 0) {
        list();
        return 0;
    }
    if (count < 3) usage();
    if (strcmp(arguments[1], "probe") == 0 && count == 3) return probe(arguments[2]);
    if (strcmp(arguments[1], "run") != 0) usage();
    require_a_sandbox();
    if (getenv("HOSTILE_LOOPBACK") && answer_on_loopback() != 0) {
        perror("hostile: cannot give the loopback addresses");
        return USAGE;
    }
    const struct hostile_case *cases[512];
    if (count - 2 > 512) usage();
    for (int i = 2; i < count; i++)
        if (!(cases[i - 2] = find(arguments[i]))) {
            fprintf(stderr, "hostile: there is no case '%s'; hostile list names them\n", arguments[i]);
            return USAGE;
        }
    if (count == 3) run(cases[0]);
    return run_all(cases, count - 2);
}
