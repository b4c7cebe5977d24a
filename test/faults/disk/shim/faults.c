// The disk that misbehaves: slow, full, refusing to sync, or writing less than it was given.
#include "shim.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint32_t random_below(uint32_t limit) {
  static volatile uint64_t state = 0x9e3779b97f4a7c15u;
  uint64_t mixed = __atomic_add_fetch(&state, 0x9e3779b97f4a7c15u, __ATOMIC_RELAXED);
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return limit == 0 ? 0 : (uint32_t)((mixed >> 33) % limit);
}

bool fault_strikes(const char *path) {
  const struct control *control = shim_control();
  return control->only[0] == 0 || strstr(path, control->only) != NULL;
}

ssize_t fault_room(const char *path, size_t bytes) {
  struct control *control = shim_control();
  if (!fault_strikes(path) || bytes == 0) return (ssize_t)bytes;
  size_t room = bytes;
  int64_t space = control->space;
  if (space >= 0) {
    if (space == 0) {
      control->refused_writes++;
      return -1;
    }
    if (room > (size_t)space) room = (size_t)space;
    control->space = space - (int64_t)room;
  }
  if (room > 1 && random_below(100) < control->short_percent) {
    control->short_writes++;
    room = 1 + random_below((uint32_t)room - 1);
  }
  return (ssize_t)room;
}

bool fault_sync(const char *path) {
  struct control *control = shim_control();
  if (control->fail_syncs == 0 || !fault_strikes(path)) return false;
  control->fail_syncs--;
  control->failed_syncs++;
  return true;
}

void fault_wait(const char *path) {
  const struct control *control = shim_control();
  uint32_t least = control->sync_delay_least, most = control->sync_delay_micros;
  if (most == 0 || !fault_strikes(path)) return;
  uint32_t micros = least + random_below(most > least ? most - least : 1);
  struct timespec wait = {.tv_sec = micros / 1000000, .tv_nsec = (micros % 1000000) * 1000L};
  nanosleep(&wait, NULL);
}
