/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "surface/survey.h"

#include "explain/eigen.h"

#include <math.h>
#include <string.h>

/* Room around what is to be seen, of its size, and around the optimum, whose contours are to be seen
 * from all sides. */
#define MARGIN 0.08
#define OPTIMUM_MARGIN 0.3

/* The ends of a range are multiples of its size over this, so that it does not change with each step
 * of a run that goes on. */
#define DIVISIONS 16

/* An optimum that is so many times as far away as the path is long is out of the picture. */
#define FAR_AWAY 4

/* A run that is lost goes far: what is so many times as much as its first loss is not shown. */
#define LOST 10

/* How many points of the trace of a run that goes on may be ahead of its losses. */
#define N_NEWEST 3

/* Losses that differ by less than this share are the same but for rounding; then so much more is shown,
 * so many times at most. */
#define FLAT 1e-3
#define WIDENING 16
#define MOST_WIDENINGS 8

/* At so many points it is found out whether a path is in the plane, and at fewer where that takes
 * long. */
#define MOST_COMPARED 48
#define FEW_COMPARED 6

/**
 * ag_survey_wish_new:
 *
 * Returns: (transfer full): a wish without anything in it
 */
AgSurveyWish *
ag_survey_wish_new (void)
{
  AgSurveyWish *wish = g_new0 (AgSurveyWish, 1);

  wish->paths = g_ptr_array_new_with_free_func ((GDestroyNotify) ag_survey_path_free);
  return wish;
}

/**
 * ag_survey_wish_free:
 * @wish: (transfer full): a wish
 */
void
ag_survey_wish_free (AgSurveyWish *wish)
{
  g_clear_pointer (&wish->at, ag_moment_unref);
  g_clear_pointer (&wish->next, ag_moment_unref);
  g_clear_pointer (&wish->before, ag_moment_unref);
  g_clear_pointer (&wish->paths, g_ptr_array_unref);
  g_free (wish->initial);
  g_free (wish);
}

/**
 * ag_survey_wish_default_parameters:
 * @spec: a run
 * @parameters: (out): two parameters to begin with
 *
 * Chooses b and d where there are such, since of a cubic these make most of the loss; else the
 * first two that are not held.
 */
void
ag_survey_wish_default_parameters (const AgRunSpec *spec,
                                   guint parameters[2])
{
  const AgModelClass *model = spec->program->model;
  const gint b = ag_model_class_find_parameter (model, "b");
  const gint d = ag_model_class_find_parameter (model, "d");
  guint n = 0;

  parameters[0] = 0;
  parameters[1] = MIN (1, model->n_parameters - 1);
  if (b >= 0 && d >= 0 && !ag_run_spec_is_held (spec, (guint) b)
      && !ag_run_spec_is_held (spec, (guint) d))
    {
      parameters[0] = (guint) b;
      parameters[1] = (guint) d;
      return;
    }
  for (guint i = 0; i < model->n_parameters && n < 2; i++)
    if (!ag_run_spec_is_held (spec, i))
      parameters[n++] = i;
}

/* The wished plane, through the moment. */
static AgPlane *
make_plane (const AgSurveyWish *wish,
            const double *at,
            guint n)
{
  const AgSurveyPath *path = wish->paths->len > 0 ? g_ptr_array_index (wish->paths, 0) : NULL;
  gsize n_points = 0;

  if (wish->kind != AG_PLANE_PATH)
    return ag_plane_new (wish->kind, n, wish->parameters, at);
  while (path != NULL && n_points < path->n && isfinite (path->losses[n_points]))
    n_points++;
  return ag_plane_new_along (n, n_points, path != NULL ? path->coefficients : NULL, at);
}

static void
locate (AgSurvey *survey)
{
  const AgPlane *plane = survey->field->plane;

  for (guint i = 0; i < survey->paths->len; i++)
    {
      AgSurveyPath *path = g_ptr_array_index (survey->paths, i);

      path->places = g_new (double, 2 * path->n + 1);
      for (gsize k = 0; k < path->n; k++)
        ag_plane_find (plane, path->coefficients + k * plane->n, path->places + 2 * k);
    }
}

/* With several structures each step has the loss of one, but the surface is the mean over all; so
 * the losses of the path are computed as means too. No step has computed a loss of the place where
 * the run is now. */
