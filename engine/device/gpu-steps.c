/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/gpu-steps.h"

#include <string.h>

/* Steps of small plans wait until many can be run by one launch: their addresses and numbers
 * are noted in a table, a row for each step. Plans that take turns, as those of a program with
 * control flow do, become one program, so that their steps can be in one launch too.
 *
 * There are two tables, so that the host fills one while the GPU reads the other. A table is
 * launched from in parts and filled up to its end; it is free again when the picture of the
 * small values has come that was asked for behind its last launch. */

/* Plans that took turns so many times become one program, unless these are more plans than one
 * program has. */
#define MANY_TURNS 16
#define MAX_PLANS 8

/**
 * Joint:
 * @program: what takes steps of several plans
 * @n_row: how many slots a row of the table has
 * @n_plans: how many of the plans are still there
 */
typedef struct
{
  AgGpuSource *source;
  AgGpuProgram *program;
  gsize n_row;
  guint n_plans;
} Joint;

/**
 * AgGpuSmallPlan:
 * @joint: the program that takes its steps
 * @number: which of the program's plans it is
 */
struct _AgGpuSmallPlan
{
  const AgPlan *plan;
  Joint *joint;
  guint number;
};

/**
 * AgGpuSteps:
 * @plans: (element-type AgGpuSmallPlan): all that there are
 * @pending: (nullable): whose steps wait
 * @n_pending: how many wait
 * @n_turns: how often a step waited for which the others had to be launched
 * @tables: the two tables, in the host's memory
 * @device_table: the one that is launched from, in the GPU's
 * @n_slots: how long a table is
 * @n_used: how much of the table was launched from since the last picture
 * @n_steps: how many steps were
 */
struct _AgGpuSteps
{
  const AgGpuBackend *backend;
  AgGpu *gpu;
  AgGpuMirror *mirror;
  GPtrArray *plans;
  Joint *pending;
  guint n_pending;
  guint n_turns;
  AgGpuSlot *tables[AG_GPU_N_MARKS];
  AgGpuSlot *device_table;
  gsize n_slots;
  gsize n_used;
  guint n_steps;
};

/**
 * ag_gpu_fill_slots:
 * @mirror: where small values are
 * @plan: a plan
 * @buffers: (array): see #AgDeviceClass
 * @slots: (out) (array): what its kernels get for it
 */
void
ag_gpu_fill_slots (AgGpuMirror *mirror,
                   const AgPlan *plan,
                   void *const *buffers,
                   AgGpuSlot *slots)
{
  for (gint i = 0; i < plan->n_buffers; i++)
    if (plan->buffers[i].kind != AG_BUFFER_NUMBER)
      slots[i].p = buffers[i];
    else if (plan->buffers[i].dtype == AG_DTYPE_FLOAT32)
      slots[i].f = *(const float *) buffers[i];
    else
      slots[i].d = *(const double *) buffers[i];
  for (gint i = 0; i < plan->n_buffers; i++)
    if (plan->buffers[i].kind == AG_BUFFER_OUTPUT)
      ag_gpu_mirror_touch (mirror, buffers[i]);
}

/**
 * ag_gpu_steps_new:
 * @backend: how to use the GPU
 * @gpu: the GPU
 * @mirror: where small values are, which lives longer
 *
 * Returns: (transfer full): where no step waits
 */
AgGpuSteps *
ag_gpu_steps_new (const AgGpuBackend *backend,
                  AgGpu *gpu,
                  AgGpuMirror *mirror)
{
  AgGpuSteps *steps = g_new0 (AgGpuSteps, 1);

  steps->backend = backend;
  steps->gpu = gpu;
  steps->mirror = mirror;
  steps->plans = g_ptr_array_new ();
  return steps;
}

static void
free_tables (AgGpuSteps *steps)
{
  for (guint i = 0; i < AG_GPU_N_MARKS; i++)
    if (steps->tables[i] != NULL)
      steps->backend->free_host (steps->gpu, steps->tables[i]);
  if (steps->device_table != NULL)
    steps->backend->free (steps->gpu, steps->device_table);
  memset (steps->tables, 0, sizeof steps->tables);
  steps->device_table = NULL;
  steps->n_slots = 0;
}

/**
 * ag_gpu_steps_free:
 * @steps: (transfer full): where no plan is left
 */
void
ag_gpu_steps_free (AgGpuSteps *steps)
{
  free_tables (steps);
  g_ptr_array_unref (steps->plans);
  g_free (steps);
}

