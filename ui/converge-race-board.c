/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-race-view-private.h"

#include "base/number.h"
#include "converge-optima.h"
#include "converge-runs-table.h"
#include "converge-tooltip.h"
#include "plot/plot-axis.h"
#include "plot/plot-palette.h"
#include "train/run-file.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* The leader board of a race: a line a racer, the best at the top, by whichever column one
 * chooses. */

enum
{
  COLUMN_PLACE,
  COLUMN_NAME,
  COLUMN_LOSS,
  COLUMN_DISTANCE,
  COLUMN_STEPS,
  COLUMN_TIME,
  N_COLUMNS
};

static const struct
{
  const char *title;
  const char *tooltip;
} columns[N_COLUMNS] = {
  [COLUMN_NAME] = { N_ ("racer"), NULL },
  [COLUMN_LOSS] = { N_ ("loss"), N_ ("Order by the loss, the least first") },
  [COLUMN_DISTANCE] = { N_ ("to the optimum"),
                        N_ ("Order by how far the parameters are from those of the least loss") },
  [COLUMN_STEPS] = { N_ ("steps to 1 %"),
                     N_ ("Order by after how many steps the loss was at most 1.01 times the least one") },
  [COLUMN_TIME] = { N_ ("µs a step"), N_ ("Order by the time that a step takes") },
};

/* The columns of the exported table after the place. */
static const char *const table_columns[] = {
  "racer",
  "lr",
  "state",
  "steps_taken",
  "loss",
  "distance",
  "steps_to_1_percent",
  "microseconds_per_step",
};

/**
 * Standing:
 * @run: a racer
 * @values: what it has in each column; infinite where it has nothing
 */
typedef struct
{
  ConvergeRun *run;
  double values[N_COLUMNS];
} Standing;

struct _ConvergeRaceBoard
{
  ConvergeRace *race;
  GtkWidget *grid;
  GtkWidget *heads[N_COLUMNS];
  GtkLabel *cells[CONVERGE_RACE_MAX_RACERS][N_COLUMNS];
  guint n_rows;
  guint order;
  guint n_racers;
  Standing standings[CONVERGE_RACE_MAX_RACERS];
};

static double
find_distance (ConvergeRun *run,
               const AgSnapshot *snapshot,
               const AgOptimum *optimum)
{
  double sum = 0;

  if (optimum == NULL || snapshot->state == AG_TRAINER_DIVERGED)
    return INFINITY;
  for (guint i = 0; i < snapshot->n_coefficients; i++)
    sum += pow (snapshot->coefficients[i] - optimum->coefficients[i], 2);
  return sqrt (sum);
}

static void
find_standing (Standing *standing,
               ConvergeRun *run)
{
  const AgSnapshot *snapshot = converge_run_snapshot (run);
  const AgOptimum *optimum = converge_optima_find (converge_optima_get_default (), converge_run_spec (run));
  gint64 n_steps;

  standing->run = run;
  for (guint i = 0; i < N_COLUMNS; i++)
    standing->values[i] = INFINITY;
  if (snapshot == NULL || snapshot->step == 0)
    return;
  if (snapshot->state != AG_TRAINER_DIVERGED && isfinite (snapshot->loss))
    standing->values[COLUMN_LOSS] = isnan (snapshot->final_loss) ? snapshot->loss : snapshot->final_loss;
  standing->values[COLUMN_DISTANCE] = find_distance (run, snapshot, optimum);
  n_steps = optimum != NULL ? converge_run_steps_to_near (run, optimum->loss) : -1;
  if (n_steps >= 0)
    standing->values[COLUMN_STEPS] = (double) n_steps;
  standing->values[COLUMN_TIME] = 1e6 * snapshot->elapsed / (double) snapshot->step;
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer user_data)
{
  const ConvergeRaceBoard *board = user_data;
  const Standing *one = a, *other = b;

  for (guint i = 0; i < 2; i++)
    {
      const guint column = i == 0 ? board->order : COLUMN_LOSS;

      if (one->values[column] != other->values[column])
        return one->values[column] < other->values[column] ? -1 : 1;
    }
  return 0;
}

/* The first three columns hold words, and numbers are below each other by their last digit. */
static GtkLabel *
make_cell (ConvergeRaceBoard *board,
           guint column,
           guint row)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), column > COLUMN_NAME);
  if (column == COLUMN_NAME)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (label), 12);
      gtk_widget_set_hexpand (label, TRUE);
    }
  else
    {
      gtk_widget_add_css_class (label, "numeric");
    }
  gtk_grid_attach (GTK_GRID (board->grid), label, (int) column, 1 + (int) row, 1, 1);
  return GTK_LABEL (label);
}

