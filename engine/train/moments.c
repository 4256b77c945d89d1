/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/moments.h"

#include "base/error.h"
#include "base/number.h"
#include "train/replay.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

/**
 * AgMoments:
 * @spec: what the run is
 * @checkpoint: what a checkpoint of it is
 * @checkpoints: those that the worker noted
 * @rates: the changes of the learning rate
 * @history: every loss; it says how many steps there are
 * @origin: (nullable): the moments of the run that this one branches off, up to
 *   @origin_step
 * @origin_step: how many steps they have in common
 * @has_beginning: whether @replay knows where a run begins that has an @origin; guarded by @mutex
 * @end: (nullable): of a run that was read from a file, the coefficients that it ended with
 * @n_kept: how many steps it had then
 * @is_checked: whether its steps were found to lead there
 * @scratch: the worker's room for a checkpoint
 * @mutex: guards @replay, and @checkpoints against their being given back; the worker never
 *   takes it
 * @replay: what takes steps again
 */
struct _AgMoments
{
  atomic_int ref_count;
  AgRunSpec spec;
  AgCheckpoint checkpoint;
  AgCheckpoints *checkpoints;
  AgRates *rates;
  AgHistory *history;
  AgMoments *origin;
  gint64 origin_step;
  gboolean has_beginning;
  double *end;
  gint64 n_kept;
  atomic_int is_checked;
  double *scratch;
  pthread_mutex_t mutex;
  AgReplay *replay;
};

/**
 * ag_moments_new:
 * @spec: a specification that ag_run_spec_check() finds no fault with; copied
 * @data: its points; held
 * @history: the run's losses; held
 * @origin: (nullable): the moments of another run of the same program, which this one
 *   begins as; held
 * @origin_step: how many steps of that run this one has
 *
 * Returns: (transfer full): the moments of a run that has not begun
 */
AgMoments *
ag_moments_new (const AgRunSpec *spec,
                AgData *data,
                AgHistory *history,
                AgMoments *origin,
                gint64 origin_step)
{
  AgMoments *moments = g_new0 (AgMoments, 1);

  atomic_init (&moments->ref_count, 1);
  moments->spec = *spec;
  ag_checkpoint_init (&moments->checkpoint, spec);
  moments->checkpoints = ag_checkpoints_new (moments->checkpoint.n_numbers,
                                             AG_CHECKPOINTS_MAX_BYTES);
  moments->rates = ag_rates_new ();
  moments->history = ag_history_ref (history);
  moments->origin = origin != NULL ? ag_moments_ref (origin) : NULL;
  moments->origin_step = origin_step;
  moments->scratch = g_new0 (double, moments->checkpoint.n_numbers);
  pthread_mutex_init (&moments->mutex, NULL);
  moments->replay = ag_replay_new (spec, data, &moments->checkpoint, moments->rates);
  return moments;
}

/* All changes of the rate, and the first ones of the optimizer. */
static void
copy_changes (AgMoments *moments,
              const AgRates *changes,
              guint n_optimizers)
{
  for (guint i = 0; i < ag_rates_n (changes); i++)
    ag_rates_push (moments->rates, ag_rates_nth (changes, i).step, ag_rates_nth (changes, i).lr);
  for (guint i = 0; i < n_optimizers; i++)
    {
      const AgOptimizerChange *change = ag_rates_nth_optimizer (changes, i);

      ag_rates_push_optimizer (moments->rates, change->step, change->optimizer, change->options);
    }
}

/**
 * ag_moments_new_kept:
 * @spec: what a run was that is over, with the optimizer that it had in the end
 * @data: its points; held
 * @history: its losses; held
 * @changes: what was changed while it was under way; copied
 * @coefficients: what it ended with; copied
 *
 * Makes the moments of a run of which nothing else is known. Where its optimizer was changed,
 * the steps before are those of a run that this one branches off. No moment is found unless
 * the run's steps, taken again, lead to @coefficients to the bit.
 *
 * Returns: (transfer full): the moments
 */
AgMoments *
ag_moments_new_kept (const AgRunSpec *spec,
                     AgData *data,
                     AgHistory *history,
                     const AgRates *changes,
                     const double *coefficients)
{
  const guint n = ag_rates_n_optimizers (changes);
  AgMoments *moments = NULL;

  for (guint i = 0; i <= n; i++)
    {
      const AgRunSpec part = ag_rates_part (changes, spec, i);
      AgMoments *origin = moments;

      moments = ag_moments_new (&part, data, history, origin,
                                i > 0 ? ag_rates_nth_optimizer (changes, i - 1)->step : 0);
      copy_changes (moments, changes, i);
      g_clear_pointer (&origin, ag_moments_unref);
    }
  moments->n_kept = ag_history_n_steps (history);
  moments->end = g_memdup2 (coefficients, sizeof (double) * moments->checkpoint.n_parameters);
  return moments;
}

