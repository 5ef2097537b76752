/**
 * Blobs: Gaussians of unit covariance on a line, a ring or a lattice, neighbours `separation` apart,
 * the plain centroid of their centres at the origin.
 */
import type { BlobsTruth } from '../spec/schema.ts';
import { packedIndex, packedLength, type Mixture } from './mixture.ts';

export function blobs(spec: BlobsTruth): Mixture {
  const { dim, components } = spec;
  const identity = new Array<number>(packedLength(dim)).fill(0);
  for (let a = 0; a < dim; a++) identity[packedIndex(a, a)] = 1;
  return {
    dim,
    weights: blobWeights(spec),
    means: centred(blobCentres(spec)),
    covariances: Array.from({ length: components }, () => identity),
  };
}

function blobWeights({ weights, components }: BlobsTruth): number[] {
  const exponent = typeof weights === 'object' && 'zipf' in weights ? weights.zipf : 0;
  const raw = Array.isArray(weights)
    ? (weights as readonly number[])
    : Array.from({ length: components }, (_, j) => (j + 1) ** -exponent);
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => weight / sum);
}

function blobCentres({ dim, components, separation, layout }: BlobsTruth): number[][] {
  return Array.from({ length: components }, (_, j) => {
    const centre = new Array<number>(dim).fill(0);
    if (layout === 'line') centre[0] = j * separation;
    else if (layout === 'grid') {
      const side = gridSide(components, dim);
      for (let a = 0; a < dim; a++) centre[a] = (Math.floor(j / side ** a) % side) * separation;
    } else if (components > 1) {
      // Neighbours on a circle of radius r are a chord 2 r sin(π/J) apart.
      const radius = separation / (2 * Math.sin(Math.PI / components));
      centre[0] = radius * Math.cos((2 * Math.PI * j) / components);
      centre[1] = radius * Math.sin((2 * Math.PI * j) / components);
    }
    return centre;
  });
}

/** Least side of a lattice with room for all. */
function gridSide(components: number, dim: number): number {
  let side = 1;
  while (side ** dim < components) side++;
  return side;
}

function centred(centres: readonly (readonly number[])[]): number[][] {
  const centroid = centres[0]!.map(
    (_, a) => centres.reduce((sum, centre) => sum + centre[a]!, 0) / centres.length,
  );
  return centres.map((centre) => centre.map((x, a) => x - centroid[a]!));
}
