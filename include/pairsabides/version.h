/**
 * @file version.h
 * @brief Version of the headers and of the library in use.
 */
#ifndef PAIRSABIDES_VERSION_H
#define PAIRSABIDES_VERSION_H

#include <pairsabides/export.h>

PAB_BEGIN_DECLS

#define PAB_VERSION_MAJOR 0 /**< grows when programs must be rebuilt */
#define PAB_VERSION_MINOR 1 /**< grows when functions are added */
#define PAB_VERSION_PATCH 0 /**< grows otherwise */

/** "MAJOR.MINOR.PATCH" of the library in use. Static text. */
PAB_API const char *pab_version(void);

PAB_END_DECLS

#endif
