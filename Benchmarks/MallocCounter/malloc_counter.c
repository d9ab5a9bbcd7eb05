// Counts the allocations of a process, for LD_PRELOAD (glibc).
//
// The counts lie in the file that MALLOC_COUNTER_FILE names, mapped and shared: whoever reads the
// file before and after some work learns how many allocations the work took. Three numbers of 64
// bits, in the machine's byte order: allocations (malloc, calloc, aligned ones, and realloc of
// nothing), reallocations, bytes asked for.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct {
  uint64_t allocations, reallocations, bytes;
} counts;

// Before the file is mapped, counts go here and are lost.
static counts early;
static counts *shared = &early;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

__attribute__((constructor)) static void map_counts(void) {
  const char *path = getenv("MALLOC_COUNTER_FILE");
  if (path == NULL) return;
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;
  if (ftruncate(fd, sizeof(counts)) == 0) {
    void *mapped = mmap(NULL, sizeof(counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) shared = mapped;
  }
  close(fd);
}

static void add(uint64_t *count, size_t bytes) {
  __atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(&shared->bytes, bytes, __ATOMIC_RELAXED);
}

void *malloc(size_t size) {
  add(&shared->allocations, size);
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  add(&shared->allocations, count * size);
  return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
  add(old == NULL ? &shared->allocations : &shared->reallocations, size);
  return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
  add(&shared->allocations, size);
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
  void *new = memalign(alignment, size);
  if (new == NULL) return ENOMEM;
  *result = new;
  return 0;
}
