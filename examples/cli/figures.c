/* The figures of a realism report: recorded days as a band with their mean, simulated markets as a line. */
#include "judge.h"
#include "svg.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define REAL_COLOUR "#555"
#define OURS_COLOUR "#1667b8"
#define REAL_COLOUR_2 "#b58a2c"
#define OURS_COLOUR_2 "#c0392b"

/* Facts along an axis; ends with x = 0. */
typedef struct point {
    int fact;
    double x;
} point;

typedef struct figure {
    const char *file, *title, *x_label, *y_label;
    int log_x;
    const point *points;
    const point *more; /* a second pair of lines; NULL: none */
    const char *name, *more_name;
} figure;

static const point epps[] = {{PAB_REALISM_CORR_1, 1}, {PAB_REALISM_CORR_2, 2}, {PAB_REALISM_CORR_5, 5},
                             {PAB_REALISM_CORR_10, 10}, {PAB_REALISM_CORR_30, 30}, {PAB_REALISM_CORR_60, 60},
                             {PAB_REALISM_CORR_300, 300}, {0, 0}};
static const point response[] = {{PAB_REALISM_RESPONSE_01, 0.1}, {PAB_REALISM_RESPONSE_03, 0.3},
                                 {PAB_REALISM_RESPONSE_1, 1}, {PAB_REALISM_RESPONSE_3, 3},
                                 {PAB_REALISM_RESPONSE_10, 10}, {PAB_REALISM_RESPONSE_30, 30},
                                 {PAB_REALISM_RESPONSE_60, 60}, {0, 0}};
static const point signs[] = {{PAB_REALISM_ORDER_SIGN_1, 1}, {PAB_REALISM_ORDER_SIGN_2, 2},
                              {PAB_REALISM_ORDER_SIGN_5, 5}, {PAB_REALISM_ORDER_SIGN_10, 10},
                              {PAB_REALISM_ORDER_SIGN_20, 20}, {PAB_REALISM_ORDER_SIGN_50, 50}, {0, 0}};
static const point queues[] = {{PAB_REALISM_TOUCH_Q01, 1}, {PAB_REALISM_TOUCH_Q10, 10}, {PAB_REALISM_TOUCH_Q25, 25},
                               {PAB_REALISM_TOUCH_Q50, 50}, {PAB_REALISM_TOUCH_Q75, 75}, {PAB_REALISM_TOUCH_Q90, 90},
                               {PAB_REALISM_TOUCH_Q99, 99}, {0, 0}};
static const point behind[] = {{PAB_REALISM_BEHIND_5, 5}, {PAB_REALISM_BEHIND_30, 30}, {PAB_REALISM_BEHIND_60, 60},
                               {0, 0}};
static const point front[] = {{PAB_REALISM_FRONT_5, 5}, {PAB_REALISM_FRONT_30, 30}, {PAB_REALISM_FRONT_60, 60},
                              {0, 0}};

static const figure of_pair = {"epps", "Correlation of returns (Epps curve)", "interval of returns, s", "correlation",
                               1, epps, NULL, "", ""};
static const figure of_leg[] = {
    {"response", "Response to a trade", "seconds after the trade", "move of the mid over the half-spread paid", 1,
     response, NULL, "", ""},
    {"signs", "Memory of the signs of orders", "lag, orders", "autocorrelation", 1, signs, NULL, "", ""},
    {"queues", "Size of the touch", "share of time, %", "shares at most, over the mean", 0, queues, NULL, "", ""},
    {"fills", "Fills of an order at the touch", "seconds since it was placed", "probability of a fill", 0, behind,
     front, " behind", " in front"},
};

static void add(svg_chart *c, const judge *j, const point *points, int shift, const char *names[2],
                const char *colours[2])
{
    svg_series *real = &c->series[c->series_count++], *ours = &c->series[c->series_count++];
    *real = (svg_series){.name = names[0], .colour = colours[0], .band = 1, .dashed = 1};
    *ours = (svg_series){.name = names[1], .colour = colours[1]};
    for (int i = 0; points[i].x > 0; i++) {
        const judge_row *row = &j->rows[shift + points[i].fact];
        real->x[i] = ours->x[i] = points[i].x;
        real->y[i] = row->mean;
        real->low[i] = row->low;
        real->high[i] = row->high;
        ours->y[i] = row->ours;
        real->points = ours->points = i + 1;
    }
}

static int draw(const judge *j, const figure *f, const char *dir, int leg)
{
    char path[4096], title[160], name[4][96];
    int shift = leg < 0 ? PAB_REALISM_LEG_COUNT : leg * PAB_REALISM_LEG_COUNT;
    const char *real = leg < 0 ? "recorded" : j->real[leg], *ours = leg < 0 ? "simulated" : j->ours[leg];
    snprintf(title, sizeof title, "%s%s%s", f->title, leg < 0 ? "" : ": ", leg < 0 ? "" : real);
    snprintf(name[0], sizeof name[0], "%.40s, %u windows%s", real, j->windows, f->name);
    snprintf(name[1], sizeof name[1], "%.40s, %u markets%s", ours, j->markets, f->name);
    snprintf(name[2], sizeof name[2], "%.40s%s", real, f->more_name);
    snprintf(name[3], sizeof name[3], "%.40s%s", ours, f->more_name);
    svg_chart chart = {.title = title, .x_label = f->x_label, .y_label = f->y_label, .log_x = f->log_x};
    add(&chart, j, f->points, shift, (const char *[]){name[0], name[1]},
        (const char *[]){REAL_COLOUR, OURS_COLOUR});
    if (f->more)
        add(&chart, j, f->more, shift, (const char *[]){name[2], name[3]},
            (const char *[]){REAL_COLOUR_2, OURS_COLOUR_2});
    int len = snprintf(path, sizeof path, "%s/%s%s%s.svg", dir, f->file, leg < 0 ? "" : "_", leg < 0 ? "" : real);
    if (len < 0 || (size_t)len >= sizeof path)
        return cli_fail("the path '%s/%s' is too long", dir, f->file);
    return svg_write(&chart, path);
}

int judge_figures(const judge *j, const char *dir)
{
    struct stat st;
    if (mkdir(dir, 0777) != 0 && (errno != EEXIST || stat(dir, &st) != 0 || !S_ISDIR(st.st_mode)))
        return cli_fail("cannot create the directory '%s': %s", dir, strerror(errno));
    int code = draw(j, &of_pair, dir, -1);
    for (int leg = 0; leg < 2; leg++)
        for (size_t i = 0; i < sizeof of_leg / sizeof *of_leg && code == CLI_OK; i++)
            code = draw(j, &of_leg[i], dir, leg);
    return code;
}
