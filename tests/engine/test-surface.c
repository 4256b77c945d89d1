/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "surface/survey.h"
#include "train/initial.h"
#include "train/run.h"
#include "train/setting.h"

#include <math.h>
#include <string.h>

#define N_NODES 200

/* Of a net, whose loss at a node takes a pass over all of its points. */
#define N_POINTS 300

static AgRunSpec
make_spec (const char *program,
           AgDType dtype)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find (program));
  spec.dtype = dtype;
  return spec;
}

static AgSurface *
make_surface (const AgRunSpec *spec,
              gboolean has_optimum)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgData) data = ag_run_spec_data (spec, &error);
  g_autoptr (AgOptimum) optimum = has_optimum ? ag_run_spec_optimum (spec, NULL) : NULL;
  AgSurface *surface = ag_surface_new (spec, data, optimum, 2, NULL, &error);

  g_assert_no_error (error);
  return surface;
}

static void
complete (AgSurface *surface,
          AgField *field)
{
  g_autoptr (GError) error = NULL;

  while (field->stride > 1)
    {
      g_assert_true (ag_surface_refine (surface, field, &error));
      g_assert_no_error (error);
    }
}

/* The loss of a run that begins there, before its first update. */
static double
engine_loss (const AgRunSpec *spec,
             const double *coefficients)
{
  const AgModelClass *model = spec->program->model;
  AgRunSpec beginning = *spec;
  g_autoptr (GString) init = g_string_new (NULL);
  g_autoptr (AgRun) run = NULL;
  AgHistoryEntry entry;

  for (guint i = 0; i < model->n_parameters; i++)
    g_string_append_printf (init, "%s%s=%.17g", i > 0 ? "," : "", model->parameters[i],
                            coefficients[i]);
  fixture_set (&beginning, "init", init->str);
  beginning.steps = 1;
  beginning.dtype = AG_DTYPE_FLOAT64;
  run = fixture_run (&beginning);
  g_assert_cmpuint (ag_history_read (ag_run_history (run), 0, 0, 0, 1, &entry), ==, 1);
  return entry.loss;
}

static AgPlane *
make_plane (const AgRunSpec *spec,
            AgPlaneKind kind,
            const double *through,
            double width)
{
  guint parameters[2];
  AgPlane *plane;

  ag_survey_wish_default_parameters (spec, parameters);
  plane = ag_plane_new (kind, spec->program->model->n_parameters, parameters, through);
  for (guint i = 0; i < 2; i++)
    {
      plane->range[i][0] = through[parameters[i]] - width;
      plane->range[i][1] = through[parameters[i]] + width * (1 + i);
    }
  return plane;
}

/* At random nodes the field is what the engine says when a run begins there. */
static void
test_nodes (gconstpointer program)
{
  AgRunSpec spec = make_spec (program, AG_DTYPE_FLOAT64);
  const guint n = spec.program->model->n_parameters;
  g_autoptr (AgSurface) surface = NULL;
  g_autoptr (AgPlane) plane = NULL;
  g_autoptr (AgField) field = NULL;
  g_autofree double *at = g_new (double, n);
  const guint n_compared = n > 8 ? N_NODES / 8 : N_NODES;

  if (strcmp (program, "mlp") == 0)
    spec.points = N_POINTS;
  surface = make_surface (&spec, FALSE);
  g_assert_true (ag_run_spec_initial (&spec, at, NULL));
  plane = make_plane (&spec, AG_PLANE_SLICE, at, 0.7);
  field = ag_surface_begin (surface, plane);
  complete (surface, field);
  for (guint i = 0; i < n_compared; i++)
    {
      const guint column = (guint) g_test_rand_int_range (0, AG_FIELD_NODES);
      const guint row = (guint) g_test_rand_int_range (0, AG_FIELD_NODES);

      ag_plane_at (plane, ag_field_coordinate (field, 0, column),
                   ag_field_coordinate (field, 1, row), at);
      fixture_assert_near (field->values[row * AG_FIELD_NODES + column], engine_loss (&spec, at),
                           1e-6);
    }
}

