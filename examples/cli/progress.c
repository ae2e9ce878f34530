#include "progress.h"
#include "text.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { SLICES = 2000, BAR_WIDTH = 30 };

double progress_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void draw_bar(double part, char bar[BAR_WIDTH + 1])
{
    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < (int)(part * BAR_WIDTH) ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
}

int32_t progress_report(void *user, const char *stage, uint64_t done, uint64_t total)
{
    progress_bar *p = user;
    char bar[BAR_WIDTH + 1];
    double now = progress_clock();
    if (p->start == 0)
        p->start = p->drawn = now;
    if (now - p->drawn < 0.1)
        return 0;
    double part = total > 0 ? (double)done / (double)total : 0;
    p->drawn = now;
    draw_bar(part, bar);
    fprintf(stderr, "\r%s [%s] %3d%%  %.1f/s  %.0f s left \033[K", stage, bar, (int)(part * 100),
            (double)done / (now - p->start), part > 0 ? (now - p->start) * (1 - part) / part : 0.0);
    fflush(stderr);
    return 0;
}

void progress_clear(void)
{
    if (!isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r\033[K");
    fflush(stderr);
}

static void draw(const progress *p, int64_t now, uint64_t messages, double seconds)
{
    char bar[BAR_WIDTH + 1];
    char time[32];
    double part = (double)(now - p->from) / (double)(p->until - p->from);
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    draw_bar(part, bar);
    cli_time_text(now, time, sizeof time);
    fprintf(stderr, "\r[%s] %3d%%  %.8s  %.2f M messages/s  %.0f s left \033[K", bar, (int)(part * 100), time,
            seconds > 0 ? (double)messages / seconds * 1e-6 : 0.0, part > 0 ? seconds * (1 - part) / part : 0.0);
    fflush(stderr);
}

/* Times between slices carry no meaning: running in slices gives the same run as running at once. */
int32_t progress_run(const progress *p, pab_market *market)
{
    double start = progress_clock();
    double drawn = start;
    int64_t slice = (p->until - p->from) / SLICES + 1;
    int64_t to = p->from;
    int32_t why = PAB_RUN_TIME;
    pab_status status = PAB_OK;
    int stopped = 0;
    while (status == PAB_OK && why != PAB_RUN_ENDED && !stopped) {
        to = to > p->until - slice ? p->until : to + slice;
        do {
            status = pab_market_run(market, to, &why);
        } while (status == PAB_OK && why == PAB_RUN_PAUSED);
        stopped = p->failed && p->failed(p->user);
        double now = progress_clock();
        if (p->shown && status == PAB_OK && now - drawn > 0.1) {
            pab_market_counters total = {.struct_size = sizeof total};
            if (pab_market_count(market, &total) == PAB_OK)
                draw(p, to, total.queue_pops, now - start);
            drawn = now;
        }
        if (to == p->until)
            break;
    }
    if (p->shown) {
        fprintf(stderr, "\r\033[K");
        fflush(stderr);
    }
    return stopped ? 1 : status;
}
