/* Ways to map into memory, executing included. */
#include "access.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };

/* The descriptor is closed before the first page is looked at: from then on only the mapping holds the file. */
static char *mapped(const char *file, int protection, int flags, size_t *size) {
  int fd = opened(file, O_RDONLY);
  *size = size_of(fd);
  char *map = mmap(NULL, *size, protection, flags, fd, 0);
  if (map == MAP_FAILED) TRY(-1);
  close(fd);
  return map;
}

static void shared(const char *file, const char *other) {
  size_t size;
  char *map = mapped(file, PROT_READ, MAP_SHARED, &size);
  see(map, size);
}

static void private(const char *file, const char *other) {
  size_t size;
  char *map = mapped(file, PROT_READ | PROT_WRITE, MAP_PRIVATE, &size);
  map[PAGE] ^= 1;
  see(map, size);
}

static void populated(const char *file, const char *other) {
  size_t size;
  char *map = mapped(file, PROT_READ, MAP_SHARED | MAP_POPULATE, &size);
  see(map, size);
}

static void after_protection(const char *file, const char *other) {
  size_t size;
  char *map = mapped(file, PROT_NONE, MAP_SHARED, &size);
  TRY(mprotect(map, size, PROT_READ));
  see(map, size);
}

static void after_growth(const char *file, const char *other) {
  int fd = opened(file, O_RDONLY);
  size_t size = size_of(fd);
  char *map = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED) TRY(-1);
  close(fd);
  map = mremap(map, PAGE, size, MREMAP_MAYMOVE);
  if (map == MAP_FAILED) TRY(-1);
  see(map, size);
}

static void advised(const char *file, const char *other) {
  int fd = opened(file, O_RDONLY);
  size_t size = size_of(fd);
  TRY(-posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED));
  TRY(readahead(fd, 0, size));
  char *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (map == MAP_FAILED) TRY(-1);
  TRY(madvise(map, size, MADV_WILLNEED));
#ifdef MADV_POPULATE_READ
  TRY(madvise(map, size, MADV_POPULATE_READ));
#endif
  see(map, size);
}

static void executed(const char *file, const char *other) {
  char path[4096];
  snprintf(path, sizeof path, "./%s", file);
  fflush(stdout);
  pid_t child = (pid_t)TRY(fork());
  if (child == 0) {
    execl(path, path, "hello", (char *)NULL);
    _exit(126);
  }
  int status;
  TRY(waitpid(child, &status, 0));
  printf("it ended with %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
}

static void loaded(const char *file, const char *other) {
  char path[4096];
  snprintf(path, sizeof path, "./%s", file);
  void *library = dlopen(path, RTLD_NOW);
  int (*answer)(void) = library ? (int (*)(void))dlsym(library, "answer") : NULL;
  printf("the library answers %d%s\n", answer ? answer() : -1, library ? "" : dlerror());
}

static void written(const char *file, const char *other) {
  int fd = opened(file, O_RDWR);
  size_t size = size_of(fd);
  char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED) TRY(-1);
  close(fd);
  memcpy(map + 5000, "written through the map", 23);
  TRY(msync(map, size, MS_SYNC));
  see(map, size);
}

const struct mode mapping[] = {
  { "mmap-shared", shared }, { "mmap-private", private }, { "mmap-populate", populated }, { "mprotect", after_protection }, { "mremap", after_growth },
  { "readahead", advised }, { "exec", executed }, { "dlopen", loaded }, { "mmap-write", written }, { 0 },
};
