/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-visibility.h"

#include "plot/run-plots.h"

#include <string.h>

/* Which series people chose to see: by a click in a legend or in the
 * preferences, for every plot from then on. */

struct _ConvergeVisibility
{
  GObject parent_instance;

  GSettings *store;
  GHashTable *chosen;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeVisibility, converge_visibility, G_TYPE_OBJECT)

static void
converge_visibility_finalize (GObject *object)
{
  ConvergeVisibility *self = CONVERGE_VISIBILITY (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->chosen, g_hash_table_unref);
  G_OBJECT_CLASS (converge_visibility_parent_class)->finalize (object);
}

static void
converge_visibility_class_init (ConvergeVisibilityClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = converge_visibility_finalize;

  /**
   * ConvergeVisibility::changed:
   * @self: the choice
   *
   * A series is to be shown or hidden.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_visibility_init (ConvergeVisibility *self)
{
  self->chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
choose (ConvergeVisibility *self,
        const char *series,
        gboolean is_visible)
{
  g_hash_table_replace (self->chosen, g_strdup (series), GINT_TO_POINTER (is_visible));
}

/**
 * converge_visibility_new:
 * @store: (nullable): where the choice is kept
 *
 * Returns: (transfer full): the choice made last
 */
ConvergeVisibility *
converge_visibility_new (GSettings *store)
{
  ConvergeVisibility *self = g_object_new (CONVERGE_TYPE_VISIBILITY, NULL);
  g_autoptr (GVariant) chosen = NULL;
  GVariantIter iter;
  const char *series;
  gboolean is_visible;

  if (store == NULL)
    return self;
  self->store = g_object_ref (store);
  chosen = g_settings_get_value (store, "series");
  g_variant_iter_init (&iter, chosen);
  while (g_variant_iter_next (&iter, "{&sb}", &series, &is_visible))
    choose (self, series, is_visible);
  return self;
}

static gboolean
is_shown_by_default (const char *series)
{
  for (guint i = 0; i < converge_optional_series_n (); i++)
    if (strcmp (converge_optional_series_nth (i)->id, series) == 0)
      return converge_optional_series_nth (i)->is_shown;
  return TRUE;
}

/**
 * converge_visibility_get:
 * @self: the choice
 * @series: id of a series
 *
 * Returns: whether it is to be seen
 */
gboolean
converge_visibility_get (ConvergeVisibility *self,
                         const char *series)
{
  gpointer is_visible;

  if (g_hash_table_lookup_extended (self->chosen, series, NULL, &is_visible))
    return GPOINTER_TO_INT (is_visible);
  return is_shown_by_default (series);
}

static void
save (ConvergeVisibility *self)
{
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer series, is_visible;

  if (self->store == NULL)
    return;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sb}"));
  g_hash_table_iter_init (&iter, self->chosen);
  while (g_hash_table_iter_next (&iter, &series, &is_visible))
    g_variant_builder_add (&builder, "{sb}", series, GPOINTER_TO_INT (is_visible));
  g_settings_set_value (self->store, "series", g_variant_builder_end (&builder));
}

/**
 * converge_visibility_set:
 * @self: the choice
 * @series: id of a series
 * @is_visible: whether it is to be seen
 */
void
converge_visibility_set (ConvergeVisibility *self,
                         const char *series,
                         gboolean is_visible)
{
  if (converge_visibility_get (self, series) == is_visible)
    return;
  choose (self, series, is_visible);
  save (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * converge_visibility_apply:
 * @self: the choice
 * @plot: a plot
 *
 * Shows and hides its series.
 */
void
converge_visibility_apply (ConvergeVisibility *self,
                           ConvergePlot *plot)
{
  for (guint i = 0; i < plot->series->len; i++)
    {
      ConvergeSeries *series = g_ptr_array_index (plot->series, i);

      series->is_visible = converge_visibility_get (self, series->id);
    }
}
