/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "picture/graph-layout.h"
#include "picture/graph-pictures.h"
#include "train/run.h"

#include <math.h>
#include <string.h>

#define N_STEPS 40
#define N_POINTS 500

/* The error that float32 and float64 may leave in a sum of some numbers, as a share of the greatest
 * of them. */
#define FLOAT32 1e-5
#define FLOAT64 1e-13

static AgRunSpec
make_spec (const AgProgramClass *program,
           AgDType dtype)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, program);
  spec.steps = N_STEPS;
  spec.points = N_POINTS;
  spec.dtype = dtype;
  return spec;
}

static AgGraphPictures *
make_pictures (AgRun *run)
{
  return ag_graph_pictures_new (ag_run_spec (run), ag_trainer_data (ag_run_trainer (run)),
                                ag_run_moments (run));
}

static AgGraphPicture *
take (AgGraphPictures *pictures,
      gint64 step)
{
  g_autoptr (GError) error = NULL;
  AgGraphPicture *picture = ag_graph_pictures_take (pictures, step, 3, NULL, &error);

  g_assert_no_error (error);
  return picture;
}

static const AgGraphNode *
find_node (const AgGraphPicture *picture,
           const char *name)
{
  for (guint i = 0; i < picture->n_nodes; i++)
    if (g_strcmp0 (picture->nodes[i].name, name) == 0)
      return &picture->nodes[i];
  return NULL;
}

static double
loss_of (AgRun *run,
         gint64 step)
{
  AgHistoryEntry entry;

  g_assert_cmpuint (ag_history_read (ag_run_history (run), 0, step, step, 1, &entry), ==, 1);
  return entry.loss;
}

static void
compare_numbers (double a,
                 double b,
                 double scale,
                 AgDType dtype)
{
  const double tolerance = (dtype == AG_DTYPE_FLOAT32 ? FLOAT32 : FLOAT64) * fmax (scale, 1e-30);

  if (!(fabs (a - b) <= tolerance))
    g_error ("%.17g is not %.17g (± %g)", a, b, tolerance);
}

/* The parameters that a step begins with and the gradients that it has are those of the run's
 * moments, and so is its loss, bit for bit. */
static void
compare_with_moments (AgRun *run,
                      const AgGraphPicture *picture)
{
  const AgModelClass *model = ag_run_spec (run)->program->model;
  g_autoptr (GError) error = NULL;
  g_autoptr (AgMoment) before = ag_moments_at (ag_run_moments (run), picture->step, NULL, &error);
  g_autoptr (AgMoment) after = ag_moments_at (ag_run_moments (run), picture->step + 1, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpfloat (picture->loss, ==, loss_of (run, picture->step));
  for (guint i = 0; i < ag_model_class_n_tensors (model); i++)
    {
      const AgModelTensor tensor = ag_model_class_tensor (model, i);
      const AgGraphNode *node = find_node (picture, tensor.name);
      g_autofree char *new_name = g_strconcat ("new ", tensor.name, NULL);
      const AgGraphNode *updated = find_node (picture, new_name);

      if (node == NULL || !node->is_taken || tensor.n_elements > 1)
        continue;
      g_assert_cmpfloat (node->value.mean, ==, before->coefficients[tensor.first]);
      if (updated != NULL && updated->is_taken)
        g_assert_cmpfloat (updated->value.mean, ==, after->coefficients[tensor.first]);
      if (node->gradient.n_elements > 0)
        g_assert_cmpfloat (node->gradient.mean, ==, after->gradients[tensor.first]);
    }
}

/* The operand's number at one of the places that samples are taken from. */
static double
sample_of (const AgGraphValue *value,
           guint i)
{
  return value->n_samples == 0 ? value->mean : value->samples[i];
}

static guint
list_operands (const AgGraphPicture *picture,
               guint index,
               const AgGraphEdge **edges)
{
  guint n = 0;

  for (guint operand = 0; operand < AG_OP_MAX_OPERANDS; operand++)
    for (guint i = 0; i < picture->n_edges; i++)
      if (picture->edges[i].to == index && picture->edges[i].operand == operand
          && picture->edges[i].is_taken)
        edges[n++] = &picture->edges[i];
  return n;
}

/* Whether each element is computed of the elements at its place, and can be compared so. */
static gboolean
is_by_element (const AgGraphPicture *picture,
               guint index,
               const AgGraphEdge *const *edges,
               guint n)
{
  const AgGraphNode *node = &picture->nodes[index];

  if (!node->is_taken || node->op <= AG_OP_identity)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const AgGraphNode *operand = &picture->nodes[edges[i]->from];

      if (operand->value.n_elements != 1 && operand->shape != node->shape)
        return FALSE;
    }
  return TRUE;
}

