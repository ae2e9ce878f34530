/* A host that has set a locale with a decimal comma gets the artefacts of one that has not, to the byte. */
#include "../base/locale_comma.h"
#include "runs.h"

static void a_decimal_comma_changes_no_artefact(void **state)
{
    char base[] = "/tmp/pab_locale_XXXXXX", plain[64], comma[64];
    pab_pipeline_options o = tiny_run();
    pab_pipeline *run = NULL;
    pab_policy *policy = NULL;
    (void)state;
    assert_non_null(mkdtemp(base));
    snprintf(plain, sizeof plain, "%s/plain", base);
    snprintf(comma, sizeof comma, "%s/comma", base);
    o.rules = 0; /* tables of experts are artefacts too */
    pab_config *cfg = tiny_pair();
    must(pab_pipeline_run(cfg, plain, &o, NULL));
    pab_config_free(cfg);
    comma_locale before = enter_comma_locale();
    if (!before.entered) {
        remove_run(plain);
        rmdir(base);
        print_message("no locale with a decimal comma on this machine, and localedef makes none\n");
        skip();
    }
    cfg = tiny_pair();
    must(pab_pipeline_run(cfg, comma, &o, NULL));
    must(pab_pipeline_open(NULL, plain, &run)); /* what the other host wrote is read here */
    pab_pipeline_free(run);
    must(pab_policy_parse(NULL, "ac(kappa_t=0.5)", &policy));
    pab_policy_free(policy);
    leave_comma_locale(before);
    must(pab_pipeline_open(NULL, comma, &run));
    pab_pipeline_free(run);
    assert_same_runs(plain, comma);
    remove_run(plain);
    remove_run(comma);
    rmdir(base);
    pab_config_free(cfg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_decimal_comma_changes_no_artefact)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
