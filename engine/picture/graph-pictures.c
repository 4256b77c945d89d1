/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "picture/graph-pictures.h"

#include "base/error.h"
#include "base/memory.h"
#include "graph/recorded.h"
#include "picture/graph-union.h"
#include "train/replay.h"

#include <glib/gi18n-lib.h>

/* All values of a step are in memory for a moment. */
#define MAX_BYTES (G_GUINT64_CONSTANT (1) << 30)

/**
 * AgGraphPictures:
 * @spec: what the run is
 * @data: its points
 * @moments: (nullable): its moments; without, the steps are taken anew
 * @checkpoint: what a checkpoint of it is
 * @rates: the changes of its rate, if there are no moments
 * @replay: (nullable): what takes its steps then
 * @numbers: room for a checkpoint
 * @machine: (nullable): what records its steps
 * @thread: the thread that made @machine, which alone may use it
 * @structures: (nullable): a picture of all structures that its steps may have
 */
struct _AgGraphPictures
{
  AgRunSpec spec;
  AgData *data;
  AgMoments *moments;
  AgCheckpoint checkpoint;
  AgRates *rates;
  AgReplay *replay;
  double *numbers;
  AgMachine *machine;
  GThread *thread;
  AgGraphPicture *structures;
};

/**
 * ag_graph_pictures_new:
 * @spec: a specification that ag_run_spec_check() finds no fault with; copied
 * @data: its points; held
 * @moments: (nullable): the moments of a run with that specification; held
 *
 * Returns: (transfer full): what takes pictures of the run's steps, of those that it has taken
 *   or, without moments, of those that it would take
 */
AgGraphPictures *
ag_graph_pictures_new (const AgRunSpec *spec,
                       AgData *data,
                       AgMoments *moments)
{
  AgGraphPictures *pictures = g_new0 (AgGraphPictures, 1);

  pictures->spec = *spec;
  pictures->data = ag_data_ref (data);
  ag_checkpoint_init (&pictures->checkpoint, spec);
  pictures->numbers = g_new0 (double, pictures->checkpoint.n_numbers);
  if (moments != NULL)
    {
      pictures->moments = ag_moments_ref (moments);
    }
  else
    {
      pictures->rates = ag_rates_new ();
      pictures->replay = ag_replay_new (spec, data, &pictures->checkpoint, pictures->rates);
    }
  return pictures;
}

static void
rest (AgGraphPictures *pictures)
{
  if (pictures->machine == NULL)
    return;
  ag_graph_enter (pictures->machine->graph);
  g_clear_pointer (&pictures->machine, ag_machine_free);
}

/**
 * ag_graph_pictures_free:
 * @pictures: (transfer full): what takes pictures
 */
void
ag_graph_pictures_free (AgGraphPictures *pictures)
{
  rest (pictures);
  g_clear_pointer (&pictures->structures, ag_graph_picture_unref);
  g_clear_pointer (&pictures->replay, ag_replay_free);
  g_clear_pointer (&pictures->rates, ag_rates_free);
  g_clear_pointer (&pictures->moments, ag_moments_unref);
  ag_data_unref (pictures->data);
  g_free (pictures->numbers);
  g_free (pictures);
}

/* Finds where the run is before the step. */
static gboolean
go_to (AgGraphPictures *pictures,
       gint64 step,
       AgWork *work,
       GError **error)
{
  if (pictures->moments != NULL)
    return ag_moments_take_up (pictures->moments, step, work, pictures->numbers, error);
  return ag_replay_go (pictures->replay, NULL, step, work, pictures->numbers, error);
}

static gboolean
take_up (AgGraphPictures *pictures,
         gint64 step,
         GError **error)
{
  const AgRates *rates = pictures->moments != NULL ? ag_moments_rates (pictures->moments)
                                                   : pictures->rates;

  if (!ag_checkpoint_load (&pictures->checkpoint, pictures->machine, pictures->numbers, error))
    return FALSE;
  ag_optimizer_set_lr (pictures->machine->optimizer,
                       ag_rates_at (rates, pictures->spec.lr, step));
  return TRUE;
}

/* The structures that other steps of the program may have are recorded once, so that all of
 * them have a place in every picture. */
