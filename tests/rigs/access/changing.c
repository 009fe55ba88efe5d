/* Ways to change content and size. What counts is what the file holds thereafter. */
#include "access.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PAGE = 4096 };

static const char text[] = "written over what was there";

static void partly(const char *file, const char *other) { TRY(pwrite(opened(file, O_WRONLY), text, sizeof text, 500000)); }
static void appended(const char *file, const char *other) { TRY(write(opened(file, O_WRONLY | O_APPEND), text, sizeof text)); }

static void directly(const char *file, const char *other) {
  char *block = aligned_alloc(PAGE, PAGE);
  memset(block, 'd', PAGE);
  TRY(pwrite(opened(file, O_WRONLY | O_DIRECT), block, PAGE, 16 * PAGE));
}

static void shrunk_by_path(const char *file, const char *other) { TRY(truncate(file, 700001)); }
static void grown_by_path(const char *file, const char *other) { TRY(truncate(file, 1500001)); }
static void shrunk(const char *file, const char *other) { TRY(ftruncate(opened(file, O_RDWR), 300003)); }
static void grown(const char *file, const char *other) { TRY(ftruncate(opened(file, O_RDWR), 1400003)); }
static void shrunk_and_grown(const char *file, const char *other) {
  TRY(truncate(file, 10001));
  TRY(truncate(file, 1048576 + 777));
}

static void emptied_at_open(const char *file, const char *other) { opened(file, O_WRONLY | O_TRUNC); }
static void replaced_at_open(const char *file, const char *other) { TRY(write(opened(file, O_WRONLY | O_TRUNC), text, sizeof text)); }

/* The last read must see the old content's end, not the zeros between. */
static void emptied_and_grown(const char *file, const char *other) {
  int fd = opened(file, O_RDWR | O_TRUNC);
  TRY(write(fd, text, sizeof text));
  TRY(ftruncate(fd, 1048576 + 12345));
}

static void allocated(const char *file, int mode, off_t offset, off_t length) { TRY(fallocate(opened(file, O_RDWR), mode, offset, length)); }
static void punched(const char *file, const char *other) { allocated(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 40001, 60000); }
static void zeroed(const char *file, const char *other) { allocated(file, FALLOC_FL_ZERO_RANGE, 123, 200000); }
static void collapsed(const char *file, const char *other) { allocated(file, FALLOC_FL_COLLAPSE_RANGE, 8 * PAGE, 16 * PAGE); }
static void inserted(const char *file, const char *other) { allocated(file, FALLOC_FL_INSERT_RANGE, 8 * PAGE, 16 * PAGE); }
static void preallocated(const char *file, const char *other) { allocated(file, 0, 0, 1 << 20); }

static void copied_into(const char *file, const char *other) {
  int from = opened(other, O_RDONLY), to = opened(file, O_WRONLY);
  loff_t source = 100, target = 5000;
  for (size_t rest = 200000; rest > 0;) rest -= (size_t)TRY(copy_file_range(from, &source, to, &target, rest, 0));
}

static void cloned_into(const char *file, const char *other) {
  struct file_clone_range range = { .src_fd = opened(other, O_RDONLY), .src_length = 32 * PAGE, .dest_offset = 64 * PAGE };
  TRY(ioctl(opened(file, O_WRONLY), FICLONERANGE, &range));
}

/* Whether the kernel finds two files equal: other holds the same as file here. */
static void deduplicated(const char *from, const char *into) {
  struct file_dedupe_range *range = calloc(1, sizeof *range + sizeof(struct file_dedupe_range_info));
  range->src_length = 128 * PAGE;
  range->dest_count = 1;
  range->info[0].dest_fd = opened(into, O_RDWR);
  TRY(ioctl(opened(from, O_RDONLY), FIDEDUPERANGE, range));
  printf("status %d, %llu bytes\n", range->info[0].status, (unsigned long long)range->info[0].bytes_deduped);
}

static void deduplicated_from(const char *file, const char *other) { deduplicated(file, other); }
static void deduplicated_into(const char *file, const char *other) { deduplicated(other, file); }

const struct mode changing[] = {
  { "pwrite", partly }, { "append", appended }, { "direct-write", directly }, { "truncate-shrink", shrunk_by_path }, { "truncate-grow", grown_by_path },
  { "ftruncate-shrink", shrunk }, { "ftruncate-grow", grown }, { "truncate-twice", shrunk_and_grown }, { "o_trunc", emptied_at_open },
  { "o_trunc-write", replaced_at_open }, { "o_trunc-grow", emptied_and_grown }, { "punch", punched }, { "zero-range", zeroed }, { "collapse", collapsed },
  { "insert", inserted }, { "allocate", preallocated }, { "copy-into", copied_into }, { "clone-into", cloned_into }, { "dedupe-from", deduplicated_from },
  { "dedupe-into", deduplicated_into }, { 0 },
};