/* The whole field of a quadratic loss comes from the matrix of the normal equations. */
static void
test_profile_of_cubic (void)
{
  const AgRunSpec spec = make_spec ("numpy", AG_DTYPE_FLOAT64);
  g_autoptr (AgSurface) surface = make_surface (&spec, TRUE);
  g_autoptr (AgPlane) plane = make_plane (&spec, AG_PLANE_PROFILE, (double[]){ 1, 2, 3, 4 }, 5);
  g_autoptr (AgField) field = ag_surface_begin (surface, plane);

  g_assert_cmpuint (field->stride, ==, 1);
  for (guint i = 0; i < N_NODES; i++)
    {
      const guint column = (guint) g_test_rand_int_range (0, AG_FIELD_NODES);
      const guint row = (guint) g_test_rand_int_range (0, AG_FIELD_NODES);
      double at[4], loss;

      g_assert_true (ag_surface_at (surface, field, ag_field_coordinate (field, 0, column),
                                    ag_field_coordinate (field, 1, row), at, &loss, NULL));
      fixture_assert_near (loss, field->values[row * AG_FIELD_NODES + column], 1e-6);
      fixture_assert_near (loss, engine_loss (&spec, at), 1e-6);
      /* On a symmetric interval the others are best where they are at the optimum. */
      fixture_assert_near (at[0], ag_surface_optimum (surface)->coefficients[0], 1e-6);
      fixture_assert_near (at[2], ag_surface_optimum (surface)->coefficients[2], 1e-6);
    }
}

static double
best_with (const AgRunSpec *spec,
           const AgPlane *plane,
           double x,
           double y)
{
  const char *const *names = spec->program->model->parameters;
  AgRunSpec held = *spec;
  g_autofree char *hold = g_strdup_printf ("%s,%s", names[plane->parameters[0]],
                                           names[plane->parameters[1]]);
  g_autoptr (AgOptimum) optimum = NULL;

  ag_run_spec_set_init_value (&held, plane->parameters[0], x);
  ag_run_spec_set_init_value (&held, plane->parameters[1], y);
  fixture_set (&held, "hold", hold);
  optimum = ag_run_spec_optimum (&held, NULL);
  g_assert_nonnull (optimum);
  return optimum->loss;
}

/* For a loss that is not quadratic the other coefficients are searched at each node. */
static void
test_profile_of_legendre (void)
{
  const AgRunSpec spec = make_spec ("legendre", AG_DTYPE_FLOAT64);
  g_autoptr (AgSurface) surface = make_surface (&spec, TRUE);
  const double *best = ag_surface_optimum (surface)->coefficients;
  g_autoptr (AgPlane) plane = make_plane (&spec, AG_PLANE_PROFILE, best, 0.1);
  g_autoptr (AgField) field = ag_surface_begin (surface, plane);
  const gint64 begun_us = g_get_monotonic_time ();
  guint n_near = 0;

  complete (surface, field);
  g_test_message ("complete after %" G_GINT64_FORMAT " µs", g_get_monotonic_time () - begun_us);
  for (guint i = 0; i < 20; i++)
    {
      const guint column = (guint) g_test_rand_int_range (0, AG_FIELD_NODES);
      const guint row = (guint) g_test_rand_int_range (0, AG_FIELD_NODES);
      const double best_there = best_with (&spec, plane, ag_field_coordinate (field, 0, column),
                                           ag_field_coordinate (field, 1, row));
      const double loss = field->values[row * AG_FIELD_NODES + column];

      g_assert_cmpfloat (loss, >=, best_there * (1 - 1e-6));
      n_near += loss <= best_there * (1 + 1e-4);
    }
  /* A few may be another place where the others are best nearby. */
  g_assert_cmpuint (n_near, >=, 17);
}

