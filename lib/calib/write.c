/* Measured numbers become keys of a configuration, by way of YAML. */
#include "calib/calib.h"

#include <stdarg.h>
#include <stdio.h>

#include "env/pair_keys.h"

enum { ROOM = 1 << 16 };

typedef struct text {
    char *at;
    size_t len; /* wanted, whether there was room or not */
} text;

static void put(text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(t->len < ROOM ? t->at + t->len : NULL, t->len < ROOM ? ROOM - t->len : 0, format, args);
    va_end(args);
    t->len += n > 0 ? (size_t)n : 0;
}

static void put_list(text *t, const char *indent, const char *key, const double *values, uint32_t count)
{
    put(t, "%s%s: [", indent, key);
    for (uint32_t i = 0; i < count; i++)
        put(t, "%s%.6g", i > 0 ? ", " : "", values[i]);
    put(t, "]\n");
}

/* A number that was not measured is left to the executor's own averages. */
static void put_leg(text *t, int leg, const pab__leg_plan *plan)
{
    const pab__section *section = &pab__calibration_subs[leg];
    put(t, "  %s:\n", section->name);
    for (uint32_t i = 0; i < section->row_count; i++) {
        const pab_param *row = &section->rows[i];
        const double *value = (const double *)(const void *)((const unsigned char *)&plan->ref + row->offset);
        put(t, "    %s: %.6g\n", row->key, *value);
    }
    put_list(t, "    ", "profile", plan->profile, plan->profile_count);
    put_list(t, "    ", "micro_price", plan->micro_price, plan->micro_count);
    put_list(t, "    ", "fill", plan->fill, plan->fill_count);
}

static void put_all(text *t, const pab__calibrated *m)
{
    put(t, "calibration:\n  beta: %.6g\n", m->beta);
    for (int leg = 0; leg < 2; leg++)
        put_leg(t, leg, &m->leg[leg]);
    if (m->has_crumbling) {
        put(t, "  crumbling:\n");
        for (int i = 0; i < 8; i++)
            put(t, "    c%d: %.6g\n", i, m->crumbling[i]);
    }
    if (m->has_edges != 0) {
        put(t, "  bins:\n");
        for (int i = 0; i < PAB__EDGE_LISTS; i++)
            put_list(t, "    ", pab__edge_lists[i].name, m->edge[i], m->has_edges > 0 ? pab__edge_counts[i] : 0);
    }
    if (m->quantity > 0)
        put(t, "pair:\n  quantity: %lld\n", (long long)m->quantity);
}

pab_status pab__calibration_write(const pab_host *host, const pab__calibrated *m, pab_config *cfg)
{
    text t = {.at = pab__alloc(host, ROOM)};
    if (!t.at)
        return pab__fail(PAB_E_MEMORY, "no memory for the text of a calibration");
    put_all(&t, m);
    pab_status status = t.len < ROOM ? pab_config_parse(cfg, t.at, t.len, "calibration")
                                     : pab__fail(PAB_E_CAPACITY, "the calibration needs %zu bytes", t.len);
    pab__release(host, t.at, ROOM);
    return status;
}
