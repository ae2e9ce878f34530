/**
 * @file svg.h
 * @brief Line charts as SVG: recorded values as a band, simulated ones as a line.
 */
#ifndef PAIRSABIDES_CLI_SVG_H
#define PAIRSABIDES_CLI_SVG_H

enum { SVG_POINTS = 64, SVG_SERIES = 4 };

/** One line, or a band with a line in it. Points that are not finite are left out. */
typedef struct svg_series {
    const char *name, *colour;
    int points, band, dashed;
    double x[SVG_POINTS], y[SVG_POINTS];
    double low[SVG_POINTS], high[SVG_POINTS]; /**< of a band */
} svg_series;

typedef struct svg_chart {
    const char *title, *x_label, *y_label;
    int log_x; /**< x > 0 on a logarithmic axis */
    int series_count;
    svg_series series[SVG_SERIES];
} svg_chart;

/** Writes a file; CLI_OK, or CLI_FAILED after printing why. */
int svg_write(const svg_chart *chart, const char *path);

#endif
