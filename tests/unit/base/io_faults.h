/* System calls on files that fail on demand of a test. A test that uses it is linked with the wraps of its meson.build:
 * calls of the library come here first, calls of the C library do not. The
 * names end in 64 because Meson asks for 64-bit offsets. */
#ifndef TEST_IO_FAULTS_H
#define TEST_IO_FAULTS_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    int64_t passes; /* calls that succeed before the failure; -1: none fails */
    int sticky;     /* all later calls fail too */
    int parts;      /* one byte at a time, every other call interrupted by a signal */
    int64_t seen, failed;
} io_faults = {.passes = -1};

static inline void io_faults_on(int64_t passes, int sticky)
{
    io_faults.passes = passes;
    io_faults.sticky = sticky;
    io_faults.seen = io_faults.failed = 0;
}

static inline void io_parts_on(void)
{
    io_faults.parts = 1;
}

/* Returns how many calls have failed. */
static inline int64_t io_faults_off(void)
{
    io_faults.passes = -1;
    io_faults.parts = 0;
    return io_faults.failed;
}

static int io_fails(int code)
{
    if (io_faults.passes < 0)
        return 0;
    int64_t number = io_faults.seen++;
    if (number != io_faults.passes && !(io_faults.sticky && number > io_faults.passes))
        return 0;
    io_faults.failed++;
    errno = code;
    return 1;
}

/* 1: this transfer is interrupted. */
static int io_interrupts(void)
{
    static int odd;
    if (!io_faults.parts || (odd = !odd))
        return 0;
    errno = EINTR;
    return 1;
}

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = (flags & O_CREAT) ? (mode_t)va_arg(args, int) : 0;
    va_end(args);
    return io_fails(EMFILE) ? -1 : __real_open64(path, flags, mode);
}

ssize_t __real_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len)
{
    if (io_fails(ENOSPC) || io_interrupts())
        return -1;
    return __real_write(fd, data, io_faults.parts ? 1 : len);
}

ssize_t __real_read(int fd, void *data, size_t len);
ssize_t __wrap_read(int fd, void *data, size_t len);
ssize_t __wrap_read(int fd, void *data, size_t len)
{
    if (io_fails(EIO) || io_interrupts())
        return -1;
    return __real_read(fd, data, io_faults.parts ? 1 : len);
}

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    return io_fails(EIO) ? -1 : __real_fsync(fd);
}

/* Closes in any case, as Linux does. */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
    int done = __real_close(fd);
    return io_fails(EIO) ? -1 : done;
}

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to)
{
    return io_fails(EACCES) ? -1 : __real_rename(from, to);
}

int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_unlink(const char *path)
{
    return io_fails(EACCES) ? -1 : __real_unlink(path);
}

int __real_fchmod(int fd, mode_t mode);
int __wrap_fchmod(int fd, mode_t mode);
int __wrap_fchmod(int fd, mode_t mode)
{
    return io_fails(EPERM) ? -1 : __real_fchmod(fd, mode);
}

int __real_fstat64(int fd, struct stat *info);
int __wrap_fstat64(int fd, struct stat *info);
int __wrap_fstat64(int fd, struct stat *info)
{
    return io_fails(EIO) ? -1 : __real_fstat64(fd, info);
}

#endif
