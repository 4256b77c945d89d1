/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/run-check.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "train/history.h"
#include "train/trace.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A formula is tried at so many points at most. */
#define MAX_TRIALS 4096

/* A run may hold an intermediate result of each point beside the columns of its program. */
#define N_EXTRA_COLUMNS 1

static gboolean
fail (GError **error,
      const char *format,
      ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error,
      const char *format,
      ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (AG_ERROR, AG_ERROR_ARGUMENT, format, args));
  va_end (args);
  return FALSE;
}

/* The memory that a run takes, but for its points. */
static guint64
size_of_steps (const AgRunSpec *spec)
{
  return ag_history_size (spec->steps) + ag_trace_size (spec->program->model->n_parameters);
}

/* The memory that a point of a file takes besides: x and y in double precision as long as the run's
 * own are made from them. */
static guint64
size_of_file (const AgRunSpec *spec)
{
  const gboolean is_made = spec->dtype != AG_DTYPE_FLOAT64 || spec->scale != AG_SCALING_NONE;

  return ag_run_spec_has_file (spec) && is_made ? 2 * sizeof (double) : 0;
}

static guint64
size_of_points (const AgRunSpec *spec,
                gint64 n_points)
{
  const guint n_columns = ag_program_class_n_columns (spec->program) + N_EXTRA_COLUMNS
                          + spec->program->model->n_intermediates;

  return (guint64) n_points * (n_columns * ag_dtype_size (spec->dtype) + size_of_file (spec));
}

/**
 * ag_run_spec_size_of_points:
 * @spec: a specification
 *
 * Returns: how much memory its points take, with all that is computed of them, in bytes
 */
guint64
ag_run_spec_size_of_points (const AgRunSpec *spec)
{
  g_autoptr (AgData) data = ag_run_spec_find_data (spec);

  return size_of_points (spec, data != NULL ? ag_data_n_points (data) : spec->points);
}

/**
 * ag_run_check_steps:
 * @spec: a specification
 * @error: return location for a #GError
 *
 * Returns: whether a run may have its number of steps, and there is memory for their
 *   losses beside a few points
 */
gboolean
ag_run_check_steps (const AgRunSpec *spec,
                    GError **error)
{
  const guint64 least = size_of_steps (spec) + size_of_points (spec, AG_RUN_MIN_POINTS);
  const guint64 available = ag_memory_recently_available ();
  g_autofree char *needed = g_format_size (least);
  g_autofree char *there = g_format_size (available);

  if (least <= available)
    return TRUE;
  return fail (error, _ ("The losses of %lld steps need %s of memory, and there are %s. Give fewer "
                         "steps, or free some memory."),
               (long long) spec->steps, needed, there);
}

/* Memory comes and goes, so that only the first digits of a number mean something. */
static gint64
round_down (gint64 number)
{
  gint64 power = 1;

  while (number / power >= 1000)
    power *= 10;
  return number / power * power;
}

/**
 * ag_run_check_points:
 * @spec: a specification
 * @error: return location for a #GError
 *
 * Returns: whether a run may have its number of points, and there is memory for them
 *   beside the losses of its steps; where those alone are too many, nothing is said of
 *   the points
 */
gboolean
ag_run_check_points (const AgRunSpec *spec,
                     GError **error)
{
  const guint64 available = ag_memory_recently_available (), of_steps = size_of_steps (spec);
  const guint64 left = available > of_steps ? available - of_steps : 0;
  const gint64 most = (gint64) MIN (left / size_of_points (spec, 1), AG_RUN_MAX_POINTS);
  g_autofree char *needed = NULL;
  g_autofree char *there = NULL;

  if (spec->points <= most || most < AG_RUN_MIN_POINTS)
    return TRUE;
  needed = g_format_size (size_of_points (spec, spec->points) + of_steps);
  there = g_format_size (available);
  return fail (error, _ ("%lld points need %s of memory, and there are %s. Give at most %lld points, "
                         "or free some memory."),
               (long long) spec->points, needed, there, (long long) round_down (most));
}

