import { realpath, stat, readFile } from 'node:fs/promises'
import { extname, relative, resolve, isAbsolute } from 'node:path'
import { badData, errorCode, Exit, PcmError } from '../../error.js'

/** Pictures are shown this large at most, in pixels of a side. */
const SIDE = 160
const MOST_PIXELS = 1e8
const MOST_SOUND = 4 << 20

const SOUNDS: Record<string, string> = {
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.oga': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.flac': 'audio/flac',
  '.m4a': 'audio/mp4',
}

/** Reads pictures and sounds below one folder and from nowhere else, as data for a page. */
export class Media {
  private readonly made = new Map<string, Promise<string>>()

  constructor(private readonly base: string) {}

  /** `where` is for messages: the stream, the column and the row that hold the path. */
  picture(path: string, where: string): Promise<string> {
    return this.once(`image ${path}`, async () => {
      const file = await this.find(path, where)
      const { default: sharp } = await import('sharp')
      try {
        const small = await sharp(file, { limitInputPixels: MOST_PIXELS })
          .rotate()
          .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
          .webp({ quality: 82 })
          .toBuffer()
        return `data:image/webp;base64,${small.toString('base64')}`
      } catch (error) {
        throw badData(`${where}: ${path}: cannot be read as a picture`, undefined, error)
      }
    })
  }

  sound(path: string, where: string): Promise<string> {
    return this.once(`audio ${path}`, async () => {
      const type = SOUNDS[extname(path).toLowerCase()]
      if (type === undefined)
        throw badData(
          `${where}: ${path}: expected a sound, ${Object.keys(SOUNDS).join(', ')}`,
          'name columns of texts with KIND text',
        )
      const file = await this.find(path, where)
      const { size } = await stat(file)
      if (size > MOST_SOUND)
        throw badData(`${where}: ${path}: ${size} bytes, expected at most 4 MB of sound`)
      return `data:${type};base64,${(await readFile(file)).toString('base64')}`
    })
  }

  private once(key: string, make: () => Promise<string>): Promise<string> {
    const made = this.made.get(key) ?? make()
    this.made.set(key, made)
    return made
  }

  /** A stream says which files to read: none that lies outside the folder, by a link either. */
  private async find(path: string, where: string): Promise<string> {
    try {
      const folder = await realpath(this.base)
      const file = await realpath(resolve(folder, path))
      const way = relative(folder, file)
      if (way !== '..' && !way.startsWith('../') && !isAbsolute(way)) return file
    } catch (error) {
      const code = errorCode(error)
      throw new PcmError(`${where}: ${path}: ${code === 'ENOENT' ? 'no such file' : code}`, {
        exit: Exit.noInput,
        hint: 'paths are relative to --base',
        cause: error,
      })
    }
    throw badData(
      `${where}: ${path}: lies outside ${this.base}`,
      'say with --base below which folder files may be read',
    )
  }
}
