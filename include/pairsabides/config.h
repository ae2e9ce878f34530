/**
 * @file config.h
 * @brief A scenario being put together: preset, YAML files, key=value overrides.
 *
 * A `pab_config` is a tree of keys. The path of a value in YAML is its key everywhere:
 * `agents.noise.count`, `symbols.ABM.oracle.r_bar`, `quirks.stale_feed`. Later settings win.
 */
#ifndef PAIRSABIDES_CONFIG_H
#define PAIRSABIDES_CONFIG_H

#include <pairsabides/agent.h>
#include <pairsabides/param.h>

PAB_BEGIN_DECLS

/** A scenario being put together. Used by one thread at a time. */
typedef struct pab_config pab_config;

/**
 * Makes an empty configuration.
 * @param host  hooks inherited by everything made from it; NULL for defaults
 * @param out   receives the handle; release with pab_config_free
 */
PAB_API pab_status pab_config_new(const pab_host *host, pab_config **out);

/** Releases a configuration; NULL is allowed. Scenarios made from it live on. */
PAB_API void pab_config_free(pab_config *cfg);

/** Starts over from a built-in preset: see pab_preset_name. PAB_E_KEY if there is none of that name. */
PAB_API pab_status pab_config_preset(pab_config *cfg, const char *name);

/** Name of built-in preset `index`, or NULL past the last. Static text. */
PAB_API const char *pab_preset_name(uint32_t index);

/**
 * Merges a YAML file. A top-level `preset: NAME` first starts over from that preset.
 * On error the configuration is unchanged, and the error names file, line and column.
 */
PAB_API pab_status pab_config_load(pab_config *cfg, const char *path);

/** As pab_config_load, from memory. `name` stands for the file in errors. */
PAB_API pab_status pab_config_parse(pab_config *cfg, const char *text, size_t len, const char *name);

/** Sets one key. Errors: PAB_E_KEY, PAB_E_TYPE, PAB_E_RANGE, each naming key and expectation. */
PAB_API pab_status pab_config_set(pab_config *cfg, const char *key, const char *value);

/**
 * Reads one key as text (its default where unset).
 * @param needed  receives the text's length without terminator; may be NULL
 */
PAB_API pab_status pab_config_get(const pab_config *cfg, const char *key, char *buf, size_t cap, size_t *needed);

/** Replaces the configuration by a recorded ABIDES run's `scenario.json`. Unchanged on error. */
PAB_API pab_status pab_config_import_abides(pab_config *cfg, const char *path);

/**
 * Writes the configuration as YAML text that pab_config_parse reads back to the same scenario.
 * @param needed  receives the text's length without terminator; may be NULL
 */
PAB_API pab_status pab_config_text(const pab_config *cfg, char *buf, size_t cap, size_t *needed);

/** Writes pab_config_text to a file (temporary file, sync, rename). */
PAB_API pab_status pab_config_save(const pab_config *cfg, const char *path);

/**
 * Registers a caller's agent type, usable as `type: NAME` in the agents section.
 * The record is copied; the parameter table and strings it points to must outlive all scenarios made from cfg.
 */
PAB_API pab_status pab_config_add_agent_type(pab_config *cfg, const pab_agent_type *type);

/** Bytes of pab_schema_entry.key. */
#define PAB_SCHEMA_KEY_SIZE 128

/** One row of the schema listing. */
typedef struct pab_schema_entry {
    uint32_t struct_size;      /**< sizeof(pab_schema_entry) as the caller knows it */
    int32_t type;              /**< PAB_PARAM_... */
    const char *type_name;     /**< "int", "real", "bool", "duration", "time", "choice", "text" */
    const char *unit;          /**< unit or "" */
    const char *default_value; /**< NULL: required */
    const char *choices;       /**< "a|b|c" or NULL */
    const char *doc;           /**< one sentence */
    double min;                /**< least value */
    double max;                /**< greatest value */
    /** Whole path; variable parts in angle brackets: "agents.<group>.count", "agents.<noise>.x" for a type's own. */
    char key[PAB_SCHEMA_KEY_SIZE];
} pab_schema_entry;

/** Row `index` of the schema of built-in keys; PAB_E_RANGE past the last. Texts pointed to are static. */
PAB_API pab_status pab_schema_get(uint32_t index, pab_schema_entry *out);

PAB_END_DECLS

#endif
