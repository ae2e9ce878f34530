/* A learned expert: three tables, what validation said of each, and the learning curve. */
#ifndef PAB_QLEARN_QTABLE_H
#define PAB_QLEARN_QTABLE_H

#include <pairsabides/learn.h>

#include "qlearn/bins.h"
#include "base/bytes.h"
#include "qlearn/table.h"

/* Visits from which a row decides, and updates from which an entry may overrule the rule. */
enum { PAB__QTABLE_ROW_VISITS = 20 };

/* What validation said of a table. */
typedef struct pab__qtable_verdict {
    int32_t mode; /* PAB_TABLE_... */
    uint32_t best_round;
    double scale; /* sigma */
    double gain, gain_error, plain_gain, confident_gain;
} pab__qtable_verdict;

struct pab_qtable {
    pab_host host;
    int32_t expert;
    uint64_t fingerprint; /* of the scenario it was trained on */
    uint64_t master_seed;
    pab__bins bins;
    pab__table table[PAB_TABLE_COUNT];
    pab__qtable_verdict verdict[PAB_TABLE_COUNT];
    pab_qtable_round *curve;
    uint32_t rounds, room; /* of the curve */
};

pab_status pab__qtable_new(const pab_host *host, int32_t expert, pab_qtable **out); /* empty, playing the rule */
pab_status pab__qtable_add_round(pab_qtable *q, const pab_qtable_round *round);

void pab__qtable_write(const pab_qtable *q, pab__bytes *out);
pab_status pab__qtable_read_bytes(const pab_host *host, pab__bytes *in, pab_qtable **out);
void pab__table_write(const pab__table *t, pab__bytes *out);
int pab__table_read(pab__table *t, pab__bytes *in); /* 0: malformed */

/* The learning curve as CSV. */
pab_status pab__qtable_write_curve(const pab_qtable *q, const char *path);

/* A caller's options, checked, completed and scaled by the budget. */
pab_status pab__learn_options_take(const pab_learn_options *given, pab_learn_options *out,
                                   pab_qtable_options *qtable);

#endif
