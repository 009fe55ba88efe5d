/* usage: model DIRECTORY FILES ROUNDS SEED [cuts]
 *
 * Reads, writes, maps, cuts and punches files at random and holds each against a copy in memory, as fsx does. A round stays with one file for a while, so
 * that the others can be exported and released meanwhile. Everything random comes from the seed. At the end all files are read. The first difference ends
 * it: it is printed with the round and the operation, exit code 1. SIGALRM ends it when an operation takes too long. With "cuts", most of what changes
 * files is truncate(2), which has nothing of a file open.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_BYTES = 300000, MOST_FILES = 64, STEPS_PER_ROUND = 24, WRITING_STEPS = 4, HUNG_SECONDS = 120 };

struct copy { unsigned char bytes[MOST_BYTES]; size_t size; };

static struct copy *copies;
static uint64_t state;
static unsigned long round_number;
static const char *operation = "start";
static char path[4096];

static uint32_t random_below(uint32_t below) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(((state >> 32) * below) >> 32);
}

static void fail(const char *what, long a, long b) {
  printf("round %lu, %s of %s: %s (%ld, %ld; %s)\n", round_number, operation, path, what, a, b, errno ? strerror(errno) : "no error");
  exit(1);
}

static long checked(long result) {
  if (result < 0) fail("failed", result, errno);
  return result;
}

static int opened(int flags) { return (int)checked(open(path, flags | O_CLOEXEC, 0644)); }

static void compare(const struct copy *copy, const unsigned char *bytes, size_t offset, size_t count) {
  if (memcmp(copy->bytes + offset, bytes, count) == 0) return;
  size_t at = 0;
  while (copy->bytes[offset + at] == bytes[at]) at++;
  errno = 0;
  fail(bytes[at] == 0 ? "a wrong zero at" : "a wrong byte at", (long)(offset + at), bytes[at]);
}

static void check_size(const struct copy *copy, int fd) {
  struct stat status;
  checked(fstat(fd, &status));
  if ((size_t)status.st_size != copy->size) fail("the size is", (long)status.st_size, (long)copy->size);
}

/* A stretch within the file; false when it is empty. */
static int stretch(const struct copy *copy, size_t *offset, size_t *count) {
  if (copy->size == 0) return 0;
  *offset = random_below((uint32_t)copy->size);
  *count = 1 + random_below((uint32_t)(copy->size - *offset < 20000 ? copy->size - *offset : 20000));
  if (*count > copy->size - *offset) *count = copy->size - *offset;
  return 1;
}

static void read_some(struct copy *copy) {
  static unsigned char bytes[MOST_BYTES];
  size_t offset = 0, count = 0;
  operation = "read";
  int fd = opened(O_RDONLY);
  check_size(copy, fd);
  for (int times = 1 + (int)random_below(3); times > 0 && stretch(copy, &offset, &count); times--) {
    long got = checked(pread(fd, bytes, count, (off_t)offset));
    if ((size_t)got != count) fail("read short", got, (long)count);
    compare(copy, bytes, offset, count);
  }
  close(fd);
}

static void read_mapped(struct copy *copy) {
  operation = "mapped read";
  size_t offset, count;
  int fd = opened(O_RDONLY);
  check_size(copy, fd);
  if (!stretch(copy, &offset, &count)) { close(fd); return; }
  unsigned char *map = mmap(NULL, copy->size, PROT_READ, random_below(2) ? MAP_SHARED : MAP_PRIVATE, fd, 0);
  if (map == MAP_FAILED) fail("failed", 0, 0);
  close(fd);
  compare(copy, map + offset, offset, count);
  munmap(map, copy->size);
}

static void fill(unsigned char *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) bytes[i] = (unsigned char)(1 + random_below(255));
}

static void write_some(struct copy *copy) {
  operation = "write";
  size_t offset = random_below(MOST_BYTES - 1), count = 1 + random_below(30000);
  if (random_below(2) && copy->size > 0) offset = random_below((uint32_t)copy->size);
  if (count > MOST_BYTES - offset) count = MOST_BYTES - offset;
  fill(copy->bytes + offset, count);
  int fd = opened(O_WRONLY);
  for (size_t done = 0; done < count;) done += (size_t)checked(pwrite(fd, copy->bytes + offset + done, count - done, (off_t)(offset + done)));
  if (offset + count > copy->size) copy->size = offset + count;
  if (random_below(4) == 0) checked(fsync(fd));
  close(fd);
}

static void append(struct copy *copy) {
  operation = "append";
  size_t count = 1 + random_below(5000);
  if (copy->size + count > MOST_BYTES) return;
  fill(copy->bytes + copy->size, count);
  int fd = opened(O_WRONLY | O_APPEND);
  if ((size_t)checked(write(fd, copy->bytes + copy->size, count)) != count) fail("written short", 0, 0);
  copy->size += count;
  close(fd);
}

