/* Other mounts and what lies on top of a file system. All of it happens in a mount namespace of its own, which is gone when the program is. */
#include "access.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCRATCH "/mnt"

static void alone(void) {
  TRY(unshare(CLONE_NEWNS));
  TRY(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
}

static void see_beneath(const char *root, const char *file) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", root, file);
  see_file(path);
}

static void in_namespace(const char *file, const char *other) {
  alone();
  see_file(file);
}

static void bound(const char *file, const char *other) {
  alone();
  TRY(mount(".", SCRATCH, NULL, MS_BIND, NULL));
  see_beneath(SCRATCH, file);
}

static void bound_read_only(const char *file, const char *other) {
  alone();
  TRY(mount(".", SCRATCH, NULL, MS_BIND, NULL));
  TRY(mount(NULL, SCRATCH, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL));
  see_beneath(SCRATCH, file);
}

/* The device and kind of the file system of the working directory, and where that lies in it. */
static void find_mount(char *device, char *kind, char *within) {
  char line[8192], here[4096];
  size_t longest = 0;
  if (!getcwd(here, sizeof here)) TRY(-1);
  FILE *mounts = fopen("/proc/self/mountinfo", "re");
  if (!mounts) TRY(-1);
  while (fgets(line, sizeof line, mounts)) {
    char root[4096], point[4096], *rest = strstr(line, " - ");
    if (!rest || sscanf(line, "%*s %*s %*s %4095s %4095s", root, point) != 2) continue;
    size_t length = strlen(point);
    if (strncmp(here, point, length) != 0 || (here[length] != '/' && here[length] != 0) || length < longest) continue;
    longest = length;
    sscanf(rest, " - %63s %4095s", kind, device);
    snprintf(within, 4096, "%s/%s", strcmp(root, "/") == 0 ? "" : root, here + length);
  }
  fclose(mounts);
}

static void mounted_again(const char *file, const char *other) {
  char device[4096], kind[64], within[4096];
  find_mount(device, kind, within);
  alone();
  TRY(mount(device, SCRATCH, kind, 0, NULL));
  char root[8192];
  snprintf(root, sizeof root, SCRATCH "/%s", within);
  see_beneath(root, file);
}

/* The working directory as the lower one of an overlay whose upper one is in memory. */
static void overlaid(void) {
  char here[4000], options[8192];
  if (!getcwd(here, sizeof here)) TRY(-1);
  alone();
  TRY(mount("none", SCRATCH, "tmpfs", 0, NULL));
  TRY(mkdir(SCRATCH "/upper", 0755));
  TRY(mkdir(SCRATCH "/work", 0755));
  TRY(mkdir(SCRATCH "/merged", 0755));
  snprintf(options, sizeof options, "lowerdir=%s,upperdir=" SCRATCH "/upper,workdir=" SCRATCH "/work", here);
  TRY(mount("overlay", SCRATCH "/merged", "overlay", 0, options));
}

static void overlay_read(const char *file, const char *other) {
  overlaid();
  see_beneath(SCRATCH "/merged", file);
}

static void overlay_mapped(const char *file, const char *other) {
  char path[4096];
  overlaid();
  snprintf(path, sizeof path, SCRATCH "/merged/%s", file);
  int fd = opened(path, O_RDONLY);
  size_t size = size_of(fd);
  char *map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED) TRY(-1);
  see(map, size);
}

static void overlay_copied_up(const char *file, const char *other) {
  char path[4096];
  overlaid();
  snprintf(path, sizeof path, SCRATCH "/merged/%s", file);
  TRY(pwrite(opened(path, O_WRONLY), "up", 2, 1000));
  see_file(path);
}

static void loop(const char *file, unsigned flags) {
  int control = opened("/dev/loop-control", O_RDWR), device = -1;
  struct loop_config config = { .fd = (unsigned)opened(file, O_RDONLY), .info = { .lo_flags = LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR | flags } };
  /* Somebody else may take the free one first. */
  for (int attempt = 0; attempt < 64; attempt++) {
    char path[64];
    snprintf(path, sizeof path, "/dev/loop%ld", TRY(ioctl(control, LOOP_CTL_GET_FREE)));
    device = opened(path, O_RDONLY);
    if (ioctl(device, LOOP_CONFIGURE, &config) == 0) break;
    if (errno != EBUSY) TRY(-1);
    close(device);
    device = -1;
  }
  TRY(device);
  see_descriptor(device);
}

static void looped(const char *file, const char *other) { loop(file, 0); }
static void looped_directly(const char *file, const char *other) { loop(file, LO_FLAGS_DIRECT_IO); }

const struct mode mounting[] = {
  { "namespace", in_namespace }, { "bind", bound }, { "bind-read-only", bound_read_only }, { "second-mount", mounted_again }, { "overlay-read", overlay_read },
  { "overlay-mmap", overlay_mapped }, { "overlay-copy-up", overlay_copied_up }, { "loop", looped }, { "loop-direct", looped_directly }, { 0 },
};
