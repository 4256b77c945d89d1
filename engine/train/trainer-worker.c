/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/trainer-private.h"

#include "graph/graph.h"
#include "train/initial.h"
#include "train/speedometer.h"
#include "train/stepper.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Snapshots are published at most this often, about once a frame, and the
 * clock is looked at so many steps apart that it is about that often too. */
#define PUBLISH_US 15000
#define LOOK_US 1000

/* How long the host may wait for a device that runs ahead. */
#define MAX_WAIT_US 10000

#define MAX_STEPS_BETWEEN_LOOKS 65536

/* A paced run that fell behind, by a slow step say, makes up for no more. */
#define MAX_BEHIND_US 50000

/**
 * Worker:
 * @trainer: whom it works for
 * @step: number of steps taken, and recorded
 * @n_ahead: how many steps may wait for their losses to be read; where the
 *   device computes at once, none does
 * @n_pending: how many wait
 * @pending: their losses
 * @loss: the last loss
 * @final_loss: see #AgSnapshot
 * @engine: what ran the loops of the last step
 * @state: its state, as last published
 * @diverged_step: see #AgSnapshot
 * @learning_rate: bits of the optimizer's rate
 * @pace: bits of the pace that @due_us was computed with
 * @due_us: when the next step of a paced run is due
 * @published_us: time of the last snapshot
 * @looked_us: time of the last look at the clock
 * @until_look: steps until the next one
 * @between_looks: steps from one to the next
 *
 * What only the trainer's thread knows.
 */
typedef struct
{
  AgTrainer *trainer;
  AgDevice *device;
  AgGraph *graph;
  AgProgram *program;
  AgOptimizer *optimizer;
  AgStepper *stepper;
  AgSpeedometer meter;
  gint64 step;
  guint n_ahead;
  guint n_pending;
  AgTensor *pending[AG_DEVICE_MAX_AHEAD];
  double loss;
  double final_loss;
  AgEngine engine;
  double speed;
  AgTrainerState state;
  gint64 diverged_step;
  guint64 learning_rate;
  guint64 pace;
  double due_us;
  gint64 published_us;
  gint64 looked_us;
  gint until_look;
  gint between_looks;
  guint64 serial;
  double coefficients[AG_PROGRAM_MAX_PARAMETERS];
  double gradients[AG_PROGRAM_MAX_PARAMETERS];
} Worker;

static void
publish (Worker *worker,
         gint64 now_us)
{
  AgTrainer *trainer = worker->trainer;
  const AgProgramClass *klass = trainer->spec.program;
  AgSnapshot snapshot = {
    .serial = ++worker->serial,
    .state = worker->state,
    .step = worker->step,
    .loss = worker->loss,
    .final_loss = worker->final_loss,
    .engine = worker->engine,
    .elapsed = ag_speedometer_elapsed (&worker->meter, now_us),
    .diverged_step = worker->diverged_step,
    .n_coefficients = klass->n_parameters,
  };

  if (worker->meter.started_us != 0 && now_us > worker->published_us)
    worker->speed = ag_speedometer_look (&worker->meter, now_us, worker->step);
  snapshot.steps_per_second = worker->speed;
  for (guint i = 0; i < klass->n_parameters; i++)
    {
      snapshot.coefficients[i] = worker->coefficients[i];
      snapshot.gradients[i] = worker->gradients[i];
    }
  ag_snapshot_buffer_publish (trainer->snapshots, &snapshot);
  worker->published_us = now_us;
}

/* The snapshot comes first, so that who is told of a state finds it there. */
static void
set_state (Worker *worker,
           AgTrainerState state)
{
  AgTrainer *trainer = worker->trainer;
  AgTrainerNotify notify;
  gpointer notify_data;
  gint64 now_us = g_get_monotonic_time ();

  worker->state = state;
  publish (worker, now_us);
  if (state != AG_TRAINER_RUNNING)
    ag_speedometer_stop (&worker->meter, now_us);

  pthread_mutex_lock (&trainer->mutex);
  atomic_store (&trainer->state, state);
  pthread_cond_broadcast (&trainer->state_changed);
  notify = trainer->notify;
  notify_data = trainer->notify_data;
  pthread_mutex_unlock (&trainer->mutex);
  if (notify != NULL)
    notify (trainer, notify_data);
}