/* Each operation is what the table's formula makes of the numbers of its operands, and each
 * derivative the slope of that formula there. */
static guint
walk_forwards (const AgGraphPicture *picture,
               AgDType dtype)
{
  guint n_walked = 0;

  for (guint i = 0; i < picture->n_nodes; i++)
    {
      const AgGraphNode *node = &picture->nodes[i];
      const AgGraphEdge *edges[AG_OP_MAX_OPERANDS];
      const guint n = list_operands (picture, i, edges);

      if (!is_by_element (picture, i, edges, n))
        continue;
      n_walked++;
      for (guint s = 0; s < MAX (node->value.n_samples, 1); s++)
        {
          double operands[AG_OP_MAX_OPERANDS] = { 0 }, scale = 0, value;

          for (guint k = 0; k < n; k++)
            operands[k] = ag_dtype_round (dtype, sample_of (&picture->nodes[edges[k]->from].value, s));
          value = ag_op_evaluate (node->op, operands);
          for (guint k = 0; k < n; k++)
            scale = fmax (scale, fabs (operands[k]));
          compare_numbers (sample_of (&node->value, s), value, fmax (fabs (value), node->op == AG_OP_addcmul ? scale : 0),
                           dtype);
          for (guint k = 0; k < n; k++)
            {
              const double stride = 1e-6 * fmax (fabs (operands[k]), 1e-3), middle = operands[k];
              double slope;

              if (edges[k]->derivative.n_elements == 0)
                continue;
              operands[k] = middle + stride;
              slope = ag_op_evaluate (node->op, operands);
              operands[k] = middle - stride;
              slope = (slope - ag_op_evaluate (node->op, operands)) / (2 * stride);
              operands[k] = middle;
              g_assert_cmpfloat (fabs (sample_of (&edges[k]->derivative, s) - slope), <=,
                                 1e-5 * fmax (fabs (slope), fabs (value)) + 1e-9);
            }
        }
    }
  return n_walked;
}

/* The gradient of each node is the sum of those of all that use it, each times its derivative. */
static guint
walk_backwards (const AgGraphPicture *picture,
                AgDType dtype)
{
  guint n_walked = 0;

  for (guint i = 0; i < picture->n_nodes; i++)
    {
      const AgGraphNode *node = &picture->nodes[i];
      gboolean is_walkable = node->is_taken && node->gradient.n_elements > 0
                             && i != picture->loss_node && node->function < 0;
      double expected[AG_VALUE_N_SAMPLES] = { 0 }, scale = 0;

      for (guint k = 0; is_walkable && k < picture->n_edges; k++)
        {
          const AgGraphEdge *edge = &picture->edges[k];
          const AgGraphNode *user = &picture->nodes[edge->to];

          if (edge->from != i || !edge->is_taken
              || (user->gradient.n_elements == 0 && user->function < 0))
            continue;
          /* A sum passes its gradient on to each element; a custom Function has its own way. */
          if (user->function >= 0
              || (user->op == AG_OP_sum ? user->value.n_elements != 1
                                        : edge->derivative.n_elements == 0
                                            || user->shape != node->shape))
            {
              is_walkable = FALSE;
              break;
            }
          for (guint s = 0; s < MAX (node->value.n_samples, 1); s++)
            {
              const double derivative = user->op == AG_OP_sum ? 1 : sample_of (&edge->derivative, s);

              expected[s] += sample_of (&user->gradient, s) * derivative;
              scale = fmax (scale, fabs (expected[s]));
            }
        }
      if (!is_walkable)
        continue;
      n_walked++;
      for (guint s = 0; s < MAX (node->value.n_samples, 1); s++)
        compare_numbers (sample_of (&node->gradient, s), expected[s], scale, dtype);
    }
  return n_walked;
}

