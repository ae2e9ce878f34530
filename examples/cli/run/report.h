/**
 * @file report.h
 * @brief What 'pairsabides run' and 'pairsabides report' make of a finished run.
 */
#ifndef PAIRSABIDES_CLI_RUN_REPORT_H
#define PAIRSABIDES_CLI_RUN_REPORT_H

/** Writes every text, the traces and the page into the directory: an exit code. */
int report_make(const char *dir, unsigned threads);
/** Prints where the page is, by its absolute path. */
void report_point_out(const char *dir);

#endif
