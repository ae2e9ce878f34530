/* A small market without latency whose agents do what a test tells them: agent `who` of the crew acts at the open and
 * every second after it, and all that it hears is noted. */
#ifndef TEST_LAB_H
#define TEST_LAB_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pairsabides/replay.h>

#include "../status.h"

#define LAB_SECOND INT64_C(1000000000)
#define LAB_STEPS 16
#define LAB_HEARD 8192

typedef struct lab_heard {
    int64_t time;
    int32_t who; /* in the crew */
    int32_t sender;
    pab_message msg;
    uint32_t level_count[2];
    pab_level levels[2][8]; /* bids, asks */
} lab_heard;

typedef struct lab lab;
struct lab {
    pab_config *cfg;
    pab_scenario *scn;
    pab_market *m;
    pab_scenario_info info;
    void (*act)(lab *l, pab_agent *self, int32_t who, int32_t step);
    void (*hear)(lab *l, pab_agent *self, int32_t who, const pab_message *msg); /* may be NULL */
    int32_t first; /* id of the crew's first agent */
    int deaf; /* what is heard is not noted */
    int count;
    lab_heard heard[LAB_HEARD];
    int64_t ids[LAB_STEPS]; /* for a test's own use */
};

static inline void lab_wakeup(pab_agent *self, void *state, int32_t can_trade)
{
    lab *l = pab_agent_user(self);
    int64_t *steps = state;
    (void)can_trade;
    if (!pab_agent_hours_known(self) || *steps >= LAB_STEPS)
        return;
    pab_agent_wakeup_at(self, pab_agent_now(self) + LAB_SECOND);
    l->act(l, self, pab_agent_id(self) - l->first, (int32_t)(*steps)++);
}

static inline void lab_message(pab_agent *self, void *state, const pab_message *msg, int32_t sender)
{
    lab *l = pab_agent_user(self);
    int32_t who = pab_agent_id(self) - l->first;
    (void)state;
    if (l->deaf)
        return;
    if (l->count == LAB_HEARD)
        abort();
    lab_heard *h = &l->heard[l->count++];
    *h = (lab_heard){.time = pab_agent_now(self), .who = who, .sender = sender, .msg = *msg};
    if (msg->type == PAB_MSG_SPREAD || (msg->type >= PAB_MSG_L1_DATA && msg->type <= PAB_MSG_L3_DATA)) {
        h->level_count[0] = pab_agent_levels(self, msg, PAB_BUY, h->levels[0], 8);
        h->level_count[1] = pab_agent_levels(self, msg, PAB_SELL, h->levels[1], 8);
    }
    if (l->hear)
        l->hear(l, self, who, msg);
}

/* The error sentence of the last failed call has this in it. */
static inline void lab_error_has(const char *part)
{
    char text[512] = "";
    pab_last_error(text, sizeof text);
    if (!strstr(text, part))
        fail_msg("the error \"%s\" does not say \"%s\"", text, part);
}

/* Makes the scenario: `quirks` is "abides" or "none", `more` further YAML (or NULL). Reset is left to the test. */
static inline void lab_open(lab *l, const char *quirks, const char *more)
{
    static const char base[] = "rng: fast\n"
                               "clock: {market_open: '09:30:00', market_close: '09:40:00', kernel_start: '09:00:00'}\n"
                               "symbols: {X: {oracle: {kind: none, r_bar: 1000}}}\n"
                               "latency: {model: none}\n"
                               "agents: {crew: {type: crew, symbol: X, count: 4}}\n";
    pab_agent_type type;
    must(pab_agent_type_init(&type, sizeof type));
    type.name = type.label = "crew";
    type.state_size = sizeof(int64_t);
    type.user = l;
    type.on_wakeup = lab_wakeup;
    type.on_message = lab_message;
    l->count = 0;
    l->first = 1;
    memset(l->ids, 0, sizeof l->ids);
    must(pab_config_new(NULL, &l->cfg));
    must(pab_config_add_agent_type(l->cfg, &type));
    must(pab_config_parse(l->cfg, base, sizeof base - 1, "lab"));
    must(pab_config_set(l->cfg, "quirks", quirks));
    if (more)
        must(pab_config_parse(l->cfg, more, strlen(more), "more"));
}

/* One switch the other way round. */
static inline void lab_switch(lab *l, const char *quirk, int on)
{
    char key[64];
    snprintf(key, sizeof key, "quirks.%s", quirk);
    must(pab_config_set(l->cfg, key, on ? "true" : "false"));
}

static inline void lab_start(lab *l, uint64_t seed)
{
    l->info.struct_size = sizeof l->info;
    must(pab_scenario_new(l->cfg, &l->scn));
    must(pab_scenario_describe(l->scn, &l->info));
    must(pab_market_new(l->scn, &l->m));
    must(pab_market_reset(l->m, seed));
}

static inline void lab_close(lab *l)
{
    pab_market_free(l->m);
    pab_scenario_free(l->scn);
    pab_config_free(l->cfg);
    l->m = NULL;
    l->scn = NULL;
    l->cfg = NULL;
}

/* Runs from the start to the end with one quirk on or off among all the others as `quirks` has them. */
static inline void lab_run(lab *l, const char *quirks, const char *quirk, int on, const char *more)
{
    lab_open(l, quirks, more);
    if (quirk)
        lab_switch(l, quirk, on);
    lab_start(l, 1);
    must(pab_market_finish(l->m));
}

/* The n-th (from 0) message of a type that an agent heard, or NULL. */
static inline const lab_heard *lab_nth(const lab *l, int32_t who, int32_t type, int n)
{
    for (int i = 0; i < l->count; i++)
        if (l->heard[i].who == who && l->heard[i].msg.type == type && n-- == 0)
            return &l->heard[i];
    return NULL;
}

static inline int lab_times(const lab *l, int32_t who, int32_t type)
{
    int n = 0;
    while (lab_nth(l, who, type, n))
        n++;
    return n;
}

#endif
