/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "script/listing.h"

#include "script/ag-sources.h"
#include "script/script.h"

#include <string.h>

/* A comment that names parts of a step (see ag_stop_find ()) marks the lines below it: up to
 * the next such comment of its block or the end of the block, and at the margin up to the end
 * of the paragraph, which a function is one of. So it is in C and in Python. */

#define MAX_DEPTH 8

/* More than any block has that is written and not data. */
#define MAX_LINES_OF_POINTS 40

/**
 * Marks:
 * @n: how many marks are in force, each within the one before
 * @indents: how far each is indented
 * @stops: what each says
 *
 * The comments that hold where a listing has been read to.
 */
typedef struct
{
  guint n;
  gsize indents[MAX_DEPTH];
  guint stops[MAX_DEPTH];
} Marks;

static gsize
indent_of (const char *line)
{
  return strspn (line, " ");
}

static gboolean
is_blank (const char *line)
{
  return line[indent_of (line)] == '\0';
}

/* The parts of a step that are named by a comment that begins in this line; 0 if none does. */
static guint
find_mark (const char *line)
{
  const char *text = line + indent_of (line);
  g_autofree char *words = NULL;

  if (!g_str_has_prefix (text, "/* ") && !g_str_has_prefix (text, "# "))
    return 0;
  words = g_strdup (strchr (text, ' ') + 1);
  if (g_str_has_suffix (words, " */"))
    words[strlen (words) - strlen (" */")] = '\0';
  return ag_stop_find (words);
}

static guint
read_line (Marks *marks,
           const char *line,
           gboolean is_paragraph)
{
  const gsize indent = indent_of (line);
  const guint mark = find_mark (line);

  while (marks->n > 0
         && (marks->indents[marks->n - 1] > indent
             || (marks->indents[marks->n - 1] == indent && (mark != 0 || (is_paragraph && indent == 0)))))
    marks->n--;
  if (mark != 0 && marks->n < MAX_DEPTH)
    {
      marks->indents[marks->n] = indent;
      marks->stops[marks->n++] = mark;
    }
  return marks->n > 0 ? marks->stops[marks->n - 1] : 0;
}

/* Takes @text. */
static void
add_line (GArray *lines,
          char *text,
          guint number)
{
  const AgListingLine line = { .text = text, .parameter = -1, .number = number };

  g_array_append_val (lines, line);
}

static AgListingLine *
nth (GArray *lines,
     guint index)
{
  return &g_array_index (lines, AgListingLine, index);
}

static void
mark_lines (GArray *lines)
{
  Marks marks = { 0 };
  gboolean is_paragraph = TRUE;

  for (guint i = 0; i < lines->len; i++)
    {
      AgListingLine *line = nth (lines, i);

      if (!is_blank (line->text))
        line->stops = read_line (&marks, line->text, is_paragraph);
      else if (marks.n > 0 && i + 1 < lines->len && indent_of (nth (lines, i + 1)->text) > 0)
        line->stops = marks.stops[marks.n - 1];
      is_paragraph = is_blank (line->text);
    }
}

static gboolean
is_statement (const char *line)
{
  const char *text = line + indent_of (line);

  return *text != '\0' && *text != '#' && *text != '/' && *text != '*' && *text != '{'
         && *text != '}';
}

/* With its last line a part of the step has its result, unless a line says that it is. */
static void
find_results (GArray *lines)
{
  static const char *const said[AG_N_STOPS] = {
    [AG_STOP_PREDICT] = "AgTensor *prediction = ",
    [AG_STOP_LOSS] = "loss = ",
    [AG_STOP_GRADIENT] = "ag_backward (",
    [AG_STOP_OPTIMIZER] = "root = ",
  };

  for (guint stop = 0; stop < AG_N_STOPS; stop++)
    {
      AgListingLine *result = NULL;
      gboolean is_said = FALSE;

      for (guint i = 0; i < lines->len; i++)
        {
          AgListingLine *line = nth (lines, i);
          const gboolean says = said[stop] != NULL
                                && g_str_has_prefix (line->text + indent_of (line->text), said[stop]);

          if ((line->stops & 1u << stop) != 0 && is_statement (line->text) && (says || !is_said))
            {
              result = line;
              is_said = says;
            }
        }
      if (result != NULL)
        result->results |= 1u << stop;
    }
}

/* A gradient that is derived by hand has its line. */
static void
find_gradients (GArray *lines,
                const char *const *setters)
{
  const guint gradient = 1u << AG_STOP_GRADIENT;
  gboolean is_found = FALSE;

  for (guint i = 0; i < lines->len; i++)
    for (gint k = 0; setters[k] != NULL; k++)
      if (g_str_has_prefix (nth (lines, i)->text + indent_of (nth (lines, i)->text), setters[k]))
        {
          nth (lines, i)->results = gradient;
          nth (lines, i)->parameter = k;
          is_found = TRUE;
        }
  for (guint i = 0; is_found && i < lines->len; i++)
    if (nth (lines, i)->parameter < 0)
      nth (lines, i)->results &= ~gradient;
}

static void
clear_line (gpointer line)
{
  g_free (((AgListingLine *) line)->text);
}

static GArray *
new_lines (void)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (AgListingLine));

  g_array_set_clear_func (lines, clear_line);
  return lines;
}

