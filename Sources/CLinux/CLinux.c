#define _GNU_SOURCE
#include "CLinux.h"

#include <malloc.h>
#include <pthread.h>
#include <stdio.h>

__thread const void *clinux_loop_slot = 0;
__thread uint32_t clinux_thread_number_slot = 0;

int clinux_accept4(int descriptor, struct sockaddr *address, socklen_t *length) {
  return accept4(descriptor, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int clinux_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t datum) {
  struct epoll_event event = {.events = events, .data = {.u64 = datum}};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

void clinux_name_thread(const char *name) {
  char kept[16];
  snprintf(kept, sizeof kept, "%s", name);
  pthread_setname_np(pthread_self(), kept);
}

static void *give_back_memory(void *unused) {
  (void)unused;
  clinux_name_thread("memory");
  malloc_trim(0);
  return NULL;
}

int clinux_give_back_memory(void) {
  pthread_t thread;
  int code = pthread_create(&thread, NULL, give_back_memory, NULL);
  if (code == 0) pthread_detach(thread);
  return code;
}
