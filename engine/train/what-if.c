/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/what-if.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "train/restart.h"
#include "train/run-check.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

/* The steps that are known after this time are shown, so that each frame of a drag has a future of
 * its own; later ones follow as often. */
#define TELL_US 8000

/* A run that takes longer is not looked at to its end. */
#define MOST_US (2 * G_USEC_PER_SEC)

/* The clock is looked at so many steps apart that this is about the time between. */
#define LOOK_US 100
#define MAX_STEPS_BETWEEN_LOOKS 256

/* The points of the run may take this share of the memory that there is. */
#define MEMORY_SHARE 4

/**
 * Wish:
 * @serial: its number
 * @spec: what is asked for
 * @moments: (nullable): of the run that would go on; %NULL for a new one
 * @step: how many steps that one has taken
 */
typedef struct
{
  guint serial;
  AgRunSpec spec;
  AgMoments *moments;
  gint64 step;
} Wish;

/**
 * AgWhatIf:
 * @thread: what makes the runs
 * @n_asked: number of the newest wish
 * @n_served: number of the newest wish that is as well known as it will be
 * @wish: (nullable): the newest wish, until the thread takes it
 * @future: (nullable): the newest answer, until somebody takes it
 * @is_left: whether the thread is to end
 * @work: what cancels the making of data
 * @mutex: for @changed; never held while a step is taken
 * @changed: wakes the thread
 */
struct _AgWhatIf
{
  GThread *thread;
  guint n_asked;
  atomic_uint n_served;
  _Atomic (Wish *) wish;
  _Atomic (AgFuture *) future;
  atomic_bool is_left;
  AgWork work;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
};

/**
 * Worker:
 * @what_if: whom it works for
 * @restart: what takes the steps
 * @moments: (nullable): of the run that @taken_up is of
 * @taken_up: (nullable): the checkpoint that the last run went on from
 * @history: losses of the run that is made
 * @n_steps: how many it has
 * @noted_step: when @noted was
 * @noted: the coefficients at the last round number of steps
 * @told_us: when the last answer was given; 0 before the first
 */
typedef struct
{
  AgWhatIf *what_if;
  AgRestart restart;
  AgMoments *moments;
  double *taken_up;
  AgHistory *history;
  gint64 n_steps;
  gint64 noted_step;
  double *noted;
  gint64 begun_us;
  gint64 told_us;
  gint64 looked_us;
  gint between_looks;
  gint until_look;
} Worker;

/**
 * ag_future_ref:
 * @future: a future
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @future
 */
AgFuture *
ag_future_ref (AgFuture *future)
{
  atomic_fetch_add (&future->ref_count, 1);
  return future;
}

/**
 * ag_future_unref:
 * @future: (transfer full): a future
 *
 * Drops a reference; the last one frees it.
 */
void
ag_future_unref (AgFuture *future)
{
  if (atomic_fetch_sub (&future->ref_count, 1) > 1)
    return;
  g_clear_pointer (&future->history, ag_history_unref);
  g_free (future->coefficients);
  g_free (future);
}

static void
wish_free (Wish *wish)
{
  if (wish == NULL)
    return;
  g_clear_pointer (&wish->moments, ag_moments_unref);
  g_free (wish);
}

static void
tell (Worker *worker,
      AgFuture *future)
{
  AgFuture *before = atomic_exchange (&worker->what_if->future, future);

  worker->told_us = g_get_monotonic_time ();
  g_clear_pointer (&before, ag_future_unref);
}

static AgFuture *
make_future (Worker *worker,
             const Wish *wish,
             gint64 n_steps,
             AgTrainerState state,
             const double *coefficients)
{
  const guint n_parameters = wish->spec.program->model->n_parameters;
  AgFuture *future = g_new0 (AgFuture, 1);

  atomic_init (&future->ref_count, 1);
  future->spec = wish->spec;
  future->first_step = wish->step;
  future->n_steps = n_steps;
  future->state = state;
  future->is_whole = state != AG_TRAINER_RUNNING;
  future->history = worker->history != NULL ? ag_history_ref (worker->history) : NULL;
  future->final_loss = NAN;
  if (coefficients != NULL)
    future->coefficients = g_memdup2 (coefficients, sizeof (double) * n_parameters);
  return future;
}

