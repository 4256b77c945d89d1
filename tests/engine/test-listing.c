/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "script/listing.h"

#include <string.h>

/* The lines of a step, and which part of it each of them is. */

#define ALL_STOPS ((1u << AG_N_STOPS) - 1)
#define GRADIENT (1u << AG_STOP_GRADIENT)

static const AgListingLine *
nth (GArray *lines,
     guint index)
{
  return &g_array_index (lines, AgListingLine, index);
}

/* Which words in a comment mark lines. */
static void
test_stop (void)
{
  g_assert_cmpuint (ag_stop_find ("predict"), ==, 1u << AG_STOP_PREDICT);
  g_assert_cmpuint (ag_stop_find ("Loss: the squares."), ==, 1u << AG_STOP_LOSS);
  g_assert_cmpuint (ag_stop_find ("optimizer and update"), ==,
                    1u << AG_STOP_OPTIMIZER | 1u << AG_STOP_UPDATE);
  g_assert_cmpuint (ag_stop_find ("prediction"), ==, 0);
  g_assert_cmpuint (ag_stop_find ("Update the rows"), ==, 0);
  g_assert_cmpuint (ag_stop_find ("loss and more"), ==, 0);
  g_assert_cmpuint (ag_stop_find (""), ==, 0);
}

/* Every part of the step is there, and has its result once; a gradient that is derived by hand
 * has one for each parameter. */
static void
check_stops (const AgRunSpec *spec,
             GArray *lines,
             const char *language)
{
  guint found = 0, n_results[AG_N_STOPS] = { 0 };

  for (guint i = 0; i < lines->len; i++)
    {
      found |= nth (lines, i)->stops;
      g_assert_cmpuint (nth (lines, i)->results & ~nth (lines, i)->stops, ==, 0);
      for (guint k = 0; k < AG_N_STOPS; k++)
        n_results[k] += nth (lines, i)->results >> k & 1;
    }
  if (found != ALL_STOPS)
    g_error ("%s, %s, %s: of the parts of a step there are %#x", spec->program->id,
             spec->optimizer->id, language, found);
  for (guint k = 0; k < AG_N_STOPS; k++)
    g_assert_cmpuint (n_results[k], ==,
                      k == AG_STOP_GRADIENT && spec->program->by_hand != NULL
                        ? spec->program->model->n_parameters
                        : 1);
}

/* What is shown is in the files, line by line. */
static void
check_files (GArray *lines)
{
  g_auto (GStrv) file = NULL;
  guint n_files = 0;

  for (guint i = 0; i < lines->len; i++)
    {
      const AgListingLine *line = nth (lines, i);

      if (g_str_has_prefix (line->text, "/* engine/"))
        {
          g_autofree char *name = g_strdup (line->text + strlen ("/* "));
          g_autofree char *path = NULL, *text = NULL;

          *strstr (name, " */") = '\0';
          path = g_build_filename (SOURCE_FOLDER, name, NULL);
          g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
          g_strfreev (file);
          file = g_strsplit (text, "\n", -1);
          n_files++;
        }
      else if (line->number > 0)
        g_assert_cmpstr (line->text, ==, file[line->number - 1]);
      else
        g_assert_cmpstr (line->text, ==, "");
    }
  g_assert_cmpuint (n_files, >=, 3);
}

static void
test_programs (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    for (guint k = 0; k < ag_optimizer_n_classes (); k++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (GArray) c = NULL;
        g_autoptr (GArray) pytorch = NULL;
        AgRunSpec spec;

        ag_run_spec_init (&spec, ag_program_class_nth (i));
        ag_run_spec_set_optimizer (&spec, ag_optimizer_class_nth (k));
        c = ag_listing_new_c (&spec);
        check_stops (&spec, c, "C");
        check_files (c);
        pytorch = ag_listing_new_pytorch (&spec, NULL, 100, &error);
        g_assert_no_error (error);
        check_stops (&spec, pytorch, "PyTorch");
      }
}

static void
test_losses (void)
{
  for (AgLossKind kind = 0; kind < AG_N_LOSSES; kind++)
    {
      g_autoptr (GArray) lines = NULL;
      AgRunSpec spec;

      ag_run_spec_init (&spec, ag_program_class_find ("mlp"));
      spec.loss = ag_loss_find (kind, TRUE);
      lines = ag_listing_new_c (&spec);
      check_stops (&spec, lines, "C");
      check_files (lines);
    }
}