/* Checks several steps of each program, in both types. */
static void
test_values (gconstpointer data)
{
  const AgProgramClass *program = data;

  for (guint t = 0; t < 2; t++)
    {
      const AgDType dtype = t == 0 ? AG_DTYPE_FLOAT32 : AG_DTYPE_FLOAT64;
      const AgRunSpec spec = make_spec (program, dtype);
      g_autoptr (AgRun) run = fixture_run (&spec);
      g_autoptr (AgGraphPictures) pictures = make_pictures (run);

      for (gint64 step = 0; step < N_STEPS; step += 13)
        {
          g_autoptr (AgGraphPicture) picture = take (pictures, step);
          guint n_walked;

          compare_with_moments (run, picture);
          n_walked = walk_forwards (picture, dtype);
          g_assert_cmpuint (n_walked, >=, 3);
          n_walked = walk_backwards (picture, dtype);
          if (program->by_hand == NULL)
            g_assert_cmpuint (n_walked, >=, 3);
          else
            g_assert_cmpuint (n_walked, ==, 0);
          g_assert_nonnull (find_node (picture, "prediction"));
          g_assert_nonnull (find_node (picture, "y"));
          g_assert_cmpstr (picture->nodes[picture->loss_node].name, ==, "loss");
        }
    }
}

/* Without moments the steps are taken anew, which makes the same. */
static void
test_without_run (void)
{
  const AgRunSpec spec = make_spec (ag_program_class_find ("optim"), AG_DTYPE_FLOAT32);
  g_autoptr (AgRun) run = fixture_run (&spec);
  g_autoptr (AgGraphPictures) pictures
    = ag_graph_pictures_new (&spec, ag_trainer_data (ag_run_trainer (run)), NULL);

  for (gint64 step = N_STEPS - 1; step >= 0; step -= 19)
    {
      g_autoptr (AgGraphPicture) picture = take (pictures, step);

      compare_with_moments (run, picture);
    }
}

/* Whether a run has the losses of one of which no pictures are taken. */
static void
test_undisturbed (void)
{
  const AgRunSpec spec = make_spec (ag_program_class_find ("dynamic"), AG_DTYPE_FLOAT32);
  g_autoptr (GError) error = NULL;
  g_autoptr (AgRun) alone = fixture_run (&spec);
  g_autoptr (AgRun) run = ag_run_new (&spec, &error);
  g_autoptr (AgGraphPictures) pictures = NULL;

  g_assert_no_error (error);
  pictures = make_pictures (run);
  for (gint64 step = 0; step < N_STEPS; step++)
    {
      g_autoptr (AgGraphPicture) picture = NULL;

      ag_trainer_step (ag_run_trainer (run));
      while (ag_history_n_steps (ag_run_history (run)) <= step)
        g_usleep (1000);
      picture = take (pictures, step);
      g_assert_cmpfloat (picture->loss, ==, loss_of (alone, step));
    }
  for (gint64 step = 0; step < N_STEPS; step++)
    g_assert_cmpfloat (loss_of (run, step), ==, loss_of (alone, step));
}

