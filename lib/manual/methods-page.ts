import { manual, seeAlso, titleLine } from '../cli/man/page.js'
import { bold, entry, paragraphs, plain, prose, section } from '../cli/man/roff.js'
import { RECIPES } from '../cli/options/train-recipes.js'
import { FORMS } from '../coordinate/closed-form/forms.js'
import { HEADS } from '../coordinate/heads/index.js'
import { TERMS } from '../coordinate/losses/index.js'
import { needsOf } from '../coordinate/losses/needs.js'
import type { Term, TermOption } from '../coordinate/losses/term.js'
import { optionRange } from '../coordinate/losses/option-range.js'
import { POOLINGS } from '../coordinate/poolings/index.js'
import { BESIDE, NOT_CARRIED } from './beside-training.js'

/** `pcm-methods.7`: what every term, head, pooling and closed form is for, and where it comes from. */
export const methodsPage = (version: string): string =>
  manual(
    titleLine('pcm-methods', 7, version),
    section('name'),
    'pcm\\-methods \\- losses, heads, poolings, closed forms and recipes of pcm\\-train',
    section('description'),
    ...paragraphs(
      `A loss is a sum of terms: --loss names the first, --term adds others, each with a weight and with options of its own, as in --loss pcmc,smoothing=0.1 --term 0.1*uniformity. Every term is a function of the embeddings of one batch; all are differentiated and run by the same engine.

What several rows of one item are to one another, which rows lack a modality, and which pairs count and how much is said by the stream and by --positives and --pair, for all terms alike. Reconstruction means that the equations of the paper could not be read.`,
      { first: true },
    ),
    section('terms'),
    ...Object.entries(TERMS).flatMap(([name, term]) => termEntry(name, term)),
    section('heads'),
    ...Object.entries(HEADS).flatMap(([name, { summary, about, source }]) =>
      entry(
        bold(name),
        prose(`${upper(summary)}.`),
        '.IP',
        prose(about),
        '.IP',
        prose(`${source}.`),
      ),
    ),
    section('poolings'),
    ...paragraphs(
      `Features that are sequences of tokens, such as those of pcm-extract's option tokens, are pooled by their mean before the head sees them, which costs nothing. With --pooling, and for terms that look at tokens, the head maps every token by itself, and one of these makes one vector of them.`,
      { first: true },
    ),
    ...Object.entries(POOLINGS).flatMap(([name, { summary, about, source }]) =>
      entry(
        bold(name),
        prose(`${upper(summary)}.`),
        '.IP',
        prose(about),
        '.IP',
        prose(`${source}.`),
      ),
    ),
    section('closed forms'),
    ...paragraphs(
      '--closed-form computes linear heads at once, from the rows of training and validation, with no loss and no epochs. The model is like any other.',
      { first: true },
    ),
    ...Object.entries(FORMS).flatMap(([name, { summary, about, source, options }]) =>
      entry(
        bold(name),
        prose(`${upper(summary)}.`),
        '.IP',
        prose(about),
        '.IP',
        prose(`${source}.`),
        ...Object.entries(options).flatMap(([option, spec]) => [
          '.IP',
          `${bold(option)}=\\fINUMBER\\fR\n${prose(`${spec.short} (default: ${spec.default}).`)}`,
        ]),
      ),
    ),
    section('recipes'),
    ...Object.entries(RECIPES).flatMap(([name, { summary, source, about }]) =>
      entry(
        bold(name),
        prose(`${upper(summary)}.`),
        '.IP',
        prose(about),
        '.IP',
        prose(`${source}.`),
      ),
    ),
    section('beside training'),
    ...BESIDE.flatMap(({ name, source, how }) =>
      entry(bold(name), prose(how), '.IP', prose(`${source}.`)),
    ),
    section('not carried'),
    ...paragraphs('Systems that are often named beside those above, and why they are not here.', {
      first: true,
    }),
    ...NOT_CARRIED.flatMap(({ why, names }) => ['.PP', prose(`${why}: ${names}.`)]),
    ...seeAlso(['pcm-train(1)', 'pcm-eval(1)', 'pcm-info(1)', 'pcm-rerank(1)', 'pcm(7)']),
  )

const upper = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

const termEntry = (name: string, term: Term): string[] =>
  entry(
    bold(name),
    prose(`${upper(term.summary)}.`),
    '.IP',
    prose(term.about),
    '.IP',
    prose([term.source, ...needsOf(term).map(upper)].map(text => `${text}.`).join(' ')),
    ...Object.entries(term.options).flatMap(([option, spec]) => ['.IP', optionLine(option, spec)]),
  )

const optionLine = (name: string, option: TermOption): string =>
  `${bold(name)}=\\fI${plain(optionRange(option))}\\fR\n${prose(`${option.short} (default: ${option.default}).`)}`