static const AgListingLine *
find_line (GArray *lines,
           const char *text)
{
  for (guint i = 0; i < lines->len; i++)
    if (strstr (nth (lines, i)->text, text) != NULL)
      return nth (lines, i);
  g_error ("“%s” is missing", text);
}

/* Which lines are which part, where they are close together. */
static void
test_lines (void)
{
  AgRunSpec spec;
  g_autoptr (GArray) c = NULL;
  g_autoptr (GArray) pytorch = NULL;
  g_autoptr (GArray) autograd = NULL;
  g_autoptr (GArray) rmsprop = NULL;

  ag_run_spec_init (&spec, ag_program_class_find ("numpy"));
  c = ag_listing_new_c (&spec);
  g_assert_cmpuint (find_line (c, "a + b x + c x²")->stops, ==, 1u << AG_STOP_PREDICT);
  g_assert_cmpuint (find_line (c, "AgTensor *residual")->stops, ==, 1u << AG_STOP_LOSS);
  g_assert_cmpuint (find_line (c, "AgTensor *slope")->stops, ==, GRADIENT);
  g_assert_cmpint (find_line (c, "model->tensors[2]")->parameter, ==, 2);
  g_assert_cmpuint (find_line (c, "return ag_sum")->results, ==, 1u << AG_STOP_LOSS);
  g_assert_cmpuint (find_line (c, "ag_optimizer_descend")->results, ==, 1u << AG_STOP_UPDATE);
  g_assert_cmpuint (find_line (c, ".title = N_ (\"NumPy\")")->stops, ==, 0);

  pytorch = ag_listing_new_pytorch (&spec, NULL, 100, NULL);
  g_assert_cmpuint (find_line (pytorch, "import torch")->stops, ==, 0);
  g_assert_cmpuint (find_line (pytorch, "def predict")->stops, ==, 1u << AG_STOP_PREDICT);
  g_assert_cmpuint (find_line (pytorch, "    loss = ")->results, ==, 1u << AG_STOP_LOSS);
  g_assert_cmpint (find_line (pytorch, "c.grad = ")->parameter, ==, 2);
  g_assert_cmpuint (find_line (pytorch, "optimizer.step")->results, ==,
                    1u << AG_STOP_OPTIMIZER | 1u << AG_STOP_UPDATE);
  g_assert_cmpuint (find_line (pytorch, "# Result")->stops, ==, 0);

  ag_run_spec_init (&spec, ag_program_class_find ("optim"));
  rmsprop = ag_listing_new_c (&spec);
  g_assert_cmpuint (find_line (rmsprop, "  root = ag_add")->results, ==, 1u << AG_STOP_OPTIMIZER);

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  autograd = ag_listing_new_c (&spec);
  g_assert_cmpuint (find_line (autograd, "ag_backward (loss, NULL)")->results, ==, GRADIENT);
  g_assert_cmpuint (find_line (autograd, "AgTensor *prediction = ")->results, ==,
                    1u << AG_STOP_PREDICT);
}

/* A model that somebody typed is listed too: what records it, and what it is for PyTorch. */
static void
test_typed (void)
{
  AgRunSpec spec;
  g_autoptr (GArray) c = NULL;
  g_autoptr (GArray) pytorch = NULL;

  ag_run_spec_init (&spec, ag_program_class_find ("formula"));
  g_assert_true (ag_run_spec_set_model (&spec, "p*exp(-q*x)", NULL));
  c = ag_listing_new_c (&spec);
  check_stops (&spec, c, "C");
  pytorch = ag_listing_new_pytorch (&spec, NULL, 100, NULL);
  g_assert_cmpuint (find_line (pytorch, "return p * torch.exp(-q * x)")->stops, ==,
                    1u << AG_STOP_PREDICT);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/listing/stop", test_stop);
  g_test_add_func ("/listing/programs", test_programs);
  g_test_add_func ("/listing/losses", test_losses);
  g_test_add_func ("/listing/lines", test_lines);
  g_test_add_func ("/listing/typed", test_typed);
  return g_test_run ();
}