static gboolean
check_memory_of_file (const AgRunSpec *spec,
                      gint64 n_points,
                      GError **error)
{
  const guint64 wanted = size_of_points (spec, n_points) + size_of_steps (spec);
  const guint64 available = ag_memory_recently_available ();
  g_autofree char *needed = g_format_size (wanted);
  g_autofree char *there = g_format_size (available);

  if (wanted <= available)
    return TRUE;
  return fail (error, _ ("The %lld points of “%s” need %s of memory, and there are %s. Fit fewer "
                         "rows, or free some memory."),
               (long long) n_points, spec->data, needed, there);
}

/**
 * ag_run_check_data:
 * @spec: a specification
 * @error: return location for a #GError
 *
 * Reads the file, if its points are from one and it was not read before.
 *
 * Returns: whether its points can be had, and numbers of its type can be as large
 */
gboolean
ag_run_check_data (const AgRunSpec *spec,
                   GError **error)
{
  g_autoptr (AgData) data = NULL;

  if (!ag_run_spec_has_file (spec))
    return TRUE;
  data = ag_run_spec_data (spec, error);
  if (data == NULL)
    return FALSE;
  if (!isfinite (ag_dtype_round (spec->dtype, ag_data_greatest (data))))
    return fail (error, _ ("“%s” has numbers that are larger than %s reaches. Choose float64."),
                 ag_data_origin (data), ag_dtype_name (spec->dtype));
  return check_memory_of_file (spec, ag_data_n_points (data), error);
}

/**
 * ag_run_check_seed:
 * @spec: a specification
 * @error: return location for a #GError
 *
 * Returns: whether its program's random generator takes its seed
 */
gboolean
ag_run_check_seed (const AgRunSpec *spec,
                   GError **error)
{
  guint64 most = ag_generator_max_seed (spec->program->generator);

  if (spec->seed <= most)
    return TRUE;
  return fail (error,
               _ ("The seed of the program “%s” cannot be “%llu”. Give a whole number from 0 to "
                  "%llu."),
               spec->program->id, (unsigned long long) spec->seed, (unsigned long long) most);
}

/**
 * ag_run_check_init:
 * @spec: a specification
 * @error: return location for a #GError
 *
 * Returns: whether its initial values are known and finite
 */
gboolean
ag_run_check_init (const AgRunSpec *spec,
                   GError **error)
{
  const AgProgramClass *program = spec->program;
  const gboolean is_published = strcmp (spec->init, "published") == 0;
  g_autofree double *values = ag_run_spec_init_values (spec);

  if (values == NULL)
    return TRUE;
  for (guint i = 0; i < program->model->n_parameters; i++)
    {
      if (is_published && isnan (values[i]))
        return fail (error,
                     _ ("The initial values of the tutorial's run of “%s” are not known. Start "
                        "from a seed or give values."),
                     program->id);
      if (isinf (values[i]))
        return fail (error, _ ("The initial value of “%s” must be finite."),
                     program->model->parameters[i]);
    }
  return TRUE;
}

static guint
count_held (const AgRunSpec *spec,
            AgModelTensor tensor)
{
  guint n_held = 0;

  for (guint i = 0; i < tensor.n_elements; i++)
    n_held += ag_run_spec_is_held (spec, tensor.first + i);
  return n_held;
}

/**
 * ag_run_check_hold:
 * @spec: a specification
 * @error: return location for a #GError
 *
 * Returns: whether those of its parameters can be held that are to be: whole tensors, and
 *   not all of them
 */
gboolean
ag_run_check_hold (const AgRunSpec *spec,
                   GError **error)
{
  const AgModelClass *model = spec->program->model;
  guint n_held = 0;

  for (guint i = 0; i < ag_model_class_n_tensors (model); i++)
    {
      const AgModelTensor tensor = ag_model_class_tensor (model, i);
      const guint n = count_held (spec, tensor);

      if (n > 0 && n < tensor.n_elements)
        return fail (error,
                     _ ("The %u elements of “%s” are one tensor. Hold all of them, from “%s” on, or none."),
                     tensor.n_elements, tensor.name, model->parameters[tensor.first]);
      n_held += n;
    }
  if (n_held < model->n_parameters)
    return TRUE;
  return fail (error, _ ("All parameters are held, so that there is nothing to train. Let one of them "
                         "go."));
}

