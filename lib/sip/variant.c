/* Ensembles with the experts of a trained one and another table: for ablations, and as a baseline. */
#include "sip/sip.h"

pab_status pab__sip_variant(const pab_sip *sip, const pab__sip_table *table, pab_sip **out)
{
    const pab_sip_info info = {.struct_size = sizeof info, .rules = table->rules, .eta = sip->info.eta};
    pab_status status = pab__sip_new(&sip->host, (const pab_qtable *const *)sip->expert, &info, out);
    if (status != PAB_OK)
        return status;
    (*out)->fingerprint = sip->fingerprint;
    (*out)->table = *table;
    return PAB_OK;
}

pab_status pab_sip_variant(const pab_sip *sip, uint32_t without, int32_t rules, pab_sip **out)
{
    if (!sip || !out)
        return pab__fail(PAB_E_ARGUMENT, "%s is NULL", !sip ? "sip" : "out");
    if (without >> PAB__SIP_TERMS || (rules != 0 && rules != 1))
        return pab__fail(PAB_E_RANGE, "without is %u and rules %d; expected bits 0 to %d, and 0 or 1", without, rules,
                         PAB__SIP_TERMS - 1);
    pab__sip_table table = sip->table;
    table.rules |= rules;
    for (int term = 0; term < PAB__SIP_TERMS; term++)
        for (int c = 0; without >> term & 1 && c < PAB__SIP_CELLS; c++)
            table.cell[c].multiplier[term] = 0;
    return pab__sip_variant(sip, &table, out);
}
