/* Scenarios and markets from a line of YAML. */
#ifndef PAB_TEST_PAIR_LAB_H
#define PAB_TEST_PAIR_LAB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pairsabides/pairsabides.h>

#include "market/oracle.h"

static inline pab_config *config_of(const char *yaml)
{
    pab_config *cfg = NULL;
    assert_int_equal(pab_config_new(NULL, &cfg), PAB_OK);
    if (pab_config_parse(cfg, yaml, strlen(yaml), "test") != PAB_OK) {
        char error[1024];
        pab_last_error(error, sizeof error);
        fail_msg("%s", error);
    }
    return cfg;
}

static inline pab_scenario *scenario_of(const char *yaml)
{
    pab_config *cfg = config_of(yaml);
    pab_scenario *scn = NULL;
    if (pab_scenario_new(cfg, &scn) != PAB_OK) {
        char error[1024];
        pab_last_error(error, sizeof error);
        fail_msg("%s", error);
    }
    pab_config_free(cfg);
    return scn;
}

/* Its own reference keeps the scenario alive. */
static inline pab_market *market_on(pab_scenario *scn, uint64_t seed)
{
    pab_market *m = NULL;
    assert_int_equal(pab_market_new(scn, &m), PAB_OK);
    assert_int_equal(pab_market_reset(m, seed), PAB_OK);
    return m;
}

static inline pab_market *market_of(const char *yaml, uint64_t seed)
{
    pab_scenario *scn = scenario_of(yaml);
    pab_market *m = market_on(scn, seed);
    pab_scenario_free(scn);
    return m;
}

static inline void assert_near(double value, double expected, double tolerance)
{
    if (!(value >= expected - tolerance && value <= expected + tolerance))
        fail_msg("%g is not within %g of %g", value, tolerance, expected);
}

/* The scenario is refused, and the error begins so. */
static inline void assert_refused(const char *yaml, const char *message)
{
    pab_config *cfg = config_of(yaml);
    pab_scenario *scn = NULL;
    char error[1024];
    assert_true(pab_scenario_new(cfg, &scn) < 0);
    pab_last_error(error, sizeof error);
    if (!strstr(error, message))
        fail_msg("got \"%s\", expected \"%s\"", error, message);
    pab_config_free(cfg);
}

#endif
