/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collect.h"

#include "train/sweep.h"

#include <gmodule.h>

/* Runs on a stand-in for a GPU that only notes what it is given to compile and to launch. */

static GHashTable *texts;
static HostGpuNLaunches n_launches;

void
collect_begin (void)
{
  GModule *module = g_module_open (g_getenv ("CONVERGE_GPU_MODULE"),
                                   G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  HostGpuCollect begin = NULL;

  g_assert_nonnull (module);
  g_assert_true (g_module_symbol (module, HOST_GPU_COLLECT_SYMBOL, (gpointer *) &begin));
  g_assert_true (g_module_symbol (module, HOST_GPU_N_LAUNCHES_SYMBOL, (gpointer *) &n_launches));
  texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  begin (texts);
}

/* Returns: (transfer none) (element-type utf8): the set of texts that were to be compiled */
GHashTable *
collect_texts (void)
{
  return texts;
}

/* Returns: how many launches there were since this was asked last */
guint
collect_n_launches (void)
{
  return n_launches ();
}

/* Makes a run as specified, but on the GPU. */
void
collect_run (const AgRunSpec *spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgTrainer) trainer = NULL;
  AgRunSpec on_gpu = *spec;

  on_gpu.device = "cuda";
  trainer = ag_trainer_new (&on_gpu, &error);
  g_assert_no_error (error);
  ag_trainer_start (trainer);
  ag_trainer_wait (trainer, -1);
  g_assert_no_error (ag_trainer_error (trainer));
}

/* Makes a sweep of a run's rate, on the GPU, of which some runs are made at once. */
void
collect_sweep (const AgRunSpec *spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgSweepAxis) axis = ag_sweep_axis_new (spec, "lr", "1e-8..1e-7", 3, &error);
  g_autoptr (AgSweep) sweep = NULL;
  AgRunSpec on_gpu = *spec;

  g_assert_no_error (error);
  on_gpu.device = "cuda";
  sweep = ag_sweep_new (&on_gpu, 1, &axis, 1, 0, AG_SWEEP_WITHOUT_SEARCH, &error);
  g_assert_no_error (error);
  ag_sweep_wait (sweep, -1);
  g_assert_no_error (ag_sweep_error (sweep));
}
