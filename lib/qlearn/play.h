/* Playing episodes, whole or forked, to learn from them or to judge a table: pure functions of tables, seed and
 * number. */
#ifndef PAB_QLEARN_PLAY_H
#define PAB_QLEARN_PLAY_H

#include "eval/table.h"
#include "qlearn/score.h"

enum { PAB__STEPS_MAX = 4096, PAB__FORKS_MAX = 64 /* of an episode */ };

/* How a job's episodes are played. */
enum { PAB__PLAY_RULE = 0, PAB__PLAY_EXPLORE = 1, PAB__PLAY_GREEDY = 2, PAB__PLAY_FORK = 3 };

/* What is being learned or judged. */
typedef struct pab__study {
    const pab_qtable *q; /* frozen */
    int32_t table;       /* PAB_TABLE_... */
    int32_t how;         /* PAB__PLAY_... */
    int32_t mode;        /* of that table when greedy, PAB_TABLE_... */
    int32_t baseline;    /* 1: rewards are less the rule's on the same seed */
    int32_t forks;       /* 1: legs are paid what the pair is paid, since all else is alike */
    uint32_t repeats;    /* episodes of a job, or forks */
    uint32_t jobs;
    uint32_t steps;      /* N */
    pab__curiosity curiosity;
    uint64_t key;        /* of the draws; job and repeat are mixed in */
    uint64_t (*seed)(const struct pab__study *study, uint32_t job);
} pab__study;

/* Room for the moves of an episode, or of a fork. */
static inline uint32_t pab__study_room(const pab__study *study)
{
    return study->how == PAB__PLAY_FORK ? 1 : study->steps;
}

/* What came of an episode. */
typedef struct pab__played {
    uint32_t moves;
    uint32_t decisions, agreed; /* by the table under study; those that were the rule's */
    uint32_t reserved;
    double reward;    /* return of the table's own reward, bps; of forks: the trunk's */
    double rule;      /* the rule's on the same seed; 0 without baseline, and of forks */
    double shortfall, tracking;
    double explore;   /* sum over decisions */
} pab__played;

/* One thread's own. */
typedef struct pab__player {
    pab_env *env, *fork;
    double *before; /* by step, of the job's seed: the rule's rewards, or the trunk's */
} pab__player;

/* One job: `repeats` episodes or forks from one warm-up; moves[repeat * pab__study_room ...]. */
pab_status pab__play_job(const pab__study *study, pab__player *player, uint32_t job, pab__move *moves,
                         pab__played *played);

/* The job of PAB__PLAY_FORK: an episode as the tables say, forked at `repeats` of its decisions. A fork has one move,
 * whose action is -1 where there was nothing else to try. */
pab_status pab__play_forks(const pab__study *study, pab__player *player, uint32_t job, pab__move *moves,
                           pab__played *played);

#endif
