/* Episodes, whole or forked, from which a table learns or on which it is validated. A result depends on the tables, the
 * seed and the job's number only. */
#ifndef PAB_QLEARN_EPISODES_H
#define PAB_QLEARN_EPISODES_H

#include "eval/table.h"
#include "eval/workers.h"
#include "qlearn/score.h"

enum { PAB__EPISODE_STEPS_MAX = 4096, PAB__EPISODE_FORKS_MAX = 64 /* of an episode */ };

/* Who acts in an episode. */
enum { PAB__LEARNING_RULE = 0, PAB__LEARNING_EXPLORE = 1, PAB__LEARNING_GREEDY = 2, PAB__LEARNING_FORK = 3 };

/* What is learned or validated, and on which episodes. */
typedef struct pab__learning_task {
    const pab_qtable *q; /* frozen */
    int32_t table;       /* PAB_TABLE_... */
    int32_t how;         /* PAB__LEARNING_... */
    int32_t mode;        /* of that table when greedy, PAB_TABLE_... */
    int32_t baseline;    /* 1: rewards are less the rule's on the same seed */
    int32_t forks;       /* 1: a leg's reward is the pair's, since all else is equal in both futures */
    uint32_t repeats;    /* episodes of a job, or forks */
    uint32_t jobs;
    uint32_t steps;      /* N */
    pab__exploration exploration;
    uint64_t key;        /* of the draws; job and repeat are mixed in */
    uint64_t (*seed)(const struct pab__learning_task *task, uint32_t job);
} pab__learning_task;

/* Room for the moves of an episode, or of a fork. */
static inline uint32_t pab__learning_task_moves(const pab__learning_task *task)
{
    return task->how == PAB__LEARNING_FORK ? 1 : task->steps;
}

/* Summary of an episode. */
typedef struct pab__learning_result {
    uint32_t moves;
    uint32_t decisions, agreed; /* by the table of the task; those that equal the rule's */
    double reward;    /* return of the table's own reward, bps; of forks: the trunk's */
    double rule;      /* the rule's on the same seed; 0 without baseline, and of forks */
    double shortfall, tracking;
    double explore;   /* sum over decisions */
} pab__learning_result;

/* A worker's scratch is a double per step: rewards of the job's baseline or trunk. */

/* One job: `repeats` episodes or forks from one warm-up; moves[repeat * pab__learning_task_moves ...]. */
pab_status pab__episodes_play(const pab__learning_task *task, const pab__worker *worker, uint32_t job,
                              pab__transition *moves, pab__learning_result *result);

/* The job of PAB__LEARNING_FORK: an episode in which the tables act, forked at `repeats` of its decisions. A fork has
 * one transition, whose action is -1 where no other action was legal. */
pab_status pab__episodes_fork(const pab__learning_task *task, const pab__worker *worker, uint32_t job,
                              pab__transition *moves, pab__learning_result *result);

#endif
