// How the search ranks. Sphinx finds only pages that hold every word asked for, and a newcomer's
// question has one or two that stand on none. Here each word counts for as much as it tells pages
// apart, and a page is found by the words it has: more where they stand in a title or are a term of
// the glossary, more where the page is short, and pages that explain come before long reference.
const explains = (page) => /^(tutorial|owners|troubleshooting|howto\/(?!index))/.test(page);

var Scorer = {
  score: ([page, , , , score]) => (explains(page) ? score + 6 : score),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
};

const HALF_SAID = 0.5; // a page with less than this share of what the best page has is not shown

const rankedPages = (searchTerms) => {
  const { terms, titleterms, docnames, titles, filenames } = Search._index;
  const pagesOf = (index, word) => (Object.hasOwn(index, word) ? [index[word]].flat() : []);
  const holding = (index, word) => {
    const whole = pagesOf(index, word);
    if (whole.length || word.length < 3) return whole;
    return Object.keys(index)
      .filter((one) => one.startsWith(word))
      .flatMap((one) => pagesOf(index, one));
  };

  const sizes = docnames.map(() => 0);
  for (const word of Object.keys(terms)) for (const page of pagesOf(terms, word)) sizes[page] += 1;
  const usual = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;

  const terminology = {};
  for (const [entry, places] of Object.entries(Search._index.indexentries))
    for (const [page, , isTerm] of places)
      if (isTerm) for (const word of splitQuery(entry)) terminology[new Stemmer().stemWord(word)] = page;

  const scores = new Map();
  let most = 0;
  for (const word of searchTerms) {
    const inTitle = new Set([...holding(titleterms, word), ...pagesOf(terminology, word)]);
    const pages = new Set([...holding(terms, word), ...inTitle]);
    if (!pages.size) continue;
    const weight = Math.log(1 + docnames.length / pages.size);
    most += weight;
    for (const page of pages) {
      const size = 0.5 + (0.5 * sizes[page]) / usual;
      const said = weight * ((inTitle.has(page) ? 1 : 0) + 2 / (1 + size));
      scores.set(page, (scores.get(page) ?? 0) + said);
    }
  }

  const best = Math.max(...scores.values());
  return [...scores]
    .filter(([, score]) => score >= HALF_SAID * best)
    .map(([page, score]) => [
      docnames[page],
      titles[page],
      "",
      null,
      Math.round((20 * score) / most),
      filenames[page],
      SearchResultKind.text,
    ]);
};

Search.performTermsSearch = rankedPages; // searchtools.js stands before this on the page
