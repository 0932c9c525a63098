import type { Random } from '../../../fixtures/maker/random.js'
import type { NumberOption, OptionSpec, StringOption } from '../../../lib/cli/program.js'
import { index } from '../fuzz/mutate.js'

/** What the words of help stand for, in the small world (small-world.ts). */
const BY_ARGUMENT: Record<string, readonly string[]> = {
  FILE: ['features.arrows', 'embeddings.arrows', 'model.arrows', 'items.csv', 'absent', '.'],
  DIR: ['folder', 'items.csv'],
  NAME: ['photo', 'caption', 'class', 'label', 'nothing'],
  'NAME[,NAME]...': ['photo', 'caption', 'photo,caption', 'class', 'nothing'],
  COLUMN: ['label', 'id', 'class', 'photo', 'split', 'nothing'],
  'COLUMN=VALUE[,VALUE]...': ['label=cat', 'label=dog,cat', 'id=r0,r1,r2,r3,r4', 'class=dog'],
  'A>B': ['photo>caption', 'caption>photo', 'photo+caption>class', 'class>photo', 'photo>x'],
  'A+B[:WEIGHT]': ['photo+caption', 'photo+class:0.5', 'caption+class', 'photo+photo'],
  'A[:WEIGHT][+B[:WEIGHT]]...': ['class', 'photo', 'photo+caption:2', 'nothing'],
  '[A+B:]COLUMN': ['label', 'photo+caption:label', 'id', 'nothing'],
  TEXT: ['words', 'naïve 🦊', '-'],
  'auto|cpu|gpu[:N]': ['cpu', 'auto', 'gpu'],
}

/** Where the words of help leave too much open. */
const BY_OPTION: Record<string, readonly string[]> = {
  'pcm-extract modality': [
    ...['photo=vector:p_*', 'caption=vector:c_*', 'class=category:label', 'v=vector:p_0+c_1'],
    ...['text=text:label@ngram,dim=16', 'text=text:id+label@ngram,dim=16,words=0', 'p=image:id'],
    ...['class=category:label,vocab=items.csv', 'x=vector:nothing', 'v=vector:p_0..c_0'],
  ],
  'pcm-extract column': ['label=label', 'n=p_0', 'id=id', 'x=nothing'],
  'pcm-extract split': ['train=0.5,test=0.5', 'train=0:3,test=3:', 'train=@items.csv', 'a=2'],
  model: ['model.arrows'],
  init: ['model.arrows'],
  teacher: ['model.arrows'],
  classes: ['embeddings.arrows'],
  bank: ['embeddings.arrows'],
  against: ['embeddings.arrows'],
  compatible: ['embeddings.arrows'],
  enrich: ['both=photo+caption', 'both=photo:2+class', 'photo=photo+caption', 'x=y'],
  head: ['linear', 'mlp', 'photo=lin+mlp', 'residual-mlp', 'nothing=mlp'],
  hidden: ['4', 'photo=3'],
  val: ['0.3', 'label=cat', '0.9', 'label=none'],
  freeze: ['photo', 'photo,caption', 'photo,caption,class'],
  vectors: ['a=a.npy', 'b=b.npy', 'c=absent.npy'],
  'fail-under': ['photo>caption:r@1=10', 'mean:medr=2', 'photo>x:r@1=1'],
  log: ['log.jsonl', '-'],
}

/** Some value that the option may have, most of them meant for the small world. */
export const valueOf = (
  program: string,
  name: string,
  option: StringOption | NumberOption,
  draw: Random,
): string => {
  if (option.type !== 'string') return numberOf(option, draw)
  const known = BY_OPTION[`${program} ${name}`] ?? BY_OPTION[name]
  const pool = known ?? option.choices ?? BY_ARGUMENT[option.argument ?? 'TEXT'] ?? ANYTHING
  return pool[index(pool.length, draw)]!
}

/** For an option that is newer than these tables. */
const ANYTHING = [...new Set(Object.values(BY_ARGUMENT).flat())]

/** Near the least that is allowed, where runs are short and strange things happen; or the default. */
const numberOf = ({ type, min = 0, max = Infinity }: NumberOption, draw: Random): string => {
  const step = type === 'integer' ? index(9, draw) : draw.uniform() * 2
  return `${Math.min(min + step, max)}`
}

export const isFlag = (option: OptionSpec): boolean =>
  option.type === 'boolean' || option.type === 'count'
