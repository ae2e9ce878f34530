/* The manifest: a head of lines that say what was run, then a decision a line, then an artefact and its hash a line. It
 * is JSON, but only what this file writes is read back. */
#include "pipeline/run_dir.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char manifest_name[] = "manifest.json";
static const char ending[] = ".tmp";
static const char decisions_begin[] = "  \"decisions\": {\n";
static const char working_begin[] = "  },\n  \"temporaries\": \"NAME.PID.N.tmp\",\n  \"working\": {\n";
static const char artefacts_begin[] = "  },\n  \"artefacts\": {\n";
static const char checksum_begin[] = "  },\n  \"checksum\": \"";

const char *pab__run_dir_path(const pab__run_dir *f, const char *name, char *path)
{
    snprintf(path, PAB__RUN_DIR_PATH, "%s/%s", f->dir, name);
    return path;
}

void pab__run_dir_remove(const pab__run_dir *f, const char *name)
{
    char path[PAB__RUN_DIR_PATH];
    unlink(pab__run_dir_path(f, name, path));
}

static pab_status begin(pab__run_dir *f, const pab_host *host, const char *dir)
{
    *f = (pab__run_dir){.host = *host};
    if (dir[0] == '\0' || strlen(dir) >= sizeof f->dir)
        return pab__fail(PAB_E_RANGE, "dir has %zu characters; expected 1 to %zu", strlen(dir), sizeof f->dir - 1);
    memcpy(f->dir, dir, strlen(dir) + 1);
    return PAB_OK;
}

/* --- What may be deleted --- */

static int is_working(const pab__run_dir *f, const char *name)
{
    for (uint32_t i = 0; i < f->working; i++)
        if (strcmp(f->work[i], name) == 0)
            return 1;
    return 0;
}

/* "NAME.PID.N.tmp" of a named file. */
static int is_temporary(const pab__run_dir *f, const char *name)
{
    char of[PAB__RUN_DIR_NAME];
    size_t len = strlen(name), end = len;
    if (len < sizeof ending || len >= PAB__RUN_DIR_NAME + 40 || strcmp(name + len - (sizeof ending - 1), ending) != 0)
        return 0;
    end -= sizeof ending - 1;
    for (int numbers = 0; numbers < 2; numbers++) {
        size_t digits = end;
        while (digits > 0 && name[digits - 1] >= '0' && name[digits - 1] <= '9')
            digits--;
        if (digits == end || digits == 0 || name[digits - 1] != '.')
            return 0;
        end = digits - 1;
    }
    if (end == 0 || end >= sizeof of)
        return 0;
    memcpy(of, name, end);
    of[end] = '\0';
    return strcmp(of, manifest_name) == 0 || pab__run_dir_has(f, of) || is_working(f, of);
}

void pab__run_dir_clean(const pab__run_dir *f)
{
    DIR *d = opendir(f->dir);
    if (!d)
        return;
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
        if (is_temporary(f, e->d_name))
            pab__run_dir_remove(f, e->d_name);
    }
    closedir(d);
}

pab_status pab__run_dir_create(pab__run_dir *f, const pab_host *host, const char *dir)
{
    struct stat info;
    pab_status status = begin(f, host, dir);
    if (status != PAB_OK)
        return status;
    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return pab__fail(PAB_E_IO, "cannot make the directory '%s': %s", dir, strerror(errno));
    if (stat(dir, &info) != 0 || !S_ISDIR(info.st_mode))
        return pab__fail(PAB_E_IO, "'%s' is no directory", dir);
    return PAB_OK;
}

/* --- The manifest --- */

static pab_status save(const pab__run_dir *f)
{
    char path[PAB__RUN_DIR_PATH];
    pab__text t = {.host = &f->host};
    pab__text_put(&t, "{\n");
    pab__text_put(&t, f->head);
    pab__text_put(&t, decisions_begin);
    for (uint32_t i = 0; i < f->decisions; i++)
        pab__text_say(&t, "    \"%s\": \"%s\"%s\n", f->decision[i].key, f->decision[i].value,
                      i + 1 < f->decisions ? "," : "");
    pab__text_put(&t, working_begin);
    for (uint32_t i = 0; i < f->working; i++)
        pab__text_say(&t, "    \"%s\": \"unfinished\"%s\n", f->work[i], i + 1 < f->working ? "," : "");
    pab__text_put(&t, artefacts_begin);
    for (uint32_t i = 0; i < f->count; i++)
        pab__text_say(&t, "    \"%s\": \"%016llx\"%s\n", f->name[i], (unsigned long long)f->hash[i],
                      i + 1 < f->count ? "," : "");
    pab__text_put(&t, checksum_begin);
    pab__text_say(&t, "%016llx\"\n}\n", t.bad ? 0 : (unsigned long long)pab__hash_long(t.at, t.len));
    return pab__text_save(&t, pab__run_dir_path(f, manifest_name, path));
}

