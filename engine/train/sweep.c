/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/sweep-private.h"

#include "base/condition.h"
#include "base/error.h"
#include "base/memory.h"
#include "train/run-check.h"
#include "train/setting.h"

#include <glib/gi18n-lib.h>

/* The first picture has about so many values of each axis: so few that of a map of short runs it
 * is there within two or three frames. */
#define N_FIRST 4

/* All workers together, and all that they find, take this share of the memory that there
 * is each. */
#define MEMORY_SHARE 2

/* The distance between the values of the first picture, a power of two. */
static guint
first_distance (guint n)
{
  guint distance = 1;

  while (n / (2 * distance) >= N_FIRST)
    distance *= 2;
  return distance;
}

/* The value is one of those that were made when each @distance-th was. */
static gboolean
is_at (guint value,
       guint distance)
{
  return value % distance == 0;
}

/* Appends the runs of a picture that the coarser one before did not have. Those of a curve
 * lie together, since another curve takes another machine. */
static guint
append_picture (AgSweep *sweep,
                const guint distance[AG_SWEEP_MAX_AXES],
                const guint before[AG_SWEEP_MAX_AXES],
                guint n)
{
  for (guint run = 0; run < sweep->n_runs; run++)
    {
      const AgSweepPlace place = ag_sweep_place (sweep, run);

      if (is_at (place.value[0], distance[0]) && is_at (place.value[1], distance[1])
          && (before[0] == 0 || !is_at (place.value[0], before[0])
              || !is_at (place.value[1], before[1])))
        sweep->order[n++] = run;
    }
  return n;
}

static void
find_order (AgSweep *sweep)
{
  guint distance[AG_SWEEP_MAX_AXES], before[AG_SWEEP_MAX_AXES] = { 0, 0 };
  guint n = 0;

  sweep->order = g_new (guint, sweep->n_runs);
  for (guint i = 0; i < AG_SWEEP_MAX_AXES; i++)
    distance[i] = first_distance (ag_sweep_n_values (sweep, i));
  while (n < sweep->n_runs)
    {
      n = append_picture (sweep, distance, before, n);
      for (guint i = 0; i < AG_SWEEP_MAX_AXES; i++)
        {
          before[i] = distance[i];
          distance[i] = MAX (distance[i] / 2, 1);
        }
    }
}

/* Only the values and the optimizer's options differ from the run that was checked, and to check
 * all of each run would take longer than a frame. */
static gboolean
check_differences (const AgRunSpec *spec,
                   AgSweepAxis *const *axes,
                   guint n_axes,
                   GError **error)
{
  for (guint i = 0; i < n_axes; i++)
    if (axes[i]->setting != NULL
        && !ag_setting_check (ag_setting_find (spec, axes[i]->id), spec, error))
      return FALSE;
  for (guint i = 0; i < spec->optimizer->n_options; i++)
    if (!ag_setting_check (&spec->optimizer->options[i], spec, error))
      return FALSE;
  return TRUE;
}

