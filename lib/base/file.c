/* Framed, checksummed files: magic, kind, version and length before the payload, XXH3-64 after it. */
#include "base/file.h"
#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK_SIZE 8
#define HEAD_SIZE (PAB__FRAME_SIZE - CHECK_SIZE)
#define PATH_SIZE 4096

static const char magic[8] = {'P', 'A', 'I', 'R', 'S', 'A', 'B', 'I'};

/* Offsets in the head; the eight bytes after the version are flags, zero so far. */
enum { AT_KIND = 8, AT_VERSION = 12, AT_FLAGS = 16, AT_LENGTH = 24 };

static void put_le(unsigned char *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t get_le(const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

void pab__frame_seal(const pab__file_kind *kind, void *buf, size_t payload_len)
{
    unsigned char *head = buf;
    memcpy(head, magic, sizeof magic);
    memcpy(head + AT_KIND, kind->kind, sizeof kind->kind);
    put_le(head + AT_VERSION, kind->version, 4);
    put_le(head + AT_FLAGS, 0, 8);
    put_le(head + AT_LENGTH, payload_len, 8);
    put_le(head + HEAD_SIZE + payload_len, pab__hash_long(head, HEAD_SIZE + payload_len), CHECK_SIZE);
}

pab_status pab__frame_open(const pab__file_kind *kind, const void *buf, size_t len, const char *name,
                           const void **payload, size_t *payload_len)
{
    const unsigned char *head = buf;
    size_t seen = len < sizeof magic ? len : sizeof magic;
    if (len > 0 && memcmp(head, magic, seen) != 0)
        return pab__fail(PAB_E_KIND, "%s: not a file of this library; expected %s", name, kind->what);
    if (len < PAB__FRAME_SIZE)
        return pab__fail(PAB_E_CORRUPT, "%s: truncated at %zu bytes; expected %s", name, len, kind->what);
    if (memcmp(head + AT_KIND, kind->kind, sizeof kind->kind) != 0)
        return pab__fail(PAB_E_KIND, "%s: holds data of another kind; expected %s", name, kind->what);
    uint64_t version = get_le(head + AT_VERSION, 4);
    if (version > kind->version)
        return pab__fail(PAB_E_VERSION, "%s: %s of format %u; expected at most %u (written by a newer library)", name,
                         kind->what, (unsigned)version, kind->version);
    uint64_t told = get_le(head + AT_LENGTH, 8);
    if (told != len - PAB__FRAME_SIZE)
        return pab__fail(PAB_E_CORRUPT, "%s: %s of %zu bytes, but its head tells %llu; expected the whole file", name,
                         kind->what, len, (unsigned long long)(told + PAB__FRAME_SIZE));
    if (get_le(head + len - CHECK_SIZE, CHECK_SIZE) != pab__hash_long(head, len - CHECK_SIZE))
        return pab__fail(PAB_E_CORRUPT, "%s: the checksum of %s does not match; the file is damaged", name, kind->what);
    if (version == 0 || get_le(head + AT_FLAGS, 8) != 0)
        return pab__fail(PAB_E_VERSION, "%s: %s with an unknown format or flags; expected format 1 to %u", name,
                         kind->what, kind->version);
    *payload = head + HEAD_SIZE;
    *payload_len = len - PAB__FRAME_SIZE;
    return PAB_OK;
}

static pab_status io_error(const char *doing, const char *path, int code)
{
    char reason[128];
    if (strerror_r(code, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "error %d", code);
    return pab__fail(PAB_E_IO, "cannot %s '%s': %s", doing, path, reason);
}

/* 0 or an errno. */
static int write_all(int fd, const unsigned char *data, size_t len)
{
    while (len > 0) {
        ssize_t done = write(fd, data, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return errno;
        data += done;
        len -= (size_t)done;
    }
    return fsync(fd) == 0 ? 0 : errno;
}

/* Makes the rename itself last. Some file systems cannot sync a directory; that is no failure. */
static int sync_parent(const char *path)
{
    char dir[PATH_SIZE];
    const char *slash = strrchr(path, '/');
    size_t len = !slash ? 0 : (size_t)(slash - path) + 1;
    memcpy(dir, path, len);
    dir[len] = '\0';
    int fd = open(len == 0 ? "." : dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES ? 0 : errno;
    int code = fsync(fd) == 0 || errno == EINVAL ? 0 : errno;
    close(fd);
    return code;
}

/* A new file beside `path`; its name is left in temp. */
static int open_beside(const char *path, char temp[PATH_SIZE])
{
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        int len = snprintf(temp, PATH_SIZE, "%s.%ld.%u.tmp", path, (long)getpid(), attempt);
        if (len < 0 || len >= PATH_SIZE) {
            errno = ENAMETOOLONG;
            return -1;
        }
        int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

pab_status pab__file_write(const char *path, const void *data, size_t len)
{
    char temp[PATH_SIZE];
    int fd = open_beside(path, temp);
    if (fd < 0)
        return io_error("create a file beside", path, errno);
    int code = write_all(fd, data, len);
    if (close(fd) != 0 && code == 0)
        code = errno;
    if (code == 0 && rename(temp, path) != 0)
        code = errno;
    if (code != 0) {
        unlink(temp);
        return io_error("write", path, code);
    }
    code = sync_parent(path);
    return code == 0 ? PAB_OK : io_error("sync the directory of", path, code);
}

/* Fills data with the file's `len` bytes; 0, an errno, or -1 when the file has shrunk. */
static int read_all(int fd, unsigned char *data, size_t len)
{
    while (len > 0) {
        ssize_t done = read(fd, data, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return done < 0 ? errno : -1;
        data += done;
        len -= (size_t)done;
    }
    return 0;
}

static pab_status read_open_file(const pab_host *host, const char *path, int fd, size_t limit, void **data, size_t *len)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return io_error("read", path, errno);
    if (!S_ISREG(info.st_mode))
        return pab__fail(PAB_E_IO, "cannot read '%s': it is not a regular file", path);
    if ((uintmax_t)info.st_size > limit)
        return pab__fail(PAB_E_IO, "cannot read '%s': it has %jd bytes; expected at most %zu", path,
                         (intmax_t)info.st_size, limit);
    size_t size = (size_t)info.st_size;
    unsigned char *buf = pab__alloc(host, size + 1);
    if (!buf)
        return pab__fail(PAB_E_MEMORY, "no memory for the %zu bytes of '%s'", size, path);
    int code = read_all(fd, buf, size);
    if (code != 0) {
        pab__release(host, buf, size + 1);
        return code > 0 ? io_error("read", path, code)
                        : pab__fail(PAB_E_IO, "cannot read '%s': it shrank while being read", path);
    }
    *data = buf;
    *len = size;
    return PAB_OK;
}

pab_status pab__file_read(const pab_host *host, const char *path, size_t limit, void **data, size_t *len)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return io_error("open", path, errno);
    pab_status status = read_open_file(host, path, fd, limit, data, len);
    close(fd);
    return status;
}
