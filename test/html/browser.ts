import { execa } from 'execa'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'

/** What a browser says about a page. */
export interface Visit {
  /** Messages on the console, and what broke the page's own policy. */
  complaints: string[]
  /** Whatever was asked for, apart from the page and the data in it. */
  requests: string[]
  /** The value of an expression, on a screen of the given width. */
  evaluate(expression: string, width?: number): Promise<unknown>
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** The first Chromium there is; undefined where there is none. */
export const findChromium = async (): Promise<string | undefined> => {
  for (const name of NAMES)
    if ((await execa(name, ['--version'], { reject: false })).exitCode === 0) return name
  return undefined
}

/** Opens a file in a headless Chromium, and closes it after `look`. */
export const visit = async (
  chromium: string,
  file: string,
  look: (visit: Visit) => Promise<void>,
): Promise<void> => {
  const profile = mkdtempSync(join(tmpdir(), 'pcm-browser-'))
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe']
  const child = spawn(chromium, [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  })
  try {
    await look(await open(new Devtools(child), pathToFileURL(file).href))
  } finally {
    // With its helpers, which write to the profile as long as they live.
    process.kill(-child.pid!, 'SIGKILL')
    await new Promise(resolve => child.once('close', resolve))
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 })
  }
}

const open = async (tools: Devtools, url: string): Promise<Visit> => {
  const { targetId } = await tools.send('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await tools.send('Target.attachToTarget', { targetId, flatten: true })
  const send = (method: string, params: object = {}) =>
    tools.send(method, params, sessionId as string)
  const complaints: string[] = []
  const requests: string[] = []
  tools.on('Network.requestWillBeSent', ({ request }) => {
    if (request.url !== url && !request.url.startsWith('data:')) requests.push(request.url)
  })
  tools.on('Log.entryAdded', ({ entry }) => complaints.push(entry.text))
  tools.on('Runtime.consoleAPICalled', ({ args }) => complaints.push(JSON.stringify(args)))
  tools.on('Runtime.exceptionThrown', ({ exceptionDetails }) =>
    complaints.push(exceptionDetails.text),
  )
  for (const domain of ['Network', 'Log', 'Runtime', 'Page']) await send(`${domain}.enable`)
  const loaded = new Promise<void>(resolve => tools.on('Page.loadEventFired', () => resolve()))
  await send('Page.navigate', { url })
  await loaded
  return {
    complaints,
    requests,
    async evaluate(expression, width = 1200) {
      const screen = { width, height: 900, deviceScaleFactor: 1, mobile: false }
      await send('Emulation.setDeviceMetricsOverride', screen)
      const asked = { expression, awaitPromise: true, returnByValue: true }
      const { result } = await send('Runtime.evaluate', asked)
      return result.value
    },
  }
}

type Message = any

/** The protocol of Chromium's developer tools: JSON messages that end with a NUL, on two pipes. */
class Devtools {
  private next = 1
  private readonly waiting = new Map<number, (result: Message) => void>()
  private readonly listeners: [string, (params: Message) => void][] = []
  private readonly writer: Writable

  constructor(child: ChildProcess) {
    this.writer = child.stdio[3] as Writable
    let rest = ''
    ;(child.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\0')
      rest = parts.pop()!
      for (const part of parts) this.hear(JSON.parse(part))
    })
  }

  on(method: string, listener: (params: Message) => void): void {
    this.listeners.push([method, listener])
  }

  send(method: string, params: object, sessionId?: string): Promise<Message> {
    const id = this.next++
    return new Promise(resolve => {
      this.waiting.set(id, resolve)
      this.writer.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  }

  private hear({ id, method, params, result }: Message): void {
    if (id !== undefined) this.waiting.get(id)?.(result)
    else for (const [name, listener] of this.listeners) if (name === method) listener(params)
  }
}
