/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-why.h"

#include "converge-errand.h"
#include "converge-farewell.h"
#include "explain/why.h"

/**
 * Request:
 * @errand: what it is the beginning of
 * @run: a run that is over
 * @snapshot: its last snapshot
 * @sentence: (nullable): the result
 *
 * The thread is asked this.
 */
typedef struct
{
  ConvergeErrand errand;
  AgRun *run;
  AgSnapshot *snapshot;
  char *sentence;
} Request;

/**
 * ConvergeWhy:
 * @runs: of which the selected one is explained
 * @runner: a thread
 * @explained: (nullable): the run that is explained, or being explained
 * @serial: which of its snapshots
 * @request: (nullable): the thread is at this
 * @sentence: (nullable): why that run stands where it does
 *
 * Finds out why the selected run stands where it does, once it is over. The window does not
 * wait for that.
 */
struct _ConvergeWhy
{
  GObject parent_instance;

  ConvergeRuns *runs;
  GThreadPool *runner;
  AgRun *explained;
  guint64 serial;
  Request *request;
  char *sentence;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeWhy, converge_why, G_TYPE_OBJECT)

static void
run (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;
  AgWhyKind kind;

  request->sentence = ag_why_new (ag_run_trainer (request->run), request->snapshot, &errand->work,
                                  &kind, NULL);
}

static void
set_sentence (ConvergeWhy *self,
              char *sentence)
{
  if (sentence == NULL && self->sentence == NULL)
    return;
  g_free (self->sentence);
  self->sentence = sentence;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
end (ConvergeErrand *errand,
     gpointer owner)
{
  ConvergeWhy *self = owner;
  Request *request = (Request *) errand;

  if (request != self->request)
    return;
  self->request = NULL;
  set_sentence (self, g_steal_pointer (&request->sentence));
}

static void
let_go (gpointer run)
{
  ag_run_unref (run);
}

/* The last one to hold a run waits for its thread, which the window must not. */
static void
clear (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;

  converge_bid_farewell (let_go, g_steal_pointer (&request->run));
  ag_snapshot_free (request->snapshot);
  g_free (request->sentence);
}

static const ConvergeErrandKind request_kind = {
  .size = sizeof (Request),
  .run = run,
  .end = end,
  .clear = clear,
};

static void
forget (ConvergeWhy *self)
{
  g_clear_pointer (&self->request, converge_errand_cancel);
  self->explained = NULL;
  set_sentence (self, NULL);
}

static gboolean
is_over (const AgSnapshot *snapshot)
{
  return snapshot != NULL
         && (snapshot->state == AG_TRAINER_DONE || snapshot->state == AG_TRAINER_STOPPED
             || snapshot->state == AG_TRAINER_DIVERGED);
}

static void
update (ConvergeWhy *self)
{
  ConvergeRun *selected = converge_runs_get_selected (self->runs);
  const AgSnapshot *snapshot = converge_run_snapshot (selected);
  AgRun *over = is_over (snapshot) ? converge_run_get (selected) : NULL;

  if (over == NULL)
    {
      forget (self);
      return;
    }
  if (over == self->explained && snapshot->serial == self->serial)
    return;
  forget (self);
  self->explained = over;
  self->serial = snapshot->serial;
  self->request = converge_errand_new (&request_kind, self);
  self->request->run = ag_run_ref (over);
  self->request->snapshot = ag_snapshot_copy (snapshot);
  converge_errand_send (self->request, self->runner);
}

static void
converge_why_dispose (GObject *object)
{
  ConvergeWhy *self = CONVERGE_WHY (object);

  g_clear_pointer (&self->request, converge_errand_cancel);
  g_clear_object (&self->runs);
  G_OBJECT_CLASS (converge_why_parent_class)->dispose (object);
}

static void
converge_why_finalize (GObject *object)
{
  ConvergeWhy *self = CONVERGE_WHY (object);

  g_thread_pool_free (self->runner, FALSE, FALSE);
  g_free (self->sentence);
  G_OBJECT_CLASS (converge_why_parent_class)->finalize (object);
}

static void
converge_why_class_init (ConvergeWhyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = converge_why_dispose;
  object_class->finalize = converge_why_finalize;

  /**
   * ConvergeWhy::changed:
   * @self: the explanation
   *
   * There is another sentence, or none any more.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_why_init (ConvergeWhy *self)
{
  self->runner = converge_errand_runner_new ();
}

/**
 * converge_why_new:
 * @runs: of which the selected one is explained; held
 *
 * Returns: (transfer full): an explanation, which follows the runs
 */
ConvergeWhy *
converge_why_new (ConvergeRuns *runs)
{
  ConvergeWhy *self = g_object_new (CONVERGE_TYPE_WHY, NULL);

  self->runs = g_object_ref (runs);
  g_signal_connect_object (runs, "notify::selected", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * converge_why_get_sentence:
 * @self: an explanation
 *
 * Returns: (transfer none) (nullable): why the selected run stands where it does, in a sentence
 *   or two; %NULL as long as it goes on, and until that is found out
 */
const char *
converge_why_get_sentence (ConvergeWhy *self)
{
  return self->sentence;
}
