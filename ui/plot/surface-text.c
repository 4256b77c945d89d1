/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/surface-plot.h"

#include "plot/plot-axis.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* A surface in words. */

/* A path whose loss is nearer than this to that of the plane under it is in the plane. */
#define IN_PLANE 1e-3

static const char *
parameter_name (const AgSurvey *survey,
                guint parameter)
{
  return survey->spec.program->model->parameters[parameter];
}

/**
 * converge_surface_axis_title:
 * @survey: what was found
 * @direction: 0 for the one across, 1 for that up
 *
 * Returns: (transfer full): what is along that direction
 */
char *
converge_surface_axis_title (const AgSurvey *survey,
                             guint direction)
{
  const AgPlane *plane = survey->field->plane;

  if (plane->kind != AG_PLANE_PATH)
    return g_strdup (parameter_name (survey, plane->parameters[direction]));
  return g_strdup_printf (direction == 0 ? _ ("first direction of the path, %.1f %% of it")
                                         : _ ("second direction, %.1f %%"),
                          100 * plane->share[direction]);
}

/* How the loss above the least divides among two pictures. */
static char *
tell_split (const AgSurvey *survey)
{
  const double here = survey->under - survey->least;
  const guint *parameters = survey->field->plane->parameters;
  char part[32], rest[32];

  converge_axis_format (fmax (here, 0), 3, part, sizeof part);
  converge_axis_format (fmax (survey->loss - survey->under, 0), 3, rest, sizeof rest);
  return g_strdup_printf (_ ("Two pictures show the whole loss: it is above the least by %s in %s and %s "
                             "and by %s in %s and %s."),
                          part, parameter_name (survey, parameters[0]),
                          parameter_name (survey, parameters[1]), rest,
                          parameter_name (survey, survey->others[0]),
                          parameter_name (survey, survey->others[1]));
}

static char *
tell_kind (const AgSurvey *survey,
           gint64 step)
{
  const AgPlane *plane = survey->field->plane;

  switch (plane->kind)
    {
    case AG_PLANE_PROFILE:
      if (survey->splits)
        return tell_split (survey);
      return g_strdup (_ ("Profile: at each place the other parameters are where they are best."));
    case AG_PLANE_SLICE:
      return g_strdup_printf (_ ("Slice: the other parameters are as at step %lld."),
                              (long long) step);
    case AG_PLANE_PATH:
    case AG_N_PLANE_KINDS:
    default:
      return g_strdup (_ ("The plane in which the path moves most, through the moment. Careful: any "
                          "path in many dimensions looks like an arc there, even a random one."));
    }
}

/* Says what can be read out of the ground under the path, and what cannot. */
static const char *
warn (const AgSurvey *survey)
{
  if (survey->paths->len == 0 || !survey->has_axes)
    return NULL;
  if (survey->gap < IN_PLANE)
    return _ ("The path is in this plane: the ground under it is its own loss.");
  if (survey->field->plane->kind == AG_PLANE_PROFILE)
    return _ ("Where the path's colour is not the ground's, the others were not at their best.");
  return _ ("The path is not in this plane: its colour is its own loss, the ground under it is not.");
}

/**
 * converge_surface_note:
 * @survey: what was found
 * @step: which moment is looked at
 *
 * Returns: (transfer full): what has to be known to read the picture
 */
char *
converge_surface_note (const AgSurvey *survey,
                       gint64 step)
{
  g_autofree char *kind = tell_kind (survey, step);
  const char *warning = warn (survey);
  GString *note = g_string_new (kind);

  if (survey->spec.program->model->n_structures > 1)
    g_string_append_printf (note, " %s", _ ("The loss is the mean over the model's structures."));
  if (warning != NULL)
    g_string_append_printf (note, " %s", warning);
  return g_string_free (note, FALSE);
}

/**
 * converge_surface_describe:
 * @survey: what was found
 *
 * Returns: (transfer full): what can be seen, for those who cannot see it
 */
char *
converge_surface_describe (const AgSurvey *survey)
{
  g_autofree char *x = converge_surface_axis_title (survey, 0);
  g_autofree char *y = converge_surface_axis_title (survey, 1);
  char at_x[32], at_y[32], loss[32], best_x[32], best_y[32], least[32];

  converge_axis_format (survey->place[0], 4, at_x, sizeof at_x);
  converge_axis_format (survey->place[1], 4, at_y, sizeof at_y);
  converge_axis_format (survey->loss, 4, loss, sizeof loss);
  if (!survey->has_optimum)
    return g_strdup_printf (_ ("Loss over %s and %s. The run is at %s and %s with a loss of %s."), x, y,
                            at_x, at_y, loss);
  converge_axis_format (survey->optimum[0], 4, best_x, sizeof best_x);
  converge_axis_format (survey->optimum[1], 4, best_y, sizeof best_y);
  converge_axis_format (survey->least, 4, least, sizeof least);
  return g_strdup_printf (_ ("Loss over %s and %s. The run is at %s and %s with a loss of %s; the "
                             "optimum is at %s and %s with %s."),
                          x, y, at_x, at_y, loss, best_x, best_y, least);
}

/**
 * converge_surface_write_csv:
 * @field: a field
 * @spec: the run that it is of
 * @least: the least loss
 * @stream: where to
 *
 * Writes the field as a table: both coordinates, the loss, and how far it is above the least.
 */
void
converge_surface_write_csv (const AgField *field,
                            const AgRunSpec *spec,
                            double least,
                            FILE *stream)
{
  static const char *const directions[] = { "first", "second" };
  const gboolean is_along = field->plane->kind == AG_PLANE_PATH;

  for (guint i = 0; i < 2; i++)
    fprintf (stream, "%s,",
             is_along ? directions[i] : spec->program->model->parameters[field->plane->parameters[i]]);
  fputs ("loss,excess\n", stream);
  for (guint row = 0; row < AG_FIELD_NODES; row += field->stride)
    for (guint column = 0; column < AG_FIELD_NODES; column += field->stride)
      {
        const double loss = field->values[row * AG_FIELD_NODES + column];
        const double numbers[] = { ag_field_coordinate (field, 0, column),
                                   ag_field_coordinate (field, 1, row), loss, loss - least };

        for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
          {
            char text[G_ASCII_DTOSTR_BUF_SIZE];

            fprintf (stream, "%s%c", g_ascii_formatd (text, sizeof text, "%.17g", numbers[i]),
                     i + 1 < G_N_ELEMENTS (numbers) ? ',' : '\n');
          }
      }
}
