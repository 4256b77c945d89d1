/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/data.h"

#include "base/ref-count.h"
#include "data/expression.h"
#include "data/outline.h"
#include "graph/create.h"
#include "graph/ops.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

/* Sums over more evenly spaced points than these are found from as many. */
#define MAX_REPRESENTATIVES 65537

/* As many points are read at a time for a digest. */
#define DIGEST_POINTS 256

/**
 * AgData:
 * @ref_count: how many hold it, on any thread
 * @origin: what they came from: the formula as it was typed, or a name
 * @n_points: how many points there are, at least 2
 * @x_minimum: the least x
 * @x_maximum: the greatest x
 * @y_minimum: without a formula, the least y
 * @y_maximum: without a formula, the greatest y
 * @formula: (nullable): what computes y; the points are then evenly spaced, and none
 *   is stored
 * @table: (nullable): the table that they are from, with @x and @y in it, unless there
 *   is @original
 * @original: (nullable): of standardized data, what they were before
 * @has_scale: whether @scale is known of data that are not standardized
 * @scale: of standardized data, how they come from @original; else, how they would be standardized
 * @x: (nullable): without a formula, each point's x, before it was standardized
 * @y: (nullable): without a formula, each point's y, likewise
 * @n_outline: how many points @outline has
 * @outline: without a formula, numbers of points that show what the data are, from left
 *   to right
 *
 * The points that a run fits. They never change, so that any thread may read them
 * without a lock.
 */
struct _AgData
{
  AgRefCount ref_count;
  char *origin;
  gint64 n_points;
  double x_minimum;
  double x_maximum;
  double y_minimum;
  double y_maximum;
  AgExpression *formula;
  AgTable *table;
  AgData *original;
  gboolean has_scale;
  AgScale scale;
  double *x;
  double *y;
  gsize n_outline;
  gint64 outline[AG_OUTLINE_MAX_POINTS];
};

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

/* Point @i of @n evenly spaced ones. */
static double
spaced (const AgData *data,
        gint64 i,
        gint64 n)
{
  return data->x_minimum + (data->x_maximum - data->x_minimum) * (double) i / (double) (n - 1);
}

/**
 * ag_data_read:
 * @data: data
 * @first: number of a point, from 0
 * @n: how many points to read, from @first on
 * @x: (out caller-allocates) (array length=n): each one's x
 * @y: (out caller-allocates) (array length=n): each one's y
 *
 * Reads points in double precision. (A run's tensors may differ from them by the
 * rounding of their element type; see ag_data_record().)
 */
void
ag_data_read (const AgData *data,
              gint64 first,
              gsize n,
              double *x,
              double *y)
{
  g_return_if_fail (first >= 0 && n <= (guint64) (data->n_points - first));

  if (data->formula == NULL)
    {
      memcpy (x, data->x + first, sizeof (double) * n);
      memcpy (y, data->y + first, sizeof (double) * n);
      if (data->original != NULL)
        ag_scale_apply (&data->scale, n, x, y);
      return;
    }
  for (gsize i = 0; i < n; i++)
    {
      x[i] = spaced (data, first + (gint64) i, data->n_points);
      y[i] = ag_expression_evaluate (data->formula, x[i], NULL);
    }
}

/**
 * ag_data_n_representatives:
 * @data: data
 *
 * Returns: how many points ag_data_read_representatives() has
 */
gint64
ag_data_n_representatives (const AgData *data)
{
  return data->formula != NULL ? MIN (data->n_points, MAX_REPRESENTATIVES) : data->n_points;
}

/**
 * ag_data_read_representatives:
 * @data: data
 * @first: number of a representative, from 0
 * @n: how many to read, from @first on
 * @x: (out caller-allocates) (array length=n): each one's x
 * @y: (out caller-allocates) (array length=n): each one's y
 * @weights: (out caller-allocates) (array length=n): how many of the points each
 *   one stands for
 *
 * Reads points whose sums, with their weights, are those over all points. Of data that
 * are known one by one these are all of them. Sums over very many evenly spaced points
 * are found from fewer: both are trapezoid rules of one integral, up to what counts at
 * the ends, and differ by the square of their spacing.
 */
