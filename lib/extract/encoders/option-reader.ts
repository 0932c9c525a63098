import { badUsage } from '../../error.js'
import type { AddressOptions } from '../address.js'

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

  flag(name: string): boolean {
    const text = this.take(name)
    if (text !== undefined && text !== true) {
      throw badUsage(`${this.where}: option ${name} takes no value`)
    }
    if (text) this.effective.push(name)
    return text === true
  }

  text(name: string): string | undefined {
    const text = this.take(name)
    if (text === true || text === '') {
      throw badUsage(`${this.where}: option ${name} needs a value: ${name}=...`)
    }
    if (text !== undefined) this.effective.push(`${name}=${text}`)
    return text
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
