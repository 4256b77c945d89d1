/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-why.h"

#include "converge-farewell.h"

/**
 * Request:
 * @errand: what it is the beginning of
 * @run: a run that is over
 * @snapshot: its last snapshot
 * @sentence: (nullable): the result
 * @kind: what it says, in short
 *
 * The thread is asked this.
 */
typedef struct
{
  ConvergeErrand errand;
  AgRun *run;
  AgSnapshot *snapshot;
  char *sentence;
  AgWhyKind kind;
} Request;

/**
 * ConvergeWhy:
 * @runs: of which the selected one is explained
 * @explained: (nullable): the run that is explained, or being explained
 * @serial: which of its snapshots
 * @sentence: (nullable): why that run stands where it does
 * @kind: how it stands, if there is a sentence
 *
 * Finds out why the selected run stands where it does, once it is over. “found” tells of another
 * sentence, or that there is none any more.
 */
struct _ConvergeWhy
{
  ConvergeFinder parent_instance;

  ConvergeRuns *runs;
  AgRun *explained;
  guint64 serial;
  char *sentence;
  AgWhyKind kind;
};

G_DEFINE_FINAL_TYPE (ConvergeWhy, converge_why, CONVERGE_TYPE_FINDER)

static void
run (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;
  request->sentence = ag_why_new (ag_run_trainer (request->run), request->snapshot, &errand->work,
                                  &request->kind, NULL);
}

static gboolean
take (ConvergeFinder *finder,
      ConvergeErrand *errand)
{
  ConvergeWhy *self = CONVERGE_WHY (finder);
  Request *request = (Request *) errand;

  self->kind = request->kind;
  self->sentence = g_steal_pointer (&request->sentence);
  return self->sentence != NULL;
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
  .end = converge_finder_end,
  .clear = clear,
};

static void
forget (ConvergeFinder *finder)
{
  ConvergeWhy *self = CONVERGE_WHY (finder);

  self->explained = NULL;
  g_clear_pointer (&self->sentence, g_free);
}

static void
forget_and_tell (ConvergeWhy *self)
{
  const gboolean is_known = self->sentence != NULL;

  converge_finder_forget (CONVERGE_FINDER (self));
  if (is_known)
    converge_finder_tell (CONVERGE_FINDER (self));
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
  Request *request;

  if (over == NULL)
    {
      forget_and_tell (self);
      return;
    }
  if (over == self->explained && snapshot->serial == self->serial)
    return;
  forget_and_tell (self);
  self->explained = over;
  self->serial = snapshot->serial;
  request = converge_errand_new (&request_kind, self);
  request->run = ag_run_ref (over);
  request->snapshot = ag_snapshot_copy (snapshot);
  converge_finder_ask (CONVERGE_FINDER (self), request);
}

static void
converge_why_dispose (GObject *object)
{
  g_clear_object (&CONVERGE_WHY (object)->runs);
  G_OBJECT_CLASS (converge_why_parent_class)->dispose (object);
}

static void
converge_why_class_init (ConvergeWhyClass *klass)
{
  ConvergeFinderClass *finder_class = CONVERGE_FINDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_why_dispose;
  finder_class->take = take;
  finder_class->forget = forget;
}

static void
converge_why_init (ConvergeWhy *self)
{
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

/**
 * converge_why_get_kind:
 * @self: an explanation that has a sentence
 *
 * Returns: how the selected run stands
 */
AgWhyKind
converge_why_get_kind (ConvergeWhy *self)
{
  return self->kind;
}