/* The next number of which only the first digit is not 0, and is 1 or even. */
static gint64
next_round (gint64 n)
{
  gint64 unit = 1;

  while (n >= 10 * unit)
    unit *= 10;
  if (n < 2 * unit)
    return n < unit ? unit : 2 * unit;
  return (n / unit + 2) / 2 * 2 * unit;
}

static gboolean
is_left (const Worker *worker)
{
  return atomic_load_explicit (&worker->what_if->is_left, memory_order_relaxed);
}

static gboolean
has_newer_wish (const Worker *worker)
{
  return atomic_load_explicit (&worker->what_if->wish, memory_order_relaxed) != NULL;
}

/* Steps have been taken. Returns whether it is time to look at the clock. */
static gboolean
is_look_due (Worker *worker,
             gint64 n_steps,
             gint64 *now_us)
{
  gint64 passed_us;

  worker->until_look -= (gint) n_steps;
  if (worker->until_look > 0)
    return FALSE;
  *now_us = g_get_monotonic_time ();
  passed_us = *now_us - worker->looked_us;
  if (passed_us < LOOK_US && worker->between_looks < MAX_STEPS_BETWEEN_LOOKS)
    worker->between_looks *= 2;
  else if (passed_us > 2 * LOOK_US && worker->between_looks > 1)
    worker->between_looks /= 2;
  worker->until_look = worker->between_looks;
  worker->looked_us = *now_us;
  return TRUE;
}

/* Tells what is known so far, if it is time. Returns whether more is to be found out. */
static gboolean
look_at_clock (Worker *worker,
               const Wish *wish,
               gint64 n_steps)
{
  gint64 now_us;

  if (!is_look_due (worker, n_steps, &now_us))
    return TRUE;
  if (now_us - MAX (worker->told_us, worker->begun_us) >= TELL_US && worker->noted_step > 0)
    {
      tell (worker, make_future (worker, wish, worker->noted_step, AG_TRAINER_RUNNING, worker->noted));
      worker->noted_step = 0;
    }
  return now_us - worker->begun_us < MOST_US;
}

/* Takes at most so many steps. Sets @loss to the last of their losses, or the first that is not
 * finite. Returns how many were taken, 0 with @error set. */
static gint64
take_some (Worker *worker,
           gint64 n_steps,
           double *loss,
           GError **error)
{
  double losses[MAX_STEPS_BETWEEN_LOOKS];
  const gint64 n = ag_stepper_take_many (worker->restart.machine->stepper,
                                         MIN (n_steps, MAX (1, worker->until_look)), losses, error);

  *loss = 0;
  for (gint64 i = 0; i < n && isfinite (*loss); i++)
    {
      *loss = losses[i];
      ag_history_push (worker->history, *loss);
      worker->n_steps++;
    }
  return n;
}

/* The trainer's manner: a run whose last update made a coefficient infinite has diverged
 * too. */
static gboolean
end_run (Worker *worker,
         const Wish *wish,
         GError **error)
{
  AgProgram *program = worker->restart.machine->program;
  AgFuture *future;
  double final_loss = NAN;
  gboolean is_finite;

  if (!ag_program_read (program, worker->noted, error))
    return FALSE;
  is_finite = ag_numbers_are_finite (worker->noted, wish->spec.program->model->n_parameters);
  if (is_finite && !ag_program_evaluate_loss (program, &final_loss, error))
    return FALSE;
  future = make_future (worker, wish, worker->n_steps, is_finite ? AG_TRAINER_DONE : AG_TRAINER_DIVERGED,
                        is_finite ? worker->noted : NULL);
  future->final_loss = final_loss;
  tell (worker, future);
  return TRUE;
}

/* A new wish ends this only when something was told of the one before: otherwise nothing
 * ever would be where wishes come faster than it takes to answer one. */
