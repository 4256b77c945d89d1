/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-comparison.h"

#include "converge-optima.h"
#include "converge-runs-table.h"
#include "plot/plot-axis.h"
#include "plot/run-changes.h"
#include "plot/run-difference.h"
#include "plot/run-text.h"

#include "train/setting.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* A table of the runs in a window beside theirs: the settings that not all of them have alike, what
 * was changed while they were under way, and what came of them. */

/**
 * Comparison:
 * @runs: the runs
 * @grid: a row for each of them
 * @page: what @grid, or that there is nothing to compare, is seen on
 */
typedef struct
{
  ConvergeRuns *runs;
  GtkGrid *grid;
  GtkStack *page;
} Comparison;

static void
add_cell (Comparison *self,
          int column,
          int row,
          const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  if (column == 0)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (label), 16);
      gtk_widget_set_hexpand (label, TRUE);
    }
  gtk_widget_add_css_class (label, row == 0 ? "heading" : "numeric");
  gtk_grid_attach (self->grid, label, column, row, 1, 1);
}

static void
add_head (Comparison *self,
          const AgRunSpec *spec,
          const GPtrArray *differing,
          gboolean has_changes)
{
  int column = 0;

  add_cell (self, column++, 0, _ ("Run"));
  for (guint i = 0; i < differing->len; i++)
    {
      const char *id = g_ptr_array_index (differing, i);
      const AgSetting *setting = ag_setting_find (spec, id);

      add_cell (self, column++, 0, setting != NULL ? _ (setting->title) : id);
    }
  if (has_changes)
    add_cell (self, column++, 0, _ ("changed under way"));
  add_cell (self, column++, 0, _ ("loss"));
  add_cell (self, column++, 0, _ ("steps to 1 %"));
  add_cell (self, column, 0, _ ("time"));
}

static void
add_outcome (Comparison *self,
             int column,
             int row,
             ConvergeRun *run)
{
  const AgSnapshot *snapshot = converge_run_snapshot (run);
  const AgOptimum *optimum
    = converge_optima_find (converge_optima_get_default (), converge_run_spec (run));
  const gint64 n_steps = optimum != NULL ? converge_run_steps_to_near (run, optimum->loss) : -1;
  g_autofree char *near = n_steps >= 0 ? g_strdup_printf ("%lld", (long long) n_steps) : g_strdup ("–");
  g_autofree char *time = converge_run_text_duration (snapshot->elapsed);
  char loss[32];

  converge_axis_format (isnan (snapshot->final_loss) ? snapshot->loss : snapshot->final_loss, 5, loss,
                        sizeof loss);
  add_cell (self, column++, row, snapshot->state == AG_TRAINER_DIVERGED ? _ ("diverged") : loss);
  add_cell (self, column++, row, near);
  add_cell (self, column, row, time);
}

static void
add_run (Comparison *self,
         int row,
         ConvergeRun *run,
         const GPtrArray *differing,
         gboolean has_changes)
{
  const AgRunSpec *spec = converge_run_spec (run);
  int column = 0;

  add_cell (self, column++, row, converge_run_get_name (run));
  for (guint i = 0; i < differing->len; i++)
    {
      const AgSetting *setting = ag_setting_find (spec, g_ptr_array_index (differing, i));
      g_autofree char *value = setting != NULL && ag_setting_is_used (setting, spec)
                                 ? converge_run_text_value (setting, spec)
                                 : g_strdup ("–");

      add_cell (self, column++, row, value);
    }
  if (has_changes)
    {
      g_autofree char *changes = converge_run_text_changes (converge_run_rates (run), spec);

      add_cell (self, column++, row, changes != NULL ? changes : "–");
    }
  add_outcome (self, column, row, run);
}

static void
fill (Comparison *self)
{
  g_autoptr (GPtrArray) differing = converge_runs_table_find_differing (self->runs);
  const gboolean has_changes = converge_runs_table_has_changes (self->runs);
  GtkWidget *child;
  int row = 0;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  for (guint i = 0; i < converge_runs_n (self->runs); i++)
    {
      ConvergeRun *run = converge_runs_nth (self->runs, i);
      const AgSnapshot *snapshot = converge_run_snapshot (run);

      if (snapshot == NULL || snapshot->step == 0)
        continue;
      if (row == 0)
        add_head (self, converge_run_spec (run), differing, has_changes);
      add_run (self, ++row, run, differing, has_changes);
    }
  gtk_stack_set_visible_child_name (self->page, row > 0 ? "table" : "nothing");
}

/* A run that takes steps would be another one in each frame. */
static void
run_changed (Comparison *self,
             ConvergeRun *run)
{
  const AgSnapshot *snapshot = converge_run_snapshot (run);

  if (snapshot != NULL && snapshot->state != AG_TRAINER_RUNNING)
    fill (self);
}

/* Nothing is told to a window that closes. */
static void
leave (GtkWidget *window,
       Comparison *self)
{
  g_signal_handlers_disconnect_by_data (self->runs, self);
}

static void
comparison_free (gpointer data)
{
  Comparison *self = data;

  g_object_unref (self->runs);
  g_free (self);
}

static GtkWidget *
make_page (Comparison *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new (), *nothing = adw_status_page_new ();

  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, 18);
  gtk_grid_set_row_spacing (self->grid, 6);
  gtk_widget_set_margin_start (GTK_WIDGET (self->grid), 12);
  gtk_widget_set_margin_end (GTK_WIDGET (self->grid), 12);
  gtk_widget_set_margin_top (GTK_WIDGET (self->grid), 12);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->grid), 12);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->grid));
  adw_status_page_set_title (ADW_STATUS_PAGE (nothing), _ ("No Runs Yet"));
  self->page = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->page, scroller, "table");
  gtk_stack_add_named (self->page, nothing, "nothing");
  gtk_widget_set_vexpand (GTK_WIDGET (self->page), TRUE);
  return GTK_WIDGET (self->page);
}

/**
 * converge_comparison_new:
 * @parent: the window that the runs are of
 * @runs: the runs
 *
 * Returns: (transfer floating): a window with a table of what differs between the runs, which
 *   follows the list
 */
GtkWidget *
converge_comparison_new (GtkWindow *parent,
                         ConvergeRuns *runs)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  Comparison *self = g_new0 (Comparison, 1);

  self->runs = g_object_ref (runs);
  gtk_window_set_title (GTK_WINDOW (window), _ ("What Differs"));
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (window), 640, 360);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), make_page (self));
  adw_window_set_content (ADW_WINDOW (window), box);
  g_signal_connect_swapped (runs, "items-changed", G_CALLBACK (fill), self);
  g_signal_connect_swapped (runs, "changed", G_CALLBACK (run_changed), self);
  g_signal_connect (window, "destroy", G_CALLBACK (leave), self);
  g_object_set_data_full (G_OBJECT (window), "converge-comparison", self, comparison_free);
  fill (self);
  return window;
}
