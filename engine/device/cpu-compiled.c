/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-private.h"
#include "device/cpu-source.h"

#include <string.h>

/**
 * AgCpuCompiled:
 * @source: the loop's source
 * @function: the code of it
 */
struct _AgCpuCompiled
{
  AgCpuSource *source;
  AgCpuFunction function;
};

/* The functions in the library are found by the texts they were made from. */
static AgCpuFunction
find_built_in (const AgCpuBuiltIn *built_in,
               const char *text)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  for (; built_in->hash != NULL; built_in++)
    if (strcmp (built_in->hash, hash) == 0)
      return built_in->function;
  return NULL;
}

/**
 * ag_cpu_compiled_new:
 * @plan: a plan
 * @stage: a loop of it
 * @kernels: the kernels that would run it else
 *
 * Finds compiled code for a loop.
 *
 * Returns: (transfer full) (nullable): the loop as compiled code, if there is
 *   any for it
 */
AgCpuCompiled *
ag_cpu_compiled_new (const AgPlan *plan,
                     const AgStage *stage,
                     const AgCpuKernels *kernels)
{
  AgCpuSource *source = ag_cpu_source_new (plan, stage);
  AgCpuCompiled *compiled;
  AgCpuFunction function;

  if (source == NULL)
    return NULL;
  function = find_built_in (kernels->built_in, source->text);
  if (function == NULL)
    {
      ag_cpu_source_free (source);
      return NULL;
    }
  compiled = g_new0 (AgCpuCompiled, 1);
  compiled->source = source;
  compiled->function = function;
  return compiled;
}

/**
 * ag_cpu_compiled_free:
 * @compiled: (transfer full): a loop as compiled code
 */
void
ag_cpu_compiled_free (AgCpuCompiled *compiled)
{
  ag_cpu_source_free (compiled->source);
  g_free (compiled);
}

/**
 * ag_cpu_compiled_n_slots:
 * @compiled: a loop as compiled code
 *
 * Returns: how many slots it takes
 */
gint
ag_cpu_compiled_n_slots (const AgCpuCompiled *compiled)
{
  return compiled->source->n_slots;
}

/**
 * ag_cpu_compiled_bind:
 * @compiled: a loop as compiled code
 * @buffers: where the plan's buffers are
 * @slots: (out caller-allocates): what the function takes
 *
 * Returns: (nullable): the function to be called; %NULL if it is not there yet
 */
AgCpuFunction
ag_cpu_compiled_bind (const AgCpuCompiled *compiled,
                      void *const *buffers,
                      void **slots)
{
  for (gint i = 0; i < compiled->source->n_slots; i++)
    slots[i] = buffers[compiled->source->buffers[i]];
  return compiled->function;
}