static AgSurvey *
survey_run (AgRun *run,
            AgSurface *surface,
            AgPlaneKind kind,
            const guint parameters[2],
            gint64 step)
{
  const AgSnapshot snapshot = { .step = ag_history_n_steps (ag_run_history (run)) };
  g_autoptr (AgSurveyWish) wish = ag_survey_wish_new ();
  g_autoptr (GError) error = NULL;
  AgSurvey *survey;
  AgMoment *last = ag_moments_at (ag_run_moments (run), snapshot.step, NULL, &error);
  AgSnapshot newest = snapshot;

  g_assert_no_error (error);
  newest.coefficients = last->coefficients;
  newest.loss = newest.final_loss = NAN;
  wish->kind = kind;
  if (parameters != NULL)
    memcpy (wish->parameters, parameters, sizeof wish->parameters);
  else
    ag_survey_wish_default_parameters (ag_run_spec (run), wish->parameters);
  wish->at = ag_moments_at (ag_run_moments (run), step, NULL, NULL);
  wish->next = ag_moments_at (ag_run_moments (run), step + 1, NULL, NULL);
  g_ptr_array_add (wish->paths, ag_survey_path_new (1, ag_run_spec (run), ag_run_trace (run),
                                                    ag_run_history (run), &newest));
  ag_moment_unref (last);
  survey = ag_survey_new (surface, ag_run_spec (run), wish, &error);
  g_assert_no_error (error);
  while (!ag_survey_is_complete (survey))
    {
      g_assert_true (ag_survey_refine (survey, surface, &error));
      g_assert_no_error (error);
    }
  return survey;
}

/* Where the plane contains the path, the path's loss is the surface's under it. */
static void
test_path (gconstpointer program)
{
  AgRunSpec spec = make_spec (program, AG_DTYPE_FLOAT64);
  g_autoptr (AgRun) run = NULL;
  g_autoptr (AgSurface) surface = NULL;
  g_autoptr (AgSurvey) survey = NULL;
  const AgSurveyPath *path;
  gboolean is_cubic = strcmp (program, "numpy") == 0;
  double at[4];

  if (is_cubic)
    {
      fixture_set (&spec, "init", "a=0,b=-1,c=0,d=1");
      fixture_set (&spec, "hold", "a,c");
    }
  run = fixture_run (&spec);
  surface = make_surface (&spec, TRUE);
  survey = survey_run (run, surface, is_cubic ? AG_PLANE_PROFILE : AG_PLANE_SLICE, NULL, 700);
  path = g_ptr_array_index (survey->paths, 0);
  g_assert_cmpfloat (survey->gap, <, 1e-6);
  g_assert_true (survey->is_optimum_on);
  g_assert_cmpuint (path->n, >, 500);
  for (gsize i = 0; i + 1 < path->n; i += 7)
    {
      double under;

      g_assert_true (ag_surface_at (surface, survey->field, path->places[2 * i],
                                    path->places[2 * i + 1], at, &under, NULL));
      fixture_assert_near (under, path->losses[i], 1e-9);
    }
  fixture_assert_near (survey->under, survey->loss, 1e-9);
}

/* Two planes that split the loss show all of it. */
static void
test_split (void)
{
  const AgRunSpec spec = make_spec ("optim", AG_DTYPE_FLOAT32);
  static const guint others[] = { 0, 2 };
  g_autoptr (AgRun) run = fixture_run (&spec);
  g_autoptr (AgSurface) surface = make_surface (&spec, TRUE);
  g_autoptr (AgSurvey) survey = survey_run (run, surface, AG_PLANE_PROFILE, NULL, 300);
  g_autoptr (AgSurvey) other = survey_run (run, surface, AG_PLANE_PROFILE, others, 300);

  g_assert_true (survey->splits && other->splits);
  g_assert_cmpuint (survey->others[0], ==, 0);
  g_assert_cmpuint (survey->others[1], ==, 2);
  g_assert_cmpfloat (survey->loss, >, survey->least + 1);
  fixture_assert_near ((survey->under - survey->least) + (other->under - survey->least),
                       survey->loss - survey->least, 1e-9);
  /* And so do their curvatures: these are the Hessian's. */
  fixture_assert_near (survey->curvatures[1], 562121.9, 1e-5);
  fixture_assert_near (survey->curvatures[0], 2065.98, 1e-5);
  fixture_assert_near (other->curvatures[1], 80355.8, 1e-5);
  fixture_assert_near (other->curvatures[0], 1727.50, 1e-5);
}