static void
fail (Worker *worker,
      GError *error)
{
  worker->trainer->error = error;
  set_state (worker, AG_TRAINER_FAILED);
}

/* The step that was @n_back before the last one is over. */
static gboolean
trace_coefficients (Worker *worker,
                    guint n_back,
                    GError **error)
{
  const gint64 step = worker->step - n_back;
  double coefficients[AG_PROGRAM_MAX_PARAMETERS];

  if (!ag_trace_is_due (worker->trainer->trace, step))
    return TRUE;
  if (!ag_program_read_kept (worker->program, n_back, coefficients, error))
    return FALSE;
  ag_trace_push (worker->trainer->trace, step, coefficients);
  return TRUE;
}

/* The oldest @n of them. */
static void
forget_pending (Worker *worker,
                guint n)
{
  for (guint i = 0; i < n; i++)
    ag_tensor_unref (worker->pending[i]);
  worker->n_pending -= n;
  memmove (worker->pending, worker->pending + n, sizeof (AgTensor *) * worker->n_pending);
}

/* The update of the step whose loss was not finite is taken back, and the one
 * before it if it made a coefficient infinite. */
static gboolean
diverge (Worker *worker,
         guint n_back,
         GError **error)
{
  worker->step -= n_back;
  worker->diverged_step = worker->step - 1;
  worker->engine = ag_device_engine (worker->device);
  /* Those of later steps are not of interest, and those of this one are gone. */
  for (guint i = 0; n_back > 0 && i < worker->trainer->spec.program->n_parameters; i++)
    worker->gradients[i] = NAN;
  return (n_back > 0 || ag_program_read_gradients (worker->program, worker->gradients, error))
         && ag_program_restore (worker->program, n_back, worker->coefficients, error);
}

/* What @n_read of the losses that wait say. */
static gboolean
read_losses (Worker *worker,
             guint n_read,
             GError **error)
{
  for (guint i = 0; i < n_read && worker->diverged_step < 0; i++)
    {
      const guint n_back = worker->n_pending - 1 - i;

      if (!ag_tensor_item (worker->pending[i], &worker->loss, error))
        return FALSE;
      ag_history_push (worker->trainer->history, worker->loss);
      if (G_UNLIKELY (!isfinite (worker->loss)) ? !diverge (worker, n_back, error)
                                                : !trace_coefficients (worker, n_back, error))
        return FALSE;
    }
  return TRUE;
}

/* Reads the losses that wait, but for the last @n_left. On a device that runs
 * ahead this is where the host waits for it; how far it may run depends on how
 * long that takes, so that commands are obeyed soon. */
static gboolean
catch_up (Worker *worker,
          guint n_left,
          GError **error)
{
  const guint n_read = worker->n_pending - MIN (n_left, worker->n_pending);
  gint64 begun_us = n_read > 1 ? g_get_monotonic_time () : 0;

  if (!read_losses (worker, n_read, error))
    {
      forget_pending (worker, worker->n_pending);
      return FALSE;
    }
  forget_pending (worker, worker->diverged_step < 0 ? n_read : worker->n_pending);
  if (n_read > 1)
    {
      gint64 waited_us = g_get_monotonic_time () - begun_us;

      if (waited_us > MAX_WAIT_US)
        worker->n_ahead = MAX (1, worker->n_ahead / 2);
      else if (waited_us < MAX_WAIT_US / 4)
        worker->n_ahead = MIN (2 * worker->n_ahead, ag_device_n_ahead (worker->device));
    }
  return TRUE;
}

/* After this the worker knows all that was computed. */
static gboolean
read_program (Worker *worker,
              GError **error)
{
  if (!catch_up (worker, 0, error))
    return FALSE;
  worker->engine = ag_device_engine (worker->device);
  return worker->diverged_step >= 0
         || (ag_program_read (worker->program, worker->coefficients, error)
             && ag_program_read_gradients (worker->program, worker->gradients, error));
}

/* Where a run rests, the loss of the coefficients that it came to is of interest,
 * which is not known before the next step; it is computed once. */
static gboolean
find_final_loss (Worker *worker,
                 GError **error)
{
  if (worker->step == 0 || worker->diverged_step >= 0 || !isnan (worker->final_loss))
    return TRUE;
  return ag_program_evaluate_loss (worker->program, &worker->final_loss, error);
}