/**
 * ag_run_check_interval:
 * @spec: a specification
 * @error: return location for a #GError
 *
 * Returns: whether its data can go from where they begin to where they end
 */
gboolean
ag_run_check_interval (const AgRunSpec *spec,
                       GError **error)
{
  g_autofree char *first = ag_number_to_string (spec->from);
  g_autofree char *last = ag_number_to_string (spec->to);

  if (!isfinite (spec->from) || !isfinite (spec->to)
      || spec->from >= spec->to)
    return fail (error, _ ("x cannot go from %s to %s. Let it begin at a smaller number than the one "
                           "it ends at."),
                 first, last);
  if (!isfinite (ag_dtype_round (spec->dtype, spec->to - spec->from)))
    return fail (error, _ ("x cannot go from %s to %s, which is farther than %s reaches. Choose a "
                           "shorter interval."),
                 first, last, ag_dtype_name (spec->dtype));
  return TRUE;
}

/**
 * ag_run_check_target:
 * @spec: a specification
 * @error: return location for a #GError
 *
 * Tries the target at some points of the interval, if that is one.
 *
 * Returns: whether its target is a formula that has finite values there
 */
gboolean
ag_run_check_target (const AgRunSpec *spec,
                     GError **error)
{
  const gint64 n_trials = CLAMP (spec->points, AG_RUN_MIN_POINTS, MAX_TRIALS);
  g_autoptr (AgData) trials = ag_data_new_formula (spec->target, spec->from, spec->to,
                                                   n_trials, error);

  if (trials == NULL)
    return FALSE;
  if (!ag_run_check_interval (spec, NULL))
    return TRUE;
  for (gint64 i = 0; i < n_trials; i++)
    {
      double x, y;

      ag_data_read (trials, i, 1, &x, &y);
      if (!isfinite (ag_dtype_round (spec->dtype, y)))
        {
          g_autofree char *where = ag_number_to_string (x);

          return fail (error, _ ("The target “%s” has no finite value at x = %s. Choose another one, "
                                 "or another interval."),
                       spec->target, where);
        }
    }
  return TRUE;
}

/**
 * ag_run_check_pace:
 * @spec: a specification
 * @error: return location for a #GError
 *
 * Returns: whether a run may have its pace: one that comes to an end, or none
 */
gboolean
ag_run_check_pace (const AgRunSpec *spec,
                   GError **error)
{
  g_autofree char *given = ag_number_to_string (spec->pace);
  g_autofree char *least = ag_number_to_string (AG_RUN_MIN_PACE);

  if (spec->pace == 0 || spec->pace >= AG_RUN_MIN_PACE)
    return TRUE;
  return fail (error, _ ("The pace cannot be %s. Give steps per second, at least %s, or 0 for no "
                         "limit."),
               given, least);
}

/**
 * ag_run_check_device:
 * @spec: a specification
 * @error: return location for a #GError
 *
 * Returns: whether its device is there and can be used
 */
gboolean
ag_run_check_device (const AgRunSpec *spec,
                     GError **error)
{
  g_autoptr (GPtrArray) devices = NULL;

  /* Looking for others takes time. */
  if (strcmp (spec->device, "cpu") == 0)
    return TRUE;
  devices = ag_device_list ();
  for (guint i = 0; i < devices->len; i++)
    {
      const AgDeviceInfo *info = g_ptr_array_index (devices, i);

      if (strcmp (info->id, spec->device) != 0)
        continue;
      if (info->available)
        return TRUE;
      return fail (error, _ ("The device “%s” cannot be used: %s. Use the device “cpu”."), info->id,
                   info->reason);
    }
  return fail (error, _ ("There is no device “%s”. Use the device “cpu”."), spec->device);
}
