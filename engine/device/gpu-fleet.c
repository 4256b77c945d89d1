/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/gpu-fleet.h"

#include "device/gpu-source.h"

#include <string.h>

/* Many runs of one small plan in one launch, a block each. What they have for themselves lies run
 * behind run, and where that is for each run a table says, whose rows have the slots of a step. */

/* The most runs that are made at once. They keep any GPU busy, and with more of them the first step
 * would take too long on a small one. */
#define MOST_RUNS 10000

/* Runs take this share of the free memory for steps that are alike. There may be steps of several
 * kinds. */
#define MEMORY_SHARE 8

/* Each part of the GPU's memory begins at a multiple of this. */
#define ALIGNMENT 256

/**
 * AgGpuFleetCode:
 * @source: the source of the kernel called runs
 * @program: the source, compiled
 */
struct _AgGpuFleetCode
{
  const AgGpuBackend *backend;
  AgGpu *gpu;
  AgGpuSource *source;
  AgGpuProgram *program;
};

/**
 * AgGpuFleet:
 * @code: what takes the steps
 * @layout: what runs share, and what each has
 * @n_runs: how many runs there are
 * @n_most: how many steps of each there is room for
 * @memory: all that is on the GPU
 * @kept: where in there runs have what they keep
 * @scratch: and what their steps need
 * @rows: and their rows
 * @which: and the slots of their varying numbers
 * @tasks: and what they are to do, behind which those numbers are
 * @results: and their results
 * @host: as much as begins at @tasks, and the results, in the host's memory
 */
struct _AgGpuFleet
{
  const AgGpuFleetCode *code;
  const AgFleetLayout *layout;
  guint n_runs;
  guint n_most;
  char *memory;
  gsize kept;
  gsize scratch;
  gsize rows;
  gsize which;
  gsize tasks;
  gsize results;
  char *host;
};

/* Returns how many bytes the rows of a run have. */
static gsize
row_bytes (const AgFleetLayout *layout)
{
  return sizeof (AgGpuSlot) * AG_FLEET_N_TURNS * (gsize) layout->n_buffers;
}

/**
 * ag_gpu_fleet_most:
 * @layout: what runs share, and what each has
 * @n_bytes_free: how much memory the GPU has left
 *
 * Returns: how many runs can be made at once; 0 if a block cannot make a run of them
 */
guint
ag_gpu_fleet_most (const AgFleetLayout *layout,
                   guint64 n_bytes_free)
{
  const guint64 n_each = layout->n_kept + layout->n_scratch + row_bytes (layout);

  /* A thread of the block sees to each varying number, and the rows are in its shared memory. */
  if (layout->n_buffers > AG_GPU_STEPS_THREADS)
    return 0;
  return (guint) MIN (n_bytes_free / MEMORY_SHARE / MAX (n_each, 1), MOST_RUNS);
}

/**
 * ag_gpu_fleet_code_new:
 * @backend: how to use the GPU
 * @gpu: the GPU
 * @plan: a plan that is small
 * @result: (out): what makes many runs of it at once
 *
 * Returns: (transfer full) (nullable): why that cannot be had
 */
char *
ag_gpu_fleet_code_new (const AgGpuBackend *backend,
                       AgGpu *gpu,
                       const AgPlan *plan,
                       AgGpuFleetCode **result)
{
  AgGpuSource *source = ag_gpu_source_new_for_runs (plan);
  AgGpuProgram *program = NULL;
  char *problem = backend->compile (gpu, source->text, &program);

  if (problem != NULL)
    {
      ag_gpu_source_free (source);
      return problem;
    }
  *result = g_new0 (AgGpuFleetCode, 1);
  (*result)->backend = backend;
  (*result)->gpu = gpu;
  (*result)->source = source;
  (*result)->program = program;
  return NULL;
}

/**
 * ag_gpu_fleet_code_free:
 * @code: (transfer full): code of which there is no fleet
 */
void
ag_gpu_fleet_code_free (AgGpuFleetCode *code)
{
  code->backend->release (code->gpu, code->program);
  ag_gpu_source_free (code->source);
  g_free (code);
}

