/* A load generator that does nothing but send requests and wait for the answers: what the server and the kernel can do. One thread, epoll, keep-alive.
 * The list has one request a line, its fields separated by tabs: METHOD TARGET CONTENT-LENGTH [HEADER: VALUE]...; targets are signed beforehand
 * (presigned), so that no time goes into signatures. */
#include "reference.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum { CONTENT = 1 << 20, HEAD = 8192, ANSWER = 1 << 16, LAST = 7 };

/* What ends an answer in chunks; the XML before it has no such line. */
static const char last_chunk[LAST + 1] = "\r\n0\r\n\r\n";

struct connection {
    int fd, waits_for_room, is_head, is_answered, is_chunked;
    char head[HEAD], answer[ANSWER + 1], tail[LAST];
    size_t head_at, head_length, answer_length;
    long long content_left, answer_left;
};

static char content[CONTENT];
static char *next_line;
static const char *host_name;
static struct sockaddr_in address;
static int poll_fd;

static _Noreturn void refuse(struct connection *c, const char *what) {
    c->answer[c->answer_length] = 0;
    fprintf(stderr, "load: %s\n%.*s\n%s\n", what, (int)strcspn(c->head, "\r"), c->head, c->answer);
    exit(1);
}

static void wait_for_room(struct connection *c, int waits, int operation) {
    if (operation == EPOLL_CTL_MOD && c->waits_for_room == waits) return;
    struct epoll_event event = { .events = EPOLLIN | (waits ? EPOLLOUT : 0), .data.ptr = c };
    c->waits_for_room = waits;
    if (epoll_ctl(poll_fd, operation, c->fd, &event)) fail("epoll_ctl");
}

static void join(struct connection *c) {
    int on = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
    if (setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) || fcntl(c->fd, F_SETFL, O_NONBLOCK)) fail("socket");
    wait_for_room(c, 0, EPOLL_CTL_ADD);
}

static void push(struct connection *c) {
    while (c->head_at < c->head_length || c->content_left > 0) {
        size_t piece = c->content_left < CONTENT ? (size_t)c->content_left : CONTENT;
        struct iovec parts[2] = { { c->head + c->head_at, c->head_length - c->head_at }, { content, piece } };
        struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
        ssize_t sent = sendmsg(c->fd, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && errno == EAGAIN) return wait_for_room(c, 1, EPOLL_CTL_MOD);
        if (sent < 0) refuse(c, strerror(errno));
        size_t of_head = (size_t)sent < parts[0].iov_len ? (size_t)sent : parts[0].iov_len;
        c->head_at += of_head;
        c->content_left -= sent - (ssize_t)of_head;
    }
    wait_for_room(c, 0, EPOLL_CTL_MOD);
}

/* Begins the next request of the list; answers 0 when there is none. */
static int begin(struct connection *c) {
    char *line = next_line, *end = line ? strchr(line, '\n') : NULL;
    if (!end) return 0;
    *end = 0;
    next_line = end + 1;
    char *method = strsep(&line, "\t"), *target = strsep(&line, "\t"), *length = strsep(&line, "\t");
    if (!method || !target || !length) {
        fprintf(stderr, "load: not a request: %s\n", method ? method : "");
        exit(1);
    }
    c->is_head = !strcmp(method, "HEAD");
    c->content_left = atoll(length);
    int at = snprintf(c->head, HEAD, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, target, host_name);
    if (!strcmp(method, "PUT") && at < HEAD) at += snprintf(c->head + at, HEAD - at, "Content-Length: %lld\r\n", c->content_left);
    for (char *header; at < HEAD && (header = strsep(&line, "\t"));) at += snprintf(c->head + at, HEAD - at, "%s\r\n", header);
    if (at < HEAD) at += snprintf(c->head + at, HEAD - at, "\r\n");
    if (at >= HEAD) refuse(c, "the head is too long");
    c->head_at = c->answer_length = 0;
    c->head_length = at;
    c->answer_left = 0;
    c->is_answered = 0;
    push(c);
    return 1;
}

