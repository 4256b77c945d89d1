/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/data-private.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

/* A digest is computed from this many points at a time. */
#define DIGEST_POINTS 256

static AgData *
data_new (const char *origin,
          gint64 n_points)
{
  AgData *data = g_new0 (AgData, 1);

  ag_ref_count_init (&data->ref_count);
  data->origin = g_strdup (origin);
  data->n_points = n_points;
  return data;
}

/**
 * ag_data_new_formula:
 * @formula: the function to fit, as ag_expression_parse() reads it
 * @x_minimum: the first point
 * @x_maximum: the last point, above @x_minimum
 * @n_points: how many points there are, evenly spaced, at least 2
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Makes data of a function on an interval. The points are computed when they are
 * asked for: a billion of them take no memory here.
 *
 * Returns: (transfer full) (nullable): the data, or %NULL with a sentence in @error
 *   that says what is wrong with @formula
 */
AgData *
ag_data_new_formula (const char *formula,
                     double x_minimum,
                     double x_maximum,
                     gint64 n_points,
                     GError **error)
{
  AgExpression *expression = ag_expression_parse (formula, AG_EXPRESSION_OF_X, error);
  AgData *data;

  if (expression == NULL)
    return NULL;
  data = data_new (formula, n_points);
  data->formula = expression;
  data->x_minimum = x_minimum;
  data->x_maximum = x_maximum;
  return data;
}

static void
find_range (AgData *data)
{
  data->x_minimum = data->x_maximum = data->x[0];
  data->y_minimum = data->y_maximum = data->y[0];
  for (gint64 i = 1; i < data->n_points; i++)
    {
      data->x_minimum = fmin (data->x_minimum, data->x[i]);
      data->x_maximum = fmax (data->x_maximum, data->x[i]);
      data->y_minimum = fmin (data->y_minimum, data->y[i]);
      data->y_maximum = fmax (data->y_maximum, data->y[i]);
    }
}

/**
 * ag_data_new_values:
 * @origin: where they are from, in words: the name of a file
 * @n_points: how many points there are, at least 2
 * @x: (array length=n_points): each point's x, finite, in any order; copied
 * @y: (array length=n_points): each point's y, finite; copied
 *
 * Makes data of points that are known one by one.
 *
 * Returns: (transfer full): the data
 */
AgData *
ag_data_new_values (const char *origin,
                    gint64 n_points,
                    const double *x,
                    const double *y)
{
  AgData *data;

  g_return_val_if_fail (n_points > 1 && x != NULL && y != NULL, NULL);

  data = data_new (origin, n_points);
  data->x = g_memdup2 (x, sizeof (double) * (gsize) n_points);
  data->y = g_memdup2 (y, sizeof (double) * (gsize) n_points);
  find_range (data);
  data->n_outline = ag_outline_find (data->n_points, data->x, data->y, data->outline);
  return data;
}

/**
 * ag_data_new_table:
 * @origin: the name of the table
 * @table: (transfer full): a table with at least 2 points
 *
 * Makes data of a table's points.
 *
 * Returns: (transfer full): the data
 */
AgData *
ag_data_new_table (const char *origin,
                   AgTable *table)
{
  AgData *data;

  g_return_val_if_fail (table->n_points > 1, NULL);

  data = data_new (origin, table->n_points);
  data->table = table;
  data->x = table->x;
  data->y = table->y;
  find_range (data);
  data->n_outline = ag_outline_find (data->n_points, data->x, data->y, data->outline);
  return data;
}

static pthread_mutex_t scale_mutex = PTHREAD_MUTEX_INITIALIZER;

/**
 * ag_data_prepare_scale:
 * @data: data of points that are known one by one
 *
 * Finds out what standardizing them does, which looks at all points four times and may take longer
 * than a frame. ag_data_new_standardized() then is quick, however many they are.
 */
void
ag_data_prepare_scale (AgData *data)
{
  g_return_if_fail (data->formula == NULL && data->original == NULL);

  pthread_mutex_lock (&scale_mutex);
  if (!data->has_scale)
    {
      data->scale = ag_scale_of (data->n_points, data->x, data->y);
      data->has_scale = TRUE;
    }
  pthread_mutex_unlock (&scale_mutex);
}

/**
 * ag_data_new_standardized:
 * @original: data of points that are known one by one
 *
 * Makes data with the same points, moved and stretched so that both x and y have mean 0
 * and deviation 1 (the root of the mean square). Where they came from says
 * ag_data_scale(). They are computed from @original when they are read, and take no memory.
 *
 * Returns: (transfer full): the data
 */
