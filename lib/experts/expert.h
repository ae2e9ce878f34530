/* The four rule experts: LAE (liquidity-aware), SCE (synchronization), OME (opportunistic), RAE (risk-averse).
 *
 * Each is a table of rules for a leg and a function that coordinates two legs as a pair. kind.c lists them as built-in
 * policies; qlearn asks pab__expert_choose for the action of the rule. */
#ifndef PAB_EXPERTS_EXPERT_H
#define PAB_EXPERTS_EXPERT_H

#include "experts/kind.h"
#include "experts/rules.h"

enum { PAB__FORM_PAIR = 0, PAB__FORM_LEG = 1 };

/* First option of every expert. */
enum { PAB__GUARD_STEPS = 0 };

/* Private state. Only RAE pauses. */
typedef struct pab__expert_state {
    int32_t paused[PAB_ENV_LEGS]; /* decisions in a row */
} pab__expert_state;

typedef struct pab__expert {
    const char *title; /* "LAE" */
    const pab__rules *leg;
    /* Chooses for both legs of a pair; guards come after. */
    void (*pair)(const pab__pair_inputs *inputs, const double *options, pab__choice choice[PAB_ENV_LEGS]);
    /* Adds inputs of this expert alone. May be NULL. */
    void (*prepare)(const double *options, const pab__expert_state *state, pab__pair_inputs *inputs);
    /* Updates the state after a decision. May be NULL. */
    void (*settle)(const pab__choice choice[PAB_ENV_LEGS], pab__expert_state *state);
} pab__expert;

/* Guards, then the expert's rules, then the ladder. `prepare` must have been called. */
void pab__expert_choose(const pab__expert *expert, int32_t form, const double *options, const pab__pair_inputs *inputs,
                        pab__choice choice[PAB_ENV_LEGS]);

/* "LAE leg A: p_far 0.63 >= 0.6 and zs 0.4 < 1.5: TAKE x1, the far touch is about to vanish; LAE leg B: ..." */
void pab__expert_say(const pab__expert *expert, const double *options, const pab__pair_inputs *inputs,
                     const pab__choice choice[PAB_ENV_LEGS], pab__text *words);

/* `decide` of the four (kind.h). */
void pab__expert_decide(const pab__policy_params *params, void *state, const pab__context *context, pab_decision *out,
                        pab__text *why);

/* SCE's leg table serves RAE too; options of both that it reads stand at these places. */
enum { PAB__SYNC_GAP_SWEEP = 1, PAB__SYNC_GAP_TAKE, PAB__SYNC_GAP_MID, PAB__SYNC_AHEAD_CANCEL,
       PAB__SYNC_AHEAD_HOLD, PAB__SYNC_B_TAKE, PAB__SYNC_B_MID, PAB__SYNC_OPTIONS };
extern const pab__rules pab__sync_rules;
#define PAB__SYNC_OPTION_ROWS                                                                                        \
    [PAB__SYNC_GAP_SWEEP] = {"gap_sweep", "1", "SWEEP when behind the other leg by this share of the parent", 0.06,  \
                             0, 1},                                                                                  \
    [PAB__SYNC_GAP_TAKE] = {"gap_take", "1", "TAKE when behind the other leg by this", 0.013, 0, 1},                 \
    [PAB__SYNC_GAP_MID] = {"gap_mid", "1", "MID when behind the other leg by this", 0.009, 0, 1},                    \
    [PAB__SYNC_AHEAD_CANCEL] = {"ahead_cancel", "1", "CANCEL when the gap is at most this", -0.025, -1, 0},          \
    [PAB__SYNC_AHEAD_HOLD] = {"ahead_hold", "1", "HOLD when the gap is at most this", -0.02, -1, 0},                 \
    [PAB__SYNC_B_TAKE] = {"b_take", "1", "TAKE when behind schedule by this fraction of the parent", 0.1, -1, 1},    \
    [PAB__SYNC_B_MID] = {"b_mid", "1", "MID of a synchronized leg when behind schedule by this", -0.035, -1, 1}
#define PAB__GUARD_OPTION_ROW \
    [PAB__GUARD_STEPS] = {"guard_steps", "decisions", "Takes two slices when so many decisions are left", 2, 0, 1e6}

#endif
