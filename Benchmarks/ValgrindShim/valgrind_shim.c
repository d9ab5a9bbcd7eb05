// Lets Swift programs run under valgrind 3.19, for LD_PRELOAD.
//
// That version writes into the mask that sigsuspend is given, and libdispatch, on whose main thread
// every asynchronous Swift program ends up, keeps its mask in read-only memory. A copy will do.

#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *mask) {
  sigset_t copy = *mask;
  return (int)syscall(SYS_rt_sigsuspend, &copy, _NSIG / 8);
}
