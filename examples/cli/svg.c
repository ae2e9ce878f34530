#include "svg.h"
#include "cli.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 720, HEIGHT = 440, LEFT = 76, RIGHT = 24, TOP = 48, BOTTOM = 64 };

/* What the axes span. */
typedef struct frame {
    const svg_chart *chart;
    double x_from, x_to, y_from, y_to;
} frame;

static double across(const svg_chart *c, double x)
{
    return c->log_x ? log10(x) : x;
}

static double place_x(const frame *f, double x)
{
    return LEFT + (across(f->chart, x) - f->x_from) / (f->x_to - f->x_from) * (WIDTH - LEFT - RIGHT);
}

static double place_y(const frame *f, double y)
{
    return HEIGHT - BOTTOM - (y - f->y_from) / (f->y_to - f->y_from) * (HEIGHT - TOP - BOTTOM);
}

static void reach(double v, double *from, double *to)
{
    if (!isfinite(v))
        return;
    *from = v < *from ? v : *from;
    *to = v > *to ? v : *to;
}

static double round_step(double span)
{
    double step = pow(10, floor(log10(span / 5)));
    while (span / step > 8)
        step *= span / step > 20 ? 5 : 2;
    return step;
}

static frame frame_of(const svg_chart *c)
{
    frame f = {c, INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (int s = 0; s < c->series_count; s++) {
        for (int i = 0; i < c->series[s].points; i++) {
            reach(across(c, c->series[s].x[i]), &f.x_from, &f.x_to);
            reach(c->series[s].y[i], &f.y_from, &f.y_to);
            reach(c->series[s].band ? c->series[s].low[i] : NAN, &f.y_from, &f.y_to);
            reach(c->series[s].band ? c->series[s].high[i] : NAN, &f.y_from, &f.y_to);
        }
    }
    reach(0, &f.y_from, &f.y_to);
    f.y_to += f.y_to > f.y_from ? 0 : 1;
    double step = round_step(f.y_to - f.y_from);
    f.y_from = step * floor(f.y_from / step);
    f.y_to = step * ceil(f.y_to / step);
    if (!(f.x_from < f.x_to)) {
        f.x_from = isfinite(f.x_from) ? f.x_from - 1 : 0;
        f.x_to = f.x_from + 2;
    }
    return f;
}

static void put_text(FILE *out, double x, double y, const char *how, const char *text)
{
    fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, how);
    for (; *text; text++) {
        if (*text == '&' || *text == '<')
            fputs(*text == '&' ? "&amp;" : "&lt;", out);
        else
            fputc(*text, out);
    }
    fputs("</text>\n", out);
}

static void put_y_axis(FILE *out, const frame *f)
{
    double step = round_step(f->y_to - f->y_from);
    for (int k = 0; f->y_from + k * step <= f->y_to + step / 1e3; k++) {
        char label[32];
        double v = f->y_from + k * step, y = place_y(f, v);
        snprintf(label, sizeof label, "%.6g", fabs(v) < step / 1e6 ? 0 : v);
        fprintf(out, "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>\n", LEFT, WIDTH - RIGHT, y,
                y);
        put_text(out, LEFT - 8, y + 4, "text-anchor=\"end\"", label);
    }
}

/* A label at each x of the first series, where there is room. */
static void put_x_axis(FILE *out, const frame *f)
{
    const svg_series *s = &f->chart->series[0];
    double last = -1e9;
    for (int i = 0; i < s->points; i++) {
        char label[32];
        double x = place_x(f, s->x[i]);
        if (x - last < 34)
            continue;
        last = x;
        snprintf(label, sizeof label, "%.4g", s->x[i]);
        fprintf(out, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#444\"/>\n", x, x, HEIGHT - BOTTOM,
                HEIGHT - BOTTOM + 5);
        put_text(out, x, HEIGHT - BOTTOM + 20, "text-anchor=\"middle\"", label);
    }
}

static void put_band(FILE *out, const frame *f, const svg_series *s)
{
    fprintf(out, "<polygon fill=\"%s\" fill-opacity=\"0.2\" stroke=\"none\" points=\"", s->colour);
    for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < s->points; k++) {
            int i = pass ? s->points - 1 - k : k;
            double y = pass ? s->low[i] : s->high[i];
            if (isfinite(y))
                fprintf(out, "%.1f,%.1f ", place_x(f, s->x[i]), place_y(f, y));
        }
    }
    fputs("\"/>\n", out);
}

static void put_line(FILE *out, const frame *f, const svg_series *s)
{
    fprintf(out, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s points=\"", s->colour,
            s->dashed ? " stroke-dasharray=\"6 4\"" : "");
    for (int i = 0; i < s->points; i++)
        if (isfinite(s->y[i]))
            fprintf(out, "%.1f,%.1f ", place_x(f, s->x[i]), place_y(f, s->y[i]));
    fputs("\"/>\n", out);
    for (int i = 0; i < s->points; i++)
        if (isfinite(s->y[i]))
            fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", place_x(f, s->x[i]),
                    place_y(f, s->y[i]), s->colour);
}

static void put_legend(FILE *out, const svg_chart *c)
{
    double x = LEFT;
    for (int s = 0; s < c->series_count; s++) {
        fprintf(out, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"36\" y2=\"36\" stroke=\"%s\" stroke-width=\"%d\"%s/>\n", x,
                x + 22, c->series[s].colour, c->series[s].band ? 6 : 2,
                c->series[s].dashed && !c->series[s].band ? " stroke-dasharray=\"6 4\"" : "");
        put_text(out, x + 28, 40, "", c->series[s].name);
        x += 48 + 7 * (double)strlen(c->series[s].name);
    }
}

int svg_write(const svg_chart *chart, const char *path)
{
    char turned[96];
    frame f = frame_of(chart);
    errno = 0;
    FILE *out = fopen(path, "w");
    if (!out)
        return cli_fail("cannot create '%s': %s", path, strerror(errno));
    fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
            "font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n"
            "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, HEIGHT, WIDTH, HEIGHT, WIDTH, HEIGHT);
    put_text(out, LEFT, 20, "font-size=\"15\" font-weight=\"bold\"", chart->title);
    put_y_axis(out, &f);
    put_x_axis(out, &f);
    fprintf(out, "<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#444\"/>\n", LEFT, TOP, HEIGHT - BOTTOM,
            WIDTH - RIGHT);
    put_text(out, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 18, "text-anchor=\"middle\"", chart->x_label);
    snprintf(turned, sizeof turned, "text-anchor=\"middle\" transform=\"rotate(-90 18 %d)\"",
             (HEIGHT - BOTTOM + TOP) / 2);
    put_text(out, 18, (HEIGHT - BOTTOM + TOP) / 2.0, turned, chart->y_label);
    for (int s = 0; s < chart->series_count; s++)
        if (chart->series[s].band)
            put_band(out, &f, &chart->series[s]);
    for (int s = 0; s < chart->series_count; s++)
        put_line(out, &f, &chart->series[s]);
    put_legend(out, chart);
    fputs("</svg>\n", out);
    int failed = ferror(out);
    return fclose(out) != 0 || failed ? cli_fail("cannot write '%s': %s", path, strerror(errno)) : CLI_OK;
}
