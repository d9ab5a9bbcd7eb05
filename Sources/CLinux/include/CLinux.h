// What Swift's Glibc module lacks: epoll, eventfd, accept4, and thread-local slots.
#ifndef OSTACK_CLINUX_H
#define OSTACK_CLINUX_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

// Macros of unsigned type that the importer skips.
static const uint32_t clinux_EPOLLET = (uint32_t)EPOLLET;
static const uint32_t clinux_epoll_events =
    (uint32_t)(EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);

// accept4 is declared for _GNU_SOURCE only.
int clinux_accept4(int descriptor, struct sockaddr *address, socklen_t *length);

// epoll_event is packed on x86-64 and keeps its datum in a union: these hide both.
int clinux_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t datum);
static inline uint64_t clinux_event_datum(const struct epoll_event *event) {
  return event->data.u64;
}
static inline uint32_t clinux_event_mask(const struct epoll_event *event) {
  return event->events;
}

// The event loop whose thread this is, or NULL.
extern __thread const void *clinux_loop_slot;
static inline const void *clinux_current_loop(void) { return clinux_loop_slot; }
static inline void clinux_set_current_loop(const void *loop) { clinux_loop_slot = loop; }

// A number that the calling thread was given, or 0.
extern __thread uint32_t clinux_thread_number_slot;
static inline uint32_t clinux_thread_number(void) { return clinux_thread_number_slot; }
static inline void clinux_set_thread_number(uint32_t number) {
  clinux_thread_number_slot = number;
}

// Names the calling thread; at most 15 bytes are kept.
void clinux_name_thread(const char *name);

// Gives memory that was freed back to the system, on a thread of its own since it may take a while.
// Returns 0, or an error number when there is no thread to be had.
int clinux_give_back_memory(void);

#endif
