namespace Decant.Text.Training.Unigram;

/// <summary>Fits the probabilities of tokens to a corpus and removes the least useful until the wanted number is left.</summary>
/// <remarks>Source: Kudo 2018, section 3.2. Everything is done in a fixed order by one thread, so the same corpus gives the same tokens.</remarks>
internal static class UnigramTraining
{
    private const int MostSeeds = 1_000_000;
    private const int RoundsBetween = 2;
    private const double Shrinking = 0.75;

    /// <summary>The tokens, the most probable first.</summary>
    /// <param name="corpus">What to fit to.</param>
    /// <param name="room">How many tokens are wanted; there are fewer where the corpus has fewer substrings.</param>
    /// <param name="longest">The most characters of a token.</param>
    /// <param name="cancellationToken">Stops the training.</param>
    public static UnigramPiece[] Run(UnigramCorpus corpus, int room, int longest, CancellationToken cancellationToken)
    {
        var pieces = Fit(Seeds(corpus, longest, cancellationToken), corpus.Runs, cancellationToken);
        while (pieces.Count > room)
            pieces = Fit(Prune(pieces, corpus.Runs, Math.Max(room, (int)(pieces.Count * Shrinking)), cancellationToken), corpus.Runs, cancellationToken);
        // Six decimals, so that the last bits of another machine's logarithm make no other file.
        return [.. pieces.Texts.Select((text, i) => new UnigramPiece(text, Math.Round(pieces.Scores[i], 6))).OrderByDescending(piece => piece.Score).ThenBy(piece => piece.Text, StringComparer.Ordinal)];
    }

    /// <summary>The characters and the frequent substrings, by how often they occur.</summary>
    public static UnigramPieces Seeds(UnigramCorpus corpus, int longest, CancellationToken cancellationToken = default)
    {
        var characters = corpus.Alphabet.ToDictionary(character => character, _ => 0.0, StringComparer.Ordinal);
        foreach (var (text, count) in corpus.Runs)
            foreach (var rune in text.EnumerateRunes()) characters[rune.ToString()] += count;
        var found = FrequentSubstrings.Of(corpus.Runs, longest, MostSeeds, cancellationToken);
        return UnigramPieces.Of([.. corpus.Alphabet, .. found.Select(seed => seed.Text)], [.. corpus.Alphabet.Select(c => characters[c]), .. found.Select(seed => (double)seed.Count)], corpus.Alphabet.Length);
    }

    /// <summary>One round of expectation maximisation.</summary>
    /// <returns>The tokens with new scores, and the log-likelihood of the corpus under the old ones.</returns>
    public static (UnigramPieces Pieces, double LogLikelihood) Round(UnigramPieces pieces, (string Text, long Count)[] runs, CancellationToken cancellationToken = default)
    {
        var lattice = new UnigramLattice(pieces);
        var (counts, sum) = (new double[pieces.Count], 0.0);
        foreach (var (text, count) in runs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sum += count * lattice.Expect(text, count, counts);
        }

        return (UnigramPieces.Of(pieces.Texts, counts, pieces.Characters), sum);
    }

    /// <summary>Keeps a number of tokens, all characters among them: those first without which the likelihood would fall the most.</summary>
    public static UnigramPieces Prune(UnigramPieces pieces, (string Text, long Count)[] runs, int most, CancellationToken cancellationToken = default)
    {
        var (lattice, path, uses) = (new UnigramLattice(pieces), new List<int>(), new double[pieces.Count]);
        foreach (var (text, count) in runs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lattice.Best(text, path);
            foreach (var id in path) uses[id] += count;
        }

        var sum = uses.Sum();
        var losses = new double[pieces.Count];
        for (var id = pieces.Characters; id < pieces.Count; id++)
            if (uses[id] > 0) losses[id] = Loss(id);
        var kept = Enumerable.Range(pieces.Characters, pieces.Count - pieces.Characters)
            .OrderByDescending(id => losses[id]).ThenByDescending(id => pieces.Scores[id]).ThenBy(id => pieces.Texts[id], StringComparer.Ordinal).Take(most - pieces.Characters);
        return pieces.Only([.. Enumerable.Range(0, pieces.Characters), .. kept.Order()]);

        // What the corpus loses when the best other cut of the token takes its place: the shares of the others rise by what it was used.
        double Loss(int id)
        {
            lattice.Best(pieces.Texts[id], path, without: id);
            var total = Math.Log(sum + (uses[id] * (path.Count - 1)));
            return uses[id] * (Math.Log(uses[id]) - Math.Log(sum) - path.Sum(other => Math.Log(uses[other] + uses[id]) - total));
        }
    }

    private static UnigramPieces Fit(UnigramPieces pieces, (string Text, long Count)[] runs, CancellationToken cancellationToken)
    {
        for (var round = 0; round < RoundsBetween; round++) pieces = Round(pieces, runs, cancellationToken).Pieces;
        return pieces;
    }
}