static gboolean
take_steps (Worker *worker,
            const Wish *wish,
            GError **error)
{
  const gint64 n_left = wish->spec.steps - wish->step, n = MIN (n_left, AG_WHAT_IF_MAX_STEPS);
  gint64 round = 1, n_taken;
  double loss;

  while (worker->n_steps < n)
    {
      if (is_left (worker) || (worker->told_us != 0 && has_newer_wish (worker)))
        return TRUE;
      n_taken = take_some (worker, MIN (round, n) - worker->n_steps, &loss, error);
      if (n_taken == 0)
        return FALSE;
      if (!isfinite (loss))
        {
          tell (worker, make_future (worker, wish, worker->n_steps, AG_TRAINER_DIVERGED, NULL));
          return TRUE;
        }
      if (worker->n_steps == round)
        {
          round = next_round (round);
          worker->noted_step = worker->n_steps;
          if (!ag_program_read (worker->restart.machine->program, worker->noted, error))
            return FALSE;
        }
      if (!look_at_clock (worker, wish, n_taken))
        return TRUE;
    }
  if (n == n_left)
    return end_run (worker, wish, error);
  if (!ag_program_read (worker->restart.machine->program, worker->noted, error))
    return FALSE;
  tell (worker, make_future (worker, wish, n, AG_TRAINER_RUNNING, worker->noted));
  return TRUE;
}

/* Finds where the run that goes on is, which is the same for all wishes while it rests. The
 * thread may be in no graph meanwhile. */
static gboolean
take_up (Worker *worker,
         const Wish *wish,
         GError **error)
{
  AgRestart *restart = &worker->restart;
  const guint n_numbers = restart->checkpoint.n_numbers;
  gboolean is_found;

  if (wish->moments != worker->moments || worker->taken_up[AG_CHECKPOINT_STEP] != (double) wish->step)
    {
      g_clear_pointer (&worker->moments, ag_moments_unref);
      g_free (worker->taken_up);
      worker->taken_up = g_new (double, n_numbers);
      ag_graph_leave (restart->machine->graph);
      is_found = ag_moments_take_up (wish->moments, wish->step, &worker->what_if->work,
                                     worker->taken_up, error);
      ag_graph_enter (restart->machine->graph);
      if (!is_found)
        return FALSE;
      worker->moments = ag_moments_ref (wish->moments);
    }
  memcpy (restart->begin, worker->taken_up, sizeof (double) * n_numbers);
  return TRUE;
}

/* That a run can be made where there is room for its points does not say that there is room
 * for two. */
static gboolean
check_room (const AgRunSpec *spec,
            GError **error)
{
  const guint64 size = ag_run_spec_size_of_points (spec);

  if (size <= ag_memory_available ("/") / MEMORY_SHARE)
    return ag_run_spec_check (spec, error);
  ag_memory_set_error (error, size);
  return FALSE;
}

static gboolean
serve (Worker *worker,
       const Wish *wish,
       GError **error)
{
  AgRestart *restart = &worker->restart;
  const AgRunSpec *spec = &wish->spec;

  worker->told_us = 0;
  if (restart->machine != NULL && !ag_run_spec_has_newest_data (spec, restart->data))
    ag_restart_clear (restart);
  if (!ag_restart_suits (restart, spec) && !check_room (spec, error))
    return FALSE;
  if (!ag_restart_prepare (restart, spec, (guint) spec->n_threads, &worker->what_if->work, error)
      || (wish->moments != NULL && !take_up (worker, wish, error))
      || !ag_restart_begin (restart, spec, error))
    return FALSE;
  worker->history = ag_history_new (MIN (spec->steps - wish->step, AG_WHAT_IF_MAX_STEPS));
  if (worker->history == NULL)
    {
      ag_memory_set_error (error, ag_history_size (AG_WHAT_IF_MAX_STEPS));
      return FALSE;
    }
  worker->noted = g_renew (double, worker->noted, spec->program->model->n_parameters);
  worker->n_steps = worker->noted_step = 0;
  worker->begun_us = worker->looked_us = g_get_monotonic_time ();
  worker->between_looks = worker->until_look = 1;
  return take_steps (worker, wish, error);
}

static void
serve_and_tell (Worker *worker,
                const Wish *wish)
{
  g_autoptr (GError) error = NULL;
  gboolean is_served = serve (worker, wish, &error);

  g_clear_pointer (&worker->history, ag_history_unref);
  if (is_served)
    return;
  /* A machine that failed within a step is of no use. */
  ag_restart_clear (&worker->restart);
  if (!g_error_matches (error, AG_ERROR, AG_ERROR_CANCELLED))
    tell (worker, make_future (worker, wish, 0, AG_TRAINER_FAILED, NULL));
}

