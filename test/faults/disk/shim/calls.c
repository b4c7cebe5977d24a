// The library calls that stand in front of libc's. Everything but the waiting of an fsync happens under one lock, so
// that the log has the order in which the kernel saw it.
#include "shim.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// libc's own function of this name.
#define REAL(result, name, ...)                                                                    \
  static result (*real)(__VA_ARGS__);                                                              \
  if (real == NULL) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static mode_t mode_of(int flags, va_list rest) {
  return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
}

// Opens what is outside without the lock: a FIFO may wait for its other end.
#define OPENED(call, folder)                                                                       \
  char inside[PATH_MAX];                                                                           \
  bool ours = file_path(folder, path, inside);                                                     \
  if (ours) shim_lock();                                                                           \
  int fd = call;                                                                                   \
  int saved = errno;                                                                               \
  if (fd >= 0) {                                                                                   \
    if (!ours) shim_lock();                                                                        \
    file_closed(fd);                                                                               \
    if (ours) file_opened(fd, inside, flags);                                                      \
    if (!ours) shim_unlock();                                                                      \
  }                                                                                                \
  if (ours) shim_unlock();                                                                         \
  errno = saved;                                                                                   \
  return fd

#define OPEN(name)                                                                                 \
  int name(const char *path, int flags, ...) {                                                     \
    REAL(int, #name, const char *, int, ...);                                                      \
    va_list rest;                                                                                  \
    va_start(rest, flags);                                                                         \
    mode_t mode = mode_of(flags, rest);                                                            \
    va_end(rest);                                                                                  \
    OPENED(real(path, flags, mode), AT_FDCWD);                                                     \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                               \
  int name(int folder, const char *path, int flags, ...) {                                         \
    REAL(int, #name, int, const char *, int, ...);                                                 \
    va_list rest;                                                                                  \
    va_start(rest, flags);                                                                         \
    mode_t mode = mode_of(flags, rest);                                                            \
    va_end(rest);                                                                                  \
    OPENED(real(folder, path, flags, mode), folder);                                               \
  }
OPENAT(openat)
OPENAT(openat64)

int creat(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

int close(int fd) {
  REAL(int, "close", int);
  shim_lock();
  file_closed(fd);
  shim_unlock();
  return real(fd);
}

static int copied(int from, int to) {
  int saved = errno;
  shim_lock();
  if (to >= 0) file_copied(from, to);
  shim_unlock();
  errno = saved;
  return to;
}

int dup(int fd) {
  REAL(int, "dup", int);
  return copied(fd, real(fd));
}

int dup2(int fd, int to) {
  REAL(int, "dup2", int, int);
  return copied(fd, real(fd, to));
}

int dup3(int fd, int to, int flags) {
  REAL(int, "dup3", int, int, int);
  return copied(fd, real(fd, to, flags));
}

// Pieces of `data` that are `bytes` bytes together; the last may be a part. `made` has room for all.
static int first_bytes(const struct iovec *data, int pieces, size_t bytes, struct iovec *made) {
  int count = 0;
  for (; count < pieces && bytes > 0; count++) {
    made[count] = data[count];
    if (made[count].iov_len > bytes) made[count].iov_len = bytes;
    bytes -= made[count].iov_len;
  }
  return count;
}

// All writing comes here. `offset` is -1 for where the descriptor stands.
static ssize_t written(int fd, const struct iovec *data, int pieces, int64_t offset) {
  REAL(ssize_t, "writev", int, const struct iovec *, int);
  static ssize_t (*real_at)(int, const struct iovec *, int, off_t);
  if (real_at == NULL) {
    real_at = (ssize_t(*)(int, const struct iovec *, int, off_t))dlsym(RTLD_NEXT, "pwritev");
  }
  shim_lock();
  const char *path = file_of(fd);
  if (path == NULL) {
    shim_unlock();
    return offset < 0 ? real(fd, data, pieces) : real_at(fd, data, pieces, offset);
  }
  size_t bytes = 0;
  for (int piece = 0; piece < pieces; piece++) bytes += data[piece].iov_len;
  ssize_t room = fault_room(path, bytes);
  ssize_t done = -1;
  int failure = ENOSPC;
  if (room >= 0 && pieces <= IOV_MAX) {
    struct iovec *made = malloc(sizeof *made * (size_t)(pieces + 1));
    int count = first_bytes(data, pieces, (size_t)room, made);
    done = offset < 0 ? real(fd, made, count) : real_at(fd, made, count, offset);
    failure = errno;
    free(made);
  }
  if (done > 0) {
    int64_t at = offset;
    struct stat now;
    if (offset < 0) at = lseek(fd, 0, SEEK_CUR) - done;
    // Linux appends here whatever offset is given: BUGS in pwrite(2).
    else if ((fcntl(fd, F_GETFL) & O_APPEND) != 0 && fstat(fd, &now) == 0) at = now.st_size - done;
    shim_record(K_WRITE, fd, 0, at, NULL, NULL, data, pieces, (size_t)done);
  }
  shim_unlock();
  if (done < 0) errno = failure;
  return done;
}

ssize_t write(int fd, const void *data, size_t bytes) {
  struct iovec one = {.iov_base = (void *)data, .iov_len = bytes};
  return written(fd, &one, 1, -1);
}

ssize_t pwrite(int fd, const void *data, size_t bytes, off_t offset) {
  struct iovec one = {.iov_base = (void *)data, .iov_len = bytes};
  return written(fd, &one, 1, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t offset) {
  return pwrite(fd, data, bytes, offset);
}

ssize_t writev(int fd, const struct iovec *data, int pieces) {
  return written(fd, data, pieces, -1);
}

ssize_t pwritev(int fd, const struct iovec *data, int pieces, off_t offset) {
  return written(fd, data, pieces, offset);
}

ssize_t pwritev64(int fd, const struct iovec *data, int pieces, off64_t offset) {
  return written(fd, data, pieces, offset);
}

ssize_t pwritev2(int fd, const struct iovec *data, int pieces, off_t offset, int flags) {
  (void)flags;
  return written(fd, data, pieces, offset);
}

ssize_t pwritev64v2(int fd, const struct iovec *data, int pieces, off64_t offset, int flags) {
  return pwritev2(fd, data, pieces, offset, flags);
}

int ftruncate(int fd, off_t length) {
  REAL(int, "ftruncate", int, off_t);
  shim_lock();
  int done = real(fd, length);
  int failure = errno;
  if (done == 0 && file_of(fd) != NULL) {
    shim_record(K_TRUNCATE, fd, 0, length, NULL, NULL, NULL, 0, 0);
  }
  shim_unlock();
  errno = failure;
  return done;
}

int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

// Space that is set aside grows the file. A hole that is punched would have to be written down as zeros: refused.
int fallocate(int fd, int mode, off_t offset, off_t length) {
  REAL(int, "fallocate", int, int, off_t, off_t);
  shim_lock();
  bool ours = file_of(fd) != NULL;
  if (ours && mode != 0) {
    shim_unlock();
    errno = EOPNOTSUPP;
    return -1;
  }
  struct stat before;
  int known = fstat(fd, &before);
  int done = real(fd, mode, offset, length);
  int failure = errno;
  if (ours && done == 0 && known == 0 && offset + length > before.st_size) {
    shim_record(K_TRUNCATE, fd, 0, offset + length, NULL, NULL, NULL, 0, 0);
  }
  shim_unlock();
  errno = failure;
  return done;
}

int fallocate64(int fd, int mode, off64_t offset, off64_t length) {
  return fallocate(fd, mode, offset, length);
}

int posix_fallocate(int fd, off_t offset, off_t length) {
  return fallocate(fd, 0, offset, length) == 0 ? 0 : errno;
}

int posix_fallocate64(int fd, off64_t offset, off64_t length) {
  return posix_fallocate(fd, offset, length);
}

// The kernel copies nothing in files of ours: the caller then falls back on reading and writing.
ssize_t copy_file_range(int from, off64_t *at, int to, off64_t *there, size_t bytes, unsigned flags) {
  REAL(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned);
  shim_lock();
  bool ours = file_of(to) != NULL;
  shim_unlock();
  if (!ours) return real(from, at, to, there, bytes, flags);
  errno = EXDEV;
  return -1;
}

// libuv asks the kernel for a copy without libc.
long syscall(long number, ...) {
  REAL(long, "syscall", long, ...);
  va_list rest;
  long given[6];
  va_start(rest, number);
  for (int nth = 0; nth < 6; nth++) given[nth] = va_arg(rest, long);
  va_end(rest);
  if (number == SYS_copy_file_range) {
    return copy_file_range((int)given[0], (off64_t *)given[1], (int)given[2], (off64_t *)given[3],
                           (size_t)given[4], (unsigned)given[5]);
  }
  return real(number, given[0], given[1], given[2], given[3], given[4], given[5]);
}

ssize_t sendfile(int to, int from, off_t *at, size_t bytes) {
  REAL(ssize_t, "sendfile", int, int, off_t *, size_t);
  shim_lock();
  bool ours = file_of(to) != NULL;
  shim_unlock();
  if (!ours) return real(to, from, at, bytes);
  errno = EINVAL;
  return -1;
}

ssize_t sendfile64(int to, int from, off64_t *at, size_t bytes) {
  return sendfile(to, from, at, bytes);
}

static int synced(int fd, int (*real)(int)) {
  char path[PATH_MAX];
  shim_lock();
  const char *file = file_of(fd);
  if (file == NULL) {
    shim_unlock();
    return real(fd);
  }
  snprintf(path, sizeof path, "%s", file);
  bool fails = fault_sync(path);
  shim_record(fails ? K_SYNC_FAILED : K_SYNC_BEGIN, fd, 0, 0, NULL, NULL, NULL, 0, 0);
  shim_unlock();
  fault_wait(path);
  if (fails) {
    errno = EIO;
    return -1;
  }
  int done = real(fd);
  int failure = errno;
  shim_lock();
  if (done == 0) shim_record(K_SYNC_END, fd, 0, 0, NULL, NULL, NULL, 0, 0);
  shim_unlock();
  errno = failure;
  return done;
}

int fsync(int fd) {
  REAL(int, "fsync", int);
  return synced(fd, real);
}

int fdatasync(int fd) {
  REAL(int, "fdatasync", int);
  return synced(fd, real);
}

#include "names.inc.c"
