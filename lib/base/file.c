/* Reading and writing whole files. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, LINKS_MAX = 40 };

static pab_status io_error(const char *doing, const char *path, int code)
{
    char reason[128];
    if (strerror_r(code, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "error %d", code);
    return pab__fail(PAB_E_IO, "cannot %s '%s': %s", doing, path, reason);
}

static const char *kind_of(mode_t mode)
{
    return S_ISDIR(mode)    ? "a folder"
           : S_ISFIFO(mode) ? "a named pipe"
           : S_ISCHR(mode)  ? "a character device"
           : S_ISBLK(mode)  ? "a block device"
           : S_ISSOCK(mode) ? "a socket"
                            : "not a regular file";
}

static pab_status refuse_kind(const char *doing, const char *path, mode_t mode)
{
    return pab__fail(PAB_E_IO, "cannot %s '%s': it is %s; expected a regular file", doing, path, kind_of(mode));
}

/* One step along a symbolic link: `at` becomes what it names. 0 or an errno. */
static int follow_link(char at[PATH_SIZE])
{
    char named[PATH_SIZE];
    ssize_t len = readlink(at, named, sizeof named);
    if (len < 0)
        return errno;
    char *slash = named[0] == '/' ? NULL : strrchr(at, '/');
    size_t keep = slash ? (size_t)(slash - at) + 1 : 0;
    if (len >= PATH_SIZE - (ssize_t)keep)
        return ENAMETOOLONG;
    memcpy(at + keep, named, (size_t)len);
    at[keep + (size_t)len] = '\0';
    return 0;
}

/* What a write to `path` must replace: *there is 0 where nothing is, else `info` describes a regular file. */
static pab_status find_target(const char *path, char target[PATH_SIZE], struct stat *info, int *there)
{
    size_t len = strlen(path);
    if (len == 0 || len >= PATH_SIZE)
        return io_error("write", path, len == 0 ? ENOENT : ENAMETOOLONG);
    memcpy(target, path, len + 1);
    int code = 0;
    for (int links = 0; code == 0; links++) {
        *there = lstat(target, info) == 0;
        if (!*there)
            return errno == ENOENT ? PAB_OK : io_error("write", path, errno);
        if (!S_ISLNK(info->st_mode))
            break;
        code = links == LINKS_MAX ? ELOOP : follow_link(target);
    }
    if (code != 0)
        return io_error("write", path, code);
    if (!S_ISREG(info->st_mode))
        return refuse_kind("write", path, info->st_mode);
    return access(target, W_OK) == 0 ? PAB_OK : io_error("write", path, errno);
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

/* Gives a new file the owner and mode of the one it replaces. 0 or an errno. */
static int keep_owner_and_mode(int fd, const struct stat *old)
{
    struct stat now;
    if (fstat(fd, &now) != 0)
        return errno;
    int same = now.st_uid == old->st_uid && now.st_gid == old->st_gid;
    if (!same && fchown(fd, old->st_uid, old->st_gid) != 0)
        return errno;
    return fchmod(fd, old->st_mode & 07777) == 0 ? 0 : errno;
}

/* Writes the file `temp`, which is open, and lets it take the place of `target`. 0 or an errno. */
static int replace(int fd, const char *temp, const char *target, const void *data, size_t len)
{
    int code = write_all(fd, data, len);
    if (close(fd) != 0 && code == 0)
        code = errno;
    if (code == 0 && rename(temp, target) != 0)
        code = errno;
    return code;
}

pab_status pab__file_write(const char *path, const void *data, size_t len)
{
    char target[PATH_SIZE], temp[PATH_SIZE];
    struct stat old;
    int there = 0;
    pab_status status = find_target(path, target, &old, &there);
    if (status != PAB_OK)
        return status;
    int fd = open_beside(target, temp);
    if (fd < 0)
        return io_error("create a file beside", path, errno);
    int code = there ? keep_owner_and_mode(fd, &old) : 0;
    if (code != 0) {
        close(fd);
        unlink(temp);
        return io_error("keep the owner and mode of", path, code);
    }
    code = replace(fd, temp, target, data, len);
    if (code != 0) {
        unlink(temp);
        return io_error("write", path, code);
    }
    code = sync_parent(target);
    return code == 0 ? PAB_OK : io_error("sync the folder of", path, code);
}

pab_status pab__file_append(const char *path, const void *data, size_t len)
{
    char target[PATH_SIZE];
    struct stat old;
    int there = 0;
    pab_status status = find_target(path, target, &old, &there);
    if (status != PAB_OK)
        return status;
    int fd = open(target, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return io_error("open", path, errno);
    int code = write_all(fd, data, len);
    if (close(fd) != 0 && code == 0)
        code = errno;
    return code == 0 ? PAB_OK : io_error("write", path, code);
}

int pab__file_exists(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0;
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

/* Not blocking, for the case that a pipe takes the file's place after the check. */
pab_status pab__file_open(const char *path, int *fd)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return io_error("open", path, errno);
    if (!S_ISREG(info.st_mode))
        return refuse_kind("read", path, info.st_mode);
    *fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    return *fd >= 0 ? PAB_OK : io_error("open", path, errno);
}

static pab_status read_open_file(const pab_host *host, const char *path, int fd, size_t limit, void **data, size_t *len)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return io_error("read", path, errno);
    if (!S_ISREG(info.st_mode))
        return refuse_kind("read", path, info.st_mode);
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
    int fd = -1;
    pab_status status = pab__file_open(path, &fd);
    if (status != PAB_OK)
        return status;
    status = read_open_file(host, path, fd, limit, data, len);
    close(fd);
    return status;
}
