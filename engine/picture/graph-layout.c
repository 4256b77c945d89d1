/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "picture/graph-layout.h"

#include <string.h>

/* A layered layout. Each box is in a column right of all that it uses; a line that passes a
 * column has a place in it. Sweeps to and fro order the places of each column by the mean of
 * what they are joined to, and the order with the fewest crossings is kept. Then each place
 * goes as near to the places that it is joined to as its neighbours allow.
 * See: Sugiyama, Tagawa and Toda, Methods for Visual Understanding of Hierarchical System
 * Structures, 1981 */

#define N_SWEEPS 24
#define N_ALIGNMENTS 16

/* How much room a place takes, in rows: a line less than a box. */
#define BOX_HEIGHT 1.3
#define LINE_HEIGHT 0.45

/* Lines that pass a column are to be straight more than boxes are to be in the middle. */
#define LINE_WEIGHT 4

/**
 * Place:
 * @column: which column it is in
 * @order: how many places are above it there
 * @box: the box that is there, −1 if a line passes
 * @row: where it is
 * @wish: where it would be
 * @before: (element-type guint): the places in the column before that it is joined to
 * @after: (element-type guint): those in the column after
 */
typedef struct
{
  guint column;
  guint order;
  gint box;
  double row;
  double wish;
  GArray *before;
  GArray *after;
} Place;

/**
 * Sheet:
 * @outline: what is laid out
 * @places: (element-type Place): where boxes and lines are; those of the boxes first
 * @n_columns: how many columns there are
 * @columns: (element-type guint): of each, its places from the top
 * @passing: of each box, the place by which its lines pass each column, 0 if none does
 */
typedef struct
{
  const AgGraphOutline *outline;
  GArray *places;
  guint n_columns;
  GArray **columns;
  guint *passing;
} Sheet;

static Place *
nth_place (const Sheet *sheet,
           guint index)
{
  return &g_array_index (sheet->places, Place, index);
}

static guint
add_place (Sheet *sheet,
           guint column,
           gint box)
{
  const Place place = {
    .column = column,
    .box = box,
    .before = g_array_new (FALSE, FALSE, sizeof (guint)),
    .after = g_array_new (FALSE, FALSE, sizeof (guint)),
  };

  g_array_append_val (sheet->places, place);
  return sheet->places->len - 1;
}

/* Each box is right of all that it uses, by the longest way to it, and then goes next to the
 * first that uses it: a term of a sum is beside its sum. All lines from one box being one, the
 * longer lines that this makes are few. */
static void
find_columns (Sheet *sheet)
{
  const AgGraphOutline *outline = sheet->outline;
  g_autofree guint *columns = g_new0 (guint, outline->n_boxes);

  for (guint i = 0; i < outline->n_boxes; i++)
    for (guint k = 0; k < outline->n_links; k++)
      if (outline->links[k].from == i)
        columns[outline->links[k].to] = MAX (columns[outline->links[k].to], columns[i] + 1);
  for (guint i = outline->n_boxes; i-- > 0;)
    {
      guint first = G_MAXUINT;

      for (guint k = 0; k < outline->n_links; k++)
        if (outline->links[k].from == i)
          first = MIN (first, columns[outline->links[k].to]);
      if (first != G_MAXUINT)
        columns[i] = first - 1;
    }
  for (guint i = 0; i < outline->n_boxes; i++)
    {
      sheet->n_columns = MAX (sheet->n_columns, columns[i] + 1);
      add_place (sheet, columns[i], (gint) i);
    }
}

static void
join (Sheet *sheet,
      guint a,
      guint b)
{
  GArray *after = nth_place (sheet, a)->after;

  for (guint i = 0; i < after->len; i++)
    if (g_array_index (after, guint, i) == b)
      return;
  g_array_append_val (after, b);
  g_array_append_val (nth_place (sheet, b)->before, a);
}

/* All lines from one box pass a column at one place. */
static guint
find_passing (Sheet *sheet,
              guint box,
              guint column)
{
  guint *passing = &sheet->passing[box * sheet->n_columns + column];

  if (*passing == 0)
    *passing = add_place (sheet, column, -1);
  return *passing;
}

