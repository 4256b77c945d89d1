/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-optima.h"

#include "converge-errand.h"

/* Optima of the run to be seen and of the next one are asked for at once, and there is room for
 * some that people go back to. */
#define N_KNOWN 8
#define N_SEARCHING 4

/**
 * Search:
 * @errand: what it is the beginning of
 * @spec: what the optimum of is looked for
 * @optimum: (nullable): what was found
 *
 * The work that the thread is asked to do.
 */
typedef struct
{
  ConvergeErrand errand;
  AgRunSpec spec;
  AgOptimum *optimum;
} Search;

/**
 * Known:
 * @spec: what it is the optimum of
 * @optimum: (nullable): the optimum, where there is one
 * @is_found: whether @optimum is known
 * @search: (nullable): who looks for it
 */
typedef struct
{
  AgRunSpec spec;
  AgOptimum *optimum;
  gboolean is_found;
  Search *search;
} Known;

/**
 * ConvergeOptima:
 * @runner: the thread that looks for them
 * @known: (element-type Known): those asked for last, the newest at the end
 *
 * Where runs converge to. That is a function of program and data alone, so that all who
 * show it (plots, the learning rate's bound, files) share what was found. Finding it takes
 * milliseconds, or a second where it is searched for, and is done on a thread of its own.
 */
struct _ConvergeOptima
{
  GObject parent_instance;

  GThreadPool *runner;
  GPtrArray *known;
};

enum
{
  FOUND,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeOptima, converge_optima, G_TYPE_OBJECT)

static void
known_free (gpointer data)
{
  Known *known = data;

  if (known->search != NULL)
    converge_errand_cancel (known->search);
  g_clear_pointer (&known->optimum, ag_optimum_unref);
  g_free (known);
}

static void
converge_optima_finalize (GObject *object)
{
  ConvergeOptima *self = CONVERGE_OPTIMA (object);

  g_ptr_array_unref (self->known);
  g_thread_pool_free (self->runner, FALSE, FALSE);
  G_OBJECT_CLASS (converge_optima_parent_class)->finalize (object);
}