static gboolean
find_losses (AgSurvey *survey,
             AgSurface *surface,
             GError **error)
{
  const gboolean is_mean = survey->spec.program->model->n_structures > 1;

  for (guint i = 0; i < survey->paths->len; i++)
    {
      AgSurveyPath *path = g_ptr_array_index (survey->paths, i);

      for (gsize k = 0; k < path->n; k++)
        if ((is_mean || (isnan (path->losses[k]) && k + N_NEWEST >= path->n))
            && !ag_surface_loss (surface, path->coefficients + k * survey->field->plane->n,
                                 &path->losses[k], error))
          return FALSE;
    }
  return TRUE;
}

static void
include (double range[2],
         double value)
{
  range[0] = fmin (range[0], value);
  range[1] = fmax (range[1], value);
}

static void
include_around (double range[2],
                double value)
{
  double size;

  include (range, value);
  size = range[1] - range[0];
  include (range, value - OPTIMUM_MARGIN * size);
  include (range, value + OPTIMUM_MARGIN * size);
}

static void
include_path (AgPlane *plane,
              const AgSurveyPath *path)
{
  const double most = path->n > 0 ? LOST * fabs (path->losses[0]) : 0;

  for (gsize k = 0; k < path->n; k++)
    {
      double place[2];

      if (!(path->losses[k] <= most))
        continue;
      ag_plane_find (plane, path->coefficients + k * plane->n, place);
      include (plane->range[0], place[0]);
      include (plane->range[1], place[1]);
    }
}

static gboolean
is_far_away (const AgPlane *plane,
             const double place[2])
{
  for (guint i = 0; i < 2; i++)
    {
      const double *range = plane->range[i];
      const double size = fmax (range[1] - range[0], fmax (fabs (range[0]), fabs (range[1])));

      if (!(place[i] >= range[0] - FAR_AWAY * size && place[i] <= range[1] + FAR_AWAY * size))
        return TRUE;
    }
  return FALSE;
}

static void
round_out (double range[2])
{
  double size = range[1] - range[0], part;

  if (!(size > 1e-9 * fmax (fabs (range[0]), fabs (range[1]))))
    size = fmax (fabs (range[0]), 1);
  part = exp2 (ceil (log2 (size))) / DIVISIONS;
  range[0] = part * floor ((range[0] - MARGIN * size) / part);
  range[1] = part * ceil ((range[1] + MARGIN * size) / part);
}

/* The plane shows the paths, the moment, and the optimum unless it is far away. */
static void
find_range (AgPlane *plane,
            const AgSurveyWish *wish,
            const double *at,
            const AgOptimum *optimum)
{
  double place[2];

  if (wish->has_range)
    {
      memcpy (plane->range, wish->range, sizeof plane->range);
      return;
    }
  for (guint i = 0; i < 2; i++)
    plane->range[i][0] = plane->range[i][1] = NAN;
  for (guint i = 0; i < wish->paths->len; i++)
    include_path (plane, g_ptr_array_index (wish->paths, i));
  ag_plane_find (plane, at, place);
  if (isnan (plane->range[0][0]))
    for (guint i = 0; i < 2; i++)
      include (plane->range[i], place[i]);
  if (optimum != NULL)
    {
      ag_plane_find (plane, optimum->coefficients, place);
      for (guint i = 0; i < 2 && !is_far_away (plane, place); i++)
        include_around (plane->range[i], place[i]);
    }
  for (guint i = 0; i < 2; i++)
    round_out (plane->range[i]);
}

/* How far the surface under the path is from the path's own loss. */
static gboolean
compare (AgSurvey *survey,
         AgSurface *surface,
         GError **error)
{
  const AgField *field = survey->field;
  const AgSurveyPath *path = survey->paths->len > 0 ? g_ptr_array_index (survey->paths, 0) : NULL;
  const gsize n_points = path != NULL ? path->n : 0;
  const gsize n = MIN (n_points, (gsize) (field->others != NULL ? FEW_COMPARED : MOST_COMPARED));
  g_autofree double *at = g_new (double, field->plane->n);

  for (gsize i = 0; i < n; i++)
    {
      const gsize k = n > 1 ? i * (n_points - 1) / (n - 1) : 0;
      double own, under;

      if (!isfinite (path->losses[k]))
        continue;
      if (!ag_surface_loss (surface, path->coefficients + k * field->plane->n, &own, error)
          || !ag_surface_at (surface, field, path->places[2 * k], path->places[2 * k + 1], at, &under,
                             error))
        return FALSE;
      if (isfinite (own) && isfinite (under))
        survey->gap = fmax (survey->gap,
                            fabs (own - under)
                              / fmax (fmax (own, under) - survey->least, 1e-9 * fabs (own)));
    }
  return TRUE;
}