static void
join_places (Sheet *sheet)
{
  for (guint i = 0; i < sheet->outline->n_links; i++)
    {
      const AgGraphLink *link = &sheet->outline->links[i];
      guint last = link->from;

      for (guint column = nth_place (sheet, link->from)->column + 1;
           column < nth_place (sheet, link->to)->column; column++)
        {
          const guint next = find_passing (sheet, link->from, column);

          join (sheet, last, next);
          last = next;
        }
      join (sheet, last, link->to);
    }
  sheet->columns = g_new (GArray *, sheet->n_columns);
  for (guint i = 0; i < sheet->n_columns; i++)
    sheet->columns[i] = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < sheet->places->len; i++)
    {
      Place *place = nth_place (sheet, i);

      place->order = sheet->columns[place->column]->len;
      g_array_append_val (sheet->columns[place->column], i);
    }
}

static guint
count_column (const Sheet *sheet,
              guint column)
{
  const GArray *places = sheet->columns[column];
  guint n = 0;

  for (guint i = 0; i < places->len; i++)
    for (guint k = i + 1; k < places->len; k++)
      {
        const GArray *upper = nth_place (sheet, g_array_index (places, guint, i))->after;
        const GArray *lower = nth_place (sheet, g_array_index (places, guint, k))->after;

        for (guint u = 0; u < upper->len; u++)
          for (guint l = 0; l < lower->len; l++)
            n += nth_place (sheet, g_array_index (upper, guint, u))->order
                 > nth_place (sheet, g_array_index (lower, guint, l))->order;
      }
  return n;
}

static guint
count_crossings (const Sheet *sheet)
{
  guint n = 0;

  for (guint i = 0; i + 1 < sheet->n_columns; i++)
    n += count_column (sheet, i);
  return n;
}

static double
mean_order (const Sheet *sheet,
            const GArray *joined,
            double otherwise)
{
  double sum = 0;

  for (guint i = 0; i < joined->len; i++)
    sum += nth_place (sheet, g_array_index (joined, guint, i))->order;
  return joined->len > 0 ? sum / joined->len : otherwise;
}

static gint
compare_wishes (gconstpointer a,
                gconstpointer b,
                gpointer sheet)
{
  const Place *first = nth_place (sheet, *(const guint *) a);
  const Place *second = nth_place (sheet, *(const guint *) b);

  if (first->wish != second->wish)
    return first->wish < second->wish ? -1 : 1;
  return first->order < second->order ? -1 : first->order > second->order;
}

static void
number_column (Sheet *sheet,
               guint column)
{
  for (guint i = 0; i < sheet->columns[column]->len; i++)
    nth_place (sheet, g_array_index (sheet->columns[column], guint, i))->order = i;
}

static void
order_column (Sheet *sheet,
              guint column,
              gboolean looks_back)
{
  GArray *places = sheet->columns[column];

  for (guint i = 0; i < places->len; i++)
    {
      Place *place = nth_place (sheet, g_array_index (places, guint, i));

      place->wish = mean_order (sheet, looks_back ? place->before : place->after, place->order);
    }
  g_array_sort_with_data (places, compare_wishes, sheet);
  number_column (sheet, column);
}

static guint
count_around (const Sheet *sheet,
              guint column)
{
  return (column > 0 ? count_column (sheet, column - 1) : 0)
         + (column + 1 < sheet->n_columns ? count_column (sheet, column) : 0);
}

/* Exchanges neighbours as long as that helps. */
static void
exchange_neighbours (Sheet *sheet)
{
  gboolean has_helped = TRUE;

  for (guint pass = 0; has_helped && pass < N_SWEEPS; pass++)
    {
      has_helped = FALSE;
      for (guint column = 0; column < sheet->n_columns; column++)
        for (guint i = 0; i + 1 < sheet->columns[column]->len; i++)
          {
            guint *pair = &g_array_index (sheet->columns[column], guint, i);
            const guint before = count_around (sheet, column);
            const guint first = pair[0];

            pair[0] = pair[1];
            pair[1] = first;
            number_column (sheet, column);
            if (count_around (sheet, column) < before)
              {
                has_helped = TRUE;
                continue;
              }
            pair[1] = pair[0];
            pair[0] = first;
            number_column (sheet, column);
          }
    }
}

