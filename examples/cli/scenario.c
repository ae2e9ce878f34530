#include "scenario.h"
#include "parse.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int unknown_scenario(const char *command, const char *name)
{
    const char *why = strerror(errno);
    char names[256] = "";
    for (uint32_t i = 0; pab_preset_name(i); i++)
        cli_list(names, sizeof names, pab_preset_name(i));
    return cli_usage("%s: SCENARIO '%s' is neither a readable file (%s) nor a preset (%s)", command, name, why, names);
}

static int load_scenario(pab_config *cfg, const char *command, const char *name)
{
    size_t len = strlen(name);
    pab_status status;
    for (uint32_t i = 0; pab_preset_name(i); i++) {
        if (strcmp(pab_preset_name(i), name) == 0)
            return pab_config_preset(cfg, name) == PAB_OK ? CLI_OK : cli_fail_library(NULL);
    }
    if (access(name, R_OK) != 0)
        return unknown_scenario(command, name);
    if (len > 5 && strcmp(name + len - 5, ".json") == 0)
        status = pab_config_import_abides(cfg, name);
    else
        status = pab_config_load(cfg, name);
    return status == PAB_OK ? CLI_OK : cli_fail_library(NULL);
}

static int apply_override(pab_config *cfg, const char *command, const char *text)
{
    char key[512], what[64];
    const char *equals = strchr(text, '=');
    size_t len = (size_t)(equals - text);
    if (len >= sizeof key)
        return cli_usage("%s: --set has a key of %zu characters; expected at most %zu", command, len, sizeof key - 1);
    memcpy(key, text, len);
    key[len] = '\0';
    if (pab_config_set(cfg, key, equals + 1) == PAB_OK)
        return CLI_OK;
    snprintf(what, sizeof what, "%s: --set", command);
    cli_fail_library(what);
    return CLI_USAGE;
}

int cli_make_config(const char *command, const char *name, const char *const *preset, const cli_overrides *overrides,
                    pab_config **out)
{
    pab_config *cfg = NULL;
    if (pab_config_new(NULL, &cfg) != PAB_OK)
        return cli_fail_library(NULL);
    int code = load_scenario(cfg, command, name);
    for (int i = 0; code == CLI_OK && preset && preset[i]; i++)
        code = apply_override(cfg, command, preset[i]);
    for (uint32_t i = 0; code == CLI_OK && i < overrides->count; i++)
        code = apply_override(cfg, command, overrides->text[i]);
    if (code == CLI_OK)
        *out = cfg;
    else
        pab_config_free(cfg);
    return code;
}

int cli_make_scenario(const char *command, const char *name, const char *const *preset, const cli_overrides *overrides,
                      pab_scenario **out)
{
    pab_config *cfg = NULL;
    int code = cli_make_config(command, name, preset, overrides, &cfg);
    if (code == CLI_OK && pab_scenario_new(cfg, out) != PAB_OK)
        code = cli_fail_library(NULL);
    pab_config_free(cfg);
    return code;
}
