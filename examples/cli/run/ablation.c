#include "ablation.h"

#include "../cli.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const ablation_kind ablation_kinds[ABLATE_COUNT] = {
    {"no-anchor", "the mixture without the ensemble as a component, distilled and tuned"},
    {"gate-only", "tuned with the components left as they were distilled"},
    {"whole", "tuned on preferences whose segments last to the end of the episode"},
    {"one-future", "tuned on preferences seen in one future"},
    {"mbt", "tuned by loss mbt"},
    {"no-hedge-term", "the ensemble as trained, without the charge for hedge error"},
    {"no-terms", "the ensemble as trained, without any charge: weights of the experts only"},
    {"rules", "the ensemble's weights and charges over the experts' rules"},
    {"no-shield", "the environment does not enforce the hedge band, for any policy"},
};

const char *ablation_path(const ablation *a, const char *name, char *path)
{
    if (snprintf(path, FINISHED_PATH, "%s/%s", a->dir, name) >= FINISHED_PATH)
        path[0] = '\0'; /* no such file */
    return path;
}

int ablation_has(const ablation *a, const char *name)
{
    char path[FINISHED_PATH];
    return access(ablation_path(a, name, path), F_OK) == 0;
}

/* --- Which run, how many episodes: a directory of other ablations is refused --- */

enum { OPTIONS_SIZE = 512 };
static const char options_name[] = "options.txt";

static void describe_options(const ablation *a, char text[OPTIONS_SIZE])
{
    const pab_pipeline_info *i = &a->made.info;
    snprintf(text, OPTIONS_SIZE, "library %s, seed %llu, budget %.17g, eta %.17g, rules %d, split %s, skip %u, "
             "episodes %u, resamples %u\n", pab_version(), (unsigned long long)i->master_seed, i->budget, i->eta,
             i->rules, finished_split(i->split), i->skip, a->episodes, a->resamples);
}

static int read_options(const char *path, char text[OPTIONS_SIZE])
{
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    const size_t len = fread(text, 1, OPTIONS_SIZE - 1, file);
    text[len] = '\0';
    fclose(file);
    return 1;
}

static int write_options(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (!file)
        return cli_fail("cannot create '%s': %s", path, strerror(errno));
    const int failed = fputs(text, file) < 0;
    return fclose(file) != 0 || failed ? cli_fail("cannot write '%s': %s", path, strerror(errno)) : CLI_OK;
}

static int open_dir(ablation *a)
{
    char wanted[OPTIONS_SIZE], there[OPTIONS_SIZE], path[FINISHED_PATH];
    finished_path(&a->made, "ablations", a->dir);
    if (mkdir(a->dir, 0777) != 0 && errno != EEXIST)
        return cli_fail("cannot create the directory '%s': %s", a->dir, strerror(errno));
    describe_options(a, wanted);
    if (!read_options(ablation_path(a, options_name, path), there))
        return write_options(path, wanted);
    if (strcmp(wanted, there) == 0)
        return CLI_OK;
    there[strcspn(there, "\n")] = wanted[strcspn(wanted, "\n")] = '\0';
    return cli_fail("'%s' holds another run: %s; expected %s", a->dir, there, wanted);
}

/* --- The call --- */

/* Half-written files that a killed call left: named after an artefact of this program, ending in ".tmp". */
static int is_leftover(const struct dirent *e)
{
    const size_t len = strlen(e->d_name);
    int ours = strncmp(e->d_name, "episodes.eval", 13) == 0;
    for (int i = 0; i < ABLATE_COUNT; i++)
        ours |= strncmp(e->d_name, ablation_kinds[i].name, strlen(ablation_kinds[i].name)) == 0;
    return ours && len > 4 && strcmp(e->d_name + len - 4, ".tmp") == 0;
}

static void remove_leftovers(const ablation *a)
{
    struct dirent **entry = NULL;
    char path[FINISHED_PATH];
    const int count = scandir(a->dir, &entry, is_leftover, alphasort);
    for (int i = 0; i < count; i++) {
        unlink(ablation_path(a, entry[i]->d_name, path));
        free(entry[i]);
    }
    free(entry);
}

static void free_group(ablation_group *group)
{
    for (uint32_t p = 0; p < group->count; p++)
        pab_policy_free(group->policy[p]);
    pab_eval_free(group->eval);
}

static void free_all(ablation *a)
{
    free_group(&a->shielded);
    free_group(&a->bare);
    for (int i = 0; i < ABLATE_COUNT; i++) {
        pab_moe_free(a->moe[i]);
        pab_sip_free(a->sip[i]);
    }
    pab_moe_free(a->tuned);
    pab_moe_free(a->distilled);
    pab_sip_free(a->ensemble);
    pab_prefs_free(a->prefs);
    finished_close(&a->made);
    free(a);
}

static int run_steps(ablation *a)
{
    pab_status status = ablation_make(a);
    if (status == PAB_OK)
        status = ablation_play(a);
    return status == PAB_OK ? ablation_write(a) : cli_fail_library("ablate");
}

int ablation_run(const char *dir, uint32_t threads, uint32_t episodes, uint32_t resamples,
                 const pab_progress *progress)
{
    ablation *a = calloc(1, sizeof *a);
    if (!a)
        return cli_fail("no memory for ablations");
    int code = finished_open(&a->made, dir);
    a->threads = threads;
    a->episodes = episodes > 0 ? episodes : a->made.info.episodes;
    a->resamples = resamples > 0 ? resamples : a->made.info.resamples;
    a->progress = progress;
    if (code == CLI_OK)
        code = open_dir(a);
    if (code == CLI_OK) {
        remove_leftovers(a);
        code = run_steps(a);
    }
    free_all(a);
    return code;
}