static void
remember (const Sheet *sheet,
          guint *orders)
{
  for (guint i = 0; i < sheet->places->len; i++)
    orders[i] = nth_place (sheet, i)->order;
}

static void
restore (Sheet *sheet,
         const guint *orders)
{
  for (guint i = 0; i < sheet->places->len; i++)
    {
      const Place *place = nth_place (sheet, i);

      g_array_index (sheet->columns[place->column], guint, orders[i]) = i;
    }
  for (guint i = 0; i < sheet->n_columns; i++)
    number_column (sheet, i);
}

static guint
order_places (Sheet *sheet)
{
  g_autofree guint *best = g_new (guint, sheet->places->len);
  guint fewest = count_crossings (sheet);

  remember (sheet, best);
  for (guint sweep = 0; sweep < N_SWEEPS && fewest > 0; sweep++)
    {
      const gboolean looks_back = sweep % 2 == 0;
      guint n;

      for (guint i = 0; i < sheet->n_columns; i++)
        order_column (sheet, looks_back ? i : sheet->n_columns - 1 - i, looks_back);
      exchange_neighbours (sheet);
      n = count_crossings (sheet);
      if (n >= fewest)
        continue;
      fewest = n;
      remember (sheet, best);
    }
  restore (sheet, best);
  return fewest;
}

static double
height_of (const Place *place)
{
  return place->box >= 0 ? BOX_HEIGHT : LINE_HEIGHT;
}

static double
weight_of (const Place *place)
{
  return place->box >= 0 ? 1 : LINE_WEIGHT;
}

static double
mean_row (const Sheet *sheet,
          const Place *place)
{
  double sum = 0, weights = 0;

  for (guint side = 0; side < 2; side++)
    {
      const GArray *joined = side == 0 ? place->before : place->after;

      for (guint i = 0; i < joined->len; i++)
        {
          const Place *other = nth_place (sheet, g_array_index (joined, guint, i));
          const double weight = place->box < 0 && other->box < 0 ? LINE_WEIGHT : 1;

          sum += weight * other->row;
          weights += weight;
        }
    }
  return weights > 0 ? sum / weights : place->row;
}

/* Gives the places of a column the rows that are nearest to their wishes, in the sense of least
 * squares, without one coming too near to the next: neighbours that would are moved as one block.
 * See: Barlow and Brunk, The Isotonic Regression Problem and Its Dual, 1972 */
static void
settle_column (Sheet *sheet,
               guint column)
{
  const GArray *places = sheet->columns[column];
  g_autofree double *offsets = g_new (double, places->len);
  g_autofree double *means = g_new (double, places->len);
  g_autofree double *weights = g_new (double, places->len);
  g_autofree guint *sizes = g_new (guint, places->len);
  guint n_blocks = 0, next = 0;

  for (guint i = 0; i < places->len; i++)
    {
      const Place *place = nth_place (sheet, g_array_index (places, guint, i));

      offsets[i] = i == 0 ? 0
                          : offsets[i - 1]
                              + (height_of (place)
                                 + height_of (nth_place (sheet, g_array_index (places, guint, i - 1))))
                                  / 2;
      means[n_blocks] = mean_row (sheet, place) - offsets[i];
      weights[n_blocks] = weight_of (place);
      sizes[n_blocks++] = 1;
      while (n_blocks > 1 && means[n_blocks - 1] < means[n_blocks - 2])
        {
          const double sum = weights[n_blocks - 2] + weights[n_blocks - 1];

          means[n_blocks - 2] = (means[n_blocks - 2] * weights[n_blocks - 2]
                                 + means[n_blocks - 1] * weights[n_blocks - 1])
                                / sum;
          weights[n_blocks - 2] = sum;
          sizes[n_blocks - 2] += sizes[n_blocks - 1];
          n_blocks--;
        }
    }
  for (guint block = 0; block < n_blocks; block++)
    for (guint i = 0; i < sizes[block]; i++, next++)
      nth_place (sheet, g_array_index (places, guint, next))->row = means[block] + offsets[next];
}

