/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_GEO_NET_H
#define BP_GEO_NET_H
/*
 * A net of borders: pieces between corners, each with what lies beside it.  Between junctions they are lines that two
 * neighbours share; those are made simpler once, and rings are put together from them.  Pure.
 */
#include "geo/outline.h"

#define GEO_OUTSIDE (-1)

struct geo_piece {
	int32_t from, to, left, right; /* corners; units or GEO_OUTSIDE */
};

struct geo_net {
	const struct geo_xy *corner;
	int32_t n_corners, n_pieces;
	const struct geo_piece *piece;
};

/* The rings of all units and their corners, into out->ring and out->xy; corners that shape less than `tolerance` squared
 * are left out. */
void geo_net_rings(const struct geo_net *net, double tolerance, struct geo_outlines *out);

#endif
