/* Options of Stage 2: defaults, checks, and how the budget scales them. */
#include <math.h>
#include <string.h>

#include "sip/search.h"

#define LEAST PAB__UPTO(pab_sip_options, reserved)

pab_status pab_sip_options_init(pab_sip_options *options, uint32_t size)
{
    static const pab_sip_options defaults = {
        .struct_size = sizeof defaults, .candidates = 64, .front = 1, .eta = 0.5, .refine = 3,
        .tracking = 1};
    if (!options)
        return pab__fail(PAB_E_ARGUMENT, "options is NULL; expected a record to fill in");
    memcpy(options, &size, sizeof size);
    return pab__record_out(options, &defaults, sizeof defaults, LEAST, "options");
}

static uint32_t scaled(uint32_t given, double budget, uint32_t usual, uint32_t least, uint32_t most)
{
    double n = given > 0 ? given : nearbyint(budget * usual);
    return n < least && given == 0 ? least : n > most ? most : (uint32_t)n;
}

static pab_status check(const pab_sip_options *o)
{
    enum { SEEDS = 65536, GENERATIONS = 4096 };
    if (o->candidates < 8 || o->candidates > PAB__CEM_CANDIDATES)
        return pab__fail(PAB_E_RANGE, "sip.candidates is %u; expected 8 to %d", o->candidates, PAB__CEM_CANDIDATES);
    if (o->elite > o->candidates)
        return pab__fail(PAB_E_RANGE, "sip.elite is %u; expected at most sip.candidates, %u", o->elite, o->candidates);
    if (o->generations > GENERATIONS || o->front_generations > GENERATIONS)
        return pab__fail(PAB_E_RANGE, "sip.%s is %u; expected at most %d",
                         o->generations > GENERATIONS ? "generations" : "front_generations",
                         o->generations > GENERATIONS ? o->generations : o->front_generations, GENERATIONS);
    if (o->seeds > SEEDS || o->final_seeds > SEEDS || o->validation_seeds > SEEDS)
        return pab__fail(PAB_E_RANGE, "sip.seeds, final_seeds and validation_seeds are %u, %u, %u; expected at most %d",
                         o->seeds, o->final_seeds, o->validation_seeds, SEEDS);
    if (o->front < 0 || o->front > 1)
        return pab__fail(PAB_E_RANGE, "sip.front is %d; expected 0 or 1", o->front);
    if (o->refine > PAB__SIP_SWEEPS)
        return pab__fail(PAB_E_RANGE, "sip.refine is %u; expected at most %d", o->refine, PAB__SIP_SWEEPS);
    if (!(o->eta >= 0 && o->eta <= 1000))
        return pab__fail(PAB_E_RANGE, "sip.eta is %g; expected 0 to 1000", o->eta);
    if (!(o->tracking >= 0 && o->tracking <= 1000))
        return pab__fail(PAB_E_RANGE, "sip.tracking is %g; expected 0 to 1000", o->tracking);
    return PAB_OK;
}

pab_status pab__sip_options_take(const pab_learn_options *given, const pab_sip_options *how_given,
                                 pab_learn_options *out, pab_sip_options *how)
{
    pab_qtable_options unused;
    pab_status status = pab__learn_options_take(given, out, &unused);
    if (status == PAB_OK)
        status = pab_sip_options_init(how, sizeof *how);
    if (status == PAB_OK && how_given)
        status = pab__record_in(how, sizeof *how, how_given, LEAST, "how");
    if (status == PAB_OK)
        status = check(how);
    if (status != PAB_OK)
        return status;
    how->generations = scaled(how->generations, out->budget, 18, 2, 4096);
    how->front_generations = scaled(how->front_generations, out->budget, 3, 1, 4096);
    how->seeds = scaled(how->seeds, out->budget, 40, 5, 65536);
    how->final_seeds = scaled(how->final_seeds, out->budget, 400, 10, 65536);
    how->validation_seeds = scaled(how->validation_seeds, out->budget, 240, 10, 65536);
    how->refine_visits = scaled(how->refine_visits, out->budget, 200, 10, 65536);
    if (how->elite == 0)
        how->elite = how->candidates / 8;
    return PAB_OK;
}