/* Takes the source. */
static char *
new_joint (AgGpuSteps *steps,
           AgGpuSource *source,
           guint n_plans,
           Joint **result)
{
  AgGpuProgram *program = NULL;
  char *problem = steps->backend->compile (steps->gpu, source->text, &program);
  Joint *joint;

  if (problem != NULL)
    {
      ag_gpu_source_free (source);
      return problem;
    }
  joint = g_new0 (Joint, 1);
  joint->source = source;
  joint->program = program;
  joint->n_plans = n_plans;
  joint->n_row = (gsize) source->n_slots + (source->n_plans > 1 ? 1 : 0);
  *result = joint;
  return NULL;
}

static void
leave_joint (AgGpuSteps *steps,
             Joint *joint)
{
  if (--joint->n_plans > 0)
    return;
  steps->backend->release (steps->gpu, joint->program);
  ag_gpu_source_free (joint->source);
  g_free (joint);
}

/**
 * ag_gpu_steps_add:
 * @steps: steps that wait
 * @plan: a plan, which is small
 * @source: (transfer full): its source
 * @result: (out): what takes its steps
 *
 * Returns: (transfer full) (nullable): why there is nothing that does
 */
char *
ag_gpu_steps_add (AgGpuSteps *steps,
                  const AgPlan *plan,
                  AgGpuSource *source,
                  AgGpuSmallPlan **result)
{
  Joint *joint = NULL;
  char *problem = new_joint (steps, source, 1, &joint);

  if (problem != NULL)
    return problem;
  *result = g_new0 (AgGpuSmallPlan, 1);
  (*result)->plan = plan;
  (*result)->joint = joint;
  g_ptr_array_add (steps->plans, *result);
  return NULL;
}

/**
 * ag_gpu_steps_remove:
 * @steps: steps of which none of the plan waits
 * @small: (transfer full): what took its steps
 */
void
ag_gpu_steps_remove (AgGpuSteps *steps,
                     AgGpuSmallPlan *small)
{
  g_ptr_array_remove (steps->plans, small);
  leave_joint (steps, small->joint);
  g_free (small);
}

/* The table that is filled. */
static AgGpuSlot *
find_table (const AgGpuSteps *steps)
{
  return steps->tables[ag_gpu_mirror_next (steps->mirror)];
}

/**
 * ag_gpu_steps_launch:
 * @steps: steps that wait
 *
 * Launches them.
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
ag_gpu_steps_launch (AgGpuSteps *steps)
{
  const Joint *joint = steps->pending;
  const gsize from = steps->n_used;
  g_autofree AgGpuSlot *arguments = NULL;
  gsize n_slots;
  char *problem;

  if (steps->n_pending == 0)
    return NULL;
  /* A kernel's arguments are as long as its source says, of which one size is the least. */
  arguments = g_new0 (AgGpuSlot, 2 + MAX (1, joint->source->n_sizes));
  arguments[0].p = steps->device_table + from;
  arguments[1].i = steps->n_pending;
  memcpy (arguments + 2, joint->source->sizes, sizeof (gint64) * joint->source->n_sizes);
  n_slots = steps->n_pending * joint->n_row;
  steps->n_used += n_slots;
  steps->n_steps += steps->n_pending;
  steps->pending = NULL;
  steps->n_pending = 0;
  problem = steps->backend->begin_copy_in (steps->gpu, steps->device_table + from,
                                           find_table (steps) + from,
                                           sizeof (AgGpuSlot) * n_slots);
  if (problem != NULL)
    return problem;
  return steps->backend->launch (steps->gpu, joint->program, "steps", 1, AG_GPU_STEPS_THREADS,
                                 arguments,
                                 sizeof (AgGpuSlot) * (2 + MAX (1, joint->source->n_sizes)));
}

