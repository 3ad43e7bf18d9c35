using Decant.Data.Labels;

namespace Decant.Data.Batching;

/// <summary>Which samples an epoch draws where classes are drawn more often than they have samples, or less: a function of the data, the options and the epoch alone.</summary>
/// <remarks>
/// Each class goes through its samples in one random order after the other, and an epoch continues where the one before ended: no sample of a class comes a second time
/// before all have come once.
/// </remarks>
internal sealed class ClassDraws
{
    private const ulong Purpose = 0x636C6173736573; // keeps this use of a seed apart from others

    private readonly int[][] _classes;
    private readonly int[] _unlabelled;
    private readonly int[] _draws;
    private readonly int _count;
    private readonly ulong _seed;

    public ClassDraws(Dataset data, BatchOptions options)
    {
        if (options.Tokens is not null)
            throw new ArgumentException("An epoch has as many batches of so many tokens as its samples fill, and other samples come in each: Tokens and Sampling contradict each other.", nameof(options));
        if (!options.Shuffle) throw new ArgumentException("The order of the dataset has every sample once: Sampling and Shuffle off contradict each other.", nameof(options));
        if (data.LabelKind != LabelKind.Class || data.LabelledCount == 0)
            throw new DecantException($"{data.Name}: classes cannot be drawn equally often, for {(data.LabelledCount == 0 ? "no sample has a label" : "its labels are no classes")}; leave 'sampling' out.");
        var rows = Enumerable.Range(0, data.Count).ToLookup(data.LabelOf);
        _classes = [.. Enumerable.Range(0, data.Classes.Count).Select(c => rows[c].ToArray())];
        _unlabelled = [.. rows[null]];
        _draws = options.Sampling!.Draws(data.CountByClass());
        (_count, _seed) = (data.Count, options.Seed);
    }

    /// <summary>The indices of an epoch, class by class: as many as there are samples.</summary>
    public int[] Of(int epoch)
    {
        var drawn = new List<int>(_count);
        drawn.AddRange(_unlabelled);
        for (var c = 0; c < _classes.Length; c++) Draw(c, (long)epoch * _draws[c], _draws[c], drawn);
        return [.. drawn];
    }

    private void Draw(int c, long from, int count, List<int> drawn)
    {
        var size = _classes[c].Length;
        for (var end = from + count; from < end;)
        {
            var (round, at) = Math.DivRem(from, size);
            var order = _classes[c].ToArray();
            Rng.For(_seed, Purpose, (ulong)c, (ulong)round).Shuffle<int>(order);
            var taken = (int)Math.Min(size - at, end - from);
            drawn.AddRange(order.AsSpan((int)at, taken));
            from += taken;
        }
    }
}
