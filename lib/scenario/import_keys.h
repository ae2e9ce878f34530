/* The keys of a recorded scenario.json and where they belong. */
#ifndef PAB_SCENARIO_IMPORT_KEYS_H
#define PAB_SCENARIO_IMPORT_KEYS_H

#include <stdint.h>

/* How a recorded key becomes one of ours. */
enum {
    PAB__IMPORT_AS_IS = 0,     /* the same value under `to` */
    PAB__IMPORT_PART = 1,      /* read apart by its own function */
    PAB__IMPORT_IGNORE = 2,      /* has no effect on the run */
    PAB__IMPORT_NULL_IS_0 = 3, /* null means off */
    PAB__IMPORT_ADAPTIVE = 4,  /* "adaptive" is 0 */
    PAB__IMPORT_DATE = 5,      /* whole ns, written as a date */
    PAB__IMPORT_TIME = 6,      /* whole ns, written as a time of the day */
    PAB__IMPORT_DURATION = 7   /* whole ns, written with a unit */
};

typedef struct pab__import_mapping {
    const char *from, *to;
    int32_t how; /* one of the above */
    int32_t optional;
} pab__import_mapping;

/* Tables that end with a NULL `from`. */
extern const pab__import_mapping pab__import_top[]; /* `to` is below clock */
extern const pab__import_mapping pab__import_exchange[];
extern const pab__import_mapping pab__import_oracle[];
extern const pab__import_mapping pab__import_latency[];

/* Kinds of groups; ends with a NULL `from`. */
typedef struct pab__import_kind {
    const char *from, *type;
    const pab__import_mapping *keys;
    int32_t looks_back; /* 1: it asks for the volume of a window */
} pab__import_kind;

extern const pab__import_kind pab__import_kinds[];

#endif
