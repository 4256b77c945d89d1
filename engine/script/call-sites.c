/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "script/call-sites.h"

#include <string.h>

/* A recording does not know by which line each of its nodes was recorded, but both have an
 * order: the calls in the listing are made one after the other, and each records its operation.
 * Of a statement either all calls are made or, where the options of the run pass it by, none. So
 * the alignment of nodes and statements that leaves out least says which node is of which line.
 * What a loop or a second layer records again is of the last such call of the same part of the
 * step; what no call is seen for, as the operations of a gradient that was found by going back,
 * is of the line with which its part has its result. */

#define PROGRAM (1u << AG_STOP_PREDICT | 1u << AG_STOP_LOSS | 1u << AG_STOP_GRADIENT)

/* Calls within calls are not as deep as this anywhere in the listings. */
#define MAX_DEPTH 16
#define MAX_ARGUMENTS 8

/* Functions that are no operation themselves record these operations, in this order. */
static const struct
{
  const char *name;
  AgOp ops[3];
} helpers[] = {
  { "optimizer_decay", { AG_OP_addcmul } },
  { "optimizer_update_mean", { AG_OP_sub, AG_OP_mul, AG_OP_addcmul } },
  { "optimizer_lerp_mean", { AG_OP_sub, AG_OP_addcmul } },
  { "optimizer_update_mean_square", { AG_OP_mul, AG_OP_mul, AG_OP_addcmul } },
  { "optimizer_descend", { AG_OP_addcmul } },
  { "residual", { AG_OP_sub } },
  { "reduce", { AG_OP_sum, AG_OP_mul, AG_OP_div } },
  { "unsqueeze", { AG_OP_view } },
  { "flatten", { AG_OP_view } },
  { "transpose", { AG_OP_view } },
};

/**
 * Call:
 * @op: the operation that it records
 * @line: the line of the listing that it is in
 * @statement: which of the statements it is a part of, in their order
 * @is_in_function: whether it is in the forward or backward of a custom Function
 *
 * A call in a listing.
 */
typedef struct
{
  AgOp op;
  guint line;
  guint statement;
  gboolean is_in_function;
} Call;

/**
 * Reader:
 * @text: all lines, one after the other
 * @at: where it is read
 * @lines: which line each of its characters is in
 * @is_from_right: whether the last argument of a call is evaluated first, which the language
 *   leaves to the compiler
 * @is_in_function: whether it is in the forward or backward of a custom Function
 * @n_statements: how many statements it has come by
 * @calls: (element-type Call): the calls so far, in the order in which they are made
 *
 * The listing while its calls are sought.
 */
typedef struct
{
  const char *text;
  gsize at;
  const guint *lines;
  gboolean is_from_right;
  gboolean is_in_function;
  guint n_statements;
  GArray *calls;
} Reader;

static const AgListingLine *
nth (GArray *listing,
     guint index)
{
  return &g_array_index (listing, AgListingLine, index);
}

static void
add_call (const Reader *reader,
          GArray *calls,
          AgOp op,
          guint line)
{
  const Call call = { op, line, reader->n_statements, reader->is_in_function };

  g_array_append_val (calls, call);
}

static gboolean
is_named (const char *name,
          const char *begin,
          gsize length)
{
  return strlen (name) == length && strncmp (name, begin, length) == 0;
}

/* Adds what a function records whose name behind "ag_" is this. */
static void
add_calls_of (const Reader *reader,
              GArray *calls,
              const char *begin,
              gsize length,
              guint line)
{
  for (gsize i = 0; i < G_N_ELEMENTS (helpers); i++)
    if (is_named (helpers[i].name, begin, length))
      for (gsize k = 0; k < G_N_ELEMENTS (helpers[i].ops) && helpers[i].ops[k] != AG_OP_input; k++)
        add_call (reader, calls, helpers[i].ops[k], line);
  for (AgOp op = AG_OP_sum; op < AG_N_OPS; op++)
    if (is_named (ag_op_info (op)->name, begin, length))
      add_call (reader, calls, op, line);
}

static GArray *
new_calls (void)
{
  return g_array_new (FALSE, FALSE, sizeof (Call));
}

