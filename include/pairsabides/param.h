/**
 * @file param.h
 * @brief Parameter tables: one row per configuration key, for parser, documentation and bindings alike.
 */
#ifndef PAIRSABIDES_PARAM_H
#define PAIRSABIDES_PARAM_H

#include <pairsabides/status.h>

PAB_BEGIN_DECLS

/** Value types of a parameter, and the C object each is stored into. */
enum {
    PAB_PARAM_INT = 1,      /**< int64_t */
    PAB_PARAM_REAL = 2,     /**< double, finite */
    PAB_PARAM_BOOL = 3,     /**< int32_t, 0 or 1 */
    PAB_PARAM_DURATION = 4, /**< int64_t ns; text "60s", "50ns", "2ms", "1min", "6.5h", or a plain integer of ns */
    /** int64_t ns since 1970; text "09:30[:00[.fraction]]" on the scenario's date, "open + 5min", "close - 1s",
     *  a date "2021-02-05", or a plain integer of ns */
    PAB_PARAM_TIME = 5,
    PAB_PARAM_CHOICE = 6,   /**< int32_t, index into `choices` */
    PAB_PARAM_TEXT = 7      /**< char[PAB_PARAM_TEXT_SIZE], terminated */
};

/** Bytes of a PAB_PARAM_TEXT object. */
#define PAB_PARAM_TEXT_SIZE 256

/** One row of a parameter table. All pointers must stay valid as long as the table is registered. */
typedef struct pab_param {
    const char *key;           /**< last part of the key's path, e.g. "wake_up_freq" */
    int32_t type;              /**< PAB_PARAM_... */
    uint32_t offset;           /**< where in the parameter record the value goes */
    const char *unit;          /**< "ticks", "shares", "1/ns", ... or "" */
    const char *default_value; /**< as it would stand in YAML; NULL: the key is required */
    double min;                /**< least value (numbers and durations) */
    double max;                /**< greatest value */
    const char *choices;       /**< "a|b|c" for PAB_PARAM_CHOICE, else NULL */
    const char *doc;           /**< one sentence */
} pab_param;

PAB_END_DECLS

#endif
