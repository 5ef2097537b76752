/** The page's side of the experiment: the draft, what it means, the files it needs, its link. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Problem } from '../errors.ts';
import { presets, type Preset } from '../spec/presets.ts';
import { minimalSpec, specFromUrl, specToUrl, type Spec } from '../spec/schema.ts';
import { CHEAP_SECONDS, estimateCost, secondsFor } from '../experiment/cost.ts';
import { fetchBundled, isBundled } from './data-files.ts';
import { checkDraft, edit, type Draft } from './form/draft.ts';
import type { Edit } from './form/edit-event.ts';
import { isDeepEqual } from './is-deep-equal.ts';
import { knownSpeed } from './speed-memory.ts';
import type { CsvFile } from './worker-api.ts';

/** Browsers refuse too many changes of the address in a short time. */
const ADDRESS_DELAY_MS = 300;

export class ExperimentController implements ReactiveController {
  draft: Draft = {};
  /** Null while the draft has problems. */
  spec: Spec | null = null;
  /** The last spec without problems. */
  lastSpec: Spec | null = null;
  problems: readonly Problem[] = [];
  preset: Preset | null = null;
  /** What was wrong with the link that was opened. */
  linkProblems: readonly Problem[] = [];

  readonly #host: ReactiveControllerHost;
  readonly #files = new Map<string, CsvFile>();
  #addressTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.open(location.hash);
  }

  hostDisconnected(): void {
    clearTimeout(this.#addressTimer);
  }

  /** Begins from a link's text, or from the first preset where there is none. */
  open(hash: string): void {
    if (hash.length <= 1) {
      this.choosePreset(presets[0]!);
      return;
    }
    const { spec, problems } = specFromUrl(hash);
    this.linkProblems = problems;
    this.preset = presets.find((row) => isDeepEqual(row.spec, spec)) ?? null;
    this.#take(minimalSpec(spec));
  }

  choosePreset(preset: Preset): void {
    this.preset = preset;
    this.linkProblems = [];
    this.#take(minimalSpec(preset.spec));
  }

  edit({ path, value }: Edit): void {
    this.#take(edit(this.draft, path, value));
  }

  /** Problems that only the run could find, such as a row that is no number. */
  refuse(problems: readonly Problem[]): void {
    this.problems = problems;
    this.#host.requestUpdate();
  }

  addFile(file: CsvFile): void {
    this.#files.set(file.name, file);
    this.#host.requestUpdate();
  }

  /** The file that the draft names, if it is there. */
  get file(): CsvFile | null {
    const truth = this.lastSpec?.truth;
    return truth?.kind === 'data' ? (this.#files.get(truth.file) ?? null) : null;
  }

  /** The file that a spec needs. @throws Error where the page's own cannot be fetched. */
  async fileFor({ truth }: Spec): Promise<CsvFile | null> {
    if (truth.kind !== 'data') return null;
    const known = this.#files.get(truth.file);
    if (known || !isBundled(truth.file)) return known ?? null;
    this.addFile(await fetchBundled(truth.file));
    return this.#files.get(truth.file)!;
  }

  /**
   * Whether it may run without a click: one of the presets, or a link that asks for little work and
   * for nothing that only the user has.
   */
  get mayStart(): boolean {
    const { spec } = this;
    if (!spec) return false;
    if (this.preset && isDeepEqual(this.preset.spec, spec)) return true;
    if (spec.truth.kind === 'data' && !isBundled(spec.truth.file)) return false;
    return this.seconds <= CHEAP_SECONDS;
  }

  /** Rough time on the processor: no adapter has been asked for yet. */
  get seconds(): number {
    const { lastSpec: spec } = this;
    return spec ? secondsFor(estimateCost(spec, 'wasm'), knownSpeed('wasm')) : Infinity;
  }

  #take(draft: Draft) {
    this.draft = draft;
    const { spec, problems } = checkDraft(draft);
    this.spec = spec;
    this.problems = problems;
    if (spec) {
      this.lastSpec = spec;
      this.#rewriteAddress(spec);
    }
    this.#host.requestUpdate();
  }

  #rewriteAddress(spec: Spec) {
    clearTimeout(this.#addressTimer);
    this.#addressTimer = setTimeout(() => {
      try {
        history.replaceState(null, '', `#${specToUrl(spec)}`);
      } catch {
        // A spec too long for a link: the address keeps what it had, the export says why.
      }
    }, ADDRESS_DELAY_MS);
  }
}
