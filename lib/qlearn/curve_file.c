/* The learning curve as CSV: a row a round, an empty field where nothing was measured. */
#include "qlearn/qtable.h"

#include <math.h>
#include <stdio.h>

enum { LINE = 512 };

static const char header[] = "expert,table,round,visited,return,advantage,shortfall,tracking,entropy,missed,explore,"
                             "rule_share,validation,gain,gain_error,agreement\n";

static int add_real(char *line, int len, double x, char after)
{
    int n = isnan(x) ? snprintf(line + len, (size_t)(LINE - len), "%c", after)
                     : snprintf(line + len, (size_t)(LINE - len), "%.10g%c", x, after);
    return len + n;
}

static void add_round(pab__bytes *out, const char *expert, const pab_qtable_round *r)
{
    static const char *const tables[PAB_TABLE_COUNT] = {"leg_a", "leg_b", "pair"};
    const double reals[] = {r->reward,  r->advantage,  r->shortfall,  r->tracking, r->entropy,    r->missed,
                            r->explore, r->rule_share, r->validation, r->gain,     r->gain_error, r->agreement};
    enum { REALS = sizeof reals / sizeof *reals };
    char line[LINE];
    int len = snprintf(line, sizeof line, "%s,%s,%u,%u,", expert, tables[r->table], r->round, r->visited);
    for (int i = 0; i < REALS; i++)
        len = add_real(line, len, reals[i], i + 1 < REALS ? ',' : '\n');
    for (int i = 0; i < len; i++)
        pab__put(out, (unsigned char)line[i], 1);
}

pab_status pab__qtable_write_curve(const pab_qtable *q, const char *path)
{
    pab__bytes out = {.host = q->host};
    for (const char *c = header; *c != '\0'; c++)
        pab__put(&out, (unsigned char)*c, 1);
    for (uint32_t i = 0; i < q->rounds; i++)
        add_round(&out, pab_policy_builtin((uint32_t)q->expert), &q->curve[i]);
    pab_status status = out.bad ? pab__fail(PAB_E_MEMORY, "%s: no memory for the learning curve", path)
                                : pab__file_write(path, out.data, out.len);
    pab__bytes_free(&out);
    return status;
}
