/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/loop-engine.h"

#include "device/cpu-compiler.h"

#include <stdatomic.h>

static const char *const ids[AG_N_LOOP_ENGINES] = {
  [AG_LOOP_ENGINE_NONE] = "none",
  [AG_LOOP_ENGINE_INTERPRETER] = "interpreter",
  [AG_LOOP_ENGINE_COMPILED] = "compiled",
  [AG_LOOP_ENGINE_BUILT_IN] = "built-in",
  [AG_LOOP_ENGINE_GPU] = "gpu",
};

/* The loop engine that the program has asked for. It goes before the one that the environment
 * variable CONVERGE_ENGINE names. */
static atomic_int only;

/**
 * ag_loop_engine_only:
 *
 * With %AG_LOOP_ENGINE_INTERPRETER there is no compiled loop, with
 * %AG_LOOP_ENGINE_BUILT_IN none that is compiled when the program runs, with
 * %AG_LOOP_ENGINE_COMPILED none from the library. The environment variable
 * CONVERGE_ENGINE says it by name.
 *
 * Returns: the only engine to be used beside the interpreter, or %AG_LOOP_ENGINE_NONE
 *   for all of them
 */
AgLoopEngine
ag_loop_engine_only (void)
{
  const char *wanted = g_getenv ("CONVERGE_ENGINE");
  const AgLoopEngine engine = (AgLoopEngine) atomic_load (&only);

  if (engine != AG_LOOP_ENGINE_NONE)
    return engine;
  for (guint i = AG_LOOP_ENGINE_INTERPRETER; i <= AG_LOOP_ENGINE_BUILT_IN; i++)
    if (g_strcmp0 (wanted, ids[i]) == 0)
      return (AgLoopEngine) i;
  return AG_LOOP_ENGINE_NONE;
}

/**
 * ag_loop_engine_set_only:
 * @engine: see ag_loop_engine_only()
 *
 * Sets it, for what is planned from now on. For tests and measurements.
 */
void
ag_loop_engine_set_only (AgLoopEngine engine)
{
  atomic_store (&only, (int) engine);
}

static void
free_info (gpointer data)
{
  AgLoopEngineInfo *info = data;

  g_free (info->title);
  g_free (info);
}

static void
add_info (GPtrArray *infos,
          AgLoopEngine engine,
          char *title,
          const char *reason)
{
  AgLoopEngineInfo *info = g_new0 (AgLoopEngineInfo, 1);

  info->id = ids[engine];
  info->title = title;
  info->available = reason == NULL;
  info->reason = reason;
  g_ptr_array_add (infos, info);
}

/**
 * ag_loop_engine_list:
 *
 * Returns: (transfer full) (element-type AgLoopEngineInfo): what may run the loops of
 *   the CPU device, the best first
 */
GPtrArray *
ag_loop_engine_list (void)
{
  GPtrArray *infos = g_ptr_array_new_with_free_func (free_info);
  const char *compiler = ag_cpu_compiler ();
  const char *isa;
  const AgCpuKernels *kernels = ag_cpu_kernels (&isa);
  guint n_loops = 0;

  while (kernels->built_in[n_loops].hash != NULL)
    n_loops++;
  add_info (infos, AG_LOOP_ENGINE_BUILT_IN,
            g_strdup_printf ("%u loops of the programs, compiled for %s", n_loops, isa),
            n_loops > 0 ? NULL : "built without");
  add_info (infos, AG_LOOP_ENGINE_COMPILED,
            compiler != NULL ? g_strdup_printf ("other loops, compiled by %s when they run", compiler)
                             : g_strdup ("other loops, compiled when they run"),
            compiler != NULL ? NULL : "no C compiler");
  add_info (infos, AG_LOOP_ENGINE_INTERPRETER,
            g_strdup_printf ("one kernel for each operation, for %s", isa), NULL);
  return infos;
}
