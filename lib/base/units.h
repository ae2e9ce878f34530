/* Units that many folders count in. */
#ifndef PAB_BASE_UNITS_H
#define PAB_BASE_UNITS_H

#include <stdint.h>

#define PAB__SECOND INT64_C(1000000000) /* ns */

#endif
