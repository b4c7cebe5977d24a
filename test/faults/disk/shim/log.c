// The log: one append per record, so that records of several processes never mix.
#include "shim.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int log_fd = -1;
static char root[4096];
static struct control quiet = {.space = -1};
static struct control *control = &quiet;

// The library's own calls go to the kernel directly: it must not write itself down.
static int raw_open(const char *path, int flags) {
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0644);
}

static void lock_for_fork(void) { pthread_mutex_lock(&mutex); }
static void unlock_after_fork(void) { pthread_mutex_unlock(&mutex); }

static void start(void) {
  // A child gets the lock as it is: it must not be another thread's, which the child does not have.
  pthread_atfork(lock_for_fork, unlock_after_fork, unlock_after_fork);
  const char *folder = getenv("SHIM_ROOT");
  const char *log = getenv("SHIM_LOG");
  const char *shared = getenv("SHIM_CONTROL");
  if (folder == NULL || strlen(folder) >= sizeof root) return;
  if (shared != NULL) {
    int fd = raw_open(shared, O_RDWR);
    void *map = fd < 0 ? MAP_FAILED
                       : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map != MAP_FAILED) control = map;
    if (fd >= 0) syscall(SYS_close, fd);
  }
  if (log != NULL) log_fd = raw_open(log, O_WRONLY | O_CREAT | O_APPEND);
  // Out of the way of descriptors that the program counts on or closes in bulk.
  if (log_fd >= 0 && log_fd < 900) {
    int high = (int)syscall(SYS_fcntl, log_fd, F_DUPFD_CLOEXEC, 900);
    if (high >= 0) {
      syscall(SYS_close, log_fd);
      log_fd = high;
    }
  }
  strcpy(root, folder);
}

void shim_start(void) { pthread_once(&once, start); }

const char *shim_root(void) {
  shim_start();
  return root[0] == 0 ? NULL : root;
}

struct control *shim_control(void) {
  shim_start();
  return control;
}

// Whoever kills the process freezes it first: between a call and its record it must not die, or the log lies.
void shim_lock(void) {
  shim_start();
  pthread_mutex_lock(&mutex);
  for (;;) {
    __atomic_add_fetch(&control->inside, 1, __ATOMIC_SEQ_CST);
    if (control->frozen == 0) return;
    __atomic_sub_fetch(&control->inside, 1, __ATOMIC_SEQ_CST);
    struct timespec wait = {.tv_nsec = 200000};
    nanosleep(&wait, NULL);
  }
}

void shim_unlock(void) {
  __atomic_sub_fetch(&control->inside, 1, __ATOMIC_SEQ_CST);
  pthread_mutex_unlock(&mutex);
}

void shim_record(enum kind kind, int fd, int other, int64_t offset, const char *path,
                 const char *other_path, const struct iovec *data, int pieces, size_t bytes) {
  if (log_fd < 0) return;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  struct record head = {
      .kind = kind,
      .process = (uint32_t)getpid(),
      .thread = (uint32_t)syscall(SYS_gettid),
      .fd = fd,
      .other = other,
      .path_bytes = path == NULL ? 0 : (uint32_t)strlen(path),
      .other_path_bytes = other_path == NULL ? 0 : (uint32_t)strlen(other_path),
      .offset = offset,
      .nanos = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec,
      .data_bytes = bytes,
  };
  size_t total = sizeof head + head.path_bytes + head.other_path_bytes + bytes;
  char *whole = malloc(total);
  if (whole == NULL) {
    control->lost_records++;
    return;
  }
  char *end = whole;
  memcpy(end, &head, sizeof head);
  end += sizeof head;
  if (head.path_bytes > 0) memcpy(end, path, head.path_bytes);
  end += head.path_bytes;
  if (head.other_path_bytes > 0) memcpy(end, other_path, head.other_path_bytes);
  end += head.other_path_bytes;
  for (int piece = 0; piece < pieces && bytes > 0; piece++) {
    size_t part = data[piece].iov_len < bytes ? data[piece].iov_len : bytes;
    memcpy(end, data[piece].iov_base, part);
    end += part;
    bytes -= part;
  }
  if (syscall(SYS_write, log_fd, whole, total) != (long)total) control->lost_records++;
  free(whole);
}