static pab_status hash_of(const pab__run_dir *f, const char *name, uint64_t *out)
{
    char path[PAB__RUN_DIR_PATH];
    void *data;
    size_t len;
    pab_status status = pab__file_read(&f->host, pab__run_dir_path(f, name, path), SIZE_MAX / 2, &data, &len);
    if (status != PAB_OK)
        return status;
    *out = pab__hash_long(data, len);
    pab__release(&f->host, data, len + 1);
    return PAB_OK;
}

/* An artefact of the manifest as it lies in the directory. */
static pab_status check(pab__run_dir *f, const char *name, uint64_t recorded)
{
    char path[PAB__RUN_DIR_PATH];
    uint64_t is = 0;
    if (access(pab__run_dir_path(f, name, path), F_OK) != 0)
        return PAB_OK;
    pab_status status = hash_of(f, name, &is);
    if (status != PAB_OK)
        return status;
    if (is != recorded)
        return pab__fail(PAB_E_CORRUPT, "'%s' is not what the run wrote; delete it to have it made again", path);
    if (f->count == PAB__RUN_DIR_FILES)
        return pab__fail(PAB_E_CORRUPT, "the manifest in '%s' lists too many artefacts", f->dir);
    snprintf(f->name[f->count], PAB__RUN_DIR_NAME, "%s", name);
    f->hash[f->count++] = is;
    return PAB_OK;
}

static pab_status damaged(const pab__run_dir *f)
{
    return pab__fail(PAB_E_CORRUPT, "'%s/%s' is damaged, or written by another version of the library",
                     f->dir, manifest_name);
}

/* Past a line and its comma. */
static const char *next_line(const char *at)
{
    at += *at == ',';
    return at + (*at == '\n');
}

static pab_status read_decisions(pab__run_dir *f, const char **at)
{
    while (strncmp(*at, working_begin, sizeof working_begin - 1) != 0) {
        char key[PAB__RUN_DIR_WORD], value[PAB__RUN_DIR_WORD];
        int len = 0;
        if (sscanf(*at, "    \"%15[^\"]\": \"%15[^\"]\"%n", key, value, &len) != 2 || len == 0 ||
            f->decisions == PAB__RUN_DIR_DECISIONS)
            return damaged(f);
        pab__run_dir_decide(f, key, value);
        *at = next_line(*at + len);
    }
    *at += sizeof working_begin - 1;
    return PAB_OK;
}

static pab_status read_working(pab__run_dir *f, const char **at)
{
    while (strncmp(*at, artefacts_begin, sizeof artefacts_begin - 1) != 0) {
        int len = 0;
        if (f->working == PAB__RUN_DIR_WORKING ||
            sscanf(*at, "    \"%47[^\"/]\": \"unfinished\"%n", f->work[f->working], &len) != 1 || len == 0)
            return damaged(f);
        f->working++;
        *at = next_line(*at + len);
    }
    *at += sizeof artefacts_begin - 1;
    return PAB_OK;
}

static pab_status read_artefacts(pab__run_dir *f, const char *at)
{
    while (strncmp(at, checksum_begin, sizeof checksum_begin - 1) != 0) {
        char name[PAB__RUN_DIR_NAME], hash[17];
        unsigned long long recorded;
        int len = 0;
        if (sscanf(at, "    \"%47[^\"/]\": \"%16[0-9a-f]\"%n", name, hash, &len) != 2 || len == 0 ||
            sscanf(hash, "%llx", &recorded) != 1)
            return damaged(f);
        pab_status status = check(f, name, recorded);
        if (status != PAB_OK)
            return status;
        at = next_line(at + len);
    }
    return PAB_OK;
}

/* The last lines hold the hash of all before them. */
static int is_whole(const char *text, size_t len)
{
    char tail[32];
    const size_t tail_len = 16 + sizeof "\"\n}\n" - 1, begin_len = sizeof checksum_begin - 1;
    if (strlen(text) != len || len < tail_len + begin_len)
        return 0;
    const size_t head_len = len - tail_len;
    snprintf(tail, sizeof tail, "%016llx\"\n}\n", (unsigned long long)pab__hash_long(text, head_len));
    return memcmp(text + head_len - begin_len, checksum_begin, begin_len) == 0 && strcmp(text + head_len, tail) == 0;
}

static pab_status read_manifest(pab__run_dir *f, const char *text, size_t len)
{
    const char *list = strstr(text, decisions_begin);
    if (!is_whole(text, len) || strncmp(text, "{\n", 2) != 0 || !list || (size_t)(list - text) - 2 >= sizeof f->head)
        return damaged(f);
    memcpy(f->head, text + 2, (size_t)(list - text) - 2);
    f->head[list - text - 2] = '\0';
    list += sizeof decisions_begin - 1;
    pab_status status = read_decisions(f, &list);
    if (status == PAB_OK)
        status = read_working(f, &list);
    return status == PAB_OK ? read_artefacts(f, list) : status;
}