static void
converge_optima_class_init (ConvergeOptimaClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = converge_optima_finalize;

  /**
   * ConvergeOptima::found:
   *
   * An optimum that converge_optima_find() did not know is known.
   */
  signals[FOUND] = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_optima_init (ConvergeOptima *self)
{
  self->known = g_ptr_array_new_with_free_func (known_free);
  self->runner = converge_errand_runner_new ();
}

/**
 * converge_optima_get_default:
 *
 * Returns: (transfer none): the optima that the whole program shares
 */
ConvergeOptima *
converge_optima_get_default (void)
{
  static ConvergeOptima *optima;

  if (optima == NULL)
    optima = g_object_new (CONVERGE_TYPE_OPTIMA, NULL);
  return optima;
}

/* An optimum that is found by searching may depend on where the search begins. */
static gboolean
is_of (const Known *known,
       const AgRunSpec *spec)
{
  const gboolean is_exact = known->optimum != NULL ? known->optimum->is_exact
                                                   : ag_run_spec_has_exact_optimum (spec);

  return ag_run_spec_has_same_data (&known->spec, spec)
         && (is_exact || ag_run_spec_has_same_start (&known->spec, spec));
}

static Known *
look_up (ConvergeOptima *self,
         const AgRunSpec *spec)
{
  for (guint i = self->known->len; i > 0; i--)
    {
      Known *known = g_ptr_array_index (self->known, i - 1);

      if (is_of (known, spec))
        return known;
    }
  return NULL;
}

static Known *
add (ConvergeOptima *self,
     const AgRunSpec *spec)
{
  Known *known = g_new0 (Known, 1);

  known->spec = *spec;
  if (self->known->len == N_KNOWN)
    g_ptr_array_remove_index (self->known, 0);
  g_ptr_array_add (self->known, known);
  return known;
}

static void
set_found (Known *known,
           AgOptimum *optimum)
{
  g_clear_pointer (&known->optimum, ag_optimum_unref);
  known->optimum = optimum;
  known->is_found = TRUE;
  known->search = NULL;
}

static void
run (ConvergeErrand *errand)
{
  Search *search = (Search *) errand;

  search->optimum = ag_run_spec_optimum (&search->spec, &errand->work);
}

/* The window may have gone on to other data meanwhile, and then the search was cancelled. */
static void
end (ConvergeErrand *errand,
     gpointer owner)
{
  ConvergeOptima *self = owner;
  Search *search = (Search *) errand;

  for (guint i = 0; i < self->known->len; i++)
    {
      Known *known = g_ptr_array_index (self->known, i);

      if (known->search != search)
        continue;
      set_found (known, g_steal_pointer (&search->optimum));
      g_signal_emit (self, signals[FOUND], 0);
      return;
    }
}

static void
clear (ConvergeErrand *errand)
{
  g_clear_pointer (&((Search *) errand)->optimum, ag_optimum_unref);
}

static const ConvergeErrandKind search_kind = {
  .size = sizeof (Search),
  .run = run,
  .end = end,
  .clear = clear,
};

/* Searches that are not wanted any more, as somebody types, would let the last one wait. */
static void
forget_old_searches (ConvergeOptima *self)
{
  guint n_searching = 0;

  for (guint i = self->known->len; i > 0; i--)
    {
      const Known *known = g_ptr_array_index (self->known, i - 1);

      if (known->search != NULL && ++n_searching > N_SEARCHING)
        g_ptr_array_remove_index (self->known, i - 1);
    }
}

/**
 * converge_optima_forget:
 * @self: the optima
 * @path: path of a file that was read anew, and may have other points
 *
 * Lets the optima of its points be found anew by whoever asks next.
 */
void
converge_optima_forget (ConvergeOptima *self,
                        const char *path)
{
  for (guint i = self->known->len; i > 0; i--)
    {
      const Known *known = g_ptr_array_index (self->known, i - 1);

      if (g_strcmp0 (known->spec.data, path) == 0)
        g_ptr_array_remove_index (self->known, i - 1);
    }
}

/**
 * converge_optima_find:
 * @self: the optima
 * @spec: a specification whose data can be made
 *
 * Looks whether it is known where a run converges to. If it is not, it is found out, and
 * “found” tells of it.
 *
 * Returns: (transfer none) (nullable): the optimum; %NULL if there is none or it is not
 *   known yet
 */
const AgOptimum *
converge_optima_find (ConvergeOptima *self,
                      const AgRunSpec *spec)
{
  Known *known = look_up (self, spec);

  if (known != NULL)
    return known->optimum;
  known = add (self, spec);
  known->search = converge_errand_new (&search_kind, self);
  known->search->spec = *spec;
  converge_errand_send (known->search, self->runner);
  forget_old_searches (self);
  return NULL;
}

/**
 * converge_optima_wait:
 * @self: the optima
 * @spec: a specification whose data can be made
 *
 * Does what converge_optima_find() does, for a file that is written once: what is not known is
 * found out here and now, if the model is linear, so that it takes milliseconds.
 *
 * Returns: (transfer none) (nullable): the optimum; %NULL if there is none, or it is still being
 *   searched for
 */
const AgOptimum *
converge_optima_wait (ConvergeOptima *self,
                      const AgRunSpec *spec)
{
  Known *known = look_up (self, spec);

  if (!ag_run_spec_has_exact_optimum (spec))
    return converge_optima_find (self, spec);
  if (known == NULL)
    known = add (self, spec);
  if (!known->is_found)
    {
      if (known->search != NULL)
        converge_errand_cancel (known->search);
      set_found (known, ag_run_spec_optimum (spec, NULL));
      g_signal_emit (self, signals[FOUND], 0);
    }
  return known->optimum;
}
