/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/step-bars.h"

#include "plot/plot-axis.h"
#include "plot/plot-pen.h"
#include "plot/plot-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define LINE 14
#define GAP 6
#define HEAD (3 * LINE + GAP)
#define BAR 9
#define MOST_NAME 70
#define NUMBER 66
#define SMALL 0.9

/* Whether the optimizer does nothing but go against the gradient. */
static gboolean
is_plain (const AgRunSpec *spec)
{
  return strcmp (spec->optimizer->id, "sgd") == 0 && ag_run_spec_option (spec, "momentum") == 0
         && ag_run_spec_option (spec, "weight-decay") == 0;
}

/**
 * converge_step_bars_init:
 * @bars: (out caller-allocates): room for the changes
 * @spec: a run
 * @account: the account of one of its steps
 *
 * Returns: whether there is something to compare: a parameter that was updated, by an optimizer
 *   that is not plain SGD
 */
gboolean
converge_step_bars_init (ConvergeStepBars *bars,
                         const AgRunSpec *spec,
                         const AgAccount *account)
{
  const AgMoment *before = account->before, *after = account->after;

  *bars = (ConvergeStepBars){ .optimizer = after->optimizer };
  for (guint i = 0; i < after->n_parameters && bars->n < CONVERGE_STEP_BARS_MOST; i++)
    {
      if (!isfinite (after->gradients[i]) || after->step == before->step)
        continue;
      bars->names[bars->n] = after->program->model->parameters[i];
      bars->changes[bars->n] = after->coefficients[i] - before->coefficients[i];
      bars->plain[bars->n++] = -after->lr * after->gradients[i];
    }
  return bars->n > 0 && !is_plain (spec);
}

/**
 * converge_step_bars_height:
 * @bars: the changes
 *
 * Returns: how many pixels high they are drawn
 */
int
converge_step_bars_height (const ConvergeStepBars *bars)
{
  return (int) (HEAD + bars->n * (2 * LINE + GAP));
}

static double
greatest (guint n,
          const double *values)
{
  double most = 0;

  for (guint i = 0; i < n; i++)
    most = fmax (most, fabs (values[i]));
  return most;
}

static ConvergeColor
color_of (const ConvergePlotStyle *style,
          gboolean is_plain)
{
  return is_plain ? style->axis : converge_plot_style_color (style, 3);
}

static void
show (cairo_t *cr,
      const ConvergePlotStyle *style,
      double x,
      double y,
      const char *text)
{
  converge_plot_set_color (cr, style->text, 1);
  cairo_move_to (cr, x, y);
  converge_plot_show_text (cr, text);
}

static void
draw_bar (cairo_t *cr,
          const ConvergePlotStyle *style,
          double x,
          double y,
          double length,
          gboolean is_plain)
{
  cairo_rectangle (cr, x, y - BAR, fmax (length, 1), BAR);
  converge_plot_set_color (cr, color_of (style, is_plain), is_plain ? 0.6 : 1);
  cairo_fill (cr);
}

static void
draw_head (const ConvergeStepBars *bars,
           cairo_t *cr,
           const ConvergePlotStyle *style)
{
  g_autofree char *own = g_strdup_printf (_ ("what %s changed"), _ (bars->optimizer->title));

  draw_bar (cr, style, 0, LINE - 3, BAR, FALSE);
  show (cr, style, BAR + 5, LINE - 3, own);
  draw_bar (cr, style, 0, 2 * LINE - 3, BAR, TRUE);
  show (cr, style, BAR + 5, 2 * LINE - 3, _ ("what plain SGD would have, −lr · g"));
  show (cr, style, 0, 3 * LINE - 3, _ ("Bars are shares of the longest of their kind."));
}

static double
find_name_width (const ConvergeStepBars *bars,
                 cairo_t *cr)
{
  double widest = 0;

  for (guint i = 0; i < bars->n; i++)
    widest = fmax (widest, converge_plot_text_width (cr, bars->names[i]));
  return fmin (widest, MOST_NAME);
}

/**
 * converge_step_bars_draw:
 * @bars: the changes
 * @cr: where
 * @width: how wide that is
 * @style: what it looks like
 *
 * Draws for each parameter a bar for its change, and one for that by plain SGD.
 */
void
converge_step_bars_draw (const ConvergeStepBars *bars,
                         cairo_t *cr,
                         double width,
                         const ConvergePlotStyle *style)
{
  const double *const both[] = { bars->changes, bars->plain };
  double left, room;

  converge_plot_set_font (cr, style, SMALL);
  draw_head (bars, cr, style);
  left = find_name_width (bars, cr) + 8;
  room = fmax (width - left - NUMBER, 20);
  for (guint i = 0; i < bars->n; i++)
    {
      const double y = HEAD + i * (2 * LINE + GAP);

      show (cr, style, 0, y + LINE, bars->names[i]);
      for (guint k = 0; k < G_N_ELEMENTS (both); k++)
        {
          const double most = greatest (bars->n, both[k]);
          const double share = most > 0 && isfinite (most) ? fabs (both[k][i]) / most : 0;
          char number[32];

          converge_axis_format (both[k][i], 3, number, sizeof number);
          draw_bar (cr, style, left, y + (k + 1) * LINE - 2, share * room, k == 1);
          show (cr, style, left + share * room + 5, y + (k + 1) * LINE - 2, number);
        }
    }
}

/**
 * converge_step_bars_describe:
 * @bars: the changes
 *
 * Returns: (transfer full): the same in words
 */
char *
converge_step_bars_describe (const ConvergeStepBars *bars)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < bars->n; i++)
    {
      char change[32], plain[32];

      converge_axis_format (bars->changes[i], 3, change, sizeof change);
      converge_axis_format (bars->plain[i], 3, plain, sizeof plain);
      /* Translators: a parameter, by how much an optimizer changed it, by how much SGD would. */
      g_string_append_printf (text, _ ("%s: %s, with plain SGD %s. "), bars->names[i], change, plain);
    }
  g_strchomp (text->str);
  return g_string_free (text, FALSE);
}