/* If any value of a range is refused, one of its two ends is refused as well. */
static gboolean
check_corners (const AgRunSpec *spec,
               AgSweepAxis *const *axes,
               guint n_axes,
               gboolean is_first,
               GError **error)
{
  for (guint corner = 0; corner < 1u << n_axes; corner++)
    {
      AgRunSpec tried = *spec;

      for (guint i = 0; i < n_axes; i++)
        if (!ag_sweep_axis_apply (axes[i], corner >> i & 1 ? axes[i]->n - 1 : 0, &tried, error))
          return FALSE;
      if (is_first && corner == 0 ? !ag_run_spec_check (&tried, error)
                                  : !check_differences (&tried, axes, n_axes, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check (const AgRunSpec *specs,
       guint n_specs,
       AgSweepAxis *const *axes,
       guint n_axes,
       GError **error)
{
  const guint64 room = ag_memory_available ("/") / MEMORY_SHARE;
  const guint64 size = sizeof (AgSweepResult) + sizeof (guint)
                       + sizeof (double) * specs->program->model->n_parameters;
  const guint64 most = MIN (room / size, AG_SWEEP_MAX_RUNS);
  guint64 n_runs = n_specs;

  for (guint i = 0; i < n_axes; i++)
    n_runs *= axes[i]->n;
  if (n_runs > most)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("These are %llu runs, and there can be %llu. Give fewer values."),
                   (unsigned long long) n_runs, (unsigned long long) most);
      return FALSE;
    }
  for (guint i = 0; i < n_specs; i++)
    {
      for (guint k = 0; k < n_axes; k++)
        if (!ag_sweep_axis_is_of (axes[k], &specs[i], error))
          return FALSE;
      if (!check_corners (&specs[i], axes, n_axes, i == 0, error))
        return FALSE;
    }
  return TRUE;
}

/* Returns one worker for each core, fewer where their data would fill the memory, and one on a
 * device that is not the processor. The number of points may be what is swept. */
static guint
count_workers (const AgSweep *sweep)
{
  const guint64 room = ag_memory_available ("/") / MEMORY_SHARE;
  const guint64 n_most = MIN (g_get_num_processors (), sweep->n_runs);
  AgRunSpec largest = sweep->specs[0];

  if (!g_str_equal (sweep->specs[0].device, "cpu"))
    return 1;
  for (guint i = 0; i < sweep->n_axes; i++)
    ag_sweep_axis_apply (sweep->axes[i], sweep->axes[i]->n - 1, &largest, NULL);
  return (guint) CLAMP (room / MAX (ag_run_spec_size_of_points (&largest), 1), 1, n_most);
}

static gboolean
start (AgSweep *sweep,
       GError **error)
{
  const guint n_workers = count_workers (sweep);

  atomic_store (&sweep->n_busy, n_workers);
  atomic_store (&sweep->n_left, n_workers);
  for (guint i = 0; i < n_workers; i++)
    {
      GThread *worker = g_thread_try_new ("sweep", ag_sweep_work, sweep, NULL);

      if (worker != NULL)
        {
          g_ptr_array_add (sweep->workers, worker);
          continue;
        }
      pthread_mutex_lock (&sweep->mutex);
      atomic_fetch_sub (&sweep->n_busy, 1);
      atomic_fetch_sub (&sweep->n_left, 1);
      pthread_mutex_unlock (&sweep->mutex);
    }
  if (sweep->workers->len > 0)
    return TRUE;
  g_set_error (error, AG_ERROR, AG_ERROR_DEVICE,
               _ ("No thread could be started for the run: the limit on processes or on memory is "
                  "reached. Raise it, or end other programs."));
  return FALSE;
}

/**
 * ag_sweep_new:
 * @specs: (array length=n_specs): a run for each curve, all of the same program; copied
 * @n_specs: how many
 * @axes: (array length=n_axes): the values that one or two settings take; copied
 * @n_axes: how many, at most %AG_SWEEP_MAX_AXES
 * @n_threads: how many threads may be busy with it; 0 for as many as there are cores
 * @manner: how it is made
 * @error: return location for a #GError
 *
 * Begins to make a run of each curve with each value, or pair of values.
 *
 * Returns: (transfer full) (nullable): the sweep, or %NULL with a sentence in @error that
 *   says which run cannot be made, or what the system refused
 */
AgSweep *
ag_sweep_new (const AgRunSpec *specs,
              guint n_specs,
              AgSweepAxis *const *axes,
              guint n_axes,
              guint n_threads,
              AgSweepManner manner,
              GError **error)
{
  AgSweep *sweep;

  g_return_val_if_fail (n_specs > 0 && n_axes > 0 && n_axes <= AG_SWEEP_MAX_AXES, NULL);

  if (!check (specs, n_specs, axes, n_axes, error))
    return NULL;
  sweep = g_new0 (AgSweep, 1);
  atomic_init (&sweep->ref_count, 1);
  pthread_mutex_init (&sweep->finding, NULL);
  pthread_mutex_init (&sweep->mutex, NULL);
  ag_condition_init (&sweep->changed);
  sweep->specs = g_memdup2 (specs, sizeof *specs * n_specs);
  sweep->n_specs = n_specs;
  sweep->n_axes = n_axes;
  for (guint i = 0; i < n_axes; i++)
    sweep->axes[i] = ag_sweep_axis_copy (axes[i]);
  sweep->n_runs = n_specs * ag_sweep_n_values (sweep, 0) * ag_sweep_n_values (sweep, 1);
  sweep->n_parameters = specs->program->model->n_parameters;
  sweep->is_made = g_new0 (atomic_char, sweep->n_runs);
  sweep->results = g_new0 (AgSweepResult, sweep->n_runs);
  sweep->coefficients = g_new0 (double, (gsize) sweep->n_runs * sweep->n_parameters);
  sweep->workers = g_ptr_array_new ();
  atomic_init (&sweep->n_threads, n_threads > 0 ? n_threads : g_get_num_processors ());
  sweep->manner = manner;
  find_order (sweep);
  if (start (sweep, error))
    return sweep;
  ag_sweep_unref (sweep);
  return NULL;
}

/**
 * ag_sweep_ref:
 * @sweep: a sweep
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @sweep
 */
AgSweep *
ag_sweep_ref (AgSweep *sweep)
{
  atomic_fetch_add (&sweep->ref_count, 1);
  return sweep;
}

/**
 * ag_sweep_unref:
 * @sweep: (transfer full): a sweep
 *
 * Drops a reference. The last one cancels the sweep, and waits until the steps that are
 * being taken are over: who must not wait drops it on another thread.
 */
void
ag_sweep_unref (AgSweep *sweep)
{
  if (atomic_fetch_sub (&sweep->ref_count, 1) > 1)
    return;
  ag_sweep_cancel (sweep);
  for (guint i = 0; i < sweep->workers->len; i++)
    g_thread_join (g_ptr_array_index (sweep->workers, i));
  g_ptr_array_unref (sweep->workers);
  g_clear_pointer (&sweep->optimum, ag_optimum_unref);
  g_clear_error (&sweep->error);
  for (guint i = 0; i < sweep->n_axes; i++)
    ag_sweep_axis_free (sweep->axes[i]);
  g_free (sweep->specs);
  g_free (sweep->order);
  g_free (sweep->is_made);
  g_free (sweep->results);
  g_free (sweep->coefficients);
  pthread_cond_destroy (&sweep->changed);
  pthread_mutex_destroy (&sweep->finding);
  pthread_mutex_destroy (&sweep->mutex);
  g_free (sweep);
}

/* Lets workers look whether they are wanted, and others whether all is over. */
static void
wake (AgSweep *sweep)
{
  pthread_mutex_lock (&sweep->mutex);
  pthread_cond_broadcast (&sweep->changed);
  pthread_mutex_unlock (&sweep->mutex);
}

/**
 * ag_sweep_set_n_threads:
 * @sweep: a sweep
 * @n_threads: how many threads may be busy with it from now on; with 0 it waits
 *
 * Makes room for others, or takes it back.
 */
void
ag_sweep_set_n_threads (AgSweep *sweep,
                        guint n_threads)
{
  if (atomic_exchange (&sweep->n_threads, n_threads) != n_threads)
    wake (sweep);
}

/**
 * ag_sweep_cancel:
 * @sweep: a sweep
 *
 * Ends it after the steps that are being taken, which are not waited for. What was made
 * until then stays.
 */
void
ag_sweep_cancel (AgSweep *sweep)
{
  ag_work_set_cancelled (&sweep->work, TRUE);
  wake (sweep);
}

/**
 * ag_sweep_is_over:
 * @sweep: a sweep
 *
 * Returns: whether all is made, or nothing more will be
 */
gboolean
ag_sweep_is_over (AgSweep *sweep)
{
  return atomic_load (&sweep->n_left) == 0;
}

/**
 * ag_sweep_wait:
 * @sweep: a sweep
 * @timeout_us: microseconds to wait at most; negative for no limit
 *
 * Waits until all is made, or nothing more will be.
 *
 * Returns: whether that is so
 */
gboolean
ag_sweep_wait (AgSweep *sweep,
               gint64 timeout_us)
{
  const gint64 now_us = g_get_monotonic_time ();
  const gint64 until_us = now_us + MIN (timeout_us, G_MAXINT64 - now_us);
  int code = 0;

  pthread_mutex_lock (&sweep->mutex);
  while (code == 0 && !ag_sweep_is_over (sweep))
    code = timeout_us < 0 ? pthread_cond_wait (&sweep->changed, &sweep->mutex)
                          : ag_condition_wait_until (&sweep->changed, &sweep->mutex, until_us);
  pthread_mutex_unlock (&sweep->mutex);
  return ag_sweep_is_over (sweep);
}

/**
 * ag_sweep_error:
 * @sweep: a sweep that is over
 *
 * Returns: (transfer none) (nullable): why it is not complete; %NULL if it is, or was
 *   cancelled
 */
const GError *
ag_sweep_error (AgSweep *sweep)
{
  return sweep->error;
}
