/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "picture/graph-sketch.h"

/* The first name that a node gets is the one it keeps: a prediction that is a parameter is
 * the parameter. */
static void
name_node (AgSketch *sketch,
           AgGraph *graph,
           const AgTensor *tensor,
           const char *before,
           const char *name,
           const char *after)
{
  const gint index = ag_graph_recorded_index (graph, tensor);
  AgSketchNode *node;

  if (index < 0)
    return;
  node = &sketch->nodes[index];
  if (node->name == NULL)
    node->name = g_strconcat (before, name, after, NULL);
}

static void
name_states (AgSketch *sketch,
             AgMachine *machine,
             guint tensor)
{
  const AgOptimizerClass *klass = ag_optimizer_class (machine->optimizer);
  const char *of = ag_model_class_tensor (machine->program->model->klass, tensor).name;

  for (guint i = 0; i < klass->n_states; i++)
    {
      const AgTensor *state = ag_optimizer_state (machine->optimizer, tensor, i);
      g_autofree char *name = g_strconcat (of, ".", klass->states[i], NULL);

      name_node (sketch, machine->graph, state, "", name, "");
      name_node (sketch, machine->graph, ag_graph_recorded_new_value (state), "new ", name, "");
    }
}

static void
name_nodes (AgSketch *sketch,
            AgMachine *machine,
            const AgTensor *prediction,
            const AgTensor *loss)
{
  AgGraph *graph = machine->graph;
  const AgProgram *program = machine->program;
  const AgModelClass *klass = program->model->klass;

  for (guint i = 0; i < program->model->n_tensors; i++)
    {
      const AgTensor *tensor = program->model->tensors[i];
      const char *name = ag_model_class_tensor (klass, i).name;

      name_node (sketch, graph, tensor, "", name, "");
      name_node (sketch, graph, ag_tensor_grad (tensor), "", name, ".grad");
      name_node (sketch, graph, ag_graph_recorded_new_value (tensor), "new ", name, "");
      name_states (sketch, machine, i);
    }
  name_node (sketch, graph, program->input.x, "", "x", "");
  for (guint i = 0; i < AG_MODEL_MAX_FEATURES && klass->features[i] != NULL; i++)
    name_node (sketch, graph, program->input.features[i], "", klass->features[i], "");
  name_node (sketch, graph, program->y, "", "y", "");
  name_node (sketch, graph, prediction, "", "prediction", "");
  name_node (sketch, graph, loss, "", "loss", "");
}

/* Nodes up to the prediction belong to it. Of the others those that the loss needs belong to the
 * loss, and whatever else the program records is its gradient, by hand or by autograd. */
static void
find_stops (AgSketch *sketch,
            const AgMachine *machine,
            guint prediction,
            guint n_program)
{
  const AgModel *model = machine->program->model;

  for (guint i = 0; i < sketch->n_nodes; i++)
    sketch->nodes[i].stop = i <= prediction     ? AG_STOP_PREDICT
                            : i == sketch->loss ? AG_STOP_LOSS
                            : i < n_program     ? AG_STOP_GRADIENT
                                                : AG_STOP_OPTIMIZER;
  for (guint i = sketch->loss; i > prediction; i--)
    for (guint k = 0; sketch->nodes[i].stop == AG_STOP_LOSS && k < sketch->nodes[i].recorded.n_operands; k++)
      {
        const guint operand = (guint) sketch->nodes[i].recorded.operands[k];

        if (operand > prediction)
          sketch->nodes[operand].stop = AG_STOP_LOSS;
      }
  for (guint i = 0; i < model->n_tensors; i++)
    {
      const gint index = ag_graph_recorded_index (machine->graph,
                                                  ag_graph_recorded_new_value (model->tensors[i]));

      if (index >= (gint) n_program)
        sketch->nodes[index].stop = AG_STOP_UPDATE;
    }
}

