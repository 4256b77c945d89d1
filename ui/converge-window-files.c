/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-window-private.h"

#include <glib/gi18n-lib.h>

/**
 * Choice:
 * @window: the window, held
 * @use: called with the path of the file that is chosen
 * @what: given to @use
 *
 * Somebody is choosing a file.
 */
typedef struct
{
  ConvergeWindow *window;
  ConvergePathFunc use;
  int what;
} Choice;

/**
 * converge_window_take_file:
 * @self: the window
 * @file: a file that somebody chose or dropped
 * @action: whether it is to be read or written
 * @use: called with its path
 * @what: given to @use
 *
 * Uses a file, or tells that only those of this computer can be used.
 */
void
converge_window_take_file (ConvergeWindow *self,
                           GFile *file,
                           GtkFileChooserAction action,
                           ConvergePathFunc use,
                           int what)
{
  g_autofree char *path = g_file_get_path (file);

  if (path != NULL)
    use (self, path, what);
  else if (action == GTK_FILE_CHOOSER_ACTION_SAVE)
    converge_window_show_toast (self, _ ("Files can be written on this computer only. Choose a "
                                         "folder of it."),
                                NULL);
  else
    converge_window_show_toast (self, _ ("What is not on this computer cannot be opened. Save it "
                                         "as a file first."),
                                NULL);
}

static void
responded (GtkNativeDialog *dialog,
           int response,
           Choice *choice)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (chooser);
  if (file != NULL)
    converge_window_take_file (choice->window, file, gtk_file_chooser_get_action (chooser),
                               choice->use, choice->what);
  g_object_unref (choice->window);
  g_free (choice);
  g_object_unref (dialog);
}

/**
 * converge_window_choose_file:
 * @self: the window
 * @dialog: (transfer full): what the file is chosen with
 * @use: called with the path of the file, if one is chosen
 * @what: given to @use
 *
 * Lets somebody choose a file.
 */
void
converge_window_choose_file (ConvergeWindow *self,
                             GtkFileChooserNative *dialog,
                             ConvergePathFunc use,
                             int what)
{
  Choice *choice = g_new (Choice, 1);

  choice->window = g_object_ref (self);
  choice->use = use;
  choice->what = what;
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (responded), choice);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
