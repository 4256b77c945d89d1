/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/trainer.h"

#include "device/work.h"

#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

typedef struct _AgTrainerWorker AgTrainerWorker;

/**
 * AgTrainerWish:
 * @AG_TRAINER_WISH_PAUSE: take no step but those asked for one by one
 * @AG_TRAINER_WISH_RUN: take steps
 * @AG_TRAINER_WISH_STOP: take no step, and call the run stopped
 * @AG_TRAINER_WISH_LEAVE: end the thread
 *
 * The wishes that others have of a trainer.
 */
typedef enum
{
  AG_TRAINER_WISH_PAUSE,
  AG_TRAINER_WISH_RUN,
  AG_TRAINER_WISH_STOP,
  AG_TRAINER_WISH_LEAVE,
} AgTrainerWish;

/**
 * AgTrainer:
 * @spec: what to do; the worker leaves its number of steps alone, which may change
 * @data: what it fits
 * @is_branch: whether it begins with steps of another run
 * @is_kept: whether it was read from a file, so that its steps must be taken again before others
 * @thread: (nullable): who does it; it has ended where the run was laid down
 * @worker: (nullable): what that thread knows, and the next one goes on with
 * @mutex: guards @notify and what is waited for; never held during a step.
 *   (Of POSIX rather than GLib, whose locks ThreadSanitizer does not see.)
 * @notifying: (nullable): the thread that calls @notify at present
 * @is_to_lie_down: whether a run that is over is to be laid down at once
 * @is_laid_down: whether it was, and nobody has taken it up since
 * @wish_changed: wakes the worker
 * @state_changed: wakes those who wait for the end
 * @racer: the run in a race
 * @wish: an #AgTrainerWish
 * @n_steps: how many steps the run has
 * @n_single_steps: steps asked for one by one and not taken yet
 * @lr: bits of the rate for the steps to come
 * @pace: bits of the greatest number of steps per second, 0 for no limit
 * @state: an #AgTrainerState
 * @preparation: the making of the data
 * @snapshots: where the worker shows itself
 * @history: every loss
 * @trace: how the coefficients went
 * @clock: when its steps were taken
 * @moments: its moments
 * @initial: the first coefficients; set before the first snapshot
 * @error: (nullable): why it failed, or could not go on; set before the state says so
 */
struct _AgTrainer
{
  AgRunSpec spec;
  AgData *data;
  gboolean is_branch;
  gboolean is_kept;
  GThread *thread;
  AgTrainerWorker *worker;
  pthread_mutex_t mutex;
  pthread_cond_t wish_changed;
  pthread_cond_t state_changed;
  AgTrainerNotify notify;
  gpointer notify_data;
  GThread *notifying;
  gboolean is_to_lie_down;
  gboolean is_laid_down;
  AgRacer racer;
  atomic_int wish;
  atomic_llong n_steps;
  atomic_int n_single_steps;
  atomic_ullong lr;
  atomic_ullong pace;
  atomic_int state;
  AgWork preparation;
  AgSnapshotBuffer *snapshots;
  AgHistory *history;
  AgTrace *trace;
  AgClock *clock;
  AgMoments *moments;
  double *initial;
  GError *error;
};

static inline guint64
ag_double_to_bits (double value)
{
  union
  {
    double value;
    guint64 bits;
  } both = { .value = value };

  return both.bits;
}

static inline double
ag_double_from_bits (guint64 bits)
{
  union
  {
    guint64 bits;
    double value;
  } both = { .bits = bits };

  return both.value;
}

static inline gboolean
ag_trainer_state_is_final (AgTrainerState state)
{
  return state >= AG_TRAINER_DONE;
}

gboolean ag_trainer_start_thread (AgTrainer *trainer,
                                  GError **error);
gboolean ag_trainer_fail_for_memory (gint64 n_steps,
                                     GError **error);
void ag_trainer_worker_fail (AgTrainerWorker *worker,
                             GError *error);
void ag_trainer_worker_resurrect (AgTrainer *trainer,
                                  const AgSnapshot *snapshot);
void ag_trainer_worker_free (AgTrainerWorker *worker);

G_END_DECLS
