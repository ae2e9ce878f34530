/* The learning curve as CSV: a row a round, an empty field where nothing was measured. */
#include "base/csv_write.h"
#include "qlearn/qtable.h"

static const char header[] = "expert,table,round,visited,return,advantage,shortfall,tracking,entropy,missed,explore,"
                             "rule_share,validation,gain,gain_error,agreement";

static void put_round(pab__csv_out *csv, const char *expert, const pab_qtable_round *r)
{
    static const char *const tables[PAB_TABLE_COUNT] = {"leg_a", "leg_b", "pair"};
    const double reals[] = {r->reward,  r->advantage,  r->shortfall,  r->tracking, r->entropy,    r->missed,
                            r->explore, r->rule_share, r->validation, r->gain,     r->gain_error, r->agreement};
    pab__csv_put_text(csv, expert);
    pab__csv_put_text(csv, tables[r->table]);
    pab__csv_put_uint(csv, r->round);
    pab__csv_put_uint(csv, r->visited);
    pab__csv_put_reals(csv, reals, sizeof reals / sizeof *reals);
    pab__csv_end_row(csv);
}

pab_status pab__qtable_write_curve(const pab_qtable *q, const char *path)
{
    pab__text text = pab__text_growing(&q->host);
    pab__csv_out csv = {.out = &text};
    pab__csv_head(&csv, header);
    for (uint32_t i = 0; i < q->rounds; i++)
        put_round(&csv, pab_policy_builtin((uint32_t)q->expert), &q->curve[i]);
    return pab__text_save(&text, path);
}
