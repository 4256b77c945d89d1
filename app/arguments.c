/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "arguments.h"

#include "base/error.h"
#include "base/suggest.h"

#include <string.h>

typedef struct
{
  const char *command;
  const ConvergeOption *options;
  guint n_options;
  char *const *argv;
  ConvergeArguments *arguments;
} Parser;

/**
 * converge_join:
 * @prefix: what to put before each name
 * @names: (array zero-terminated=1): names
 *
 * Returns: (transfer full): the names as a list: "a, b and c"
 */
char *
converge_join (const char *prefix,
               const char *const *names)
{
  GString *list = g_string_new (NULL);

  for (gsize i = 0; names[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append (list, names[i + 1] != NULL ? ", " : " and ");
      g_string_append (list, prefix);
      g_string_append (list, names[i]);
    }
  return g_string_free (list, FALSE);
}

/**
 * converge_set_unknown:
 * @error: return location for an error
 * @what: what it should have been: "program"
 * @word: what was typed
 * @names: (array zero-terminated=1): what could have been
 *
 * Sets an error that says there is no @word, what may have been meant, and
 * what there is.
 */
void
converge_set_unknown (GError **error,
                      const char *what,
                      const char *word,
                      const char *const *names)
{
  g_autofree char *list = converge_join ("", names);
  const char *meant = ag_suggest (word, names);
  g_autofree char *question = g_strdup_printf (" Did you mean “%s”?", meant);

  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT, "There is no %s “%s”.%s The %ss are %s.", what,
               word, meant != NULL ? question : "", what, list);
}

static gboolean
fail_unknown (const Parser *parser,
              const char *argument,
              GError **error)
{
  g_autofree const char **ids = g_new0 (const char *, parser->n_options + 1);
  g_autofree char *id = g_strndup (argument + 2, strcspn (argument + 2, "="));
  g_autofree char *question = NULL;
  const char *meant;

  for (guint i = 0; i < parser->n_options; i++)
    ids[i] = parser->options[i].id;
  meant = argument[1] == '-' ? ag_suggest (id, ids) : NULL;
  question = g_strdup_printf (" Did you mean “--%s”?", meant);
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
               "“%s” has no option “%.*s”.%s “%s --help” lists all it has.", parser->command,
               (int) strcspn (argument, "="), argument, meant != NULL ? question : "",
               parser->command);
  return FALSE;
}

static gint
find_option (const Parser *parser,
             const char *id,
             gsize length)
{
  for (guint i = 0; i < parser->n_options; i++)
    if (strlen (parser->options[i].id) == length
        && strncmp (parser->options[i].id, id, length) == 0)
      return (gint) i;
  return -1;
}

/* A value after a blank that looks like an option was probably meant as one, and the value was
 * forgotten; after an equals sign it can only be a value. */
static gboolean
take_value (Parser *parser,
            guint option,
            const char *attached,
            GError **error)
{
  const ConvergeOption *info = &parser->options[option];

  if (attached == NULL && parser->argv[0] != NULL && !g_str_has_prefix (parser->argv[0], "--"))
    attached = *parser->argv++;
  if (attached == NULL)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   "The option “--%s” has no value. Write it as “--%s %s”.", info->id, info->id,
                   info->argument);
      return FALSE;
    }
  parser->arguments->values[option] = attached;
  return TRUE;
}

static gboolean
parse_long (Parser *parser,
            const char *argument,
            GError **error)
{
  const char *id = argument + 2;
  const gsize length = strcspn (id, "=");
  const char *value = id[length] == '=' ? id + length + 1 : NULL;
  gint option = find_option (parser, id, length);
  const char *truth = "1";

  if (option < 0 && g_str_has_prefix (id, "no-"))
    {
      option = find_option (parser, id + 3, length - 3);
      if (option >= 0 && !parser->options[option].negatable)
        option = -1;
      truth = "0";
    }
  if (option < 0)
    return fail_unknown (parser, argument, error);
  if (parser->options[option].argument != NULL)
    return take_value (parser, (guint) option, value, error);
  if (value != NULL)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   "The option “--%.*s” takes no value. Leave “=%s” out.", (int) length, id, value);
      return FALSE;
    }
  parser->arguments->values[option] = truth;
  return TRUE;
}

static gboolean
parse_letter (Parser *parser,
              const char *argument,
              GError **error)
{
  const char *rest = argument + 2;

  for (guint i = 0; i < parser->n_options; i++)
    {
      if (parser->options[i].letter != argument[1])
        continue;
      if (parser->options[i].argument != NULL)
        return take_value (parser, i, *rest != '\0' ? rest : NULL, error);
      if (*rest != '\0')
        break;
      parser->arguments->values[i] = "1";
      return TRUE;
    }
  return fail_unknown (parser, argument, error);
}

/**
 * converge_arguments_parse:
 * @command: the command, as "converge train"
 * @options: (array length=n_options): its options
 * @n_options: number of options
 * @argv: (array zero-terminated=1): what was typed after the command
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Tells options, their values and other words apart. Options may be anywhere,
 * up to a “--”; their values follow after a blank or an equals sign.
 *
 * Returns: (transfer full) (nullable): what was found
 */
ConvergeArguments *
converge_arguments_parse (const char *command,
                          const ConvergeOption *options,
                          guint n_options,
                          char *const *argv,
                          GError **error)
{
  g_autoptr (ConvergeArguments) arguments = g_new0 (ConvergeArguments, 1);
  Parser parser = { command, options, n_options, argv, arguments };
  gboolean only_words = FALSE;

  arguments->values = g_new0 (const char *, n_options);
  arguments->words = g_ptr_array_new ();
  while (*parser.argv != NULL)
    {
      char *argument = *parser.argv++;

      if (only_words || argument[0] != '-' || argument[1] == '\0')
        g_ptr_array_add (arguments->words, argument);
      else if (strcmp (argument, "--") == 0)
        only_words = TRUE;
      else if (argument[1] == '-' && !parse_long (&parser, argument, error))
        return NULL;
      else if (argument[1] != '-' && !parse_letter (&parser, argument, error))
        return NULL;
    }
  return g_steal_pointer (&arguments);
}

/**
 * converge_arguments_free:
 * @arguments: (transfer full): what was found
 *
 * Frees it.
 */
void
converge_arguments_free (ConvergeArguments *arguments)
{
  g_free (arguments->values);
  g_ptr_array_unref (arguments->words);
  g_free (arguments);
}
