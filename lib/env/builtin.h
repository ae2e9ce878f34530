/* What the environment adds to scenarios, and the list of all that is built in. */
#ifndef PAB_ENV_BUILTIN_H
#define PAB_ENV_BUILTIN_H

#include "scenario/extension.h"

extern const pab__builtin_type pab__executor_agent; /* executor.c */
extern const char pab__preset_pair[];               /* preset_pair.c */
extern const char pab__preset_pair_cent[];          /* preset_pair_cent.c */

#endif