static void
find_axes (AgSurvey *survey,
           const double curvature[4])
{
  double matrix[4], values[2], vectors[4];

  memcpy (matrix, curvature, sizeof matrix);
  ag_eigen_symmetric (2, matrix, values, vectors);
  for (guint i = 0; i < 2; i++)
    {
      survey->curvatures[i] = values[i];
      survey->directions[i][0] = vectors[2 * i];
      survey->directions[i][1] = vectors[2 * i + 1];
    }
  survey->has_axes = isfinite (values[0]) && isfinite (values[1]);
}

/* The curvature at the optimum, if that is on the plane, and else where the run is. */
static gboolean
find_curvature (AgSurvey *survey,
                AgSurface *surface,
                GError **error)
{
  const AgOptimum *optimum = ag_surface_optimum (surface);
  const double *at = survey->is_optimum_on ? optimum->coefficients : survey->at;
  double curvature[4];

  memcpy (survey->center, survey->is_optimum_on ? survey->optimum : survey->place,
          sizeof survey->center);
  if (!ag_surface_curvature (surface, survey->field->plane, at, curvature, error))
    return FALSE;
  find_axes (survey, curvature);
  return TRUE;
}

/* A slice has the optimum on it if the others are there what they are in the slice, as far as the
 * loss can tell. */
static gboolean
find_optimum (AgSurvey *survey,
              AgSurface *surface,
              GError **error)
{
  const AgOptimum *optimum = ag_surface_optimum (surface);
  const AgPlane *plane = survey->field->plane;
  g_autofree double *at = g_new (double, plane->n);
  double under;

  if (optimum == NULL)
    return TRUE;
  survey->has_optimum = TRUE;
  ag_plane_find (plane, optimum->coefficients, survey->optimum);
  survey->is_optimum_on = plane->kind == AG_PLANE_PROFILE;
  if (survey->is_optimum_on)
    return TRUE;
  ag_plane_at (plane, survey->optimum[0], survey->optimum[1], at);
  if (!ag_surface_loss (surface, at, &under, error))
    return FALSE;
  survey->is_optimum_on = fabs (under - survey->least) <= 1e-6 * fabs (survey->least);
  return TRUE;
}

static void
find_arrows (AgSurvey *survey,
             const AgSurveyWish *wish)
{
  const AgMoment *before = wish->before != NULL ? wish->before : wish->at;
  g_autofree double *part = g_new (double, survey->field->plane->n);

  if (wish->next == NULL || before == NULL)
    return;
  survey->is_last = wish->before != NULL;
  for (guint i = 0; i < AG_N_STEP_PARTS; i++)
    {
      survey->has_arrow[i]
        = ag_step_part (&survey->spec, before, wish->next, (AgStepPart) i, part);
      if (survey->has_arrow[i])
        ag_plane_find (survey->field->plane, part, survey->arrows[i]);
      survey->has_arrow[i] = survey->has_arrow[i] && isfinite (survey->arrows[i][0])
                             && isfinite (survey->arrows[i][1]);
    }
}

/* A loss below what was found is the least that is known. */
static void
find_least (AgSurvey *survey)
{
  const AgField *field = survey->field;

  for (guint row = 0; row < AG_FIELD_NODES; row += field->stride)
    for (guint column = 0; column < AG_FIELD_NODES; column += field->stride)
      {
        const double value = field->values[row * AG_FIELD_NODES + column];

        if (isfinite (value))
          survey->least = fmin (survey->least, value);
      }
  if (isfinite (survey->loss))
    survey->least = fmin (survey->least, survey->loss);
}

static gboolean
find_moment (AgSurvey *survey,
             AgSurface *surface,
             GError **error)
{
  g_autofree double *at = g_new (double, survey->field->plane->n);

  ag_plane_find (survey->field->plane, survey->at, survey->place);
  return ag_surface_loss (surface, survey->at, &survey->loss, error)
         && ag_surface_at (surface, survey->field, survey->place[0], survey->place[1], at,
                           &survey->under, error);
}

