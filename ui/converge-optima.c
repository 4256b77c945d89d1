/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-optima.h"

#include <pthread.h>

/* What is asked for at once: of the run to be seen and of the next one; and some that
 * people go back to. */
#define N_KNOWN 8

/**
 * Known:
 * @spec: what it is the optimum of
 * @optimum: (nullable): the optimum, where there is one
 * @is_found: whether @optimum is known
 */
typedef struct
{
  AgRunSpec spec;
  AgOptimum *optimum;
  gboolean is_found;
} Known;

/**
 * Search:
 * @spec: what the optimum of is looked for
 * @optimum: (nullable): what was found
 *
 * What the thread that finds an optimum works on. It is handed over under a lock, since
 * ThreadSanitizer does not see how a GTask does that.
 */
typedef struct
{
  AgRunSpec spec;
  AgOptimum *optimum;
} Search;

static pthread_mutex_t handing_over = PTHREAD_MUTEX_INITIALIZER;

/**
 * ConvergeOptima:
 * @known: (element-type Known): those asked for last, the newest at the end
 *
 * Where runs converge to. That is a function of program and data alone, so that all who
 * show it (plots, the learning rate's bound, files) share what was found. Finding it takes
 * milliseconds, and is done on a thread of its own.
 */
struct _ConvergeOptima
{
  GObject parent_instance;

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

  g_clear_pointer (&known->optimum, ag_optimum_unref);
  g_free (known);
}

static void
converge_optima_finalize (GObject *object)
{
  g_ptr_array_unref (CONVERGE_OPTIMA (object)->known);
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

static Known *
look_up (ConvergeOptima *self,
         const AgRunSpec *spec)
{
  for (guint i = self->known->len; i > 0; i--)
    {
      Known *known = g_ptr_array_index (self->known, i - 1);

      if (ag_run_spec_has_same_data (&known->spec, spec))
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
}

static void
search_free (gpointer data)
{
  Search *search = data;

  g_clear_pointer (&search->optimum, ag_optimum_unref);
  g_free (search);
}

static void
compute (GTask *task,
         gpointer source,
         gpointer task_data,
         GCancellable *cancellable)
{
  Search *search = task_data;
  AgRunSpec spec;
  AgOptimum *optimum;

  pthread_mutex_lock (&handing_over);
  spec = search->spec;
  pthread_mutex_unlock (&handing_over);
  optimum = ag_run_spec_optimum (&spec);
  pthread_mutex_lock (&handing_over);
  search->optimum = optimum;
  pthread_mutex_unlock (&handing_over);
  g_task_return_boolean (task, TRUE);
}

/* Who asked may have gone on to other data meanwhile. */
static void
computed (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  ConvergeOptima *self = CONVERGE_OPTIMA (object);
  Search *search = g_task_get_task_data (G_TASK (result));
  Known *known = look_up (self, &search->spec);
  AgOptimum *optimum;

  pthread_mutex_lock (&handing_over);
  optimum = g_steal_pointer (&search->optimum);
  pthread_mutex_unlock (&handing_over);

  if (known != NULL && !known->is_found)
    {
      set_found (known, optimum);
      g_signal_emit (self, signals[FOUND], 0);
    }
  else if (optimum != NULL)
    ag_optimum_unref (optimum);
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
  g_autoptr (GTask) task = NULL;
  Search *search;

  if (known != NULL)
    return known->optimum;
  add (self, spec);
  search = g_new0 (Search, 1);
  pthread_mutex_lock (&handing_over);
  search->spec = *spec;
  pthread_mutex_unlock (&handing_over);
  task = g_task_new (self, NULL, computed, NULL);
  g_task_set_task_data (task, search, search_free);
  g_task_run_in_thread (task, compute);
  return NULL;
}

/**
 * converge_optima_wait:
 * @self: the optima
 * @spec: a specification whose data can be made
 *
 * Does what converge_optima_find() does, for a file that is written once and must have it:
 * what is not known is found out here and now.
 *
 * Returns: (transfer none) (nullable): the optimum; %NULL if there is none
 */
const AgOptimum *
converge_optima_wait (ConvergeOptima *self,
                      const AgRunSpec *spec)
{
  Known *known = look_up (self, spec);

  if (known == NULL)
    known = add (self, spec);
  if (!known->is_found)
    {
      set_found (known, ag_run_spec_optimum (spec));
      g_signal_emit (self, signals[FOUND], 0);
    }
  return known->optimum;
}
