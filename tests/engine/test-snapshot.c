/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/snapshot.h"

#define N_TAKEN 200000
#define N_COEFFICIENTS 49

/* All of a snapshot follows from its serial number. Its numbers go to @numbers,
 * which has room for twice %N_COEFFICIENTS. */
static void
fill (AgSnapshot *snapshot,
      double *numbers,
      guint64 serial)
{
  snapshot->serial = serial;
  snapshot->state = AG_TRAINER_RUNNING;
  snapshot->step = (gint64) serial * 3;
  snapshot->loss = (double) serial / 2;
  snapshot->n_coefficients = N_COEFFICIENTS;
  snapshot->coefficients = numbers;
  snapshot->gradients = numbers + N_COEFFICIENTS;
  for (guint i = 0; i < N_COEFFICIENTS; i++)
    {
      numbers[i] = (double) (serial + i);
      numbers[N_COEFFICIENTS + i] = -(double) (serial + i);
    }
}

static void
check (const AgSnapshot *snapshot)
{
  g_assert_cmpint (snapshot->step, ==, (gint64) snapshot->serial * 3);
  g_assert_true (snapshot->loss == (double) snapshot->serial / 2);
  for (guint i = 0; i < N_COEFFICIENTS; i++)
    {
      g_assert_true (snapshot->coefficients[i] == (double) (snapshot->serial + i));
      g_assert_true (snapshot->gradients[i] == -(double) (snapshot->serial + i));
    }
}

static void
test_take (void)
{
  AgSnapshotBuffer *buffer = ag_snapshot_buffer_new (N_COEFFICIENTS);
  AgSnapshot snapshot = { .serial = 77 };
  double numbers[2 * N_COEFFICIENTS];
  AgSnapshot next = { 0 };
  g_autoptr (AgSnapshot) copy = NULL;

  g_assert_false (ag_snapshot_buffer_take (buffer, &snapshot));
  g_assert_cmpuint (snapshot.serial, ==, 77);

  fill (&next, numbers, 1);
  ag_snapshot_buffer_publish (buffer, &next);
  g_assert_true (ag_snapshot_buffer_take (buffer, &snapshot));
  g_assert_cmpuint (snapshot.serial, ==, 1);
  check (&snapshot);
  g_assert_false (ag_snapshot_buffer_take (buffer, &snapshot));

  copy = ag_snapshot_copy (&snapshot);

  /* After several were published the newest one is read, once. */
  for (guint64 serial = 2; serial < 9; serial++)
    {
      fill (&next, numbers, serial);
      ag_snapshot_buffer_publish (buffer, &next);
    }
  g_assert_true (ag_snapshot_buffer_take (buffer, &snapshot));
  g_assert_cmpuint (snapshot.serial, ==, 8);
  check (&snapshot);
  g_assert_false (ag_snapshot_buffer_take (buffer, &snapshot));
  ag_snapshot_buffer_free (buffer);

  /* A copy does not change any more. */
  g_assert_cmpuint (copy->serial, ==, 1);
  check (copy);
}

typedef struct
{
  AgSnapshotBuffer *buffer;
  gint stops;
  guint64 last;
} Publishing;

static gpointer
publish_many (gpointer data)
{
  Publishing *publishing = data;
  double numbers[2 * N_COEFFICIENTS];
  AgSnapshot snapshot = { 0 };

  while (!g_atomic_int_get (&publishing->stops))
    {
      fill (&snapshot, numbers, ++publishing->last);
      ag_snapshot_buffer_publish (publishing->buffer, &snapshot);
    }
  return NULL;
}

/* The reader sees whole snapshots, each newer than the one before, and in the
 * end the last one. */
static void
test_threads (void)
{
  Publishing publishing = { ag_snapshot_buffer_new (N_COEFFICIENTS), FALSE, 0 };
  GThread *thread = g_thread_new ("publish", publish_many, &publishing);
  AgSnapshot snapshot = { 0 };
  gint64 end = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;
  guint64 last = 0;
  guint n_taken = 0;

  while (n_taken < N_TAKEN && g_get_monotonic_time () < end)
    {
      if (!ag_snapshot_buffer_take (publishing.buffer, &snapshot))
        {
          g_thread_yield ();
          continue;
        }
      g_assert_cmpuint (snapshot.serial, >, last);
      check (&snapshot);
      last = snapshot.serial;
      n_taken++;
    }
  g_atomic_int_set (&publishing.stops, TRUE);
  g_thread_join (thread);

  g_test_message ("%u of %" G_GUINT64_FORMAT " taken", n_taken, publishing.last);
  ag_snapshot_buffer_take (publishing.buffer, &snapshot);
  g_assert_cmpuint (snapshot.serial, ==, publishing.last);
  check (&snapshot);
  g_assert_false (ag_snapshot_buffer_take (publishing.buffer, &snapshot));
  ag_snapshot_buffer_free (publishing.buffer);
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
