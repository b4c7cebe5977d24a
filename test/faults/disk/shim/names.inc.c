// Calls that change which names there are. Part of calls.c, for it needs its macros.

static int renamed(int done, int folder, const char *from, int new_folder, const char *to) {
  char source[PATH_MAX], target[PATH_MAX];
  int failure = errno;
  bool leaves = file_path(folder, from, source), arrives = file_path(new_folder, to, target);
  if (done == 0 && (leaves || arrives)) {
    // What comes in from elsewhere was never written down, and what leaves is as good as removed.
    if (leaves && arrives) shim_record(K_RENAME, -1, 0, 0, source, target, NULL, 0, 0);
    else if (leaves) shim_record(K_UNLINK, -1, 0, 0, source, NULL, NULL, 0, 0);
    else shim_control()->lost_records++;
  }
  shim_unlock();
  errno = failure;
  return done;
}

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  shim_lock();
  return renamed(real(from, to), AT_FDCWD, from, AT_FDCWD, to);
}

int renameat(int folder, const char *from, int new_folder, const char *to) {
  REAL(int, "renameat", int, const char *, int, const char *);
  shim_lock();
  return renamed(real(folder, from, new_folder, to), folder, from, new_folder, to);
}

int renameat2(int folder, const char *from, int new_folder, const char *to, unsigned flags) {
  REAL(int, "renameat2", int, const char *, int, const char *, unsigned);
  shim_lock();
  return renamed(real(folder, from, new_folder, to, flags), folder, from, new_folder, to);
}

static int named(int done, enum kind kind, int folder, const char *path) {
  char inside[PATH_MAX];
  int failure = errno;
  if (done == 0 && file_path(folder, path, inside)) {
    shim_record(kind, -1, 0, 0, inside, NULL, NULL, 0, 0);
  }
  shim_unlock();
  errno = failure;
  return done;
}

int unlink(const char *path) {
  REAL(int, "unlink", const char *);
  shim_lock();
  return named(real(path), K_UNLINK, AT_FDCWD, path);
}

int unlinkat(int folder, const char *path, int flags) {
  REAL(int, "unlinkat", int, const char *, int);
  shim_lock();
  return named(real(folder, path, flags), (flags & AT_REMOVEDIR) != 0 ? K_RMDIR : K_UNLINK, folder,
               path);
}

int remove(const char *path) {
  struct stat now;
  bool folder = lstat(path, &now) == 0 && S_ISDIR(now.st_mode);
  return folder ? rmdir(path) : unlink(path);
}

int mkdir(const char *path, mode_t mode) {
  REAL(int, "mkdir", const char *, mode_t);
  shim_lock();
  return named(real(path, mode), K_MKDIR, AT_FDCWD, path);
}

int mkdirat(int folder, const char *path, mode_t mode) {
  REAL(int, "mkdirat", int, const char *, mode_t);
  shim_lock();
  return named(real(folder, path, mode), K_MKDIR, folder, path);
}

int rmdir(const char *path) {
  REAL(int, "rmdir", const char *);
  shim_lock();
  return named(real(path), K_RMDIR, AT_FDCWD, path);
}

int truncate(const char *path, off_t length) {
  int fd = open(path, O_WRONLY);
  if (fd < 0) return -1;
  int done = ftruncate(fd, length);
  int failure = errno;
  close(fd);
  errno = failure;
  return done;
}

int truncate64(const char *path, off64_t length) { return truncate(path, length); }

int link(const char *from, const char *to) {
  REAL(int, "link", const char *, const char *);
  char source[PATH_MAX], target[PATH_MAX];
  shim_lock();
  int done = real(from, to);
  int failure = errno;
  if (done == 0 && file_path(AT_FDCWD, to, target)) {
    if (file_path(AT_FDCWD, from, source)) {
      shim_record(K_LINK, -1, 0, 0, source, target, NULL, 0, 0);
    } else {
      shim_control()->lost_records++;
    }
  }
  shim_unlock();
  errno = failure;
  return done;
}
