/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-code-text.h"

#ifdef HAVE_SOURCE_VIEW
#include <gtksourceview/gtksource.h>
#endif

/* Code to be read. With GtkSourceView it has colours for its syntax; all else is the same. */

/**
 * converge_code_text_new:
 *
 * Returns: (transfer floating): a view of some code, which cannot be edited
 */
GtkWidget *
converge_code_text_new (void)
{
#ifdef HAVE_SOURCE_VIEW
  GtkWidget *view = gtk_source_view_new ();
#else
  GtkWidget *view = gtk_text_view_new ();
#endif

  g_object_set (view,
                "accepts-tab", FALSE,
                "editable", FALSE,
                "monospace", TRUE,
                "top-margin", 3,
                "bottom-margin", 3,
                NULL);
  return view;
}

/**
 * converge_code_text_set:
 * @view: a view of code
 * @text: the code
 * @language: the language that it is written in, as GtkSourceView names it: "c"
 */
void
converge_code_text_set (GtkTextView *view,
                        const char *text,
                        const char *language)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter start;

#ifdef HAVE_SOURCE_VIEW
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();

  gtk_source_buffer_set_language (GTK_SOURCE_BUFFER (buffer),
                                  gtk_source_language_manager_get_language (languages, language));
#endif
  gtk_text_buffer_set_text (buffer, text, -1);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_place_cursor (buffer, &start);
}

/**
 * converge_code_text_set_dark:
 * @view: a view of code
 * @is_dark: whether it is bright on dark
 */
void
converge_code_text_set_dark (GtkTextView *view,
                             gboolean is_dark)
{
#ifdef HAVE_SOURCE_VIEW
  GtkSourceStyleSchemeManager *schemes = gtk_source_style_scheme_manager_get_default ();
  const char *id = is_dark ? "Adwaita-dark" : "Adwaita";

  gtk_source_buffer_set_style_scheme (
    GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (view)),
    gtk_source_style_scheme_manager_get_scheme (schemes, id));
#endif
}
