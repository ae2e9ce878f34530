/**
 * @file page.h
 * @brief report.html: a page that draws a run, with report.json and every table in it; needs nothing from outside.
 */
#ifndef PAIRSABIDES_CLI_PAGE_H
#define PAIRSABIDES_CLI_PAGE_H

#include "criteria.h"

/** page.html as bytes, made at build time by page_gen.c; a NUL ends it. */
extern const unsigned char page_html[];

/** Writes report.html: CLI_OK, or an exit code after printing why. */
int page_write(const finished *f, const criteria *c);

#endif