/**
 * ag_gpu_steps_take_picture:
 * @steps: steps that wait
 *
 * Launches them and asks for a picture of all small values behind them. The next steps go to
 * the other table.
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
ag_gpu_steps_take_picture (AgGpuSteps *steps)
{
  char *problem = ag_gpu_steps_launch (steps);

  if (problem == NULL)
    problem = ag_gpu_mirror_update (steps->mirror);
  if (problem == NULL)
    steps->n_used = steps->n_steps = 0;
  return problem;
}

/* Makes the tables long enough for rows of that length; none of them is in use afterwards. */
static char *
grow_tables (AgGpuSteps *steps,
             gsize n_row)
{
  const gsize n_slots = AG_GPU_STEPS_TO_A_PICTURE * n_row;
  char *problem = steps->n_slots > 0 ? ag_gpu_steps_take_picture (steps) : NULL;

  for (guint i = 0; problem == NULL && i < AG_GPU_N_MARKS; i++)
    problem = ag_gpu_mirror_wait (steps->mirror, i);
  if (problem != NULL)
    return problem;
  free_tables (steps);
  for (guint i = 0; problem == NULL && i < AG_GPU_N_MARKS; i++)
    problem = steps->backend->alloc_host (steps->gpu, sizeof (AgGpuSlot) * n_slots,
                                          (void **) &steps->tables[i]);
  if (problem == NULL)
    problem = steps->backend->alloc (steps->gpu, sizeof (AgGpuSlot) * n_slots,
                                     (void **) &steps->device_table);
  if (problem == NULL)
    steps->n_slots = n_slots;
  return problem;
}

/* Makes one program of the plans of two, of which no step waits. */
static char *
join (AgGpuSteps *steps,
      Joint *a,
      Joint *b)
{
  const AgPlan *plans[MAX_PLANS];
  AgGpuSmallPlan *smalls[MAX_PLANS];
  guint n_plans = 0;
  Joint *joint = NULL;
  char *problem;

  for (guint i = 0; i < steps->plans->len; i++)
    {
      AgGpuSmallPlan *small = g_ptr_array_index (steps->plans, i);

      if (small->joint != a && small->joint != b)
        continue;
      smalls[n_plans] = small;
      plans[n_plans++] = small->plan;
    }
  problem = new_joint (steps, ag_gpu_source_new (plans, n_plans), n_plans, &joint);
  if (problem != NULL)
    return problem;
  for (guint i = 0; i < n_plans; i++)
    {
      leave_joint (steps, smalls[i]->joint);
      smalls[i]->joint = joint;
      smalls[i]->number = i;
    }
  return NULL;
}

/* Whether a row of that length fits behind those that wait. */
static gboolean
has_room (const AgGpuSteps *steps,
          gsize n_row)
{
  return steps->n_steps + steps->n_pending < AG_GPU_STEPS_TO_A_PICTURE
         && steps->n_used + (steps->n_pending + 1) * n_row <= steps->n_slots;
}

/* Another plan has its turn. */
static char *
change_turns (AgGpuSteps *steps,
              AgGpuSmallPlan *small)
{
  Joint *before = steps->pending;
  char *problem = ag_gpu_steps_launch (steps);

  if (problem != NULL || ++steps->n_turns < MANY_TURNS
      || before->n_plans + small->joint->n_plans > MAX_PLANS)
    return problem;
  steps->n_turns = 0;
  return join (steps, before, small->joint);
}

/**
 * ag_gpu_steps_enqueue:
 * @steps: steps that wait
 * @small: a plan
 * @buffers: (array): see #AgDeviceClass
 *
 * Lets a step of the plan wait behind the others, which are launched when there is no room
 * for more.
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
ag_gpu_steps_enqueue (AgGpuSteps *steps,
                      AgGpuSmallPlan *small,
                      void *const *buffers)
{
  char *problem = NULL;
  AgGpuSlot *row;
  gsize n_row;

  if (steps->n_pending > 0 && steps->pending != small->joint)
    problem = change_turns (steps, small);
  n_row = small->joint->n_row;
  if (problem == NULL && steps->n_slots < AG_GPU_STEPS_TO_A_PICTURE * n_row)
    problem = grow_tables (steps, n_row);
  if (problem == NULL && !has_room (steps, n_row))
    problem = ag_gpu_steps_take_picture (steps);
  /* The GPU may still read what was in the table two pictures ago. */
  if (problem == NULL && steps->n_used == 0 && steps->n_pending == 0)
    problem = ag_gpu_mirror_wait (steps->mirror, ag_gpu_mirror_next (steps->mirror));
  if (problem != NULL)
    return problem;
  steps->pending = small->joint;
  row = find_table (steps) + steps->n_used + steps->n_pending++ * n_row;
  ag_gpu_fill_slots (steps->mirror, small->plan, buffers, row);
  if (small->joint->source->n_plans > 1)
    row[n_row - 1].i = small->number;
  return NULL;
}
