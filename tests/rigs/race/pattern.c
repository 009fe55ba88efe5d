#include "race.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const uint64_t magic = 0x51d1ce00b10c0000;

static uint64_t mixed(uint64_t seed, uint64_t index) {
  uint64_t value = seed + (index + 1) * 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

void fill_block(unsigned char *bytes, uint32_t file, uint32_t block, uint32_t generation) {
  uint64_t *word = (uint64_t *)bytes, seed;
  word[0] = magic;
  word[1] = (uint64_t)file << 32 | block;
  word[2] = generation;
  seed = mixed(word[1], generation);
  for (int i = 3; i < BLOCK / 8; i++) word[i] = mixed(seed, (uint64_t)i);
}

uint32_t generation_of(const unsigned char *bytes, uint32_t file, uint32_t block, const char **fault) {
  unsigned char expected[BLOCK] __attribute__((aligned(8)));
  static const unsigned char zeros[BLOCK];
  uint64_t word[3];
  memcpy(word, bytes, sizeof word);
  if (word[0] == magic && word[1] == ((uint64_t)file << 32 | block) && word[2] > 0 && word[2] <= UINT32_MAX) {
    fill_block(expected, file, block, (uint32_t)word[2]);
    if (memcmp(expected, bytes, BLOCK) == 0) return (uint32_t)word[2];
    *fault = "mixed";
  } else {
    *fault = memcmp(bytes, zeros, BLOCK) == 0 ? "zeros" : word[0] == magic ? "of another place" : "foreign";
  }
  return 0;
}

struct state *open_state(const char *path, uint32_t files, uint32_t blocks) {
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || ftruncate(fd, sizeof(struct state)) != 0) die("open", path);
  struct state *state = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (state == MAP_FAILED) die("mmap", path);
  close(fd);
  if (files) *state = (struct state){ .files = files, .blocks = blocks };
  return state;
}

void name_of(char *path, const char *directory, uint32_t file) { sprintf(path, "%s/%u", directory, file); }

void die(const char *call, const char *path) {
  fprintf(stderr, "race: %s %s: %s\n", call, path, strerror(errno));
  exit(2);
}
