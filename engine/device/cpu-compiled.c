/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-compiler.h"
#include "device/cpu-private.h"

#include <string.h>

/* A loop is compiled when it has run so often. Most loops outside the programs run once, and
 * compiling one takes a third of a second. */
#define RUNS_TO_COMPILE 200

/**
 * AgCpuCompiled:
 * @source: the loop's source
 * @function: (nullable): the code of it
 * @engine: where that came from
 * @arguments: (nullable): how it may be compiled
 * @code: (nullable): where the code will be, once it was asked for
 * @n_runs: how often the loop ran before
 */
struct _AgCpuCompiled
{
  AgCpuSource *source;
  AgCpuFunction function;
  AgLoopEngine engine;
  const char *arguments;
  AgCpuCode *code;
  guint n_runs;
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
 * @source: (transfer full): a loop's source
 * @kernels: the kernels in use
 *
 * Finds compiled code for a loop: in the library or, when the loop has run for a
 * while, by the system's C compiler.
 *
 * Returns: (transfer full) (nullable): the loop as compiled code, which may yet
 *   have to come; %NULL if there is to be none
 */
AgCpuCompiled *
ag_cpu_compiled_new (AgCpuSource *source,
                     const AgCpuKernels *kernels)
{
  const AgLoopEngine only = ag_loop_engine_only ();
  AgCpuCompiled *compiled;

  if (only == AG_LOOP_ENGINE_INTERPRETER)
    {
      ag_cpu_source_free (source);
      return NULL;
    }
  compiled = g_new0 (AgCpuCompiled, 1);
  compiled->source = source;
  compiled->engine = AG_LOOP_ENGINE_INTERPRETER;
  if (only != AG_LOOP_ENGINE_COMPILED)
    compiled->function = find_built_in (kernels->built_in, source->text);
  if (compiled->function != NULL)
    compiled->engine = AG_LOOP_ENGINE_BUILT_IN;
  else if (only != AG_LOOP_ENGINE_BUILT_IN)
    compiled->arguments = kernels->arguments;
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
 * ag_cpu_compiled_loop_engine:
 * @compiled: a loop as compiled code
 *
 * Returns: what runs it
 */
AgLoopEngine
ag_cpu_compiled_loop_engine (const AgCpuCompiled *compiled)
{
  return compiled->engine;
}

static void
look_for_code (AgCpuCompiled *compiled)
{
  if (compiled->arguments == NULL || ++compiled->n_runs < RUNS_TO_COMPILE)
    return;
  if (compiled->code == NULL)
    {
      compiled->code = ag_cpu_compiler_request (compiled->source->text, compiled->arguments);
      if (compiled->code == NULL)
        compiled->arguments = NULL;
      return;
    }
  compiled->function = ag_cpu_code_function (compiled->code);
  if (compiled->function != NULL)
    compiled->engine = AG_LOOP_ENGINE_COMPILED;
}

/**
 * ag_cpu_compiled_bind:
 * @compiled: a loop as compiled code
 * @buffers: where the plan's buffers are
 * @slots: (out caller-allocates): what the function takes
 *
 * Makes the next run of a loop ready.
 *
 * Returns: (nullable): the function to be called; %NULL if it is not there yet
 */
AgCpuFunction
ag_cpu_compiled_bind (AgCpuCompiled *compiled,
                      void *const *buffers,
                      void **slots)
{
  if (G_UNLIKELY (compiled->function == NULL))
    look_for_code (compiled);
  if (G_UNLIKELY (compiled->function == NULL))
    return NULL;
  for (gint i = 0; i < compiled->source->n_slots; i++)
    slots[i] = buffers[compiled->source->buffers[i]];
  return compiled->function;
}

/**
 * ag_cpu_compiled_bind_now:
 * @compiled: a loop as compiled code
 * @buffers: where the plan's buffers are
 * @slots: (out caller-allocates): what the function takes
 *
 * Does what ag_cpu_compiled_bind() does for a loop that is sure to run for long, so that it is
 * compiled at once.
 *
 * Returns: (nullable): the function to be called; %NULL if it is not there yet
 */
AgCpuFunction
ag_cpu_compiled_bind_now (AgCpuCompiled *compiled,
                          void *const *buffers,
                          void **slots)
{
  compiled->n_runs = MAX (compiled->n_runs, RUNS_TO_COMPILE);
  return ag_cpu_compiled_bind (compiled, buffers, slots);
}
