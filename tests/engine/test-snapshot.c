/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/snapshot.h"

#define N_SNAPSHOTS 300000

/* All of a snapshot follows from its serial number. */
static void
fill (AgSnapshot *snapshot,
      guint64 serial)
{
  snapshot->serial = serial;
  snapshot->state = AG_TRAINER_RUNNING;
  snapshot->step = (gint64) serial * 3;
  snapshot->loss = (double) serial / 2;
  snapshot->n_coefficients = AG_PROGRAM_MAX_PARAMETERS;
  for (guint i = 0; i < AG_PROGRAM_MAX_PARAMETERS; i++)
    {
      snapshot->coefficients[i] = (double) (serial + i);
      snapshot->gradients[i] = -(double) (serial + i);
    }
}

static void
check (const AgSnapshot *snapshot)
{
  g_assert_cmpint (snapshot->step, ==, (gint64) snapshot->serial * 3);
  g_assert_true (snapshot->loss == (double) snapshot->serial / 2);
  for (guint i = 0; i < AG_PROGRAM_MAX_PARAMETERS; i++)
    {
      g_assert_true (snapshot->coefficients[i] == (double) (snapshot->serial + i));
      g_assert_true (snapshot->gradients[i] == -(double) (snapshot->serial + i));
    }
}

static void
test_take (void)
{
  AgSnapshotBuffer *buffer = ag_snapshot_buffer_new ();
  AgSnapshot snapshot = { .serial = 77 };
  AgSnapshot next = { 0 };

  g_assert_false (ag_snapshot_buffer_take (buffer, &snapshot));
  g_assert_cmpuint (snapshot.serial, ==, 77);

  fill (&next, 1);
  ag_snapshot_buffer_publish (buffer, &next);
  g_assert_true (ag_snapshot_buffer_take (buffer, &snapshot));
  g_assert_cmpuint (snapshot.serial, ==, 1);
  check (&snapshot);
  g_assert_false (ag_snapshot_buffer_take (buffer, &snapshot));

  /* Of several the newest, once. */
  for (guint64 serial = 2; serial < 9; serial++)
    {
      fill (&next, serial);
      ag_snapshot_buffer_publish (buffer, &next);
    }
  g_assert_true (ag_snapshot_buffer_take (buffer, &snapshot));
  g_assert_cmpuint (snapshot.serial, ==, 8);
  check (&snapshot);
  g_assert_false (ag_snapshot_buffer_take (buffer, &snapshot));
  ag_snapshot_buffer_free (buffer);
}

static gpointer
publish_all (gpointer data)
{
  AgSnapshot snapshot = { 0 };

  for (guint64 serial = 1; serial <= N_SNAPSHOTS; serial++)
    {
      fill (&snapshot, serial);
      ag_snapshot_buffer_publish (data, &snapshot);
      if (serial % 1024 == 0)
        g_thread_yield ();
    }
  return NULL;
}

/* The reader sees whole snapshots, each newer than the one before, the last
 * one surely. */
static void
test_threads (void)
{
  AgSnapshotBuffer *buffer = ag_snapshot_buffer_new ();
  GThread *thread = g_thread_new ("publish", publish_all, buffer);
  AgSnapshot snapshot = { 0 };
  guint64 last = 0;
  guint n_taken = 0;

  while (last < N_SNAPSHOTS)
    {
      if (!ag_snapshot_buffer_take (buffer, &snapshot))
        {
          g_thread_yield ();
          continue;
        }
      g_assert_cmpuint (snapshot.serial, >, last);
      check (&snapshot);
      last = snapshot.serial;
      n_taken++;
    }
  g_thread_join (thread);
  g_test_message ("%u of %d taken", n_taken, N_SNAPSHOTS);
  g_assert_false (ag_snapshot_buffer_take (buffer, &snapshot));
  ag_snapshot_buffer_free (buffer);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/snapshot/take", test_take);
  g_test_add_func ("/snapshot/threads", test_threads);

  return g_test_run ();
}