static void write_mapped(struct copy *copy) {
  operation = "mapped write";
  size_t offset, count;
  if (!stretch(copy, &offset, &count)) return;
  int fd = opened(O_RDWR);
  check_size(copy, fd);
  unsigned char *map = mmap(NULL, copy->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED) fail("failed", 0, 0);
  close(fd);
  fill(copy->bytes + offset, count);
  memcpy(map + offset, copy->bytes + offset, count);
  munmap(map, copy->size);
}

static void set_size(struct copy *copy, size_t size) {
  if (size < copy->size) memset(copy->bytes + size, 0, copy->size - size);
  copy->size = size;
}

static size_t new_size(const struct copy *copy) {
  return random_below(random_below(3) > 0 && copy->size > 0 ? (uint32_t)copy->size : MOST_BYTES);
}

static void cut_by_path(struct copy *copy) {
  operation = "truncate";
  size_t size = new_size(copy);
  checked(truncate(path, (off_t)size));
  set_size(copy, size);
}

static void cut(struct copy *copy) {
  if (random_below(2)) { cut_by_path(copy); return; }
  operation = "ftruncate";
  size_t size = new_size(copy);
  int fd = opened(O_RDWR);
  checked(ftruncate(fd, (off_t)size));
  close(fd);
  set_size(copy, size);
}

static void empty(struct copy *copy) {
  operation = "open with O_TRUNC";
  close(opened(O_WRONLY | O_TRUNC));
  set_size(copy, 0);
  write_some(copy);
}

static void punch(struct copy *copy) {
  operation = "punch";
  size_t offset, count;
  if (!stretch(copy, &offset, &count)) return;
  int fd = opened(O_RDWR);
  checked(fallocate(fd, random_below(2) ? FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE : FALLOC_FL_ZERO_RANGE, (off_t)offset, (off_t)count));
  close(fd);
  memset(copy->bytes + offset, 0, count);
}

/* A new file takes the name, as editors do. */
static void replace(struct copy *copy) {
  operation = "replace";
  char name[4100];
  snprintf(name, sizeof name, "%s.new", path);
  int fd = (int)checked(open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  set_size(copy, 0);
  copy->size = 1 + random_below(MOST_BYTES - 1);
  fill(copy->bytes, copy->size);
  for (size_t done = 0; done < copy->size;) done += (size_t)checked(write(fd, copy->bytes + done, copy->size - done));
  close(fd);
  checked(rename(name, path));
}

typedef void (*const change)(struct copy *);
static change all[] = { write_some, write_some, append, write_mapped, write_mapped, cut, empty, punch, replace };
static change cuts[] = { write_some, append, cut_by_path, cut_by_path, cut_by_path, cut_by_path, cut_by_path, cut_by_path };

int main(int count, char **words) {
  if (count != 5 && !(count == 6 && strcmp(words[5], "cuts") == 0)) return fputs("usage: model DIRECTORY FILES ROUNDS SEED [cuts]\n", stderr), 2;
  change *changes = count == 6 ? cuts : all;
  uint32_t kinds = count == 6 ? sizeof cuts / sizeof *cuts : sizeof all / sizeof *all;
  setvbuf(stdout, NULL, _IOLBF, 0);
  uint32_t files = (uint32_t)atoi(words[2]);
  unsigned long rounds = strtoul(words[3], NULL, 10);
  if (files == 0 || files > MOST_FILES) return 2;
  copies = calloc(files, sizeof *copies);
  state = strtoull(words[4], NULL, 10) * 0x9e3779b97f4a7c15 + 1;
  for (uint32_t file = 0; file < files; file++) {
    snprintf(path, sizeof path, "%s/m%u", words[1], file);
    replace(&copies[file]);
  }
  puts("ready");
  signal(SIGALRM, SIG_DFL);
  for (round_number = 1; round_number <= rounds; round_number++) {
    alarm(HUNG_SECONDS);
    uint32_t file = random_below(files);
    snprintf(path, sizeof path, "%s/m%u", words[1], file);

    /* Half of the rounds only read, so that files stay as they were exported. */
    int writes = random_below(2) ? (int)random_below(WRITING_STEPS) : 0;
    for (int step = 0; step < STEPS_PER_ROUND; step++) {
      if (writes > 0 && random_below(4) == 0) { changes[random_below(kinds)](&copies[file]); writes--; }
      else if (random_below(3) == 0) read_mapped(&copies[file]);
      else read_some(&copies[file]);
    }
  }
  for (uint32_t file = 0; file < files; file++) {
    static unsigned char bytes[MOST_BYTES];
    snprintf(path, sizeof path, "%s/m%u", words[1], file);
    operation = "last read";
    int fd = opened(O_RDONLY);
    check_size(&copies[file], fd);
    if ((size_t)checked(read(fd, bytes, MOST_BYTES)) != copies[file].size) fail("read short", 0, 0);
    compare(&copies[file], bytes, 0, copies[file].size);
    close(fd);
  }
  printf("%lu rounds over %u files: all as it should be\n", rounds, files);
  return 0;
}
