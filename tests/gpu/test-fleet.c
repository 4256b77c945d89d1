/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host-backend.h"

#include "base/error.h"
#include "train/setting.h"
#include "train/sweep.h"

#include <gmodule.h>
#include <string.h>

/* Runs of a sweep that a GPU makes at once, a block each: how many launches that takes, how much
 * memory, how long it is behind, and what becomes of it when the GPU fails. That each has the bits
 * that it has alone, tests/engine/test-sweep.c finds out. */

/* That a stop may take. */
#define STOP_US 50000

static HostGpuMostBehind most_behind;
static HostGpuNLaunches n_launches;

static void
find_stand_in (void)
{
  GModule *module = g_module_open (g_getenv ("CONVERGE_GPU_MODULE"),
                                   G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);

  g_assert_nonnull (module);
  g_assert_true (g_module_symbol (module, HOST_GPU_MOST_BEHIND_SYMBOL, (gpointer *) &most_behind));
  g_assert_true (g_module_symbol (module, HOST_GPU_N_LAUNCHES_SYMBOL, (gpointer *) &n_launches));
}

static void
init_spec (AgRunSpec *spec,
           const char *program,
           gint64 points,
           gint64 steps)
{
  ag_run_spec_init (spec, ag_program_class_find (program));
  spec->points = points;
  spec->steps = steps;
  spec->device = "cuda";
}

/* Returns: (transfer full): a sweep that is over */
static AgSweep *
sweep (const AgRunSpec *spec,
       const char *id,
       const char *range,
       guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgSweepAxis) axis = ag_sweep_axis_new (spec, id, range, n, &error);
  AgSweep *made;

  g_assert_no_error (error);
  made = ag_sweep_new (spec, 1, &axis, 1, 0, AG_SWEEP_WITHOUT_SEARCH, &error);
  g_assert_no_error (error);
  g_assert_true (ag_sweep_wait (made, -1));
  return made;
}

static void
assert_same (AgSweep *one,
             AgSweep *other)
{
  const gsize n_bytes
    = sizeof (double) * ag_sweep_spec (one, 0)->program->model->n_parameters;

  g_assert_no_error (ag_sweep_error (one));
  g_assert_no_error (ag_sweep_error (other));
  g_assert_cmpuint (ag_sweep_n_runs (one), ==, ag_sweep_n_runs (other));
  for (guint run = 0; run < ag_sweep_n_runs (one); run++)
    {
      AgSweepResult a, b;

      g_assert_true (ag_sweep_read (one, run, &a) && ag_sweep_read (other, run, &b));
      g_assert_cmpint (a.state, ==, b.state);
      g_assert_cmpmem (&a.loss, sizeof a.loss, &b.loss, sizeof b.loss);
      if (a.state != AG_TRAINER_DONE)
        continue;
      g_assert_cmpfloat (a.final_loss, ==, b.final_loss);
      g_assert_cmpmem (ag_sweep_coefficients (one, run), n_bytes, ag_sweep_coefficients (other, run),
                       n_bytes);
    }
}

/* A launch for many steps of all runs, though one of them diverges, and though with Adam numbers
 * differ from step to step. */
static void
test_launches (void)
{
  static const char *const optimizers[] = { "sgd", "adam" };

  for (guint i = 0; i < G_N_ELEMENTS (optimizers); i++)
    {
      g_autoptr (AgSweep) made = NULL;
      AgRunSpec spec;

      init_spec (&spec, "autograd", 100, 40);
      ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find (optimizers[i]));
      n_launches ();
      made = sweep (&spec, "lr", "1e-6..1e-2", 200);
      g_assert_no_error (ag_sweep_error (made));
      g_assert_cmpuint (ag_sweep_n_done (made), ==, 200);
      /* Alone each takes one at least. */
      g_assert_cmpuint (n_launches (), <, 100);
    }
}

/* As many runs as there is memory for; where there is for none, each is made alone. */
static void
test_memory (void)
{
  g_autoptr (AgSweep) all = NULL;
  AgRunSpec spec;

  init_spec (&spec, "legendre", 100, 20);
  n_launches ();
  all = sweep (&spec, "lr", "1e-6..1e3", 40);
  g_assert_cmpuint (n_launches (), <, 40);
  for (gint64 n_bytes = 0; n_bytes <= 65536; n_bytes += 32768)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, n_bytes);
      g_autoptr (AgSweep) some = NULL;

      g_setenv ("HOST_GPU_MEMORY", text, TRUE);
      some = sweep (&spec, "lr", "1e-6..1e3", 40);
      g_unsetenv ("HOST_GPU_MEMORY");
      assert_same (some, all);
      g_assert_cmpuint (n_launches (), >=, n_bytes == 0 ? 40 : 1);
    }
}

/* Counts the work that the GPU was given, since the time that a stop takes may be anything on a busy
 * machine. */
static void
test_stop (void)
{
  g_autoptr (AgSweep) made = NULL;
  gint64 behind_us;
  AgRunSpec spec;

  init_spec (&spec, "autograd", 100, 60);
  g_setenv ("HOST_GPU_STEP_US", "1000", TRUE);
  most_behind ();
  made = sweep (&spec, "lr", "1e-9..1e-7", 250);
  behind_us = most_behind ();
  g_unsetenv ("HOST_GPU_STEP_US");
  g_assert_no_error (ag_sweep_error (made));
  g_test_message ("%g ms of work at most", (double) behind_us / 1000);
  g_assert_cmpint (behind_us, >, 0);
  g_assert_cmpint (behind_us, <=, STOP_US);
}

/* A GPU that has no memory left or is lost, at any time: a sentence, or runs made alone. */
static void
test_failures (gconstpointer data)
{
  const char *variable = data;
  g_autoptr (AgSweep) all = NULL;
  guint n_done = 0;
  AgRunSpec spec;

  init_spec (&spec, "autograd", 100, 20);
  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find ("adam"));
  all = sweep (&spec, "lr", "1e-6..1e-2", 6);
  for (guint n_calls = 0; n_calls < 60; n_calls++)
    {
      g_autofree char *text = g_strdup_printf ("%u", n_calls);
      g_autoptr (AgSweep) made = NULL;

      g_setenv (variable, text, TRUE);
      made = sweep (&spec, "lr", "1e-6..1e-2", 6);
      g_unsetenv (variable);
      if (ag_sweep_error (made) != NULL)
        {
          g_assert_error (ag_sweep_error (made), AG_ERROR, AG_ERROR_DEVICE);
          continue;
        }
      assert_same (made, all);
      n_done++;
    }
  /* It had enough. */
  g_assert_cmpuint (n_done, >, 0);
}

int
main (int argc,
      char **argv)
{
  static const char *const variables[] = { "HOST_GPU_ALLOCATIONS", "HOST_GPU_LAUNCHES" };

  g_test_init (&argc, &argv, NULL);
  find_stand_in ();
  g_test_add_func ("/fleet/launches", test_launches);
  g_test_add_func ("/fleet/memory", test_memory);
  g_test_add_func ("/fleet/stop", test_stop);
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      g_autofree char *path = g_strconcat ("/fleet/failures/", variables[i], NULL);

      g_test_add_data_func (path, variables[i], test_failures);
    }
  return g_test_run ();
}
