/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "script/script-file.h"

#include "base/error.h"
#include "base/json.h"
#include "script/script.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A notebook has this cell beside the parts of the script; it stands before the last of them,
 * which ends the program if the run diverged. */
static const char plot[]
  = "import matplotlib.pyplot as plt\n"
    "\n"
    "with torch.no_grad():\n"
    "    fitted = predict(x)\n"
    "order = x.argsort()\n"
    "figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4))\n"
    "left.plot(x[order].tolist(), y[order].tolist(), label=\"target\")\n"
    "left.plot(x[order].tolist(), fitted[order].tolist(), label=\"fit\")\n"
    "left.set_xlabel(\"x\")\n"
    "left.set_ylabel(\"y\")\n"
    "left.legend()\n"
    "right.plot(losses)\n"
    "right.set_yscale(\"log\")\n"
    "right.set_xlabel(\"step\")\n"
    "right.set_ylabel(\"loss\")\n"
    "plt.show()\n";

static gboolean
has_ending (const char *path,
            const char *ending)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  return g_str_has_suffix (lower, ending);
}

/* Python looks for what a script imports in the script's own folder first. */
static gboolean
hides_module (const char *path)
{
  static const char *const names[] = { "matplotlib.py", "numpy.py", "random.py", "torch.py", NULL };
  g_autofree char *name = g_path_get_basename (path);

  return g_strv_contains (names, name);
}

/**
 * ag_script_file_check_name:
 * @path: path of a script to be written
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Returns: whether its name says that it is a script, .py, or a notebook, .ipynb, and is
 *   none that would hide a module from it
 */
gboolean
ag_script_file_check_name (const char *path,
                           GError **error)
{
  if (hides_module (path))
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("A script named “%s” would be taken for the module that scripts use. Give it "
                      "another name."),
                   path);
      return FALSE;
    }
  if (has_ending (path, ".py") || has_ending (path, ".ipynb"))
    return TRUE;
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
               _ ("“%s” does not say whether it is to be a script or a notebook. Let its name end "
                  "in .py or .ipynb."),
               path);
  return FALSE;
}

static void
write_script (FILE *stream,
              const AgScript *script)
{
  g_auto (GStrv) lines = g_strsplit (script->introduction, "\n", -1);

  fputs ("#!/usr/bin/env python3\n", stream);
  for (gsize i = 0; lines[i] != NULL; i++)
    fprintf (stream, "#%s%s\n", lines[i][0] != '\0' ? " " : "", lines[i]);
  for (guint i = 0; i < script->parts->len; i++)
    {
      const AgScriptPart *part = &g_array_index (script->parts, AgScriptPart, i);

      fprintf (stream, "\n%s", i > 0 ? "# " : "");
      if (i > 0)
        fprintf (stream, "%s\n", part->title);
      fputs (part->text, stream);
    }
}

static void
write_words (FILE *stream,
             const char *words)
{
  fputs ("  {\"cell_type\": \"markdown\", \"metadata\": {}, \"source\": ", stream);
  ag_json_write_text (stream, words);
  fputs ("}", stream);
}

/* A cell has no end of its last line. */
static void
write_cell (FILE *stream,
            const char *title,
            const char *code)
{
  g_autofree char *heading = g_strconcat ("## ", title, NULL);
  g_autofree char *text = g_strchomp (g_strdup (code));

  fputs (",\n", stream);
  write_words (stream, heading);
  fputs (",\n  {\"cell_type\": \"code\", \"execution_count\": null, \"metadata\": {}, "
         "\"outputs\": [], \"source\": ",
         stream);
  ag_json_write_text (stream, text);
  fputs ("}", stream);
}

/* See: <https://nbformat.readthedocs.io/en/latest/format_description.html> */
static void
write_notebook (FILE *stream,
                const AgScript *script)
{
  g_autofree char *words = g_strconcat ("# ", script->introduction, NULL);

  fputs ("{\n \"cells\": [\n", stream);
  write_words (stream, words);
  for (guint i = 0; i < script->parts->len; i++)
    {
      const AgScriptPart *part = &g_array_index (script->parts, AgScriptPart, i);

      if (i + 1 == script->parts->len)
        write_cell (stream, "Plot", plot);
      write_cell (stream, part->title, part->text);
    }
  fputs ("\n ],\n"
         " \"metadata\": {\n"
         "  \"kernelspec\": {\"display_name\": \"Python 3\", \"language\": \"python\", "
         "\"name\": \"python3\"},\n"
         "  \"language_info\": {\"name\": \"python\"}\n"
         " },\n"
         " \"nbformat\": 4,\n"
         " \"nbformat_minor\": 4\n"
         "}\n",
         stream);
}

/**
 * ag_script_file_write:
 * @transaction: what the file is part of
 * @path: path of the file, which ag_script_file_check_name() has found good
 * @spec: the run
 * @rates: (nullable): the changes of its learning rate under way
 * @log_every: the script prints a line each so many steps
 * @error: return location for a #GError
 *
 * Writes a run as a program for PyTorch: a script, or a notebook that plots the fit and
 * the loss as well.
 *
 * Returns: whether the transaction has the file
 */
gboolean
ag_script_file_write (AgTransaction *transaction,
                      const char *path,
                      const AgRunSpec *spec,
                      const AgRates *rates,
                      gint64 log_every,
                      GError **error)
{
  g_autoptr (AgScript) script = ag_script_new (spec, rates, log_every, error);
  FILE *stream;

  if (script == NULL)
    return FALSE;
  stream = ag_transaction_open (transaction, path, error);
  if (stream == NULL)
    return FALSE;
  if (has_ending (path, ".ipynb"))
    write_notebook (stream, script);
  else
    write_script (stream, script);
  return TRUE;
}