/* The plane of a path goes through the moment, whatever else it misses. */
static void
test_plane_of_path (void)
{
  const AgRunSpec spec = make_spec ("nn", AG_DTYPE_FLOAT32);
  g_autoptr (AgRun) run = fixture_run (&spec);
  g_autoptr (AgSurface) surface = make_surface (&spec, TRUE);
  g_autoptr (AgSurvey) survey = survey_run (run, surface, AG_PLANE_PATH, NULL, 300);
  const AgPlane *plane = survey->field->plane;

  fixture_assert_near (survey->under, survey->loss, 1e-9);
  g_assert_cmpfloat (plane->share[0], >=, plane->share[1]);
  g_assert_cmpfloat (plane->share[0] + plane->share[1], >, 0.9);
  g_assert_cmpfloat (plane->share[0] + plane->share[1], <, 1);
  g_assert_cmpfloat (survey->gap, >, 1e-3);
}

/* Where a path moves by nothing but rounding, a surface is shown all the same. */
static void
test_flat (void)
{
  const AgRunSpec spec = make_spec ("legendre", AG_DTYPE_FLOAT32);
  static const guint parameters[] = { 0, 2 };
  g_autoptr (AgRun) run = fixture_run (&spec);
  g_autoptr (AgSurface) surface = make_surface (&spec, TRUE);
  g_autoptr (AgSurvey) survey = survey_run (run, surface, AG_PLANE_SLICE, parameters, 700);
  const double *range = survey->field->plane->range[0];
  const double most = ag_field_interpolate (survey->field, range[0], survey->field->plane->range[1][0]);

  g_assert_cmpfloat (most - survey->least, >, 1e-3 * survey->least);
  g_assert_cmpfloat (range[0], <, survey->place[0]);
  g_assert_cmpfloat (range[1], >, survey->place[0]);
}

/* The parts of a step of gradient descent add up to it. */
static void
test_parts (void)
{
  AgRunSpec spec = make_spec ("numpy", AG_DTYPE_FLOAT64);
  g_autoptr (AgRun) run = NULL;
  g_autoptr (AgMoment) before = NULL;
  g_autoptr (AgMoment) after = NULL;
  double parts[AG_N_STEP_PARTS][4];

  fixture_set (&spec, "optimizer", "sgd");
  fixture_set (&spec, "momentum", "0.9");
  fixture_set (&spec, "lr", "1e-6");
  run = fixture_run (&spec);
  before = ag_moments_at (ag_run_moments (run), 50, NULL, NULL);
  after = ag_moments_at (ag_run_moments (run), 51, NULL, NULL);
  for (guint i = 0; i < AG_N_STEP_PARTS; i++)
    g_assert_true (ag_step_part (&spec, before, after, (AgStepPart) i, parts[i]));
  for (guint i = 0; i < 4; i++)
    fixture_assert_near (parts[AG_STEP_PART_SLOPE][i] + parts[AG_STEP_PART_MOMENTUM][i],
                         parts[AG_STEP_PART_ALL][i], 1e-9);
  g_assert_false (ag_step_part (&spec, before, before, AG_STEP_PART_ALL, parts[0]));
}

