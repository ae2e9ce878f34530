/* Preferences as files. Labels are not stored: they are made again from the scores. */
#include <math.h>
#include <string.h>

#include "prefs/prefs.h"
#include "sip/cells.h"

/* Bytes in the file of a point, an action and a start; those of a trajectory depend on the futures. */
enum { POINT_BYTES = PAB_ENV_OBSERVATIONS * 4 + 8, ACTION_BYTES = 8, START_BYTES = 2 * 8 + 7 * 4 };

static const pab__file_kind prefs_kind = {{'P', 'R', 'E', 'F'}, 1, "preferences"};

/* So does the checkpoint PCKP. */
_Static_assert(PAB_ENV_OBSERVATIONS == 60, "preferences of another number of features need another version");

static void put_float(pab__bytes *out, float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    pab__bytes_put_u32(out, bits);
}

static float get_float(pab__bytes *in)
{
    uint32_t bits = pab__bytes_get_u32(in);
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void write_track(const pab_prefs *p, uint32_t number, pab__bytes *out)
{
    const pab__pref_trajectory *t = &p->trajectory[number];
    pab__bytes_put_u32(out, t->candidates);
    for (uint32_t m = 0; m <= p->futures; m++)
        pab__bytes_put_u32(out, t->play[m]);
    for (uint32_t m = 0; m < p->futures; m++) {
        const pab__pref_outcome *o = &p->outcome[(size_t)number * p->futures + m];
        pab__bytes_put_real(out, o->score);
        for (int c = 0; c < PAB__PREF_COMPONENTS; c++)
            pab__bytes_put_real(out, o->component[c]);
    }
}

static void read_track(pab_prefs *p, uint32_t number, pab__bytes *in)
{
    pab__pref_trajectory *t = &p->trajectory[number];
    t->candidates = pab__bytes_get_u32(in);
    for (uint32_t m = 0; m <= p->futures; m++)
        t->play[m] = pab__bytes_get_u32(in);
    for (uint32_t m = 0; m < p->futures; m++) {
        pab__pref_outcome *o = &p->outcome[(size_t)number * p->futures + m];
        o->score = pab__bytes_get_real(in);
        for (int c = 0; c < PAB__PREF_COMPONENTS; c++)
            o->component[c] = pab__bytes_get_real(in);
    }
}

void pab__prefs_write(const pab_prefs *p, pab__bytes *out)
{
    pab__bytes_put_u64(out, p->fingerprint);
    pab__bytes_put_u64(out, p->master_seed);
    pab__bytes_put_real(out, p->eta);
    const uint32_t counts[] = {p->futures, p->points, p->plays, p->trajectories, p->starts};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        pab__bytes_put_u32(out, counts[i]);
    for (uint32_t i = 0; i < p->points; i++) {
        for (int k = 0; k < PAB_ENV_OBSERVATIONS; k++)
            put_float(out, p->point[i].obs[k]);
        pab__bytes_put_u32(out, p->point[i].legal[0]);
        pab__bytes_put_u32(out, p->point[i].legal[1]);
    }
    for (uint32_t i = 0; i < p->plays; i++) {
        pab__bytes_put_u32(out, p->play[i].point);
        pab__bytes_put_u32(out, (uint32_t)p->play[i].action);
    }
    for (uint32_t i = 0; i < p->trajectories; i++)
        write_track(p, i, out);
    for (uint32_t i = 0; i < p->starts; i++) {
        const pab__pref_start *s = &p->start[i];
        const uint32_t words[] = {(uint32_t)s->step, (uint32_t)s->segment, (uint32_t)s->cell, (uint32_t)s->held,
                                  s->point, s->trajectory, s->trajectories};
        pab__bytes_put_u64(out, s->seed);
        pab__bytes_put_u64(out, s->state);
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            pab__bytes_put_u32(out, words[k]);
    }
}

static void read_start(pab__pref_start *s, pab__bytes *in)
{
    s->seed = pab__bytes_get_u64(in);
    s->state = pab__bytes_get_u64(in);
    s->step = (int32_t)pab__bytes_get_u32(in);
    s->segment = (int32_t)pab__bytes_get_u32(in);
    s->cell = (int32_t)pab__bytes_get_u32(in);
    s->held = (int32_t)pab__bytes_get_u32(in);
    s->point = pab__bytes_get_u32(in);
    s->trajectory = pab__bytes_get_u32(in);
    s->trajectories = pab__bytes_get_u32(in);
}

static int points_are_sound(const pab_prefs *p)
{
    for (uint32_t i = 0; i < p->points; i++) {
        for (int k = 0; k < PAB_ENV_OBSERVATIONS; k++)
            if (!isfinite(p->point[i].obs[k]))
                return 0;
        for (int leg = 0; leg < PAB_ENV_LEGS; leg++)
            if (p->point[i].legal[leg] == 0 || p->point[i].legal[leg] >> PAB_ENV_LEG_ACTIONS != 0)
                return 0;
    }
    for (uint32_t i = 0; i < p->plays; i++)
        if (p->play[i].point >= p->points || p->play[i].action < 0 || p->play[i].action >= PAB_ENV_JOINT_ACTIONS)
            return 0;
    return 1;
}

/* Runs of plays follow one another without a gap: whoever reads a start's trajectories takes them as one run. */
static int trajectories_are_sound(const pab_prefs *p)
{
    uint32_t end = 0;
    for (uint32_t i = 0; i < p->trajectories; i++) {
        const pab__pref_trajectory *t = &p->trajectory[i];
        if (t->play[0] != end || t->candidates == 0)
            return 0;
        for (uint32_t m = 0; m < p->futures; m++) {
            const pab__pref_outcome *o = &p->outcome[(size_t)i * p->futures + m];
            if (t->play[m] >= t->play[m + 1] || !isfinite(o->score) ||
                !pab__all_finite(o->component, PAB__PREF_COMPONENTS))
                return 0;
        }
        end = t->play[p->futures];
    }
    return end == p->plays;
}

/* So do the starts' runs of trajectories. */
static int starts_are_sound(const pab_prefs *p)
{
    uint32_t end = 0;
    for (uint32_t i = 0; i < p->starts; i++) {
        const pab__pref_start *s = &p->start[i];
        if (s->point >= p->points || s->trajectories > PAB__PREF_TRAJECTORIES || s->trajectories == 0 ||
            s->trajectory != end || s->trajectories > p->trajectories - end || s->step < 0 || s->segment < 1 ||
            s->cell < 0 || s->cell >= PAB__SIP_CELLS || s->held < 0 || s->held > 1)
            return 0;
        end += s->trajectories;
    }
    return end == p->trajectories;
}

static pab_status read_arrays(pab_prefs *p, pab__bytes *in, const uint32_t count[4])
{
    pab_status status = pab__prefs_reserve(p, count[0], count[1], count[2], count[3], 0);
    if (status != PAB_OK)
        return status;
    for (uint32_t i = 0; i < count[0]; i++) {
        for (int k = 0; k < PAB_ENV_OBSERVATIONS; k++)
            p->point[i].obs[k] = get_float(in);
        p->point[i].legal[0] = pab__bytes_get_u32(in);
        p->point[i].legal[1] = pab__bytes_get_u32(in);
    }
    for (uint32_t i = 0; i < count[1]; i++) {
        p->play[i].point = pab__bytes_get_u32(in);
        p->play[i].action = (int32_t)pab__bytes_get_u32(in);
    }
    for (uint32_t i = 0; i < count[2]; i++)
        read_track(p, i, in);
    for (uint32_t i = 0; i < count[3]; i++)
        read_start(&p->start[i], in);
    p->points = count[0];
    p->plays = count[1];
    p->trajectories = count[2];
    p->starts = count[3];
    return PAB_OK;
}

static uint64_t trajectory_bytes(uint32_t futures)
{
    return 4 + ((uint64_t)futures + 1) * 4 + (uint64_t)futures * (1 + PAB__PREF_COMPONENTS) * 8;
}

pab_status pab__prefs_read(const pab_host *host, pab__bytes *in, const char *path, pab_prefs **out)
{
    pab_prefs *p;
    uint64_t fingerprint = pab__bytes_get_u64(in), master_seed = pab__bytes_get_u64(in);
    double eta = pab__bytes_get_finite(in);
    uint32_t futures = pab__bytes_get_u32(in), count[4];
    for (int i = 0; i < 4; i++)
        count[i] = pab__bytes_get_u32(in);
    const uint64_t wanted = (uint64_t)count[0] * POINT_BYTES + (uint64_t)count[1] * ACTION_BYTES +
                            count[2] * trajectory_bytes(futures) + (uint64_t)count[3] * START_BYTES;
    if (in->bad || futures == 0 || futures > PAB__PREF_FUTURES || wanted > pab__bytes_left(in))
        return pab__fail(PAB_E_CORRUPT, "%s: preferences with numbers out of range", path);
    pab_status status = pab__prefs_new(host, futures, eta, &p);
    if (status != PAB_OK)
        return status;
    p->fingerprint = fingerprint;
    p->master_seed = master_seed;
    status = read_arrays(p, in, count);
    if (status == PAB_OK && (in->bad || !points_are_sound(p) || !trajectories_are_sound(p) || !starts_are_sound(p)))
        status = pab__fail(PAB_E_CORRUPT, "%s: preferences with numbers out of range", path);
    if (status == PAB_OK)
        status = pab__prefs_label(p);
    if (status == PAB_OK)
        *out = p;
    else
        pab_prefs_free(p);
    return status;
}

pab_status pab_prefs_save(const pab_prefs *p, const char *path)
{
    if (!p || !path)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !p ? "prefs" : "path");
    pab__bytes out = {.host = &p->host};
    pab__bytes_frame(&out);
    pab__prefs_write(p, &out);
    pab_status status = pab__bytes_save(&out, &prefs_kind, path);
    pab__bytes_free(&out);
    return status;
}

pab_status pab_prefs_load(const pab_host *host, const char *path, pab_prefs **out)
{
    pab_host full;
    pab__bytes in;
    pab_prefs *p = NULL;
    if (!path || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !path ? "path" : "out");
    pab_status status = pab__host_take(host, &full);
    if (status == PAB_OK)
        status = pab__bytes_load(&full, &prefs_kind, path, &in);
    if (status != PAB_OK)
        return status;
    status = pab__prefs_read(&full, &in, path, &p);
    if (status == PAB_OK && in.at != in.len)
        status = pab__fail(PAB_E_CORRUPT, "%s: %zu bytes follow the preferences; expected none", path, in.len - in.at);
    pab__bytes_free(&in);
    if (status == PAB_OK)
        *out = p;
    else
        pab_prefs_free(p);
    return status;
}
