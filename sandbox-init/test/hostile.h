#ifndef SANDBOX_INIT_TEST_HOSTILE_H
#define SANDBOX_INIT_TEST_HOSTILE_H
int hostile(const char *name);
#endif