AgData *
ag_data_new_standardized (AgData *original)
{
  AgData *data = data_new (original->origin, original->n_points);

  ag_data_prepare_scale (original);
  data->original = ag_data_ref (original);
  data->table = original->table;
  data->x = original->x;
  data->y = original->y;
  data->scale = original->scale;
  /* Rounding does not change an order, so that the ends stay the ends. */
  data->x_minimum = original->x_minimum;
  data->x_maximum = original->x_maximum;
  data->y_minimum = original->y_minimum;
  data->y_maximum = original->y_maximum;
  ag_scale_apply (&data->scale, 1, &data->x_minimum, &data->y_minimum);
  ag_scale_apply (&data->scale, 1, &data->x_maximum, &data->y_maximum);
  data->n_outline = original->n_outline;
  memcpy (data->outline, original->outline, sizeof data->outline);
  return data;
}

/**
 * ag_data_ref:
 * @data: data
 *
 * Returns: (transfer full): @data, held once more
 */
AgData *
ag_data_ref (AgData *data)
{
  g_return_val_if_fail (data != NULL, NULL);

  ag_ref_count_inc (&data->ref_count);
  return data;
}

/**
 * ag_data_unref:
 * @data: (transfer full): data
 *
 * Lets go of the data, which are freed when nobody holds them any more.
 */
void
ag_data_unref (AgData *data)
{
  g_return_if_fail (data != NULL);

  if (!ag_ref_count_dec (&data->ref_count))
    return;
  g_clear_pointer (&data->formula, ag_expression_free);
  if (data->table == NULL && data->original == NULL)
    {
      g_free (data->x);
      g_free (data->y);
    }
  if (data->original == NULL)
    g_clear_pointer (&data->table, ag_table_free);
  g_clear_pointer (&data->original, ag_data_unref);
  g_free (data->origin);
  g_free (data);
}

/**
 * ag_data_is_shared:
 * @data: data
 *
 * Returns: whether anybody holds them beside who asks
 */
gboolean
ag_data_is_shared (const AgData *data)
{
  return g_atomic_int_get (&data->ref_count) > 1;
}

/**
 * ag_data_origin:
 * @data: data
 *
 * Returns: (transfer none): what they came from: a formula as it was typed, or the
 *   name of a file
 */
const char *
ag_data_origin (const AgData *data)
{
  return data->origin;
}

/**
 * ag_data_table:
 * @data: data
 *
 * Returns: (transfer none) (nullable): the table that they are from; %NULL if they are
 *   from no file
 */
const AgTable *
ag_data_table (const AgData *data)
{
  return data->table;
}

/**
 * ag_data_scale:
 * @data: data
 *
 * Returns: (transfer none) (nullable): what they were before they were standardized; %NULL
 *   if they are as they were
 */
const AgScale *
ag_data_scale (const AgData *data)
{
  return data->original != NULL ? &data->scale : NULL;
}

/**
 * ag_data_n_points:
 * @data: data
 *
 * Returns: how many points there are
 */
gint64
ag_data_n_points (const AgData *data)
{
  return data->n_points;
}

static guint64
digest_value (double value,
              guint64 digest)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  digest = (digest ^ bits) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return digest ^ digest >> 32;
}

/**
 * ag_data_digest:
 * @data: data of points that are known one by one
 *
 * Returns: a number that is another one for other points, or the same in another order,
 *   but by a chance of 2^−64
 */
guint64
ag_data_digest (const AgData *data)
{
  guint64 digest = (guint64) data->n_points;
  double x[DIGEST_POINTS], y[DIGEST_POINTS];

  for (guint is_y = FALSE; is_y <= TRUE; is_y++)
    for (gint64 first = 0; first < data->n_points; first += DIGEST_POINTS)
      {
        const gsize n = (gsize) MIN (DIGEST_POINTS, data->n_points - first);

        ag_data_read (data, first, n, x, y);
        for (gsize i = 0; i < n; i++)
          digest = digest_value (is_y ? y[i] : x[i], digest);
      }
  return digest;
}

/**
 * ag_data_greatest:
 * @data: data of points that are known one by one
 *
 * Returns: the greatest size of an x or a y
 */
double
ag_data_greatest (const AgData *data)
{
  return fmax (fmax (fabs (data->x_minimum), fabs (data->x_maximum)),
               fmax (fabs (data->y_minimum), fabs (data->y_maximum)));
}

/**
 * ag_data_x_minimum:
 * @data: data
 *
 * Returns: the least x
 */
double
ag_data_x_minimum (const AgData *data)
{
  return data->x_minimum;
}

/**
 * ag_data_x_maximum:
 * @data: data
 *
 * Returns: the greatest x
 */
double
ag_data_x_maximum (const AgData *data)
{
  return data->x_maximum;
}
