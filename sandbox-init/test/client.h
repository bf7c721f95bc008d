/* A small client of the protocol for the tests: one request, one reply, plus the raw bytes when a test wants to be rude. */
#ifndef SANDBOX_INIT_TEST_CLIENT_H
#define SANDBOX_INIT_TEST_CLIENT_H

#include "../init.h"

struct init { /* one running sandbox-init */
    pid_t pid;
    int to, from;
    char workspace[256], input[256];
    uint32_t epoch;
    uint8_t buffer[4 * FRAME_MAX];
    size_t filled;
    uint8_t taken[FRAME_MAX]; /* the last reply */
    struct reader reply;
    uint8_t reply_type;
    const uint8_t *key; /* requests carry a MAC, and authentic says whether the last reply had a good one */
    bool authentic;
};

struct options {
    bool as_pid_1, use_fifos, small_disk;
    const char *idle_minutes, *boot_id;
};

extern char scratch[200], self_path[256];
extern int passed, failed, skipped;
void check_at(bool good, const char *what, const char *file, int line);
#define check(condition) check_at((condition), #condition, __FILE__, __LINE__)

void start_init(struct init *init, const struct options *options);
int end_init(struct init *init); /* waits; the exit code, or 1000 + signal, or -1 after 20 s */
void kill_init(struct init *init);

/* A payload is written into `out`, then sent. */
struct payload {
    uint8_t bytes[PAYLOAD_MAX];
    size_t size;
};
extern struct payload out;
uint64_t begin(void);
void number(uint64_t value, int size);
void str8(const char *text);
void str16(const char *text);
void raw(const void *at, size_t size);
size_t make_frame(uint8_t *frame, uint8_t type, uint32_t epoch, uint32_t stream);
size_t make_authentic_frame(uint8_t *frame, uint8_t type, uint32_t epoch, const uint8_t *key);
void send_bytes(struct init *init, const void *at, size_t size);
void send_request(struct init *init, uint8_t type);

/* Waits for the reply to this request; false after the time. Its fields are then read from init->reply, past the id. */
bool await(struct init *init, uint64_t request, int milliseconds);
bool call(struct init *init, uint8_t type, uint64_t request);
int error_of(struct init *init); /* the code of an ERROR reply, 0 if it is none */

int take_lease_of(struct init *init, const char *token, uint8_t digest, uint64_t remaining, uint64_t cap);
int take_lease_with(struct init *init, const uint8_t *key); /* "lease", digest 1 */
struct status {
    int state, cause, code, flags, suspects, known, error;
    uint64_t output, wall;
};
struct status run_list(struct init *init, const char *token, uint64_t timeout, const char *const *list);
struct status run_shell(struct init *init, const char *token, uint64_t timeout, const char *script);
struct status state_of(struct init *init, const char *token);
struct status wait_end(struct init *init, const char *token, int milliseconds);
struct status finish_shell(struct init *init, const char *token, const char *script);
/* The whole output so far, asked for in windows; the size, or -1. */
long read_all(struct init *init, const char *token, uint8_t *at, size_t size, uint32_t window);
int put_file_at(struct init *init, int root, const char *path, const void *at, size_t size, bool executable);
int put_kind(struct init *init, int root, int kind, const char *path, const char *target);

#endif