/**
 * ag_moments_ref:
 * @moments: the moments of a run
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @moments
 */
AgMoments *
ag_moments_ref (AgMoments *moments)
{
  atomic_fetch_add (&moments->ref_count, 1);
  return moments;
}

/**
 * ag_moments_unref:
 * @moments: (transfer full): the moments of a run
 *
 * Drops a reference; the last one frees them.
 */
void
ag_moments_unref (AgMoments *moments)
{
  if (atomic_fetch_sub (&moments->ref_count, 1) > 1)
    return;
  ag_replay_free (moments->replay);
  ag_checkpoints_free (moments->checkpoints);
  ag_rates_free (moments->rates);
  ag_history_unref (moments->history);
  g_clear_pointer (&moments->origin, ag_moments_unref);
  pthread_mutex_destroy (&moments->mutex);
  g_free (moments->scratch);
  g_free (moments->end);
  g_free (moments);
}

/**
 * ag_moments_log_rate:
 * @moments: the moments of a run
 * @step: number of the step to be taken next, counted from 0
 * @lr: the rate from there on
 *
 * Notes that the rate was changed.
 */
void
ag_moments_log_rate (AgMoments *moments,
                     gint64 step,
                     double lr)
{
  ag_rates_push (moments->rates, step, lr);
}

/**
 * ag_moments_note:
 * @moments: the moments of a run
 * @machine: what takes its steps
 * @step: how many it took, all of which are computed and none of which diverged
 * @loss: loss of the last one
 * @error: return location for a #GError
 *
 * Notes where the run is, if it is worth the memory. The more often this is done, the
 * fewer steps must be taken again for a moment in between.
 *
 * Returns: whether all went well
 */
gboolean
ag_moments_note (AgMoments *moments,
                 AgMachine *machine,
                 gint64 step,
                 double loss,
                 GError **error)
{
  if (!ag_checkpoints_is_due (moments->checkpoints))
    return TRUE;
  if (!ag_checkpoint_save (&moments->checkpoint, machine, step, loss, moments->scratch, error))
    return FALSE;
  ag_checkpoints_push (moments->checkpoints, moments->scratch);
  return TRUE;
}

static gboolean go_to (AgMoments *moments,
                       gint64 step,
                       AgWork *work,
                       double *numbers,
                       GError **error);
static gboolean check_end (AgMoments *moments,
                           AgWork *work,
                           GError **error);

/* Looks up a checkpoint of the run that this one branches off. */
static gboolean
go_to_origin (AgMoments *moments,
              gint64 step,
              AgWork *work,
              double *numbers,
              GError **error)
{
  const AgCheckpoint *checkpoint = &moments->origin->checkpoint;
  g_autofree double *own = g_new (double, checkpoint->n_numbers);

  if (!check_end (moments->origin, work, error) || !go_to (moments->origin, step, work, own, error))
    return FALSE;
  ag_checkpoint_carry_over (checkpoint, own, &moments->checkpoint, moments->spec.program, numbers);
  return TRUE;
}

/* A branch begins where the other run was, which is looked up when it is first needed. */
static gboolean
find_beginning (AgMoments *moments,
                AgWork *work,
                GError **error)
{
  g_autofree double *numbers = NULL;

  if (moments->origin == NULL || moments->has_beginning)
    return TRUE;
  numbers = g_new (double, moments->checkpoint.n_numbers);
  if (!go_to_origin (moments, moments->origin_step, work, numbers, error))
    return FALSE;
  ag_replay_set_beginning (moments->replay, numbers);
  moments->has_beginning = TRUE;
  return TRUE;
}

/* Looks up what a checkpoint at @step is. Whoever holds the lock of a run may take that of the one
 * that it branches off, never the other way round. */
static gboolean
go_to (AgMoments *moments,
       gint64 step,
       AgWork *work,
       double *numbers,
       GError **error)
{
  g_autofree double *from = NULL;
  gboolean success = TRUE;

  if (moments->origin != NULL && step <= moments->origin_step)
    return go_to_origin (moments, step, work, numbers, error);
  pthread_mutex_lock (&moments->mutex);
  if (ag_checkpoints_find (moments->checkpoints, step, numbers))
    from = g_memdup2 (numbers, moments->checkpoint.n_numbers * sizeof (double));
  if (from == NULL || (gint64) from[AG_CHECKPOINT_STEP] != step)
    success = find_beginning (moments, work, error)
              && ag_replay_go (moments->replay, from, step, work, numbers, error);
  pthread_mutex_unlock (&moments->mutex);
  return success;
}