static void
align_places (Sheet *sheet)
{
  for (guint i = 0; i < sheet->places->len; i++)
    nth_place (sheet, i)->row = nth_place (sheet, i)->order * BOX_HEIGHT;
  for (guint pass = 0; pass < N_ALIGNMENTS; pass++)
    for (guint i = 0; i < sheet->n_columns; i++)
      settle_column (sheet, pass % 2 == 0 ? i : sheet->n_columns - 1 - i);
}

static AgGraphPoint
point_of (const Place *place,
          double top)
{
  return (AgGraphPoint){ place->column, place->row - top };
}

static AgGraphRoute
route_of (Sheet *sheet,
          const AgGraphLink *link,
          double top)
{
  const Place *from = nth_place (sheet, link->from), *to = nth_place (sheet, link->to);
  AgGraphRoute route = { .n_points = to->column - from->column + 1 };

  route.points = g_new (AgGraphPoint, route.n_points);
  route.points[0] = point_of (from, top);
  for (guint i = 1; i + 1 < route.n_points; i++)
    route.points[i] = point_of (nth_place (sheet, find_passing (sheet, link->from, from->column + i)), top);
  route.points[route.n_points - 1] = point_of (to, top);
  return route;
}

static void
take_over (Sheet *sheet,
           AgGraphLayout *layout)
{
  const AgGraphOutline *outline = sheet->outline;
  double top = 0, bottom = 0;

  for (guint i = 0; i < sheet->places->len; i++)
    {
      const Place *place = nth_place (sheet, i);

      top = i == 0 ? place->row : MIN (top, place->row);
      bottom = i == 0 ? place->row : MAX (bottom, place->row);
    }
  layout->n_columns = sheet->n_columns;
  layout->n_rows = bottom - top + 1;
  layout->n_boxes = outline->n_boxes;
  layout->boxes = g_new (AgGraphPoint, outline->n_boxes);
  for (guint i = 0; i < outline->n_boxes; i++)
    layout->boxes[i] = point_of (nth_place (sheet, i), top);
  layout->n_routes = outline->n_links;
  layout->routes = g_new (AgGraphRoute, outline->n_links);
  for (guint i = 0; i < outline->n_links; i++)
    layout->routes[i] = route_of (sheet, &outline->links[i], top);
}

/**
 * ag_graph_layout_new:
 * @outline: what is to be shown
 *
 * Finds a place for each box and a way for each link. The same outline always has the same
 * layout.
 *
 * Returns: (transfer full): the layout
 */
AgGraphLayout *
ag_graph_layout_new (const AgGraphOutline *outline)
{
  AgGraphLayout *layout = g_new0 (AgGraphLayout, 1);
  Sheet sheet = { .outline = outline, .places = g_array_new (FALSE, TRUE, sizeof (Place)) };

  find_columns (&sheet);
  sheet.passing = g_new0 (guint, outline->n_boxes * sheet.n_columns + 1);
  join_places (&sheet);
  layout->n_crossings = order_places (&sheet);
  align_places (&sheet);
  take_over (&sheet, layout);

  for (guint i = 0; i < sheet.places->len; i++)
    {
      g_array_unref (nth_place (&sheet, i)->before);
      g_array_unref (nth_place (&sheet, i)->after);
    }
  for (guint i = 0; i < sheet.n_columns; i++)
    g_array_unref (sheet.columns[i]);
  g_free (sheet.columns);
  g_free (sheet.passing);
  g_array_unref (sheet.places);
  return layout;
}

/**
 * ag_graph_layout_free:
 * @layout: (transfer full): a layout
 */
void
ag_graph_layout_free (AgGraphLayout *layout)
{
  for (guint i = 0; i < layout->n_routes; i++)
    g_free (layout->routes[i].points);
  g_free (layout->routes);
  g_free (layout->boxes);
  g_free (layout);
}
