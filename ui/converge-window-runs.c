/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-window-private.h"

#include <glib/gi18n-lib.h>

/* The page of runs beside the controls, and what it asks the window for. */

static void
runs_deleted (ConvergeWindow *self,
              guint n,
              const char *name)
{
  g_autofree char *text
    = n == 1 ? g_strdup_printf (_ ("“%s” deleted"), name)
             : g_strdup_printf (ngettext ("%u run deleted", "%u runs deleted", n), n);

  converge_window_offer_undo (self, text);
}

static void
settings_wanted (ConvergeWindow *self,
                 ConvergeRun *run)
{
  if (converge_run_spec (run) != NULL)
    converge_window_take_over (self, converge_run_get_name (run), converge_run_spec (run));
}

/* How many there are can be seen from the other page. */
static void
count_runs (ConvergeWindow *self)
{
  const guint n = converge_runs_n (self->runs);
  g_autofree char *label = n > 0 ? g_strdup_printf (_ ("Runs (%u)"), n) : g_strdup (_ ("Runs"));

  gtk_button_set_label (GTK_BUTTON (self->runs_page), label);
}

/**
 * converge_window_set_up_runs:
 * @self: a window that has runs
 *
 * Lists the runs beside the controls.
 */
void
converge_window_set_up_runs (ConvergeWindow *self)
{
  converge_run_list_set_runs (self->run_list, self->runs);
  g_signal_connect_object (self->run_list, "deleted", G_CALLBACK (runs_deleted), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->run_list, "use-settings", G_CALLBACK (settings_wanted), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->runs, "items-changed", G_CALLBACK (count_runs), self,
                           G_CONNECT_SWAPPED);
}

/**
 * converge_window_install_runs:
 * @klass: the window's class
 */
void
converge_window_install_runs (GtkWidgetClass *klass)
{
  gtk_widget_class_install_property_action (klass, "win.show-page", "page");
}