static void
note_initial (Worker *worker)
{
  AgTrainer *trainer = worker->trainer;

  for (guint i = 0; i < trainer->spec.program->n_parameters; i++)
    trainer->initial[i] = worker->coefficients[i];
  ag_trace_push (trainer->trace, 0, trainer->initial);
}

static gboolean
set_up (Worker *worker,
        GError **error)
{
  AgTrainer *trainer = worker->trainer;
  const AgRunSpec *spec = &trainer->spec;
  const AgProgramData data = ag_run_spec_data (spec);

  worker->device = ag_device_open (spec->device, spec->n_threads, error);
  if (worker->device == NULL)
    return FALSE;
  worker->n_ahead = ag_device_n_ahead (worker->device);
  worker->graph = ag_graph_new (worker->device);
  ag_graph_enter (worker->graph);
  ag_device_set_work (worker->device, &trainer->preparation);
  worker->program = ag_program_new (spec->program, spec->dtype, &data, spec->seed, error);
  ag_device_set_work (worker->device, NULL);
  if (worker->program == NULL
      || !ag_run_spec_start (spec, worker->program, worker->coefficients, error))
    return FALSE;

  worker->optimizer = ag_optimizer_new (spec->optimizer, worker->program->n_tensors,
                                        worker->program->tensors);
  for (guint i = 0; i < spec->optimizer->n_options; i++)
    ag_optimizer_set_option (worker->optimizer, i, spec->options[i]);
  ag_optimizer_set_learning_rate (worker->optimizer, spec->learning_rate);
  worker->learning_rate = ag_double_to_bits (spec->learning_rate);
  worker->stepper = ag_stepper_new (worker->graph, worker->program, worker->optimizer);

  if (!ag_graph_end_step (worker->graph, error) || !read_program (worker, error))
    return FALSE;
  note_initial (worker);
  return TRUE;
}

static void
tear_down (Worker *worker)
{
  forget_pending (worker, worker->n_pending);
  g_clear_pointer (&worker->stepper, ag_stepper_free);
  g_clear_pointer (&worker->optimizer, ag_optimizer_free);
  g_clear_pointer (&worker->program, ag_program_free);
  if (worker->graph != NULL)
    {
      ag_graph_leave (worker->graph);
      g_clear_pointer (&worker->graph, ag_graph_free);
    }
  g_clear_pointer (&worker->device, ag_device_unref);
}

static gboolean
take_step (Worker *worker,
           GError **error)
{
  guint64 learning_rate = atomic_load_explicit (&worker->trainer->learning_rate,
                                                memory_order_relaxed);
  AgTensor *loss;

  if (learning_rate != worker->learning_rate)
    {
      worker->learning_rate = learning_rate;
      ag_optimizer_set_learning_rate (worker->optimizer, ag_double_from_bits (learning_rate));
      ag_rates_push (worker->trainer->rates, worker->step, ag_double_from_bits (learning_rate));
    }

  /* One generation more than can wait, for the step before a bad one. */
  ag_program_keep (worker->program, ag_device_n_ahead (worker->device) + 1);
  loss = ag_stepper_take (worker->stepper, error);
  if (loss == NULL)
    {
      forget_pending (worker, worker->n_pending);
      return FALSE;
    }
  worker->pending[worker->n_pending++] = loss;
  worker->step++;
  /* Half of them stay, for the device to have something to do meanwhile. */
  return worker->n_pending < worker->n_ahead || catch_up (worker, worker->n_ahead / 2, error);
}

/* Looks at the clock now and then, and publishes when it is time. */
static gboolean
look_at_clock (Worker *worker,
               GError **error)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 passed_us = now_us - worker->looked_us;

  if (passed_us < LOOK_US / 2 && worker->between_looks < MAX_STEPS_BETWEEN_LOOKS)
    worker->between_looks *= 2;
  else if (passed_us > LOOK_US && worker->between_looks > 1)
    worker->between_looks = MAX (1, (gint) (worker->between_looks * LOOK_US / passed_us));
  worker->until_look = worker->between_looks;
  worker->looked_us = now_us;

  if (now_us - worker->published_us < PUBLISH_US)
    return TRUE;
  if (!read_program (worker, error))
    return FALSE;
  if (worker->diverged_step < 0)
    publish (worker, now_us);
  return TRUE;
}

/* Waits for the outside to want something else, at most until @until_us, or
 * for ever if that is 0. Who took a wait that failed for one that was over would
 * wait again at once, and hold the lock for good. */
