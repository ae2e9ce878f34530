/* A market maker's parameters and state, for the files that make up its behaviour. */
#ifndef PAB_MARKET_AGENTS_MARKET_MAKER_H
#define PAB_MARKET_AGENTS_MARKET_MAKER_H

#include "market/agents/agents.h"

enum { PAB__ANCHOR_TOP, PAB__ANCHOR_BOTTOM, PAB__ANCHOR_MIDDLE };
enum { PAB__REQUOTE_ALL, PAB__REQUOTE_CHANGED };

typedef struct pab__maker_params {
    double pov, level_spacing, skew_beta, price_skew, spread_alpha, min_imbalance, initial_spread, watch;
    int64_t min_order_size, window_size, num_ticks, wake_up_freq, subscribe_freq, subscribe_num_levels;
    int64_t cancel_limit_delay, backstop_quantity;
    int64_t withdrawal_off, withdrawal_on;
    int32_t anchor, poisson_arrival, subscribe, requote;
} pab__maker_params;

typedef struct pab__maker {
    int64_t last_mid; /* ticks, 0 when never known */
    double spread;    /* running average */
    double window;    /* ticks between the innermost orders */
    int64_t tick;     /* ticks between levels */
    int64_t buy_size, sell_size;
    int64_t bought, sold; /* last volume answer */
    int32_t need_quote, need_volume;
    int32_t has_volume; /* a volume answer has ever come */
    int32_t subscribed;
    int64_t quote_due;  /* next regular waking, INT64_MAX while answers are awaited */
    int64_t switch_due; /* next change of the withdrawal, 0 before the first is set */
    int32_t withdrawn;  /* from this side, 0 for none */
    uint32_t switches;
    int32_t answered;   /* an imbalance, since it last quoted on its own */
    int32_t asked;      /* requoting changes: a quote is on its way */
    int64_t laid_twice; /* requoting changes: innermost bid plus ask of the ladder as it lies, 0 before the first */
    int64_t laid_gap, laid_tick; /* what it was laid with */
    int32_t incomplete; /* some of its levels would have crossed the market */
    int32_t reserved;
} pab__maker;

/* --- market_maker.c: callbacks of the type, and what both ways of quoting share --- */

void pab__maker_start(pab_agent *self, void *own);
void pab__maker_wakeup(pab_agent *self, void *own, int32_t can_trade);
void pab__maker_message(pab_agent *self, void *own, const pab_message *msg, int32_t sender);

/* Takes the quote that has just come in: the mid in ticks, 0 when unknown. */
int64_t pab__maker_take_quote(pab_agent *self, pab__maker *s, int64_t mid);
/* Innermost prices of a ladder around a mid, the flow's skew included. */
void pab__maker_innermost(const pab__maker_params *p, const pab__maker *s, int64_t mid, int64_t *bid, int64_t *ask);
/* Sizes follow the volume, skewed against the inventory. */
void pab__maker_take_volume(pab_agent *self, pab__maker *s, const pab_message_volume *volume);
int64_t pab__maker_period(pab_agent *self, void *own);

/* --- maker_requote.c: makers that requote what changed --- */

/* A regular waking: asks for what it quotes by, and wakes again after a period. */
void pab__requote_look(pab_agent *self, pab__maker *s);
void pab__requote_message(pab_agent *self, pab__maker *s, const pab_message *msg);

#endif