static gsize
name_length (const char *text)
{
  gsize length = 0;

  while (g_ascii_isalnum (text[length]) || text[length] == '_')
    length++;
  return length;
}

static void read_until_end (Reader *reader,
                            GArray *calls,
                            guint depth);

/* Reads what is between the brackets of a call, and puts the calls that its arguments are in
 * their order. */
static void
read_arguments (Reader *reader,
                GArray *calls,
                guint depth)
{
  GArray *arguments[MAX_ARGUMENTS];
  guint n = 0;

  do
    {
      reader->at++;
      arguments[n] = new_calls ();
      read_until_end (reader, arguments[n++], depth);
    }
  while (reader->text[reader->at] == ',' && n < MAX_ARGUMENTS);
  for (guint i = 0; i < n; i++)
    {
      const GArray *argument = arguments[reader->is_from_right ? n - 1 - i : i];

      if (argument->len > 0)
        g_array_append_vals (calls, argument->data, argument->len);
    }
  for (guint i = 0; i < n; i++)
    g_array_unref (arguments[i]);
}

static void
read_name (Reader *reader,
           GArray *calls,
           guint depth)
{
  const char *begin = reader->text + reader->at;
  const guint line = reader->lines[reader->at];
  const gsize length = name_length (begin);

  reader->at += length;
  if (strncmp (reader->text + reader->at, " (", 2) != 0 || depth == MAX_DEPTH)
    return;
  reader->at++;
  read_arguments (reader, calls, depth + 1);
  if (reader->text[reader->at] == ')')
    reader->at++;
  if (g_str_has_prefix (begin, "ag_"))
    add_calls_of (reader, calls, begin + strlen ("ag_"), length - strlen ("ag_"), line);
}

/* Reads up to the end of an argument, or at depth 0 up to the end of the text. */
static void
read_until_end (Reader *reader,
                GArray *calls,
                guint depth)
{
  guint n_open = 0;

  while (reader->text[reader->at] != '\0')
    {
      const char c = reader->text[reader->at];

      if (depth > 0 && n_open == 0 && (c == ',' || c == ')'))
        return;
      n_open += c == '(';
      n_open -= c == ')' && n_open > 0;
      reader->n_statements += c == ';' || c == '{' || c == '}';
      if (g_ascii_isalpha (c) || c == '_')
        read_name (reader, calls, depth);
      else
        reader->at++;
    }
}

static gboolean
is_code (const char *line)
{
  const char *text = line + strspn (line, " ");

  return *text != '\0' && !g_str_has_prefix (text, "/*") && *text != '*';
}

/* Reads the calls of a paragraph, which a function with all that is in it is. */
static void
read_paragraph (Reader *reader,
                GArray *listing,
                guint begin,
                guint end)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (guint));

  reader->is_in_function = FALSE;
  for (guint i = begin; i < end; i++)
    {
      const char *line = nth (listing, i)->text;

      reader->is_in_function |= strstr (line, "AgFunctionContext *") != NULL;
      if (nth (listing, i)->stops == 0 || !is_code (line))
        continue;
      g_string_append (text, line);
      g_string_append_c (text, '\n');
      for (gsize k = 0; k <= strlen (line); k++)
        g_array_append_val (lines, i);
    }
  g_array_append_val (lines, end);
  reader->text = text->str;
  reader->lines = (const guint *) (gpointer) lines->data;
  reader->at = 0;
  read_until_end (reader, reader->calls, 0);
  g_string_free (text, TRUE);
}

static GArray *
read_calls (GArray *listing,
            gboolean is_from_right)
{
  Reader reader = { .is_from_right = is_from_right, .calls = new_calls () };
  guint begin = 0;

  for (guint i = 0; i <= listing->len; i++)
    if (i == listing->len || g_str_has_prefix (nth (listing, i)->text, "}"))
      {
        read_paragraph (&reader, listing, begin, i);
        begin = i + 1;
      }
  return reader.calls;
}

/**
 * Aligner:
 * @listing: the lines
 * @picture: a picture
 * @calls: the calls in the lines that the nodes may be of
 * @nodes: (element-type guint): the nodes that calls have recorded, in their order
 *
 * The calls in a listing and the nodes of a picture, which are to be aligned.
 */
