/* usage: race make   DIRECTORY STATE FILES BLOCKS
 *        race run    DIRECTORY STATE READS READERS WRITERS MAPPERS MAP-WRITERS [eio] [keep]
 *        race verify DIRECTORY STATE [durable]
 *
 * make writes FILES files of BLOCKS blocks of 4 KiB. run has threads open, read, map and write them, until READS blocks were read (0: until SIGTERM),
 * and holds every block against what was written last: a block of zeros, of another place, of an older generation or mixed of two is wrong. The first
 * half of the files is never written. Whoever releases and restores the files meanwhile is no concern of it. With eio, EIO is counted and not wrong, and EPERM, which the
 * kernel answers itself where a worker dies in the midst of taking an event;
 * with keep, no file is cut and written anew. verify looks at all blocks once; with durable, at whether they are as new as the last fsync(2) says.
 * Prints counts. Exit code: 1 with anything wrong, 3 when a thread hangs.
 */
#include "race.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST_THREADS = 128, MOST_TOLD = 20, HUNG_SECONDS = 120, READS_PER_OPEN = 6, WRITE_EVERY = 64, FSYNC_EVERY = 4, CUT_EVERY = 8 };

struct worker {
  pthread_t thread;
  uint64_t random;
  int maps, writes;
  _Atomic uint64_t steps;
  _Atomic uint32_t file;
};

static const char *directory;
static struct state *state;
static struct locks locks;
static struct worker workers[MOST_THREADS];
static int worker_count, allows_eio, keeps_size;
static _Atomic int stopped;
static _Atomic uint64_t wanted, reads, wrong, refused, writes;

static uint32_t chosen(struct worker *worker, uint32_t below) {
  worker->random ^= worker->random << 13;
  worker->random ^= worker->random >> 7;
  worker->random ^= worker->random << 17;
  return (uint32_t)((worker->random >> 11) % below);
}

static void tell(uint32_t file, uint32_t block, const char *how, const char *fault, uint32_t found, uint32_t expected) {
  if (atomic_fetch_add(&wrong, 1) >= MOST_TOLD) return;
  printf("wrong: file %u block %u by %s: %s, generation %u, expected %u\n", file, block, how, fault, found, expected);
  fflush(stdout);
}

static void compare(const unsigned char *bytes, uint32_t file, uint32_t block, const char *how) {
  const char *fault = "old";
  uint32_t expected = state->current[file][block], found = generation_of(bytes, file, block, &fault);
  if (found != expected) tell(file, block, how, fault, found, expected);
  if (atomic_fetch_add(&reads, 1) + 1 == wanted) stopped = 1;
}

/* True when the access may go on; an error that is none of the allowed ones counts as wrong. */
static int allowed(long result, uint32_t file, const char *call) {
  if (result >= 0) return 1;
  if ((errno == EIO || errno == EPERM) && allows_eio) refused++;
  else tell(file, 0, call, strerror(errno), 0, 0);
  return 0;
}

static int read_block(int fd, unsigned char *bytes, uint32_t file, uint32_t block) {
  ssize_t got = pread(fd, bytes, BLOCK, (off_t)block * BLOCK);
  if (!allowed(got, file, "pread")) return 0;
  if (got != BLOCK) tell(file, block, "pread", "cut short", (uint32_t)got, BLOCK);
  return got == BLOCK;
}

static void write_block(struct worker *worker, int fd, unsigned char *map, uint32_t file) {
  unsigned char bytes[BLOCK] __attribute__((aligned(8)));
  uint32_t block = chosen(worker, state->blocks);
  pthread_rwlock_wrlock(&locks.block[file][block]);
  uint32_t generation = state->current[file][block] + 1;
  fill_block(bytes, file, block, generation);
  if (map) memcpy(map + block * BLOCK, bytes, BLOCK);
  if (map || allowed(pwrite(fd, bytes, BLOCK, (off_t)block * BLOCK), file, "pwrite")) {
    state->current[file][block] = generation;
    writes++;
    if (chosen(worker, FSYNC_EVERY) == 0 && (map ? msync(map, state->blocks * BLOCK, MS_SYNC) : fsync(fd)) == 0) state->durable[file][block] = generation;
  }
  pthread_rwlock_unlock(&locks.block[file][block]);
}

/* The whole file anew, from nothing. */
static void rewrite(uint32_t file, const char *path) {
  unsigned char bytes[BLOCK] __attribute__((aligned(8)));
  pthread_rwlock_wrlock(&locks.file[file]);
  int fd = open(path, O_RDWR | O_TRUNC | O_CLOEXEC);
  if (allowed(fd, file, "open with O_TRUNC")) {
    for (uint32_t block = 0; block < state->blocks; block++) {
      uint32_t generation = ++state->current[file][block];
      fill_block(bytes, file, block, generation);
      if (!allowed(pwrite(fd, bytes, BLOCK, (off_t)block * BLOCK), file, "rewrite")) state->current[file][block]--;
      writes++;
    }
    close(fd);
  }
  pthread_rwlock_unlock(&locks.file[file]);
}

static void look(struct worker *worker, int fd, const unsigned char *map, uint32_t file) {
  unsigned char bytes[BLOCK] __attribute__((aligned(8)));
  uint32_t block = chosen(worker, state->blocks);
  pthread_rwlock_rdlock(&locks.block[file][block]);
  if (map) compare(map + block * BLOCK, file, block, "mmap");
  else if (read_block(fd, bytes, file, block)) compare(bytes, file, block, "pread");
  pthread_rwlock_unlock(&locks.block[file][block]);
}

