/* Ways to read. */
#include "access.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { BLOCK = 1 << 16, PAGE = 4096 };

static void by_read(const char *file, const char *other) {
  char block[1000];
  int fd = opened(file, O_RDONLY);
  for (ssize_t got; (got = TRY(read(fd, block, sizeof block))) > 0;) see(block, (size_t)got);
}

static void by_pread(const char *file, const char *other) { see_file(file); }

/* The end first: a reader need not begin at the beginning. */
static void by_pread_of_end(const char *file, const char *other) {
  char block[PAGE];
  int fd = opened(file, O_RDONLY);
  off_t end = (off_t)size_of(fd) - 100;
  see(block, (size_t)TRY(pread(fd, block, sizeof block, end)));
}

static void by_preadv2_nowait(const char *file, const char *other) {
  static char block[BLOCK];
  int fd = opened(file, O_RDONLY);
  off_t offset = 0;
  for (;;) {
    struct iovec vector = { block, sizeof block };
    ssize_t got = preadv2(fd, &vector, 1, offset, RWF_NOWAIT);
    if (got < 0 && errno == EAGAIN) got = preadv2(fd, &vector, 1, offset, 0);
    if (TRY(got) == 0) return;
    see(block, (size_t)got);
    offset += got;
  }
}

static void directly(const char *file, const char *other) {
  char *block = aligned_alloc(PAGE, BLOCK);
  int fd = opened(file, O_RDONLY | O_DIRECT);
  off_t offset = 0;
  for (ssize_t got; (got = TRY(pread(fd, block, BLOCK, offset))) > 0; offset += got) see(block, (size_t)got);
}

static void by_aio(const char *file, const char *other) {
  char *block = aligned_alloc(PAGE, BLOCK);
  int fd = opened(file, O_RDONLY | O_DIRECT);
  aio_context_t context = 0;
  TRY(syscall(SYS_io_setup, 1, &context));
  for (off_t offset = 0;;) {
    struct iocb request = { .aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = (uint32_t)fd, .aio_buf = (uintptr_t)block, .aio_nbytes = BLOCK, .aio_offset = offset };
    struct iocb *requests[] = { &request };
    struct io_event done;
    TRY(syscall(SYS_io_submit, context, 1, requests));
    TRY(syscall(SYS_io_getevents, context, 1, 1, &done, NULL));
    if (done.res < 0) errno = (int)-done.res;
    if (checked("aio pread", done.res < 0 ? -1 : (long)done.res) == 0) return;
    see(block, (size_t)done.res);
    offset += done.res;
  }
}

/* The rings without a library: one request at a time. Opens through the ring as well, since that is another way into open(2). */
static void by_io_uring(const char *file, const char *other) {
  static char block[BLOCK];
  struct io_uring_params params = { 0 };
  int ring = (int)TRY(syscall(SYS_io_uring_setup, 1, &params));
  char *sq = mmap(NULL, params.sq_off.array + params.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
  char *cq = mmap(NULL, params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_CQ_RING);
  struct io_uring_sqe *sqe = mmap(NULL, params.sq_entries * sizeof *sqe, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQES);
  if (sq == MAP_FAILED || cq == MAP_FAILED || sqe == MAP_FAILED) TRY(-1);
  unsigned *tail = (unsigned *)(sq + params.sq_off.tail), *array = (unsigned *)(sq + params.sq_off.array);
  unsigned *head = (unsigned *)(cq + params.cq_off.head);
  struct io_uring_cqe *cqe = (struct io_uring_cqe *)(cq + params.cq_off.cqes);
  int fd = -1;
  for (off_t offset = 0;;) {
    memset(sqe, 0, sizeof *sqe);
    if (fd < 0) *sqe = (struct io_uring_sqe){ .opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = (uintptr_t)file, .open_flags = O_RDONLY };
    else *sqe = (struct io_uring_sqe){ .opcode = IORING_OP_READ, .fd = fd, .addr = (uintptr_t)block, .len = BLOCK, .off = (uint64_t)offset };
    array[*tail & (params.sq_entries - 1)] = 0;
    __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
    TRY(syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0));
    int result = cqe[*head & (params.cq_entries - 1)].res;
    __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
    if (result < 0) { errno = -result; checked("io_uring", -1); }
    if (fd < 0) { fd = result; continue; }
    if (result == 0) return;
    see(block, (size_t)result);
    offset += result;
  }
}