/* The log has what the steps in common were taken with, where that is not what the others are. */
static void
copy_optimizers (AgMoments *moments)
{
  const AgMoments *origin = moments->origin;
  const AgRunSpec *before = &origin->spec, *after = &moments->spec;
  const double *options = before->options;
  const AgOptimizerClass *optimizer = before->optimizer;

  for (guint i = 0; i < ag_rates_n_optimizers (origin->rates); i++)
    {
      const AgOptimizerChange *change = ag_rates_nth_optimizer (origin->rates, i);

      if (change->step >= moments->origin_step)
        {
          optimizer = change->optimizer;
          options = change->options;
          break;
        }
      ag_rates_push_optimizer (moments->rates, change->step, change->optimizer, change->options);
    }
  if (optimizer != after->optimizer
      || memcmp (options, after->options, sizeof (double) * optimizer->n_options) != 0)
    ag_rates_push_optimizer (moments->rates, moments->origin_step, optimizer, options);
}

/* The history has the losses of the steps in common, the log their rates. */
static void
copy_past (AgMoments *moments)
{
  const AgRates *rates = moments->origin->rates;
  AgHistoryEntry entry;

  for (guint i = 0; i < ag_rates_n (rates); i++)
    if (ag_rates_nth (rates, i).step < moments->origin_step)
      ag_rates_push (moments->rates, ag_rates_nth (rates, i).step, ag_rates_nth (rates, i).lr);
  for (gint64 step = 0; step < moments->origin_step; step++)
    {
      ag_history_read (moments->origin->history, 0, step, step, 1, &entry);
      ag_history_push (moments->history, entry.loss);
    }
}

/**
 * ag_moments_begin:
 * @moments: the moments of a run that has not taken a step
 * @work: (nullable): what cancels this
 * @error: return location for a #GError
 *
 * Finds where a run begins that branches off another one, and gives it the losses and rates
 * of the steps that they have in common. The calling thread must be in no graph.
 *
 * Returns: (transfer full) (nullable): a checkpoint; %NULL with @error set if that failed,
 *   and without if the run is no branch
 */
double *
ag_moments_begin (AgMoments *moments,
                  AgWork *work,
                  GError **error)
{
  g_autofree double *numbers = NULL;

  if (moments->origin == NULL)
    return NULL;
  numbers = g_new (double, moments->checkpoint.n_numbers);
  if (!go_to_origin (moments, moments->origin_step, work, numbers, error))
    return NULL;
  pthread_mutex_lock (&moments->mutex);
  ag_replay_set_beginning (moments->replay, numbers);
  moments->has_beginning = TRUE;
  pthread_mutex_unlock (&moments->mutex);
  copy_optimizers (moments);
  copy_past (moments);
  return g_steal_pointer (&numbers);
}

static gboolean
are_finite (const AgMoments *moments,
            const double *numbers)
{
  return ag_numbers_are_finite (numbers + AG_CHECKPOINT_COEFFICIENTS,
                                moments->checkpoint.n_parameters);
}

/* Where a run diverges its last update is taken back, and the one before it if need
 * be. */
static gboolean
go_back_to_finite (AgMoments *moments,
                   gint64 step,
                   AgWork *work,
                   double *numbers,
                   GError **error)
{
  gboolean is_wrong = step > 0 && !isfinite (numbers[AG_CHECKPOINT_LOSS]);
  g_autofree double *before = NULL;

  if (!is_wrong && are_finite (moments, numbers))
    return TRUE;
  before = g_new (double, moments->checkpoint.n_numbers);
  do
    if (!go_to (moments, --step, work, before, error))
      return FALSE;
  while (step > 0 && !are_finite (moments, before));
  for (guint i = 0; i < moments->checkpoint.n_parameters; i++)
    numbers[AG_CHECKPOINT_COEFFICIENTS + i] = before[AG_CHECKPOINT_COEFFICIENTS + i];
  return TRUE;
}

static gboolean
is_end (const AgMoments *moments,
        const double *numbers)
{
  const double *coefficients = numbers + AG_CHECKPOINT_COEFFICIENTS;

  for (guint i = 0; i < moments->checkpoint.n_parameters; i++)
    if (!(coefficients[i] == moments->end[i] || (isnan (coefficients[i]) && isnan (moments->end[i]))))
      return FALSE;
  return TRUE;
}

/* The run may have been made with other settings than its file says, or on a machine that rounds
 * differently. */
static gboolean
check_end (AgMoments *moments,
           AgWork *work,
           GError **error)
{
  const gint64 n_steps = moments->n_kept;
  g_autofree double *numbers = NULL;

  if (moments->end == NULL || atomic_load (&moments->is_checked))
    return TRUE;
  numbers = g_new (double, moments->checkpoint.n_numbers);
  if (!go_to (moments, n_steps, work, numbers, error)
      || !go_back_to_finite (moments, n_steps, work, numbers, error))
    return FALSE;
  if (!is_end (moments, numbers))
    {
      g_set_error_literal (error, AG_ERROR, AG_ERROR_ARGUMENT,
                           _ ("The run was read from a file, and its settings do not lead to where it "
                              "ended: its data have changed, say, or an older version wrote a branch "
                              "with another optimizer. It can be looked at as it was; make a new run of its settings."));
      return FALSE;
    }
  atomic_store (&moments->is_checked, TRUE);
  return TRUE;
}

