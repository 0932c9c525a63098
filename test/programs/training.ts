import { execa, type ResultPromise } from 'execa'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { plainNode } from '../plain-node.js'
import { fixture, pathOf, pcm } from './program.js'

/** Features of the small world that are made in no time: two modalities, with holes. */
export const makeFeatures = async (path: string, ...more: string[]): Promise<void> => {
  const columns = ['-m', 'attr=vector:attr_*', '-m', 'class=category:class', '-c', 'split=split']
  const made = await pcm('extract', [fixture('world/items.csv'), ...columns, ...more, '-o', path])
  if (made.status !== 0) throw new Error(made.stderr)
}

/** A training of some hundred steps, in a folder that has features.arrows. */
export const LINE = ['features.arrows', '--no-pg', '--dim', '8', '--batch', '64', '--threads', '1']

/** Runs pcm-train in a folder to its end. */
export const train = async (cwd: string, ...args: string[]) =>
  await pcm('train', [...LINE, ...args], { cwd })

/** Starts pcm-train in a folder; its events so far can be asked for. */
export const startTraining = (cwd: string, ...args: string[]) => {
  const log = join(cwd, 'log')
  const line = [pathOf('train'), ...LINE, '--log', log, ...args]
  const child = execa(...plainNode(...line), {
    ...{ cwd, reject: false, stdin: 'ignore', timeout: 120_000 },
  })
  return { child, reaches: (event: string) => reaches(child, log, event) }
}

/** Waits for an event in a log; throws where the program ends without it. */
const reaches = async (child: ResultPromise, log: string, event: string): Promise<void> => {
  let ended = false
  void child.then(() => (ended = true))
  const there = () => existsSync(log) && readFileSync(log, 'utf8').includes(`"event":"${event}"`)
  while (!there()) {
    if (ended) throw new Error(`ended without ${event}: ${String((await child).stderr)}`)
    await sleep(5)
  }
}
