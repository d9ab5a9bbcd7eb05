// Counts the calls of fsync and fdatasync of a process, by being loaded before its libraries, in the
// first eight bytes of the file that SYNC_COUNTER_FILE names.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic unsigned long long *count;

__attribute__((constructor)) static void map_count(void) {
  const char *path = getenv("SYNC_COUNTER_FILE");
  if (path == NULL) return;
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return;
  if (ftruncate(fd, sizeof *count) == 0) {
    void *mapped = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) count = mapped;
  }
  close(fd);
}

static int counted(const char *name, int fd) {
  int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  if (count != NULL) atomic_fetch_add(count, 1);
  return next(fd);
}

int fsync(int fd) { return counted("fsync", fd); }

int fdatasync(int fd) { return counted("fdatasync", fd); }
