/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/device.h"
#include "train/trainer.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

/* gpu-bench DEVICE PROGRAM POINTS SECONDS
 *
 * Trains a program on a device for some seconds and prints steps per second, as
 * the trainer takes them, losses kept and all. */

int
main (int argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;
  const AgProgramClass *program = argc == 5 ? ag_program_class_find (argv[2]) : NULL;
  AgTrainer *trainer;
  AgHistory *history;
  gint64 begun_us, n_steps;
  AgRunSpec spec;

  setlocale (LC_ALL, "");
  if (program == NULL)
    {
      g_printerr ("usage: gpu-bench DEVICE PROGRAM POINTS SECONDS\n");
      return 2;
    }
  ag_run_spec_init (&spec, program);
  spec.device = argv[1];
  spec.points = g_ascii_strtoll (argv[3], NULL, 10);
  spec.steps = AG_RUN_MAX_STEPS;
  /* The tutorial's rate is for 2,000 points; RMSprop's does not depend on them. */
  if (strcmp (spec.optimizer->id, "sgd") == 0)
    spec.lr *= 2000.0 / (double) spec.points;
  trainer = ag_trainer_new (&spec, &error);
  if (trainer == NULL)
    {
      g_printerr ("gpu-bench: %s\n", error->message);
      return 1;
    }
  history = ag_trainer_history (trainer);
  ag_trainer_start (trainer);
  /* The first steps compile. */
  while (ag_history_n_steps (history) < 3 && !ag_trainer_wait (trainer, 10000))
    continue;
  g_usleep (G_USEC_PER_SEC / 2);
  begun_us = g_get_monotonic_time ();
  n_steps = ag_history_n_steps (history);
  ag_trainer_wait (trainer, (gint64) (g_ascii_strtod (argv[4], NULL) * G_USEC_PER_SEC));
  g_print ("%.1f\n", (double) (ag_history_n_steps (history) - n_steps) * G_USEC_PER_SEC
                       / (double) (g_get_monotonic_time () - begun_us));
  if (ag_trainer_error (trainer) != NULL)
    {
      g_printerr ("gpu-bench: %s\n", ag_trainer_error (trainer)->message);
      return 1;
    }
  ag_trainer_free (trainer);
  return 0;
}
