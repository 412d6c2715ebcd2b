/** A text as strace prints it with `-xx`. */
export function hex(text: string | Buffer): string {
  const bytes = [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
  return `"${bytes.join('')}"`
}

/** One whole line of a recording. */
export function line(call: string, result: number): string {
  return `100   ${call} = ${result}`
}

/** The line that opens or makes a file. */
export function opens(path: string, descriptor: number, flags = 'O_RDWR|O_CREAT'): string {
  return line(`openat(AT_FDCWD, ${hex(path)}, ${flags}|O_CLOEXEC, 0644)`, descriptor)
}

/** The line that writes at a place. */
export function writes(descriptor: number, data: string | Buffer, offset: number): string {
  const { length } = Buffer.from(data)
  return line(`pwrite64(${descriptor}, ${hex(data)}, ${length}, ${offset})`, length)
}
