/** A style sheet as the build hands it over: its text, made small. */
declare module '*.css?inline' {
  const text: string
  export default text
}
