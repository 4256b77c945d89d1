/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reference.h"

#include "device/cpu-kernels.h"
#include "device/device.h"

#include <string.h>

/* Calls @func with the fields of each row of a file in data/reference. */
void
reference_foreach (const char *file,
                   const char *header,
                   ReferenceRow func,
                   gpointer user_data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, file, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  g_assert_cmpstr (g_strchomp (lines[0]), ==, header);
  for (gsize i = 1; lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = g_strsplit (g_strchomp (lines[i]), ",", -1);

      func (fields, user_data);
    }
}

/* The device that the variable CONVERGE_TEST_DEVICE names. */
static gboolean
has_device (void)
{
  g_autoptr (GPtrArray) devices = ag_device_list ();
  const char *id = g_getenv ("CONVERGE_TEST_DEVICE");

  for (guint i = 0; id != NULL && i < devices->len; i++)
    {
      const AgDeviceInfo *info = g_ptr_array_index (devices, i);

      if (strcmp (info->id, id) != 0 || info->available)
        continue;
      g_print ("1..0 # SKIP the device %s cannot be used: %s\n", id, info->reason);
      return FALSE;
    }
  return TRUE;
}

/* Returns whether the test without CONVERGE_TEST_ISA makes the same runs, since the processor has
 * nothing better than the instructions that the variable names, and if so says that. */
static gboolean
is_repeated (void)
{
  const char *isa = g_getenv ("CONVERGE_TEST_ISA");
  const AgCpuKernels *best = ag_cpu_kernels (NULL);

  if (isa == NULL)
    return FALSE;
  g_setenv ("CONVERGE_ISA", isa, TRUE);
  if (ag_cpu_kernels (NULL) != best)
    return FALSE;
  g_print ("1..0 # SKIP what is best here up to %s runs in the test without its name\n", isa);
  return TRUE;
}

/* Sets up what the variables CONVERGE_TEST_DEVICE and CONVERGE_TEST_ISA say: which device
 * the runs are made on, with no better instruction set than that. Returns whether they can
 * be made and no other test makes them; if not, says so as a skipped test does. */
gboolean
reference_set_up (void)
{
  return has_device () && !is_repeated ();
}

/* Trains as the command line and the window do. */
void
reference_run (const AgRunSpec *spec,
               AgSnapshot **last,
               double *initial,
               AgHistory **history)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgTrainer) trainer = NULL;
  AgRunSpec on_device = *spec;
  AgSnapshot snapshot;

  if (g_getenv ("CONVERGE_TEST_DEVICE") != NULL)
    on_device.device = g_getenv ("CONVERGE_TEST_DEVICE");
  trainer = ag_trainer_new (&on_device, &error);
  g_assert_no_error (error);
  ag_trainer_start (trainer);
  ag_trainer_wait (trainer, -1);
  g_assert_no_error (ag_trainer_error (trainer));
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DONE);
  g_assert_true (ag_trainer_take_snapshot (trainer, &snapshot));
  *last = ag_snapshot_copy (&snapshot);
  if (initial != NULL)
    memcpy (initial, ag_trainer_initial (trainer),
            sizeof (double) * spec->program->model->n_parameters);
  *history = ag_history_ref (ag_trainer_history (trainer));
}

double
reference_loss (const AgHistory *history,
                gint64 step)
{
  AgHistoryEntry entry;

  g_assert_cmpint (ag_history_read (history, 0, step, step, 1, &entry), ==, 1);
  g_assert_cmpint (entry.step, ==, step);
  return entry.loss;
}
