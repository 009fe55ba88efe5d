/* The calls of libc that Sluice.Posix makes, answered by one function that the simulation sets: it gets a number for the call and the arguments, and answers
   the result or a negative error number. Loaded in place of libc in the simulation's process only. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

enum call {
    OPEN, OPENAT, SYSCALL, STATX, FGETXATTR, FSETXATTR, FREMOVEXATTR, PREAD, LSEEK, CLOSE, FCNTL, CLOCK_GETTIME, CLOCK_GETRES, READLINKAT, SYNCFS, FALLOCATE, PWRITE, FUTIMENS, FDATASYNC,
    SYNC_FILE_RANGE, FTRUNCATE, LINKAT, RENAMEAT, UNLINKAT, MKDIRAT, SYMLINKAT, FCHOWNAT, FCHMOD, UTIMENSAT
};

typedef long (*answerer)(long call, long a, long b, long c, long d, long e, long f);

static answerer answer;

void simulate(answerer function) { answer = function; }

static long ask(enum call call, long a, long b, long c, long d, long e, long f)
{
    long result = answer ? answer(call, a, b, c, d, e, f) : -ENOSYS;
    if (result >= 0 || result < -4095) return result;
    errno = (int)-result;
    return -1;
}

#define P(pointer) ((long)(intptr_t)(pointer))

int open(const char *path, int flags, unsigned mode) { return (int)ask(OPEN, P(path), flags, mode, 0, 0, 0); }
int openat(int dir, const char *path, int flags, unsigned mode) { return (int)ask(OPENAT, dir, P(path), flags, mode, 0, 0); }
long syscall(long number, long a, long b, long c, long d, long e) { return ask(SYSCALL, number, a, b, c, d, e); }
int statx(int dir, const char *path, int flags, unsigned mask, void *status) { return (int)ask(STATX, dir, P(path), flags, mask, P(status), 0); }
long fgetxattr(int fd, const char *name, void *value, size_t size) { return ask(FGETXATTR, fd, P(name), P(value), (long)size, 0, 0); }
int fsetxattr(int fd, const char *name, const void *value, size_t size, int flags) { return (int)ask(FSETXATTR, fd, P(name), P(value), (long)size, flags, 0); }
int fremovexattr(int fd, const char *name) { return (int)ask(FREMOVEXATTR, fd, P(name), 0, 0, 0, 0); }
long pread(int fd, void *buffer, size_t count, long offset) { return ask(PREAD, fd, P(buffer), (long)count, offset, 0, 0); }
long lseek(int fd, long offset, int whence) { return ask(LSEEK, fd, offset, whence, 0, 0, 0); }
int close(int fd) { return (int)ask(CLOSE, fd, 0, 0, 0, 0, 0); }
int fcntl(int fd, int operation, long argument) { return (int)ask(FCNTL, fd, operation, argument, 0, 0, 0); }
int clock_gettime(int clock, void *time) { return (int)ask(CLOCK_GETTIME, clock, P(time), 0, 0, 0, 0); }
int clock_getres(int clock, void *time) { return (int)ask(CLOCK_GETRES, clock, P(time), 0, 0, 0, 0); }
long readlinkat(int dir, const char *path, char *buffer, size_t size) { return ask(READLINKAT, dir, P(path), P(buffer), (long)size, 0, 0); }
int fallocate(int fd, int mode, long offset, long length) { return (int)ask(FALLOCATE, fd, mode, offset, length, 0, 0); }
long pwrite(int fd, const void *buffer, size_t count, long offset) { return ask(PWRITE, fd, P(buffer), (long)count, offset, 0, 0); }
int futimens(int fd, const void *times) { return (int)ask(FUTIMENS, fd, P(times), 0, 0, 0, 0); }
int fdatasync(int fd) { return (int)ask(FDATASYNC, fd, 0, 0, 0, 0, 0); }
int sync_file_range(int fd, long offset, long length, int flags) { return (int)ask(SYNC_FILE_RANGE, fd, offset, length, flags, 0, 0); }
int ftruncate(int fd, long length) { return (int)ask(FTRUNCATE, fd, length, 0, 0, 0, 0); }
int linkat(int from, const char *old, int to, const char *name, int flags) { return (int)ask(LINKAT, from, P(old), to, P(name), flags, 0); }
int renameat(int from, const char *old, int to, const char *name) { return (int)ask(RENAMEAT, from, P(old), to, P(name), 0, 0); }
int unlinkat(int dir, const char *name, int flags) { return (int)ask(UNLINKAT, dir, P(name), flags, 0, 0, 0); }
int mkdirat(int dir, const char *name, unsigned mode) { return (int)ask(MKDIRAT, dir, P(name), mode, 0, 0, 0); }
int symlinkat(const char *target, int dir, const char *name) { return (int)ask(SYMLINKAT, P(target), dir, P(name), 0, 0, 0); }
int fchownat(int fd, const char *path, unsigned uid, unsigned gid, int flags) { return (int)ask(FCHOWNAT, fd, P(path), uid, gid, flags, 0); }
int fchmod(int fd, unsigned mode) { return (int)ask(FCHMOD, fd, mode, 0, 0, 0, 0); }
int utimensat(int fd, const char *path, const void *times, int flags) { return (int)ask(UTIMENSAT, fd, P(path), P(times), flags, 0, 0); }
int syncfs(int fd) { return (int)ask(SYNCFS, fd, 0, 0, 0, 0, 0); }

int posix_fadvise(int fd, long offset, long length, int advice)
{
    (void)fd, (void)offset, (void)length, (void)advice;
    return 0;
}

void *signal(int number, void *handler)
{
    (void)number, (void)handler;
    return NULL;
}
