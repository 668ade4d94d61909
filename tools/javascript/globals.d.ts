// What stands on the pages for which there are no types: the scripts of a deck, and what the tests and measurements add.
declare const lecture: any, snowballFactory: any;
declare const Reveal: any, RevealNotes: any, axe: any, d3: any;
interface Window { Reveal?: any, lecture?: any, lectureSearch?: any }
