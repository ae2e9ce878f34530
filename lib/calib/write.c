/* Writes measured numbers as keys of a configuration, by way of YAML. */
#include "calib/calib.h"

#include "base/text.h"
#include "env/pair_keys.h"

static void put_list(pab__text *t, const char *indent, const char *key, const double *values, uint32_t count)
{
    pab__text_say(t, "%s%s: [", indent, key);
    for (uint32_t i = 0; i < count; i++)
        pab__text_say(t, "%s%.6g", i > 0 ? ", " : "", values[i]);
    pab__text_say(t, "]\n");
}

/* For a number that was not measured the executor uses its own averages. */
static void put_leg(pab__text *t, int leg, const pab__leg_plan *plan)
{
    const pab__section *section = &pab__calibration_subs[leg];
    pab__text_say(t, "  %s:\n", section->name);
    for (uint32_t i = 0; i < section->row_count; i++) {
        const pab_param *row = &section->rows[i];
        const double *value = (const double *)(const void *)((const unsigned char *)&plan->ref + row->offset);
        pab__text_say(t, "    %s: %.6g\n", row->key, *value);
    }
    put_list(t, "    ", "profile", plan->profile, plan->profile_count);
    put_list(t, "    ", "micro_price", plan->micro_price, plan->micro_count);
    put_list(t, "    ", "fill", plan->fill, plan->fill_count);
}

static void put_all(pab__text *t, const pab__calibrated *m)
{
    pab__text_say(t, "calibration:\n  beta: %.6g\n", m->beta);
    for (int leg = 0; leg < 2; leg++)
        put_leg(t, leg, &m->leg[leg]);
    if (m->has_crumbling) {
        pab__text_say(t, "  crumbling:\n");
        for (int i = 0; i < 8; i++)
            pab__text_say(t, "    c%d: %.6g\n", i, m->crumbling[i]);
    }
    if (m->has_edges != 0) {
        pab__text_say(t, "  bins:\n");
        for (int i = 0; i < PAB__EDGE_LISTS; i++)
            put_list(t, "    ", pab__edge_lists[i].name, m->edge[i], m->has_edges > 0 ? pab__edge_counts[i] : 0);
    }
    if (m->quantity > 0)
        pab__text_say(t, "pair:\n  quantity: %lld\n", (long long)m->quantity);
}

pab_status pab__calibration_write(const pab_host *host, const pab__calibrated *m, pab_config *cfg)
{
    pab__text t = pab__text_growing(host);
    put_all(&t, m);
    pab_status status = pab__text_check(&t, "a calibration");
    if (status == PAB_OK)
        status = pab_config_parse(cfg, t.at, t.len, "calibration");
    pab__text_free(&t);
    return status;
}