/* Returns where a part of the memory begins, and takes it from what is left. */
static gsize
take_part (gsize *end,
           gsize n_bytes)
{
  const gsize begin = *end;

  *end += (n_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  return begin;
}

static gsize
task_bytes (const AgGpuFleet *fleet)
{
  return sizeof (AgFleetTask) * fleet->n_runs;
}

/* Returns how many bytes the varying numbers, or the results, of so many steps have. */
static gsize
step_bytes (const AgGpuFleet *fleet,
            guint n_most,
            gsize n_each)
{
  return sizeof (AgGpuSlot) * fleet->n_runs * n_most * n_each;
}

/* Says which slots have varying numbers. */
static char *
write_which (AgGpuFleet *fleet)
{
  const AgFleetLayout *layout = fleet->layout;
  g_autofree gint64 *which = g_new0 (gint64, MAX (1, layout->n_varying));

  for (guint i = 0; i < layout->n_varying; i++)
    which[i] = layout->varying[i];
  return fleet->code->backend->copy_in (fleet->code->gpu, fleet->memory + fleet->which, which,
                                        sizeof *which * MAX (1, layout->n_varying));
}

/**
 * ag_gpu_fleet_new:
 * @code: what takes the steps
 * @layout: what runs share, and what each has; it lives longer
 * @n_runs: how many runs
 * @n_most: how many steps of each are taken in one go at most
 * @result: (out): the runs
 *
 * Returns: (transfer full) (nullable): why they cannot be had
 */
char *
ag_gpu_fleet_new (const AgGpuFleetCode *code,
                  const AgFleetLayout *layout,
                  guint n_runs,
                  guint n_most,
                  AgGpuFleet **result)
{
  AgGpuFleet *fleet = g_new0 (AgGpuFleet, 1);
  gsize end = 0, n_staged;
  char *problem;

  fleet->code = code;
  fleet->layout = layout;
  fleet->n_runs = n_runs;
  fleet->n_most = n_most;
  fleet->kept = take_part (&end, layout->n_kept * n_runs);
  fleet->scratch = take_part (&end, layout->n_scratch * n_runs);
  fleet->rows = take_part (&end, row_bytes (layout) * n_runs);
  fleet->which = take_part (&end, sizeof (gint64) * MAX (1, layout->n_varying));
  fleet->tasks = take_part (&end,
                            task_bytes (fleet) + step_bytes (fleet, n_most, layout->n_varying));
  fleet->results = take_part (&end, step_bytes (fleet, n_most, 1));
  n_staged = end - fleet->tasks;
  problem = code->backend->alloc (code->gpu, end, (void **) &fleet->memory);
  if (problem == NULL)
    problem = code->backend->alloc_host (code->gpu, n_staged, (void **) &fleet->host);
  if (problem == NULL)
    problem = write_which (fleet);
  if (problem == NULL)
    *result = fleet;
  else
    ag_gpu_fleet_free (fleet);
  return problem;
}

/**
 * ag_gpu_fleet_free:
 * @fleet: (transfer full): runs
 */
void
ag_gpu_fleet_free (AgGpuFleet *fleet)
{
  if (fleet->memory != NULL)
    fleet->code->backend->free (fleet->code->gpu, fleet->memory);
  if (fleet->host != NULL)
    fleet->code->backend->free_host (fleet->code->gpu, fleet->host);
  g_free (fleet);
}

/* Says what a slot of a run's row has in one of the turns. */
static AgGpuSlot
find_slot (const AgGpuFleet *fleet,
           guint run,
           gint buffer,
           guint turn,
           const guint64 *numbers)
{
  const AgFleetLayout *layout = fleet->layout;
  const AgFleetBuffer *own = &layout->buffers[buffer];

  switch (own->place)
    {
    case AG_FLEET_SHARED:
      return (AgGpuSlot){ .p = own->address };
    case AG_FLEET_KEPT:
      return (AgGpuSlot){ .p = fleet->memory + fleet->kept + layout->n_kept * run
                               + own->offsets[turn] };
    case AG_FLEET_SCRATCH:
      return (AgGpuSlot){ .p = fleet->memory + fleet->scratch + layout->n_scratch * run
                               + own->offsets[turn] };
    case AG_FLEET_NUMBER:
    default:
      return (AgGpuSlot){ .i = (gint64) numbers[(gsize) run * (gsize) layout->n_buffers
                                                + (gsize) buffer] };
    }
}

/**
 * ag_gpu_fleet_write:
 * @fleet: runs
 * @kept: what they keep, one after the other
 * @numbers: their numbers, a word for each buffer of the plan
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
ag_gpu_fleet_write (AgGpuFleet *fleet,
                    const void *kept,
                    const guint64 *numbers)
{
  const AgGpuBackend *backend = fleet->code->backend;
  const AgFleetLayout *layout = fleet->layout;
  const gsize n_bytes = row_bytes (layout) * fleet->n_runs;
  g_autofree AgGpuSlot *rows = g_malloc (n_bytes);
  AgGpuSlot *slot = rows;
  char *problem;

  for (guint run = 0; run < fleet->n_runs; run++)
    for (guint turn = 0; turn < AG_FLEET_N_TURNS; turn++)
      for (gint i = 0; i < layout->n_buffers; i++)
        *slot++ = find_slot (fleet, run, i, turn, numbers);
  problem = backend->copy_in (fleet->code->gpu, fleet->memory + fleet->rows, rows, n_bytes);
  return problem != NULL ? problem
                         : backend->copy_in (fleet->code->gpu, fleet->memory + fleet->kept, kept,
                                             layout->n_kept * fleet->n_runs);
}

static char *
launch (AgGpuFleet *fleet,
        guint n_most)
{
  const AgGpuSource *source = fleet->code->source;
  const AgFleetLayout *layout = fleet->layout;
  const AgGpuSlot fixed[] = {
    { .p = fleet->memory + fleet->rows },
    { .p = fleet->memory + fleet->tasks },
    { .p = fleet->memory + fleet->tasks + task_bytes (fleet) },
    { .p = fleet->memory + fleet->which },
    { .p = fleet->memory + fleet->results },
    { .i = layout->n_varying },
    { .i = n_most },
    { .i = layout->result },
    { .i = (gint64) layout->result_offset },
    { .i = layout->result_dtype == AG_DTYPE_FLOAT64 },
  };
  /* A kernel's arguments are as long as its source says, of which one size is the least. */
  const gsize n_slots = G_N_ELEMENTS (fixed) + MAX (1, source->n_sizes);
  g_autofree AgGpuSlot *arguments = g_new0 (AgGpuSlot, n_slots);

  memcpy (arguments, fixed, sizeof fixed);
  memcpy (arguments + G_N_ELEMENTS (fixed), source->sizes, sizeof (gint64) * source->n_sizes);
  return fleet->code->backend->launch (fleet->code->gpu, fleet->code->program, "runs",
                                       fleet->n_runs, AG_GPU_STEPS_THREADS, arguments,
                                       sizeof *arguments * n_slots);
}

