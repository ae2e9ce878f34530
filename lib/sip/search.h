/* The search for weights, from its first generation to the finalists. */
#ifndef PAB_SIP_SEARCH_H
#define PAB_SIP_SEARCH_H

#include "eval/cem.h"
#include "sip/objective.h"
#include "sip/sip.h"
#include "sip/evaluation.h"

enum { PAB__SIP_SEARCHES = 8, PAB__SIP_FINALISTS = 64, PAB__SIP_TOP = 10, PAB__SIP_FRONT_TOP = 2,
       PAB__SIP_SWEEPS = 16, PAB__SIP_MULTIPLIER_MAX = 1000 };

typedef struct pab__sip_candidate {
    int32_t kind; /* PAB_SIP_CANDIDATE ... */
    int32_t expert;
    double eta;
    pab__sip_table table;
} pab__sip_candidate;

/* A search for one eta; the first is for the one asked for, and from there for the one that keeps the bound. */
typedef struct pab__sip_eta_search {
    double eta;
    pab__cem end;
} pab__sip_eta_search;

/* Everything that the next generation depends on. */
typedef struct pab__sip_state {
    uint32_t searches; /* that ended */
    uint32_t rows;     /* of `row` */
    uint32_t candidates;
    int32_t over;      /* 1: no further search */
    double eta;        /* of the current search */
    pab__cem cem;      /* now */
    pab__sip_eta_search search[PAB__SIP_SEARCHES];
    pab_sip_generation *row; /* room for all */
    uint32_t sweeps;         /* of refinement, done */
    int32_t refined;         /* 1: one of them was accepted, and `better` is the result */
    pab__sip_table better;
    pab_sip_sweep sweep[PAB__SIP_SWEEPS];
    pab__sip_candidate candidate[PAB__SIP_FINALISTS];
} pab__sip_state;

typedef struct pab__sip_search {
    pab_host host;
    pab_scenario *scn;
    pab_learn_options options;
    pab_sip_options how;  /* complete */
    uint64_t identity;    /* of the run: checkpoints of another are refused */
    double bound;         /* on TE on the final seeds, 0: none; known after the finalists have played, as is the next */
    double multiplier;    /* of tracking: the least eta by which the best finalist keeps the bound */
    uint32_t room;        /* rows of all searches that there may be */
    pab__sip_workers workers;
    pab__sip_state *state;
    pab__sip_table *tables; /* of a generation */
    double *shortfall, *tracking, *spare, *cost;
    uint32_t *order;
    size_t reals; /* room of shortfall, tracking and spare together */
} pab__sip_search;

/* Takes options, makes everything, reads the checkpoint where there is one. `experts` are lent. */
pab_status pab__sip_search_open(pab__sip_search *s, const pab_host *host, pab_scenario *scn,
                                const pab_qtable *const *experts, uint64_t identity);
void pab__sip_search_close(pab__sip_search *s);
pab_status pab__sip_search_run(pab__sip_search *s); /* all generations that are left */

/* --- multiplier.c --- */
int pab__sip_is_feasible(const pab__sip_search *s, double tracking); /* the bound, by a TE on the final seeds */
/* The least eta, from the one asked for on, whose best of n finalists keeps the bound; the last that changes the best
 * where none does. */
double pab__sip_multiplier(const pab__sip_search *s, const pab__sip_costs *costs, uint32_t n);

/* --- refine.c --- */
/* The remaining sweeps. `table`, with its objective and visits on the final seeds, becomes the refined table where one
 * is accepted. */
pab_status pab__sip_refine(pab__sip_search *s, const double visits[PAB__SIP_CELLS], pab__sip_table *table,
                           double objective);

/* --- finalists.c --- */
/* Plays finalists, chooses, validates; makes the result. */
pab_status pab__sip_choose(pab__sip_search *s, const pab_qtable *const *experts, pab_sip **out);

pab_status pab__sip_checkpoint_save(const pab__sip_search *s);
pab_status pab__sip_checkpoint_load(pab__sip_search *s); /* nothing where there is none */

/* A caller's options, checked and completed. */
pab_status pab__sip_options_take(const pab_learn_options *given, const pab_sip_options *how_given,
                                 pab_learn_options *out, pab_sip_options *how);

/* Rows as CSV. */
pab_status pab__sip_write_search(const pab_host *host, const pab_sip_generation *row, uint32_t rows, const char *path);

#endif