static gboolean
wait_for_wish (Worker *worker,
               AgTrainerWish wish,
               gint64 until_us,
               GError **error)
{
  AgTrainer *trainer = worker->trainer;
  int code = 0;

  pthread_mutex_lock (&trainer->mutex);
  while (code == 0 && atomic_load (&trainer->wish) == (int) wish
         && atomic_load (&trainer->n_single_steps) == 0
         && atomic_load (&trainer->pace) == worker->pace)
    code = until_us == 0 ? pthread_cond_wait (&trainer->wish_changed, &trainer->mutex)
                         : ag_trainer_wait_until (trainer, &trainer->wish_changed, until_us);
  pthread_mutex_unlock (&trainer->mutex);
  if (code == 0 || code == ETIMEDOUT)
    return TRUE;
  g_set_error (error, AG_ERROR, AG_ERROR_DEVICE,
               _ ("The run could not wait for its next step: %s. Choose another pace."),
               g_strerror (code));
  return FALSE;
}

/* Whether a step is due at the pace wanted. */
static gboolean
is_due (Worker *worker)
{
  guint64 pace = atomic_load_explicit (&worker->trainer->pace, memory_order_relaxed);
  gint64 now_us;

  if (pace == 0)
    {
      worker->pace = 0;
      return TRUE;
    }

  now_us = g_get_monotonic_time ();
  if (pace != worker->pace || worker->due_us < (double) (now_us - MAX_BEHIND_US))
    {
      worker->pace = pace;
      worker->due_us = (double) now_us;
    }
  if ((double) now_us >= worker->due_us)
    {
      worker->due_us += 1e6 / ag_double_from_bits (pace);
      return TRUE;
    }
  return FALSE;
}

static void
start_running (Worker *worker)
{
  gint64 now_us = g_get_monotonic_time ();

  ag_speedometer_start (&worker->meter, now_us, worker->step);
  worker->looked_us = now_us;
  worker->until_look = worker->between_looks = 1;
  worker->pace = 0;
  worker->final_loss = NAN;
  atomic_store (&worker->trainer->n_single_steps, 0);
  set_state (worker, AG_TRAINER_RUNNING);
}

static gboolean
has_finite_coefficients (const Worker *worker)
{
  for (guint i = 0; i < worker->trainer->spec.program->n_parameters; i++)
    if (!isfinite (worker->coefficients[i]))
      return FALSE;
  return TRUE;
}

static gboolean
step_and_look (Worker *worker,
               GError **error)
{
  if (!take_step (worker, error))
    return FALSE;
  if (--worker->until_look <= 0 && worker->diverged_step < 0)
    return look_at_clock (worker, error);
  return TRUE;
}

static gboolean
take_single_step (Worker *worker,
                  GError **error)
{
  atomic_fetch_sub (&worker->trainer->n_single_steps, 1);
  worker->final_loss = NAN;
  if (!take_step (worker, error) || !read_program (worker, error)
      || !find_final_loss (worker, error))
    return FALSE;
  if (worker->diverged_step < 0)
    set_state (worker, AG_TRAINER_PAUSED);
  return TRUE;
}

static gboolean
pause_and_wait (Worker *worker,
                GError **error)
{
  if (worker->state == AG_TRAINER_RUNNING)
    {
      if (!read_program (worker, error) || !find_final_loss (worker, error))
        return FALSE;
      if (worker->diverged_step >= 0)
        return TRUE;
      set_state (worker, AG_TRAINER_PAUSED);
    }
  else if (ag_trainer_state_is_final (worker->state))
    {
      set_state (worker, AG_TRAINER_PAUSED);
    }
  worker->pace = atomic_load (&worker->trainer->pace);
  return wait_for_wish (worker, AG_TRAINER_WISH_PAUSE, 0, error);
}

/* The outside may raise it at any time; the memory for its losses is there then. */
static gint64
get_n_steps (const Worker *worker)
{
  return atomic_load_explicit (&worker->trainer->n_steps, memory_order_acquire);
}