static void step(struct worker *worker) {
  char path[4096];
  uint32_t file = worker->file = chosen(worker, state->files), half = state->files / 2;
  int writing = worker->writes && file >= half && chosen(worker, WRITE_EVERY) == 0;
  name_of(path, directory, file);
  if (writing && !worker->maps && !keeps_size && chosen(worker, CUT_EVERY) == 0) { rewrite(file, path); return; }
  pthread_rwlock_rdlock(&locks.file[file]);
  int fd = open(path, (writing ? O_RDWR : O_RDONLY) | O_CLOEXEC);
  unsigned char *map = NULL;
  if (!allowed(fd, file, "open")) goto end;
  if (worker->maps) {
    map = mmap(NULL, state->blocks * BLOCK, PROT_READ | (writing ? PROT_WRITE : 0), MAP_SHARED, fd, 0);
    if (!allowed(map == MAP_FAILED ? -1 : 0, file, "mmap")) { close(fd); goto end; }
    close(fd);
  }
  if (writing) write_block(worker, fd, map, file);
  for (uint32_t left = 1 + chosen(worker, READS_PER_OPEN); left > 0; left--) look(worker, fd, map, file);
  if (map) munmap(map, state->blocks * BLOCK);
  else close(fd);
end:
  pthread_rwlock_unlock(&locks.file[file]);
}

static void *work(void *argument) {
  struct worker *worker = argument;
  for (; !stopped; worker->steps++) step(worker);
  worker->steps = UINT64_MAX;
  return NULL;
}

static void on_term(int signal) { (void)signal; stopped = 1; }

/* Waits for all, and ends the program when one does not move. */
static void await(void) {
  uint64_t last[MOST_THREADS] = { 0 };
  int still[MOST_THREADS] = { 0 };
  for (int busy = 1; busy; ) {
    usleep(100000);
    busy = 0;
    for (int i = 0; i < worker_count; i++) {
      uint64_t steps = workers[i].steps;
      if (steps == UINT64_MAX) continue;
      busy = 1;
      still[i] = steps == last[i] ? still[i] + 1 : 0;
      last[i] = steps;
      if (still[i] < HUNG_SECONDS * 10) continue;
      printf("hung: thread %d at file %u; reads %llu, wrong %llu\n", i, workers[i].file, (unsigned long long)reads, (unsigned long long)wrong);
      fflush(stdout);
      _exit(3);
    }
  }
}

static void add_workers(int count, int maps, int writes_too) {
  for (; count > 0; count--, worker_count++)
    workers[worker_count] = (struct worker){ .random = 0x9e3779b97f4a7c15 * (uint64_t)(worker_count + 1) ^ (uint64_t)getpid() << 20, .maps = maps, .writes = writes_too };
}

static int run(char **words, int count) {
  wanted = strtoull(words[0], NULL, 10);
  add_workers(atoi(words[1]), 0, 0);
  add_workers(atoi(words[2]), 0, 1);
  add_workers(atoi(words[3]), 1, 0);
  add_workers(atoi(words[4]), 1, 1);
  for (int i = 5; i < count; i++) {
    allows_eio |= strcmp(words[i], "eio") == 0;
    keeps_size |= strcmp(words[i], "keep") == 0;
  }
  for (uint32_t file = 0; file < state->files; file++) {
    pthread_rwlock_init(&locks.file[file], NULL);
    for (uint32_t block = 0; block < state->blocks; block++) pthread_rwlock_init(&locks.block[file][block], NULL);
  }
  signal(SIGTERM, on_term);
  for (int i = 0; i < worker_count; i++)
    if (pthread_create(&workers[i].thread, NULL, work, &workers[i])) die("pthread_create", "");
  await();
  return 0;
}

static void make(void) {
  unsigned char bytes[BLOCK] __attribute__((aligned(8)));
  for (uint32_t file = 0; file < state->files; file++) {
    char path[4096];
    name_of(path, directory, file);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) die("open", path);
    for (uint32_t block = 0; block < state->blocks; block++) {
      state->current[file][block] = state->durable[file][block] = 1;
      fill_block(bytes, file, block, 1);
      if (pwrite(fd, bytes, BLOCK, (off_t)block * BLOCK) != BLOCK) die("pwrite", path);
    }
    if (fsync(fd) != 0) die("fsync", path);
    close(fd);
  }
}

static void verify(int durable) {
  unsigned char bytes[BLOCK] __attribute__((aligned(8)));
  for (uint32_t file = 0; file < state->files; file++) {
    char path[4096];
    name_of(path, directory, file);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (!allowed(fd, file, "open")) continue;
    for (uint32_t block = 0; block < state->blocks; block++) {
      if (!read_block(fd, bytes, file, block)) continue;
      if (!durable) { compare(bytes, file, block, "verify"); continue; }
      const char *fault = "older than its fsync";
      uint32_t found = generation_of(bytes, file, block, &fault);
      if (found < state->durable[file][block]) tell(file, block, "verify", fault, found, state->durable[file][block]);
      reads++;
    }
    close(fd);
  }
}

int main(int count, char **words) {
  if (count < 4) return fputs("usage: see race.c\n", stderr), 2;
  int makes = strcmp(words[1], "make") == 0;
  directory = words[2];
  state = open_state(words[3], makes && count > 5 ? (uint32_t)atoi(words[4]) : 0, makes && count > 5 ? (uint32_t)atoi(words[5]) : 0);
  if (state->files == 0 || state->files > MOST_FILES || state->blocks > MOST_BLOCKS) return fputs("race: no such number of files\n", stderr), 2;
  if (makes) make();
  else if (strcmp(words[1], "run") == 0 && count >= 9) run(words + 4, count - 4);
  else verify(count > 4);
  printf("reads %llu, wrong %llu, refused %llu, writes %llu\n", (unsigned long long)reads, (unsigned long long)wrong, (unsigned long long)refused, (unsigned long long)writes);
  return wrong ? 1 : 0;
}
