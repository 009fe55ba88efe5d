/* Other names, and descriptors got in other ways than by the name. */
#include "access.h"
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void renamed(const char *file, const char *other) {
  TRY(rename(file, "renamed"));
  see_file("renamed");
  TRY(rename("renamed", file));
}

static void renamed_over(const char *file, const char *other) { TRY(rename(file, other)); }
static void replaced(const char *file, const char *other) { TRY(rename(other, file)); }

static void exchanged(const char *file, const char *other) { TRY(syscall(SYS_renameat2, AT_FDCWD, file, AT_FDCWD, other, RENAME_EXCHANGE)); }

static void linked(const char *file, const char *other) {
  TRY(link(file, "second"));
  TRY(unlink(file));
  see_file("second");
  TRY(rename("second", file));
}

static void unlinked(const char *file, const char *other) {
  int fd = opened(file, O_RDONLY);
  TRY(unlink(file));
  see_descriptor(fd);
}

/* O_PATH opens nothing; the name is gone when the file is opened in truth. */
static void reopened(const char *file, const char *other) {
  char path[64];
  int fd = opened(file, O_PATH);
  TRY(unlink(file));
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  see_file(path);
}

static void by_handle(const char *file, const char *other) {
  struct file_handle *handle = malloc(sizeof *handle + MAX_HANDLE_SZ);
  handle->handle_bytes = MAX_HANDLE_SZ;
  int mount;
  TRY(name_to_handle_at(AT_FDCWD, file, handle, &mount, 0));
  int fd = (int)TRY(open_by_handle_at(opened(".", O_RDONLY | O_DIRECTORY), handle, O_RDONLY));
  see_descriptor(fd);
}

/* Neither of these opens the file: it may well stay released, but is right when it is read at last. */
static void attributes(const char *file, const char *other) {
  struct stat status;
  TRY(stat(file, &status));
  printf("%lld bytes\n", (long long)status.st_size);
  TRY(chmod(file, 0640));
  TRY(chown(file, 1234, 4321));
}

const struct mode naming[] = {
  { "rename", renamed }, { "rename-over", renamed_over }, { "replace", replaced }, { "exchange", exchanged }, { "link", linked }, { "unlink-open", unlinked },
  { "reopen", reopened }, { "handle", by_handle }, { "attributes", attributes }, { 0 },
};
