/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-finder.h"

/**
 * ConvergeFinder:
 * @runner: a thread, always the same
 * @errand: (nullable): the errand that it is asked to do
 *
 * The base class of what finds something about a run on a thread, so that the window does not
 * wait. It asks for one thing at a time, and when it forgets that one is cancelled, and what comes
 * of it is thrown away.
 */
typedef struct
{
  GThreadPool *runner;
  ConvergeErrand *errand;
} ConvergeFinderPrivate;

enum
{
  FOUND,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ConvergeFinder, converge_finder, G_TYPE_OBJECT)

static ConvergeFinderPrivate *
private_of (ConvergeFinder *self)
{
  return converge_finder_get_instance_private (self);
}

static void
converge_finder_dispose (GObject *object)
{
  converge_finder_forget (CONVERGE_FINDER (object));
  G_OBJECT_CLASS (converge_finder_parent_class)->dispose (object);
}

static void
converge_finder_finalize (GObject *object)
{
  g_thread_pool_free (private_of (CONVERGE_FINDER (object))->runner, FALSE, FALSE);
  G_OBJECT_CLASS (converge_finder_parent_class)->finalize (object);
}

static void
converge_finder_class_init (ConvergeFinderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = converge_finder_dispose;
  object_class->finalize = converge_finder_finalize;

  /**
   * ConvergeFinder::found:
   * @self: the finder
   *
   * Something new was found.
   */
  signals[FOUND] = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_finder_init (ConvergeFinder *self)
{
  private_of (self)->runner = converge_errand_runner_new ();
}

/**
 * converge_finder_is_busy:
 * @self: a finder
 *
 * Returns: whether an errand that it asked for has not ended
 */
gboolean
converge_finder_is_busy (ConvergeFinder *self)
{
  return private_of (self)->errand != NULL;
}

/**
 * converge_finder_ask:
 * @self: a finder that is not busy
 * @errand: (transfer full): an errand of which the end is converge_finder_end()
 *
 * Sends an errand. What comes of it is taken over by the class.
 */
void
converge_finder_ask (ConvergeFinder *self,
                     gpointer errand)
{
  g_return_if_fail (!converge_finder_is_busy (self));

  private_of (self)->errand = errand;
  converge_finder_send (self, errand);
}

/**
 * converge_finder_send:
 * @self: a finder
 * @errand: (transfer full): an errand
 *
 * Sends an errand to the finder's thread of which nothing comes that is to be taken over.
 */
void
converge_finder_send (ConvergeFinder *self,
                      gpointer errand)
{
  converge_errand_send (errand, private_of (self)->runner);
}

/**
 * converge_finder_end:
 * @errand: an errand
 * @owner: the finder that asked for it
 *
 * How the errands of finders end. It is meant for #ConvergeErrandKind.
 */
void
converge_finder_end (ConvergeErrand *errand,
                     gpointer owner)
{
  ConvergeFinder *self = owner;

  if (errand != private_of (self)->errand)
    return;
  private_of (self)->errand = NULL;
  if (CONVERGE_FINDER_GET_CLASS (self)->take (self, errand))
    converge_finder_tell (self);
}

/**
 * converge_finder_forget:
 * @self: a finder
 *
 * Gives up what is being found, and forgets what was.
 */
void
converge_finder_forget (ConvergeFinder *self)
{
  g_clear_pointer (&private_of (self)->errand, converge_errand_cancel);
  CONVERGE_FINDER_GET_CLASS (self)->forget (self);
}

/**
 * converge_finder_tell:
 * @self: a finder
 *
 * Emits “found”, for a class that forgot something that others may show.
 */
void
converge_finder_tell (ConvergeFinder *self)
{
  g_signal_emit (self, signals[FOUND], 0);
}
