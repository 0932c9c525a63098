import { programs } from '../programs.js'
import { overviewSections } from './overview-text.js'
import { environment, exitStatus, manual, seeAlso, titleLine } from './page.js'
import { bold, entry, paragraphs, prose, section } from './roff.js'

/** `pcm.7`: the words, the stream, the manners that all programs share. */
export const overviewPage = (version: string): string =>
  manual(
    titleLine('pcm', 7, version),
    section('name'),
    'pcm \\- coordinate any number of modalities in one embedding space',
    section('description'),
    ...paragraphs(overviewSections.description, { first: true }),
    section('programs'),
    ...programs.flatMap(({ name, summary }) => entry(`${bold(name)}(1)`, prose(`${summary}.`))),
    section('words'),
    ...overviewSections.words.flatMap(([word, meaning]) => entry(bold(word), prose(meaning))),
    ...overviewSections.more.flatMap(({ title, text }) => [
      section(title),
      ...paragraphs(text, { first: true }),
    ]),
    ...exitStatus(),
    ...environment(),
    ...seeAlso(programs.map(({ name }) => `${name}(1)`)),
  )
