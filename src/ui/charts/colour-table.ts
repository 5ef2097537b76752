/**
 * The colours of heat maps: viridis (S. van der Walt and N. Smith 2015), perceptually even and safe for
 * colour-blind eyes, as 256 entries. The same as d3-scale-chromatic's interpolateViridis(i/255); a
 * test compares them.
 */
const VIRIDIS =
  '44015444025645045745055946075a46085c460a5d460b5e470d60470e61471063471164471365481467481668' +
  '48176948186a481a6c481b6d481c6e481d6f481f70482071482173482374482475482576482677482878482979' +
  '472a7a472c7a472d7b472e7c472f7d46307e46327e46337f463480453581453781453882443983443a83443b84' +
  '433d84433e85423f854240864241864142874144874045884046883f47883f48893e49893e4a893e4c8a3d4d8a' +
  '3d4e8a3c4f8a3c508b3b518b3b528b3a538b3a548c39558c39568c38588c38598c375a8c375b8d365c8d365d8d' +
  '355e8d355f8d34608d34618d33628d33638d32648e32658e31668e31678e31688e30698e306a8e2f6b8e2f6c8e' +
  '2e6d8e2e6e8e2e6f8e2d708e2d718e2c718e2c728e2c738e2b748e2b758e2a768e2a778e2a788e29798e297a8e' +
  '297b8e287c8e287d8e277e8e277f8e27808e26818e26828e26828e25838e25848e25858e24868e24878e23888e' +
  '23898e238a8d228b8d228c8d228d8d218e8d218f8d21908d21918c20928c20928c20938c1f948c1f958b1f968b' +
  '1f978b1f988b1f998a1f9a8a1e9b8a1e9c891e9d891f9e891f9f881fa0881fa1881fa1871fa28720a38620a486' +
  '21a58521a68522a78522a88423a98324aa8325ab8225ac8226ad8127ad8128ae8029af7f2ab07f2cb17e2db27d' +
  '2eb37c2fb47c31b57b32b67a34b67935b77937b87838b9773aba763bbb753dbc743fbc7340bd7242be7144bf70' +
  '46c06f48c16e4ac16d4cc26c4ec36b50c46a52c56954c56856c66758c7655ac8645cc8635ec96260ca6063cb5f' +
  '65cb5e67cc5c69cd5b6ccd5a6ece5870cf5773d05675d05477d1537ad1517cd2507fd34e81d34d84d44b86d549' +
  '89d5488bd6468ed64590d74393d74195d84098d83e9bd93c9dd93ba0da39a2da37a5db36a8db34aadc32addc30' +
  'b0dd2fb2dd2db5de2bb8de29bade28bddf26c0df25c2df23c5e021c8e020cae11fcde11dd0e11cd2e21bd5e21a' +
  'd8e219dae319dde318dfe318e2e418e5e419e7e419eae51aece51befe51cf1e51df4e61ef6e620f8e621fbe723' +
  'fde725';

export type Rgb = readonly [number, number, number];

const HEX_PER_COLOUR = 6;
const LAST = VIRIDIS.length / HEX_PER_COLOUR - 1;

/** Colour of a share in [0, 1]; shares outside take the end's colour. */
export function colourOf(share: number): Rgb {
  const index = Math.round(Math.min(Math.max(share, 0), 1) * LAST);
  const at = index * HEX_PER_COLOUR;
  const channel = (c: number) => parseInt(VIRIDIS.slice(at + 2 * c, at + 2 * c + 2), 16);
  return [channel(0), channel(1), channel(2)];
}

/**
 * Of regimes, in their order: sky blue, yellow and vermilion of Okabe and Ito 2008, indigo of Tol 2021.
 * Any two are told apart by their lightness alone, for whatever colours an eye sees.
 */
export const CLASS_COLOURS: readonly Rgb[] = [
  [86, 180, 233],
  [240, 228, 66],
  [213, 94, 0],
  [51, 34, 136],
];

export const cssColour = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;

/** Relative luminance of WCAG 2. */
export function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** Black or white, whichever stands out more on the colour. */
export const inkOn = (rgb: Rgb): 'black' | 'white' =>
  // Contrast against white and black is equal at this luminance: (L + .05)² = 1.05 · .05.
  luminance(rgb) > Math.sqrt(1.05 * 0.05) - 0.05 ? 'black' : 'white';