/* What is not wanted any more ends, and leaves what was known. */
static void
test_cancel (void)
{
  const AgRunSpec spec = make_spec ("legendre", AG_DTYPE_FLOAT32);
  g_autoptr (AgSurface) surface = make_surface (&spec, FALSE);
  g_autoptr (AgPlane) plane = make_plane (&spec, AG_PLANE_SLICE, (double[]){ 0, -1, 0, 0.3 }, 1);
  g_autoptr (AgField) field = ag_surface_begin (surface, plane);
  g_autoptr (GError) error = NULL;
  AgWork work = { 0 };

  g_assert_true (ag_surface_refine (surface, field, NULL));
  ag_surface_set_work (surface, &work);
  ag_work_set_cancelled (&work, TRUE);
  g_assert_false (ag_surface_refine (surface, field, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_CANCELLED);
  g_assert_cmpuint (field->stride, ==, AG_FIELD_FIRST_STRIDE);
  ag_work_set_cancelled (&work, FALSE);
  complete (surface, field);
}

/* A field that was completed is there again at once; and what that takes is told. */
static void
test_speed (void)
{
  const AgRunSpec spec = make_spec ("legendre", AG_DTYPE_FLOAT32);
  g_autoptr (AgSurface) surface = make_surface (&spec, FALSE);
  g_autoptr (AgPlane) plane = make_plane (&spec, AG_PLANE_SLICE, (double[]){ 0, -1, 0, 0.3 }, 1);
  const gint64 begun_us = g_get_monotonic_time ();
  g_autoptr (AgField) field = ag_surface_begin (surface, plane);
  g_autoptr (AgField) again = NULL;
  gint64 first_us;

  g_assert_true (ag_surface_refine (surface, field, NULL));
  first_us = g_get_monotonic_time () - begun_us;
  complete (surface, field);
  g_test_message ("first picture after %" G_GINT64_FORMAT " µs, complete after %" G_GINT64_FORMAT
                  " µs",
                  first_us, g_get_monotonic_time () - begun_us);
  again = ag_surface_begin (surface, plane);
  g_assert_cmpuint (again->stride, ==, 1);
  g_assert_cmpmem (again->values, sizeof (double) * AG_FIELD_NODES * AG_FIELD_NODES, field->values,
                   sizeof (double) * AG_FIELD_NODES * AG_FIELD_NODES);
}

/* Between nodes the field is interpolated, and at them it is what they say. */
static void
test_interpolate (void)
{
  g_autoptr (AgPlane) plane = ag_plane_new (AG_PLANE_SLICE, 2, (guint[]){ 0, 1 }, (double[]){ 0, 0 });
  g_autoptr (AgField) field = ag_field_new (plane, FALSE);

  for (guint row = 0; row < AG_FIELD_NODES; row++)
    for (guint column = 0; column < AG_FIELD_NODES; column++)
      field->values[row * AG_FIELD_NODES + column] = 3 * column + 7 * row;
  for (field->stride = 16; field->stride > 0; field->stride /= 2)
    {
      fixture_assert_near (ag_field_interpolate (field, 0.3, 0.8), 96 * (3 * 0.3 + 7 * 0.8), 1e-12);
      fixture_assert_near (ag_field_interpolate (field, 1, 1), 96 * 10, 1e-12);
    }
}

int
main (int argc,
      char **argv)
{
  static const char *const programs[] = { "numpy", "legendre", "mlp", "formula" };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *path = g_strconcat ("/surface/nodes/", programs[i], NULL);

      g_test_add_data_func (path, programs[i], test_nodes);
    }
  g_test_add_func ("/surface/interpolate", test_interpolate);
  g_test_add_func ("/surface/profile/cubic", test_profile_of_cubic);
  g_test_add_func ("/surface/profile/legendre", test_profile_of_legendre);
  g_test_add_data_func ("/surface/path/legendre", "legendre", test_path);
  g_test_add_data_func ("/surface/path/cubic", "numpy", test_path);
  g_test_add_func ("/surface/split", test_split);
  g_test_add_func ("/surface/plane-of-path", test_plane_of_path);
  g_test_add_func ("/surface/flat", test_flat);
  g_test_add_func ("/surface/parts", test_parts);
  g_test_add_func ("/surface/cancel", test_cancel);
  g_test_add_func ("/surface/speed", test_speed);
  return g_test_run ();
}