/**
 * ag_gpu_fleet_run:
 * @fleet: runs
 * @tasks: how many steps each is to take, and in which turn
 * @n_most: no run has more steps to take
 * @varying: (array): the varying numbers of the first run in its first step, in @n_most steps, then
 *   those of the other runs
 * @results: (out) (array): the results in the same order; undefined for steps not taken
 *
 * Takes steps of all runs and waits for them.
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
ag_gpu_fleet_run (AgGpuFleet *fleet,
                  const AgFleetTask *tasks,
                  guint n_most,
                  const guint64 *varying,
                  double *results)
{
  const AgGpuBackend *backend = fleet->code->backend;
  const gsize n_varying = step_bytes (fleet, n_most, fleet->layout->n_varying);
  const gsize n_results = step_bytes (fleet, n_most, 1);
  char *own_results = fleet->host + (fleet->results - fleet->tasks);
  char *problem;

  g_return_val_if_fail (n_most <= fleet->n_most, NULL);

  memcpy (fleet->host, tasks, task_bytes (fleet));
  memcpy (fleet->host + task_bytes (fleet), varying, n_varying);
  problem = backend->begin_copy_in (fleet->code->gpu, fleet->memory + fleet->tasks, fleet->host,
                                    task_bytes (fleet) + n_varying);
  if (problem == NULL)
    problem = launch (fleet, n_most);
  if (problem == NULL)
    problem = backend->copy_out (fleet->code->gpu, own_results, fleet->memory + fleet->results,
                                 n_results);
  if (problem == NULL)
    memcpy (results, own_results, n_results);
  return problem;
}

/**
 * ag_gpu_fleet_read:
 * @fleet: runs
 * @kept: (out) (array): what they keep, one after the other
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
ag_gpu_fleet_read (AgGpuFleet *fleet,
                   void *kept)
{
  return fleet->code->backend->copy_out (fleet->code->gpu, kept, fleet->memory + fleet->kept,
                                         fleet->layout->n_kept * fleet->n_runs);
}