static gboolean
find_structures (AgGraphPictures *pictures,
                 gint64 step,
                 GError **error)
{
  const guint n_structures = pictures->spec.program->model->n_structures;

  if (pictures->structures != NULL)
    return TRUE;
  for (guint i = 0; i < n_structures; i++)
    {
      g_autoptr (AgSketch) sketch = NULL;
      g_autofree guint *places = NULL;
      AgGraphPicture *all;

      if (!take_up (pictures, step, error))
        return FALSE;
      pictures->machine->program->input.structure = i;
      sketch = ag_sketch_new (pictures->machine, TRUE);
      places = g_new (guint, sketch->n_nodes);
      all = ag_graph_union (pictures->structures, sketch, places);
      g_clear_pointer (&pictures->structures, ag_graph_picture_unref);
      pictures->structures = all;
      if (!ag_graph_end_step (pictures->machine->graph, error))
        return FALSE;
    }
  return TRUE;
}

/* Returns room for the elements of any node. */
static double *
make_room (const AgSketch *sketch,
           GError **error)
{
  guint64 n_bytes = 0;
  gint64 most = 1;

  for (guint i = 0; i < sketch->n_nodes; i++)
    {
      const AgRecordedNode *recorded = &sketch->nodes[i].recorded;

      n_bytes += (guint64) recorded->shape->n_elements * ag_dtype_size (recorded->dtype);
      most = MAX (most, recorded->shape->n_elements);
    }
  /* All values are held, and then the derivatives of the loss's part, which by measurement are up to a
   * fifth more. */
  if (n_bytes + n_bytes / 4 + (guint64) most * sizeof (double) > ag_memory_available ("/"))
    {
      ag_memory_set_error (error, n_bytes);
      return NULL;
    }
  if (n_bytes <= MAX_BYTES)
    return ag_memory_try ((gsize) most * sizeof (double), error);
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
               _ ("The values of a step over so many points are %.1f GB, too many for a picture. "
                  "Take fewer points."),
               (double) n_bytes / 1e9);
  return NULL;
}

static gboolean
read_value (AgTensor *tensor,
            gint64 n_elements,
            gint64 probe,
            double *elements,
            AgGraphValue *value,
            GError **error)
{
  if (n_elements == 0)
    return TRUE;
  if (ag_tensor_n_elements (tensor) != n_elements)
    {
      /* A number stands for all elements. */
      if (!ag_tensor_item (tensor, elements, error))
        return FALSE;
      ag_graph_value_set (value, 1, elements, probe);
      value->n_elements = n_elements;
      return TRUE;
    }
  if (!ag_tensor_read (tensor, AG_DTYPE_FLOAT64, elements, error))
    return FALSE;
  ag_graph_value_set (value, n_elements, elements, probe);
  return TRUE;
}

static gboolean
remember (GHashTable *before,
          AgTensor *tensor,
          gint64 probe,
          GError **error)
{
  const gint64 n_elements = ag_tensor_n_elements (tensor);
  g_autofree double *elements = g_new (double, n_elements);
  AgGraphValue *value = g_new0 (AgGraphValue, 1);

  g_hash_table_insert (before, tensor, value);
  return read_value (tensor, n_elements, probe, elements, value, error);
}

/* Parameters and the optimizer's states have other values after the step than in it, so that
 * they are read before. */
