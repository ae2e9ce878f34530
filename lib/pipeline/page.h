/* The page of the report, made at build time from report.html by page_gen.c; a NUL ends it. */
#ifndef PAB_PIPELINE_PAGE_H
#define PAB_PIPELINE_PAGE_H

extern const unsigned char pab__page[];

#endif
