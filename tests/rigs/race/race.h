/* Files whose blocks say what they are, so that a wrong one is known at once. See race.c. */
#ifndef RACE_H
#define RACE_H
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

enum { BLOCK = 4096, MOST_FILES = 128, MOST_BLOCKS = 64 };

/* What the files ought to hold; mapped from a file on another file system, so that it outlives this program. A generation counts the writes of a block. */
struct state {
  uint32_t files, blocks;
  _Atomic uint32_t current[MOST_FILES][MOST_BLOCKS];
  _Atomic uint32_t durable[MOST_FILES][MOST_BLOCKS]; /* fsync(2) has confirmed this one */
};

/* A block is read and written under its lock, because reads and writes of one block are not atomic everywhere. The file's is held by whoever needs
 * the file to keep its size. Neither is known to the system under test. */
struct locks {
  pthread_rwlock_t file[MOST_FILES];
  pthread_rwlock_t block[MOST_FILES][MOST_BLOCKS];
};

void fill_block(unsigned char *bytes, uint32_t file, uint32_t block, uint32_t generation);
/* The generation of a whole and unmixed block; 0, and what is wrong with it in fault, where it is none. */
uint32_t generation_of(const unsigned char *bytes, uint32_t file, uint32_t block, const char **fault);
struct state *open_state(const char *path, uint32_t files, uint32_t blocks);
void name_of(char *path, const char *directory, uint32_t file);
void die(const char *call, const char *path);
#endif
