/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-surface-view-private.h"

#include <glib/gi18n-lib.h>

/* Below a surface one chooses over what it is. */

static void
set_strings (GtkDropDown *choice,
             const char *const *strings,
             guint selected)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (strings);

  gtk_drop_down_set_model (choice, G_LIST_MODEL (list));
  gtk_drop_down_set_selected (choice, selected);
}

static void
find_free (ConvergeSurfaceView *self,
           const AgRunSpec *spec)
{
  g_array_set_size (self->free, 0);
  for (guint i = 0; i < spec->program->model->n_parameters; i++)
    if (!ag_run_spec_is_held (spec, i))
      g_array_append_val (self->free, i);
}

static guint
find_position (ConvergeSurfaceView *self,
               guint parameter)
{
  for (guint i = 0; i < self->free->len; i++)
    if (g_array_index (self->free, guint, i) == parameter)
      return i;
  return 0;
}

static void
fill_parameters (ConvergeSurfaceView *self,
                 const AgRunSpec *spec)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint parameters[2];

  ag_survey_wish_default_parameters (spec, parameters);
  for (guint i = 0; i < self->free->len; i++)
    g_ptr_array_add (names, (gpointer) spec->program->model->parameters[g_array_index (self->free, guint, i)]);
  g_ptr_array_add (names, NULL);
  set_strings (self->across, (const char *const *) names->pdata, find_position (self, parameters[0]));
  set_strings (self->up, (const char *const *) names->pdata, find_position (self, parameters[1]));
}

/* In the order of the kinds; a model whose profile would take too long has none. */
static void
fill_kinds (ConvergeSurfaceView *self,
            const AgRunSpec *spec)
{
  const char *const all[] = { _ ("Others at Their Best"), _ ("Slice Through the Moment"),
                              _ ("Plane of the Path"), NULL };
  const gboolean has_profile = ag_surface_has_profile (spec);

  set_strings (self->kinds, has_profile ? all : all + 1,
               spec->program->model->is_linear && has_profile ? 0 : has_profile ? 1
                                                                                : 0);
}

/**
 * converge_surface_view_fill:
 * @self: a view
 * @spec: the run that it is to show
 *
 * Offers the choices that there are for the run, unless they are offered already.
 *
 * Returns: whether it has two parameters to choose
 */
gboolean
converge_surface_view_fill (ConvergeSurfaceView *self,
                            const AgRunSpec *spec)
{
  if (self->model != spec->program->model || g_strcmp0 (self->hold, spec->hold) != 0)
    {
      self->is_filling = TRUE;
      self->model = spec->program->model;
      /* It lives as long as the process. */
      self->hold = spec->hold;
      self->has_kind = FALSE;
      find_free (self, spec);
      fill_parameters (self, spec);
      fill_kinds (self, spec);
      self->is_filling = FALSE;
    }
  return self->free->len >= 2;
}

static guint
n_left_out (ConvergeSurfaceView *self)
{
  return AG_N_PLANE_KINDS - g_list_model_get_n_items (gtk_drop_down_get_model (self->kinds));
}

/**
 * converge_surface_view_chosen:
 * @self: a view that offers its choices
 * @has_kind: (out): whether somebody chose a kind of plane
 * @kind: (out): which
 * @parameters: (out): and over which parameters it is
 */
void
converge_surface_view_chosen (ConvergeSurfaceView *self,
                              gboolean *has_kind,
                              AgPlaneKind *kind,
                              guint parameters[2])
{
  *has_kind = self->has_kind;
  *kind = (AgPlaneKind) (gtk_drop_down_get_selected (self->kinds) + n_left_out (self));
  parameters[0] = g_array_index (self->free, guint, gtk_drop_down_get_selected (self->across));
  parameters[1] = g_array_index (self->free, guint, gtk_drop_down_get_selected (self->up));
}

/**
 * converge_surface_view_show_kind:
 * @self: a view
 * @kind: the kind of plane that is to be seen
 *
 * Shows which kind it is where nobody chose one; the plane of a path is over no parameters.
 */
void
converge_surface_view_show_kind (ConvergeSurfaceView *self,
                                 AgPlaneKind kind)
{
  /* The survey that was found may be older than the choice. */
  if (!self->has_kind)
    {
      self->is_filling = TRUE;
      gtk_drop_down_set_selected (self->kinds, kind - n_left_out (self));
      self->is_filling = FALSE;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->across), kind != AG_PLANE_PATH);
  gtk_widget_set_visible (GTK_WIDGET (self->up), kind != AG_PLANE_PATH);
}
