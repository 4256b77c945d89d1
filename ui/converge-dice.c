/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-dice.h"

#include <glib/gi18n-lib.h>

/* Seeds that are drawn are short enough to be remembered. */
#define N_SEEDS 100000

static void
roll (ConvergeSettings *settings)
{
  g_autofree char *text = g_strdup_printf ("%u", g_random_int () % N_SEEDS);

  converge_settings_set_text (settings, "seed", text);
}

/**
 * converge_dice_new:
 * @settings: the settings
 *
 * Returns: (transfer floating): a button that draws another seed for them
 */
GtkWidget *
converge_dice_new (ConvergeSettings *settings)
{
  GtkWidget *dice = gtk_button_new_from_icon_name ("media-playlist-shuffle-symbolic");

  gtk_widget_set_valign (dice, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (dice, "flat");
  gtk_widget_set_tooltip_text (dice, _ ("Another Seed"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (dice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Another Seed"), -1);
  g_signal_connect_object (dice, "clicked", G_CALLBACK (roll), settings, G_CONNECT_SWAPPED);
  return dice;
}