static Wish *
wait_for_wish (AgWhatIf *what_if)
{
  Wish *wish;

  pthread_mutex_lock (&what_if->mutex);
  while (atomic_load (&what_if->wish) == NULL && !atomic_load (&what_if->is_left)
         && pthread_cond_wait (&what_if->changed, &what_if->mutex) == 0)
    ;
  pthread_mutex_unlock (&what_if->mutex);
  wish = atomic_exchange (&what_if->wish, NULL);
  ag_work_set_cancelled (&what_if->work, FALSE);
  return wish;
}

static gpointer
work (gpointer data)
{
  AgWhatIf *what_if = data;
  Worker worker = { .what_if = what_if };

  while (!atomic_load (&what_if->is_left))
    {
      Wish *wish = wait_for_wish (what_if);

      if (wish == NULL)
        continue;
      serve_and_tell (&worker, wish);
      atomic_store (&what_if->n_served, wish->serial);
      wish_free (wish);
    }
  ag_restart_clear (&worker.restart);
  g_clear_pointer (&worker.moments, ag_moments_unref);
  g_free (worker.taken_up);
  g_free (worker.noted);
  return NULL;
}

/**
 * ag_what_if_new:
 *
 * Returns: (transfer full) (nullable): what finds futures; %NULL if no thread can be had
 */
AgWhatIf *
ag_what_if_new (void)
{
  AgWhatIf *what_if = g_new0 (AgWhatIf, 1);

  pthread_mutex_init (&what_if->mutex, NULL);
  pthread_cond_init (&what_if->changed, NULL);
  what_if->thread = g_thread_try_new ("what-if", work, what_if, NULL);
  if (what_if->thread != NULL)
    return what_if;
  ag_what_if_free (what_if);
  return NULL;
}

static void
wake (AgWhatIf *what_if)
{
  pthread_mutex_lock (&what_if->mutex);
  pthread_cond_signal (&what_if->changed);
  pthread_mutex_unlock (&what_if->mutex);
}

/**
 * ag_what_if_free:
 * @what_if: (transfer full): what finds futures
 *
 * Waits until the step that is being taken is over: who must not wait does this on another
 * thread.
 */
void
ag_what_if_free (AgWhatIf *what_if)
{
  AgFuture *future;

  atomic_store (&what_if->is_left, TRUE);
  ag_work_set_cancelled (&what_if->work, TRUE);
  wake (what_if);
  if (what_if->thread != NULL)
    g_thread_join (what_if->thread);
  wish_free (atomic_load (&what_if->wish));
  future = atomic_load (&what_if->future);
  g_clear_pointer (&future, ag_future_unref);
  pthread_cond_destroy (&what_if->changed);
  pthread_mutex_destroy (&what_if->mutex);
  g_free (what_if);
}

/**
 * ag_what_if_ask:
 * @what_if: what finds futures
 * @spec: a run that can be made; copied
 * @moments: (nullable): of a run that can become @spec and would go on; %NULL for a new run
 * @step: how many steps that run has taken, fewer than @spec has; 0 of a new one
 *
 * Asks what the run will do. What was asked for before and is not known yet is not wanted any
 * more. Only one thread asks and takes.
 */
void
ag_what_if_ask (AgWhatIf *what_if,
                const AgRunSpec *spec,
                AgMoments *moments,
                gint64 step)
{
  Wish *wish = g_new0 (Wish, 1);

  g_return_if_fail (step < spec->steps);

  wish->serial = ++what_if->n_asked;
  wish->spec = *spec;
  wish->moments = moments != NULL ? ag_moments_ref (moments) : NULL;
  wish->step = step;
  /* Before the wish is there, since that one is not to be cancelled. */
  ag_work_set_cancelled (&what_if->work, TRUE);
  wish_free (atomic_exchange (&what_if->wish, wish));
  wake (what_if);
}

/**
 * ag_what_if_take:
 * @what_if: what finds futures
 *
 * Returns: (transfer full) (nullable): the newest answer, if there is one that was not taken
 */
AgFuture *
ag_what_if_take (AgWhatIf *what_if)
{
  if (atomic_load_explicit (&what_if->future, memory_order_relaxed) == NULL)
    return NULL;
  return atomic_exchange (&what_if->future, NULL);
}

/**
 * ag_what_if_is_busy:
 * @what_if: what finds futures
 *
 * Returns: whether an answer is still to come
 */
gboolean
ag_what_if_is_busy (AgWhatIf *what_if)
{
  return atomic_load (&what_if->n_served) != what_if->n_asked
         || atomic_load (&what_if->future) != NULL;
}
