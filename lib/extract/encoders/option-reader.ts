import { basename } from 'node:path'
import { badUsage } from '../../error.js'
import type { AddressOptions } from '../address.js'
import type { Size } from '../image.js'

/** Reads the options of an address with their defaults, and remembers what took effect. */
export class OptionReader {
  private readonly effective: string[] = []
  private readonly known = new Set<string>()

  constructor(
    private readonly options: AddressOptions,
    /** For messages: the address as it was written. */
    readonly where: string,
  ) {}

  integer(name: string, fallback: number, { min, max }: { min: number; max: number }): number {
    const text = this.take(name)
    const value = text === undefined ? fallback : Number(text === true ? NaN : text || NaN)
    if (!Number.isInteger(value) || value < min || value > max) {
      throw badUsage(
        `${this.where}: option ${name}: '${String(text)}', expected an integer in ${min}..${max}`,
      )
    }
    this.effective.push(`${name}=${value}`)
    return value
  }

  /** Pixels: a square by its side, else HEIGHTxWIDTH. */
  size(name: string, fallback: Size, { min, max }: { min: number; max: number }): Size {
    const text = this.take(name)
    const sides = text === undefined ? undefined : String(text).split('x').map(Number)
    const [height, width = height] = sides ?? [fallback.height, fallback.width]
    const fits = [height, width].every(
      side => Number.isInteger(side) && side! >= min && side! <= max,
    )
    if (!fits || (sides && sides.length > 2))
      throw badUsage(
        `${this.where}: option ${name}: '${String(text)}', expected ${min}..${max}, or HEIGHTxWIDTH`,
      )
    this.effective.push(`${name}=${height === width ? height : `${height}x${width}`}`)
    return { height: height!, width: width! }
  }

  flag(name: string): boolean {
    const text = this.take(name)
    if (text !== undefined && text !== true) {
      throw badUsage(`${this.where}: option ${name} takes no value`)
    }
    if (text) this.effective.push(name)
    return text === true
  }

  /** How the numbers are to be kept. */
  float(): 'float16' | 'float32' {
    return this.flag('float16') ? 'float16' : 'float32'
  }

  text(name: string): string | undefined {
    const text = this.take(name)
    if (text === true || text === '') {
      throw badUsage(`${this.where}: option ${name} needs a value: ${name}=...`)
    }
    if (text !== undefined) this.effective.push(`${name}=${text}`)
    return text
  }

  /** A path; only the file's own name is remembered, so that where it lies does not matter. */
  file(name: string): string | undefined {
    const path = this.text(name)
    if (path !== undefined) this.effective[this.effective.length - 1] = `${name}=${basename(path)}`
    return path
  }

  /** One of a few words; undefined where it is not given. */
  choice<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const text = this.text(name)
    const word = words.find(word => word === text)
    if (text !== undefined && word === undefined)
      throw badUsage(`${this.where}: option ${name}: '${text}', expected ${words.join(', ')}`)
    return word
  }

  /** Numbers with + between them: `0.5+0.5+0.5`; undefined where it is not given. */
  numbers(name: string): number[] | undefined {
    const text = this.text(name)
    const numbers = text?.split('+').map(part => (part.trim() === '' ? NaN : Number(part)))
    if (numbers?.some(number => !Number.isFinite(number)))
      throw badUsage(
        `${this.where}: option ${name}: '${text}', expected numbers with + between them`,
      )
    return numbers
  }

  /** Exactly one number. */
  number(name: string): number | undefined {
    const numbers = this.numbers(name)
    if (numbers && numbers.length !== 1)
      throw badUsage(`${this.where}: option ${name}: expected one number`)
    return numbers?.[0]
  }

  /** The name with the options that took effect; throws (64) for options nobody asked about. */
  address(name: string): string {
    this.finish()
    return [name, ...this.effective].join(',')
  }

  finish(): void {
    for (const name of this.options.keys()) {
      if (this.known.has(name)) continue
      const known = [...this.known].join(', ')
      throw badUsage(
        `${this.where}: unknown option '${name}'`,
        known ? `its options: ${known}` : 'it takes no options',
      )
    }
  }

  private take(name: string): string | true | undefined {
    this.known.add(name)
    return this.options.get(name)
  }
}