/* Returns FALSE with @error set when the engine failed. */
static gboolean
train (Worker *worker,
       GError **error)
{
  AgTrainer *trainer = worker->trainer;

  while (worker->step < get_n_steps (worker) && worker->diverged_step < 0)
    {
      gboolean success = TRUE;

      switch ((AgTrainerWish) atomic_load_explicit (&trainer->wish, memory_order_relaxed))
        {
        case AG_TRAINER_WISH_RUN:
          if (G_UNLIKELY (worker->state != AG_TRAINER_RUNNING))
            start_running (worker);
          else if (is_due (worker))
            success = step_and_look (worker, error);
          else
            success = wait_for_wish (worker, AG_TRAINER_WISH_RUN, (gint64) worker->due_us + 1,
                                     error);
          break;
        case AG_TRAINER_WISH_PAUSE:
          if (worker->state != AG_TRAINER_RUNNING && atomic_load (&trainer->n_single_steps) > 0)
            success = take_single_step (worker, error);
          else
            success = pause_and_wait (worker, error);
          break;
        case AG_TRAINER_WISH_STOP:
        case AG_TRAINER_WISH_LEAVE:
        default:
          return read_program (worker, error);
        }
      if (!success)
        return FALSE;
    }
  return worker->diverged_step >= 0 || read_program (worker, error);
}

static AgTrainerState
final_state (Worker *worker)
{
  if (worker->diverged_step >= 0)
    return AG_TRAINER_DIVERGED;
  return worker->step < get_n_steps (worker) ? AG_TRAINER_STOPPED : AG_TRAINER_DONE;
}

/* No more steps for now. Whom the outside has left needs no result. */
static gboolean
rest (Worker *worker,
      GError **error)
{
  if (atomic_load (&worker->trainer->wish) == AG_TRAINER_WISH_LEAVE)
    return TRUE;
  if (worker->diverged_step < 0 && !has_finite_coefficients (worker)
      && !diverge (worker, 0, error))
    g_clear_error (error);
  if (!find_final_loss (worker, error))
    return FALSE;
  set_state (worker, final_state (worker));
  return TRUE;
}

/* Waits until the run goes on. Returns FALSE if it never does. */
static gboolean
wait_for_more (Worker *worker)
{
  AgTrainer *trainer = worker->trainer;
  int wish, code = 0;

  if (worker->diverged_step >= 0)
    return FALSE;
  pthread_mutex_lock (&trainer->mutex);
  while ((wish = atomic_load (&trainer->wish)) != AG_TRAINER_WISH_LEAVE && code == 0
         && (wish == AG_TRAINER_WISH_STOP || worker->step >= get_n_steps (worker)))
    code = pthread_cond_wait (&trainer->wish_changed, &trainer->mutex);
  pthread_mutex_unlock (&trainer->mutex);
  return code == 0 && wish != AG_TRAINER_WISH_LEAVE;
}

/* The data are not wanted any more, and their memory may be; what the run would
 * have begun with does not depend on them. */
static gboolean
end_early (Worker *worker,
           GError **error)
{
  tear_down (worker);
  if (!ag_run_spec_initial (&worker->trainer->spec, worker->coefficients, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (worker->gradients); i++)
    worker->gradients[i] = NAN;
  note_initial (worker);
  set_state (worker, AG_TRAINER_STOPPED);
  return TRUE;
}

/* Makes the run ready to take steps or, if it is stopped meanwhile, lets it rest at
 * its beginning. Returns FALSE with @error set when the engine failed. */
static gboolean
prepare (Worker *worker,
         GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (worker->stepper != NULL)
    return TRUE;
  if (set_up (worker, &local_error))
    {
      set_state (worker, AG_TRAINER_IDLE);
      return TRUE;
    }
  if (g_error_matches (local_error, AG_ERROR, AG_ERROR_CANCELLED))
    return end_early (worker, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Returns FALSE with @error set when the engine failed. */
static gboolean
work (Worker *worker,
      GError **error)
{
  do
    {
      if (!prepare (worker, error))
        return FALSE;
      if (worker->stepper != NULL && (!train (worker, error) || !rest (worker, error)))
        return FALSE;
    }
  while (wait_for_more (worker));
  return TRUE;
}

/**
 * ag_trainer_work:
 * @data: the trainer
 *
 * The trainer's thread.
 *
 * Returns: %NULL
 */
gpointer
ag_trainer_work (gpointer data)
{
  Worker worker = { .trainer = data, .loss = NAN, .final_loss = NAN, .diverged_step = -1 };
  GError *error = NULL;

  if (!work (&worker, &error))
    fail (&worker, error);
  tear_down (&worker);
  return NULL;
}