static GArray *
read_file (const char *file)
{
  g_autofree char *path = g_strconcat ("/io/github/converge/Converge/engine/", file, NULL);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (ag_sources_get_resource (), path,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_auto (GStrv) texts = NULL;
  GArray *lines = new_lines ();

  g_return_val_if_fail (bytes != NULL, lines);

  texts = g_strsplit (g_bytes_get_data (bytes, NULL), "\n", -1);
  for (guint i = 0; texts[i] != NULL; i++)
    add_line (lines, g_strdup (texts[i]), i + 1);
  mark_lines (lines);
  return lines;
}

/* The line behind a paragraph at the margin: a function, with what stands in it. */
static guint
find_end (GArray *lines,
          guint begin)
{
  guint i = begin;

  while (i < lines->len
         && (!is_blank (nth (lines, i)->text)
             || (i + 1 < lines->len && indent_of (nth (lines, i + 1)->text) > 0)))
    i++;
  return i;
}

static gboolean
is_shown (GArray *lines,
          guint begin,
          guint end,
          const char *shown)
{
  for (guint i = begin; i < end; i++)
    if (nth (lines, i)->stops != 0
        || (shown != NULL && strstr (nth (lines, i)->text, shown) != NULL))
      return TRUE;
  return FALSE;
}

/* Documentation comments tell callers what a function does. The listing shows how it does it, and
 * leaves them out. */
static guint
skip_documentation (GArray *lines,
                    guint begin,
                    guint end)
{
  if (!g_str_has_prefix (nth (lines, begin)->text, "/**"))
    return begin;
  while (begin < end && strstr (nth (lines, begin)->text, "*/") == NULL)
    begin++;
  return begin + 1;
}

/* Adds the functions of a file that belong to the step, and what has @shown in it. */
static void
add_file (GArray *listing,
          const char *file,
          const char *shown)
{
  g_autoptr (GArray) lines = read_file (file);

  if (listing->len > 0)
    add_line (listing, g_strdup (""), 0);
  add_line (listing, g_strdup_printf ("/* engine/%s */", file), 0);
  for (guint begin = 0, end; begin < lines->len; begin = end + 1)
    {
      end = find_end (lines, begin);
      if (begin == end || !is_shown (lines, begin, end, shown))
        continue;
      add_line (listing, g_strdup (""), 0);
      for (guint i = skip_documentation (lines, begin, end); i < end; i++)
        {
          AgListingLine line = *nth (lines, i);

          line.text = g_strdup (line.text);
          g_array_append_val (listing, line);
        }
    }
}

/**
 * ag_listing_new_c:
 * @spec: a run
 *
 * Lists what a step of a run is compiled from: the functions of its model, loss, gradients and
 * optimizer, and what its program is made of. They are parts of the very files.
 *
 * Returns: (transfer full) (element-type AgListingLine): the lines
 */
GArray *
ag_listing_new_c (const AgRunSpec *spec)
{
  static const char *const setters[]
    = { "ag_tensor_set_grad (model->tensors[0]", "ag_tensor_set_grad (model->tensors[1]",
        "ag_tensor_set_grad (model->tensors[2]", "ag_tensor_set_grad (model->tensors[3]", NULL };
  const AgProgramClass *program = spec->program;
  g_autofree char *own = g_strdup_printf ("program/%s.c", program->id);
  g_autofree char *made_of = g_strdup_printf (".id = \"%s\"", program->id);
  g_autofree char *gradient
    = program->by_hand != NULL ? g_strdup (program->by_hand->sources)
                               : g_strconcat (spec->loss->sources, ",program/program.c", NULL);
  g_autofree char *names = g_strjoin (",", program->model->sources, gradient,
                                      spec->optimizer->sources, NULL);
  g_auto (GStrv) files = g_strsplit (names, ",", -1);
  GArray *listing = new_lines ();

  for (guint i = 0; files[i] != NULL; i++)
    add_file (listing, files[i], made_of);
  if (!g_strv_contains ((const char *const *) files, own))
    add_file (listing, own, made_of);
  find_results (listing);
  find_gradients (listing, setters);
  return listing;
}

/* The lines of a part of a script. Of the points of a file the first are enough. */
static void
add_part (GArray *listing,
          const char *text)
{
  g_auto (GStrv) texts = g_strsplit (text, "\n", -1);
  guint n_in_block = 0;

  for (guint i = 0; texts[i] != NULL; i++)
    {
      const gboolean is_in_block = g_str_has_prefix (texts[i], "    ");

      if (!is_in_block && n_in_block > MAX_LINES_OF_POINTS)
        add_line (listing,
                  g_strdup_printf ("    # … and %u more lines", n_in_block - MAX_LINES_OF_POINTS),
                  0);
      n_in_block = is_in_block ? n_in_block + 1 : 0;
      if (n_in_block <= MAX_LINES_OF_POINTS)
        add_line (listing, g_strdup (texts[i]), 0);
    }
}

/**
 * ag_listing_new_pytorch:
 * @spec: a specification that ag_run_spec_check() finds no fault with
 * @rates: (nullable): the changes of its learning rate under way
 * @log_every: how often the program prints a line, as ag_script_new() takes it
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Lists the run as a program for PyTorch, as it is exported.
 *
 * Returns: (transfer full) (element-type AgListingLine) (nullable): the lines, or %NULL with
 *   @error set if the run cannot be said so
 */
GArray *
ag_listing_new_pytorch (const AgRunSpec *spec,
                        const AgRates *rates,
                        gint64 log_every,
                        GError **error)
{
  static const char *const setters[] = { "a.grad = ", "b.grad = ", "c.grad = ", "d.grad = ", NULL };
  g_autoptr (AgScript) script = ag_script_new (spec, rates, log_every, error);
  GArray *listing;

  if (script == NULL)
    return NULL;
  listing = new_lines ();
  for (guint i = 0; i < script->parts->len; i++)
    {
      const AgScriptPart *part = &g_array_index (script->parts, AgScriptPart, i);

      if (i > 0)
        add_line (listing, g_strdup_printf ("# %s", part->title), 0);
      add_part (listing, part->text);
    }
  mark_lines (listing);
  find_results (listing);
  find_gradients (listing, setters);
  return listing;
}
