/* One kind of access to a file, told by what it saw. See access.c. */
#ifndef ACCESS_H
#define ACCESS_H
#define _GNU_SOURCE
#include <stddef.h>
#include <sys/types.h>

/* file: what is accessed. other: a second file beside it, for copies, exchanges and the like. Both are relative to the working directory. */
struct mode {
  const char *name;
  void (*run)(const char *file, const char *other);
};

extern const struct mode reading[], mapping[], changing[], naming[], mounting[];

/* Tells the call and its error on standard output and ends, unless it succeeded. */
long checked(const char *call, long result);
#define TRY(call) checked(#call, (long)(call))

int opened(const char *file, int flags);
size_t size_of(int fd);

/* Adds to what was seen. */
void see(const void *bytes, size_t count);
/* Reads a whole file by pread(2). */
void see_descriptor(int fd);
void see_file(const char *file);
#endif
