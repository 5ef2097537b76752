/**
 * Where a Chromium or Chrome lives on this machine, and the software Vulkan driver (SwiftShader)
 * that every one of them brings along, which is what Dawn runs on where there is no GPU.
 */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const KNOWN_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of an executable Chromium or Chrome, or null. `CHROME_PATH` goes before everything. */
export function findChromium(): string | null {
  const inPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const places = [process.env.CHROME_PATH ?? '', ...inPath, ...KNOWN_PLACES];
  return places.find((place) => place !== '' && existsSync(place)) ?? null;
}

export interface VulkanDriver {
  /** The driver's manifest, for VK_ICD_FILENAMES. */
  readonly manifest: string;
  /** Its folder, which also holds a Vulkan loader, for LD_LIBRARY_PATH. */
  readonly folder: string;
}

/** SwiftShader beside Chromium's libraries, or null (only looked for on Linux). */
export function findSwiftShader(): VulkanDriver | null {
  if (process.platform !== 'linux') return null;
  const chromium = findChromium();
  const folders = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
  if (chromium) folders.unshift(dirname(realpathSync(chromium)));
  for (const folder of folders) {
    const manifest = join(folder, 'vk_swiftshader_icd.json');
    if (existsSync(manifest)) return { manifest, folder };
  }
  return null;
}
