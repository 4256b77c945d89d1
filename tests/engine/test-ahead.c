/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/device.h"
#include "train/ahead.h"

#include <math.h>

/* How far the host runs ahead of a device, by clocks that are numbers. */

/* A run that is stopped ends within this time. */
#define STOP_US 50000

/**
 * Device:
 * @step_us: how long a step takes it
 * @record_us: how long the host takes to record one
 * @waits_for_all: whether a loss can be read only when all steps that were given have
 *   been done, as where no value is copied back before somebody asks for it
 */
typedef struct
{
  double step_us;
  double record_us;
  gboolean waits_for_all;
} Device;

/* The trainer's manner: when as many steps wait as may, the older half is read.
 * Returns the longest time that a stop would have taken. */
static double
simulate (const Device *device,
          AgAhead *ahead,
          double *clock_us,
          guint n_steps)
{
  double ends[AG_DEVICE_MAX_AHEAD];
  double busy_until = *clock_us, longest = 0;
  guint n_pending = 0;

  for (guint i = 0; i < n_steps; i++)
    {
      *clock_us += device->record_us;
      busy_until = fmax (busy_until, *clock_us) + device->step_us;
      ends[n_pending++] = busy_until;
      longest = fmax (longest, busy_until - *clock_us);
      if (n_pending >= ahead->n)
        {
          const guint n_read = n_pending - MIN (n_pending, ahead->n / 2);

          *clock_us = fmax (*clock_us, device->waits_for_all ? busy_until : ends[n_read - 1]);
          for (guint k = n_read; k < n_pending; k++)
            ends[k - n_read] = ends[k];
          n_pending -= n_read;
          ag_ahead_note (ahead, n_read, (gint64) *clock_us);
        }
    }
  *clock_us = fmax (*clock_us, busy_until);
  return longest;
}

static void
test_stop (void)
{
  static const double record_us[] = { 0.5, 20, 1000 };

  for (double step_us = 0.1; step_us < 1e6; step_us *= 1.3)
    for (guint i = 0; i < G_N_ELEMENTS (record_us); i++)
      for (guint k = 0; k < 2; k++)
        {
          const Device device = { step_us, record_us[i], k == 1 };
          double clock_us = 1e6;
          AgAhead ahead;

          ag_ahead_init (&ahead, AG_DEVICE_MAX_AHEAD);
          ag_ahead_start (&ahead, (gint64) clock_us);
          /* A step that is under way is waited for, and one more while nothing was measured. */
          g_assert_cmpfloat (simulate (&device, &ahead, &clock_us, 20000), <=,
                             fmax (STOP_US, 2 * step_us));
        }
}

/* A device that takes steps in no time is given as many as it takes, and that soon. */
static void
test_grows (void)
{
  const Device device = { 2, 0.5, FALSE };
  double clock_us = 0;
  AgAhead ahead;

  ag_ahead_init (&ahead, AG_DEVICE_MAX_AHEAD);
  ag_ahead_start (&ahead, 0);
  g_assert_cmpuint (ahead.n, ==, 2);
  for (guint before = ahead.n; before < AG_DEVICE_MAX_AHEAD; before = ahead.n)
    {
      simulate (&device, &ahead, &clock_us, ahead.n);
      g_assert_cmpuint (ahead.n, >, before);
      g_assert_cmpuint (ahead.n, <=, 2 * before);
    }
  g_assert_cmpfloat (clock_us, <, 20000);
}

/* Steps that become slower are noticed, a pause does not count as a step, and after a step that was
 * slow by chance the number grows again. */
static void
test_changes (void)
{
  Device device = { 20, 0.5, FALSE };
  double clock_us = 0;
  guint before;
  AgAhead ahead;

  ag_ahead_init (&ahead, AG_DEVICE_MAX_AHEAD);
  ag_ahead_start (&ahead, 0);
  simulate (&device, &ahead, &clock_us, 5000);
  before = ahead.n;
  g_assert_cmpuint (before, >, 200);
  device.step_us = 1000;
  simulate (&device, &ahead, &clock_us, 2 * before);
  g_assert_cmpuint (ahead.n, <=, 10);

  device.step_us = 20;
  clock_us += 1e7;
  ag_ahead_start (&ahead, (gint64) clock_us);
  before = ahead.n;
  simulate (&device, &ahead, &clock_us, 2 * before);
  g_assert_cmpuint (ahead.n, >=, before);
  clock_us += 1e5;
  simulate (&device, &ahead, &clock_us, 5000);
  g_assert_cmpuint (ahead.n, >, 200);
}

/* Where the device computes at once nothing is measured. */
static void
test_at_once (void)
{
  AgAhead ahead;

  ag_ahead_init (&ahead, 1);
  g_assert_cmpuint (ahead.n, ==, 1);
  g_assert_false (ag_ahead_is_measured (&ahead));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ahead/stop", test_stop);
  g_test_add_func ("/ahead/grows", test_grows);
  g_test_add_func ("/ahead/changes", test_changes);
  g_test_add_func ("/ahead/at-once", test_at_once);
  return g_test_run ();
}
