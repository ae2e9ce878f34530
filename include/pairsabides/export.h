/**
 * @file export.h
 * @brief Which symbols the shared library shows.
 */
#ifndef PAIRSABIDES_EXPORT_H
#define PAIRSABIDES_EXPORT_H

/** Marks a function of the public API. Everything else is hidden. */
#if defined(__GNUC__)
#define PAB_API __attribute__((visibility("default")))
#else
#define PAB_API
#endif

#ifdef __cplusplus
#define PAB_BEGIN_DECLS extern "C" {
#define PAB_END_DECLS }
#else
#define PAB_BEGIN_DECLS
#define PAB_END_DECLS
#endif

#endif