/* The dynamic net's steps differ, and what one has not is there all the same, where it was. */
static void
test_union (void)
{
  const AgRunSpec spec = make_spec (ag_program_class_find ("dynamic"), AG_DTYPE_FLOAT32);
  g_autoptr (AgRun) run = fixture_run (&spec);
  g_autoptr (AgGraphPictures) pictures = make_pictures (run);
  g_autoptr (AgGraphPicture) first = take (pictures, 0);
  const guint stops = ag_graph_outline_default_stops (first);
  g_autoptr (AgGraphOutline) outline = ag_graph_outline_new (first, stops, TRUE, 0);
  g_autoptr (AgGraphLayout) layout = ag_graph_layout_new (outline);
  gboolean has_been[3] = { FALSE };

  for (gint64 step = 1; step < N_STEPS; step++)
    {
      g_autoptr (AgGraphPicture) picture = take (pictures, step);
      g_autoptr (AgGraphOutline) other = ag_graph_outline_new (picture, stops, TRUE, 0);
      g_autoptr (AgGraphLayout) other_layout = ag_graph_layout_new (other);
      guint n_terms = 0;

      g_assert_cmpuint (other->n_boxes, ==, outline->n_boxes);
      g_assert_cmpuint (other->n_links, ==, outline->n_links);
      for (guint i = 0; i < outline->n_boxes; i++)
        {
          g_assert_cmpuint (other_layout->boxes[i].column, ==, layout->boxes[i].column);
          g_assert_cmpfloat (other_layout->boxes[i].row, ==, layout->boxes[i].row);
        }
      n_terms += find_node (picture, "x⁴")->is_taken;
      n_terms += find_node (picture, "x⁵")->is_taken;
      has_been[n_terms] = TRUE;
      g_assert_true (find_node (picture, "prediction")->is_taken);
      g_assert_cmpint (find_node (picture, "x⁵")->value.n_elements > 0, ==,
                       find_node (picture, "x⁵")->is_taken);
    }
  g_assert_true (has_been[0] && has_been[1] && has_been[2]);
}

/* A custom Function is one box, or all that it recorded. */
static void
test_function (void)
{
  const AgRunSpec spec = make_spec (ag_program_class_find ("legendre"), AG_DTYPE_FLOAT32);
  g_autoptr (AgRun) run = fixture_run (&spec);
  g_autoptr (AgGraphPictures) pictures = make_pictures (run);
  g_autoptr (AgGraphPicture) picture = take (pictures, 5);
  const guint stops = ag_graph_outline_default_stops (picture);
  g_autoptr (AgGraphOutline) open = ag_graph_outline_new (picture, stops, TRUE, 0);
  g_autoptr (AgGraphOutline) closed = ag_graph_outline_new (picture, stops, FALSE, 0);
  guint n_closed = 0;

  g_assert_cmpuint (picture->n_functions, ==, 1);
  g_assert_cmpstr (picture->functions[0].name, ==, "LegendrePolynomial3");
  g_assert_cmpuint (closed->n_boxes + 4, <=, open->n_boxes);
  for (guint i = 0; i < closed->n_boxes; i++)
    n_closed += closed->boxes[i].is_closed;
  g_assert_cmpuint (n_closed, ==, 1);
}

/* No box lies on another one, each is right of all that it uses, and few lines cross. */
static void
check_layout (const AgGraphPicture *picture,
              guint stops,
              guint opened,
              guint most_crossings)
{
  g_autoptr (AgGraphOutline) outline = ag_graph_outline_new (picture, stops, TRUE, opened);
  g_autoptr (AgGraphLayout) layout = ag_graph_layout_new (outline);

  for (guint i = 0; i < layout->n_boxes; i++)
    {
      g_assert_cmpfloat (layout->boxes[i].row, >=, 0);
      g_assert_cmpfloat (layout->boxes[i].row + 1, <=, layout->n_rows + 1e-9);
      for (guint k = 0; k < i; k++)
        if (layout->boxes[i].column == layout->boxes[k].column)
          g_assert_cmpfloat (fabs (layout->boxes[i].row - layout->boxes[k].row), >=, 1);
    }
  for (guint i = 0; i < outline->n_links; i++)
    {
      const AgGraphRoute *route = &layout->routes[i];

      g_assert_cmpuint (layout->boxes[outline->links[i].from].column, <,
                        layout->boxes[outline->links[i].to].column);
      g_assert_cmpuint (route->n_points, >=, 2);
    }
  g_test_message ("%u boxes, %u columns, %u crossings", layout->n_boxes, layout->n_columns,
                  layout->n_crossings);
  g_assert_cmpuint (layout->n_crossings, <=, most_crossings);
}

