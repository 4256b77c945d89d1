/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "data/data.h"

/* Points that are anything but evenly spaced, in no order, one x twice. */
static const double spread_x[] = { 3, -1, 0.5, 10, 0.5 };
static const double spread_y[] = { 1, 2, 3, 4, 5 };

static void
test_formula (void)
{
  g_autoptr (AgData) data = ag_data_new_formula ("x^2", -1, 3, 5, NULL);
  double x[5], y[5], weights[5];

  g_assert_cmpstr (ag_data_origin (data), ==, "x^2");
  g_assert_cmpint (ag_data_n_points (data), ==, 5);
  g_assert_cmpfloat (ag_data_x_minimum (data), ==, -1);
  g_assert_cmpfloat (ag_data_x_maximum (data), ==, 3);
  ag_data_read (data, 1, 3, x, y);
  for (gint i = 0; i < 3; i++)
    {
      g_assert_cmpfloat (x[i], ==, i);
      g_assert_cmpfloat (y[i], ==, i * i);
    }
  g_assert_cmpint (ag_data_n_representatives (data), ==, 5);
  ag_data_read_representatives (data, 0, 5, x, y, weights);
  for (gint i = 0; i < 5; i++)
    {
      g_assert_cmpfloat (x[i], ==, i - 1);
      g_assert_cmpfloat (weights[i], ==, 1);
    }
}

/* Standardized points are the same numbers, whoever computes them: who reads them, the device that
 * a run trains on, and the formulas for them. */
static void
test_standardized (void)
{
  const gint64 n = G_N_ELEMENTS (spread_x);
  g_autoptr (AgData) original = ag_data_new_values ("spread", n, spread_x, spread_y);
  g_autoptr (AgData) data = ag_data_new_standardized (original);
  const AgScale *scale = ag_data_scale (data);
  double x[5], y[5], outline_x[5], outline_y[5];
  AgTensor *tensors[2];

  g_assert_null (ag_data_scale (original));
  ag_data_read (data, 0, 5, x, y);
  fixture_enter (1);
  ag_data_record (data, AG_DTYPE_FLOAT64, &tensors[0], &tensors[1]);
  {
    g_autofree double *recorded_x = fixture_read (tensors[0]);
    g_autofree double *recorded_y = fixture_read (tensors[1]);

    for (gint64 i = 0; i < n; i++)
      {
        g_assert_cmpfloat (x[i], ==, (spread_x[i] - scale->x_mean) / scale->x_deviation);
        g_assert_cmpfloat (y[i], ==, (spread_y[i] - scale->y_mean) / scale->y_deviation);
        g_assert_cmpfloat (recorded_x[i], ==, x[i]);
        g_assert_cmpfloat (recorded_y[i], ==, y[i]);
      }
  }
  fixture_leave ();
  g_assert_cmpfloat (ag_data_x_minimum (data), ==, x[1]);
  g_assert_cmpfloat (ag_data_x_maximum (data), ==, x[3]);
  g_assert_cmpfloat (ag_data_greatest (data), ==, MAX (x[3], y[4]));
  g_assert_cmpuint (ag_data_outline (data, 5, outline_x, outline_y), ==, 5);
  g_assert_cmpfloat (outline_x[0], ==, x[1]);
  g_assert_cmpfloat (outline_y[4], ==, y[3]);
  g_assert_cmpuint (ag_data_digest (data), !=, ag_data_digest (original));
}

static void
test_formula_error (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ag_data_new_formula ("sin(", 0, 1, 10, &error));
  g_assert_nonnull (error);
}

