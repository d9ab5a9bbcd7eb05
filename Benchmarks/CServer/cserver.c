// The limit: what HTTP/1.1 over epoll costs when the answer is fixed and almost nothing is done.
//
// It accepts on one listening socket per thread (SO_REUSEPORT), registers each connection once,
// edge-triggered, keeps connections alive, answers pipelined requests in one send, waits for the
// end of a head however it is cut into segments, and compares method and target. It answers
// `GET /health` with the same fields and content as the order service, all else with 404. It does
// not look at fields: a request with content is beyond it, and so is everything a real server owes
// its clients. Hence no server that does more can be faster, which is what makes it a measure.
//
// usage: cserver [threads]      (port 0 on 127.0.0.1; prints the port it got)

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { input_bytes_max = 8192, output_bytes_max = 65536, events_max = 128, threads_max = 64 };

typedef struct {
  int fd;
  size_t input_count, output_count, output_sent;
  char input[input_bytes_max];
  char output[output_bytes_max];
} connection;

typedef struct {
  int listener, poll;
  time_t second;
  size_t answer_count;
  char answer[512];
} loop;

#define BODY "{\"status\":\"ok\",\"environment\":\"dev\",\"service_name\":\"order-service\"}"
#define MISSING "{\"detail\":\"Not Found\"}"

static void die(const char *what) {
  perror(what);
  exit(1);
}

// The answer changes once a second, with its date.
static void refresh_answer(loop *loop) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (now.tv_sec == loop->second) return;
  loop->second = now.tv_sec;
  struct tm date;
  gmtime_r(&now.tv_sec, &date);
  char field[64];
  strftime(field, sizeof field, "%a, %d %b %Y %H:%M:%S GMT", &date);
  loop->answer_count = (size_t)snprintf(
      loop->answer, sizeof loop->answer,
      "HTTP/1.1 200 OK\r\ndate: %s\r\nserver: ostack\r\ncontent-length: %zu\r\n"
      "content-type: application/json\r\n\r\n%s",
      field, sizeof BODY - 1, BODY);
}

static void append_answer(connection *connection, const loop *loop, int is_known) {
  static const char missing[] =
      "HTTP/1.1 404 Not Found\r\ncontent-length: 22\r\ncontent-type: application/json\r\n\r\n"
      MISSING;
  const char *bytes = is_known ? loop->answer : missing;
  size_t count = is_known ? loop->answer_count : sizeof missing - 1;
  memcpy(connection->output + connection->output_count, bytes, count);
  connection->output_count += count;
}

// Returns where the head that begins at `at` ends, behind its empty line, or NULL when it is not
// whole. Line by line by memchr: less than half the instructions of one memmem.
static const char *head_end(const char *at, const char *limit) {
  while ((at = memchr(at, '\n', (size_t)(limit - at))) != NULL) {
    at++;
    if (limit - at >= 2 && at[0] == '\r' && at[1] == '\n') return at + 2;
  }
  return NULL;
}

// Answers the whole requests in the input, as far as the output has room. Returns how many bytes
// of the input they were.
static size_t answer_requests(connection *connection, const loop *loop) {
  static const char known[] = "GET /health HTTP/1.1\r\n";
  size_t start = 0;
  while (connection->output_count + sizeof loop->answer <= output_bytes_max) {
    const char *head = connection->input + start;
    const char *end = head_end(head, connection->input + connection->input_count);
    if (end == NULL) break;
    size_t count = (size_t)(end - head);
    int is_known = count >= sizeof known - 1 && memcmp(head, known, sizeof known - 1) == 0;
    append_answer(connection, loop, is_known);
    start += count;
  }
  connection->input_count -= start;
  if (start > 0) memmove(connection->input, connection->input + start, connection->input_count);
  return start;
}

// Returns 1 when all is sent, 0 when the peer must read first, -1 when the connection is dead.
static int send_output(connection *connection) {
  while (connection->output_sent < connection->output_count) {
    ssize_t count = send(
        connection->fd, connection->output + connection->output_sent,
        connection->output_count - connection->output_sent, MSG_NOSIGNAL);
    if (count < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN ? 0 : -1;
    }
    connection->output_sent += (size_t)count;
  }
  connection->output_sent = connection->output_count = 0;
  return 1;
}

// Answers, sends and reads until the socket has no more to give. Returns -1 at the end.
static int serve(connection *connection, const loop *loop) {
  int is_drained = 0;
  for (;;) {
    size_t answered = answer_requests(connection, loop);
    int sent = send_output(connection);
    if (sent <= 0) return sent;
    if (answered > 0 && connection->input_count > 0) continue;
    if (is_drained) return 0;
    size_t room = input_bytes_max - connection->input_count;
    if (room == 0) return -1;  // a head that does not fit
    ssize_t count =
        recv(connection->fd, connection->input + connection->input_count, room, 0);
    if (count == 0) return -1;
    if (count < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN ? 0 : -1;
    }
    connection->input_count += (size_t)count;
    // A short read has emptied the socket: a new edge will tell of more.
    is_drained = (size_t)count < room;
  }
}

static void accept_connections(loop *loop) {
  for (;;) {
    int fd = accept4(loop->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      return;
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection *connection = malloc(sizeof *connection);
    if (connection == NULL) die("malloc");
    connection->fd = fd;
    connection->input_count = connection->output_count = connection->output_sent = 0;
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = connection};
    if (epoll_ctl(loop->poll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
  }
}

static void *run(void *argument) {
  loop *loop = argument;
  struct epoll_event events[events_max];
  for (;;) {
    int count = epoll_wait(loop->poll, events, events_max, -1);
    refresh_answer(loop);
    for (int index = 0; index < count; index++) {
      connection *connection = events[index].data.ptr;
      if (connection == NULL) {
        accept_connections(loop);
      } else if (
          serve(connection, loop) < 0 ||
          (events[index].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))) {
        close(connection->fd);
        free(connection);
      }
    }
  }
  return NULL;
}

static void listen_on(loop *loop, struct sockaddr_in *address) {
  int on = 1;
  loop->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  setsockopt(loop->listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (bind(loop->listener, (struct sockaddr *)address, sizeof *address) < 0) die("bind");
  if (listen(loop->listener, 1024) < 0) die("listen");
  socklen_t count = sizeof *address;
  getsockname(loop->listener, (struct sockaddr *)address, &count);
  loop->poll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = NULL};
  if (epoll_ctl(loop->poll, EPOLL_CTL_ADD, loop->listener, &event) < 0) die("epoll_ctl");
}

int main(int count, char **arguments) {
  long threads = count > 1 ? atol(arguments[1]) : sysconf(_SC_NPROCESSORS_ONLN);
  if (threads < 1 || threads > threads_max) {
    fprintf(stderr, "usage: %s [threads, 1 to %d]\n", arguments[0], threads_max);
    return 64;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, NULL);  // for all threads: main waits for them below
  static loop loops[threads_max];
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  for (long index = 0; index < threads; index++) listen_on(&loops[index], &address);
  for (long index = 0; index < threads; index++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, &loops[index]) != 0) die("pthread_create");
  }
  printf("{\"message\":\"listening\",\"attributes\":{\"server.port\":%d}}\n",
      ntohs(address.sin_port));
  fflush(stdout);
  // A signal ends it by its normal way out, so that profilers write their results.
  int signal_number;
  sigwait(&signals, &signal_number);
  return 0;
}
