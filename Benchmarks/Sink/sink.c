// A place for telemetry to go: takes OTLP over HTTP, counts it and throws it away.
//
// POST /v1/traces, /v1/metrics, /v1/logs   200 with an empty answer; the items are counted when
//                                          the content is protobuf and not compressed
// GET /totals                              the totals so far, as JSON
//
// One thread, so that it takes as little as it can from a machine that it shares with what is
// measured. Listens on a free port of 127.0.0.1 and prints it; prints the totals when it is told
// to stop.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "otlp_items.h"

enum { events_max = 64, head_bytes_max = 65536, signal_count = 3 };
static const size_t body_bytes_max = (size_t)64 << 20;

typedef struct {
  const char *name, *path;
  unsigned long long requests, bytes, items, uncounted;
} totals;

static totals all[signal_count] = {
    {"traces", "/v1/traces", 0, 0, 0, 0},
    {"metrics", "/v1/metrics", 0, 0, 0, 0},
    {"logs", "/v1/logs", 0, 0, 0, 0},
};

typedef struct {
  int fd;
  char *bytes;
  size_t count, capacity;
} connection;

// What the head of a request says about what follows.
typedef struct {
  size_t head_count, length;
  int is_chunked, is_compressed, is_json, expects_continue, is_post;
  char path[64];
} request;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static size_t format_totals(char *text, size_t room) {
  size_t count = (size_t)snprintf(text, room, "{");
  for (int index = 0; index < signal_count; index++) {
    const totals *one = &all[index];
    count += (size_t)snprintf(
        text + count, room - count,
        "%s\"%s\":{\"requests\":%llu,\"bytes\":%llu,\"items\":%llu,\"uncounted\":%llu}",
        index == 0 ? "" : ",", one->name, one->requests, one->bytes, one->items,
        one->uncounted);
  }
  return count + (size_t)snprintf(text + count, room - count, "}");
}

// The value of a field, or NULL. `name` is in lower case with its colon.
static const char *field(const char *head, const char *end, const char *name) {
  size_t count = strlen(name);
  for (const char *line = head; line != NULL && line < end;) {
    if ((size_t)(end - line) > count && strncasecmp(line, name, count) == 0) {
      const char *value = line + count;
      while (*value == ' ' || *value == '\t') value++;
      return value;
    }
    const char *next = memmem(line, (size_t)(end - line), "\r\n", 2);
    line = next == NULL ? NULL : next + 2;
  }
  return NULL;
}

// Returns 1 when the head is whole, 0 when more must come, -1 when it is no use.
static int parse_head(const connection *connection, request *request) {
  const char *head = connection->bytes;
  const char *end = memmem(head, connection->count, "\r\n\r\n", 4);
  if (end == NULL) return connection->count > head_bytes_max ? -1 : 0;
  memset(request, 0, sizeof *request);
  request->head_count = (size_t)(end - head) + 4;
  request->is_post = strncmp(head, "POST ", 5) == 0;
  const char *path = memchr(head, ' ', (size_t)(end - head));
  if (path == NULL) return -1;
  size_t path_count = strcspn(++path, " \r");
  if (path_count >= sizeof request->path) return -1;
  memcpy(request->path, path, path_count);
  const char *value = field(head, end, "content-length:");
  if (value != NULL) request->length = strtoul(value, NULL, 10);
  value = field(head, end, "transfer-encoding:");
  request->is_chunked = value != NULL && strncasecmp(value, "chunked", 7) == 0;
  value = field(head, end, "content-encoding:");
  request->is_compressed = value != NULL && strncasecmp(value, "identity", 8) != 0;
  value = field(head, end, "content-type:");
  request->is_json = value != NULL && strncasecmp(value, "application/json", 16) == 0;
  request->expects_continue = field(head, end, "expect:") != NULL;
  return request->length > body_bytes_max ? -1 : 1;
}

// Puts the content of a chunked message together in place. Returns the bytes that the whole
// message takes after its head, 0 when more must come; `*count` gets the size of the content.
// It may run again over the same bytes, so it moves nothing before the last chunk has come.
static size_t join_chunks(char *body, size_t room, size_t *count) {
  for (int pass = 0; pass < 2; pass++) {
    size_t at = 0, total = 0;
    for (;;) {
      char *end = memmem(body + at, room - at, "\r\n", 2);
      if (end == NULL) return 0;
      size_t size = strtoul(body + at, NULL, 16);
      at = (size_t)(end - body) + 2;
      if (size > body_bytes_max || at + size + 2 > room) return 0;
      if (pass == 1) memmove(body + total, body + at, size);
      total += size;
      at += size + 2;
      if (size > 0) continue;
      if (pass == 0) break;
      *count = total;
      return at;
    }
  }
  return 0;
}

