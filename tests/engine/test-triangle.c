/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "train/triangle.h"

#include <math.h>

static void
write_row (AgTriangle *triangle,
           gsize row,
           double x,
           double y)
{
  ag_triangle_column (triangle, 0)[row] = 1;
  ag_triangle_column (triangle, 1)[row] = x;
  ag_triangle_column (triangle, 2)[row] = y;
}

/* A line through (0, 1), (1, 3), (2, 2), (3, 5): by hand 1.1 + 1.1 x, sum of squares 2.7. */
static void
check_line (AgTriangle *triangle)
{
  double solution[2], inverse[4];
  guint rank;

  g_assert_true (ag_triangle_solve (triangle, 0, 2, NULL, solution, &rank));
  g_assert_cmpuint (rank, ==, 2);
  fixture_assert_near (solution[0], 1.1, 1e-14);
  fixture_assert_near (solution[1], 1.1, 1e-14);
  fixture_assert_near (pow (ag_triangle_norm (triangle, 2, 2), 2), 2.7, 1e-14);
  /* The normal equations' matrix is (4 6; 6 14), its inverse (0.7 −0.3; −0.3 0.2). */
  g_assert_true (ag_triangle_invert (triangle, inverse, &rank));
  fixture_assert_near (inverse[0] * inverse[0] + inverse[2] * inverse[2], 0.7, 1e-14);
  fixture_assert_near (inverse[0] * inverse[1] + inverse[2] * inverse[3], -0.3, 1e-14);
  fixture_assert_near (inverse[1] * inverse[1] + inverse[3] * inverse[3], 0.2, 1e-14);
}

static void
test_triangle (void)
{
  static const double y[] = { 1, 3, 2, 5 };
  g_autoptr (AgTriangle) triangle = ag_triangle_new (2, 4, NULL);
  double solution[2], values[2];

  for (guint n_at_a_time = 1; n_at_a_time <= 4; n_at_a_time++)
    {
      ag_triangle_clear (triangle);
      for (guint first = 0; first < 4; first += n_at_a_time)
        {
          const guint n = MIN (n_at_a_time, 4 - first);

          for (guint i = 0; i < n; i++)
            write_row (triangle, i, first + i, y[first + i]);
          g_assert_true (ag_triangle_add (triangle, n));
        }
      check_line (triangle);
    }
  g_assert_true (ag_triangle_singular_values (triangle, values));
  fixture_assert_near (values[0] * values[0] + values[1] * values[1], 4 + 14, 1e-14);
  fixture_assert_near (values[0] * values[1], sqrt (4 * 14 - 6 * 6), 1e-14);

  /* With much damping nothing moves; what is left for the slope when the first unknown takes
   * all it can is the same slope. */
  g_assert_true (ag_triangle_solve (triangle, 0, 2, (const double[]){ 1e9, 1e9 }, solution, NULL));
  g_assert_cmpfloat (fabs (solution[0]) + fabs (solution[1]), <, 1e-15);
  g_assert_true (ag_triangle_solve (triangle, 1, 1, NULL, solution, NULL));
  fixture_assert_near (solution[0], 1.1, 1e-14);

  write_row (triangle, 0, NAN, 1);
  g_assert_false (ag_triangle_add (triangle, 1));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/triangle/line", test_triangle);
  return g_test_run ();
}
