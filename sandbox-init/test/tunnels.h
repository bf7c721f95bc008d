#ifndef SANDBOX_INIT_TEST_TUNNELS_H
#define SANDBOX_INIT_TEST_TUNNELS_H
void tunnel_tests(void);
int tunnel_command(const char *port); /* what runs in the sandbox: connects, says hello, prints the answer */
#endif