static void
test_layouts (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      const AgRunSpec spec = make_spec (ag_program_class_nth (i), AG_DTYPE_FLOAT32);
      g_autoptr (AgRun) run = fixture_run (&spec);
      g_autoptr (AgGraphPictures) pictures = make_pictures (run);
      g_autoptr (AgGraphPicture) picture = take (pictures, 2);

      g_test_message ("%s", spec.program->id);
      check_layout (picture, ag_graph_outline_default_stops (picture), 0, 8);
      check_layout (picture, (1u << AG_N_STOPS) - 1, 0, 100);
    }
}

/* Beyond two hundred operations the parts of the step that have most of them are shown as a box
 * each, with lines from and to it, and are opened one by one. */
static void
check_closed (const AgGraphPicture *picture)
{
  const guint all = (1u << AG_N_STOPS) - 1;
  g_autoptr (AgGraphOutline) closed = ag_graph_outline_new (picture, all, TRUE, 0);
  g_autoptr (AgGraphOutline) predict
    = ag_graph_outline_new (picture, all, TRUE, AG_STOP_BIT (AG_STOP_PREDICT));
  g_autoptr (AgGraphOutline) opened = ag_graph_outline_new (picture, all, TRUE, all);
  guint n_inside = 0, n_closed = 0;

  g_assert_cmpuint (closed->n_boxes, <=, AG_GRAPH_MOST_BOXES);
  g_assert_cmpuint (opened->n_boxes, >, AG_GRAPH_MOST_BOXES);
  for (guint i = 0; i < closed->n_boxes; i++)
    {
      n_inside += closed->boxes[i].n_inside;
      n_closed += closed->boxes[i].n_inside > 0;
    }
  g_assert_cmpuint (n_closed, >=, 2);
  g_assert_cmpuint (n_inside, >, 200);
  for (guint i = 0; i < predict->n_boxes; i++)
    if (predict->boxes[i].n_inside > 0)
      g_assert_cmpint (picture->nodes[predict->boxes[i].node].stop, !=, AG_STOP_PREDICT);
  for (guint i = 0; i < opened->n_boxes; i++)
    g_assert_cmpuint (opened->boxes[i].n_inside, ==, 0);
  check_layout (picture, all, 0, 200);
}

/* A formula of two hundred operations has its places too. */
static void
test_large (void)
{
  g_autoptr (GString) formula = g_string_new ("a");
  g_autoptr (GError) error = NULL;
  g_autoptr (AgRun) run = NULL;
  g_autoptr (AgGraphPictures) pictures = NULL;
  g_autoptr (AgGraphPicture) picture = NULL;
  AgRunSpec spec;

  for (guint i = 0; i < 66; i++)
    g_string_append_printf (formula, "+b*sin(%u*x)", i + 1);
  spec = make_spec (ag_program_class_find ("formula"), AG_DTYPE_FLOAT64);
  ag_run_spec_set_model (&spec, formula->str, &error);
  g_assert_no_error (error);
  spec.steps = N_STEPS;
  spec.points = 100;
  spec.lr = 1e-9;
  run = fixture_run (&spec);
  pictures = make_pictures (run);
  picture = take (pictures, 1);
  g_assert_cmpuint (picture->n_nodes, >=, 200);
  check_layout (picture, ag_graph_outline_default_stops (picture), AG_STOP_BIT (AG_STOP_PREDICT), 200);
  check_closed (picture);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      const AgProgramClass *program = ag_program_class_nth (i);
      g_autofree char *path = g_strdup_printf ("/graph-picture/values/%s", program->id);

      g_test_add_data_func (path, program, test_values);
    }
  g_test_add_func ("/graph-picture/without-run", test_without_run);
  g_test_add_func ("/graph-picture/undisturbed", test_undisturbed);
  g_test_add_func ("/graph-picture/union", test_union);
  g_test_add_func ("/graph-picture/function", test_function);
  g_test_add_func ("/graph-picture/layouts", test_layouts);
  g_test_add_func ("/graph-picture/large", test_large);
  return g_test_run ();
}
