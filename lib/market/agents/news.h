/* The news agent: what flow agents of one or two symbols share (flow.h). */
#ifndef PAB_MARKET_AGENTS_NEWS_H
#define PAB_MARKET_AGENTS_NEWS_H

#include "market/agents/flow.h"

enum { PAB__NEWS_HOURS = 13 /* knots of a day's shape */ };

typedef struct pab__news_params {
    char first[PAB_PARAM_TEXT_SIZE], second[PAB_PARAM_TEXT_SIZE];
    char volume_shape[PAB_PARAM_TEXT_SIZE], volatility_shape[PAB_PARAM_TEXT_SIZE];
    double correlation, jump_correlation, jump_rate, slow_sd, slow_share, slow_power;
    int64_t step, mood_step, slow_time, session;
    double volume[PAB__NEWS_HOURS], volatility[PAB__NEWS_HOURS]; /* the shapes as numbers */
} pab__news_params;

/* The group of news that names a symbol, NULL for none. */
const pab__group *pab__news_find(const pab_scenario *scn, int32_t symbol);

#endif
