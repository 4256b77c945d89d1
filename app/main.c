/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "arguments.h"
#include "commands.h"
#include "console.h"

#include "device/build-folder.h"
#include "program/program.h"
#include "train/session-file.h"

#ifdef HAVE_UI
#include "converge-application.h"

#include <glib/gi18n-lib.h>
#endif

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static const struct
{
  const char *name;
  int (*run) (char *const *argv);
} commands[] = {
  { "train", converge_command_train },
  { "sweep", converge_command_sweep },
  { "graph", converge_command_graph },
  { "surface", converge_command_surface },
  { "list", converge_command_list },
};

static const char help[] = {
  "Usage: converge COMMAND [ARGUMENT]…\n"
  "\n"
  "Trains small models in front of your eyes.\n"
  "\n"
  "Commands:\n"
  "  train [PROGRAM] [OPTION]…  train a program: its losses, result and files\n"
  "  sweep [PROGRAM] [OPTION]…  make a run for each of many values of a setting\n"
  "  graph [PROGRAM] [OPTION]…  draw what a step computes, with its numbers\n"
  "  surface [PROGRAM] [OPTION]…\n"
  "                             draw the loss over two parameters, and the run's way on it\n"
  "  list [WHAT]…               show the programs, optimizers, rates, devices, engines\n"
  "\n"
  "Options:\n"
  "  -h, --help                 this text; “converge COMMAND --help” says more\n"
  "  --version                  print the version\n"
  "\n"
  "Examples:\n"
  "  converge train autograd --output results\n"
  "  converge train optim --optimizer adam --lr 1e-2 --plot fit.svg\n"
  "  converge sweep autograd --lr 1e-8..1e-4 --output sweep.csv\n"
  "  converge graph legendre --step 10 --output graph.svg\n"
  "  converge surface autograd --output surface.svg\n"
};

enum
{
  HELP,
  VERSION,
  N_OPTIONS
};

static const ConvergeOption options[N_OPTIONS] = {
  [HELP] = { "help", 'h', NULL, FALSE, NULL, NULL },
  [VERSION] = { "version", 'V', NULL, FALSE, NULL, NULL },
};

static int
fail_unknown (const char *word)
{
  const char *names[G_N_ELEMENTS (commands) + 1] = { NULL };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    names[i] = commands[i].name;
  if (ag_program_class_find (word) != NULL)
    converge_say ("“%s” is a program, not a command. Did you mean “converge train %s”?", word,
                  word);
  else
    {
      converge_set_unknown (&error, "command", word, names);
      converge_complain (error);
    }
  return CONVERGE_EXIT_USAGE;
}

#ifdef HAVE_UI
/* Translations are where they were installed, or, for a program that is run
 * where it was built, there. */
static char *
find_translations (void)
{
  const char *build = ag_build_folder ();

  return build != NULL ? g_build_filename (build, "po", NULL) : g_strdup (CONVERGE_LOCALE);
}

/* Nobody waits for threads that are still at work when the window has closed. What exit()
 * does at the end of libraries would take their memory from under them: OpenBLAS's, say,
 * while it multiplies. */
static void G_GNUC_NORETURN
leave (int status)
{
  fflush (NULL);
  _exit (status);
}

static int
open_window (const char *path)
{
  char *arguments[] = { (char *) "converge", (char *) path, NULL };
  g_autoptr (ConvergeApplication) application = NULL;
  g_autofree char *translations = find_translations ();

  bindtextdomain (GETTEXT_PACKAGE, translations);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (!converge_application_has_display ())
    {
      converge_say ("There is no display to open a window on. “converge train” trains a program "
                    "in the terminal, and “converge --help” says more.");
      return CONVERGE_EXIT_USAGE;
    }
  application = converge_application_new ();
  leave (g_application_run (G_APPLICATION (application), path != NULL ? 2 : 1, arguments));
}
#else
static int
open_window (const char *path)
{
  converge_say ("This build has no window. “converge train” trains a program here, and “converge "
                "--help” says more.");
  return CONVERGE_EXIT_USAGE;
}
#endif

static int
run_without_command (char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvergeArguments) arguments = NULL;

  arguments = converge_arguments_parse ("converge", options, N_OPTIONS, argv, &error);
  if (arguments == NULL)
    {
      converge_complain (error);
      return CONVERGE_EXIT_USAGE;
    }
  if (arguments->values[HELP] != NULL)
    return converge_print (help);
  if (arguments->values[VERSION] != NULL)
    return converge_print ("converge " CONVERGE_VERSION "\n");
  if (arguments->words->len == 1
      && g_str_has_suffix (g_ptr_array_index (arguments->words, 0), AG_SESSION_SUFFIX))
    return open_window (g_ptr_array_index (arguments->words, 0));
  if (arguments->words->len > 0)
    return fail_unknown (g_ptr_array_index (arguments->words, 0));
  return open_window (NULL);
}

int
main (int argc,
      char **argv)
{
  converge_console_open ();
  /* A file that grows beyond a limit is then an error like a full disk, of which
   * can be told, and not the end. */
  signal (SIGXFSZ, SIG_IGN);
  /* OpenBLAS would start one for each core, none of which is used. */
  g_setenv ("OPENBLAS_NUM_THREADS", "1", TRUE);
  setlocale (LC_ALL, "");

  for (guint i = 0; i < G_N_ELEMENTS (commands) && argc > 1; i++)
    if (g_str_equal (argv[1], commands[i].name))
      {
        /* The window speaks the user's language, the command line English:
         * what scripts read does not change with the locale. */
        setlocale (LC_MESSAGES, "C");
        return commands[i].run (argv + 2);
      }
  return run_without_command (argc > 0 ? argv + 1 : argv);
}