/**
 * ag_moments_at:
 * @moments: the moments of a run
 * @step: how many steps were taken; what the run has not come to yet is its newest
 *   moment
 * @work: (nullable): what cancels this, from another thread; it is cancelled with an
 *   %AG_ERROR_CANCELLED
 * @error: return location for a #GError
 *
 * Looks a moment up, which has the bits that the run had there, whatever was changed
 * while it ran. Where that was not noted the steps since the last note are taken
 * again: as a rule a few milliseconds, and some tens in a run of ten million steps. Any
 * thread that is in no graph may do this, so not the run's own; if several do, they
 * wait for each other, but never for the run, nor does the run for them.
 *
 * Returns: (transfer full) (nullable): the moment, or %NULL with @error set
 */
AgMoment *
ag_moments_at (AgMoments *moments,
               gint64 step,
               AgWork *work,
               GError **error)
{
  const gint64 n_steps = ag_history_n_steps (moments->history);
  g_autofree double *numbers = NULL;
  AgMoment *moment;

  step = CLAMP (step, 0, n_steps);
  if (moments->origin != NULL && step <= moments->origin_step)
    {
      moment = ag_moments_at (moments->origin, step, work, error);
      if (moment != NULL)
        moment->is_live = step == n_steps;
      return moment;
    }
  numbers = g_new (double, moments->checkpoint.n_numbers);
  if (!check_end (moments, work, error) || !go_to (moments, step, work, numbers, error)
      || !go_back_to_finite (moments, step, work, numbers, error))
    return NULL;
  return ag_moment_new (&moments->spec, &moments->checkpoint, numbers, step == n_steps,
                        ag_rates_at (moments->rates, moments->spec.lr, MAX (step - 1, 0)));
}

/**
 * ag_moments_take_up:
 * @moments: the moments of a run
 * @step: how many steps were taken, at most as many as the run has
 * @work: (nullable): what cancels this, from another thread
 * @numbers: (out caller-allocates): room for a checkpoint of such a run
 * @error: return location for a #GError
 *
 * Looks up what another run goes on from, as ag_moments_at() does.
 *
 * Returns: whether all went well
 */
gboolean
ag_moments_take_up (AgMoments *moments,
                    gint64 step,
                    AgWork *work,
                    double *numbers,
                    GError **error)
{
  return check_end (moments, work, error) && go_to (moments, step, work, numbers, error);
}

/**
 * ag_moments_rest:
 * @moments: the moments of a run
 *
 * Gives back the memory that looking moments up has taken, which is about that of the
 * run's data, also for each run that it branches off, until the next one is looked up.
 */
void
ag_moments_rest (AgMoments *moments)
{
  for (; moments != NULL; moments = moments->origin)
    {
      pthread_mutex_lock (&moments->mutex);
      ag_replay_rest (moments->replay);
      pthread_mutex_unlock (&moments->mutex);
    }
}

/**
 * ag_moments_give_back:
 * @moments: the moments of a run that takes no steps meanwhile
 *
 * Gives back the memory of what its worker noted, unless a moment is being looked up, for which
 * this does not wait. Its moments are found all the same, by steps being taken again from the
 * first one.
 *
 * Returns: whether it did
 */
gboolean
ag_moments_give_back (AgMoments *moments)
{
  if (pthread_mutex_trylock (&moments->mutex) != 0)
    return FALSE;
  ag_checkpoints_clear (moments->checkpoints);
  ag_replay_rest (moments->replay);
  pthread_mutex_unlock (&moments->mutex);
  return TRUE;
}

/**
 * ag_moments_rates:
 * @moments: the moments of a run
 *
 * Returns: (transfer none): the changes of the learning rate
 */
const AgRates *
ag_moments_rates (const AgMoments *moments)
{
  return moments->rates;
}

/**
 * ag_moments_n_parameters:
 * @moments: the moments of a run
 *
 * Returns: how many parameters the run has
 */
guint
ag_moments_n_parameters (const AgMoments *moments)
{
  return moments->checkpoint.n_parameters;
}

/**
 * ag_moments_n_bytes:
 * @moments: the moments of a run
 *
 * Returns: how much memory the notes of its worker have
 */
gsize
ag_moments_n_bytes (const AgMoments *moments)
{
  return ag_checkpoints_n_bytes (moments->checkpoints);
}
