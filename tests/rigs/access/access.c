/* usage: access MODE FILE OTHER
 *
 * Accesses FILE in one of the ways there are and prints a hash of the bytes it saw, and one of what FILE and OTHER hold thereafter. On a released file
 * the output must be that of an ordinary copy. A call that fails is printed with its error, and the exit code is 1. `access list` prints all modes.
 */
#include "access.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef LIBRARY
/* For the mode that loads FILE as a library: it is this source compiled another way. */
int answer(void) { return 42; }
#else

static const struct mode *const groups[] = { reading, mapping, changing, naming, mounting };
static uint64_t hash = 0xcbf29ce484222325;
static size_t seen;

long checked(const char *call, long result) {
  if (result >= 0) return result;
  printf("%s: %s\n", call, strerror(errno));
  exit(1);
}

int opened(const char *file, int flags) {
  int fd = open(file, flags | O_CLOEXEC);
  if (fd < 0) { printf("open %s: %s\n", file, strerror(errno)); exit(1); }
  return fd;
}

size_t size_of(int fd) {
  struct stat status;
  TRY(fstat(fd, &status));
  return (size_t)status.st_size;
}

void see(const void *bytes, size_t count) {
  const unsigned char *byte = bytes;
  for (size_t i = 0; i < count; i++) hash = (hash ^ byte[i]) * 0x100000001b3;
  seen += count;
}

void see_descriptor(int fd) {
  static char block[1 << 16];
  off_t offset = 0;
  for (ssize_t got; (got = TRY(pread(fd, block, sizeof block, offset))) > 0; offset += got) see(block, (size_t)got);
}

void see_file(const char *file) {
  int fd = opened(file, O_RDONLY);
  see_descriptor(fd);
  close(fd);
}

static void tell(const char *what) {
  printf("%s %016llx %zu\n", what, (unsigned long long)hash, seen);
  hash = 0xcbf29ce484222325;
  seen = 0;
}

static void tell_file(const char *file) {
  if (access(file, F_OK) != 0) { printf("%s is gone\n", file); return; }
  see_file(file);
  tell(file);
}

int main(int count, char **words) {
  if (count == 2 && strcmp(words[1], "list") == 0) {
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
      for (const struct mode *mode = groups[g]; mode->name; mode++) puts(mode->name);
    return 0;
  }

  /* A copy of this program that was released, run by the mode exec. */
  if (count == 2 && strcmp(words[1], "hello") == 0) return puts("hello from the executed file") < 0;
  if (count != 4) return fputs("usage: access MODE FILE OTHER | access list\n", stderr), 2;
  for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
    for (const struct mode *mode = groups[g]; mode->name; mode++) {
      if (strcmp(mode->name, words[1]) != 0) continue;
      mode->run(words[2], words[3]);
      tell("seen");
      tell_file(words[2]);
      tell_file(words[3]);
      return 0;
    }
  return fprintf(stderr, "access: no mode '%s'\n", words[1]), 2;
}
#endif
