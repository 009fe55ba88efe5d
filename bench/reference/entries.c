/* What a walk costs that looks at every entry as an export has to that finds nothing to do: its status and its record. */
#include "reference.h"
#include <dirent.h>
#include <sys/stat.h>
#include <sys/xattr.h>

static const char *const records[] = { "trusted.sluice", "trusted.sluice.object" };

static void look(int dirfd, const char *name) {
    struct statx status;
    char record[64];
    if (statx(dirfd, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &status)) fail(name);
    /* The walk has made the directory the current one: that saves a name of the whole path. */
    if (lgetxattr(name, records[0], record, sizeof record) < 0 && errno != ENODATA && errno != EOPNOTSUPP) fail(name);
}

static void forget(int dirfd, const char *name) {
    (void)dirfd;
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        if (lremovexattr(name, records[i]) && errno != ENODATA && errno != EOPNOTSUPP && errno != EPERM) fail(name);
}

static long each_in(int dirfd, void (*each)(int, const char *)) {
    long entries = 0;
    DIR *dir = fdopendir(dirfd);
    if (!dir || fchdir(dirfd)) fail("directory");
    for (struct dirent *e; (e = readdir(dir));) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
        each(dirfd, e->d_name);
        entries++;
        if (e->d_type != DT_DIR) continue;
        int child = openat(dirfd, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (child < 0) fail(e->d_name);
        entries += each_in(child, each);
        if (fchdir(dirfd)) fail("fchdir");
    }
    closedir(dir);
    return entries;
}

static long each(const char *root, void (*visit)(int, const char *)) {
    int dirfd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dirfd < 0 || fchdir(dirfd)) fail(root);
    visit(dirfd, ".");
    return 1 + each_in(dirfd, visit);
}

long look_at_all(const char *root) { return each(root, look); }

long forget_all(const char *root) { return each(root, forget); }
