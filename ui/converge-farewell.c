/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-farewell.h"

typedef struct
{
  GDestroyNotify let_go;
  gpointer data;
} Farewell;

static gpointer
say_farewell (gpointer data)
{
  Farewell *farewell = data;

  farewell->let_go (farewell->data);
  g_free (farewell);
  return NULL;
}

/**
 * converge_bid_farewell:
 * @let_go: frees it, which may take long
 * @data: something that takes steps
 *
 * Lets go of what ends only when the step it is in has ended: on a thread of its own, so
 * that the window never waits. It does where no thread can be had.
 */
void
converge_bid_farewell (GDestroyNotify let_go,
                       gpointer data)
{
  Farewell *farewell = g_new (Farewell, 1);
  GThread *thread;

  *farewell = (Farewell){ let_go, data };
  thread = g_thread_try_new ("farewell", say_farewell, farewell, NULL);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    say_farewell (farewell);
}