static void add(const request *request, const char *body, size_t count) {
  for (int index = 0; index < signal_count; index++) {
    totals *one = &all[index];
    if (strcmp(request->path, one->path) != 0) continue;
    one->requests++;
    one->bytes += count;
    int64_t items = otlp_malformed;
    if (!request->is_compressed && !request->is_json) {
      items = otlp_items((const uint8_t *)body, count);
    }
    if (items >= 0) {
      one->items += (unsigned long long)items;
    } else {
      one->uncounted++;
    }
  }
}

// The answers are short and one at a time: a socket that has no room for one is given up.
static int answer(connection *connection, const request *request) {
  char text[1024], body[768] = "";
  const char *status = "200 OK", *type = "application/json";
  if (strcmp(request->path, "/totals") == 0) {
    format_totals(body, sizeof body);
  } else if (strncmp(request->path, "/v1/", 4) != 0 || !request->is_post) {
    status = "404 Not Found";
  } else if (request->is_json) {
    strcpy(body, "{}");
  } else {
    type = "application/x-protobuf";
  }
  int count = snprintf(
      text, sizeof text, "HTTP/1.1 %s\r\ncontent-type: %s\r\ncontent-length: %zu\r\n\r\n%s",
      status, type, strlen(body), body);
  return send(connection->fd, text, (size_t)count, MSG_NOSIGNAL) == count ? 0 : -1;
}

// Takes every whole request from the buffer. Returns -1 when the connection is to end.
static int take_requests(connection *connection) {
  request request;
  for (;;) {
    int found = parse_head(connection, &request);
    if (found <= 0) return found;
    char *body = connection->bytes + request.head_count;
    size_t room = connection->count - request.head_count;
    size_t count = request.length, taken = request.length;
    if (request.is_chunked) {
      taken = join_chunks(body, room, &count);
      if (taken == 0) return connection->count > body_bytes_max ? -1 : 0;
    } else if (room < count) {
      static const char more[] = "HTTP/1.1 100 Continue\r\n\r\n";
      if (request.expects_continue && room == 0) {
        send(connection->fd, more, sizeof more - 1, MSG_NOSIGNAL);
      }
      return 0;
    }
    add(&request, body, count);
    if (answer(connection, &request) < 0) return -1;
    connection->count -= request.head_count + taken;
    memmove(connection->bytes, body + taken, connection->count);
    if (connection->count == 0) return 0;
  }
}

// Reads once; level-triggered, so what is left is told again.
static int serve(connection *connection) {
  if (connection->capacity - connection->count < 65536) {
    connection->capacity = connection->capacity * 2 + 131072;
    connection->bytes = realloc(connection->bytes, connection->capacity);
    if (connection->bytes == NULL) die("realloc");
  }
  ssize_t count = recv(
      connection->fd, connection->bytes + connection->count,
      connection->capacity - connection->count, 0);
  if (count < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
  if (count == 0) return -1;
  connection->count += (size_t)count;
  return take_requests(connection);
}

static void watch(int poll, int fd, void *tag) {
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = tag};
  if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
}

static void accept_connection(int poll, int listener) {
  int on = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  connection *new = calloc(1, sizeof *new);
  if (new == NULL) die("calloc");
  new->fd = fd;
  watch(poll, fd, new);
}

static int listen_anywhere(void) {
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t count = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (bind(listener, (struct sockaddr *)&address, count) < 0) die("bind");
  if (listen(listener, 128) < 0) die("listen");
  getsockname(listener, (struct sockaddr *)&address, &count);
  printf("{\"message\":\"listening\",\"attributes\":{\"server.port\":%d}}\n",
      ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

int main(void) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  int stop = signalfd(-1, &signals, SFD_CLOEXEC), poll = epoll_create1(EPOLL_CLOEXEC);
  int listener = listen_anywhere();
  watch(poll, stop, &stop);
  watch(poll, listener, &listener);
  struct epoll_event events[events_max];
  for (;;) {
    int count = epoll_wait(poll, events, events_max, -1);
    for (int index = 0; index < count; index++) {
      void *tag = events[index].data.ptr;
      if (tag == &stop) {
        char text[768];
        format_totals(text, sizeof text);
        puts(text);
        return 0;
      }
      if (tag == &listener) {
        accept_connection(poll, listener);
      } else if (serve(tag) < 0) {
        close(((connection *)tag)->fd);
        free(((connection *)tag)->bytes);
        free(tag);
      }
    }
  }
}
