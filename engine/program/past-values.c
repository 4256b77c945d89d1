/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/past-values.h"

#include "device/device.h"
#include "graph/tensor-private.h"

/* One generation for each step whose loss may still have to be read, and one more for the values
 * before the first of them. */
#define N_GENERATIONS (AG_DEVICE_MAX_AHEAD + 1)

/**
 * AgPastValues:
 * @model: whose values they are
 * @n_remembered: how many times values were remembered
 * @now: room for the values of now, one for each tensor
 * @storages: the values before each of the last steps, one for each tensor; those
 *   remembered the nth time are in place n modulo their number
 *
 * The values that a model's tensors had before the last steps. Values are never
 * overwritten in place, so remembering one costs a reference.
 */
struct _AgPastValues
{
  AgModel *model;
  guint64 n_remembered;
  AgStorage **now;
  AgStorage **storages[N_GENERATIONS];
};

/**
 * ag_past_values_new:
 * @model: a model; it must outlive the past values
 *
 * Returns: (transfer full): room for its past values, with none in it
 */
AgPastValues *
ag_past_values_new (AgModel *model)
{
  AgPastValues *past = g_new0 (AgPastValues, 1);

  past->model = model;
  past->now = g_new0 (AgStorage *, model->n_tensors);
  for (guint i = 0; i < N_GENERATIONS; i++)
    past->storages[i] = g_new0 (AgStorage *, model->n_tensors);
  return past;
}

static void
forget (AgPastValues *past,
        guint place)
{
  for (guint i = 0; i < past->model->n_tensors; i++)
    g_clear_pointer (&past->storages[place][i], ag_storage_unref);
}

/**
 * ag_past_values_free:
 * @past: (transfer full): past values
 *
 * Lets go of all of them.
 */
void
ag_past_values_free (AgPastValues *past)
{
  for (guint i = 0; i < N_GENERATIONS; i++)
    {
      forget (past, i);
      g_free (past->storages[i]);
    }
  g_free (past->now);
  g_free (past);
}

/**
 * ag_past_values_remember:
 * @past: past values
 * @n_generations: how many steps back ag_past_values_go_back() must reach, at most
 *   %AG_DEVICE_MAX_AHEAD + 1
 *
 * Remembers the model's values of now, and forgets those of @n_generations steps ago.
 * Costs next to nothing.
 */
void
ag_past_values_remember (AgPastValues *past,
                         guint n_generations)
{
  const guint place = (guint) (past->n_remembered % N_GENERATIONS);

  if (past->n_remembered >= n_generations)
    forget (past, (guint) ((past->n_remembered - n_generations) % N_GENERATIONS));
  forget (past, place);
  for (guint i = 0; i < past->model->n_tensors; i++)
    past->storages[place][i] = ag_storage_ref (past->model->tensors[i]->storage);
  past->n_remembered++;
}

/**
 * ag_past_values_go_back:
 * @past: past values
 * @n_back: how many steps were taken after the one to be taken back
 *
 * Gives the model's tensors the values that they had before that step.
 *
 * Returns: whether they are still known; else nothing is changed
 */
gboolean
ag_past_values_go_back (AgPastValues *past,
                        guint n_back)
{
  AgStorage **storages;

  if (n_back >= past->n_remembered || n_back >= N_GENERATIONS)
    return FALSE;
  storages = past->storages[(past->n_remembered - 1 - n_back) % N_GENERATIONS];
  if (storages[0] == NULL)
    return FALSE;
  for (guint i = 0; i < past->model->n_tensors; i++)
    {
      AgTensor *tensor = past->model->tensors[i];

      ag_storage_unref (tensor->storage);
      tensor->storage = ag_storage_ref (storages[i]);
    }
  return TRUE;
}

/**
 * ag_past_values_read:
 * @past: past values
 * @n_back: a number of steps
 * @coefficients: (out caller-allocates): room for the model's parameters
 * @error: return location for a #GError
 *
 * Reads the coefficients as they were @n_back steps ago, which must be remembered. The
 * model's own values stay.
 *
 * Returns: whether all went well
 */
gboolean
ag_past_values_read (AgPastValues *past,
                     guint n_back,
                     double *coefficients,
                     GError **error)
{
  AgModel *model = past->model;
  gboolean is_read;

  if (n_back == 0)
    return ag_model_read (model, coefficients, error);
  for (guint i = 0; i < model->n_tensors; i++)
    past->now[i] = ag_storage_ref (model->tensors[i]->storage);
  is_read = ag_past_values_go_back (past, n_back - 1) && ag_model_read (model, coefficients, error);
  for (guint i = 0; i < model->n_tensors; i++)
    {
      ag_storage_unref (model->tensors[i]->storage);
      model->tensors[i]->storage = past->now[i];
    }
  return is_read;
}
