/* Presets that fill a file of their own. */
#ifndef PAB_SCENARIO_PRESET_H
#define PAB_SCENARIO_PRESET_H

extern const char pab__preset_pair[];

#endif
