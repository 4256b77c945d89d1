/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-data-preview.h"

#include "data/sample.h"
#include "data/table-text.h"
#include "train/setting.h"

#include <glib/gi18n-lib.h>

/* More columns than these are in the lists, but not in the table of the first rows. */
#define MAX_SHOWN_COLUMNS 12

/**
 * ConvergeDataPreview:
 * @path: the file's path
 * @load: (nullable): the reading that is under way
 * @loaded: (nullable): what came of the last one
 * @delimiter_wish: what was chosen, if anything was
 * @decimal_wish: what was chosen, if anything was
 * @is_showing: whether rows change because of what was read
 *
 * A table before it is used: what it looks like, and which columns are meant. Nothing is
 * changed until somebody says so.
 */
struct _ConvergeDataPreview
{
  AdwWindow parent_instance;

  char *path;
  ConvergeDataLoad *load;
  ConvergeLoadedData *loaded;
  AgDelimiter delimiter_wish;
  AgDecimal decimal_wish;
  gboolean is_showing;

  AdwWindowTitle *name;
  GtkButton *use;
  GtkButton *use_model;
  GtkSpinner *spinner;
  GtkLabel *story;
  GtkLabel *error;
  GtkLabel *summary;
  AdwComboRow *x;
  AdwComboRow *y;
  AdwComboRow *delimiter;
  AdwComboRow *decimal;
  GtkWidget *table;
  GtkGrid *cells;
  GtkLabel *left_out;
  GtkLabel *faults;
};

enum
{
  USED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeDataPreview, converge_data_preview, ADW_TYPE_WINDOW)

static void
converge_data_preview_dispose (GObject *object)
{
  ConvergeDataPreview *self = CONVERGE_DATA_PREVIEW (object);

  g_clear_pointer (&self->load, converge_data_load_cancel);
  g_clear_pointer (&self->loaded, converge_loaded_data_free);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (converge_data_preview_parent_class)->dispose (object);
}

static void
set_text (GtkLabel *label,
          const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
add_cell (ConvergeDataPreview *self,
          const char *text,
          guint column,
          guint row,
          gboolean is_used)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), self->loaded->look->has_numbers[column] ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 20);
  gtk_label_set_width_chars (GTK_LABEL (label), MIN (8, (int) g_utf8_strlen (text, -1)));
  gtk_widget_add_css_class (label, "numeric");
  if (row == 0)
    gtk_widget_add_css_class (label, "heading");
  if (!is_used)
    gtk_widget_add_css_class (label, "dim-label");
  gtk_grid_attach (self->cells, label, (int) column, (int) row, 1, 1);
}

static void
show_cells (ConvergeDataPreview *self)
{
  const AgTable *look = self->loaded->look;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->cells))) != NULL)
    gtk_grid_remove (self->cells, child);
  gtk_widget_set_visible (self->table, look != NULL);
  for (guint column = 0;
       look != NULL && column < MIN (look->format.n_columns, MAX_SHOWN_COLUMNS); column++)
    {
      const gboolean is_used = column == look->x_column || column == look->y_column;

      add_cell (self, look->names[column], column, 0, is_used);
      for (guint i = 0; i < look->first_rows->len; i++)
        {
          char **row = g_ptr_array_index (look->first_rows, i);

          if (column < g_strv_length (row))
            add_cell (self, row[column], column, i + 1, is_used);
        }
    }
}

