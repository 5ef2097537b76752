/** What can be taken along: numbers, spec, link, command line. */
import { css, html, nothing } from 'lit';
import type { Results } from '../../experiment/results.ts';
import type { Spec } from '../../spec/schema.ts';
import { commandLine, tableBlob, type TABLES, download, linkTo, specBlob } from '../downloads.ts';
import { QueuedElement } from '../queued-element.ts';
import { base, buttons, cards } from '../style/controls.ts';
import type { EngineChoice } from '../worker-api.ts';

/** How long a button says that it has copied. */
const SAID_MS = 1800;

export class ExportPanel extends QueuedElement {
  static override readonly properties = {
    spec: { attribute: false },
    results: { attribute: false },
    version: { type: Number },
    engine: { type: String },
    changed: { type: Boolean },
    said: { state: true },
  };
  static override readonly styles = [
    base,
    buttons,
    cards,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-3);
        padding: var(--space-4);
        border-top: 1px solid var(--line);
      }
      h3 {
        font-size: var(--small);
      }
      .buttons {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--space-2);
      }
      .buttons button {
        font-size: var(--small);
        padding: 5px 4px;
      }
      code {
        display: block;
        font: var(--tiny) / 1.5 var(--mono);
        color: var(--ink-soft);
        background: var(--sunken);
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
        padding: var(--space-2);
        max-height: 15em;
        overflow: auto;
        scrollbar-width: thin;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      h4 {
        margin: 0;
        font-size: var(--tiny);
        font-weight: 400;
        color: var(--ink-soft);
        grid-column: 1 / -1;
      }
      .note {
        font-size: var(--tiny);
        color: var(--ink-faint);
      }
    `,
  ];

  /** What the form says; null while it has problems. */
  declare spec: Spec | null;
  declare results: Results | null;
  declare version: number;
  declare engine: EngineChoice;
  /** The form differs from what the results show. */
  declare changed: boolean;
  /** What was done last, for the button and for screen readers. */
  declare said: string;

  constructor() {
    super();
    this.spec = null;
    this.results = null;
    this.engine = 'auto';
    this.changed = false;
    this.said = '';
  }

  protected override render() {
    const { spec, results, changed, said } = this;
    const started = results?.generationsDone.some((generation) => generation > 0) ?? false;
    return html`
      <h3>Take it along</h3>
      <div class="buttons" role="group" aria-labelledby="of-run">
        <h4 id="of-run">Of the run shown${changed ? ', before your changes' : ''}</h4>
        <button ?disabled=${!started} @click=${() => this.#save('results.csv')}>
          Results, CSV
        </button>
        <button ?disabled=${!started} @click=${() => this.#save('collapse.csv')}>
          Collapse, CSV
        </button>
        <button ?disabled=${!started} @click=${() => this.#save('status.csv')}>Status, CSV</button>
      </div>
      <div class="buttons" role="group" aria-labelledby="of-form">
        <h4 id="of-form">Of the form${changed ? ', with your changes' : ''}</h4>
        <button ?disabled=${!spec} @click=${this.#saveSpec}>Spec, JSON</button>
        <button ?disabled=${!spec} @click=${this.#copyLink}>
          ${said === 'Link copied' ? said : 'Copy link'}
        </button>
        <button ?disabled=${!spec} @click=${this.#copyCommand}>
          ${said === 'Command copied' ? said : 'Copy command'}
        </button>
      </div>
      ${spec ? html`<code tabindex="0" aria-label="Command line">${commandLine(spec, this.engine)}</code>` : nothing}
      <p class="note" role="status">
        ${said || (results && !results.complete && started ? 'The run is not complete yet.' : '')}
      </p>
    `;
  }

  #save(name: keyof typeof TABLES) {
    if (this.results) download(tableBlob(this.results, name), name);
  }

  #saveSpec() {
    if (this.spec) download(specBlob(this.spec), 'spec.json');
  }

  async #copyLink() {
    try {
      await this.#copy(linkTo(this.spec!, location.href), 'Link copied');
    } catch (error) {
      this.said = (error as Error).message;
    }
  }

  async #copyCommand() {
    await this.#copy(commandLine(this.spec!, this.engine), 'Command copied');
  }

  async #copy(text: string, said: string) {
    try {
      await navigator.clipboard.writeText(text);
      this.said = said;
    } catch {
      this.said = 'The browser did not allow copying: select the text instead.';
    }
    setTimeout(() => (this.said = ''), SAID_MS);
  }
}

customElements.define('genloss-export', ExportPanel);
