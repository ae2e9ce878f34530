/* The search for weights, from its first generation to the finalists. */
#ifndef PAB_SIP_SEARCH_H
#define PAB_SIP_SEARCH_H

#include "eval/cem.h"
#include "sip/objective.h"
#include "sip/sip.h"
#include "sip/trials.h"

enum { PAB__SIP_ETAS = 7, PAB__SIP_FINALISTS = 64, PAB__SIP_TOP = 10, PAB__SIP_FRONT_TOP = 2,
       PAB__SIP_SWEEPS = 16 };

typedef struct pab__sip_entrant {
    int32_t kind; /* PAB_SIP_CANDIDATE ... */
    int32_t expert;
    double eta;
    pab__sip_table table;
} pab__sip_entrant;

/* Everything that the next generation depends on. */
typedef struct pab__sip_state {
    uint32_t eta;       /* number of the search that goes on; all done: searches */
    uint32_t rows;      /* of `row` */
    uint32_t entrants;
    uint32_t reserved;
    pab__cem cem, first; /* now; and at the end of the first search */
    pab_sip_generation *row; /* room for all */
    uint32_t sweeps;         /* of refinement, done */
    int32_t refined;         /* 1: one of them was accepted, and `better` is what came of it */
    pab__sip_table better;
    pab_sip_sweep sweep[PAB__SIP_SWEEPS];
    pab__sip_entrant entrant[PAB__SIP_FINALISTS];
} pab__sip_state;

typedef struct pab__sip_search {
    pab_host host;
    pab_scenario *scn;
    pab_learn_options options;
    pab_sip_options how;  /* complete */
    uint64_t identity;    /* of the run: checkpoints of another are refused */
    double etas[PAB__SIP_ETAS];
    uint32_t searches;    /* etas */
    uint32_t room;        /* rows of all searches */
    pab__sip_field field;
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

/* Sweeps that are left: `table`, whose objective on the final seeds is given and who visits cells there so often,
 * becomes what is accepted. */
pab_status pab__sip_refine(pab__sip_search *s, const double visits[PAB__SIP_CELLS], pab__sip_table *table,
                           double objective);

/* Plays finalists, chooses, validates; makes the result. */
pab_status pab__sip_choose(pab__sip_search *s, const pab_qtable *const *experts, pab_sip **out);

pab_status pab__sip_checkpoint_save(const pab__sip_search *s);
pab_status pab__sip_checkpoint_load(pab__sip_search *s); /* nothing where there is none */

/* Takes a caller's options, checked and complete. */
pab_status pab__sip_options_take(const pab_learn_options *given, const pab_sip_options *how_given,
                                 pab_learn_options *out, pab_sip_options *how);

/* Rows as CSV. */
pab_status pab__sip_write_search(const pab_host *host, const pab_sip_generation *row, uint32_t rows, const char *path);

#endif
