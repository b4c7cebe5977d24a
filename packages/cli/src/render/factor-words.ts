// Loaded by itself: what draws charts takes longer to load than most questions to answer.
export { factorInWords } from "@spancost/web/factor-words";