pab_status pab__run_dir_load(pab__run_dir *f, const pab_host *host, const char *dir, int32_t *found)
{
    char path[PAB__RUN_DIR_PATH];
    void *data;
    size_t len;
    *found = 0;
    pab_status status = begin(f, host, dir);
    if (status != PAB_OK || access(pab__run_dir_path(f, manifest_name, path), F_OK) != 0)
        return status;
    status = pab__file_read(host, path, 1 << 20, &data, &len);
    if (status != PAB_OK)
        return status;
    status = read_manifest(f, data, len);
    pab__release(host, data, len + 1);
    *found = status == PAB_OK;
    return status;
}

int32_t pab__run_dir_has(const pab__run_dir *f, const char *name)
{
    for (uint32_t i = 0; i < f->count; i++)
        if (strcmp(f->name[i], name) == 0)
            return 1;
    return 0;
}

/* --- Decisions --- */

static uint32_t find_decision(const pab__run_dir *f, const char *key)
{
    uint32_t i = 0;
    while (i < f->decisions && strcmp(f->decision[i].key, key) != 0)
        i++;
    return i;
}

const char *pab__run_dir_decided(const pab__run_dir *f, const char *key)
{
    const uint32_t i = find_decision(f, key);
    return i < f->decisions ? f->decision[i].value : "";
}

void pab__run_dir_decide(pab__run_dir *f, const char *key, const char *value)
{
    const uint32_t i = find_decision(f, key);
    if (i == PAB__RUN_DIR_DECISIONS)
        return;
    f->decisions += i == f->decisions;
    snprintf(f->decision[i].key, PAB__RUN_DIR_WORD, "%s", key);
    snprintf(f->decision[i].value, PAB__RUN_DIR_WORD, "%s", value);
}

/* --- Artefacts --- */

/* The list is in the order of names, so that a run that made an artefact again has the same list. */
static pab_status enter(pab__run_dir *f, const char *name)
{
    uint32_t at = 0;
    uint64_t hash = 0;
    pab_status status = hash_of(f, name, &hash);
    while (at < f->count && strcmp(f->name[at], name) < 0)
        at++;
    if (status != PAB_OK)
        return status;
    if (at == f->count || strcmp(f->name[at], name) != 0) {
        if (f->count == PAB__RUN_DIR_FILES || strlen(name) >= PAB__RUN_DIR_NAME)
            return pab__fail(PAB_E_CAPACITY, "no room for '%s' among %d artefacts", name, PAB__RUN_DIR_FILES);
        memmove(f->name[at + 1], f->name[at], (f->count - at) * sizeof f->name[0]);
        memmove(&f->hash[at + 1], &f->hash[at], (f->count - at) * sizeof f->hash[0]);
        memcpy(f->name[at], name, strlen(name) + 1);
        f->count++;
    }
    f->hash[at] = hash;
    return PAB_OK;
}

pab_status pab__run_dir_record(pab__run_dir *f, const char *const *names)
{
    pab_status status = PAB_OK;
    for (; status == PAB_OK && *names; names++)
        status = enter(f, *names);
    return status == PAB_OK ? save(f) : status;
}

/* --- Working files --- */

static void remove_unfinished(const pab__run_dir *f, const char *const *but, const char *checkpoint)
{
    for (uint32_t i = 0; i < f->working; i++) {
        int keep = pab__run_dir_has(f, f->work[i]) || (checkpoint && strncmp(f->work[i], checkpoint,
                                                                             strlen(checkpoint)) == 0);
        for (const char *const *name = but; !keep && name && *name; name++)
            keep = strcmp(f->work[i], *name) == 0;
        if (!keep)
            pab__run_dir_remove(f, f->work[i]);
    }
}

static pab_status work_on(pab__run_dir *f, const char *name, const char *more)
{
    if (f->working == PAB__RUN_DIR_WORKING || strlen(name) + strlen(more) >= PAB__RUN_DIR_NAME)
        return pab__fail(PAB_E_CAPACITY, "no room for '%s%s' among %d working files", name, more, PAB__RUN_DIR_WORKING);
    snprintf(f->work[f->working++], PAB__RUN_DIR_NAME, "%s%s", name, more);
    return PAB_OK;
}

pab_status pab__run_dir_begin(pab__run_dir *f, const char *const *names, const char *checkpoint)
{
    static const char *const beside[] = {"", ".states0", ".states1", ".states2"}; /* of a distillation */
    pab_status status = PAB_OK;
    remove_unfinished(f, names, checkpoint);
    f->working = 0;
    for (; status == PAB_OK && *names; names++)
        status = work_on(f, *names, "");
    for (size_t i = 0; checkpoint && status == PAB_OK && i < sizeof beside / sizeof *beside; i++)
        status = work_on(f, checkpoint, beside[i]);
    return status == PAB_OK ? save(f) : status;
}

pab_status pab__run_dir_finish(pab__run_dir *f)
{
    pab__run_dir_clean(f);
    if (f->working == 0)
        return PAB_OK;
    remove_unfinished(f, NULL, NULL);
    f->working = 0;
    return save(f);
}