static void
set_n_rows (ConvergeRaceBoard *board,
            guint n)
{
  for (; board->n_rows < n; board->n_rows++)
    for (guint column = 0; column < N_COLUMNS; column++)
      board->cells[board->n_rows][column] = make_cell (board, column, board->n_rows);
  for (; board->n_rows > n; board->n_rows--)
    gtk_grid_remove_row (GTK_GRID (board->grid), (int) board->n_rows);
}

static void
show_name (GtkLabel *cell,
           ConvergeRun *run)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  ConvergePlotStyle style;
  ConvergeColor color;
  g_autofree char *markup = NULL;

  converge_plot_style_init (&style, adw_style_manager_get_dark (manager),
                            adw_style_manager_get_high_contrast (manager));
  color = converge_plot_style_color (&style, converge_palette_of_run (converge_run_get_color (run)));
  markup = g_markup_printf_escaped ("<span foreground='#%02x%02x%02x'>●</span> %s",
                                    (guint) (255 * color.red), (guint) (255 * color.green),
                                    (guint) (255 * color.blue), converge_run_get_name (run));
  gtk_label_set_markup (cell, markup);
  converge_tooltip_set (GTK_WIDGET (cell), converge_run_get_name (run));
}

static void
show_value (GtkLabel *cell,
            guint column,
            const Standing *standing)
{
  const AgSnapshot *snapshot = converge_run_snapshot (standing->run);
  const double value = standing->values[column];
  char text[32];

  if (isfinite (value) && column == COLUMN_STEPS)
    g_snprintf (text, sizeof text, "%.0f", value);
  else if (isfinite (value))
    converge_axis_format (value, column == COLUMN_LOSS ? 5 : 3, text, sizeof text);
  else
    g_strlcpy (text,
               column == COLUMN_LOSS && snapshot != NULL && snapshot->state == AG_TRAINER_DIVERGED
                 ? _ ("diverged")
                 : "–",
               sizeof text);
  gtk_label_set_text (cell, text);
}

/**
 * converge_race_board_update:
 * @board: a leader board
 *
 * Brings it up to date.
 */
void
converge_race_board_update (ConvergeRaceBoard *board)
{
  board->n_racers = 0;
  for (guint i = 0; i < converge_race_n_racers (board->race); i++)
    if (converge_race_nth (board->race, i) != NULL)
      find_standing (&board->standings[board->n_racers++], converge_race_nth (board->race, i));
  g_qsort_with_data (board->standings, (gint) board->n_racers, sizeof (Standing), compare, board);
  set_n_rows (board, board->n_racers);
  for (guint i = 0; i < board->n_racers; i++)
    {
      char place[16];

      g_snprintf (place, sizeof place, "%u", i + 1);
      gtk_label_set_text (board->cells[i][COLUMN_PLACE], place);
      show_name (board->cells[i][COLUMN_NAME], board->standings[i].run);
      for (guint column = COLUMN_LOSS; column < N_COLUMNS; column++)
        show_value (board->cells[i][column], column, &board->standings[i]);
    }
}

/**
 * converge_race_board_describe:
 * @board: a leader board
 *
 * Returns: (transfer full) (nullable): a sentence on who leads; %NULL where nobody does
 */
char *
converge_race_board_describe (ConvergeRaceBoard *board)
{
  char loss[32];

  if (board->n_racers == 0 || !isfinite (board->standings[0].values[board->order]))
    return NULL;
  converge_axis_format (board->standings[0].values[COLUMN_LOSS], 4, loss, sizeof loss);
  return g_strdup_printf (_ ("%s leads with a loss of %s."),
                          converge_run_get_name (board->standings[0].run), loss);
}

/* A value that is not finite has an empty cell in the table, as it has on the screen. */
static void
append_value (GString *table,
              char separator,
              AgDType dtype,
              double value)
{
  g_autofree char *text = isfinite (value) ? ag_number_to_csv (dtype, value) : g_strdup ("");

  g_string_append_printf (table, "%c%s", separator, text);
}

