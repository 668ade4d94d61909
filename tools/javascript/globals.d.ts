// What stands on the pages for which there are no types: the scripts of a deck, and what the tests add.
declare const lecture: any, snowballFactory: any;
declare const Reveal: any, RevealNotes: any, MathJax: any, axe: any;
declare function require(names: string[], done: (...modules: any[]) => void, failed: (error: Error) => void): void;
interface Window { Reveal?: any, MathJax?: any, lecture?: any, lectureSearch?: any }