/* Whether all that is known of a field is the same but for rounding. */
static gboolean
is_flat (const AgField *field)
{
  double range[2] = { NAN, NAN };

  for (guint row = 0; row < AG_FIELD_NODES; row += field->stride)
    for (guint column = 0; column < AG_FIELD_NODES; column += field->stride)
      if (isfinite (field->values[row * AG_FIELD_NODES + column]))
        include (range, field->values[row * AG_FIELD_NODES + column]);
  return range[1] - range[0] < FLAT * fmax (fabs (range[0]), fabs (range[1]));
}

static void
widen (double range[2])
{
  const double middle = (range[0] + range[1]) / 2, half = (range[1] - range[0]) / 2;

  range[0] = middle - WIDENING * half;
  range[1] = middle + WIDENING * half;
}

/* A path that goes nowhere along both directions moves by nothing but rounding. Around it, too, there is
 * a surface. */
static AgField *
begin_field (AgSurface *surface,
             AgPlane *plane,
             gboolean has_range,
             GError **error)
{
  for (guint n_tries = 0;; n_tries++)
    {
      g_autoptr (AgField) field = ag_surface_begin (surface, plane);

      if (field->stride > AG_FIELD_FIRST_STRIDE && !ag_surface_refine (surface, field, error))
        return NULL;
      if (has_range || n_tries == MOST_WIDENINGS || !is_flat (field))
        return g_steal_pointer (&field);
      for (guint i = 0; i < 2; i++)
        widen (plane->range[i]);
    }
}

/**
 * ag_survey_new:
 * @surface: a surface
 * @spec: the run
 * @wish: what is to be seen; its paths are taken from it
 * @error: return location for a #GError
 *
 * Finds out what can soon be seen: of a loss that is quadratic all, else a coarse field, which
 * ag_survey_refine() completes.
 *
 * Returns: (transfer full) (nullable): the survey, or %NULL with @error set
 */
AgSurvey *
ag_survey_new (AgSurface *surface,
               const AgRunSpec *spec,
               AgSurveyWish *wish,
               GError **error)
{
  const guint n = spec->program->model->n_parameters;
  const double *at = wish->at != NULL ? wish->at->coefficients : wish->initial;
  const AgQuadratic *quadratic = ag_surface_quadratic (surface);
  g_autoptr (AgSurvey) survey = g_new0 (AgSurvey, 1);
  g_autoptr (AgPlane) plane = make_plane (wish, at, n);

  find_range (plane, wish, at, ag_surface_optimum (surface));
  survey->spec = *spec;
  survey->at = g_memdup2 (at, sizeof (double) * n);
  survey->rate = wish->next != NULL ? wish->next->lr : spec->lr;
  survey->least = ag_surface_least (surface);
  survey->field = begin_field (surface, plane, wish->has_range, error);
  if (survey->field == NULL)
    return NULL;
  survey->paths = g_steal_pointer (&wish->paths);
  locate (survey);
  find_arrows (survey, wish);
  survey->is_quadratic = quadratic != NULL;
  survey->splits = quadratic != NULL && plane->kind == AG_PLANE_PROFILE
                   && ag_quadratic_splits (quadratic, plane->parameters, survey->others);
  if (!find_losses (survey, surface, error) || !find_optimum (survey, surface, error) || !find_moment (survey, surface, error))
    return NULL;
  find_least (survey);
  if (ag_survey_is_complete (survey)
      && (!find_curvature (survey, surface, error) || !compare (survey, surface, error)))
    return NULL;
  return g_steal_pointer (&survey);
}

/**
 * ag_survey_refine:
 * @survey: a survey
 * @surface: the surface that it is of
 * @error: return location for a #GError
 *
 * Finds out more.
 *
 * Returns: whether all went well; else the survey is as before
 */
gboolean
ag_survey_refine (AgSurvey *survey,
                  AgSurface *surface,
                  GError **error)
{
  if (!survey->has_axes
      && (!find_curvature (survey, surface, error) || !compare (survey, surface, error)))
    return FALSE;
  if (!ag_surface_refine (surface, survey->field, error))
    return FALSE;
  find_least (survey);
  return TRUE;
}

/**
 * ag_survey_is_complete:
 * @survey: a survey
 *
 * Returns: whether there is nothing more to find out
 */
gboolean
ag_survey_is_complete (const AgSurvey *survey)
{
  return survey->field->stride == 1;
}

/**
 * ag_survey_free:
 * @survey: (transfer full): a survey
 */
void
ag_survey_free (AgSurvey *survey)
{
  g_clear_pointer (&survey->field, ag_field_free);
  g_clear_pointer (&survey->paths, g_ptr_array_unref);
  g_free (survey->at);
  g_free (survey);
}