typedef struct
{
  GArray *listing;
  const AgGraphPicture *picture;
  GArray *calls;
  GArray *nodes;
} Aligner;

static const Call *
nth_call (GArray *calls,
          guint index)
{
  return &g_array_index (calls, Call, index);
}

/* Whether a node may be of a call. What an update is made of stands in its line with it. */
static gboolean
can_be_of (GArray *listing,
           const AgGraphNode *node,
           const Call *call)
{
  const guint stops = nth (listing, call->line)->stops;
  const guint wanted = node->stop <= AG_STOP_GRADIENT ? 1u << node->stop : ~PROGRAM;

  return node->op == call->op && (stops & wanted) != 0;
}

static guint
find_end_of_statement (GArray *calls,
                       guint begin)
{
  guint end = begin;

  while (end < calls->len
         && nth_call (calls, end)->statement == nth_call (calls, begin)->statement)
    end++;
  return end;
}

/* Lets the calls of a statement be those of the nodes from the @i th on: @i is then the node
 * behind them. Returns how well that fits. */
static gint
try_statement (const Aligner *aligner,
               guint begin,
               guint end,
               guint *i,
               gint *lines)
{
  gint fit = 0;

  for (guint k = begin; k < end; k++)
    {
      const Call *call = nth_call (aligner->calls, k);
      const guint node = *i < aligner->nodes->len ? g_array_index (aligner->nodes, guint, *i) : 0;

      if (*i == aligner->nodes->len
          || !can_be_of (aligner->listing, &aligner->picture->nodes[node], call))
        {
          fit--;
          continue;
        }
      if (lines != NULL)
        lines[node] = (gint) call->line;
      fit += 2;
      (*i)++;
    }
  return fit;
}

/* Finds the line of each node as well as it can be found; returns how well that is. */
static gint
align (const Aligner *aligner,
       gint *lines)
{
  const guint height = aligner->nodes->len + 1, n = aligner->calls->len;
  g_autofree gint *fits = g_new0 (gint, (gsize) height * (n + 1));
  guint i = 0;

#define FIT(node, call) fits[(gsize) (call) *height + (node)]
  for (guint begin = n; begin-- > 0;)
    {
      const guint end = find_end_of_statement (aligner->calls, begin);

      for (guint k = height; k-- > 0;)
        {
          guint behind = k;
          gint fit = try_statement (aligner, begin, end, &behind, NULL);

          fit = MAX (fit + FIT (behind, end), FIT (k, end));
          FIT (k, begin) = k + 1 < height ? MAX (fit, FIT (k + 1, begin)) : fit;
        }
    }
  for (guint begin = 0; begin < n && i + 1 < height;)
    {
      const guint end = find_end_of_statement (aligner->calls, begin);

      if (FIT (i, begin) == FIT (i, end))
        {
          begin = end;
        }
      else if (FIT (i, begin) == FIT (i + 1, begin))
        {
          i++;
        }
      else
        {
          try_statement (aligner, begin, end, &i, lines);
          begin = end;
        }
    }
  return FIT (0, 0);
#undef FIT
}

static gboolean
is_before (const AgGraphNode *node)
{
  return node->op == AG_OP_input || node->op == AG_OP_number;
}

/* The parts of a program that have calls of their own: the program itself, its custom Functions,
 * and the update of each parameter. */
typedef enum
{
  PART_PROGRAM,
  PART_FUNCTIONS,
  PART_UPDATE,
  N_PARTS
} Part;

static Part
part_of (const AgGraphNode *node)
{
  return node->stop > AG_STOP_GRADIENT ? PART_UPDATE
         : node->function >= 0         ? PART_FUNCTIONS
                                       : PART_PROGRAM;
}

static Part
part_of_call (GArray *listing,
              const Call *call)
{
  return (nth (listing, call->line)->stops & PROGRAM) == 0 ? PART_UPDATE
         : call->is_in_function                            ? PART_FUNCTIONS
                                                           : PART_PROGRAM;
}

