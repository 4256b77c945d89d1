/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "surface/step-parts.h"

#include <math.h>
#include <string.h>

static gint
find_state (const AgMoment *moment,
            const char *name)
{
  for (guint i = 0; i < moment->n_states; i++)
    if (strcmp (moment->optimizer->states[i], name) == 0)
      return (gint) i;
  return -1;
}

/* Finds the share of a step that is due to the gradients of earlier steps. An optimizer with a
 * momentum buffer adds that buffer, slowed down; Adam and its kin add the mean of the gradients,
 * corrected for having begun at 0. */
static gboolean
find_momentum (const AgRunSpec *spec,
               const AgMoment *before,
               const AgMoment *after,
               double *change)
{
  const double momentum = ag_run_spec_option (spec, "momentum");
  const double beta = ag_run_spec_option (spec, "beta1");
  const gint buffer = find_state (after, "momentum_buffer");
  const gint mean = find_state (after, "exp_avg");

  if (mean < 0 && (buffer < 0 || momentum == 0))
    return FALSE;
  for (guint i = 0; i < after->n_parameters; i++)
    change[i] = mean < 0
                  ? -after->lr * momentum * ag_moment_state (before, i, (guint) buffer)
                  : -after->lr * ag_moment_state (after, i, (guint) mean)
                      / (1 - pow (beta, after->n_updates[i]));
  return TRUE;
}

/**
 * ag_step_part:
 * @spec: a run
 * @before: its moment before a step
 * @after: the moment after it
 * @part: what to find
 * @change: (out caller-allocates): of each coefficient, what that part alone would change it by;
 *   0 where it has no gradient
 *
 * Returns: whether the optimizer has such a part
 */
gboolean
ag_step_part (const AgRunSpec *spec,
              const AgMoment *before,
              const AgMoment *after,
              AgStepPart part,
              double *change)
{
  gboolean is_known = after->step > before->step;

  if (is_known && part == AG_STEP_PART_MOMENTUM)
    is_known = find_momentum (spec, before, after, change);
  for (guint i = 0; i < after->n_parameters && is_known; i++)
    {
      if (part == AG_STEP_PART_SLOPE)
        change[i] = -after->lr * after->gradients[i];
      else if (part == AG_STEP_PART_ALL)
        change[i] = after->coefficients[i] - before->coefficients[i];
      if (!isfinite (change[i]))
        change[i] = 0;
    }
  return is_known;
}