static gboolean
remember_all (AgMachine *machine,
              gint64 probe,
              GHashTable *before,
              GError **error)
{
  const guint n_states = ag_optimizer_class (machine->optimizer)->n_states;

  for (guint i = 0; i < machine->program->model->n_tensors; i++)
    {
      if (!remember (before, machine->program->model->tensors[i], probe, error))
        return FALSE;
      for (guint k = 0; k < n_states; k++)
        if (!remember (before, ag_optimizer_state (machine->optimizer, i, k), probe, error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
read_node (const AgSketchNode *source,
           gint64 probe,
           GHashTable *before,
           double *elements,
           AgGraphNode *node,
           GError **error)
{
  const gint64 n_elements = source->recorded.shape->n_elements;
  const AgGraphValue *value
    = g_hash_table_lookup (before, source->recorded.tensor);

  node->is_taken = TRUE;
  if (node->op == AG_OP_number)
    ag_graph_value_set (&node->value, 1, &source->recorded.number, probe);
  else if (value != NULL)
    node->value = *value;
  else if (!read_value (source->recorded.tensor, n_elements, probe, elements, &node->value, error))
    return FALSE;
  return source->gradient == NULL
         || read_value (source->gradient, n_elements, probe, elements, &node->gradient, error);
}

static gboolean
read_values (const AgSketch *sketch,
             const guint *places,
             GHashTable *before,
             AgGraphPicture *picture,
             double *elements,
             GError **error)
{
  for (guint i = 0; i < sketch->n_nodes; i++)
    if (!read_node (&sketch->nodes[i], picture->probe, before, elements,
                    &picture->nodes[places[i]], error))
      return FALSE;
  picture->loss = picture->nodes[picture->loss_node].value.mean;
  return TRUE;
}

/* Records by how much a node changes with an operand, if that is to be told. */
static AgTensor *
record_derivative (const AgSketch *sketch,
                   guint i,
                   guint operand)
{
  const AgSketchNode *node = &sketch->nodes[i];
  AgTensor *operands[AG_OP_MAX_OPERANDS + 1];

  if (node->stop > AG_STOP_LOSS || !ag_op_is_elementwise (node->recorded.op)
      || sketch->nodes[node->recorded.operands[operand]].recorded.op == AG_OP_number)
    return NULL;
  for (guint k = 0; k < node->recorded.n_operands; k++)
    operands[k] = sketch->nodes[node->recorded.operands[k]].recorded.tensor;
  operands[node->recorded.n_operands] = node->recorded.tensor;
  return ag_graph_record_derivative (&node->recorded, operand, operands);
}

static AgGraphEdge *
find_edge (AgGraphPicture *picture,
           guint from,
           guint to,
           guint operand)
{
  for (guint i = 0; i < picture->n_edges; i++)
    if (picture->edges[i].from == from && picture->edges[i].to == to
        && picture->edges[i].operand == operand)
      return &picture->edges[i];
  g_return_val_if_reached (NULL);
}

/* After a step without update, whose tensors are held. */
static gboolean
read_held_derivatives (const AgSketch *sketch,
                       const guint *places,
                       AgGraph *graph,
                       AgGraphPicture *picture,
                       double *elements,
                       GError **error)
{
  g_autofree AgTensor **derivatives = g_new0 (AgTensor *, sketch->n_nodes * AG_OP_MAX_OPERANDS);
  gboolean success;

  ag_no_grad_begin ();
  for (guint i = 0; i < sketch->n_nodes; i++)
    for (guint k = 0; k < sketch->nodes[i].recorded.n_operands; k++)
      {
        AgTensor *derivative = record_derivative (sketch, i, k);

        if (derivative != NULL)
          derivatives[i * AG_OP_MAX_OPERANDS + k] = ag_tensor_ref (derivative);
      }
  ag_no_grad_end ();
  success = ag_graph_end_step (graph, error);
  for (guint i = 0; i < sketch->n_nodes; i++)
    for (guint k = 0; k < sketch->nodes[i].recorded.n_operands; k++)
      {
        const guint from = places[sketch->nodes[i].recorded.operands[k]];
        AgTensor **derivative = &derivatives[i * AG_OP_MAX_OPERANDS + k];
        AgGraphEdge *edge = find_edge (picture, from, places[i], k);

        if (*derivative == NULL)
          continue;
        success = success
                  && read_value (*derivative, ag_tensor_n_elements (*derivative), picture->probe,
                                 elements, &edge->derivative, error);
        ag_tensor_clear (derivative);
      }
  return success;
}

/* Records the step without its update: the derivatives are computed of the values that it
 * begins with. Its nodes are the first of @sketch, in the same order. */
static gboolean
read_derivatives (AgGraphPictures *pictures,
                  const guint *places,
                  AgGraphPicture *picture,
                  double *elements,
                  GError **error)
{
  g_autoptr (AgSketch) sketch = ag_sketch_new (pictures->machine, FALSE);
  AgGraph *graph = pictures->machine->graph;
  gboolean success;

  ag_sketch_hold (sketch);
  success = ag_graph_end_step (graph, error)
            && read_held_derivatives (sketch, places, graph, picture, elements, error);
  ag_sketch_let_go (sketch);
  return success;
}

static void
mark_taken (const AgSketch *sketch,
            const guint *places,
            AgGraphPicture *picture)
{
  for (guint i = 0; i < sketch->n_nodes; i++)
    for (guint k = 0; k < sketch->nodes[i].recorded.n_operands; k++)
      find_edge (picture, places[sketch->nodes[i].recorded.operands[k]], places[i], k)->is_taken
        = TRUE;
}

/* Makes the picture that the step is put into. An optimizer's first step differs from its later
 * ones, so that what is known of the structures grows. */
static AgGraphPicture *
place (AgGraphPictures *pictures,
       const AgSketch *sketch,
       guint *places)
{
  AgGraphPicture *all = ag_graph_union (pictures->structures, sketch, places);

  if (pictures->structures != NULL && ag_graph_picture_has_same_structure (all, pictures->structures))
    return all;
  g_clear_pointer (&pictures->structures, ag_graph_picture_unref);
  pictures->structures = all;
  return ag_graph_union (all, sketch, places);
}

static AgGraphPicture *
take (AgGraphPictures *pictures,
      gint64 step,
      gint64 probe,
      GError **error)
{
  AgMachine *machine = pictures->machine;
  g_autoptr (GHashTable) before = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (AgSketch) sketch = NULL;
  g_autofree guint *places = NULL;
  g_autofree double *elements = NULL;
  g_autoptr (AgGraphPicture) picture = NULL;
  gboolean success;

  if (!find_structures (pictures, step, error) || !take_up (pictures, step, error))
    return NULL;
  ag_program_choose_structure (machine->program);
  if (!remember_all (machine, probe, before, error))
    return NULL;
  sketch = ag_sketch_new (machine, TRUE);
  places = g_new (guint, sketch->n_nodes);
  picture = place (pictures, sketch, places);
  picture->step = step;
  picture->probe = probe;
  elements = make_room (sketch, error);
  if (elements == NULL)
    {
      ag_graph_end_step (machine->graph, NULL);
      return NULL;
    }
  mark_taken (sketch, places, picture);
  ag_sketch_hold (sketch);
  success = ag_graph_end_step (machine->graph, error)
            && read_values (sketch, places, before, picture, elements, error);
  ag_sketch_let_go (sketch);
  if (!success || !take_up (pictures, step, error))
    return NULL;
  ag_program_choose_structure (machine->program);
  return read_derivatives (pictures, places, picture, elements, error)
           ? g_steal_pointer (&picture)
           : NULL;
}

/**
 * ag_graph_pictures_take:
 * @pictures: what takes pictures; the calling thread is in no graph
 * @step: number of a step, counted from 0; the run must have taken it if there are moments
 * @probe: number of the point whose values are wanted
 * @work: (nullable): what cancels this, from another thread
 * @error: return location for a #GError
 *
 * Takes a picture of a step: what is recorded for it, and what that comes to. The values and
 * gradients are those that made the loss of that step, with the bits that the run had.
 *
 * Returns: (transfer full) (nullable): the picture, or %NULL with @error set
 */
AgGraphPicture *
ag_graph_pictures_take (AgGraphPictures *pictures,
                        gint64 step,
                        gint64 probe,
                        AgWork *work,
                        GError **error)
{
  AgGraphPicture *picture;

  if (!go_to (pictures, step, work, error))
    return NULL;
  if (pictures->machine != NULL && pictures->thread != g_thread_self ())
    rest (pictures);
  if (pictures->machine != NULL)
    {
      ag_graph_enter (pictures->machine->graph);
    }
  else
    {
      pictures->machine = ag_machine_new (&pictures->spec, pictures->data, 1, work, error);
      pictures->thread = g_thread_self ();
      if (pictures->machine == NULL)
        return NULL;
    }
  picture = take (pictures, step, probe, error);
  ag_graph_leave (pictures->machine->graph);
  return picture;
}