/* Takes a piece of an answer's content. */
static void take_content(struct connection *c, const char *piece, size_t length) {
    c->answer_left -= c->is_chunked ? 0 : (long long)length;
    if (!c->is_chunked || !length) return;
    size_t kept = length < LAST ? LAST - length : 0;
    memmove(c->tail, c->tail + LAST - kept, kept);
    memcpy(c->tail + kept, piece + length - (LAST - kept), LAST - kept);
    if (!memcmp(c->tail, last_chunk, LAST)) c->answer_left = 0;
}

/* Reads what has come of the head of an answer. */
static void take_head(struct connection *c) {
    c->answer[c->answer_length] = 0;
    char *end = strstr(c->answer, "\r\n\r\n");
    if (!end) {
        if (c->answer_length == ANSWER) refuse(c, "the head of the answer does not end");
        return;
    }
    if (strncmp(c->answer, "HTTP/1.1 2", 10)) refuse(c, "the answer is no success");
    memset(c->tail, 0, LAST);
    c->is_chunked = 0;
    for (char *line = strstr(c->answer, "\r\n"); line < end && !c->is_head; line = strstr(line + 2, "\r\n")) {
        if (!strncasecmp(line + 2, "content-length:", 15)) c->answer_left = atoll(line + 17);
        if (!strncasecmp(line + 2, "transfer-encoding: chunked", 26)) c->is_chunked = 1, c->answer_left = 1;
    }
    c->is_answered = 1;
    take_content(c, end + 4, c->answer_length - (end + 4 - c->answer));
}

/* Takes what there is of the answer; answers 1 when it is whole. */
static int pull(struct connection *c) {
    for (;;) {
        ssize_t got = c->is_answered ? recv(c->fd, c->answer, ANSWER, 0) : recv(c->fd, c->answer + c->answer_length, ANSWER - c->answer_length, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) return 0;
        if (got <= 0) refuse(c, got ? strerror(errno) : "the server closed the connection");
        if (c->is_answered) take_content(c, c->answer, got);
        else c->answer_length += got, take_head(c);
        if (c->is_answered && c->answer_left <= 0) return 1;
    }
}

static char *read_list(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
    if (size < 0) fail(path);
    char *text = malloc(size + 1);
    for (off_t at = 0; at < size;) {
        ssize_t got = pread(fd, text + at, size - at, at);
        if (got <= 0) fail(path);
        at += got;
    }
    text[size] = 0;
    close(fd);
    return text;
}

double send_all(const char *list, const char *host, int port, int connections) {
    char name[64];
    snprintf(name, sizeof name, "%s:%d", host, port);
    host_name = name;
    address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port) };
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1) fail(host);
    for (size_t at = 0; at < sizeof content;) {
        ssize_t got = getrandom(content + at, sizeof content - at, 0);
        if (got < 0) fail("getrandom");
        at += got;
    }
    next_line = read_list(list);
    struct connection *all = calloc(connections, sizeof *all);
    if ((poll_fd = epoll_create1(EPOLL_CLOEXEC)) < 0 || !all) fail("epoll");
    for (int i = 0; i < connections; i++) join(&all[i]);

    double start = now();
    int busy = 0;
    for (int i = 0; i < connections; i++) busy += begin(&all[i]);
    while (busy > 0) {
        struct epoll_event events[64];
        int ready = epoll_wait(poll_fd, events, 64, -1);
        if (ready < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) push(c);
            if (!(events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) || !pull(c)) continue;
            if (c->content_left > 0) refuse(c, "the answer came before the content was sent");
            if (!begin(c)) {
                epoll_ctl(poll_fd, EPOLL_CTL_DEL, c->fd, NULL);
                close(c->fd);
                busy--;
            }
        }
    }
    return now() - start;
}