/**
 * converge_race_board_make_table:
 * @board: a leader board
 * @separator: what is between two cells
 *
 * Makes a table with a line for each racer, in the order of the board: `place`, `racer`, `lr`,
 * `state`, `steps_taken`, `loss` (after the last update where that is known), `distance` (of the
 * parameters from the optimum), `steps_to_1_percent` and `microseconds_per_step`.
 *
 * Returns: (transfer full): the table
 */
char *
converge_race_board_make_table (ConvergeRaceBoard *board,
                                char separator)
{
  GString *table = g_string_new ("place");

  for (guint i = 0; i < G_N_ELEMENTS (table_columns); i++)
    g_string_append_printf (table, "%c%s", separator, table_columns[i]);
  g_string_append_c (table, '\n');
  for (guint i = 0; i < board->n_racers; i++)
    {
      const Standing *standing = &board->standings[i];
      const AgSnapshot *snapshot = converge_run_snapshot (standing->run);
      const AgDType dtype = converge_run_spec (standing->run)->dtype;
      g_autofree char *name
        = converge_runs_table_make_cell (converge_run_get_name (standing->run), separator);

      g_string_append_printf (table, "%u%c%s", i + 1, separator, name);
      append_value (table, separator, AG_DTYPE_FLOAT64, converge_run_lr (standing->run));
      g_string_append_printf (
        table, "%c%s%c%lld", separator,
        snapshot != NULL ? ag_run_file_state_name (snapshot->state) : "", separator,
        snapshot != NULL ? (long long) snapshot->step : 0);
      append_value (table, separator, dtype, standing->values[COLUMN_LOSS]);
      for (guint column = COLUMN_DISTANCE; column < N_COLUMNS; column++)
        append_value (table, separator, AG_DTYPE_FLOAT64, standing->values[column]);
      g_string_append_c (table, '\n');
    }
  return g_string_free (table, FALSE);
}

static void
head_toggled (GtkToggleButton *button,
              ConvergeRaceBoard *board)
{
  for (guint i = COLUMN_LOSS; i < N_COLUMNS; i++)
    if (board->heads[i] == GTK_WIDGET (button) && gtk_toggle_button_get_active (button))
      {
        board->order = i;
        converge_race_board_update (board);
      }
}

static GtkWidget *
make_head (ConvergeRaceBoard *board,
           guint column)
{
  GtkWidget *head;

  if (columns[column].tooltip == NULL)
    {
      head = gtk_label_new (columns[column].title != NULL ? _ (columns[column].title) : NULL);
      gtk_label_set_xalign (GTK_LABEL (head), 0);
      gtk_widget_add_css_class (head, "dim-label");
      return head;
    }
  head = gtk_toggle_button_new_with_label (_ (columns[column].title));
  converge_tooltip_set (head, _ (columns[column].tooltip));
  gtk_widget_set_halign (head, GTK_ALIGN_END);
  gtk_widget_add_css_class (head, "flat");
  if (column == COLUMN_LOSS)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (head), TRUE);
  else
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (head), GTK_TOGGLE_BUTTON (board->heads[COLUMN_LOSS]));
  g_signal_connect (head, "toggled", G_CALLBACK (head_toggled), board);
  return head;
}

/**
 * converge_race_board_new:
 * @race: a race, which lives longer
 *
 * Returns: (transfer full): its leader board
 */
ConvergeRaceBoard *
converge_race_board_new (ConvergeRace *race)
{
  ConvergeRaceBoard *board = g_new0 (ConvergeRaceBoard, 1);

  board->race = race;
  board->order = COLUMN_LOSS;
  board->grid = g_object_ref_sink (gtk_grid_new ());
  gtk_widget_add_css_class (board->grid, "race-board");
  gtk_grid_set_column_spacing (GTK_GRID (board->grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (board->grid), 2);
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      board->heads[i] = make_head (board, i);
      gtk_grid_attach (GTK_GRID (board->grid), board->heads[i], (int) i, 0, 1, 1);
    }
  return board;
}

/**
 * converge_race_board_free:
 * @board: (transfer full): a leader board
 */
void
converge_race_board_free (ConvergeRaceBoard *board)
{
  for (guint i = COLUMN_LOSS; i < N_COLUMNS; i++)
    g_signal_handlers_disconnect_by_data (board->heads[i], board);
  g_object_unref (board->grid);
  g_free (board);
}

/**
 * converge_race_board_get_widget:
 * @board: a leader board
 *
 * Returns: (transfer none): what it is seen in
 */
GtkWidget *
converge_race_board_get_widget (ConvergeRaceBoard *board)
{
  return board->grid;
}