static void through_pipe(int from, int pipe_end, int to, size_t size, int by_splice) {
  static char block[BLOCK];
  off_t offset = 0;
  while ((size_t)offset < size) {
    ssize_t got = by_splice ? splice(from, &offset, to, NULL, BLOCK / 2, 0) : sendfile(to, from, &offset, BLOCK / 2);
    if (TRY(got) == 0) return;
    for (ssize_t rest = got; rest > 0;) {
      ssize_t taken = TRY(read(pipe_end, block, (size_t)rest));
      see(block, (size_t)taken);
      rest -= taken;
    }
  }
}

static void into_pipe(const char *file, int by_splice) {
  int fd = opened(file, O_RDONLY), ends[2];
  TRY(pipe(ends));
  through_pipe(fd, ends[0], ends[1], size_of(fd), by_splice);
}

static void by_sendfile(const char *file, const char *other) { into_pipe(file, 0); }
static void by_splice(const char *file, const char *other) { into_pipe(file, 1); }

static void by_copy_file_range(const char *file, const char *other) {
  int from = opened(file, O_RDONLY), to = opened(other, O_WRONLY | O_TRUNC);
  size_t size = size_of(from);
  for (size_t done = 0; done < size;) {
    ssize_t got = TRY(copy_file_range(from, NULL, to, NULL, size - done, 0));
    if (got == 0) return;
    done += (size_t)got;
  }
}

static void by_clone(const char *file, const char *other) {
  int from = opened(file, O_RDONLY), to = opened(other, O_WRONLY | O_TRUNC);
  TRY(ioctl(to, FICLONE, from));
}

static void *one_of_many(void *file) {
  char *copy = malloc(4 << 20);
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  ssize_t size = fd < 0 ? -1 : pread(fd, copy, 4 << 20, 0);
  uint64_t hash = 14695981039346656037u;
  for (ssize_t i = 0; i < size; i++) hash = (hash ^ (unsigned char)copy[i]) * 1099511628211u;
  if (fd >= 0) close(fd);
  free(copy);
  return (void *)(uintptr_t)(size < 0 ? 0 : hash);
}

static void by_many_threads(const char *file, const char *other) {
  pthread_t threads[32];
  for (int i = 0; i < 32; i++) TRY(-pthread_create(&threads[i], NULL, one_of_many, (void *)file));
  for (int i = 0; i < 32; i++) {
    void *hash;
    TRY(-pthread_join(threads[i], &hash));
    see(&hash, sizeof hash);
  }
}

/* Where its data and its holes are: what cp, tar and others skip, believing this. */
static void by_seek(const char *file, const char *other) {
  int fd = opened(file, O_RDONLY);
  off_t data = TRY(lseek(fd, 0, SEEK_DATA)), hole = TRY(lseek(fd, 0, SEEK_HOLE));
  printf("data at %lld, hole at the end: %d\n", (long long)data, (size_t)hole >= size_of(fd));
}

static void by_fiemap(const char *file, const char *other) {
  enum { EXTENTS = 512 };
  struct fiemap *map = calloc(1, sizeof *map + EXTENTS * sizeof(struct fiemap_extent));
  *map = (struct fiemap){ .fm_length = FIEMAP_MAX_OFFSET, .fm_flags = FIEMAP_FLAG_SYNC, .fm_extent_count = EXTENTS };
  int fd = opened(file, O_RDONLY);
  TRY(ioctl(fd, FS_IOC_FIEMAP, map));
  uint64_t mapped = 0;
  for (uint32_t i = 0; i < map->fm_mapped_extents; i++)
    if (!(map->fm_extents[i].fe_flags & FIEMAP_EXTENT_UNWRITTEN)) mapped += map->fm_extents[i].fe_length;
  printf("all is mapped: %d\n", mapped >= size_of(fd));
}

const struct mode reading[] = {
  { "read", by_read }, { "pread", by_pread }, { "pread-end", by_pread_of_end }, { "preadv2-nowait", by_preadv2_nowait }, { "direct", directly },
  { "aio", by_aio }, { "io_uring", by_io_uring }, { "sendfile", by_sendfile }, { "splice", by_splice }, { "copy_file_range", by_copy_file_range },
  { "clone", by_clone }, { "threads", by_many_threads }, { "seek", by_seek }, { "fiemap", by_fiemap }, { 0 },
};
