/** Members of an archive that are one item, by their extensions. */
export interface Sample<Member> {
  key: string
  members: Map<string, Member[]>
}

/**
 * Key and extension of a member as WebDataset takes them apart: the key ends at the first dot of
 * the last part of the path (`a/b.c/0001.seg.png`: key `a/b.c/0001`, extension `seg.png`, in lower
 * case). Undefined for what has no key or no extension (`.hidden`, `README`) and for metadata of
 * the whole archive (`__index__`).
 */
export function splitMember(name: string): { key: string; extension: string } | undefined {
  const match = /^((?:.*\/)?[^./][^./]*)\.([^/]+)$/s.exec(name)
  if (!match || /(^|\/)__[^/]*__($|\/|\.)/.test(name)) return undefined
  return { key: match[1]!, extension: match[2]!.toLowerCase() }
}

/** Neighbours with one key are one sample; members that belong to none go to `left`. */
export async function* groupSamples<Member extends { readonly name: string }>(
  members: AsyncIterable<Member>,
  left: (member: Member) => void,
): AsyncGenerator<Sample<Member>> {
  let sample: Sample<Member> | undefined
  for await (const member of members) {
    const split = splitMember(member.name)
    if (!split) {
      left(member)
      continue
    }
    if (sample && sample.key !== split.key) {
      yield sample
      sample = undefined
    }
    sample ??= { key: split.key, members: new Map() }
    const others = sample.members.get(split.extension) ?? []
    sample.members.set(split.extension, [...others, member])
  }
  if (sample) yield sample
}

/** True for a name that would be written outside of where an archive is unpacked. */
export const leadsOut = (name: string): boolean =>
  /^([/\\]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes('..')
