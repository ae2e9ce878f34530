/* A trained ensemble: its table, its experts, and the records of its search. */
#ifndef PAB_SIP_SIP_H
#define PAB_SIP_SIP_H

#include <pairsabides/sip_train.h>

#include "eval/table.h"
#include "qlearn/qtable.h"
#include "sip/cells.h"

struct pab_sip {
    pab_host host;
    uint64_t fingerprint; /* of the scenario it was trained on */
    uint64_t master_seed;
    pab_sip_info info;
    pab__sip_table table; /* of info.shipped */
    double visits[PAB__SIP_CELLS];
    pab_qtable *expert[PAB_EXPERT_COUNT];
    pab_sip_generation *search; /* [info.generations] */
    pab_sip_finalist *finalist; /* [info.finalists] */
    pab_sip_sweep *sweep;       /* [info.sweeps] */
};

/* With copies of the experts (NULL: the rule) and room for as many rows as `info` says. */
pab_status pab__sip_new(const pab_host *host, const pab_qtable *const experts[PAB_EXPERT_COUNT],
                        const pab_sip_info *info, pab_sip **out);

/* A learned expert of its own, equal to q; NULL: one that plays the rule of `expert`. */
pab_status pab__sip_copy_expert(const pab_host *host, const pab_qtable *q, int32_t expert, pab_qtable **out);

/* The objective of Stage 3 on seeds where the ensemble's mean tracking error is `tracking`: the eta that was asked for,
 * and a constraint no looser than the ensemble's with its slack. */
pab__objective pab__sip_goal(const pab_sip *sip, double tracking);

/* An ensemble of the same experts with another table. */
pab_status pab__sip_variant(const pab_sip *sip, const pab__sip_table *table, pab_sip **out);

/* A file's payload. */
void pab__sip_write(const pab_sip *sip, pab__bytes *out);
pab_status pab__sip_read(const pab_host *host, pab__bytes *in, const char *path, pab_sip **out);

/* Tables, as files have them. */
void pab__sip_table_write(const pab__sip_table *table, pab__bytes *out);
void pab__sip_table_read(pab__sip_table *table, pab__bytes *in);
/* Is it one of PAB_SIP_..., and an expert or -1? */
static inline int pab__sip_finalist_is_known(int32_t kind, int32_t expert)
{
    return kind >= PAB_SIP_CANDIDATE && kind <= PAB_SIP_REFINED && expert >= -1 && expert < PAB_EXPERT_COUNT;
}
void pab__sip_generation_write(const pab_sip_generation *row, pab__bytes *out);
void pab__sip_generation_read(pab_sip_generation *row, pab__bytes *in);
void pab__sip_sweep_write(const pab_sip_sweep *row, pab__bytes *out);
void pab__sip_sweep_read(pab_sip_sweep *row, pab__bytes *in);

#endif