static void
show_columns (AdwComboRow *row,
              const AgTable *look,
              guint column)
{
  g_autoptr (GtkStringList) names
    = gtk_string_list_new (look != NULL ? (const char *const *) look->names : NULL);

  adw_combo_row_set_model (row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (row, column != G_MAXUINT ? column : GTK_INVALID_LIST_POSITION);
  gtk_widget_set_sensitive (GTK_WIDGET (row), look != NULL);
}

static void
show_points (ConvergeDataPreview *self)
{
  const AgTable *table = self->loaded->data != NULL ? ag_data_table (self->loaded->data) : NULL;
  g_autofree char *summary = table != NULL ? ag_table_describe (table) : NULL;
  g_autofree char *left_out = table != NULL ? ag_table_describe_left_out (table) : NULL;
  g_autofree char *faults = left_out != NULL ? ag_table_list_faults (table, AG_TABLE_MAX_FAULTS)
                                             : NULL;

  set_text (self->summary, summary);
  set_text (self->left_out, left_out);
  set_text (self->faults, faults);
  set_text (self->error, self->loaded->error != NULL ? self->loaded->error->message : NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->use), table != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->use_model), table != NULL);
}

static void
loaded (ConvergeLoadedData *now,
        gpointer user_data)
{
  ConvergeDataPreview *self = user_data;
  const AgTable *look = now->look;
  const gboolean is_first = self->loaded == NULL;

  self->load = NULL;
  g_clear_pointer (&self->loaded, converge_loaded_data_free);
  self->loaded = now;
  gtk_spinner_stop (self->spinner);
  self->is_showing = TRUE;
  show_columns (self->x, look, look != NULL ? look->x_column : G_MAXUINT);
  show_columns (self->y, look, look != NULL ? look->y_column : G_MAXUINT);
  if (look != NULL)
    {
      adw_combo_row_set_selected (self->delimiter, look->format.delimiter - AG_DELIMITER_COMMA);
      adw_combo_row_set_selected (self->decimal, look->format.decimal - AG_DECIMAL_POINT);
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self->delimiter), look != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->decimal), look != NULL);
  self->is_showing = FALSE;
  show_cells (self);
  show_points (self);
  /* Enter uses what is seen, as long as nobody has gone to a row. */
  if (is_first)
    gtk_widget_grab_focus (GTK_WIDGET (self->use));
}

static void
load (ConvergeDataPreview *self,
      const char *x,
      const char *y)
{
  const AgTableWish wish = { self->delimiter_wish, self->decimal_wish, x, y };

  g_clear_pointer (&self->load, converge_data_load_cancel);
  gtk_spinner_start (self->spinner);
  gtk_widget_set_sensitive (GTK_WIDGET (self->use), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->use_model), FALSE);
  self->load = converge_data_load (self->path, &wish, loaded, self);
}

/* Returns: (transfer full): the column's number */
static char *
get_column (AdwComboRow *row)
{
  const guint selected = adw_combo_row_get_selected (row);

  return selected != GTK_INVALID_LIST_POSITION ? g_strdup_printf ("%u", selected + 1)
                                               : g_strdup ("");
}

static void
column_selected (ConvergeDataPreview *self)
{
  g_autofree char *x = get_column (self->x);
  g_autofree char *y = get_column (self->y);

  if (!self->is_showing)
    load (self, x, y);
}

/* Other signs make other columns. What a comma cannot be at once is then found out. */
static void
delimiter_selected (ConvergeDataPreview *self)
{
  if (self->is_showing)
    return;
  self->delimiter_wish
    = (AgDelimiter) adw_combo_row_get_selected (self->delimiter) + AG_DELIMITER_COMMA;
  if (self->delimiter_wish == AG_DELIMITER_COMMA && self->decimal_wish == AG_DECIMAL_COMMA)
    self->decimal_wish = AG_DECIMAL_AUTO;
  load (self, "", "");
}

static void
decimal_selected (ConvergeDataPreview *self)
{
  if (self->is_showing)
    return;
  self->decimal_wish = (AgDecimal) adw_combo_row_get_selected (self->decimal) + AG_DECIMAL_POINT;
  if (self->delimiter_wish == AG_DELIMITER_COMMA && self->decimal_wish == AG_DECIMAL_COMMA)
    self->delimiter_wish = AG_DELIMITER_AUTO;
  load (self, "", "");
}

