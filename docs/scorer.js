// How the search ranks: Sphinx's own weights, but pages that explain come before long reference.
var Scorer = {
  score: ([page, , , , score]) =>
    /^(tutorial|owners|troubleshooting|howto\/(?!index))/.test(page) ? score + 6 : score,
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
