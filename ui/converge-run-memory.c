/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run-memory.h"

#include "converge-tooltip.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

/* All runs together may keep as much as this part of the machine's memory. */
#define SHARE 4

/**
 * ConvergeRunMemory:
 * @runs: (nullable): the runs
 * @bound: how many bytes they may have
 * @used: how many they have
 * @pending: (nullable): source of the next look at them
 * @label: what says so
 *
 * Says how much memory the kept runs take, and keeps that within a bound: above it, runs that rest
 * give their checkpoints back, the first of the list first. Losses and coefficients stay, and
 * what was given back is found by steps being taken again, with the same bits.
 */
struct _ConvergeRunMemory
{
  GtkWidget parent_instance;

  ConvergeRuns *runs;
  guint64 bound;
  guint64 used;
  guint pending;
  GtkWidget *label;
};

G_DEFINE_FINAL_TYPE (ConvergeRunMemory, converge_run_memory, GTK_TYPE_WIDGET)

static void
converge_run_memory_dispose (GObject *object)
{
  ConvergeRunMemory *self = CONVERGE_RUN_MEMORY (object);

  g_clear_handle_id (&self->pending, g_source_remove);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  g_clear_object (&self->runs);
  G_OBJECT_CLASS (converge_run_memory_parent_class)->dispose (object);
}

static void
converge_run_memory_class_init (ConvergeRunMemoryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_run_memory_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
converge_run_memory_init (ConvergeRunMemory *self)
{
  const guint64 machine = (guint64) sysconf (_SC_PHYS_PAGES) * (guint64) sysconf (_SC_PAGESIZE);

  self->bound = machine / SHARE;
  self->label = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->label, "caption");
  gtk_widget_add_css_class (self->label, "dim-label");
  gtk_widget_add_css_class (self->label, "numeric");
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}

static guint64
count (ConvergeRunMemory *self)
{
  guint64 used = 0;

  for (guint i = 0; i < converge_runs_n (self->runs); i++)
    used += converge_run_n_bytes (converge_runs_nth (self->runs, i));
  return used;
}

static void
keep_bound (ConvergeRunMemory *self)
{
  self->used = count (self);
  for (guint i = 0; i < converge_runs_n (self->runs) && self->used > self->bound; i++)
    {
      ConvergeRun *run = converge_runs_nth (self->runs, i);
      const guint64 before = converge_run_n_bytes (run);

      if (run != converge_runs_get_selected (self->runs) && converge_run_give_back (run))
        self->used -= before - converge_run_n_bytes (run);
    }
}

static gboolean
look (gpointer data)
{
  ConvergeRunMemory *self = data;
  g_autofree char *used = NULL, *bound = NULL, *text = NULL, *tooltip = NULL;
  const guint n = converge_runs_n (self->runs);

  self->pending = 0;
  keep_bound (self);
  used = g_format_size (self->used);
  bound = g_format_size (self->bound);
  text = g_strdup_printf (ngettext ("%u run, %s", "%u runs, %s", n), n, used);
  tooltip = g_strdup_printf (_ ("What runs keep in memory: losses, coefficients, and checkpoints from "
                                "which their moments are found. Above %s the first runs give their "
                                "checkpoints back, and moments of theirs take longer to find."),
                             bound);
  gtk_label_set_text (GTK_LABEL (self->label), text);
  converge_tooltip_set (self->label, tooltip);
  return G_SOURCE_REMOVE;
}

/* Many may change at a time. */
static void
look_soon (ConvergeRunMemory *self)
{
  if (self->pending == 0)
    self->pending = g_idle_add_full (G_PRIORITY_LOW, look, self, NULL);
}

static void
run_changed (ConvergeRunMemory *self,
             ConvergeRun *run)
{
  const AgSnapshot *snapshot = converge_run_snapshot (run);

  if (snapshot != NULL && snapshot->state != AG_TRAINER_RUNNING)
    look_soon (self);
}

/**
 * converge_run_memory_set_runs:
 * @self: what looks after no runs so far
 * @runs: the runs
 */
void
converge_run_memory_set_runs (ConvergeRunMemory *self,
                              ConvergeRuns *runs)
{
  g_return_if_fail (self->runs == NULL);

  self->runs = g_object_ref (runs);
  g_signal_connect_object (runs, "items-changed", G_CALLBACK (look_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "notify::selected", G_CALLBACK (look_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "changed", G_CALLBACK (run_changed), self, G_CONNECT_SWAPPED);
  look_soon (self);
}

/**
 * converge_run_memory_get_used:
 * @self: what looks after runs
 *
 * Returns: how many bytes they had at the last look
 */
guint64
converge_run_memory_get_used (ConvergeRunMemory *self)
{
  return self->used;
}

/**
 * converge_run_memory_set_bound:
 * @self: what looks after runs
 * @bound: how many bytes they may have
 */
void
converge_run_memory_set_bound (ConvergeRunMemory *self,
                               guint64 bound)
{
  self->bound = bound;
  look_soon (self);
}
