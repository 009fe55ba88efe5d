/* What the bare system calls cost: the physical limits beside which the benchmarks show Sluice.
 * usage: reference create DIR COUNT BYTES   stubs: O_TMPFILE, length, owner, two attributes, times, link
 *        reference release DIR              every regular file: open, fstat, attributes, punch, times, close
 *        reference safe-release DIR         the same with what keeps readers and writers apart: looked at before and under a write lease, recorded before
 *                                           and after the punch, no longer ignored by a fanotify group, read again where it could have data left
 *        reference write FILE BYTES         one file in pieces of 256 KiB, fdatasync
 *        reference read DIR ROUNDS          every regular file, ROUNDS times: open, pread 4 KiB, close; prints ns per file
 *        reference look DIR                 every entry: statx, one attribute
 *        reference forget DIR               removes Sluice's records from every entry
 *        reference load LIST HOST PORT N    the requests of a list (load.c) over N connections
 * Prints one number: seconds, or nanoseconds per file. */
#include "reference.h"
#include <dirent.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <time.h>

static const char record[60] = "r", address[80] = "a";
static long files;

void fail(const char *what) { perror(what); exit(1); }

double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void create(const char *dir, long count, off_t bytes) {
    char name[64], self[64];
    struct timespec times[2] = { { 1000000000, 1 }, { 1000000000, 2 } };
    int parent = -1;
    for (long i = 0; i < count; i++) {
        if (i % 1000 == 0) {
            if (parent >= 0) close(parent);
            snprintf(name, sizeof name, "%s/d%04ld", dir, i / 1000);
            if (mkdir(name, 0755)) fail(name);
            if ((parent = open(name, O_RDONLY | O_DIRECTORY)) < 0) fail(name);
        }
        int fd = openat(parent, ".", O_TMPFILE | O_RDWR, 0644);
        if (fd < 0) fail("O_TMPFILE");
        if (ftruncate(fd, bytes) || fchown(fd, 0, 0) || fsetxattr(fd, "trusted.reference.object", address, sizeof address, 0)
            || fsetxattr(fd, "trusted.reference", record, sizeof record, 0) || futimens(fd, times)) fail("stub");
        snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
        snprintf(name, sizeof name, "f%04ld", i % 1000);
        if (linkat(AT_FDCWD, self, parent, name, AT_SYMLINK_FOLLOW)) fail("linkat");
        close(fd);
    }
}

static void write_large(const char *path, off_t bytes) {
    static char piece[1 << 18];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (fd < 0) fail(path);
    for (off_t at = 0; at < bytes; at += sizeof piece)
        if (pwrite(fd, piece, bytes - at < (off_t)sizeof piece ? bytes - at : (off_t)sizeof piece, at) < 0) fail("pwrite");
    if (fdatasync(fd) || close(fd)) fail("fdatasync");
}

static void release(int fd) {
    struct stat s;
    if (fstat(fd, &s)) fail("fstat");
    struct timespec times[2] = { s.st_atim, s.st_mtim };
    if (fsetxattr(fd, "trusted.reference.object", address, sizeof address, 0) || fsetxattr(fd, "trusted.reference", record, sizeof record, 0)
        || fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (s.st_size + 65535) & -65536) || futimens(fd, times)) fail("release");
}

static int group = -1;

static void lease(int fd, int kind) { if (fcntl(fd, F_SETLEASE, kind)) fail("F_SETLEASE"); }

static void put_record(int fd) {
    struct timespec t;
    struct statx now;
    clock_gettime(CLOCK_REALTIME, &t);
    if (fsetxattr(fd, "trusted.reference", record, sizeof record, 0) || statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &now)) fail("record");
}

static void safe_release(int fd) {
    char found[256];
    struct statx s;
    for (int look = 0; look < 2; look++) {
        if (look && (fcntl(fd, F_SETLEASE, F_WRLCK))) fail("F_SETLEASE");
        if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &s)) fail("statx");
        if (fgetxattr(fd, "trusted.reference", found, sizeof found) < 0 && errno != ENODATA) fail("fgetxattr");
    }
    struct timespec times[2] = { { s.stx_atime.tv_sec, s.stx_atime.tv_nsec }, { s.stx_mtime.tv_sec, s.stx_mtime.tv_nsec } };
    if (fsetxattr(fd, "trusted.reference.object", address, sizeof address, 0)) fail("address");
    put_record(fd);
    if (fanotify_mark(group, FAN_MARK_REMOVE | FAN_MARK_IGNORE, FAN_OPEN_PERM, fd, NULL) && errno != ENOENT) fail("fanotify_mark");
    lease(fd, F_WRLCK);
    if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (s.stx_size + 65535) & -65536) || futimens(fd, times)) fail("punch");
    if (lseek(fd, 0, SEEK_DATA) >= 0) fail("data left");
    put_record(fd);
    lease(fd, F_UNLCK);
}

static void walk(int dirfd, int flags, void (*each)(int)) {
    DIR *dir = fdopendir(dup(dirfd));
    if (!dir) fail("fdopendir");
    rewinddir(dir);
    for (struct dirent *e; (e = readdir(dir));) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
        if (e->d_type == DT_DIR) {
            int child = openat(dirfd, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
            if (child < 0) fail(e->d_name);
            walk(child, flags, each);
            close(child);
        } else if (e->d_type == DT_REG) {
            int fd = openat(dirfd, e->d_name, flags | O_NOFOLLOW);
            if (fd < 0) fail(e->d_name);
            each(fd);
            close(fd);
            files++;
        }
    }
    closedir(dir);
}

static void read_start(int fd) {
    char buffer[4096];
    if (pread(fd, buffer, sizeof buffer, 0) < 0) fail("pread");
}

int main(int argc, char **argv) {
    if (argc < 3) return fprintf(stderr, "usage: see the source\n"), 2;
    double start = now();
    if (!strcmp(argv[1], "create") && argc == 5) {
        create(argv[2], atol(argv[3]), atol(argv[4]));
        printf("%.6f\n", now() - start);
        return 0;
    }
    if (!strcmp(argv[1], "write") && argc == 4) {
        write_large(argv[2], atoll(argv[3]));
        printf("%.6f\n", now() - start);
        return 0;
    }
    if (!strcmp(argv[1], "load") && argc == 6) {
        printf("%.6f\n", send_all(argv[2], argv[3], atoi(argv[4]), atoi(argv[5])));
        return 0;
    }
    if (!strcmp(argv[1], "look") || !strcmp(argv[1], "forget")) {
        if (!(argv[1][0] == 'l' ? look_at_all : forget_all)(argv[2])) return 1;
        printf("%.6f\n", now() - start);
        return 0;
    }
    int root = open(argv[2], O_RDONLY | O_DIRECTORY);
    if (root < 0) fail(argv[2]);
    if (!strcmp(argv[1], "release")) {
        walk(root, O_RDWR, release);
        printf("%.6f\n", now() - start);
    } else if (!strcmp(argv[1], "safe-release")) {
        if ((group = fanotify_init(FAN_CLASS_PRE_CONTENT | FAN_CLOEXEC, O_RDONLY)) < 0) fail("fanotify_init");
        walk(root, O_RDWR, safe_release);
        printf("%.6f\n", now() - start);
    } else if (!strcmp(argv[1], "read") && argc == 4) {
        double best = 1e9;
        for (int round = atoi(argv[3]); round > 0; round--) {
            files = 0;
            start = now();
            walk(root, O_RDONLY, read_start);
            double each = (now() - start) / files;
            if (each < best) best = each;
        }
        printf("%.1f\n", best * 1e9);
    } else return 2;
    return 0;
}
