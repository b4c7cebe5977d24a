// A library for LD_PRELOAD that writes down everything a process does to the files below one folder, in the order in
// which it happens, and that can make the disk behave badly on request. Linux, glibc.
#ifndef SHIM_H
#define SHIM_H

#define _GNU_SOURCE
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

// What a record tells. The numbers are those of `kinds` in ../disk-log.ts.
enum kind {
  K_OPEN = 1,
  K_CLOSE,
  K_DUP,
  K_WRITE,
  K_TRUNCATE,
  K_SYNC_BEGIN,
  K_SYNC_END,
  K_SYNC_FAILED,
  K_RENAME,
  K_UNLINK,
  K_MKDIR,
  K_RMDIR,
  K_LINK,
};

// Before each record's path, second path and data. Little-endian; the layout is that of ../disk-log.ts.
struct record {
  uint32_t kind;
  uint32_t process;
  uint32_t thread;
  int32_t fd;
  int32_t other; // flags of an open, the new descriptor of a dup
  uint32_t path_bytes;
  uint32_t other_path_bytes;
  uint32_t reserved;
  int64_t offset; // of a write; the new length of a truncate
  uint64_t nanos; // CLOCK_MONOTONIC
  uint64_t data_bytes;
};

// Shared with the driver, which writes it: a file of this layout. The offsets are those of ../shim.ts.
struct control {
  volatile uint32_t sync_delay_micros; // longest wait before an fsync; a random part of it is taken
  volatile uint32_t sync_delay_least;  // the shortest
  volatile uint32_t fail_syncs;        // so many of the next fsyncs fail with EIO and keep nothing
  volatile uint32_t short_percent;     // so many writes of a hundred write only a part
  volatile int64_t space;              // bytes that may be written before ENOSPC; negative: no end
  volatile uint32_t failed_syncs;      // counted here: what was done to the process
  volatile uint32_t short_writes;
  volatile uint32_t refused_writes;
  volatile uint32_t lost_records; // not 0: the log is of no use
  char only[128];                 // faults strike only files whose path holds this text
  volatile uint32_t frozen;       // nothing is done to the disk while this is not 0
  volatile uint32_t inside;       // calls that are being done and written down
};

// log.c
void shim_start(void);
const char *shim_root(void);
struct control *shim_control(void);
void shim_lock(void);
void shim_unlock(void);
// Under the lock. `data` may be in several pieces, of which the first `bytes` bytes count.
void shim_record(enum kind kind, int fd, int other, int64_t offset, const char *path,
                 const char *other_path, const struct iovec *data, int pieces, size_t bytes);

// files.c. All but `file_path` are called under the lock.
// The path below the root that `path`, relative to `folder`, means; false for everything else.
bool file_path(int folder, const char *path, char *out);
void file_opened(int fd, const char *path, int flags);
void file_closed(int fd);
void file_copied(int from, int to);
// The path under which `fd` was opened; NULL for what is not below the root.
const char *file_of(int fd);

// faults.c
bool fault_strikes(const char *path);
// How many of `bytes` may be written: fewer for a short write, -1 for a full disk.
ssize_t fault_room(const char *path, size_t bytes);
bool fault_sync(const char *path);
void fault_wait(const char *path);

#endif