static void
find_functions (AgSketch *sketch,
                const AgGraph *graph)
{
  sketch->n_functions = ag_graph_n_recorded_functions (graph);
  sketch->functions = g_new (AgRecordedFunction, sketch->n_functions);
  for (guint i = 0; i < sketch->n_functions; i++)
    {
      const AgRecordedFunction function = ag_graph_recorded_function (graph, i);

      sketch->functions[i] = function;
      for (gint k = function.forward[0]; k < function.forward[1]; k++)
        sketch->nodes[k].function = (gint) i;
      for (gint k = function.backward[0]; k < function.backward[1]; k++)
        sketch->nodes[k].function = (gint) i;
    }
}

/**
 * ag_sketch_new:
 * @machine: a machine whose graph is the current one, and whose program has its structure for
 *   the step
 * @has_update: whether the optimizer takes its part of the step, after which the parameters
 *   have new values
 *
 * Records a step and says what it is. Its caller ends the step.
 *
 * Returns: (transfer full): the sketch
 */
AgSketch *
ag_sketch_new (AgMachine *machine,
               gboolean has_update)
{
  AgSketch *sketch = g_new0 (AgSketch, 1);
  AgGraph *graph = machine->graph;
  AgTensor *prediction, *loss;
  g_autofree gint *stages = NULL;
  guint n_program;

  ag_optimizer_zero_grad (machine->optimizer);
  loss = ag_program_record (machine->program);
  prediction = machine->program->prediction;
  n_program = (guint) ag_graph_n_recorded (graph);
  if (has_update)
    ag_optimizer_step (machine->optimizer);

  sketch->n_nodes = (guint) ag_graph_n_recorded (graph);
  sketch->nodes = g_new0 (AgSketchNode, sketch->n_nodes);
  sketch->loss = (guint) ag_graph_recorded_index (graph, loss);
  stages = g_new (gint, sketch->n_nodes);
  ag_tensor_ref (loss);
  ag_graph_recorded_stages (graph, stages);
  ag_tensor_unref (loss);
  for (guint i = 0; i < sketch->n_nodes; i++)
    sketch->nodes[i] = (AgSketchNode){
      .recorded = ag_graph_recorded_node (graph, (gint) i),
      .gradient = ag_graph_recorded_gradient (graph, loss, (gint) i),
      .function = -1,
      .loop = stages[i],
    };
  find_stops (sketch, machine, (guint) ag_graph_recorded_index (graph, prediction), n_program);
  find_functions (sketch, graph);
  name_nodes (sketch, machine, prediction, loss);
  return sketch;
}

/**
 * ag_sketch_hold:
 * @sketch: a sketch
 *
 * Holds all of its tensors, so that they are computed when the step ends, and can be read
 * after it.
 */
void
ag_sketch_hold (AgSketch *sketch)
{
  for (guint i = 0; i < sketch->n_nodes; i++)
    {
      ag_tensor_ref (sketch->nodes[i].recorded.tensor);
      if (sketch->nodes[i].gradient != NULL)
        ag_tensor_ref (sketch->nodes[i].gradient);
    }
}

/**
 * ag_sketch_let_go:
 * @sketch: a sketch whose tensors are held
 *
 * Lets go of them.
 */
void
ag_sketch_let_go (AgSketch *sketch)
{
  for (guint i = 0; i < sketch->n_nodes; i++)
    {
      ag_tensor_clear (&sketch->nodes[i].recorded.tensor);
      ag_tensor_clear (&sketch->nodes[i].gradient);
    }
}

/**
 * ag_sketch_free:
 * @sketch: (transfer full): a sketch whose tensors are not held by it any more
 */
void
ag_sketch_free (AgSketch *sketch)
{
  for (guint i = 0; i < sketch->n_nodes; i++)
    g_free (sketch->nodes[i].name);
  g_free (sketch->nodes);
  g_free (sketch->functions);
  g_free (sketch);
}
