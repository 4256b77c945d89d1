/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-explainer.h"

/* An explainer is a follower that finds accounts: what the step that is looked at did. A run's
 * steps are explained with one landscape, which is slow to make of many points. */

/**
 * Maker:
 * @spec: a run
 * @moments: its moments
 * @landscape: its landscape
 */
typedef struct
{
  AgRunSpec spec;
  AgMoments *moments;
  AgLandscape *landscape;
} Maker;

static gpointer
make (const AgRunSpec *spec,
      AgData *data,
      AgMoments *moments,
      AgWork *work)
{
  AgLandscape *landscape = ag_landscape_new (spec, data, work, NULL);
  Maker *maker;

  if (landscape == NULL)
    return NULL;
  maker = g_new (Maker, 1);
  *maker = (Maker){ *spec, ag_moments_ref (moments), landscape };
  return maker;
}

static gpointer
find (gpointer data,
      gint64 step,
      gint64 detail,
      AgWork *work)
{
  Maker *maker = data;
  AgAccount *account;

  ag_landscape_set_work (maker->landscape, work);
  account = ag_account_new (&maker->spec, maker->moments, maker->landscape, step, work, NULL);
  ag_landscape_set_work (maker->landscape, NULL);
  return account;
}

static void
free_maker (gpointer data)
{
  Maker *maker = data;

  ag_moments_unref (maker->moments);
  ag_landscape_free (maker->landscape);
  g_free (maker);
}

/**
 * converge_explainer_new:
 *
 * Returns: (transfer full): a follower that explains the step that is looked at
 */
ConvergeFollower *
converge_explainer_new (void)
{
  static const ConvergeFollowerKind kind = {
    .make = make,
    .find = find,
    .free_maker = free_maker,
    .free_found = (GDestroyNotify) ag_account_free,
  };

  return converge_follower_new (&kind);
}

/**
 * converge_explainer_get_account:
 * @explainer: an explainer
 *
 * Returns: (transfer none) (nullable): what was found last
 */
const AgAccount *
converge_explainer_get_account (ConvergeFollower *explainer)
{
  return converge_follower_get_found (explainer);
}
