/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-errand.h"

#include <pthread.h>

/* ThreadSanitizer does not see how GLib hands something to another thread, and sees this. */
static void
hand_over (void)
{
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

  pthread_mutex_lock (&mutex);
  pthread_mutex_unlock (&mutex);
}

/**
 * converge_errand_new:
 * @kind: what kind of errand
 * @owner: (type GObject): who wants it
 *
 * Returns: (transfer full): a struct of the kind's size, all zero behind its beginning, to be
 *   filled in and sent
 */
gpointer
converge_errand_new (const ConvergeErrandKind *kind,
                     gpointer owner)
{
  ConvergeErrand *errand = g_malloc0 (kind->size);

  errand->kind = kind;
  g_weak_ref_init (&errand->owner, owner);
  return errand;
}

/**
 * converge_errand_free:
 * @errand: (transfer full): an errand that was not sent
 */
void
converge_errand_free (gpointer errand)
{
  ConvergeErrand *self = errand;

  self->kind->clear (self);
  g_weak_ref_clear (&self->owner);
  g_free (self);
}

static gboolean
end (gpointer data)
{
  ConvergeErrand *errand = data;
  g_autoptr (GObject) owner = g_weak_ref_get (&errand->owner);

  hand_over ();
  if (owner != NULL)
    errand->kind->end (errand, owner);
  return G_SOURCE_REMOVE;
}

static void
run (gpointer data,
     gpointer user_data)
{
  ConvergeErrand *errand = data;

  hand_over ();
  errand->kind->run (errand);
  hand_over ();
  g_idle_add_full (G_PRIORITY_DEFAULT, end, errand, converge_errand_free);
}

/**
 * converge_errand_runner_new:
 *
 * Returns: (transfer full): a thread that does one errand after the other; to be freed with
 *   g_thread_pool_free()
 */
GThreadPool *
converge_errand_runner_new (void)
{
  return g_thread_pool_new (run, NULL, 1, FALSE, NULL);
}

/**
 * converge_errand_send:
 * @errand: (transfer full): an errand
 * @runner: who is to do it
 *
 * Sends an errand. It is freed when it has ended.
 */
void
converge_errand_send (gpointer errand,
                      GThreadPool *runner)
{
  hand_over ();
  g_thread_pool_push (runner, errand, NULL);
}

/**
 * converge_errand_do:
 * @errand: (transfer full): an errand
 *
 * Does an errand here and now, for who has nobody to send any more. It has ended, and is freed, when
 * this function returns.
 */
void
converge_errand_do (gpointer errand)
{
  ((ConvergeErrand *) errand)->kind->run (errand);
  end (errand);
  converge_errand_free (errand);
}

/**
 * converge_errand_cancel:
 * @errand: an errand that has not ended
 *
 * Ends the work as soon as who does it has noticed. The errand ends as ever.
 */
void
converge_errand_cancel (gpointer errand)
{
  ag_work_set_cancelled (&((ConvergeErrand *) errand)->work, TRUE);
}