static void
use (ConvergeDataPreview *self)
{
  g_signal_emit (self, signals[USED], 0, self->loaded, NULL);
  gtk_window_close (GTK_WINDOW (self));
}

static void
use_with_model (ConvergeDataPreview *self)
{
  g_signal_emit (self, signals[USED], 0, self->loaded, ag_sample_find (self->path)->model);
  gtk_window_close (GTK_WINDOW (self));
}

static void
converge_data_preview_class_init (ConvergeDataPreviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_data_preview_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/"
                                               "converge-data-preview.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, name);
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, use);
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, use_model);
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, spinner);
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, story);
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, error);
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, summary);
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, x);
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, y);
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, delimiter);
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, decimal);
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, table);
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, cells);
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, left_out);
  gtk_widget_class_bind_template_child (widget_class, ConvergeDataPreview, faults);

  /**
   * ConvergeDataPreview::used:
   * @self: the preview
   * @loaded: (type gpointer): the #ConvergeLoadedData that are wanted, with points
   * @model: (nullable): the formula of the model that is wanted with them, if one is
   *
   * Somebody has seen the data and wants them.
   */
  signals[USED] = g_signal_new ("used", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_STRING);
}

static void
fill (AdwComboRow *row,
      const char *id,
      guint first)
{
  const AgSetting *setting = ag_setting_find (NULL, id);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  AgChoice choice;

  for (guint i = first; ag_setting_nth_choice (setting, i, &choice); i++)
    gtk_string_list_append (titles, _ (choice.title));
  adw_combo_row_set_model (row, G_LIST_MODEL (titles));
}

static void
converge_data_preview_init (ConvergeDataPreview *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill (self->delimiter, "delimiter", AG_DELIMITER_COMMA);
  fill (self->decimal, "decimal", AG_DECIMAL_POINT);
  g_signal_connect_swapped (self->x, "notify::selected", G_CALLBACK (column_selected), self);
  g_signal_connect_swapped (self->y, "notify::selected", G_CALLBACK (column_selected), self);
  g_signal_connect_swapped (self->delimiter, "notify::selected", G_CALLBACK (delimiter_selected),
                            self);
  g_signal_connect_swapped (self->decimal, "notify::selected", G_CALLBACK (decimal_selected), self);
  g_signal_connect_swapped (self->use, "clicked", G_CALLBACK (use), self);
  g_signal_connect_swapped (self->use_model, "clicked", G_CALLBACK (use_with_model), self);
}

static void
show_sample (ConvergeDataPreview *self,
             const AgSample *sample)
{
  g_autofree char *story = g_strdup_printf (_ ("%s. The law behind it: y = %s"), _ (sample->story),
                                            sample->model);

  set_text (self->story, story);
  gtk_widget_set_visible (GTK_WIDGET (self->use_model), TRUE);
}

/**
 * converge_data_preview_new:
 * @parent: the window it is for
 * @path: path of a file
 * @wish: which columns, and how the file is written as far as that is known
 *
 * Returns: (transfer floating): a window that shows what is in the file
 */
GtkWidget *
converge_data_preview_new (GtkWindow *parent,
                           const char *path,
                           const AgTableWish *wish)
{
  ConvergeDataPreview *self = g_object_new (CONVERGE_TYPE_DATA_PREVIEW, "transient-for", parent,
                                            NULL);
  g_autofree char *name = ag_data_file_name (path);
  const AgSample *sample = ag_sample_find (path);

  self->path = g_strdup (path);
  self->delimiter_wish = wish->delimiter;
  self->decimal_wish = wish->decimal;
  adw_window_title_set_title (self->name, name);
  gtk_window_set_title (GTK_WINDOW (self), name);
  if (sample != NULL)
    show_sample (self, sample);
  gtk_window_set_default_widget (GTK_WINDOW (self), GTK_WIDGET (self->use));
  load (self, wish->x, wish->y);
  return GTK_WIDGET (self);
}
