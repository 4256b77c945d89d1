/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "picture/graph-pictures.h"
#include "script/call-sites.h"

#include <string.h>

/* Which line of the program recorded a node. */

static AgRunSpec
make_spec (const char *program,
           const char *optimizer)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find (program));
  if (optimizer != NULL)
    ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find (optimizer));
  spec.points = 50;
  return spec;
}

static AgGraphPicture *
take (const AgRunSpec *spec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgData) data = ag_run_spec_data (spec, &error);
  AgGraphPictures *pictures = ag_graph_pictures_new (spec, data, NULL);
  AgGraphPicture *picture = ag_graph_pictures_take (pictures, 3, 0, NULL, &error);

  g_assert_no_error (error);
  ag_graph_pictures_free (pictures);
  return picture;
}

static const AgListingLine *
nth (GArray *listing,
     gint line)
{
  g_assert_cmpint (line, >=, 0);
  return &g_array_index (listing, AgListingLine, line);
}

/**
 * Expectation:
 * @program: a program
 * @optimizer: (nullable): its optimizer, if it is not its own
 * @name: (nullable): a node by its name
 * @op: or else by its operation
 * @stop: of that part of the step
 * @nth: how many such nodes come before it
 * @text: what is in the line that recorded it
 */
typedef struct
{
  const char *program;
  const char *optimizer;
  const char *name;
  AgOp op;
  AgStop stop;
  guint nth;
  const char *text;
} Expectation;

static guint
find_node (const AgGraphPicture *picture,
           const Expectation *expected)
{
  guint n = 0;

  for (guint i = 0; i < picture->n_nodes; i++)
    {
      const AgGraphNode *node = &picture->nodes[i];
      const gboolean is_it = expected->name != NULL
                               ? g_strcmp0 (node->name, expected->name) == 0
                               : node->op == expected->op && node->stop == expected->stop;

      if (is_it && n++ == expected->nth)
        return i;
    }
  g_error ("%s has no such node", expected->program);
}

static void
test_lines (void)
{
  static const Expectation expectations[] = {
    { "autograd", NULL, NULL, AG_OP_square, AG_STOP_PREDICT, 0, "ag_square (x)" },
    { "autograd", NULL, NULL, AG_OP_mul, AG_STOP_PREDICT, 0, "AgTensor *line = ag_add (p[0]" },
    { "autograd", NULL, "prediction", 0, 0, 0, "return ag_add (ag_add (line" },
    { "autograd", NULL, "b", 0, 0, 0, "AgTensor *line = ag_add (p[0]" },
    { "autograd", NULL, "d", 0, 0, 0, "ag_cube (x)" },
    { "autograd", NULL, "loss", 0, 0, 0, "ag_reduce (ag_square (ag_residual" },
    { "autograd", NULL, "b.grad", 0, 0, 0, "ag_backward (loss, NULL)" },
    { "autograd", NULL, "new b", 0, 0, 0, "ag_optimizer_descend" },
    { "numpy", NULL, "c.grad", 0, 0, 0, "model->tensors[2]" },
    { "numpy", NULL, NULL, AG_OP_cube, AG_STOP_GRADIENT, 0, "model->tensors[3]" },
    { "numpy", NULL, "loss", 0, 0, 0, "return ag_sum" },
    { "numpy", NULL, NULL, AG_OP_sub, AG_STOP_LOSS, 0, "AgTensor *residual" },
    { "legendre", NULL, NULL, AG_OP_cube, AG_STOP_PREDICT, 0, "ag_cube (u)" },
    { "legendre", NULL, NULL, AG_OP_mul, AG_STOP_PREDICT, 0, "AgTensor *u = ag_add (p[2]" },
    { "legendre", NULL, NULL, AG_OP_square, AG_STOP_GRADIENT, 0, "ag_square (u)" },
    { "legendre", NULL, NULL, AG_OP_view, AG_STOP_PREDICT, 0, "return ag_mul (ag_constant (0.5), twice)" },
    { "legendre", NULL, "prediction", 0, 0, 0, "return ag_add (p[0]" },
    { "dynamic", NULL, "c", 0, 0, 0, "ag_square (x)" },
    { "dynamic", NULL, "e", 0, 0, 0, "ag_mul (model->tensors[4]" },
    { "dynamic", NULL, NULL, AG_OP_mul, AG_STOP_PREDICT, 4, "ag_mul (model->tensors[4]" },
    { "autograd", NULL, NULL, AG_OP_addcmul, AG_STOP_OPTIMIZER, 0, "ag_optimizer_descend" },
    { "optim", NULL, NULL, AG_OP_div, AG_STOP_OPTIMIZER, 0, "ag_assign (parameter, ag_sub" },
    { "optim", NULL, NULL, AG_OP_sqrt, AG_STOP_OPTIMIZER, 0, "root = ag_add (ag_sqrt" },
    { "optim", NULL, "new weight", 0, 0, 0, "ag_assign (parameter, ag_sub" },
    { "optim", NULL, "new bias", 0, 0, 0, "ag_assign (parameter, ag_sub" },
    { "mlp", NULL, NULL, AG_OP_tanh, AG_STOP_PREDICT, 0, "return ag_tanh (input)" },
    { "mlp", NULL, NULL, AG_OP_matmul, AG_STOP_PREDICT, 1, "ag_matmul (input" },
    { "mlp", NULL, "new 0.weight.exp_avg_sq", 0, 0, 0, "ag_optimizer_update_mean_square" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (expectations); i++)
    {
      const Expectation *expected = &expectations[i];
      const AgRunSpec spec = make_spec (expected->program, expected->optimizer);
      g_autoptr (AgGraphPicture) picture = take (&spec);
      g_autoptr (GArray) listing = ag_listing_new_c (&spec);
      g_autofree gint *lines = ag_call_sites_find (listing, picture);
      const guint node = find_node (picture, expected);
      const char *text = nth (listing, lines[node])->text;

      if (strstr (text, expected->text) == NULL)
        g_error ("%s, %s: “%s” is not in “%s”", expected->program,
                 expected->name != NULL ? expected->name : ag_op_info (expected->op)->name,
                 expected->text, text);
    }
}

/* Every node is of a line of its own part of the step, whatever the program. */
static void
test_stops (void)
{
  const guint update = 1u << AG_STOP_OPTIMIZER | 1u << AG_STOP_UPDATE;

  for (guint i = 0; i < ag_program_n_classes (); i++)
    for (guint k = 0; k < ag_optimizer_n_classes (); k++)
      {
        const AgRunSpec spec = make_spec (ag_program_class_nth (i)->id, ag_optimizer_class_nth (k)->id);
        g_autoptr (AgGraphPicture) picture = take (&spec);
        g_autoptr (GArray) listing = ag_listing_new_c (&spec);
        g_autofree gint *lines = ag_call_sites_find (listing, picture);

        for (guint n = 0; n < picture->n_nodes; n++)
          {
            const AgGraphNode *node = &picture->nodes[n];
            const guint stops = node->stop >= AG_STOP_OPTIMIZER ? update : 1u << node->stop;

            if (node->op == AG_OP_input || node->op == AG_OP_number)
              continue;
            g_assert_cmpuint (nth (listing, lines[n])->stops & stops, !=, 0);
            if (g_test_verbose ())
              g_test_message ("%s %s %s: %s", spec.program->id, spec.optimizer->id,
                              node->name != NULL ? node->name : ag_op_info (node->op)->name,
                              nth (listing, lines[n])->text);
          }
      }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/call-sites/lines", test_lines);
  g_test_add_func ("/call-sites/stops", test_stops);
  return g_test_run ();
}
