// Which descriptors are files below the root. A descriptor is checked by device and inode whenever it is used, so
// that one that was closed and given out again behind the library's back is not taken for the file it once was.
#include "shim.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { descriptors = 4096, longest_path = 512 };

static struct file {
  bool used;
  dev_t device;
  ino_t inode;
  char path[longest_path];
} files[descriptors];

bool file_path(int folder, const char *path, char *out) {
  const char *root = shim_root();
  if (root == NULL || path == NULL) return false;
  char whole[PATH_MAX * 2];
  if (path[0] == '/') {
    snprintf(whole, sizeof whole, "%s", path);
  } else {
    char link[64];
    if (folder == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
    else snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, whole, PATH_MAX - 1);
    if (length < 0) return false;
    snprintf(whole + length, sizeof whole - (size_t)length, "/%s", path);
  }
  size_t length = strlen(root);
  if (strncmp(whole, root, length) != 0) return false;
  if (whole[length] != '/' && whole[length] != 0) return false;
  // Without the doubled and trailing slashes, and the dots, that programs put into paths.
  char *end = out;
  for (const char *at = whole + length; *at != 0;) {
    while (*at == '/') at++;
    size_t part = strcspn(at, "/");
    if (part == 0) break;
    if (part != 1 || at[0] != '.') {
      if ((size_t)(end - out) + part + 2 > longest_path) return false;
      if (end != out) *end++ = '/';
      memcpy(end, at, part);
      end += part;
    }
    at += part;
  }
  *end = 0;
  return true;
}

void file_opened(int fd, const char *path, int flags) {
  struct stat now;
  if (fd < 0 || fd >= descriptors || fstat(fd, &now) != 0) return;
  struct file *file = &files[fd];
  file->used = true;
  file->device = now.st_dev;
  file->inode = now.st_ino;
  snprintf(file->path, sizeof file->path, "%s", path);
  shim_record(K_OPEN, fd, flags, 0, path, NULL, NULL, 0, 0);
}

void file_closed(int fd) {
  if (fd < 0 || fd >= descriptors || !files[fd].used) return;
  files[fd].used = false;
  shim_record(K_CLOSE, fd, 0, 0, NULL, NULL, NULL, 0, 0);
}

void file_copied(int from, int to) {
  if (from < 0 || from >= descriptors || to < 0 || to >= descriptors) return;
  if (file_of(from) == NULL) {
    files[to].used = false;
    return;
  }
  files[to] = files[from];
  shim_record(K_DUP, from, to, 0, NULL, NULL, NULL, 0, 0);
}

const char *file_of(int fd) {
  struct stat now;
  if (fd < 0 || fd >= descriptors || !files[fd].used) return NULL;
  struct file *file = &files[fd];
  if (fstat(fd, &now) == 0 && now.st_dev == file->device && now.st_ino == file->inode) {
    return file->path;
  }
  file->used = false;
  return NULL;
}
