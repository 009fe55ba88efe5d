/* Shared by the parts of the reference program. */
#ifndef REFERENCE_H
#define REFERENCE_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Says what failed and why, and ends the program. */
_Noreturn void fail(const char *what);

/* Seconds of a clock that only goes forward. */
double now(void);

/* entries.c: statx and one attribute of every entry. Answers how many entries there are. */
long look_at_all(const char *root);

/* entries.c: removes Sluice's record from every entry. */
long forget_all(const char *root);

/* load.c: sends the requests of a list. Answers the seconds it took. */
double send_all(const char *list, const char *host, int port, int connections);

#endif