void
ag_data_read_representatives (const AgData *data,
                              gint64 first,
                              gsize n,
                              double *x,
                              double *y,
                              double *weights)
{
  const gint64 n_all = ag_data_n_representatives (data);
  const double weight = (double) (data->n_points - 1) / (double) (n_all - 1);

  g_return_if_fail (first >= 0 && n <= (guint64) (n_all - first));

  if (n_all == data->n_points)
    ag_data_read (data, first, n, x, y);
  for (gsize i = 0; i < n; i++)
    {
      const gint64 number = first + (gint64) i;

      /* The ends have the half of an inner one's weight in the integral, and the
       * other half of their own in the sum. */
      weights[i] = number == 0 || number == n_all - 1 ? (weight + 1) / 2 : weight;
      if (n_all == data->n_points)
        continue;
      x[i] = spaced (data, number, n_all);
      y[i] = ag_expression_evaluate (data->formula, x[i], NULL);
    }
}

/* From left to right, every so manieth of them. */
static gsize
outline_values (const AgData *data,
                gsize most,
                double *x,
                double *y)
{
  const gsize n = MIN (data->n_outline, most);

  for (gsize i = 0; i < n; i++)
    {
      const gint64 number = data->outline[n > 1 ? i * (data->n_outline - 1) / (n - 1) : 0];

      x[i] = data->x[number];
      y[i] = data->y[number];
    }
  if (data->original != NULL)
    ag_scale_apply (&data->scale, n, x, y);
  return n;
}

/**
 * ag_data_outline:
 * @data: data
 * @most: how many points there is room for
 * @x: (out caller-allocates): each one's x, none less than that before it
 * @y: (out caller-allocates): each one's y
 *
 * Finds points that show what the data are, from left to right: of a formula as many
 * as there is room for, whether or not they are among the data, and otherwise no
 * others than the data's own.
 *
 * Returns: how many it found
 */
gsize
ag_data_outline (const AgData *data,
                 gsize most,
                 double *x,
                 double *y)
{
  if (data->formula == NULL)
    return outline_values (data, most, x, y);
  for (gsize i = 0; i < most; i++)
    {
      /* A mean of both ends, since an interval may be longer than the greatest
       * number. */
      const double share = (double) i / (double) (most - 1);

      x[i] = (1 - share) * data->x_minimum + share * data->x_maximum;
      y[i] = ag_expression_evaluate (data->formula, x[i], NULL);
    }
  return most;
}

/**
 * ag_data_record:
 * @data: data
 * @dtype: %AG_DTYPE_FLOAT32 or %AG_DTYPE_FLOAT64
 * @x: (out) (transfer none): each point's x, (n_points)
 * @y: (out) (transfer none): each point's y, (n_points)
 *
 * Records the points as tensors of the current step. Those of a formula are made on
 * the device as PyTorch makes them, x by linspace and y by operations on x, which
 * decides their last bits.
 */
void
ag_data_record (const AgData *data,
                AgDType dtype,
                AgTensor **x,
                AgTensor **y)
{
  if (data->formula != NULL)
    {
      *x = ag_linspace (dtype, data->x_minimum, data->x_maximum, data->n_points);
      *y = ag_expression_record (data->formula, *x, NULL);
      return;
    }
  *x = ag_from_data (AG_DTYPE_FLOAT64, AG_SHAPE (data->n_points), data->x);
  *y = ag_from_data (AG_DTYPE_FLOAT64, AG_SHAPE (data->n_points), data->y);
  if (data->original != NULL)
    ag_scale_record (&data->scale, x, y);
  *x = ag_cast (*x, dtype);
  *y = ag_cast (*y, dtype);
}