/* A billion points take no memory, and the representatives stand for all of them. */
static void
test_many (void)
{
  const gint64 n_points = 1000000000;
  g_autoptr (AgData) data = ag_data_new_formula ("x", 0, 1, n_points, NULL);
  const gint64 n = ag_data_n_representatives (data);
  double x, y, weight, weights = 0, sum = 0;

  g_assert_cmpint (n, <, 100000);
  for (gint64 i = 0; i < n; i++)
    {
      ag_data_read_representatives (data, i, 1, &x, &y, &weight);
      weights += weight;
      sum += weight * y;
    }
  g_assert_cmpfloat_with_epsilon (weights / (double) n_points, 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (sum / (double) n_points, 0.5, 1e-12);
  ag_data_read (data, n_points - 1, 1, &x, &y);
  g_assert_cmpfloat (x, ==, 1);
}

static void
test_values (void)
{
  g_autoptr (AgData) data = ag_data_new_values ("points.csv", 5, spread_x, spread_y);
  double x[8], y[8], weights[8];

  g_assert_cmpstr (ag_data_origin (data), ==, "points.csv");
  g_assert_cmpfloat (ag_data_x_minimum (data), ==, -1);
  g_assert_cmpfloat (ag_data_x_maximum (data), ==, 10);
  ag_data_read_representatives (data, 0, 5, x, y, weights);
  for (gint i = 0; i < 5; i++)
    {
      g_assert_cmpfloat (x[i], ==, spread_x[i]);
      g_assert_cmpfloat (y[i], ==, spread_y[i]);
      g_assert_cmpfloat (weights[i], ==, 1);
    }
  g_assert_cmpuint (ag_data_outline (data, 8, x, y), ==, 5);
  for (gint i = 1; i < 5; i++)
    g_assert_cmpfloat (x[i - 1], <=, x[i]);
  g_assert_cmpfloat (y[0], ==, 2);
  g_assert_cmpfloat (y[4], ==, 4);
  g_assert_cmpuint (ag_data_outline (data, 2, x, y), ==, 2);
  g_assert_cmpfloat (x[0], ==, -1);
  g_assert_cmpfloat (x[1], ==, 10);
}

/* The outline of a formula has points that need not be among the data's own. */
static void
test_outline (void)
{
  g_autoptr (AgData) data = ag_data_new_formula ("2*x", -1e308, 1e308, 2, NULL);
  double x[5], y[5];

  g_assert_cmpuint (ag_data_outline (data, 5, x, y), ==, 5);
  g_assert_cmpfloat (x[0], ==, -1e308);
  g_assert_cmpfloat (x[2], ==, 0);
  g_assert_cmpfloat (x[4], ==, 1e308);
}

static void
check_tensors (const AgData *data,
               AgDType dtype)
{
  const gint64 n = ag_data_n_points (data);
  const double tolerance = dtype == AG_DTYPE_FLOAT32 ? 1e-6 : 1e-15;
  g_autofree double *x = g_new (double, n), *y = g_new (double, n);
  g_autofree double *elements_x = NULL, *elements_y = NULL;
  AgTensor *tensor_x, *tensor_y;

  ag_data_record (data, dtype, &tensor_x, &tensor_y);
  g_assert_cmpint (ag_tensor_dtype (tensor_x), ==, dtype);
  g_assert_cmpint (ag_tensor_dtype (tensor_y), ==, dtype);
  elements_x = fixture_read (tensor_x);
  elements_y = fixture_read (tensor_y);
  ag_data_read (data, 0, (gsize) n, x, y);
  for (gint64 i = 0; i < n; i++)
    {
      fixture_assert_near (elements_x[i], x[i], tolerance);
      fixture_assert_near (elements_y[i], y[i], tolerance);
    }
}

static void
test_record (void)
{
  g_autoptr (AgData) formula = ag_data_new_formula ("x/2 + 1", -2, 2, 101, NULL);
  g_autoptr (AgData) values = ag_data_new_values ("points.csv", 5, spread_x, spread_y);

  fixture_enter (1);
  for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
    {
      check_tensors (formula, dtype);
      check_tensors (values, dtype);
    }
  fixture_leave ();
}

static gpointer
hold_and_read (gpointer user_data)
{
  g_autoptr (AgData) data = ag_data_ref (user_data);
  double x, y;

  for (gint64 i = 0; i < ag_data_n_points (data); i++)
    {
      ag_data_read (data, i, 1, &x, &y);
      g_assert_cmpfloat (y, ==, x * x);
    }
  return NULL;
}

/* Any thread may read. */
static void
test_threads (void)
{
  AgData *data = ag_data_new_formula ("x*x", 0, 1, 10000, NULL);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reader", hold_and_read, data);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  ag_data_unref (data);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data/formula", test_formula);
  g_test_add_func ("/data/standardized", test_standardized);
  g_test_add_func ("/data/formula-error", test_formula_error);
  g_test_add_func ("/data/many", test_many);
  g_test_add_func ("/data/values", test_values);
  g_test_add_func ("/data/outline", test_outline);
  g_test_add_func ("/data/record", test_record);
  g_test_add_func ("/data/threads", test_threads);
  return g_test_run ();
}
