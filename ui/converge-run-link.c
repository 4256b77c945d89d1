/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run-link.h"

#include "converge-farewell.h"

#include "base/ref-count.h"

/**
 * ConvergeRunLink:
 * @ref_count: the trainer's thread and every call on its way hold one
 * @owner: whom to tell; may be gone by then
 * @tell: how
 */
struct _ConvergeRunLink
{
  AgRefCount ref_count;
  GWeakRef owner;
  ConvergeRunTold tell;
};

static void
link_unref (gpointer data)
{
  ConvergeRunLink *link = data;

  if (!ag_ref_count_dec (&link->ref_count))
    return;
  g_weak_ref_clear (&link->owner);
  g_free (link);
}

static gboolean
tell_in_main_loop (gpointer data)
{
  ConvergeRunLink *link = data;
  g_autoptr (GObject) owner = g_weak_ref_get (&link->owner);

  if (owner != NULL)
    link->tell (owner);
  return G_SOURCE_REMOVE;
}

/* On the trainer's thread. */
static void
state_changed (AgTrainer *trainer,
               gpointer user_data)
{
  ConvergeRunLink *link = user_data;

  ag_ref_count_inc (&link->ref_count);
  g_idle_add_full (G_PRIORITY_DEFAULT, tell_in_main_loop, link, link_unref);
}

/**
 * converge_run_link_new:
 * @run: a run
 * @owner: who owns it
 * @tell: called in the main loop as long as @owner is there, when the run has another state
 *
 * Returns: (transfer full): a link, to be ended by converge_run_link_leave()
 */
ConvergeRunLink *
converge_run_link_new (AgRun *run,
                       GObject *owner,
                       ConvergeRunTold tell)
{
  ConvergeRunLink *link = g_new0 (ConvergeRunLink, 1);

  ag_ref_count_init (&link->ref_count);
  g_weak_ref_init (&link->owner, owner);
  link->tell = tell;
  ag_trainer_set_notify (ag_run_trainer (run), state_changed, link);
  return link;
}

typedef struct
{
  AgRun *run;
  ConvergeRunLink *link;
} Leaving;

static void
leaving_free (gpointer data)
{
  Leaving *leaving = data;

  ag_trainer_set_notify (ag_run_trainer (leaving->run), NULL, NULL);
  ag_run_unref (leaving->run);
  link_unref (leaving->link);
  g_free (leaving);
}

/**
 * converge_run_link_leave:
 * @link: (transfer full): a link
 * @run: (transfer full): its run
 *
 * Stops the run and lets go of it on a thread of its own, since it may be in the middle of a long
 * step.
 */
void
converge_run_link_leave (ConvergeRunLink *link,
                         AgRun *run)
{
  Leaving *leaving = g_new (Leaving, 1);

  ag_trainer_stop (ag_run_trainer (run));
  *leaving = (Leaving){ run, link };
  converge_bid_farewell (leaving_free, leaving);
}
