/* flock on a file that names its holder. The file is deleted by its holder, so a lock counts only while its file is
 * still the one of that name. */
#define _DEFAULT_SOURCE /* flock */
#include "pipeline/run_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/host.h"

enum { WORDS = 320, ATTEMPTS = 100 };

static const char file_name[] = ".pairsabides.lock";
static const char begins[] = "run by process "; /* "run by process 1234 on host" */

static pab_status cannot(const char *doing, const char *path)
{
    return pab__fail(PAB_E_IO, "cannot %s '%s': %s", doing, path, strerror(errno));
}

/* What the file says, without its line break; empty where it says nothing yet. */
static void read_words(int fd, char words[WORDS])
{
    ssize_t len = pread(fd, words, WORDS - 1, 0);
    words[len > 0 ? len : 0] = '\0';
    words[strcspn(words, "\n")] = '\0';
    for (char *c = words; *c != '\0'; c++)
        *c = *c < ' ' || *c > '~' ? '?' : *c;
}

static pab_status refuse(const char *dir, int fd)
{
    char words[WORDS];
    read_words(fd, words);
    const char *who = strncmp(words, begins, sizeof begins - 1) == 0 ? words + sizeof "run by " - 1 : "another process";
    return pab__fail(PAB_E_STATE, "'%s' is in use: %s has a run there; wait for it, or name another directory", dir,
                     who);
}

/* Whether the file that was opened is still the one of this name. */
static int is_current(int fd, const char *path)
{
    struct stat opened, named;
    return fstat(fd, &opened) == 0 && stat(path, &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

/* Puts our name in, unless the file is somebody's who had nothing to do with runs. */
static pab_status sign(int fd, const char *path)
{
    char words[WORDS], host[256] = "";
    read_words(fd, words);
    if (words[0] != '\0' && strncmp(words, begins, sizeof begins - 1) != 0)
        return pab__fail(PAB_E_STATE, "'%s' is no lock of a run: it begins '%.40s'; move it away", path, words);
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    int len = snprintf(words, sizeof words, "%s%ld on %s\n", begins, (long)getpid(), host[0] ? host : "this host");
    if (ftruncate(fd, 0) != 0 || pwrite(fd, words, (size_t)len, 0) != len)
        return cannot("write", path);
    return PAB_OK;
}

pab_status pab__run_lock_take(const char *dir, pab__run_lock *out)
{
    *out = (pab__run_lock){0};
    if ((size_t)snprintf(out->path, sizeof out->path, "%s/%s", dir, file_name) >= sizeof out->path)
        return pab__fail(PAB_E_RANGE, "dir has %zu characters; expected fewer", strlen(dir));
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int fd = open(out->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
        if (fd < 0)
            return cannot("make the lock", out->path);
        pab_status status = PAB_OK;
        if (flock(fd, LOCK_EX | LOCK_NB) != 0)
            status = errno == EWOULDBLOCK ? refuse(dir, fd) : cannot("lock", out->path);
        else if (is_current(fd, out->path))
            status = sign(fd, out->path);
        else { /* its holder has just deleted it */
            close(fd);
            continue;
        }
        if (status != PAB_OK) {
            close(fd);
            return status;
        }
        out->fd = fd;
        out->held = 1;
        return PAB_OK;
    }
    return pab__fail(PAB_E_STATE, "'%s' is taken and left again and again; expected a free lock", out->path);
}

void pab__run_lock_free(pab__run_lock *lock)
{
    if (!lock->held)
        return;
    unlink(lock->path);
    close(lock->fd);
    lock->held = 0;
}