/* Aligns the nodes of a part, those of an update each time that one ends. */
static gint
align_part (GArray *listing,
            const AgGraphPicture *picture,
            GArray *all_calls,
            Part part,
            gint *lines)
{
  g_autoptr (GArray) calls = new_calls ();
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (guint));
  const Aligner aligner = { listing, picture, calls, nodes };
  gint fit = 0;

  for (guint i = 0; i < all_calls->len; i++)
    if (part_of_call (listing, nth_call (all_calls, i)) == part)
      g_array_append_val (calls, *nth_call (all_calls, i));
  for (guint i = 0; i < picture->n_nodes; i++)
    {
      const AgGraphNode *node = &picture->nodes[i];

      if (is_before (node) || part_of (node) != part)
        continue;
      g_array_append_val (nodes, i);
      if (node->stop != AG_STOP_UPDATE)
        continue;
      fit += align (&aligner, lines);
      g_array_set_size (nodes, 0);
    }
  return fit + align (&aligner, lines);
}

static gint
find_result (GArray *listing,
             AgStop stop)
{
  gint first = -1;

  for (guint i = 0; i < listing->len; i++)
    {
      if ((nth (listing, i)->results & 1u << stop) != 0)
        return (gint) i;
      if (first < 0 && (nth (listing, i)->stops & 1u << stop) != 0)
        first = (gint) i;
    }
  return first;
}

/* The line of a node that is in no statement of its own. */
static gint
find_other (GArray *listing,
            const AgGraphNode *node,
            GArray *calls)
{
  for (guint i = calls->len; i-- > 0;)
    if (can_be_of (listing, node, nth_call (calls, i))
        && part_of (node) == part_of_call (listing, nth_call (calls, i)))
      return (gint) nth_call (calls, i)->line;
  return find_result (listing, node->stop);
}

/* A node that has the same elements as its operand, in another shape, is of the same line. */
static gint
find_operand (const AgGraphPicture *picture,
              guint node,
              const gint *lines)
{
  if (picture->nodes[node].op != AG_OP_view && picture->nodes[node].op != AG_OP_cast)
    return -1;
  for (guint i = 0; i < picture->n_edges; i++)
    if (picture->edges[i].to == node && picture->nodes[picture->edges[i].from].stop == picture->nodes[node].stop)
      return lines[picture->edges[i].from];
  return -1;
}

/* Tensors that were there before the step are of the line that first uses them, as constants are. */
static gint
find_use (const AgGraphPicture *picture,
          guint node,
          const gint *lines)
{
  guint user = picture->n_nodes;

  for (guint i = 0; i < picture->n_edges; i++)
    if (picture->edges[i].from == node)
      user = MIN (user, picture->edges[i].to);
  return user < picture->n_nodes ? lines[user] : -1;
}

/**
 * ag_call_sites_find:
 * @listing: (element-type AgListingLine): the lines in C of a run
 * @picture: a picture of one of its steps
 *
 * Finds which line recorded each of the picture's nodes. Of what was there before the step,
 * that is the first line that uses it.
 *
 * Returns: (transfer full) (array): for each node the number of its line in the listing, from
 *   0; −1 if it has none
 */
gint *
ag_call_sites_find (GArray *listing,
                    const AgGraphPicture *picture)
{
  const guint n = picture->n_nodes;
  gint *lines = g_new (gint, n);
  g_autofree gint *other_lines = g_new (gint, n);
  g_autoptr (GArray) calls = read_calls (listing, FALSE);
  g_autoptr (GArray) other_calls = read_calls (listing, TRUE);

  for (guint i = 0; i < n; i++)
    lines[i] = other_lines[i] = -1;
  for (Part part = 0; part < N_PARTS; part++)
    if (align_part (listing, picture, calls, part, lines)
        < align_part (listing, picture, other_calls, part, other_lines))
      for (guint i = 0; i < n; i++)
        if (part_of (&picture->nodes[i]) == part)
          lines[i] = other_lines[i];
  for (guint i = 0; i < n; i++)
    if (lines[i] < 0)
      lines[i] = find_operand (picture, i, lines);
  for (guint i = 0; i < n; i++)
    if (lines[i] < 0 && !is_before (&picture->nodes[i]))
      lines[i] = find_other (listing, &picture->nodes[i], calls);
  for (guint i = 0; i < n; i++)
    if (is_before (&picture->nodes[i]))
      lines[i] = find_use (picture, i, lines);
  return lines;
}
