using Decant.Data.Sources;

namespace Decant.Data.Batching;

/// <summary>A collator of token sequences: it knows their lengths, and what it cuts off.</summary>
/// <remarks>Both may be asked from several threads.</remarks>
internal interface ITokenCollator : ICollator
{
    /// <summary>The positions that a sample takes in a batch, at most the most tokens.</summary>
    /// <exception cref="DecantException">The sample cannot become a sequence; the message says why.</exception>
    int TokensOf(Sample sample);

    /// <summary>How much of a sample was cut off to make it fit: tokens, or words where every word is tagged; 0 where it fits.</summary>
    int LeftOut(Sample sample);

    /// <summary>The positions that a sample would take if nothing were cut off.</summary>
    int WholeLengthOf(Sample sample) => TokensOf(sample) + LeftOut(sample);
}

/// <summary>What a collator cuts off a dataset.</summary>
/// <param name="Samples">The samples looked at.</param>
/// <param name="Cut">How many of them are cut.</param>
/// <param name="LeftOut">Tokens, or tagged words, that are cut off in all.</param>
/// <param name="First">Where the first of them is; null where nothing is cut.</param>
/// <param name="Longest">The positions of the longest sequence, as it is cut.</param>
internal sealed record TruncationCount(int Samples, int Cut, long LeftOut, string? First, int Longest)
{
    /// <summary>The positions that the longest sample would take uncut.</summary>
    public int WholeLongest { get; init; }

    /// <summary>The positions that 95 of 100 samples would at most take uncut: the smallest of their lengths that 95 % do not exceed.</summary>
    public int Whole95 { get; init; }

    /// <summary>Measures every sample, on all cores; the collator's cache is filled afterwards.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="collator">What makes sequences of them.</param>
    /// <param name="cancellationToken">Stops the looking.</param>
    /// <exception cref="DecantException">Some samples cannot become sequences, such as a sentence with a word that the tokenizer has nothing for: the first ten, each with its place.</exception>
    public static TruncationCount Of(Dataset data, ITokenCollator collator, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(collator);
        var (cut, whole, longest) = (new int[data.Count], new int[data.Count], 0);
        var faults = new string?[data.Count];
        var gate = new Lock();
        Parallel.For(0, data.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            try
            {
                var sample = data[i];
                var tokens = collator.TokensOf(sample);
                cut[i] = collator.LeftOut(sample);
                whole[i] = cut[i] == 0 ? tokens : collator.WholeLengthOf(sample);
                lock (gate) longest = Math.Max(longest, tokens);
            }
            catch (DecantException e)
            {
                faults[i] = $"{data.Where(i)}: {e.Message}";
            }
        });
        RowFaults.Throw(faults);
        var first = Array.FindIndex(cut, left => left > 0);
        Array.Sort(whole);
        return new TruncationCount(data.Count, cut.Count(left => left > 0), cut.Sum(left => (long)left), first < 0 ? null : data.Where(first), longest)
        {
            WholeLongest = whole.Length == 0 ? 0 : whole[^1],
            Whole95 = whole.Length == 0 ? 0 : whole[(int)Math.Ceiling(0.95 * whole.Length) - 1],
        };
    }
}
